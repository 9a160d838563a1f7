"""Frozen records to rows and back: the only place that knows both.

Refuses values that do not fit their field, before any row is made: table classes would take them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from forms.change import DELETED, Json
from forms.facts.field import Policy
from forms.facts.kinds import (
    KINDS,
    MOST_NUMBER,
    FieldSpec,
    Kind,
    Record,
    can_be_kept,
    fields_of,
    fits,
    from_json,
    record_from,
    to_json,
)
from storage.columns import dumps
from storage.database import Database
from storage.errors import ValueRefused
from storage.statements import Plan, plan_of
from storage.text import is_whole, whole_value

Dots = tuple[str, ...]
_AMONG = "IN (SELECT value FROM json_each(?))"
MOST_HELD = 2**63 - 1  # by a table; what may be written here is less: see `_refuse_unsent`


@dataclass(slots=True)
class Stored:
    """One record as the vault holds it."""

    kind: Kind
    record: Record
    ver: dict[str, Dots] = field(default_factory=dict)
    deleted: bool = False
    extra: dict[str, Json] = field(default_factory=dict)

    def dots(self, name: str) -> Dots:
        """The dots of a field: "*" stands for every field not named."""
        return self.ver.get(name, self.ver.get("*", ()) if name != DELETED else ())

    @property
    def enterprise_id(self) -> str:
        """The enterprise this record belongs to, or ''."""
        if self.kind.name == "enterprise":
            return str(self.record.id)
        return str(getattr(self.record, "enterprise_id", ""))


@cache
def specs_of(kind_name: str) -> dict[str, FieldSpec]:
    """Field name -> spec."""
    return {spec.name: spec for spec in KINDS[kind_name].specs}


@cache
def names_with(kind_name: str, policy: Policy) -> frozenset[str]:
    """The fields of a kind with this policy."""
    return frozenset(s.name for s in KINDS[kind_name].specs if s.policy is policy)


def checked(kind: Kind, record_id: str, values: Mapping[str, Json]) -> Record:
    """A record from wire values, every value proven. Raises ValueRefused in plain words."""
    if not record_id or len(record_id) > 200:
        raise ValueRefused("This record has no id. Nothing was changed.")
    try:
        clean = {name: whole_value(value) for name, value in values.items()}
        record = record_from(kind, record_id, clean)
    except ValueError as error:
        raise _refused(error) from error
    moments = {}
    for spec in kind.specs:
        value = getattr(record, spec.name)
        _refuse_outside(spec, value)
        if isinstance(value, datetime):
            moments[spec.name] = _in_utc(spec, value)
    return replace(record, **moments) if moments else record


def changed(kind: Kind, record: Record, values: Mapping[str, object]) -> Record:
    """The record with these values, each of them proven; the others were proven before."""
    clean: dict[str, object] = {}
    specs = specs_of(kind.name)
    for name, value in values.items():
        spec = specs[name]
        proven = _proven(spec, whole_value(to_json(value)))
        clean[name] = _in_utc(spec, proven) if isinstance(proven, datetime) else proven
    return replace(record, **clean)


def _proven(spec: FieldSpec, value: Json) -> object:
    try:
        proven = from_json(spec, value)
    except ValueError as error:
        raise _refused(error) from error
    _refuse_outside(spec, proven)
    _refuse_unsent(spec, value)
    return proven


def _refused(error: ValueError) -> ValueRefused:
    said = str(error).replace("_", " ").capitalize()
    return ValueRefused(f"{said}. Nothing was changed. Enter it again.")


def _in_utc(spec: FieldSpec, moment: datetime) -> datetime:
    if moment.tzinfo is None:
        name = spec.name.replace("_", " ").capitalize()
        raise ValueRefused(f"{name} has no time zone. Nothing was changed.")
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:  # the first or last day of the calendar, elsewhere
        name = spec.name.replace("_", " ").capitalize()
        raise ValueRefused(f"{name} is beyond the calendar. Nothing was changed.") from error


def checked_record(record: Record, kind: Kind) -> Record:
    """The same record, proven: a frozen dataclass takes any value it is given."""
    if record.id and all(_fits(spec, getattr(record, spec.name)) for spec in kind.specs):
        return record  # the usual case, without a way through wire values and back
    values = fields_of(record)
    made = checked(kind, record.id, values)
    for spec in kind.specs:
        _refuse_unsent(spec, values[spec.name])
    return made


def _refuse_unsent(spec: FieldSpec, value: Json) -> None:
    """What the register would refuse later is refused here, while the person can mend it.

    What comes from the register, or stands in an older vault, is taken as it is.
    """
    value = whole_value(value)
    if not fits(spec, value):
        name = spec.name.replace("_", " ").capitalize()
        if spec.type is datetime:
            _in_utc(spec, datetime.fromisoformat(str(value)))  # says what is wrong with it
        if spec.type in (int, Decimal):
            raise ValueRefused(f"{name} is too big a number. Nothing was changed.")
        raise ValueRefused(f"{name} holds a sign that cannot be kept. Nothing was changed.")


def _fits(spec: FieldSpec, value: object) -> bool:
    """Whether a value is plainly right; whatever is not goes the long way and is judged there."""
    if value is None:
        return spec.optional
    if type(value) is not spec.type:
        return False
    match value:
        case bool() | date():
            return not isinstance(value, datetime)
        case str():
            return "\x00" not in value and is_whole(value)
        case int():
            return 0 <= value <= MOST_NUMBER
        case tuple():
            return all(type(one) is str and is_whole(one) for one in value) and can_be_kept(
                list(value)
            )
        case _:
            return value == {}


@cache
def defaults_of(kind_name: str) -> dict[str, Json]:
    """What a record of this kind holds, as it travels, where nobody has said anything."""
    kind = KINDS[kind_name]
    needed = {spec.name: None for spec in kind.specs if spec.required}
    plain = fields_of(kind.cls(id="", **needed))
    return {name: value for name, value in plain.items() if name not in needed}


def telling(kind_name: str, values: Mapping[str, Json]) -> dict[str, Json]:
    """Of a new record's values, those that say more than the default does."""
    plain = defaults_of(kind_name)
    return {name: v for name, v in values.items() if name not in plain or plain[name] != v}


def told_whole(kind_name: str, values: Mapping[str, Json]) -> dict[str, Json]:
    """A new record's values again, from what `telling` left of them."""
    return defaults_of(kind_name) | dict(values)


def _refuse_outside(spec: FieldSpec, value: object) -> None:
    name = spec.name.replace("_", " ").capitalize()
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        finite = not isinstance(value, Decimal) or value.is_finite()
        if not finite or value < 0:
            raise ValueRefused(f"{name} cannot be below zero. Nothing was changed.")
        if value > MOST_HELD:
            raise ValueRefused(f"{name} is too big a number. Nothing was changed.")
    if isinstance(value, dict):
        try:
            as_text(value)
        except (TypeError, ValueError) as error:
            raise ValueRefused(f"{name} cannot be kept. Nothing was changed.") from error
    if isinstance(value, str) and "\x00" in value:
        raise ValueRefused(f"{name} holds a sign that cannot be kept. Nothing was changed.")


def load(db: Database, kind: Kind, ids: Iterable[str]) -> dict[str, Stored]:
    """The records of one kind with these ids, removed ones included."""
    wanted = list(dict.fromkeys(ids))
    plan = plan_of(kind.name)
    if len(wanted) == 1:
        found = db.rows(plan.select + " WHERE id = ?", wanted)
    else:
        found = db.rows(f"{plan.select} WHERE id {_AMONG}", (as_text(wanted),))
    return {row[0]: _stored(kind, plan, row) for row in found}


def load_where(
    db: Database, kind: Kind, equal: Mapping[str, object], *, removed_too: bool = False
) -> list[Stored]:
    """The records of one kind with these field values, ordered by id."""
    plan = plan_of(kind.name)
    where, values = plan.where(equal, removed_too=removed_too)
    found = db.rows(f"{plan.select}{where} ORDER BY id", values)
    return [_stored(kind, plan, row) for row in found]


def load_tied(db: Database, kind: Kind, names: Iterable[str], ids: Iterable[str]) -> list[Stored]:
    """The records of one kind that name one of these ids, removed ones included, ordered by id.

    `names`: fields that hold ids, "id" itself among them; those that the kind has not name nothing.
    """
    plan = plan_of(kind.name)
    held = [name for name in names if name == "id" or name in plan.names]
    if not held:
        return []
    tied = " OR ".join(f'r."{name}" IN (SELECT value FROM json_each(?1))' for name in held)  # noqa: S608 - names of our own classes
    found = db.rows(f"{plan.select} WHERE {tied} ORDER BY id", (as_text(sorted(ids)),))
    return [_stored(kind, plan, row) for row in found]


def each_where(
    db: Database, kind: Kind, equal: Mapping[str, object], *, removed_too: bool = False
) -> Iterator[Stored]:
    """The same one by one, for very many."""
    plan = plan_of(kind.name)
    where, values = plan.where(equal, removed_too=removed_too)
    for row in db.each(f"{plan.select}{where} ORDER BY id", values):
        yield _stored(kind, plan, row)


def records_where(db: Database, kind: Kind, equal: Mapping[str, object]) -> list[Any]:
    """The same as bare records, removed ones left out: what the books know of each is not read."""
    plan = plan_of(kind.name)
    where, values = plan.where(equal, removed_too=False)
    found = db.each(f"{plan.records.select}{where} ORDER BY id", values)
    return list(plan.records.of(kind.cls, found))


def removed_where(db: Database, kind: Kind, equal: Mapping[str, object]) -> list[Any]:
    """The same of removed records alone."""
    plan = plan_of(kind.name)
    where, values = plan.where(equal, removed_too=True)
    where = f"{where} AND r.deleted = 1" if where else " WHERE r.deleted = 1"
    found = db.each(f"{plan.records.select}{where} ORDER BY id", values)
    return list(plan.records.of(kind.cls, found))


def records_under(db: Database, kind: Kind, enterprise_ids: Iterable[str]) -> list[Any]:
    """The bare records of one kind that belong to these enterprises, ordered by id."""
    plan = plan_of(kind.name)
    found = db.each(
        f"{plan.records.select} WHERE deleted = 0 AND enterprise_id {_AMONG} ORDER BY id",
        (as_text(list(enterprise_ids)),),
    )
    return list(plan.records.of(kind.cls, found))


def save(db: Database, records: Iterable[Stored]) -> None:
    """Write records, new or changed."""
    by_kind: dict[str, list[tuple[object, ...]]] = {}
    for item in records:
        by_kind.setdefault(item.kind.name, []).append(_values(item))
    for name, values in by_kind.items():
        db.do_many(plan_of(name).upsert, values)


def _stored(kind: Kind, plan: Plan, row: Any) -> Stored:
    record_id, ver, deleted, extra, *values = plan.read(row)
    record = kind.cls(id=record_id, **dict(zip(plan.names, values, strict=True)))
    versions = {name: tuple(dots) for name, dots in ver.items()}
    return Stored(kind, record, versions, deleted, extra)


def _values(item: Stored) -> tuple[object, ...]:
    plan, record = plan_of(item.kind.name), item.record
    return plan.row((record.id, item.ver, item.deleted, item.extra, *plan.fields(record)))


def as_text(value: Json) -> str:
    """JSON for a column of the books."""
    return dumps(value)
