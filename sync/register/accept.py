"""May this op be? One op judged against the record, its author and the rules. Writes nothing.

Every op ends in the log with a result: ok, clash, partly, held or refused. A refusal never fails
its neighbours and never loses what a person wrote: the laptop keeps the op, and so does the log,
except where keeping it would itself be wrong (personal data before the DPIA, or after an erasure).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cache
from types import MappingProxyType, NoneType

from forms.change import DELETED, Json, Op, Verb
from forms.facts.field import Policy
from forms.facts.kinds import KINDS, FieldSpec, Kind, can_be_kept, defaults_of, fits
from forms.rules.claims import EDITABLE
from forms.rules.finding import Finding
from forms.values import Role
from sync.merge import same_value
from sync.protocol import SCHEMA
from sync.register.people import ALL, HANGS_ON_NOTHING, NOT_PERSONAL, UNASSIGNED, writes_fields
from sync.register.rows import ERASED, Person, Row

_FIXED = frozenset({"enterprise_id", "claim_id"})  # said once, when the record is made
# who may say it depends on who it names
_BY_WHOM = frozenset({"coach_id", "checked_by_id", "drafted_by_id"})
MAX_NOTE = 20_000
GRACE_DAYS = 30  # a former coach's unsent work still reaches the case for so long
FORGOTTEN = "This person asked to be forgotten, so nothing can be added to the record."
WHAT_MAY_STAND = (
    "An amount or a number is nought or more and not beyond reason, a day is a day of the calendar "
    "and a time says its time zone. Enter it again."
)
NO_SUCH_TEXT = (
    "A text in this holds a sign that cannot be kept, so nothing of it was taken. Enter it again."
)
_NO_CASE = "Kept until its enterprise arrives here; it counts from then on."
_PASSED_ON = "This case is with another coach now. Your change went to them."


@dataclass(frozen=True, slots=True)
class Ruling:
    """What may be written of an op, and the words for the rest."""

    result: str  # ok | partly:<fields> | held:<why> | refused:<why>
    values: dict[str, Json] = field(default_factory=dict)
    words: str = ""
    keep_body: bool = True

    @property
    def applies(self) -> bool:
        """Whether anything of the op reaches the record."""
        return not self.result.startswith(("held", "refused"))


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around an op: its author, its record, the case and the claim it belongs to."""

    person: Person
    row: Row | None
    enterprise: Row | None
    claim: Row | None
    gate: Finding  # whether the DPIA lets this kind of record be kept today
    today: date
    left_on: date | None = None  # when the case left the author's caseload, if it was ever in it
    brought: bool = True  # whether the case was brought before this author's role, if it has to be


def judge(op: Op, around: Around) -> Ruling:
    """The ruling on one op."""
    if around.gate.blocks:
        gate = around.gate
        return Ruling(f"refused:{gate.code}", words=gate.because, keep_body=False)
    if _erased(around.row) or _erased(around.enterprise):
        return Ruling(ERASED, words=FORGOTTEN, keep_body=False)
    kind = KINDS.get(op.kind)
    if op.schema > SCHEMA or kind is None:
        return Ruling("held:schema", words="Kept until the register is brought up to date.")
    ruling = (
        _not_kept(op)
        or _barred(op, kind, around)
        or _out_of_reach(op, kind, around)
        or _wrong_time(op, kind, around)
        or _fields(op, kind, around)
    )
    if ruling.applies and _of_another_coach(around):
        return replace(ruling, words=f"{_PASSED_ON} {ruling.words}".rstrip())
    return ruling


def owner_for(op: Op, around: Around, values: Mapping[str, Json]) -> str:
    """Whose caseload a new record is in."""
    if op.kind in NOT_PERSONAL:
        return ""
    if around.enterprise is not None and op.kind not in HANGS_ON_NOTHING:
        return around.enterprise.owner_id
    if around.person.role is Role.COACH:
        return around.person.id
    return str(values.get("coach_id") or UNASSIGNED)


def _not_kept(op: Op) -> Ruling | None:
    """No database but one holds a NUL, and no program of ours writes any."""
    said = [op.note, *op.base, *op.was, dict(op.fields)]
    return None if can_be_kept(said) else Ruling("refused:TEXT", words=NO_SUCH_TEXT)


def _barred(op: Op, kind: Kind, around: Around) -> Ruling | None:
    """Whose change it is, and who may write this kind at all."""
    if op.actor_id != around.person.id:
        return Ruling("refused:NOT_YOU", words="This change is in another person's name.")
    allowed = writes_fields(around.person.role, kind.name)
    if kind.local or not allowed or (op.verb is Verb.DELETE and allowed != ALL):
        return Ruling("refused:ROLE", words="Your role does not change this kind of record.")
    return None


def _out_of_reach(op: Op, kind: Kind, around: Around) -> Ruling | None:
    """Whether the record, and the case it belongs to, are known and the author's to change."""
    row = around.row
    if row is not None and row.kind != kind.name:
        return Ruling("refused:KIND", words="Another kind of record has this number.")
    if row is None and op.verb is not Verb.NEW:
        return Ruling("held:unknown_record", words="Kept until the record itself arrives.")
    if row is None and _names_case(op, kind) and around.enterprise is None:
        return Ruling("held:unknown_record", words=_NO_CASE)
    if not around.brought:
        words = (
            "This case has not been brought before you. Your change is kept for the lead to see."
        )
        return Ruling("refused:NOT_YOUR_CASE", words=words)
    return _gone(around) if _of_another_coach(around) else None


def _of_another_coach(around: Around) -> bool:
    row = around.row
    owner = row.owner_id if row is not None else _parent_owner(around)
    return around.person.role is Role.COACH and owner not in (None, "", around.person.id)


def _gone(around: Around) -> Ruling | None:
    """Work on a case that is somebody else's: late work of its former coach goes with the case."""
    words = "This case is with another coach now. Your change is kept for the lead to see."
    if around.left_on is None:
        return Ruling("refused:NOT_YOUR_CASE", words=words)
    if around.today - around.left_on > timedelta(days=GRACE_DAYS):
        return Ruling("held:late", words=words)
    return None


def _wrong_time(op: Op, kind: Kind, around: Around) -> Ruling | None:
    if kind.append_only and around.row is not None:
        words = "What was written down stays as it was. Add a correction instead."
        return Ruling("refused:WRITTEN_ONCE", words=words)
    if kind.name in ("seed_claim", "claim_line") and around.claim is not None:
        state = around.claim.fields.get("state", "DRAFT")
        if state not in EDITABLE:
            words = "This claim has been sent. Ask for it to be returned if it must change."
            return Ruling("refused:CLAIM_SENT", words=words)
    if len(op.note) > MAX_NOTE:
        return Ruling("refused:TOO_LONG", words="That note is too long to be kept.")
    return None


def _fields(op: Op, kind: Kind, around: Around) -> Ruling:
    """Field by field: what may be written, and what comes back with the register's own value."""
    specs = _specs(kind.name)
    plain = defaults_of(kind.name)
    good: dict[str, Json] = {}
    bad: list[str] = []
    again = op.verb is Verb.NEW and around.row is not None
    free = _free(kind.name) if writes_fields(around.person.role, op.kind) == ALL else {}
    for name, value in op.fields.items():
        if not again and type(value) in free.get(name, ()):
            good[name] = value
            continue
        spec = specs.get(name)
        if again and same_value(value, plain.get(name)):
            continue  # the same record made twice: a field at its default says nothing
        if name == DELETED and op.verb is Verb.SETTLE and isinstance(value, bool):
            good[name] = value
        elif spec is None:
            good[name] = value  # from a newer program: kept, and sent back untouched
        elif _may_stand(op, spec, value, around, plain):
            good[name] = value
        else:
            bad.append(name)
    if op.verb is Verb.NEW:
        missing = [s.name for s in kind.specs if s.required and s.name not in good]
        if missing:
            words = f"Not complete: {', '.join(missing)}.{_unfit(op, specs, bad)}"
            return Ruling("refused:INCOMPLETE", words=words)
    if not bad:
        return Ruling("ok", values=good)
    words = f"The register kept its own value of: {', '.join(sorted(bad)).replace('_', ' ')}."
    words += _unfit(op, specs, bad)
    return Ruling("partly:" + ",".join(sorted(bad)), values=good, words=words)


def _unfit(op: Op, specs: Mapping[str, FieldSpec], bad: Sequence[str]) -> str:
    """Words for the fields among these whose value nobody may write."""
    unfit = [n for n in bad if n in specs and not fits(specs[n], op.fields[n])]
    return f" {WHAT_MAY_STAND}" if unfit else ""


@cache
def _specs(kind: str) -> Mapping[str, FieldSpec]:
    return MappingProxyType({spec.name: spec for spec in KINDS[kind].specs})


@cache
def _free(kind: str) -> Mapping[str, tuple[type, ...]]:
    """Fields that whoever writes the kind may give any value of these types: nearly all there are.

    The same as `_may_stand` says of them, worked out once.
    """
    return MappingProxyType(
        {
            spec.name: (
                *((spec.type,) if spec.type in (str, bool) else ()),
                *((NoneType,) if spec.optional else ()),
            )
            for spec in KINDS[kind].specs
            if spec.policy is not Policy.REGISTER and spec.name not in {*_FIXED, *_BY_WHOM}
        }
    )


def _may_stand(
    op: Op, spec: FieldSpec, value: Json, around: Around, plain: Mapping[str, Json]
) -> bool:
    row, name = around.row, spec.name
    now = row.fields.get(name) if row is not None else plain.get(name)
    if spec.policy is Policy.REGISTER:
        return op.verb is Verb.NEW and row is None and same_value(value, now)
    if not fits(spec, value):
        return False
    if name in _FIXED and row is not None and op.kind != "enquiry":
        return same_value(value, now)
    if name in _BY_WHOM and (name != "checked_by_id" or value):
        return (row is not None and same_value(value, now)) or _may_say_who(op, name, value, around)
    allowed = writes_fields(around.person.role, op.kind)
    return allowed == ALL or name in allowed or same_value(value, now)


def _may_say_who(op: Op, name: str, value: Json, around: Around) -> bool:
    if name == "coach_id":
        return _may_name_coach(op, value, around)
    if name == "checked_by_id":
        return _may_check(value, around)
    return _may_draft(value, around)


def _may_draft(value: Json, around: Around) -> bool:
    """Who drafted a claim is who says so, and stays it: they never approve or pay it."""
    said = around.row.fields.get("drafted_by_id") if around.row is not None else ""
    return not said and value in ("", around.person.id)


def _may_name_coach(op: Op, value: Json, around: Around) -> bool:
    """A case gets its coach when it is made; later only a transfer moves it."""
    if op.verb is not Verb.NEW or around.row is not None:
        return False
    return around.person.role is Role.LEAD or value in ("", around.person.id)


def _may_check(value: Json, around: Around) -> bool:
    """Who checked is who says so, and never the coach of the case."""
    owner = around.row.owner_id if around.row is not None else _parent_owner(around)
    return bool(value == around.person.id and value != owner)


def _names_case(op: Op, kind: Kind) -> bool:
    return kind.name != "enquiry" and bool(op.fields.get(kind.parent_field or ""))


def _parent_owner(around: Around) -> str | None:
    return None if around.enterprise is None else around.enterprise.owner_id


def _erased(row: Row | None) -> bool:
    return row is not None and bool(row.fields.get("anonymised_on"))
