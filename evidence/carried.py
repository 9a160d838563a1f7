"""A report on its way to the process that draws it: its words and numbers, never the records.

Lines of JSON, compressed: what the report is, then block by block, the rows of a table some hundred
at a time; each sheet of a workbook apart, so that neither end holds two of them. Refuses what is no
part of a report: nothing that comes out of the pipe is run.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from typing import Any

import msgspec

from evidence import blocks as b
from evidence import drawing as d

_AT_ONCE = 500  # rows of a table in one line
_QUICK = 1  # level of compression: a tenth of the size in no time
_MOST = 20_000  # words held once: the ids of records are all different
_PIECE = 32_768  # bytes that are taken out of the compressed at once
_NAME, _OF, _ROWS = "", "of", "rows"
_PARTS: dict[str, type[Any]] = {
    cls.__name__: cls
    for cls in (
        b.Table, b.Chart, b.Sketch, b.Heading, b.Para, b.Bullets, b.Fact, b.Facts, b.Caveat,
        b.RowsBehind, b.Contents, b.PageBreak, b.WriteLine, b.Hidden, b.Column, b.Format,
        d.Drawing, d.Box, d.Stroke, d.Dot, d.Label, d.Ink,
    )
}  # fmt: skip


@dataclass(slots=True)
class Held:
    """What stands in many rows is held once: a name, a kind, an amount."""

    words: dict[str, str] = field(default_factory=dict)
    amounts: dict[str, Decimal] = field(default_factory=dict)

    def amount(self, told: str) -> Decimal:
        """An amount as it was told: 1 is not 1.00."""
        made = Decimal(told)
        if len(self.amounts) < _MOST:
            self.amounts[told] = made
        return made


_VALUES: dict[str, Callable[[str], Any]] = {"Decimal": Decimal, "date": date.fromisoformat}
_COLUMNS: dict[frozenset[type], str] = {
    frozenset({str}): "s",
    frozenset({int}): "i",
    frozenset({Decimal}): "d",
    frozenset({date}): "t",
    frozenset(): "s",
}
_TYPES: dict[str, Any] = {
    "s": str | None,
    "i": int | None,
    "d": str | None,  # made an amount by `_once`
    "t": date | None,
    "x": Any,  # several kinds in one column: each says what it is
}


def wrapped(document: b.Document) -> bytes:
    """A document as it travels, without the sheets of a workbook: those go by `wrapped_sheet`."""
    return _pressed(_document(document))


def wrapped_sheet(table: b.Table) -> bytes:
    """One sheet of a workbook as it travels."""
    return _pressed(_block(table))


def unwrapped(part: bytes) -> b.Document:
    """A document that came. Raises what zlib and msgspec raise, KeyError: it is none."""
    lines = _lines(part)
    held = Held()
    about = _back(msgspec.json.decode(next(lines)), lines, held)
    blocks = tuple(_back(msgspec.json.decode(line), lines, held) for line in lines)
    return b.Document(**about, blocks=blocks)


def unwrapped_sheet(part: bytes) -> b.Table:
    """A sheet that came. Raises as `unwrapped`."""
    lines = _lines(part)
    table: b.Table = _back(msgspec.json.decode(next(lines)), lines, Held())
    return table


def _document(document: b.Document) -> Iterator[bytes]:
    about = {
        each.name: _plain(getattr(document, each.name), [])
        for each in fields(document)
        if each.name not in ("blocks", "sheets")
    }
    yield msgspec.json.encode(about)
    for block in document.blocks:
        yield from _block(block)


def _block(block: b.Block) -> Iterator[bytes]:
    """A line for the block, then the rows of the tables in it, in their order."""
    tables: list[tuple[b.Table, str]] = []
    yield msgspec.json.encode(_plain(block, tables))
    for table, kinds in tables:
        for start in range(0, len(table.rows), _AT_ONCE):
            some = table.rows[start : start + _AT_ONCE]
            yield msgspec.json.encode(_told(some, kinds) if "x" in kinds else some)


def _plain(value: Any, tables: list[tuple[b.Table, str]]) -> Any:
    """A value as JSON has it; what JSON has no word for says what it is."""
    if value is None or isinstance(value, bool | float) or type(value) in (str, int):
        return value
    if isinstance(value, tuple):
        return [_plain(each, tables) for each in value]
    if isinstance(value, Enum) and type(value).__name__ not in _PARTS and isinstance(value, str):
        return str(value)  # a word of the records in a cell: there it is a word
    if isinstance(value, Enum):
        return {_NAME: type(value).__name__, _OF: value.value}
    if isinstance(value, Decimal | date):
        return {_NAME: type(value).__name__, _OF: str(value)}
    if not is_dataclass(value) or type(value).__name__ not in _PARTS:
        raise TypeError(type(value).__name__)
    made: dict[str, Any] = {_NAME: type(value).__name__}
    if isinstance(value, b.Table):
        kinds = _kinds(value)
        tables.append((value, kinds))
        made[_ROWS] = [kinds, len(value.rows)]
    for each in fields(value):
        if each.name not in made:
            made[each.name] = _plain(getattr(value, each.name), tables)
    return made


def _kinds(table: b.Table) -> str:
    """What stands in each column, a letter each."""
    found = ({type(row[at]) for row in table.rows} for at in range(len(table.columns)))
    return "".join(_COLUMNS.get(frozenset(each - {type(None)}), "x") for each in found)


def _told(rows: Iterable[tuple[b.Value, ...]], kinds: str) -> list[list[Any]]:
    return [
        [_plain(v, []) if kind == "x" else v for v, kind in zip(row, kinds, strict=True)]
        for row in rows
    ]


def _back(value: Any, lines: Iterator[bytes], held: Held) -> Any:
    """What `_plain` made of it. The rows of a table are taken from the lines that follow."""
    if isinstance(value, list):
        return tuple(_back(each, lines, held) for each in value)
    if not isinstance(value, dict):
        return value
    if _NAME not in value:
        return {name: _back(each, lines, held) for name, each in value.items()}
    name = value.pop(_NAME)
    if _OF in value:
        return _VALUES[name](value[_OF]) if name in _VALUES else _PARTS[name](value[_OF])
    rows = value.pop(_ROWS, None) if name == "Table" else None
    made = {each: _back(inner, lines, held) for each, inner in value.items()}
    if rows is not None:
        kinds, count = rows
        made[_ROWS] = tuple(_rows(kinds, count, lines, held))
    return _PARTS[name](**made)


def _rows(
    kinds: str, count: int, lines: Iterator[bytes], held: Held
) -> Iterator[tuple[b.Value, ...]]:
    decoder = _decoder(kinds)
    for _ in range(-(-count // _AT_ONCE)):
        for row in decoder.decode(next(lines)):
            yield tuple(
                _back(value, lines, held) if kind == "x" else _once(value, kind, held)
                for value, kind in zip(row, kinds, strict=True)
            )


def _once(value: Any, kind: str, held: Held) -> Any:
    """Equal words and equal amounts are one; an amount keeps the places it was told with."""
    if value is None or kind not in "sd":
        return value
    if kind == "d":
        return held.amounts[value] if value in held.amounts else held.amount(value)
    return held.words.setdefault(value, value) if len(held.words) < _MOST else value


@lru_cache(maxsize=64)
def _decoder(kinds: str) -> msgspec.json.Decoder[Any]:
    row = tuple.__class_getitem__(tuple(_TYPES[kind] for kind in kinds))
    return msgspec.json.Decoder(list.__class_getitem__(row))


def _pressed(lines: Iterable[bytes]) -> bytes:
    press = zlib.compressobj(_QUICK)
    made = [press.compress(line + b"\n") for line in lines]
    return b"".join([*made, press.flush()])


def _lines(part: bytes) -> Iterator[bytes]:
    """The lines of a part, never all of them at once."""
    press, rest = zlib.decompressobj(), b""
    for start in range(0, len(part), _PIECE):
        *whole, rest = (rest + press.decompress(part[start : start + _PIECE])).split(b"\n")
        yield from whole
    *whole, rest = (rest + press.flush()).split(b"\n")
    yield from whole
    if rest or not press.eof:
        raise zlib.error("cut off")
