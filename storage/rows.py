"""Frozen records to rows and back: the only place that knows both.

Refuses values that do not fit their field, before any row is made: table classes would take them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import Table, bindparam, select
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.sqlite import insert

from forms.change import DELETED, Json
from forms.facts.field import Policy
from forms.facts.kinds import KINDS, FieldSpec, Kind, Record, fields_of, record_from
from storage.database import Database
from storage.errors import ValueRefused
from storage.tables import VaultRow
from storage.tables.columns import dumps, quick
from storage.text import is_whole, whole_value

Dots = tuple[str, ...]
_CHUNK = 500
_MOST = 2**63 - 1


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
def table_of(kind_name: str) -> Table:
    """The table of a kind."""
    return VaultRow.metadata.tables[kind_name]


@cache
def specs_of(kind_name: str) -> dict[str, FieldSpec]:
    """Field name -> spec."""
    return {spec.name: spec for spec in KINDS[kind_name].specs}


@cache
def names_with(kind_name: str, policy: Policy) -> frozenset[str]:
    """The fields of a kind with this policy."""
    return frozenset(s.name for s in KINDS[kind_name].specs if s.policy is policy)


@cache
def _plan(kind_name: str) -> tuple[Any, Any, Any, tuple[str, ...]]:
    """(select by ids, select all, upsert, field names) of a kind, built once."""
    table = table_of(kind_name)
    names = tuple(spec.name for spec in KINDS[kind_name].specs)
    columns = [table.c.id, table.c.ver, table.c.deleted, table.c.extra]
    every = select(*columns, *(table.c[name] for name in names))
    by_ids = every.where(table.c.id.in_(bindparam("ids", expanding=True)))
    new = insert(table)
    changed = {c.name: new.excluded[c.name] for c in table.c if c.name != "id"}
    return by_ids, every, new.on_conflict_do_update(index_elements=["id"], set_=changed), names


@cache
def _written(kind_name: str) -> tuple[str, tuple[tuple[str, Any], ...]]:
    """The upsert of a kind as SQL, and how each column's value becomes the driver's."""
    dialect = sqlite.dialect(paramstyle="qmark")
    compiled = _plan(kind_name)[2].compile(dialect=dialect)
    table = table_of(kind_name)
    binds = {c.name: c.type.dialect_impl(dialect).bind_processor(dialect) for c in table.c}
    return str(compiled), tuple((name, binds[name]) for name in compiled.positiontup or ())


def checked(kind: Kind, record_id: str, values: Mapping[str, Json]) -> Record:
    """A record from wire values, every value proven. Raises ValueRefused in plain words."""
    if not record_id or len(record_id) > 200:
        raise ValueRefused("This record has no id. Nothing was changed.")
    try:
        clean = {
            name: value if type(value) is str and value.isascii() else whole_value(value)
            for name, value in values.items()
        }
        record = record_from(kind, record_id, clean)
    except ValueError as error:
        raise ValueRefused(
            f"{str(error).replace('_', ' ').capitalize()}. Nothing was changed. Enter it again."
        ) from error
    moments = {}
    for spec in kind.specs:
        value = getattr(record, spec.name)
        if value is None or (type(value) is str and "\x00" not in value):
            continue
        _refuse_outside(spec, value)
        if isinstance(value, datetime):
            moments[spec.name] = _in_utc(spec, value)
    return replace(record, **moments) if moments else record


def _in_utc(spec: FieldSpec, moment: datetime) -> datetime:
    if moment.tzinfo is None:
        name = spec.name.replace("_", " ").capitalize()
        raise ValueRefused(f"{name} has no time zone. Nothing was changed.")
    return moment.astimezone(UTC)


def checked_record(record: Record, kind: Kind) -> Record:
    """The same record, proven: a frozen dataclass takes any value it is given."""
    if record.id and all(_fits(spec, getattr(record, spec.name)) for spec in kind.specs):
        return record  # the usual case, without a way through wire values and back
    return checked(kind, record.id, fields_of(record))


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
            return 0 <= value <= _MOST
        case tuple():
            return all(type(item) is str and is_whole(item) for item in value)
        case _:
            return value == {}


@cache
def _defaults(kind_name: str) -> dict[str, Json]:
    kind = KINDS[kind_name]
    needed = {spec.name: None for spec in kind.specs if spec.required}
    plain = fields_of(kind.cls(id="", **needed))
    return {name: value for name, value in plain.items() if name not in needed}


def telling(kind_name: str, values: Mapping[str, Json]) -> dict[str, Json]:
    """Of a new record's values, those that say more than the default does."""
    plain = _defaults(kind_name)
    return {name: v for name, v in values.items() if name not in plain or plain[name] != v}


def told_whole(kind_name: str, values: Mapping[str, Json]) -> dict[str, Json]:
    """A new record's values again, from what `telling` left of them."""
    return _defaults(kind_name) | dict(values)


def _refuse_outside(spec: FieldSpec, value: object) -> None:
    name = spec.name.replace("_", " ").capitalize()
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        finite = not isinstance(value, Decimal) or value.is_finite()
        if not finite or value < 0:
            raise ValueRefused(f"{name} cannot be below zero. Nothing was changed.")
        if value > _MOST:
            raise ValueRefused(f"{name} is too big a number. Nothing was changed.")
    if isinstance(value, dict):
        try:
            dumps(value)
        except (TypeError, ValueError) as error:
            raise ValueRefused(f"{name} cannot be kept. Nothing was changed.") from error
    if isinstance(value, str) and "\x00" in value:
        raise ValueRefused(f"{name} holds a sign that cannot be kept. Nothing was changed.")


def load(db: Database, kind: Kind, ids: Iterable[str]) -> dict[str, Stored]:
    """The records of one kind with these ids, removed ones included."""
    wanted = list(dict.fromkeys(ids))
    by_ids, _, _, names = _plan(kind.name)
    out: dict[str, Stored] = {}
    for start in range(0, len(wanted), _CHUNK):
        for row in db.run(by_ids, {"ids": wanted[start : start + _CHUNK]}):
            out[row[0]] = _stored(kind, names, row)
    return out


def load_where(
    db: Database, kind: Kind, equal: Mapping[str, object], *, removed_too: bool = False
) -> list[Stored]:
    """The records of one kind with these field values, ordered by id."""
    _, every, _, names = _plan(kind.name)
    table = table_of(kind.name)
    query = every if removed_too else every.where(table.c.deleted.is_(False))
    for name, value in equal.items():
        column = table.c[name]
        query = query.where(column.is_(None) if value is None else column == value)
    return [_stored(kind, names, row) for row in db.run(query.order_by(table.c.id))]


def load_under(db: Database, kind: Kind, enterprise_ids: Iterable[str]) -> list[Stored]:
    """The records of one kind that belong to these enterprises, ordered by id."""
    _, every, _, names = _plan(kind.name)
    table = table_of(kind.name)
    query = every.where(table.c.deleted.is_(False)).order_by(table.c.id)
    under = query.where(table.c.enterprise_id.in_(bindparam("ids", expanding=True)))
    return [_stored(kind, names, row) for row in db.run(under, {"ids": list(enterprise_ids)})]


def save(db: Database, records: Iterable[Stored]) -> None:
    """Write records, new or changed."""
    by_kind: dict[str, list[dict[str, Any]]] = {}
    for item in records:
        by_kind.setdefault(item.kind.name, []).append(_values(item))
    for name, values in by_kind.items():
        sql, columns = _written(name)
        db.do_many(
            sql,
            [
                [value[c] if bind is None else bind(value[c]) for c, bind in columns]
                for value in values
            ],
        )


def _stored(kind: Kind, names: tuple[str, ...], row: Any) -> Stored:
    record_id, ver, deleted, extra = row[:4]
    record = kind.cls(id=record_id, **dict(zip(names, row[4:], strict=True)))
    versions = {name: tuple(dots) for name, dots in ver.items()}
    return Stored(kind, record, versions, deleted, extra)


def _values(item: Stored) -> dict[str, Any]:
    values = {spec.name: getattr(item.record, spec.name) for spec in item.kind.specs}
    ver = {name: list(dots) for name, dots in item.ver.items()}
    return {
        "id": item.record.id,
        "ver": ver,
        "deleted": item.deleted,
        "extra": item.extra,
        **values,
    }


def as_text(value: Json) -> str:
    """JSON for a column of the books."""
    return quick(value)
