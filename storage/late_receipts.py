"""A receipt of many ops that were taken as they were written goes to disk as one row.

Marking a hundred ops seals thirty pages, and whoever waits for "sent" would wait for them. So the
run is kept (`taken_run`: the first op, the last, how far the place in the feed is ahead of them),
in the commit of the receipt that the register signed; the ops are marked before anybody asks the
outbox the next time, and before anything else is written. What is unsent is asked so often, and at
once after a push, that those questions know of runs (`UNSENT`). A program that only reads beside
the vault may take ops for unsent a moment longer; never the other way round.

Refuses ops of which anything else is said, few of them, and any that has a receipt already.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from storage.database import Database
from storage.meta import stamp

FEWEST = 20  # ops, from which marking them afterwards is worth a second commit
Run = tuple[int, int, int]  # first seq, last seq, how far the place in the feed is ahead of it
UNSENT = (  # as the index outbox_unsent has it, without what a run has a receipt for
    "acked_at IS NULL AND NOT EXISTS (SELECT 1 FROM taken_run "
    "WHERE taken_run.inc = outbox.inc AND outbox.seq BETWEEN taken_run.first AND taken_run.last)"
)
MARK = (
    "UPDATE outbox SET acked_at = coalesce(acked_at, ?), feed_seq = seq + ?, words = '', "
    "result = CASE result WHEN 'erased' THEN result ELSE 'ok' END "
    "WHERE inc = ? AND seq BETWEEN ? AND ? AND (acked_at IS NULL OR result <> 'ok')"
)
# Questions to the outbox that know of runs, or whose answer they do not change.
_AS_IT_IS = ("taken_run", "result LIKE 'refused%'", "WITH RECURSIVE one(inc)")


def watch(db: Database) -> None:
    """From now on runs are marked before anybody asks: what a stop of the program left, too."""
    if not db.read_only:
        db.before_outbox = bring_level
        db.owes_outbox = True


def keep(db: Database, inc: int, runs: Sequence[Run], at: datetime, but: str) -> bool:
    """Whether the receipt of these ops was kept as it is, inside a transaction.

    Not where one is among those of which more is to be said: `but` is a condition in SQL.
    """
    count = sum(last - first + 1 for first, last, _ in runs)
    if db.before_outbox is not bring_level or count < FEWEST:
        return False
    fresh = sum(
        db.row(
            "SELECT count(*) FROM outbox WHERE inc = ? AND seq BETWEEN ? AND ? "  # noqa: S608
            f"AND acked_at IS NULL AND result = '' AND NOT ({but})",
            (inc, first, last),
        )[0]
        for first, last, _ in runs
    )
    if fresh != count:
        return False
    db.do_many(
        "INSERT INTO taken_run(inc, first, last, ahead, at) VALUES (?,?,?,?,?)",
        [(inc, first, last, ahead, stamp(at)) for first, last, ahead in runs],
    )
    db.owes_outbox = True
    return True


def bring_level(db: Database, sql: str) -> None:
    """Before a question to the outbox: what is to be marked there, in one commit."""
    if "outbox" not in sql or any(words in sql for words in _AS_IT_IS):
        return
    if not db.in_transaction:
        with db.transaction():  # which begins by coming here
            return
    db.owes_outbox = False
    mark(db)


def mark(db: Database) -> None:
    """Mark the ops of every run that is kept, inside a transaction."""
    runs = db.rows("SELECT at, ahead, inc, first, last FROM taken_run ORDER BY inc, first")
    if runs:
        db.do_many(MARK, runs)
        db.do("DELETE FROM taken_run")
