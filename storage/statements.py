"""The SQL of each kind's table and the converters of its columns, made once from its fields.

The statements run on the driver itself, because for one saved edit the mapper's own path costs more
than the cipher; nor is the mapper loaded, which is more than a county's records take (decision
0054). Refuses a field name that the kind does not have: values are always bound.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from operator import attrgetter
from sys import intern
from typing import Any

from forms.facts.kinds import KINDS, Kind
from storage.columns import FIRST, Convert, reader, writer

FILLED = object()  # in place of a value to look for: whose field has any
_FEW = (date, bool, tuple, Decimal)  # of which a kind has few values; none can be changed
_SHORT = 40  # letters: an id, a code, a day; longer is somebody's own words, and hardly met twice


@dataclass(frozen=True, slots=True)
class RecordPlan:
    """How bare records of one kind are read in a stream, without what the books know of them.

    A county has the id of an enterprise on every record below it, and few codes and days: each is
    held once.
    """

    names: tuple[str, ...]  # id first
    select: str
    reads: tuple[tuple[int, Convert, bool], ...]  # place, how, whether equal values may be one

    def of(self, cls: type, found: Iterable[Any]) -> Iterator[Any]:
        """Records of these rows."""
        met: dict[tuple[int, Any], Any] = {}
        for row in found:
            values = [
                intern(each) if type(each) is str and len(each) <= _SHORT else each for each in row
            ]
            for place, convert, shared in self.reads:
                held = values[place]
                if not shared:
                    values[place] = convert(held)
                elif (place, held) in met:
                    values[place] = met[place, held]
                else:
                    values[place] = met[place, held] = convert(held)
            yield cls(**dict(zip(self.names, values, strict=True)))


@dataclass(frozen=True, slots=True)
class Plan:
    """Statements of one kind. `reads`, `writes`: (place in a row, how) where a value changes."""

    names: tuple[str, ...]
    select: str
    upsert: str
    reads: tuple[tuple[int, Convert], ...]
    writes: tuple[tuple[int, Convert], ...]
    binds: Mapping[str, Convert]
    fields: Callable[[object], tuple[Any, ...]]  # a record's values, in the order of `names`
    records: RecordPlan

    def read(self, row: Iterable[Any]) -> list[Any]:
        """A row's values as the record holds them: id, ver, deleted, extra, then the fields."""
        values = list(row)
        for place, convert in self.reads:
            values[place] = convert(values[place])
        return values

    def row(self, values: Iterable[Any]) -> tuple[object, ...]:
        """A row as the file holds it: id, ver, deleted, extra, then the fields."""
        held = list(values)
        for place, convert in self.writes:
            held[place] = convert(held[place])
        return tuple(held)

    def bind(self, name: str, value: object) -> object:
        """A field's value as the file holds it."""
        convert = self.binds.get(name)
        return convert(value) if convert else value

    def where(self, equal: Mapping[str, object], *, removed_too: bool) -> tuple[str, list[object]]:
        """(condition, values) of records whose fields have these values, FILLED: any."""
        parts = [] if removed_too else ["r.deleted = 0"]
        for name in equal:
            if name not in self.names:
                raise KeyError(name)
            # no value is NULL, or a text of nothing
            parts.append(f"r.\"{name}\" <> ''" if equal[name] is FILLED else f'r."{name}" IS ?')
        values = [self.bind(name, each) for name, each in equal.items() if each is not FILLED]
        return (" WHERE " + " AND ".join(parts) if parts else ""), values


@cache
def plan_of(kind_name: str) -> Plan:
    """The statements of a kind, built once. Its table has its name."""
    kind = KINDS[kind_name]
    names = tuple(spec.name for spec in kind.specs)
    types = {**FIRST, **{spec.name: spec.type for spec in kind.specs}}
    listed = ", ".join(f'"{name}"' for name in types)
    # With its table before it: alone, SQLite takes a quoted name it does not know for a text.
    read = ", ".join(f'r."{name}"' for name in types)
    changed = ", ".join(f'"{name}" = excluded."{name}"' for name in types if name != "id")
    upsert = (
        f'INSERT INTO "{kind.name}"({listed}) VALUES ({", ".join("?" * len(types))}) '  # noqa: S608 - names of our own classes
        f"ON CONFLICT(id) DO UPDATE SET {changed}"
    )
    reads = [(place, reader(each)) for place, each in enumerate(types.values())]
    writes = [(place, writer(each)) for place, each in enumerate(types.values())]
    binds = {name: writer(each) for name, each in types.items()}
    return Plan(
        names=names,
        select=f'SELECT {read} FROM "{kind.name}" r',  # noqa: S608 - names of our own classes
        upsert=upsert,
        reads=tuple((place, convert) for place, convert in reads if convert is not None),
        writes=tuple((place, convert) for place, convert in writes if convert is not None),
        fields=_getter(names),
        binds={name: convert for name, convert in binds.items() if convert is not None},
        records=_records_of(kind),
    )


def _records_of(kind: Kind) -> RecordPlan:
    types = {"id": str, **{spec.name: spec.type for spec in kind.specs}}
    read = ", ".join(f'r."{name}"' for name in types)
    converts = ((at, reader(each), each in _FEW) for at, each in enumerate(types.values()))
    return RecordPlan(
        names=tuple(types),
        select=f'SELECT {read} FROM "{kind.name}" r',  # noqa: S608 - names of our own classes
        reads=tuple((at, how, shared) for at, how, shared in converts if how is not None),
    )


def _getter(names: tuple[str, ...]) -> Callable[[object], tuple[Any, ...]]:
    if len(names) > 1:
        return attrgetter(*names)
    return lambda record: tuple(getattr(record, name) for name in names)
