"""Nearly every op is plain: a new record of a known case, or an edit of all that stands.

What is plain meets nobody and breaks no rule, so it is taken in a few steps. What is said here is
what `accept.judge` and `applying.apply_op` say of the same op, and tests hold it to that. Refuses
whatever needs a second look: it goes the whole way through them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import islice
from types import NoneType
from typing import TYPE_CHECKING

from forms.change import DELETED, Json, Verb
from forms.facts.field import Policy
from forms.facts.kinds import KINDS, FieldSpec, defaults_of, fits
from forms.values import Role
from sync.merge import same_value
from sync.protocol import SCHEMA, WireOp
from sync.register.people import ALL, HANGS_ON_NOTHING, NOT_PERSONAL, sight, writes_fields
from sync.register.rows import Arrived, Entry, Person, Row
from sync.register.stored import Standing, follow, part_of, standing

if TYPE_CHECKING:
    from sync.register.batch import Batch

_OF_A_CLAIM = ("seed_claim", "claim_line")  # what may be said of them depends on the claim's state
_HANGS_ON = ("enterprise_id", "claim_id")
_SIMPLE = (str, bool)  # a number has to be one that may stand
Look = Callable[[Json, str], bool]  # (value, who writes) -> whether it may stand
_MADE, _EDITED = Verb.NEW, Verb.SET


@dataclass(frozen=True, slots=True)
class Shape:
    """What every plain op of one kind and one set of fields has in common."""

    free: tuple[frozenset[type] | None, ...]  # types that stand, field by field; None: look
    looks: tuple[tuple[str, Look], ...]
    defaults: Mapping[str, Json]
    in_no_case: bool
    is_case: bool  # an enterprise or an enquiry: it hangs on nothing
    may_hang_loose: bool  # it may name an enterprise that is not here


class Plain:
    """Takes the plain ops of one batch, which it is given each time.

    Did it hold the batch that holds it, thousands of rows would stay until the collector comes by.
    """

    def __init__(self, who: Person) -> None:
        self._who, self._role, self._is_coach = who.id, who.role, who.role is Role.COACH
        seen = sight(who)
        self._open = seen.everything or who.id in seen.owners  # no case has to be brought first
        self._new: dict[tuple[str, tuple[str, ...]], Shape | None] = {}
        self._edits: dict[tuple[str, tuple[str, ...]], Shape | None] = {}

    def took(self, batch: Batch, wire: WireOp, dot: str) -> bool:
        """Whether the op was a plain new record, which is among the rows now."""
        if wire.verb is not _MADE or not self._may_be(batch, wire):
            return False
        shape = self._shape(wire)
        if shape is None or not self._stands(wire, shape):
            return False
        return self._made(batch, wire, dot, shape)

    def edits(self, batch: Batch, inc: int, came: Sequence[Arrived], first: int) -> int:
        """How many ops, from the first on, are plain edits of one shape: they are taken, entered.

        A batch is mostly one afternoon's edits of one kind: what they share is asked once.
        """
        wire = came[first].wire
        shape = self._shape(wire) if wire.verb is _EDITED and self._may_be(batch, wire) else None
        if shape is None:
            return 0
        kind, names, count, rows = wire.kind, tuple(wire.fields), 0, batch.rows
        reads = part_of(names)
        stood: set[tuple[type, ...]] = set()  # types that may stand whatever is said
        for one in islice(came, first, None):
            wire = one.wire
            if wire.verb is not _EDITED or wire.kind != kind or tuple(wire.fields) != names:
                break
            if wire.actor != self._who or wire.schema > SCHEMA or wire.note:
                break
            types = tuple(map(type, wire.fields.values()))
            if types not in stood:
                if not self._stands(wire, shape):
                    break
                if not shape.looks:
                    stood.add(types)
            row = rows.get(wire.record)
            if row is None or row.kind != kind or row.heads or self._is_anothers(row):
                break
            dot, found = f"{inc}.{wire.seq}", standing(row, names, reads)
            if not _follows(row, wire, dot, found, rows):
                break
            at = batch.moment(wire.hlc)
            follow(row, wire, dot, at, found[3])  # the values in use
            _enter(batch, inc, dot, one, at)
            count += 1
        batch.edits += count
        return count

    def _may_be(self, batch: Batch, wire: WireOp) -> bool:
        """Whether an op of this writer in this batch may be plain at all."""
        if batch.quarantined or batch.recovering or not self._open or wire.actor != self._who:
            return False
        if batch.odd:
            return False
        return wire.schema <= SCHEMA and not wire.note and not batch.gate(wire.kind).blocks

    def _stands(self, wire: WireOp, shape: Shape) -> bool:
        """Whether the values may stand: by their types, or by a look."""
        for value, free in zip(wire.fields.values(), shape.free, strict=True):
            if free is not None and type(value) not in free:
                return False
        return all(may(wire.fields[name], self._who) for name, may in shape.looks)

    def _shape(self, wire: WireOp) -> Shape | None:
        known = self._new if wire.verb is _MADE else self._edits
        key = wire.kind, tuple(wire.fields)
        if key not in known:
            known[key] = _shape(self._role, wire.kind, wire.verb, key[1])
        return known[key]

    def _made(self, batch: Batch, wire: WireOp, dot: str, shape: Shape) -> bool:
        record_id = wire.record
        if record_id in batch.rows or record_id in batch.awaited or wire.base:
            return False
        case = wire.fields.get("enterprise_id") or ""
        around = batch.rows.get(case) if case else None
        if around is None:
            if case and not shape.may_hang_loose:
                return False
        elif self._not_mine(around):
            return False
        if shape.in_no_case:
            owner = ""
        elif around is not None and not shape.is_case:
            owner = around.owner_id
        elif self._is_coach:
            owner = self._who
        else:
            return False
        fields = {**shape.defaults, **wire.fields}
        born = (dot,)
        batch.rows[record_id] = Row(
            id=record_id,
            kind=wire.kind,
            enterprise_id="" if shape.is_case or around is None else around.id,
            owner_id=owner,
            fields=fields,
            versions=dict.fromkeys(fields, born),
            born=born,
            last_actor_id=self._who,
            last_at=batch.moment(wire.hlc),
            touched=True,
        )
        return True

    def _not_mine(self, row: Row) -> bool:
        """Whether a record is of somebody who was forgotten, or in another coach's caseload."""
        return bool(row.fields.get("anonymised_on")) or self._is_anothers(row)

    def _is_anothers(self, row: Row) -> bool:
        return self._is_coach and row.owner_id not in ("", self._who)


def _enter(batch: Batch, inc: int, dot: str, came: Arrived, at: datetime) -> None:
    """`Batch.enter` for what was taken as it came."""
    wire, hashed, body = came
    batch.authors[dot] = (wire.actor, at)
    batch.entries.append(Entry(inc, dot, wire, hashed, body, batch.now, "ok"))


def _follows(row: Row, wire: WireOp, dot: str, found: Standing, rows: Mapping[str, Row]) -> bool:
    """Whether an edit of fields that stand so follows all of it, of nobody who is forgotten."""
    removed, erased, case, values, stood = found
    base, was = wire.base, wire.was
    if removed or erased or DELETED in base:
        return False
    around = rows.get(row.enterprise_id or case)
    if around is not None and around.fields.get("anonymised_on"):
        return False
    for name, here, value in zip(wire.fields, stood, values, strict=True):
        if base.get(name, ()) != here or dot in here:
            return False
        if name in was and not same_value(value, was[name]):
            return False
    return True


@lru_cache(maxsize=2048)
def _shape(role: Role, kind: str, verb: Verb, names: tuple[str, ...]) -> Shape | None:
    """What ops of this shape have in common, or None where each needs a second look."""
    known = KINDS.get(kind)
    if known is None or known.local or kind in _OF_A_CLAIM or writes_fields(role, kind) != ALL:
        return None
    if verb is not _MADE and (verb is not _EDITED or known.append_only):
        return None
    specs = {spec.name: spec for spec in known.specs}
    if not specs.keys() >= set(names):
        return None  # from a newer program
    if verb is _MADE and any(s.required and s.name not in names for s in known.specs):
        return None
    free: list[frozenset[type] | None] = []
    looks: list[tuple[str, Look]] = []
    for name in names:
        found = _free(specs[name], verb)
        free.append(found)
        if found is None:
            look = _look(kind, specs[name], verb)
            if look is None:
                return None
            looks.append((name, look))
    return Shape(
        free=tuple(free),
        looks=tuple(looks),
        defaults=defaults_of(kind),
        in_no_case=kind in NOT_PERSONAL,
        is_case=kind in HANGS_ON_NOTHING,
        may_hang_loose=kind == "enquiry",
    )


def _free(spec: FieldSpec, verb: Verb) -> frozenset[type] | None:
    """The types that may stand in a field whatever they say; None where it depends."""
    if spec.policy is Policy.REGISTER or spec.type not in _SIMPLE:
        return None
    if spec.name in ("coach_id", "checked_by_id") or (spec.name in _HANGS_ON and verb is _EDITED):
        return None
    return frozenset((spec.type, NoneType) if spec.optional else (spec.type,))


def _look(kind: str, spec: FieldSpec, verb: Verb) -> Look | None:
    """How a value of a field that is not free is looked at; None where that is not simple."""
    if verb is _MADE:
        if spec.policy is Policy.REGISTER:
            default = defaults_of(kind).get(spec.name)
            return lambda value, _who: same_value(value, default)
        if spec.name == "coach_id":
            return lambda value, who: type(value) is str and value in ("", who)
        if spec.name == "checked_by_id":
            return lambda value, _who: type(value) is str and not value
    if spec.policy is Policy.REGISTER or spec.type in _SIMPLE:
        return None
    return lambda value, _who: fits(spec, value)
