"""Records that follow after the answer: what was done to them is in the log, on the disk, before.

A hundred edits fall on a hundred pages of a SQLite register, and a laptop would wait for each of
them. So a batch of nothing but plain edits is acknowledged when its ops are on the disk, and
`feed.behind` says how many ops at the end of the log the records do not have. They are written
right after the answer, from memory by the process that took the batch, from the log by any other;
and before that whenever anybody begins to read or to write (`SqlStore`): nobody sees a record that
is behind. Their own commit does not wait for the disk, since the log tells them again.

Refuses PostgreSQL, which has no such pages to wait for, batches that are small or large, and
whatever is more than an edit of all that stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import msgspec
from sqlalchemy import Connection, bindparam, select, update

from sync.protocol import WireOp
from sync.register.applying import moment_of, replace_all
from sync.register.rows import Row
from sync.register.sql_records import RecordTable
from sync.register.sql_said import Said
from sync.register.tables import feed, op

FEWEST = 20  # ops, from which a second commit costs less than it saves
MOST = 500  # who sends more waits for the ops anyway
_decode_op = msgspec.json.Decoder(WireOp).decode
_END = Said(select(feed.c.n, feed.c.chain, feed.c.behind))
_LEFT = Said(update(feed).values(behind=bindparam("count")))
_LAST = Said(
    select(op.c.inc, op.c.seq, op.c.received_at, op.c.body)
    .where(op.c.feed_seq > bindparam("after"))
    .order_by(op.c.feed_seq)
)


@dataclass(slots=True)
class Kept:
    """What one process has at hand of the records that are behind: rows as they are to stand."""

    chain: str = ""  # the end of the log that they go with; "" for nothing
    rows: list[Row] = field(default_factory=list)


def count(connection: Connection) -> int:
    """How many ops at the end of the log the records do not have; 0: they are level."""
    found = _END.one(connection)
    return int(found[2]) if found is not None else 0


def leave(connection: Connection, rows: Sequence[Row], ops: int) -> Kept:
    """So many ops were the last of the log: these records follow. Kept once it is committed."""
    _LEFT.changed(connection, count=ops)
    ((_, chain, _),) = _END.rows(connection)
    return Kept(str(chain), [row for row in rows if row.touched])


def make_level(connection: Connection, kept: Kept) -> None:
    """Write the records that are behind, if any are, inside the caller's transaction."""
    found = _END.one(connection)
    if found is None or not found[2]:
        return
    top, chain, behind = found
    rows = kept.rows if kept.chain == chain else _from_log(connection, top - behind)
    RecordTable(connection).save(rows)
    _LEFT.changed(connection, count=0)


def _from_log(connection: Connection, after: int) -> list[Row]:
    """The records as the ops after a place leave them: each follows all that stood."""
    said = [
        (f"{inc}.{seq}", _decode_op(body), datetime.fromisoformat(received))
        for inc, seq, received, body in _LAST.rows(connection, after=after)
    ]
    rows = RecordTable(connection).load({wire.record for _, wire, _ in said})
    for dot, wire, received in said:
        replace_all(rows[wire.record], wire, dot, moment_of(wire.hlc, received))
    return list(rows.values())
