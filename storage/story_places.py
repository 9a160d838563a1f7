"""Where in the trail the entries of a record stand: the older ones by an index, the newest read.

An entry is told where the trail ends, and nearly every record of a page lies in another part of an
index over records: kept up with each commit, the index made a pull write twice the pages. So it is
a table of its own (`trail_of`) that takes in entries by the thousand, sorted; the place up to which
it goes moves in the same transaction, and what comes after that place is read where it lies. Every
question about a record's story goes through `OF`, so that no entry is ever missed. Refuses to let
more wait than a story can be read through at once.
"""

from __future__ import annotations

from storage import meta as m
from storage.database import Database
from storage.meta import Meta

STEP = 1_000  # entries taken in at once
MOST = 2_000  # so many never wait longer than the transaction that brings them
_UP_TO = (
    f"(SELECT coalesce(max(CAST(value AS INTEGER)), 0) FROM meta WHERE key = '{m.STORY_UP_TO}')"  # noqa: S608 - a constant
)
_ONE_OF = "IN (SELECT value FROM json_each(?1))"
# The numbers of all entries about the records that ?1 lists.
OF = (
    f"SELECT n FROM trail_of WHERE record_id {_ONE_OF} UNION ALL "  # noqa: S608 - constants of this module
    f"SELECT n FROM trail WHERE n > {_UP_TO} AND record_id {_ONE_OF}"
)
# The newest of them, by the end of each record's own part of the index.
NEWEST_OF = (
    "SELECT max(n) FROM (SELECT (SELECT max(n) FROM trail_of WHERE record_id = value) AS n "  # noqa: S608 - constants of this module
    "FROM json_each(?1) UNION ALL "
    f"SELECT max(n) FROM trail WHERE n > {_UP_TO} AND record_id {_ONE_OF})"
)
_WAITING = f"SELECT (SELECT coalesce(max(n), 0) FROM trail) - {_UP_TO}"  # noqa: S608 - constants of this module
_LOST = (
    f"SELECT count(*) FROM trail WHERE n <= {_UP_TO} AND NOT EXISTS (SELECT 1 FROM trail_of o "  # noqa: S608 - constants of this module
    "WHERE o.record_id = trail.record_id AND o.n = trail.n)"
)


def waiting(db: Database) -> int:
    """How many entries are read where they lie."""
    return int(db.row(_WAITING)[0])


def follow(db: Database) -> None:
    """After entries were written, in their transaction: the oldest of very many wait no longer."""
    for _ in range(waiting(db) // STEP - (MOST // STEP - 1)):
        _take_in(db)


def catch_up(db: Database) -> bool:
    """Take in the oldest thousand that wait, in a transaction of its own. Whether more may wait."""
    if waiting(db) < STEP:
        return False
    with db.transaction():
        _take_in(db)
    return True


def lost(db: Database) -> int:
    """How many entries nobody would find by their record: none, in a sound file."""
    return int(db.row(_LOST)[0])


def begin_anew(db: Database) -> None:
    """Make the index again from the trail, inside a transaction."""
    db.do("DELETE FROM trail_of")
    Meta(db).drop(m.STORY_UP_TO)
    follow(db)


def _take_in(db: Database) -> None:
    known = int(Meta(db).text(m.STORY_UP_TO, "0"))
    upto = known + STEP
    db.do(
        "INSERT OR IGNORE INTO trail_of(record_id, n) SELECT record_id, n FROM trail "
        "WHERE n > ? AND n <= ? ORDER BY record_id, n",
        (known, upto),
    )
    Meta(db).put(m.STORY_UP_TO, upto)
