"""What a figure is: a value that can always be worked out again from the rows it carries.

Refuses a number without rows, and refuses zero where nothing was collected: such a figure has
no value and says why.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from statistics import median

NOT_COLLECTED = "not collected yet"
ONE = Decimal(1)
_NOTHING = ("No record of this period to divide by.", "No record of this period to choose from.")


class Shape(StrEnum):
    """How the value follows from the rows."""

    COUNT = "count"  # number of rows
    SUM = "sum"  # rows added up
    SHARE = "share"  # 100 x rows / denominator
    RATE = "rate"  # scale x rows / denominator
    MEDIAN = "median"  # middle of the rows


class Timing(StrEnum):
    """What of time a figure speaks of."""

    PERIOD = "period"  # what happened in the period
    DAY = "day"  # as things stand on the date
    SO_FAR = "so far"  # from the beginning up to the date


class Unit(StrEnum):
    """What the number counts."""

    NUMBER = "number"
    ENTERPRISES = "enterprises"
    PEOPLE = "people"
    HOURS = "hours a week"
    PERCENT = "%"
    POUNDS = "pounds"
    POUNDS_AN_HOUR = "pounds an hour"
    DAYS = "days"
    FTE = "full-time equivalents"


_PLACES = {
    Unit.NUMBER: 1,
    Unit.ENTERPRISES: 0,
    Unit.PEOPLE: 1,
    Unit.HOURS: 1,
    Unit.PERCENT: 1,
    Unit.POUNDS: 2,
    Unit.POUNDS_AN_HOUR: 2,
    Unit.DAYS: 1,
    Unit.FTE: 1,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One record behind a figure, with what it adds."""

    kind: str
    record_id: str
    enterprise_id: str = ""
    value: Decimal = ONE
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """One record that was looked at and not counted, and why."""

    kind: str
    record_id: str
    enterprise_id: str = ""
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One number with its rows. `value` is None when nothing was collected."""

    key: str
    label: str
    shape: Shape
    unit: Unit
    value: Decimal | int | None
    rows: tuple[Row, ...] = ()
    denominator: tuple[Row, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    note: str = ""
    scale: Decimal = ONE

    @property
    def shown(self) -> str:
        """The value as people read it, or 'not collected yet'."""
        return show(self.value, self.unit)


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """What an indicator means: the words printed in the data dictionary."""

    id: str
    title: str
    definition: str
    formula: str
    breaks_by: tuple[str, ...] = ()
    compare_with: str = ""
    version: int = 1
    timing: Timing = Timing.DAY


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """One of I-01 to I-42 on a date: its definition and one or more figures, main one first."""

    id: str
    title: str
    definition: str
    formula: str
    breaks_by: tuple[str, ...]
    compare_with: str
    figures: tuple[Figure, ...]

    @property
    def main(self) -> Figure:
        """The figure that the title names."""
        return self.figures[0]

    @property
    def value(self) -> Decimal | int | None:
        """The main value, None when it was not collected."""
        return self.main.value

    @property
    def unit(self) -> Unit:
        """The unit of the main value."""
        return self.main.unit

    @property
    def shown(self) -> str:
        """The main value as people read it."""
        return self.main.shown

    @property
    def rows(self) -> tuple[Row, ...]:
        """The records behind the main value (numerator)."""
        return self.main.rows

    @property
    def denominator(self) -> tuple[Row, ...]:
        """The records it is divided by, if it is a share or a rate."""
        return self.main.denominator

    @property
    def left_out(self) -> tuple[LeftOut, ...]:
        """Records looked at and not counted."""
        return self.main.left_out

    @property
    def note(self) -> str:
        """What a reader must know beside the number."""
        return self.main.note

    @property
    def collected(self) -> bool:
        """Whether any of its figures has a value."""
        return any(figure.value is not None for figure in self.figures)


def indicator(definition: Definition, *figures: Figure) -> Indicator:
    """A definition together with its figures on a date."""
    return Indicator(
        id=definition.id,
        title=definition.title,
        definition=definition.definition,
        formula=definition.formula,
        breaks_by=definition.breaks_by,
        compare_with=definition.compare_with,
        figures=figures,
    )


def missing(label: str, unit: Unit, why: str, key: str = "main") -> Figure:
    """A figure that nothing was collected for."""
    return Figure(key=key, label=label, shape=Shape.COUNT, unit=unit, value=None, note=why)


def work_out(
    shape: Shape,
    unit: Unit,
    rows: Iterable[Row],
    denominator: Iterable[Row] = (),
    scale: Decimal = ONE,
) -> Decimal | int | None:
    """The value that these rows give; None when there is nothing to divide by or to choose from."""
    values = [row.value for row in rows]
    if shape is Shape.COUNT:
        return len(values)
    if shape is Shape.MEDIAN:
        return rounded(median(values), unit) if values else None
    total = sum(values, Decimal(0))
    if shape is Shape.SUM:
        return rounded(total, unit)
    below = sum((row.value for row in denominator), Decimal(0))
    if not below:
        return None
    return rounded(total * (100 if shape is Shape.SHARE else scale) / below, unit)


def figure(  # noqa: PLR0913  a figure has these parts; all but four have a default
    label: str,
    shape: Shape,
    unit: Unit,
    rows: Iterable[Row],
    *,
    denominator: Iterable[Row] = (),
    left_out: Iterable[LeftOut] = (),
    note: str = "",
    key: str = "main",
    scale: Decimal = ONE,
) -> Figure:
    """A figure worked out from its rows."""
    above, below = tuple(rows), tuple(denominator)
    value = work_out(shape, unit, above, below, scale)
    if value is None and not note:
        note = _NOTHING[shape is Shape.MEDIAN]
    return Figure(
        key=key,
        label=label,
        shape=shape,
        unit=unit,
        value=value,
        rows=above,
        denominator=below,
        left_out=tuple(left_out),
        note=note,
        scale=scale,
    )


def rounded(value: Decimal, unit: Unit) -> Decimal:
    """A value to the decimals its unit is shown with, half up."""
    return value.quantize(Decimal(1).scaleb(-_PLACES[unit]), rounding=ROUND_HALF_UP)


def show(value: Decimal | int | None, unit: Unit) -> str:
    """A value as people read it: '£18,860.40', '28.2%', '195 hours a week'."""
    if value is None:
        return NOT_COLLECTED
    if unit in (Unit.POUNDS, Unit.POUNDS_AN_HOUR):
        sign = "−" if value < 0 else ""
        return f"{sign}£{abs(value):,.2f}" + (" an hour" if unit is Unit.POUNDS_AN_HOUR else "")
    if unit is Unit.PERCENT:
        return f"{value:,.1f}%"
    words = f"{value:,}"
    if "." in words:
        words = words.rstrip("0").rstrip(".")
    if unit is Unit.NUMBER:
        return words
    return f"{words} {_one(unit) if words == '1' else unit.value}"


def _one(unit: Unit) -> str:
    return {
        Unit.ENTERPRISES: "enterprise",
        Unit.PEOPLE: "person",
        Unit.HOURS: "hour a week",
        Unit.DAYS: "day",
        Unit.FTE: "full-time equivalent",
    }.get(unit, unit.value)
