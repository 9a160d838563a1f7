"""The last work of a laptop that the council has closed: kept apart until somebody has looked.

A laptop closed as retired (its coach has left, or has a new one) may still send what it had not
sent; it hears nothing else. Its ops are in the log and change nothing. Taken in, they meet the
records as any edit does, by an op of the register in their author's name, however late they are;
one that cannot count yet stays. Refuses a laptop closed as lost: whoever holds it now is not its
coach.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from forms.change import Op
from forms.values import Clock, Role
from sync.protocol import op_to_wire
from sync.register import audit
from sync.register.accept import judge
from sync.register.batch import QUARANTINE, Batch
from sync.register.errors import NotAllowed
from sync.register.sql_store import Tx
from sync.register.store import RegisterStore


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """One op in quarantine."""

    feed_seq: int
    op: Op
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Became:
    """What became of one of them."""

    result: str  # ok | clash | partly:<fields> | held:<why> | refused:<why>
    words: str = ""  # why not all of it counts, for a person


def kept(store: RegisterStore) -> list[Kept]:
    """What waits to be looked at, in the order it came."""
    return store.read(_kept)


def take_in(
    store: RegisterStore, feed_seqs: Sequence[int], *, by: str, clock: Clock
) -> dict[int, Became]:
    """Let these ops count. Place in the feed -> what became of each.

    One that is held (its record is not here: take that first) waits on, and may be taken again.
    Raises NotAllowed where `by` is no lead who is active in the programme.
    """
    now = clock.now()

    def work(tx: Tx) -> dict[int, Became]:
        looked = tx.people.person(by, hold=True)
        if looked is None or not looked.active:
            raise NotAllowed("Nobody active in the programme has that id. Nothing was changed.")
        if looked.role is not Role.LEAD:
            raise NotAllowed("A lead looks at this work first. Nothing was changed.")
        chosen = [one for one in _kept(tx) if one.feed_seq in set(feed_seqs)]
        out: dict[int, Became] = {}
        for one in chosen:
            out[one.feed_seq] = _take_one(tx, one, by, now)
        return out

    return store.write(work)


def _kept(tx: Tx) -> list[Kept]:
    return [
        Kept(feed_seq=place, op=op, received_at=at) for place, op, at in tx.log.later_as(QUARANTINE)
    ]


def _take_one(tx: Tx, one: Kept, by: str, now: datetime) -> Became:
    writer = tx.people.person(one.op.actor_id)
    if writer is None:
        return Became("refused:NOBODY", "Nobody here has the id of who wrote it.")
    about = {"op": one.op.dot, "of": writer.id}
    batch = Batch(tx=tx, person=replace(writer, active=True), now=now, act="take in", by=by)
    batch.about = about
    batch.gather([op_to_wire(one.op)])
    around = batch.around(one.op)
    if around.left_on is not None:  # who lets it count has seen that it comes late
        around = replace(around, today=around.left_on)
    ruling = judge(one.op, around)
    result = ruling.result
    if ruling.applies:
        batch.write_for(one.op, ruling)
        batch.finish()
        open_now = [n for n in one.op.fields if n in batch.rows[one.op.record_id].heads]
        result = "clash" if open_now and result == "ok" else result
    else:
        audit.note(tx, audit.Act(act="take in", by=by, about=about | {"result": result}), now)
    if not result.startswith("held"):  # what cannot count yet stays to be taken later
        tx.log.let_go(one.feed_seq, f"taken:{result}")
    return Became(result, ruling.words)
