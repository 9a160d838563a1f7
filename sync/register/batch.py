"""The records that one transaction works on, and the ops it will log.

A push and a decision both write through here, so edits and decisions meet records by one rule.
Refuses to write before the end: records first, then the counter and the log, quickly.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from forms.change import DELETED, Json, Op, Verb
from forms.facts.kinds import KINDS, record_from
from forms.facts.people import Dpia
from forms.rules.finding import Finding
from forms.rules.gate import may_record
from forms.values import Role, london_day
from sync.merge import same_value, three_way
from sync.protocol import WireOp, op_from_wire, op_to_wire
from sync.register import audit, forgotten
from sync.register.accept import Around, Ruling, judge, owner_for
from sync.register.applying import apply_op, heads_of, moment_of
from sync.register.people import HANGS_ON_NOTHING, sight
from sync.register.plain import Plain
from sync.register.rows import BESIDE, ERASED, Arrived, Entry, Person, Row
from sync.register.sql_log import arrived, value_hash
from sync.register.sql_records import Meanwhile
from sync.register.sql_store import Tx
from sync.register.stored import fields_in

Base = Mapping[str, tuple[str, ...]]
_NOTHING = object()
TAKEN = Ruling("ok")
QUARANTINE = "quarantine"  # an op of a closed laptop: in the log, and not counted


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
    awaited: set[str] = field(default_factory=set)  # records with ops that wait
    # case -> records that wait for it; None: not asked for yet
    orphans: dict[str, list[tuple[int, Op]]] | None = None
    system: tuple[int, int] = (-1, 0)  # the register's own incarnation and its newest op
    # (case, author) -> when it left them
    left: dict[tuple[str, str], date | None] = field(default_factory=dict)
    later: list[tuple[Row, dict[str, Json], Base]] = field(default_factory=list)
    # author -> cases brought before their role
    entered: dict[str, frozenset[str]] = field(default_factory=dict)
    quarantined: bool = False  # nothing of this counts until somebody has looked
    act: str = "system"  # what the audit log calls this
    by: str = ""  # who did it, if it is not `person`
    device_id: str = ""
    about: dict[str, Any] = field(default_factory=dict)  # ids and counts for the audit log
    today: date = field(init=False)  # in London
    unmet: Sequence[WireOp] = ()  # ops of which nobody has asked yet whom they meet
    gates: dict[str, Finding] = field(default_factory=dict)  # what the DPIA says of each kind
    moments: dict[int, datetime] = field(default_factory=dict)  # by the wall clock of an op
    erased: dict[int, set[str]] = field(default_factory=dict)  # births refused, by incarnation
    edits: int = 0  # plain ones among the entries
    odd: bool = False  # an op among them may hold a text that cannot be kept: none is plain
    plain: Plain = field(init=False)

    def __post_init__(self) -> None:
        """The day is the same for every op."""
        self.today = london_day(self.now)
        self.plain = Plain(self.person)

    def gather(self, ops: Sequence[WireOp], meanwhile: Meanwhile = None) -> None:
        """Load and lock every record the ops touch or lean on, in order of id.

        `meanwhile` is done now and then while the database looks for more.
        """
        ids = {op.record for op in ops} | {i for op in ops for i in _leans_on(op.fields)}
        cases = [op.record for op in ops if op.kind in HANGS_ON_NOTHING]
        self.rows = self.tx.records.with_what_they_hang_on(ids, cases, meanwhile)
        self.dpias, self.gates = signed_dpias(self.tx), {}
        self.recovering = self.tx.records.any_awaited()
        self.awaited = self.tx.log.waited_for()
        self.unmet = ops

    def _meet_authors(self) -> None:
        """Who wrote what these ops will meet, asked for once; not of what they replace."""
        ops, self.unmet = self.unmet, ()
        dots: set[str] = set()
        for op in ops:
            row = self.rows.get(op.record)
            if row is None:
                continue
            versions, edits = row.versions, op.verb is Verb.SET and not self.recovering
            for name in op.fields if op.verb is not Verb.DELETE else versions:
                here = versions.get(name, ())
                gone = op.base.get(name, ()) if edits else ()
                if here != gone:
                    dots.update(d for d in here if d not in gone)
            gone = op.base.get(DELETED, ()) if edits else ()
            dots.update(d for d in versions.get(DELETED, ()) if d not in gone)
        if not dots:
            return
        for dot, (who, hlc) in self.tx.log.authors(dots).items():
            self.authors[dot] = (who, self.moment(hlc))

    def take(self, inc: int, came: Arrived) -> None:
        """Judge one op, apply what may stand, and enter it."""
        dot = f"{inc}.{came.wire.seq}"
        if self.plain.took(self, came.wire, dot):
            self.enter(inc, dot, came, "ok")
            self._has_come(came.wire.record, came.wire.kind)
            return
        op = op_from_wire(inc, came.wire)
        around = self.around(op)
        ruling = forgotten.after_its_record(self, op, judge(op, around))
        if self.quarantined and ruling.keep_body:
            words = "This laptop is closed. Its last work is kept for the council to look at."
            ruling = Ruling(f"held:{QUARANTINE}", words=words)
            self.enter(inc, dot, came, ruling.result, ruling, QUARANTINE)
            return
        result = self._apply(op, ruling, around) if ruling.applies else ruling.result
        held = result.startswith("held:unknown")
        beside = result == "ok" and not self._stands_alone(op)
        later = "held" if held else BESIDE if beside else ""
        self.enter(inc, dot, came, result, ruling, later)
        if held:
            self.awaited.add(op.record_id)
        self._write_together(op.actor_id)
        if op.verb is Verb.NEW and ruling.applies:
            self._has_come(op.record_id, op.kind)
        elif op.verb is Verb.NEW and ruling.result == ERASED and op.record_id in self.awaited:
            forgotten.before_its_record(self, op.record_id)

    def around(self, op: Op, writer: Person | None = None) -> Around:
        """What stands around an op of this batch's person, or of another `writer`."""
        person = writer or self.person
        row = self.rows.get(op.record_id)
        fields = row.fields if row is not None else op.fields
        case = str((row.enterprise_id if row else "") or fields.get("enterprise_id") or "")
        enterprise = self.rows.get(case)
        of_claim = op.record_id if op.kind == "seed_claim" else str(fields.get("claim_id") or "")
        return Around(
            person=person,
            row=row,
            enterprise=enterprise,
            claim=self.rows.get(of_claim),
            gate=self.gate(op.kind),
            today=self.today,
            brought=not case or self._brought(case, person),
            left_on=self._left_on(row, enterprise, person),
        )

    def gate(self, kind: str) -> Finding:
        """What the DPIA says of records of a kind today."""
        if kind not in self.gates:
            self.gates[kind] = may_record(self.dpias, kind, self.today)
        return self.gates[kind]

    def _left_on(self, row: Row | None, enterprise: Row | None, author: Person) -> date | None:
        """When a case that is another coach's left the author's caseload; nearly always None."""
        of = row if row is not None else enterprise
        if of is None or author.role is not Role.COACH or of.owner_id in ("", author.id):
            return None
        case = of.enterprise_id or of.id
        key = case, author.id
        if key not in self.left:
            at = self.tx.log.left_at(case, author.id)
            self.left[key] = london_day(at) if at is not None else None
        return self.left[key]

    def _brought(self, case: str, author: Person) -> bool:
        """Whether a case may be written in by a role that sees only what is brought before it."""
        seen = sight(author)
        if seen.everything or author.id in seen.owners:
            return True
        if author.id not in self.entered:
            self.entered[author.id] = self.tx.log.entered(seen.audiences)
        return case in self.entered[author.id]

    def _stands_alone(self, op: Op) -> bool:
        """Whether what an accepted op wrote stands under its name only."""
        row = self.rows[op.record_id]
        if op.verb is Verb.NEW:
            return len(row.born) == 1
        names = [DELETED] if op.verb is Verb.DELETE else op.fields
        return all(row.versions.get(name) == (op.dot,) for name in names)

    def enter(
        self,
        inc: int,
        dot: str,
        came: Arrived,
        result: str,
        ruling: Ruling = TAKEN,
        later: str = "",
    ) -> None:
        """One more entry for the log."""
        wire = came.wire
        self.authors[dot] = (wire.actor, self.moment(wire.hlc))
        body = came.body if ruling.keep_body else ""
        self.entries.append(
            Entry(inc, dot, wire, came.hash, body, self.now, result, ruling.words, later)
        )

    def moment(self, hlc: int) -> datetime:
        """When a person made an edit, as far as their clock can be believed."""
        wall = hlc >> 16
        if wall not in self.moments:
            self.moments[wall] = moment_of(hlc, self.now)
        return self.moments[wall]

    def finish(self) -> None:
        """Write the records, then take the counters and write both logs: last, and quickly."""
        if self.system[0] >= 0:
            self.tx.wrote(*self.system)
        rows = list(self.rows.values())
        # the log alone says what became of the records: nothing but plain edits
        plain = len(self.entries) == self.edits and not self.awaited
        follow = plain and self.tx.may_follow(self.edits)
        if not follow:
            self.tx.records.save(rows)
        if self.entries:
            self.tx.enter(self.entries, self._told)
        if follow:
            self.tx.let_follow(rows, len(self.entries))

    def _told(self, top: int, chain: str) -> dict[str, Any]:
        """What the audit log says of this transaction, which ends there in the feed."""
        about = {"feed": top, "chain": chain, "ops": len(self.entries)} | self.about
        by = self.by or self.person.id
        act = audit.Act(act=self.act, by=by, device=self.device_id, about=about)
        return audit.words(act, self.now)

    def author(self, dot: str) -> tuple[str, datetime]:
        """Who wrote a dot and when, from this batch or from the log."""
        if dot not in self.authors and self.unmet:
            self._meet_authors()
        if dot not in self.authors:
            found = self.tx.log.authors([dot]).get(dot)
            self.authors[dot] = (
                (found[0], moment_of(found[1], self.now)) if found else ("", self.now)
            )
        return self.authors[dot]

    def _apply(self, op: Op, ruling: Ruling, around: Around) -> str:
        row = self.rows.get(op.record_id)
        if row is None:
            row = self.rows[op.record_id] = _fresh(op, ruling, around)
        self._await_unknown(op, ruling.values)
        done = apply_op(row, op, ruling.values, self.now, self.author, self._superseded(op))
        apart = [name for name in done.opened if not self._together(row, op, name)]
        if apart and ruling.result == "ok":
            return "clash"
        return ruling.result

    def of_register(
        self, verb: Verb, row: Row, values: Mapping[str, Json], base: Base, actor_id: str
    ) -> Op:
        """One op of the register itself, in somebody's name. Not applied or entered yet."""
        inc, seq = self.system if self.system[0] >= 0 else self.tx.own()
        self.system = (inc, seq + 1)
        return Op(
            inc=inc,
            seq=seq + 1,
            hlc=int(self.now.timestamp() * 1000) << 16,
            actor_id=actor_id,
            verb=verb,
            kind=row.kind,
            record_id=row.id,
            fields=dict(values),
            base=dict(base),
            was={n: row.fields[n] for n in values if n in row.fields},
        )

    def write_system(self, row: Row, op: Op) -> None:
        """Apply and enter an op of the register itself."""
        apply_op(row, op, op.fields, self.now, self.author, own=True)
        self.enter(op.inc, op.dot, arrived(op_to_wire(op)), "ok")

    def write_for(self, op: Op, ruling: Ruling) -> None:
        """An op that was kept apart counts now: as an op of the register, in its author's name."""
        row = self.rows.get(op.record_id)
        if row is None:
            row = self.rows[op.record_id] = _fresh(op, ruling, self.around(op))
        base = op.base
        if op.verb is not Verb.DELETE:
            base = {n: (*op.base.get(n, ()), *self._seen_as(row, op, n)) for n in ruling.values}
        mine = self.of_register(op.verb, row, ruling.values, base, op.actor_id)
        self.write_system(row, replace(mine, hlc=op.hlc, was=op.was, note=op.note))
        if op.verb is Verb.NEW:
            self._has_come(op.record_id, op.kind)

    def _seen_as(self, row: Row, op: Op, name: str) -> tuple[str, ...]:
        """The register's names for what an op kept apart names as it was on its laptop.

        What its author wrote before it was kept apart too, and counts under the register's name.
        """
        if op.verb is not Verb.SET or name not in op.was:
            return ()
        mine = [h for h in heads_of(row, name, self.author) if h.actor_id == op.actor_id]
        return tuple(head.dot for head in mine if same_value(head.value, op.was[name]))

    def _together(self, row: Row, op: Op, name: str) -> bool:
        """Two edits of different parts of one list or one set of answers go together."""
        heads = row.heads[name].heads
        if len(heads) != 2 or op.verb is not Verb.SET or name not in op.was:
            return False
        other = next(head for head in heads if head.dot != op.dot)
        before = self._before(other.dot).get(name, _NOTHING)
        if before is _NOTHING or not same_value(before, op.was[name]):
            return False
        fits, both = three_way(before, heads[0].value, heads[1].value)
        if fits:
            dots = {name: row.versions[name]}
            self.later.append((row, {name: both}, dots))
        return fits

    def _write_together(self, actor_id: str) -> None:
        """What the last op and one before it say together, in the name of the last one's author."""
        both, self.later = self.later, []
        for row, values, base in both:
            self.write_system(row, self.of_register(Verb.SET, row, values, base, actor_id))

    def _before(self, dot: str) -> Mapping[str, Json]:
        """What an op's author saw before it."""
        here = next((e.wire for e in self.entries if e.dot == dot), None)
        return here.was if here is not None else self.tx.log.was(dot)

    def _superseded(self, op: Op) -> Callable[[str], bool]:
        if not self.recovering:
            return lambda _name: False
        fields = op.fields
        return lambda name: self.tx.records.awaited(
            op.record_id, name, op.dot, value_hash(fields[name]) if name in fields else ""
        )

    def _await_unknown(self, op: Op, values: Mapping[str, Json]) -> None:
        """Remember dots that this op replaced and this register has not heard of: they may come.

        What an op only saw (a delete) or tried to replace (a refused field) stands when it comes.
        """
        row = self.rows[op.record_id]
        for name, dots in op.base.items():
            if name != DELETED and (op.verb is Verb.DELETE or name not in values):
                continue
            here = row.versions.get(name, ())
            sure = op.verb is Verb.SET and name in op.was
            seen = value_hash(op.was[name]) if sure else ""
            for dot in dots:
                if dot not in here and dot not in self.authors and not self.tx.log.knows(dot):
                    self.tx.records.await_dot(op.record_id, name, dot, seen)
                    self.recovering = True

    def _has_come(self, record_id: str, kind: str) -> None:
        """A record is here now, whatever brought it: what waited for it waits no longer."""
        if record_id in self.awaited:
            self._release(record_id)
        if kind == "enterprise":
            self._release_case(record_id)

    def _release_case(self, case: str) -> None:
        """Records that came before their case are made now, under the names they came with.

        Whoever may see them has read past their place in the feed: an op of the register that says
        nothing new tells of them again.
        """
        if self.orphans is None:
            self.orphans = self.tx.log.held_births()
        waiting = self.orphans.pop(case, [])
        _lock_too(self, {i for _, op in waiting for i in (op.record_id, *_leans_on(op.fields))})
        for feed_seq, op in waiting:
            if self._let_in(feed_seq, op):
                self._tell_again(op)
                self._release(op.record_id)

    def let_in_what_missed(self) -> None:
        """What waits although its case, or its record, is here: the two came at the same moment.

        Each was taken in a transaction that did not see the other. Asked again once it is locked,
        since another push may have let it in meanwhile.
        """
        edited = self.tx.log.waited_for() if self.awaited and not self.quarantined else set()
        if not edited:
            return
        wanted = {case for case in self.tx.log.held_births() if case} | edited
        _lock_too(self, wanted | self.tx.records.leaned_on(edited))
        self.orphans = self.tx.log.held_births()
        for case in [c for c in self.orphans if c in self.rows]:
            if self.rows[case].kind == "enterprise":
                self._release_case(case)
        for record_id in sorted(edited & self.rows.keys()):
            taken = self._release(record_id)
            if taken:
                self._tell_again(taken[-1])

    def _tell_again(self, op: Op) -> None:
        """A record that was let in tells of itself again, and says nothing new."""
        again = self.of_register(Verb.NEW, self.rows[op.record_id], {}, {}, op.actor_id)
        self.enter(again.inc, again.dot, arrived(op_to_wire(again)), "ok")

    def _let_in(self, feed_seq: int, op: Op) -> bool:
        """Judge an op that waited as its writer's, and apply what may stand."""
        writer = self.tx.people.person(op.actor_id)
        if writer is None:
            return False
        around = self.around(op, writer)
        ruling = judge(op, around)
        if ruling.applies:
            self._apply(op, ruling, around)
            self._write_together(op.actor_id)
        self.tx.log.let_go(feed_seq, ruling.result)
        return ruling.applies

    def _release(self, record_id: str) -> list[Op]:
        """Edits that overtook this record are applied now, in the order they came: those taken."""
        return [op for place, op in self.tx.log.held(record_id) if self._let_in(place, op)]


def signed_dpias(tx: Tx) -> tuple[Dpia, ...]:
    """The versions of the DPIA that the register holds."""
    return tuple(_dpia(*one) for one in tx.records.bodies_of("dpia"))


@lru_cache(maxsize=64)
def _dpia(record_id: str, body: str) -> Any:
    """Asked for with every push, and the same for years."""
    return record_from(KINDS["dpia"], record_id, fields_in(body))


def _lock_too(batch: Batch, ids: set[str]) -> None:
    """Load and lock these as well."""
    batch.rows |= batch.tx.records.load((i for i in ids if i not in batch.rows), lock=True)


def _fresh(op: Op, ruling: Ruling, around: Around) -> Row:
    case = around.enterprise.id if around.enterprise is not None else ""
    return Row(
        id=op.record_id,
        kind=op.kind,
        enterprise_id="" if op.kind in HANGS_ON_NOTHING else case,
        owner_id=owner_for(op, around, ruling.values),
    )


def _leans_on(fields: dict[str, object]) -> list[str]:
    named = (str(fields[name]) for name in ("enterprise_id", "claim_id") if fields.get(name))
    return [record_id for record_id in named if "\x00" not in record_id]  # nothing has such an id
