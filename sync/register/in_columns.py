"""Plain records go from their row into columns, without being made into anything between.

Plain is what stands under one name, in sight of whoever asks, and is neither gone nor disputed; of
a record that was edited, the fields that changed. What is told here is what `feed` says of the same
record one by one and `sync.columns` makes of that, and tests hold it to that. Refuses the rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from itertools import pairwise
from typing import Any

import msgspec

from forms.change import DELETED
from forms.values import Role
from sync.protocol import Json, StateGroup
from sync.register.people import ALL, private_fields, sees_fields
from sync.register.rows import Person
from sync.register.sql_records import REST, Kept, fields_in

_versions_in = msgspec.json.Decoder(dict[str, tuple[str, ...]]).decode
_WHOLE = f'{{"{REST}":["', '"]}'  # versions of a record whose fields all stand under one dot
_moment = lru_cache(maxsize=64)(datetime.fromisoformat)  # many records change at one moment
Found = tuple[str, dict[str, Json]]  # the one dot, and the fields under it


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

    def took(self, one: Kept, names: Set[str] | None = None) -> bool:
        """Whether a record, or what it has of these fields, could be told so, and has been."""
        if one.heads or one.deleted or sees_fields(self.person.role, one.kind) != ALL:
            return False
        found = self._whole(one) if names is None else self._changed(one, names)
        if found is None:
            return False
        dot, fields = found
        inc, _, seq = dot.partition(".")
        if not (fields and inc.isdecimal() and seq.isdecimal()):
            return False
        ordered = sorted(fields)
        some = self.alike.get(key := (one.kind, one.last_actor_id, *ordered))
        if some is None:
            some = self.alike[key] = _Alike()
        some.records.append(one.id)
        some.dots.append((int(inc), int(seq)))
        some.ats.append(_moment(one.last_at) if one.last_at else None)
        some.rows.append([fields[name] for name in ordered])
        return True

    def groups(self) -> list[StateGroup]:
        """What was taken, as it travels."""
        return [_group(key, some) for key, some in self.alike.items()]

    def _whole(self, one: Kept) -> Found | None:
        begin, end = _WHOLE
        if not (one.versions.startswith(begin) and one.versions.endswith(end)):
            return None
        dot = one.versions[len(begin) : -len(end)]
        fields = fields_in(one.body)
        private = private_fields(one.kind)
        if private and not self._wrote(dot):
            for name in private:
                fields.pop(name, None)
        return dot, fields

    def _changed(self, one: Kept, names: Set[str]) -> Found | None:
        if not names.isdisjoint(private_fields(one.kind)):
            return None
        versions, fields = _versions_in(one.versions), fields_in(one.body)
        if DELETED in versions:
            return None
        rest = versions.get(REST, ())
        fields = {name: fields[name] for name in names if name in fields}
        dots = {versions.get(name, rest) for name in fields}
        if len(dots) != 1 or len(only := dots.pop()) != 1:
            return None
        return only[0], fields

    def _wrote(self, dot: str) -> bool:
        inc = dot.partition(".")[0]
        return self.person.role is Role.COACH and inc.isdecimal() and int(inc) in self.mine


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
