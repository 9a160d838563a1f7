"""An export read back: every record, its story and its files, proven by their sums.

Reads JSON, and the tables too, so that both can be compared with the vault. Refuses an export with
a byte changed, and to fill a vault that holds records already.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from forms.change import DELETED, Json
from forms.facts.kinds import KINDS, Kind
from storage import export, open_cells, rows, summary, trail
from storage.database import Database
from storage.errors import ChangeRefused, ExportDamaged
from storage.files import Files
from storage.rows import Stored
from storage.trail import TrailEntry

Key = tuple[str, str]
_MOST_BYTES = 4 * 1024**3


@dataclass(slots=True)
class Contents:
    """What an export holds."""

    records: dict[Key, Stored] = field(default_factory=dict)
    story: list[TrailEntry] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)


def read(path: Path) -> Contents:
    """The whole export. Raises ExportDamaged."""
    about, take = _opened(path)
    out = Contents()
    for kind in _kinds(about, "json"):
        for told in json.loads(take(f"records/{kind.name}.json")):
            record = rows.checked(kind, told["id"], told["fields"])
            dots = {name: tuple(some) for name, some in told.get("versions", {}).items()}
            held = Stored(kind, record, dots, told[DELETED], told.get("extra", {}))
            out.records[kind.name, record.id] = held
    if export.STORY in about["sha256"]:
        out.story = [_entry(body) for body in json.loads(take(export.STORY))]
    for name in about["sha256"]:
        if name.startswith("files/"):
            data = take(name)
            out.files[hashlib.sha256(data).hexdigest()] = data
    return out


def read_tables(path: Path) -> dict[Key, tuple[dict[str, Json], bool]]:
    """(kind, id) -> fields and whether removed, from the CSV files alone."""
    about, take = _opened(path)
    out: dict[Key, tuple[dict[str, Json], bool]] = {}
    for kind in _kinds(about, "csv"):
        text = take(f"records/{kind.name}.csv").decode("utf-8-sig")
        table = csv.reader(io.StringIO(text, newline=""))
        next(table)
        for cells in table:
            record_id, fields, deleted = open_cells.fields_in(kind, cells)
            out[kind.name, record_id] = fields, deleted
    return out


def _kinds(about: dict[str, Any], ending: str) -> list[Kind]:
    """The kinds that it tells of: an older version wrote none of what it did not know."""
    sums = about["sha256"]
    found = [kind for kind in KINDS.values() if f"records/{kind.name}.{ending}" in sums]
    if not found:
        raise ExportDamaged
    return found


def fill(db: Database, files: Files, contents: Contents) -> None:
    """Put everything into an empty vault, as it was, story included. Nothing of it is sent."""
    if db.row("SELECT count(*) FROM trail")[0]:
        raise ChangeRefused("There are records here already. Nothing was changed. Use a new vault.")
    for data in contents.files.values():
        files.store(data)
    held = list(contents.records.values())
    with db.transaction():
        rows.save(db, held)
        trail.write(db, contents.story)
        summary.refresh(db, held)


def _opened(path: Path) -> tuple[dict[str, Any], Callable[[str], bytes]]:
    """The list of contents, and a way to take a file that proves its sum."""
    inner = _from_zip(path) if path.is_file() else lambda name: (path / name).read_bytes()
    try:
        about = json.loads(inner(export.CONTENTS))
        known = about["hedgerow_export"] <= export.FORMAT
        sums = dict(about["sha256"])
    except (OSError, KeyError, ValueError, TypeError) as error:
        raise ExportDamaged from error
    if not known:
        raise ExportDamaged("A newer version made this export. Update this program to read it.")

    def take(name: str) -> bytes:
        try:
            data = inner(name)
        except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
            raise ExportDamaged from error
        if sums.get(name) != hashlib.sha256(data).hexdigest():
            raise ExportDamaged
        return data

    return about, take


def _from_zip(path: Path) -> Callable[[str], bytes]:
    try:
        parts = zipfile.ZipFile(path)
    except (OSError, zipfile.BadZipFile) as error:
        raise ExportDamaged from error
    with parts:
        if sum(part.file_size for part in parts.infolist()) > _MOST_BYTES:
            raise ExportDamaged

    def take(name: str) -> bytes:
        with zipfile.ZipFile(path) as again:
            return again.read(name)

    return take


def _entry(body: dict[str, Any]) -> TrailEntry:
    return TrailEntry(**(body | {"at": datetime.fromisoformat(body["at"])}))
