"""Records that leave this laptop: out of the caseload, into the attic, and after thirty days gone.

A record with unsent edits stays until the register has them. Very many at once stay until a person
has looked: it may be a fault. Refuses to remove what the register did not take: that is somebody's
work and waits for a person.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from forms.change import DELETED
from forms.facts.kinds import KINDS, fields_of
from storage import outbox, rows, steps, summary, trail
from storage.books import Books
from storage.database import Database
from storage.meta import stamp
from storage.rows import Stored, as_text
from storage.trail import TrailEntry

ATTIC_DAYS = 30
MANY = 50
_STEP = 50
_IDS = "IN (SELECT value FROM json_each(?))"
_LET_GO = (  # an attachment whose bytes are at the register, or were refused, or never were here
    "(json_extract(body, '$._deleted') OR json_extract(body, '$.fields.sha256') NOT IN "
    "(SELECT sha256 FROM stored_file WHERE sent_at IS NULL "
    "AND sha256 NOT IN (SELECT sha256 FROM file_refused)))"
)
_TRAVEL = tuple(kind for kind in KINDS.values() if not kind.local)


def not_named(db: Database, named: set[str]) -> list[str]:
    """Records here that a whole snapshot does not name and that the register once had."""
    own = {
        row[0]
        for row in db.rows(
            "SELECT record_id FROM outbox WHERE verb = 'new' "
            "AND (result LIKE 'refused%' OR result LIKE 'held%')"
        )
    }
    here: list[str] = []
    for kind in _TRAVEL:
        here += [row[0] for row in db.rows(f'SELECT id FROM "{kind.name}"')]  # noqa: S608
    return [one for one in here if one not in named and one not in own]


def leave(books: Books, record_ids: Sequence[str], *, looked: bool = False) -> list[str]:
    """Take these records out, with what hangs on them; those with unsent edits wait.

    More than `MANY` of them, and more than a tenth of what is here, are held back instead, unless a
    person has `looked`. Those for which this commit has no time come back: to be named again.
    """
    if not record_ids:
        return []
    db = books.db
    found = _with_children(db, record_ids)
    if not looked and len(found) > max(MANY, count_here(db) // 10):
        at = stamp(books.at)
        db.do_many(
            "INSERT OR IGNORE INTO held_back(record_id, at) VALUES (?, ?)",
            [(item.record.id, at) for item in found],
        )
        return []
    unsent = {op.record_id for op in outbox.unsent_of(db, [item.record.id for item in found])}
    waiting = [item.record.id for item in found if item.record.id in unsent]
    db.do_many("INSERT OR IGNORE INTO leaving(record_id) VALUES (?)", [(one,) for one in waiting])
    going = [item for item in found if item.record.id not in unsent]
    for start in range(0, len(going), _STEP):
        # The rest is fewer of fewer: it is not very many now if it was not before.
        if start and books.is_enough():
            return [item.record.id for item in going[start:]]
        take_out(books, going[start : start + _STEP])
    return []


def held_back(db: Database) -> list[str]:
    """Records that wait for a person's yes before they leave, and are still here."""
    waiting = [row[0] for row in db.rows("SELECT record_id FROM held_back ORDER BY record_id")]
    return [item.record.id for item in _with_children(db, waiting)] if waiting else []


def let_leave(books: Books) -> int:
    """A person has looked: they leave now. How many there were."""
    waiting = held_back(books.db)
    leave(books, waiting, looked=True)
    books.db.do("DELETE FROM held_back")
    return len(waiting)


def count_here(db: Database) -> int:
    """How many records that travel there are."""
    return sum(int(db.row(f'SELECT count(*) FROM "{k.name}"')[0]) for k in _TRAVEL)  # noqa: S608


def leave_if_sent(books: Books, record_ids: Sequence[str]) -> None:
    """Records that waited for their receipt and have it now."""
    db = books.db
    ids = as_text(list(record_ids))
    waiting = [
        row[0]
        for row in db.rows(f"SELECT record_id FROM leaving WHERE record_id {_IDS}", (ids,))  # noqa: S608
    ]
    if not waiting:
        return
    unsent = {op.record_id for op in outbox.unsent_of(db, waiting)}
    gone = [one for one in waiting if one not in unsent]
    db.do_many("DELETE FROM leaving WHERE record_id = ?", [(one,) for one in gone])
    found = [item for kind in _TRAVEL for item in rows.load(db, kind, gone).values()]
    take_out(books, found)


def sweep_attic(db: Database, now: datetime) -> None:
    """Forget what left long ago, and the keys of its files.

    A file that the register does not have stays, with what names it, until the register has said
    that it does not take it.
    """
    before = stamp(now - timedelta(days=ATTIC_DAYS))
    if not db.rows("SELECT 1 FROM attic WHERE left_at < ? LIMIT 1", (before,)):
        return
    gone = {
        name
        for row in db.rows(
            "SELECT json_extract(body, '$.fields.sha256'), "  # noqa: S608
            "json_extract(body, '$.fields.small_sha256') FROM attic "
            f"WHERE kind = 'attachment' AND left_at < ? AND {_LET_GO}",
            (before,),
        )
        for name in row
        if name
    }
    db.do(f"DELETE FROM attic WHERE left_at < ? AND (kind <> 'attachment' OR {_LET_GO})", (before,))  # noqa: S608
    db.do(
        f"DELETE FROM stored_file WHERE sha256 {_IDS} "  # noqa: S608
        "AND sha256 NOT IN (SELECT sha256 FROM attachment UNION SELECT small_sha256 "
        "FROM attachment UNION SELECT json_extract(body, '$.fields.sha256') FROM attic "
        "WHERE kind = 'attachment' UNION SELECT "
        "coalesce(json_extract(body, '$.fields.small_sha256'), '') "
        "FROM attic WHERE kind = 'attachment')",
        (as_text(sorted(gone)),),
    )


def _with_children(db: Database, record_ids: Sequence[str]) -> list[Stored]:
    ids = as_text(list(record_ids))
    out: list[Stored] = []
    for kind in _TRAVEL:
        tied = f" OR enterprise_id {_IDS}" if kind.parent_field else ""
        sql = f'SELECT id FROM "{kind.name}" WHERE id {_IDS}{tied}'  # noqa: S608
        found = [row[0] for row in db.rows(sql, (ids, ids) if tied else (ids,))]
        out += rows.load(db, kind, found).values()
    return out


def take_out(books: Books, items: Iterable[Stored]) -> None:
    """Out of every list and into the attic, whatever becomes of them elsewhere."""
    gone = list(items)
    db, at = books.db, stamp(books.at)
    for item in gone:
        body = {"fields": fields_of(item.record), "ver": item.ver, DELETED: item.deleted}
        db.do(
            "INSERT OR REPLACE INTO attic(kind, record_id, body, left_at) VALUES (?,?,?,?)",
            (item.kind.name, item.record.id, as_text(body | {"extra": item.extra}), at),
        )
        db.do(f'DELETE FROM "{item.kind.name}" WHERE id = ?', (item.record.id,))  # noqa: S608
        books.records.pop((item.kind.name, item.record.id), None)
        books.touched.setdefault((item.kind.name, item.record.id), set()).add(DELETED)
    ids = [item.record.id for item in gone]
    summary.forget(db, ids)
    steps.forget(db, ids)
    summary.refresh_caseload(db, {item.enterprise_id for item in gone})
    db.do(f"DELETE FROM shadow WHERE record_id {_IDS}", (as_text(ids),))  # noqa: S608
    db.do(
        f"UPDATE clash SET settled_at = ?, note = 'left' WHERE settled_at IS NULL "  # noqa: S608
        f"AND record_id {_IDS}",
        (at, as_text(ids)),
    )
    sheets = [item.record.id for item in gone if item.kind.name == "form_response"]
    for table in ("form_sheet", "form_answer", "form_expiry"):
        db.do(f"DELETE FROM {table} WHERE response_id {_IDS}", (as_text(sheets),))  # noqa: S608
    trail.write(db, [_entry(books, item) for item in gone])


def _entry(books: Books, item: Stored) -> TrailEntry:
    return TrailEntry(
        at=books.at,
        by_id="register",
        verb=trail.LEFT,
        kind=item.kind.name,
        record_id=item.record.id,
    )
