"""A table of a pack file as frozen facts: each row checked field by field, all faults at once.

Every fault names file, table and row, field, what is wrong and what to do. Refuses to guess: a
name it does not know is a fault with the nearest known name, never dropped.
"""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")
Row = Mapping[str, Any]

_SHAPES = {
    str: "words in quotes",
    int: "a whole number",
    bool: "true or false",
    Decimal: "a number, like 19.68",
    date: "a date, like 2022-01-02",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One fault in a pack: where it is, what is wrong, what to do about it."""

    file: str
    table: str  # "place 3 (E07000107)": table, row from 1, and the row's own code
    field: str
    what: str
    fix: str

    def __str__(self) -> str:
        """The fault in one sentence each for place, matter and remedy."""
        where = ", ".join(part for part in (self.file, self.table, self.field) if part)
        return f"{where}: {self.what} {self.fix}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where in the files a row stands."""

    file: str
    table: str

    def problem(self, field: str, what: str, fix: str) -> Problem:
        """A fault in this row."""
        return Problem(file=self.file, table=self.table, field=field, what=what, fix=fix)


class _UnfitError(ValueError):
    """A value that does not fit its field. Says what would."""


def build(cls: type[T], row: Row, place: Place, problems: list[Problem]) -> T | None:
    """The frozen fact that a row describes; None when a fault was added to `problems`."""
    before = len(problems)
    kind: Any = cls
    hints = _hints(kind)
    values: dict[str, Any] = {}
    for written, value in row.items():
        name, made = _in_pence(written, value, hints)
        if name not in hints:
            near = get_close_matches(written, hints, n=1)
            fix = f"Did you mean {near[0]!r}?" if near else f"Known: {', '.join(hints)}."
            problems.append(place.problem(written, "is not a field of this table.", fix))
            continue
        try:
            values[name] = _fit(hints[name], made)
        except _UnfitError as error:
            shown = str(value)[:60]
            problems.append(place.problem(written, f"{shown!r} does not fit.", f"Write {error}."))
    problems.extend(_missing(cls, row, place, values))
    return cls(**values) if len(problems) == before else None


def _missing(cls: Any, row: Row, place: Place, values: Row) -> list[Problem]:
    out = []
    for item in fields(cls):
        required = item.default is MISSING and item.default_factory is MISSING
        written = item.name in row or _pounds_name(item.name) in row
        if required and not written and item.name not in values:
            out.append(place.problem(item.name, "is missing.", "Add it to this row."))
    return out


@cache
def _hints(cls: Any) -> dict[str, Any]:
    return {name: hint for name, hint in get_type_hints(cls).items() if not name.startswith("_")}


def _pounds_name(field: str) -> str:
    return field.replace("pence", "pounds") if "pence" in field else field


def _in_pence(written: str, value: Any, hints: Row) -> tuple[str, Any]:
    # officers write pounds; the program counts pence
    name = written.replace("pounds", "pence")
    if name == written or name not in hints:
        return written, value
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return name, value
    in_pence = Decimal(value) * 100
    return name, int(in_pence) if in_pence == in_pence.to_integral_value() else str(value)


def _fit(hint: Any, value: Any) -> Any:
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        return _fit(next(arg for arg in get_args(hint) if arg is not type(None)), value)
    if origin is tuple:
        return _fit_tuple(get_args(hint), value)
    if origin is dict:
        if not isinstance(value, dict):
            raise _UnfitError("a table, like {SOLE = 6}")
        return {str(key): _fit(get_args(hint)[1], item) for key, item in value.items()}
    if hint is Decimal and type(value) in (int, Decimal):
        return Decimal(value)
    if type(value) is not hint:
        raise _UnfitError(_SHAPES.get(hint, str(hint)))
    return value


def _fit_tuple(args: tuple[Any, ...], value: Any) -> tuple[Any, ...]:
    if not isinstance(value, list):
        raise _UnfitError("a list in square brackets")
    if len(args) == 2 and args[1] is Ellipsis:
        return tuple(_fit(args[0], item) for item in value)
    if len(value) != len(args):
        raise _UnfitError(f"{len(args)} values in square brackets")
    return tuple(_fit(arg, item) for arg, item in zip(args, value, strict=True))
