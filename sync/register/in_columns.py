"""Plain records go from their row into columns, without being made into anything between.

Plain is what stands under one name, in sight of whoever asks, and is neither gone nor disputed; of
a record that was edited, the fields that changed. What is told here is what `feed` says of the same
record one by one and `sync.columns` makes of that, and tests hold it to that. Refuses the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from itertools import pairwise
from typing import Any

import msgspec
from msgspec import UNSET, UnsetType
from msgspec.structs import astuple

from forms.change import DELETED
from forms.values import Role
from sync.protocol import Json, StateGroup
from sync.register.people import ALL, private_fields, sees_fields
from sync.register.rows import Person
from sync.register.stored import REST, Kept, are_plain, fields_in, reader

_WHOLE = f'{{"{REST}":["', '"]}'  # versions of a record whose fields all stand under one dot
_moment = lru_cache(maxsize=64)(datetime.fromisoformat)  # many records change at one moment
_Read = Callable[[str], msgspec.Struct]
Found = tuple[str, Sequence[str], list[Json]]  # the one dot, names in order, values under it


@dataclass(slots=True)
class _Alike:
    """Records of one kind, author and set of fields."""

    records: list[str] = field(default_factory=list)
    dots: list[tuple[int, int]] = field(default_factory=list)
    ats: list[datetime | None] = field(default_factory=list)
    rows: list[list[Json]] = field(default_factory=list)


@dataclass(slots=True)
class InColumns:
    """The plain records of one page, for one person with these incarnations."""

    person: Person
    mine: frozenset[int]
    alike: dict[tuple[str, ...], _Alike] = field(default_factory=dict)
    seen: dict[str, frozenset[str] | None] = field(default_factory=dict)  # see `_sight`

    def took(self, one: Kept, names: frozenset[str] | None = None) -> bool:
        """Whether a record, or what it has of these fields, could be told so, and has been."""
        if one.heads or one.deleted:
            return False
        private = self._sight(one.kind)
        if private is None or (names is not None and not private.isdisjoint(names)):
            return False
        found = self._whole(one, private) if names is None else _changed(one, names)
        if found is None:
            return False
        dot, ordered, values = found
        inc, _, seq = dot.partition(".")
        if not (values and inc.isdecimal() and seq.isdecimal()):
            return False
        some = self.alike.get(key := (one.kind, one.last_actor_id, *ordered))
        if some is None:
            some = self.alike[key] = _Alike()
        some.records.append(one.id)
        some.dots.append((int(inc), int(seq)))
        some.ats.append(_moment(one.last_at) if one.last_at else None)
        some.rows.append(values)
        return True

    def groups(self) -> list[StateGroup]:
        """What was taken, as it travels."""
        return [_group(key, some) for key, some in self.alike.items()]

    def _sight(self, kind: str) -> frozenset[str] | None:
        """The private fields of a kind that this person sees as a whole, or None."""
        if kind not in self.seen:
            sees_all = sees_fields(self.person.role, kind) == ALL
            self.seen[kind] = frozenset(private_fields(kind)) if sees_all else None
        return self.seen[kind]

    def _whole(self, one: Kept, private: frozenset[str]) -> Found | None:
        begin, end = _WHOLE
        if not (one.versions.startswith(begin) and one.versions.endswith(end)):
            return None
        dot = one.versions[len(begin) : -len(end)]
        fields = fields_in(one.body)
        if private and not self._wrote(dot):
            for name in private:
                fields.pop(name, None)
        ordered = sorted(fields)
        return dot, ordered, [fields[name] for name in ordered]

    def _wrote(self, dot: str) -> bool:
        inc = dot.partition(".")[0]
        return self.person.role is Role.COACH and inc.isdecimal() and int(inc) in self.mine


def _changed(one: Kept, names: frozenset[str]) -> Found | None:
    """What a record has of these fields, where it stands under one dot."""
    readers = _readers(names)
    if readers is None:
        return None
    ordered, in_body, in_versions = readers
    removed, rest, *named = astuple(in_versions(one.versions))
    if removed is not UNSET:
        return None
    values = list(astuple(in_body(one.body)))
    if UNSET in values:
        there = [place for place, value in enumerate(values) if value is not UNSET]
        ordered, named, values = ([each[at] for at in there] for each in (ordered, named, values))
    if UNSET in named:
        named = [rest if dot is UNSET else dot for dot in named]
    if not named or len(only := named[0]) != 1 or named.count(only) != len(named):
        return None
    return only[0], ordered, values


@lru_cache(maxsize=1024)
def _readers(names: frozenset[str]) -> tuple[Sequence[str], _Read, _Read] | None:
    """(names in order, what reads their values from a body, and their dots from versions).

    None for names that nobody's program gives, and for what is no field.

    The rest of a body, most of it, is passed over. Versions begin with the mark of removal and with
    what stands for every other field.
    """
    ordered = sorted(names)
    if DELETED in names or REST in names or not are_plain(ordered):
        return None
    marks = [("removed", DELETED, UNSET), ("rest", REST, ())]
    named = [(f"f{n}", name, UNSET) for n, name in enumerate(ordered)]
    return ordered, reader(named, Any), reader([*marks, *named], tuple[str, ...] | UnsetType)


def _group(key: tuple[str, ...], some: _Alike) -> StateGroup:
    kind, actor, *names = key
    columns: list[list[Any]] = [list(column) for column in zip(*some.rows, strict=True)]
    return StateGroup(
        kind=kind,
        actor=actor,
        records=some.records,
        incs=_steps(inc for inc, _ in some.dots),
        seqs=_steps(seq for _, seq in some.dots),
        ats=some.ats,
        fields=dict(zip(names, columns, strict=True)),
    )


def _steps(numbers: Iterable[int]) -> list[int]:
    return [after - before for before, after in pairwise((0, *numbers))]
