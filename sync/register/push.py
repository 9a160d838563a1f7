"""A batch of ops arrives: judged, met with the records, logged and receipted, in one transaction.

Lock order: the device's own row, the records in order of id, the counter last. Sent again, a
batch gets the same receipt and changes nothing. Refuses a batch that leaves a gap or that reuses
a number for another op, with what the register holds, so the laptop can put itself right.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from forms.change import Op, Verb
from forms.facts.kinds import KINDS, record_from
from forms.facts.people import Dpia
from forms.values import london_day
from sync.protocol import PushAsk, Trouble, WireAck, WireOp, op_from_wire
from sync.register.accept import Around, Ruling, judge, owner_for
from sync.register.applying import apply_op, moment_of
from sync.register.errors import Troubled
from sync.register.rows import Entry, Incarnation, Person, Row
from sync.register.sql_log import op_body, op_hash
from sync.register.sql_store import Tx


def push(tx: Tx, person: Person, ask: PushAsk, now: datetime) -> list[WireAck]:
    """The acks of a batch, in its order. Raises Troubled when the batch cannot follow."""
    mine = tx.people.incarnation(ask.inc, lock=True)
    if mine is None or mine.person_id != person.id:
        raise Troubled(409, Trouble(trouble="unknown_incarnation", now=now))
    old, new = _split(tx, mine, ask, now)
    return old + _take(tx, person, ask.inc, new, now)


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


def _take(tx: Tx, person: Person, inc: int, wires: list[WireOp], now: datetime) -> list[WireAck]:
    if not wires:
        return []
    batch = Batch(tx=tx, person=person, now=now)
    batch.gather([op_from_wire(inc, wire) for wire in wires])
    for wire in wires:
        batch.take(op_from_wire(inc, wire), wire)
    tx.people.set_last(inc, wires[-1].seq)
    batch.finish()
    return [
        WireAck(seq=e.op.seq, feed_seq=e.feed_seq, result=e.result, words=e.words)
        for e in batch.entries
        if e.op.inc == inc
    ]


@dataclass(slots=True, kw_only=True)
class Batch:
    """The records a transaction works on, and the log entries it will write."""

    tx: Tx
    person: Person
    now: datetime
    rows: dict[str, Row] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)
    authors: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    dpias: tuple[Dpia, ...] = ()
    recovering: bool = False

    def gather(self, ops: list[Op]) -> None:
        """Load and lock every record the ops touch or lean on, in order of id."""
        ids = {op.record_id for op in ops} | {i for op in ops for i in _leans_on(op.fields)}
        found = self.tx.records.load(ids)
        ids |= {i for row in found.values() for i in (row.enterprise_id, *_leans_on(row.fields))}
        self.rows = self.tx.records.load((i for i in ids if i), lock=True)
        self.dpias = signed_dpias(self.tx)
        self.recovering = self.tx.records.any_awaited()

    def take(self, op: Op, wire: WireOp) -> None:
        """Judge one op, apply what may stand, and enter it."""
        ruling = judge(op, self.around(op))
        result = self._apply(op, ruling) if ruling.applies else ruling.result
        self.enter(op, wire, result, ruling)
        if op.verb is Verb.NEW and ruling.applies:
            self._release(op.record_id)

    def around(self, op: Op) -> Around:
        """What stands around an op."""
        row = self.rows.get(op.record_id)
        fields = row.fields if row is not None else op.fields
        case = str((row.enterprise_id if row else "") or fields.get("enterprise_id") or "")
        claim = op.record_id if op.kind == "seed_claim" else str(fields.get("claim_id") or "")
        return Around(
            person=self.person,
            row=row,
            enterprise=self.rows.get(case),
            claim=self.rows.get(claim),
            dpias=self.dpias,
            today=london_day(self.now),
        )

    def enter(self, op: Op, wire: WireOp, result: str, ruling: Ruling) -> None:
        """One more entry for the log."""
        self.authors[op.dot] = (op.actor_id, moment_of(op.hlc, self.now))
        self.entries.append(
            Entry(
                op=op,
                hash=op_hash(wire),
                body=op_body(wire) if ruling.keep_body else "",
                result=result,
                words=ruling.words,
                received_at=self.now,
            )
        )

    def finish(self) -> None:
        """Write the records, then take the counter and write the log: last, and quickly."""
        self.tx.records.save(list(self.rows.values()))
        self.tx.log.append(self.entries)

    def author(self, dot: str) -> tuple[str, datetime]:
        """Who wrote a dot and when, from this batch or from the log."""
        if dot not in self.authors:
            found = self.tx.log.authors([dot]).get(dot)
            self.authors[dot] = (
                (found[0], moment_of(found[1], self.now)) if found else ("", self.now)
            )
        return self.authors[dot]

    def _apply(self, op: Op, ruling: Ruling) -> str:
        row = self.rows.get(op.record_id)
        if row is None:
            row = self.rows[op.record_id] = self._fresh(op, ruling)
        if self.recovering or row.stored:
            self._await_unknown(op)
        done = apply_op(row, op, ruling.values, self.now, self.author, self._superseded(op))
        if done.opened and ruling.result == "ok":
            return "clash"
        return ruling.result

    def _fresh(self, op: Op, ruling: Ruling) -> Row:
        around = self.around(op)
        case = around.enterprise.id if around.enterprise is not None else ""
        return Row(
            id=op.record_id,
            kind=op.kind,
            enterprise_id="" if op.kind in ("enquiry", "enterprise") else case,
            owner_id=owner_for(op, around, ruling.values),
        )

    def _superseded(self, op: Op) -> Callable[[str], bool]:
        if not self.recovering:
            return lambda _name: False
        return lambda name: self.tx.records.awaited(op.record_id, name, op.dot)

    def _await_unknown(self, op: Op) -> None:
        """Remember dots that this register has not heard of: their ops may come later."""
        row = self.rows[op.record_id]
        for name, dots in op.base.items():
            known = set(row.versions.get(name, ())) | self.authors.keys()
            for dot in dots:
                if dot not in known and not self.tx.log.knows(dot):
                    self.tx.records.await_dot(op.record_id, name, dot)
                    self.recovering = True

    def _release(self, record_id: str) -> None:
        """Edits that overtook this record are applied now, in the order they came."""
        for feed_seq, op in self.tx.log.held(record_id):
            writer = self.tx.people.person(op.actor_id)
            if writer is None:
                continue
            ruling = judge(op, replace(self.around(op), person=writer))
            if ruling.applies:
                self._apply(op, ruling)
            self.tx.log.let_go(feed_seq, ruling.result)


def signed_dpias(tx: Tx) -> tuple[Dpia, ...]:
    """The versions of the DPIA that the register holds."""
    kind = KINDS["dpia"]
    return tuple(record_from(kind, row.id, row.fields) for row in tx.records.of_kind("dpia"))


def _leans_on(fields: dict[str, object]) -> Iterable[str]:
    return (str(fields[name]) for name in ("enterprise_id", "claim_id") if fields.get(name))
