"""The attachments of a copy: real bytes of their own, shared between copies by hard links.

A file's bytes never change once stored, so a later copy links what an earlier one holds. Bytes that
are new to the copies are opened first: a file damaged in the vault never gets into a copy, and the
good one of an earlier copy goes on to the next. Refuses to link to the vault's own files.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from storage.atomic import make_folder, sync_file, sync_folder, write_whole
from storage.database import Database
from storage.errors import FileMissing
from storage.files import unseal
from storage.hearing import Tell, nobody
from storage.place import Place


@dataclass(frozen=True, slots=True)
class Named:
    """A stored file as the books name it."""

    sha256: str
    file_name: str
    key: bytes

    def is_good(self, path: Path) -> bool:
        """Whether these bytes open and are what they are called."""
        try:
            data = unseal(path.read_bytes(), self.key)
        except (FileMissing, OSError):
            return False
        return hashlib.sha256(data).hexdigest() == self.sha256


def named(db: Database) -> Iterator[Named]:
    """Every file of a vault."""
    for row in db.rows("SELECT sha256, file_name, key FROM stored_file ORDER BY file_name"):
        yield Named(*row)


def add_to(
    copy: Place, db: Database, live: Place, earlier: Sequence[Path], tell: Tell = nobody
) -> int:
    """Put the files of a vault into a copy of it; how many could not be had in good order."""
    make_folder(copy.files)
    lost = 0
    there = list(named(db))
    for number, one in enumerate(there):
        tell("Photos and papers copied", number, len(there))
        target = copy.files / one.file_name
        held = [found for path in earlier if (found := Place(path).files / one.file_name).exists()]
        source = live.files / one.file_name
        if held and (not source.exists() or held[0].stat().st_size == source.stat().st_size):
            link(held[0], target)
        elif one.is_good(source):
            write_whole(target, source.read_bytes())
        else:
            lost += 1
    sync_folder(copy.files)  # links have names too
    return lost


def put_back(copy: Place, db: Database, live: Place, tell: Tell = nobody) -> int:
    """Give the vault the files that it lost or that are damaged; how many came back.

    What `tell` raises ends it, and takes away again what the vault had no file for before.
    """
    make_folder(live.files)
    there = list(named(db))
    back = 0
    fresh: list[Path] = []
    try:
        for number, one in enumerate(there):
            tell("Photos and papers looked at", number, len(there))
            target, source = live.files / one.file_name, copy.files / one.file_name
            if one.is_good(target) or not one.is_good(source):
                continue
            if not target.exists():
                fresh.append(target)
            write_whole(target, source.read_bytes())
            back += 1
        tell("Photos and papers looked at", len(there), len(there))
    except BaseException:
        for path in fresh:
            path.unlink(missing_ok=True)
        raise
    return back


def link(source: Path, target: Path) -> None:
    """A second name for the same bytes; a whole copy on a disk without links."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)
        target.chmod(0o600)
        sync_file(target)
