"""How a field's value stands in its column, by the field's own type: text, number, day, JSON.

Decimal is kept as text (SQLite would make it a float), moments as UTC, lists and mappings as JSON,
which is what the table classes say (storage/tables) and a test holds both to. Refuses to load the
mapper: it takes 43 MB in each process, and reading needs no more than this.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

import msgspec

Convert = Callable[[Any], Any]
FIRST = {"id": str, "ver": dict, "deleted": bool, "extra": dict}  # before the fields of any record
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_ENCODE = msgspec.json.Encoder().encode
_ENCODE_LINES = msgspec.json.Encoder().encode_lines
_DECODE = msgspec.json.Decoder().decode

# As queries must say it, word for word, to be answered by the index outbox_amiss.
NOT_TAKEN = (
    "acked_at IS NOT NULL "
    "AND (result LIKE 'refused%' OR result LIKE 'partly%' OR result LIKE 'held%')"
)


def dumps(value: Any) -> str:
    """Compact JSON, letters as they are. Raises TypeError for what is not plain JSON."""
    return _ENCODER.encode(value)


def quick(value: Any) -> str:
    """The same for values that are known to be plain JSON: a tenth of the time."""
    return _ENCODE(value).decode()


def quick_each(values: list[Any]) -> list[str]:
    """The same for each of many: JSON has no bare line ends, so they are told apart by them."""
    return _ENCODE_LINES(values).decode().split("\n")[:-1]


@cache
def saying(names: tuple[str, ...]) -> type[msgspec.Struct]:
    """What is written like a mapping of these names, UNSET left out, in a quarter of the time."""
    return msgspec.defstruct("Said", [(name, Any) for name in names], gc=False)


def parsed(text: str) -> Any:
    """What JSON of a column says. Raises msgspec.DecodeError."""
    return _DECODE(text)


def _unless_empty(convert: Convert) -> Convert:
    return lambda value: None if value is None else convert(value)


def _moment_in(value: datetime) -> str:
    if value.utcoffset() is None:
        raise ValueError("a moment without its zone")
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


def _moment_out(value: str) -> datetime:
    return datetime.fromisoformat(value).replace(tzinfo=UTC)


_READS: dict[type, Convert] = {
    bool: _unless_empty(bool),
    date: _unless_empty(date.fromisoformat),
    datetime: _unless_empty(_moment_out),
    Decimal: _unless_empty(Decimal),
    tuple: _unless_empty(lambda value: tuple(parsed(value))),
    dict: _unless_empty(lambda value: dict(parsed(value))),
}
_WRITES: dict[type, Convert] = {
    bool: _unless_empty(int),
    date: _unless_empty(date.isoformat),
    datetime: _unless_empty(_moment_in),
    Decimal: _unless_empty(str),
    tuple: _unless_empty(quick),
    dict: _unless_empty(quick),
}
_AS_IT_IS = frozenset({str, int})


def reader(kind_of_value: type) -> Convert | None:
    """From column to value; None where the column's own value is the field's."""
    return None if kind_of_value in _AS_IT_IS else _READS[kind_of_value]


def writer(kind_of_value: type) -> Convert | None:
    """From value to column; None where they are the same."""
    return None if kind_of_value in _AS_IT_IS else _WRITES[kind_of_value]
