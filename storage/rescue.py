"""What a damaged records file can still tell and the good copy does not have.

Changes, half-typed text and half-filled forms, forms, decisions that wait for an answer, and the
keys of files stored since. Each is read as far as the damage lets it: what is only added to comes
along up to the first bad page, what may also go comes along whole or stays as the copy has it.
Refuses to take a disk that is full or does not answer for damage, and to write to the file.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from forms.change import Op
from forms.facts.decisions import DecisionRequest
from storage import decisions, enrolment, outbox
from storage.copied_files import Named
from storage.database import Database
from storage.enrolment import Enrolled
from storage.errors import VaultBug, VaultDamaged, VaultUnwell
from storage.hearing import Tell, nobody
from storage.keys import SecretKey
from storage.opening import LEAST_BYTES
from storage.place import Place
from storage.slots import Header

# What only this laptop knows and no op tells.
_COMES_AND_GOES = ("draft", "form_sheet", "form_expiry", "desk")
_ONLY_ADDED_TO = ("form_definition", "form_answer", "stored_file")
Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of one table. `is_all`: those of the copy that are not among them have gone since."""

    table: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    is_all: bool


@dataclass(frozen=True, slots=True)
class Rescued:
    """What comes along. `later`: how many of the ops tell what is not in the copy.

    The others are in it under the numbers that they had before the laptop joined.
    """

    ops: tuple[Op, ...] = ()
    later: int = 0
    tables: tuple[Rows, ...] = ()
    asked: tuple[DecisionRequest, ...] = ()
    enrolled: Enrolled | None = None


def from_damaged(
    place: Place, header: Header, key: SecretKey, copy: Database, tell: Tell = nobody
) -> Rescued:
    """Everything later than the copy. Raises VaultFull; nothing at all is an answer too.

    `tell` hears how far it is; what it raises ends it.
    """
    records = place.records
    if not records.exists() or records.stat().st_size < LEAST_BYTES:
        return Rescued()
    try:
        damaged = Database(records, key, header.cipher, read_only=True)
    except (VaultDamaged, VaultBug):
        return Rescued()
    except VaultUnwell:  # once more: a bad moment of the disk must not cost anybody their work
        damaged = Database(records, key, header.cipher, read_only=True)
    try:
        return _told(damaged, place, copy, tell)
    finally:
        damaged.close()


def take_in(db: Database, found: Rescued) -> None:
    """Rows and open requests into the new file, inside a transaction."""
    for some in found.tables:
        if some.is_all:
            db.do(f'DELETE FROM "{some.table}"')  # noqa: S608 - a table of the list above
        names = ", ".join(f'"{name}"' for name in some.columns)
        marks = ", ".join("?" for _ in some.columns)
        db.do_many(
            f'INSERT OR IGNORE INTO "{some.table}"({names}) VALUES ({marks})',  # noqa: S608
            some.rows,
        )
    for request in found.asked:
        decisions.add(db, request)


def _told(damaged: Database, place: Place, copy: Database, tell: Tell) -> Rescued:
    ops = outbox.as_far_as_it_goes(damaged, outbox.numbers(copy, tell), tell)
    told = outbox.told_of(copy, (op.record_id for op in ops))
    tables = [_whole(damaged, name) for name in _COMES_AND_GOES]
    tables += [_up_to_the_damage(damaged, name) for name in _ONLY_ADDED_TO]
    return Rescued(
        ops=tuple(ops),
        later=sum((op.hlc, op.record_id) not in told for op in ops),
        tables=tuple(_with_good_files(some, place, tell) for some in tables if some is not None),
        asked=tuple(_asked(damaged)),
        enrolled=_enrolled(damaged),
    )


def _whole(db: Database, table: str) -> Rows | None:
    try:
        columns = _columns(db, table)
        rows = db.rows(_select(table, columns)) if columns else []
    except (VaultDamaged, VaultBug):
        return None
    return Rows(table, columns, tuple(rows), is_all=True) if columns else None


def _up_to_the_damage(db: Database, table: str) -> Rows | None:
    rows: list[Row] = []
    columns: tuple[str, ...] = ()
    with suppress(VaultDamaged, VaultBug):  # a page of the schema itself may be gone: no such table
        columns = _columns(db, table)
        rows.extend(db.each(_select(table, columns)))
    return Rows(table, columns, tuple(rows), is_all=False) if rows else None


def _columns(db: Database, table: str) -> tuple[str, ...]:
    """Those of the damaged file, which may be older; () when it has no such table."""
    return tuple(row[1] for row in db.rows(f'PRAGMA table_info("{table}")'))


def _select(table: str, columns: tuple[str, ...]) -> str:
    names = ", ".join(f'"{name}"' for name in columns)
    return f'SELECT {names} FROM "{table}"'  # noqa: S608 - a table of the list above


def _with_good_files(some: Rows, place: Place, tell: Tell) -> Rows:
    """A key comes along only with the bytes that it opens."""
    if some.table != "stored_file":
        return some
    at = [some.columns.index(name) for name in ("sha256", "file_name", "key")]
    named = [(row, Named(*(row[place_of] for place_of in at))) for row in some.rows]
    good = []
    for number, (row, one) in enumerate(named):
        tell("Photos and papers looked at", number, len(named))
        if one.is_good(place.files / one.file_name):
            good.append(row)
    return replace(some, rows=tuple(good))


def _enrolled(damaged: Database) -> Enrolled | None:
    try:
        return enrolment.of(damaged)
    except (VaultDamaged, VaultBug):
        return None


def _asked(damaged: Database) -> list[DecisionRequest]:
    try:
        return decisions.every(damaged, "waiting")
    except (VaultDamaged, VaultBug):
        return []
