"""What a damaged records file can still tell and the good copy does not have.

Changes, half-typed text, decisions that wait for an answer, and the keys of files stored since.
Each is read as far as the damage lets it: what is before the first bad page of a table comes along.
Refuses to take a disk that is full or does not answer for damage, and to write to the file.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from forms.change import Op
from forms.facts.decisions import DecisionRequest
from storage import copied_files, decisions, outbox
from storage.copied_files import Named
from storage.database import Database
from storage.errors import VaultBug, VaultDamaged, VaultUnwell
from storage.keys import SecretKey
from storage.place import Place
from storage.slots import Header

_LEAST_BYTES = 4096
_FILE = "sha256, file_name, size, mime, key, stored_at, sent_at"
Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Rescued:
    """What comes along. `drafts` is None when they could not all be read: the copy's stay then."""

    ops: tuple[Op, ...] = ()
    drafts: tuple[Row, ...] | None = None
    files: tuple[Row, ...] = ()
    asked: tuple[DecisionRequest, ...] = ()


def from_damaged(place: Place, header: Header, key: SecretKey, copy: Database) -> Rescued:
    """Everything later than the copy. Raises VaultFull; nothing at all is an answer too."""
    records = place.records
    if not records.exists() or records.stat().st_size < _LEAST_BYTES:
        return Rescued()  # the cipher would take an empty file for a new one
    try:
        damaged = Database(records, key, header.cipher, read_only=True)
    except (VaultDamaged, VaultBug):
        return Rescued()
    except VaultUnwell:  # once more: a bad moment of the disk must not cost anybody their work
        damaged = Database(records, key, header.cipher, read_only=True)
    try:
        return _told(damaged, place, copy)
    finally:
        damaged.close()


def take_in(db: Database, found: Rescued) -> None:
    """Drafts, keys of files and open requests into the new file, inside a transaction."""
    if found.drafts is not None:
        db.do("DELETE FROM draft")
        db.do_many("INSERT INTO draft(key, text, at) VALUES (?,?,?)", found.drafts)
    db.do_many(
        f"INSERT OR IGNORE INTO stored_file({_FILE}) VALUES (?,?,?,?,?,?,?)",  # noqa: S608
        found.files,
    )
    for request in found.asked:
        decisions.add(db, request)


def _told(damaged: Database, place: Place, copy: Database) -> Rescued:
    have = {op.dot for op in outbox.journal(copy)}
    ops = [op for op in outbox.as_far_as_it_goes(damaged) if op.dot not in have]
    known = {one.sha256 for one in copied_files.named(copy)}
    files = [row for row in _rows(damaged, f"SELECT {_FILE} FROM stored_file") if row]  # noqa: S608
    return Rescued(
        ops=tuple(ops),
        drafts=_all(damaged, "SELECT key, text, at FROM draft"),
        files=tuple(row for row in files if row[0] not in known and _is_good(row, place)),
        asked=tuple(_asked(damaged)),
    )


def _is_good(row: Row, place: Place) -> bool:
    return Named(row[0], row[1], row[4]).is_good(place.files / row[1])


def _asked(damaged: Database) -> list[DecisionRequest]:
    try:
        return decisions.every(damaged, "waiting")
    except (VaultDamaged, VaultBug):
        return []


def _rows(db: Database, sql: str) -> Iterator[Row]:
    """Rows up to the first that cannot be read."""
    try:
        yield from db.each(sql)
    except (VaultDamaged, VaultBug):  # a page of the schema itself may be gone: no such table
        return


def _all(db: Database, sql: str) -> tuple[Row, ...] | None:
    try:
        return tuple(db.rows(sql))
    except (VaultDamaged, VaultBug):
        return None
