"""The trail: who did what, when, from what to what. Only ever added to.

Own edits and what came from the register both leave an entry, so a record's story is whole and its
state can be told again from the trail alone (`storage.rebuild`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from forms.change import Json
from storage import story_places
from storage.columns import quick
from storage.database import Database
from storage.meta import stamp
from storage.rows import as_text

RECEIVED = "received"  # from the register
RETURNED = "returned"  # the register did not take an edit: its value is back
LEFT = "left"  # out of this laptop's caseload
ERASED = "erased"  # details removed at the person's wish
ASKED, ANSWERED = "asked", "answered"  # a decision


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailEntry:
    """One entry: field -> value before and after, as they travel."""

    at: datetime
    by_id: str
    verb: (
        str  # new | set | delete | settle | received | returned | left | erased | asked | answered
    )
    kind: str
    record_id: str
    before: dict[str, Json] = field(default_factory=dict)
    after: dict[str, Json] = field(default_factory=dict)
    note: str = ""


def write(db: Database, entries: Iterable[TrailEntry]) -> None:
    """Add entries, inside the transaction that does what they tell."""
    write_rows(
        db,
        [
            (
                stamp(entry.at),
                entry.by_id,
                entry.verb,
                entry.kind,
                entry.record_id,
                quick(entry.before),
                quick(entry.after),
                entry.note,
            )
            for entry in entries
        ],
    )


def write_rows(db: Database, told: Iterable[tuple[str, ...]]) -> None:
    """Entries as the table holds them: at, by, verb, kind, record, before, after, note."""
    db.do_many(
        "INSERT INTO trail(at, by_id, verb, kind, record_id, before, after, note) "
        "VALUES (?,?,?,?,?,?,?,?)",
        told,
    )
    story_places.follow(db)


def newest(db: Database) -> int:
    """The number of the newest entry, 0 for none."""
    return int(db.row("SELECT coalesce(max(n), 0) FROM trail")[0])


def numbers_after(db: Database, n: int) -> list[int]:
    """The numbers of the entries after this one."""
    return [int(row[0]) for row in db.rows("SELECT n FROM trail WHERE n > ? ORDER BY n", (n,))]


def numbered(db: Database, numbers: Iterable[int]) -> dict[int, TrailEntry]:
    """The entries with these numbers, in order; those that are gone are left out."""
    found = db.rows(
        "SELECT n, at, by_id, verb, kind, record_id, before, after, note FROM trail "
        "WHERE n IN (SELECT value FROM json_each(?)) ORDER BY n",
        (as_text(list(numbers)),),
    )
    return {int(row[0]): _entry(row[1:]) for row in found}


def last_of(db: Database, record_ids: Iterable[str]) -> TrailEntry | None:
    """The newest entry about any of these records, None when nothing is told of them."""
    row = db.row(story_places.NEWEST_OF, (as_text(sorted(record_ids)),))
    return next(iter(numbered(db, [int(row[0])]).values()), None) if row[0] else None


def of_record(db: Database, record_id: str) -> list[TrailEntry]:
    """A record's story, oldest first."""
    return of_records(db, [record_id])


def of_records(db: Database, record_ids: Iterable[str]) -> list[TrailEntry]:
    """The story of all these records as one, oldest first."""
    return [
        _entry(row)
        for row in db.rows(
            "SELECT at, by_id, verb, kind, record_id, before, after, note FROM trail "  # noqa: S608
            f"WHERE n IN ({story_places.OF}) ORDER BY n",
            (as_text(sorted(record_ids)),),
        )
    ]


def whole(db: Database) -> Iterable[TrailEntry]:
    """Every entry, oldest first."""
    for row in db.each(
        "SELECT at, by_id, verb, kind, record_id, before, after, note FROM trail ORDER BY n"
    ):
        yield _entry(row)


def _entry(row: tuple[str, str, str, str, str, str, str, str]) -> TrailEntry:
    at, by_id, verb, kind, record_id, before, after, note = row
    return TrailEntry(
        at=datetime.fromisoformat(at),
        by_id=by_id,
        verb=verb,
        kind=kind,
        record_id=record_id,
        before=json.loads(before),
        after=json.loads(after),
        note=note,
    )


def kinds_after(db: Database, number: int) -> frozenset[str]:
    """The kinds of record that entries after this one speak of."""
    found = db.rows("SELECT DISTINCT kind FROM trail WHERE n > ?", (number,))
    return frozenset(str(kind) for (kind,) in found)
