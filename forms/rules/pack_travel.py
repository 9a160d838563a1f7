"""A programme pack as one value that travels: its own files and those it shares, packed.

`pack_up` checks a pack whole before it may travel, `open_packed` checks it whole before it is used.
Unpacking is bounded. Refuses a pack with any fault, and one that is not what its fingerprint says.
Who signed it is not asked here.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import zlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from forms.rules.pack import Pack
from forms.rules.pack_file import PACKS, PackError, Shelf, folders_of, on_disk, read_on
from forms.rules.pack_table import Problem

MOST = 4_000_000  # bytes unpacked
MOST_PACKED = 400_000  # characters that travel as one value


class PackUnreadable(Exception):
    """What came is not a pack, or not the one that it says it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Travelling:
    """A pack that was checked, and how it travels."""

    pack: Pack
    body: str
    fingerprint: str


def pack_up(folder: Path, name: str) -> Travelling:
    """The pack `name` in a folder of packs, ready to travel. Raises PackError.

    A shared folder that does not lie beside it is the one that came with the program.
    """
    beside, shipped = on_disk(folder), on_disk(PACKS)
    shelf = Shelf(beside.names, lambda wanted: beside.files(wanted) or shipped.files(wanted))
    pack, problems = read_on(shelf, name)
    if problems or pack is None:
        raise PackError(name, problems)
    told = {
        one: {file: raw.decode() for file, raw in shelf.files(one).items()}
        for one in folders_of(shelf, name)
    }
    plain = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    body = base64.b85encode(zlib.compress(plain, 9)).decode()
    if len(body) > MOST_PACKED or len(plain) > MOST:
        what = "is too large to reach the laptops."
        fix = "Take out what no rule reads."
        raise PackError(name, [Problem(file=name, table="", field="", what=what, fix=fix)])
    return Travelling(pack=pack, body=body, fingerprint=hashlib.sha256(plain).hexdigest())


@lru_cache(maxsize=8)
def open_packed(body: str, name: str, fingerprint: str) -> Pack:
    """A pack that travelled, checked whole. Raises PackUnreadable, PackError."""
    told = _unpacked(body, fingerprint)
    shelf = Shelf(
        tuple(sorted(folder for folder, files in told.items() if "pack.toml" in files)),
        lambda wanted: {file: text.encode() for file, text in told.get(wanted, {}).items()},
    )
    pack, problems = read_on(shelf, name)
    if problems or pack is None:
        raise PackError(name, problems)
    return pack


def _unpacked(body: str, fingerprint: str) -> dict[str, dict[str, str]]:
    if len(body) > MOST_PACKED:
        raise PackUnreadable("too large")
    reader = zlib.decompressobj()
    try:
        plain = reader.decompress(base64.b85decode(body), MOST)
        if not reader.eof or hashlib.sha256(plain).hexdigest() != fingerprint:
            raise PackUnreadable("not what was published")
        told: Any = json.loads(plain)
    except (ValueError, zlib.error, binascii.Error) as error:
        raise PackUnreadable("not a pack") from error
    good = isinstance(told, dict) and all(
        isinstance(files, dict) and all(isinstance(text, str) for text in files.values())
        for files in told.values()
    )
    if not good:
        raise PackUnreadable("not a pack")
    return dict(told)
