"""What a report is made of, whoever renders it: headings, paragraphs, facts, tables, charts.

Text here is plain text. Refuses markup: a '<b>' in a name is three characters, and every renderer
prints them. Values stay typed until a renderer shows them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from unicodedata import bidirectional

from evidence.drawing import Drawing


class Format(StrEnum):
    """How a column's values are written."""

    TEXT = "text"
    COUNT = "count"
    HOURS = "hours"
    POUNDS = "pounds"
    PERCENT = "percent"
    DAYS = "days"
    DATE = "date"

    @property
    def is_number(self) -> bool:
        """Whether values line up on the right."""
        return self not in (Format.TEXT, Format.DATE)


_APART = str.maketrans("", "", "\u2068\u2069")
_FROM_RIGHT = frozenset({"R", "AL", "RLE", "RLO", "RLI"})  # letters, and marks that turn a line


def apart(text: str) -> str:
    """A name for a line with others: one that reads from the right is marked to keep its place."""
    if text.isascii() or not any(bidirectional(char) in _FROM_RIGHT for char in text):
        return text
    return f"\u2068{text.translate(_APART)}\u2069"


def whole(text: str) -> str:
    """The text without these marks, for a cell that somebody may filter by."""
    return text.translate(_APART)


@dataclass(frozen=True, slots=True)
class Hidden:
    """A value that is not shown so that nobody can be recognised by it."""

    words: str = "not shown"


HIDDEN = Hidden()
Value = str | int | Decimal | date | Hidden | None


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its header, how its values are written, its share of the width."""

    title: str
    format: Format = Format.TEXT
    width: float = 1.0
    row_header: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows under headers, with a caption. `key` names its sheet in a workbook."""

    key: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    total: tuple[Value, ...] | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A drawing, what it says in words, and the table with the same numbers."""

    caption: str
    alt: str
    drawing: Drawing
    table: Table


@dataclass(frozen=True, slots=True)
class Sketch:
    """A drawing without numbers behind it, e.g. a signature, with its words."""

    alt: str
    drawing: Drawing


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1 to 3. Level 1 starts a chapter and stands in the contents."""

    level: int
    text: str
    new_page: bool = False


@dataclass(frozen=True, slots=True)
class Para:
    """A paragraph, with an optional bold lead-in."""

    text: str
    lead: str = ""
    small: bool = False


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list. Numbered when the order matters."""

    items: tuple[str, ...]
    numbered: bool = False
    tick: bool = False  # an empty box to tick by hand


@dataclass(frozen=True, slots=True)
class Fact:
    """One key figure: what it is, its value in words, a line below."""

    label: str
    value: str
    below: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """Key figures side by side."""

    items: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Caveat:
    """Something a reader must know before using a number. Always printed, boxed."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RowsBehind:
    """Where the records behind a figure are."""

    indicator: str
    shown: str
    counted: int
    left_out: int
    listed: bool = True  # in the workbook


@dataclass(frozen=True, slots=True)
class Contents:
    """The place of the list of chapters."""


@dataclass(frozen=True, slots=True)
class PageBreak:
    """Start a new page where there are pages."""


@dataclass(frozen=True, slots=True)
class WriteLine:
    """A line to write on by hand, with its label."""

    label: str
    lines: int = 1


Block = (
    Heading | Para | Bullets | Facts | Table | Chart | Caveat | RowsBehind | Contents
    | PageBreak | WriteLine | Sketch
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A whole report. `reference` is the dossier's hash: same reference, same figures."""

    title: str
    subtitle: str
    council: str
    as_of: date
    reference: str
    provenance: str
    published: bool
    blocks: tuple[Block, ...]
    mark: str = ""  # "Practice data" on every page
    point_size: Decimal = Decimal("10.5")
    cover: bool = True
    small_paper: bool = False  # A5, half of A4: a page to fold into a pocket
    sheets: tuple[Table, ...] = field(default=())  # only for the workbook: rows behind figures

    def tables(self) -> Iterator[Table]:
        """Every table in reading order, those under charts too."""
        for block in self.blocks:
            if isinstance(block, Table):
                yield block
            elif isinstance(block, Chart):
                yield block.table


def rows_words(block: RowsBehind) -> str:
    """Where the records behind a figure are, in a sentence or two."""
    if not block.counted:
        return f"{block.indicator}: {block.shown}."
    left = f", {block.left_out} looked at and left out" if block.left_out else ""
    where = " The workbook lists them." if block.listed else ""
    return f"{block.indicator}: {block.shown}. Records behind it: {block.counted}{left}.{where}"


def without_empty_columns(table: Table) -> Table:
    """The table without the columns that say nothing in any row."""
    kept = [
        at
        for at, column in enumerate(table.columns)
        if column.row_header or any(row[at] not in (None, "") for row in table.rows)
    ]
    return replace(
        table,
        columns=tuple(table.columns[at] for at in kept),
        rows=tuple(tuple(row[at] for at in kept) for row in table.rows),
        total=None if table.total is None else tuple(table.total[at] for at in kept),
    )


def shown(value: Value, form: Format) -> str:
    """A value as every renderer writes it."""
    if value is None:
        return "—"
    if isinstance(value, Hidden):
        return value.words
    if isinstance(value, date):
        return long_date(value)
    if isinstance(value, str):
        return value
    return _number(Decimal(value), form)


def _number(value: Decimal, form: Format) -> str:
    if form is Format.POUNDS:
        sign = "−" if value < 0 else ""
        return f"{sign}£{abs(value):,.2f}"
    if form is Format.PERCENT:
        return f"{value.quantize(Decimal('0.1'), rounding=ROUND_HALF_UP):,}%"
    words = f"{value.quantize(Decimal('0.1'), rounding=ROUND_HALF_UP):,}"
    return words.removesuffix(".0")


def long_date(day: date) -> str:
    """31 March 2023."""
    return f"{day.day} {day:%B %Y}"


def short_date(day: date) -> str:
    """31 Mar 2023."""
    return f"{day.day} {day:%b %Y}"
