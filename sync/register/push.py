"""A batch of ops arrives: judged, met with the records, logged and receipted, in one transaction.

Lock order: the device's own row, the records in order of id, the counter last. Sent again, a
batch gets the same receipt and changes nothing. Refuses a batch that leaves a gap or that reuses
a number for another op, with what the register holds, so the laptop can put itself right.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sync.protocol import PushAsk, Trouble, WireAck, WireOp, op_from_wire
from sync.register.batch import Batch
from sync.register.errors import Troubled
from sync.register.rows import Incarnation, Person
from sync.register.sql_log import op_hash
from sync.register.sql_store import Tx

Base = Mapping[str, tuple[str, ...]]
_NOTHING = object()


def push(
    tx: Tx,
    person: Person,
    ask: PushAsk,
    now: datetime,
    device_id: str = "",
    *,
    last_work: bool = False,
) -> list[WireAck]:
    """The acks of a batch, in its order. Raises Troubled when the batch cannot follow.

    The `last_work` of a laptop that is closed goes into quarantine.
    """
    mine = tx.people.incarnation(ask.inc, lock=True)
    if mine is None or mine.person_id != person.id:
        raise Troubled(409, Trouble(trouble="unknown_incarnation", now=now))
    old, new = _split(tx, mine, ask, now)
    batch = Batch(tx=tx, person=person, now=now, act="push", device_id=device_id)
    batch.quarantined = last_work
    return old + _take(batch, ask.inc, new)


def _split(
    tx: Tx, mine: Incarnation, ask: PushAsk, now: datetime
) -> tuple[list[WireAck], list[WireOp]]:
    """What the register has already (with its receipt), and what is new."""
    ops = sorted(ask.ops, key=lambda wire: wire.seq)
    seen = [wire for wire in ops if wire.seq <= mine.last]
    new = [wire for wire in ops if wire.seq > mine.last]
    known = tx.log.of(ask.inc, seen[0].seq, seen[-1].seq) if seen else {}
    acks: list[WireAck] = []
    for wire in seen:
        logged = known.get(wire.seq)
        if logged is None or logged.hash != op_hash(wire):
            raise Troubled(
                409, Trouble(trouble="device_regressed", last=mine.last, acks=acks, now=now)
            )
        acks.append(
            WireAck(
                seq=wire.seq,
                feed_seq=logged.feed_seq,
                result=logged.result,
                words=logged.words,
            )
        )
    expected = range(mine.last + 1, mine.last + 1 + len(new))
    if [wire.seq for wire in new] != list(expected):
        raise Troubled(409, Trouble(trouble="gap", last=mine.last, acks=acks, now=now))
    return acks, new


def _take(batch: Batch, inc: int, wires: list[WireOp]) -> list[WireAck]:
    if not wires:
        return []
    batch.about = {"inc": inc, "from": wires[0].seq, "to": wires[-1].seq}
    ops = [op_from_wire(inc, wire) for wire in wires]
    batch.gather(ops)
    for op, wire in zip(ops, wires, strict=True):
        batch.take(op, wire)
    batch.tx.people.set_last(inc, wires[-1].seq)
    batch.finish()
    return [
        WireAck(seq=e.op.seq, feed_seq=e.feed_seq, result=e.result, words=e.words)
        for e in batch.entries
        if e.op.inc == inc
    ]
