"""A batch of ops arrives: judged, met with the records, logged and receipted, in one transaction.

Lock order: the device's own row, the records in order of id, the counter last. Sent again, a
batch gets the same receipt and changes nothing. Refuses a batch that leaves a gap or that reuses
a number for another op, with what the register holds, so the laptop can put itself right.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter

from sync.protocol import PushAsk, Trouble, WireAck, WireOp
from sync.register.batch import Batch
from sync.register.errors import Troubled
from sync.register.rows import Arrived, Entry, Incarnation, Logged, Person
from sync.register.sql_log import arrived
from sync.register.sql_store import Tx

_number = attrgetter("seq")

_NUL = "\\u0000"  # as an op's text has it
_FEW = 250  # ops that are made while the database looks for so many records


@dataclass(frozen=True, slots=True)
class Taken:
    """A batch that was taken: the acks of what was here before, and what is new in the log."""

    old: list[WireAck]
    new: list[Entry]

    def run(self) -> tuple[int, int, int] | None:
        """(first number, its place, how many) where all is new and was taken as it was written.

        None otherwise. The numbers follow each other: see `_split`.
        """
        if self.old or not self.new:
            return None
        first, last, count = self.new[0], self.new[-1], len(self.new)
        alone = last.feed_seq - first.feed_seq == count - 1  # none of the register's own between
        if not alone or any(entry.result != "ok" or entry.words for entry in self.new):
            return None
        return first.wire.seq, first.feed_seq, count

    def acks(self) -> list[WireAck]:
        """The acks in the order of the batch, once the transaction has ended: places are last."""
        return self.old + [
            WireAck(seq=e.wire.seq, feed_seq=e.feed_seq, result=e.result, words=e.words)
            for e in self.new
        ]


def push(
    tx: Tx,
    person: Person,
    ask: PushAsk,
    ops: Arrivals,
    now: datetime,
    device_id: str = "",
    *,
    last_work: bool = False,
) -> Taken:
    """Take a batch. Raises Troubled when it cannot follow what is here.

    The `last_work` of a laptop that is closed goes into quarantine.
    """
    mine = tx.people.incarnation(ask.inc, lock=True)
    if mine is None or mine.person_id != person.id:
        raise Troubled(409, Trouble(trouble="unknown_incarnation", now=now))
    old, new = _split(tx, mine, ops, now)
    batch = Batch(tx=tx, person=person, now=now, act="push", device_id=device_id)
    batch.quarantined = last_work
    return Taken(old, _take(batch, ask.inc, ops, len(ops.wires) - new))


class Arrivals:
    """The ops of a batch in the order of their numbers, each with its hash and text.

    These need nothing of the database. SQLite has one writer: they are made before anybody waits
    for a turn there. PostgreSQL looks for the records meanwhile.
    """

    def __init__(self, wires: Iterable[WireOp]) -> None:
        self.wires = sorted(wires, key=_number)
        self._made: list[Arrived] = []

    def make_a_few(self) -> None:
        """Make the next of them, if any are left."""
        begin = len(self._made)
        self._made += map(arrived, self.wires[begin : begin + _FEW])

    def made(self) -> list[Arrived]:
        """All of them, those made that were not."""
        self._made += map(arrived, self.wires[len(self._made) :])
        return self._made


def _split(tx: Tx, mine: Incarnation, ops: Arrivals, now: datetime) -> tuple[list[WireAck], int]:
    """What the register has already (with its receipt), and how many at the end are new."""
    numbers = [wire.seq for wire in ops.wires]
    new = [number for number in numbers if number > mine.last]
    seen = ops.made()[: len(numbers) - len(new)] if len(new) < len(numbers) else []
    first, end = (seen[0].wire.seq, seen[-1].wire.seq) if seen else (0, 0)
    known = tx.log.of(mine.inc, first, end) if seen else {}
    acks: list[WireAck] = []
    for one in seen:
        logged = known.get(one.wire.seq)
        if logged is None or not _same(logged, one):
            raise Troubled(
                409, Trouble(trouble="device_regressed", last=mine.last, acks=acks, now=now)
            )
        acks.append(
            WireAck(
                seq=one.wire.seq,
                feed_seq=logged.feed_seq,
                result=logged.result,
                words=logged.words,
            )
        )
    expected = range(mine.last + 1, mine.last + 1 + len(new))
    if new != list(expected):
        raise Troubled(409, Trouble(trouble="gap", last=mine.last, acks=acks, now=now))
    return acks, len(new)


def _same(logged: Logged, one: Arrived) -> bool:
    """Whether the op of this number in the log is this one."""
    return logged.hash == one.hash


def _take(batch: Batch, inc: int, ops: Arrivals, seen: int) -> list[Entry]:
    wires = ops.wires[seen:]
    if not wires:
        return []
    last = wires[-1].seq
    batch.about = {"inc": inc, "from": wires[0].seq, "to": last}
    batch.gather(wires, ops.make_a_few)
    new = ops.made()[seen:]
    batch.odd = any(_NUL in one.body for one in new)
    place = 0
    while place < len(new):
        edits = batch.plain.edits(batch, inc, new, place)
        if not edits:
            batch.take(inc, new[place])
        place += edits or 1
    batch.let_in_what_missed()
    batch.tx.people.set_last(inc, last)
    batch.finish()
    return [entry for entry in batch.entries if entry.inc == inc]
