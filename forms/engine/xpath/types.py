"""How values become one another: text, number, yes-no, nodes (XPath 1.0 plus ODK's dates).

Numbers here are binary floats and are for display and conditions; money is added up elsewhere.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeAlias

from forms.engine.xpath.dates import Calendar, Moment, read_moment
from forms.engine.xpath.errors import FormulaFault
from forms.engine.xpath.index import ListIndex
from forms.engine.xpath.tree import AnswerNode, Node, text_of

if TYPE_CHECKING:
    from datetime import datetime

Value: TypeAlias = float | str | bool | list[Node]
_NUMERIC = re.compile(r"\s*-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)\s*").fullmatch
_COMMA = re.compile(r"-?[0-9]+,[0-9]{1,2}").fullmatch


@dataclass(slots=True)
class Surroundings:
    """What formulas may ask the world for. One per session; the clock is handed in."""

    calendar: Calendar
    now: Callable[[], datetime]
    root: Node | None = None  # the primary instance; None: the document at hand
    instances: dict[str, Node] = field(default_factory=dict)
    itext: Callable[[str], str] | None = None
    itext_nodes: Callable[[str], list[Node]] | None = None  # where the texts stand in a document
    choice_name: Callable[[str, str, Node], str] | None = None
    lookup: Callable[[str, str, str, str], str] | None = None  # pulldata
    index: ListIndex = field(default_factory=ListIndex)
    random: Callable[[], float] = field(default=lambda: 0.5)
    new_id: Callable[[], str] = field(default=lambda: "00000000-0000-0000-0000-000000000000")
    slots: list[AnswerNode] = field(default_factory=list)  # leaves bound at load
    area_of_none: float = math.nan  # what area( ) makes of what is no line; web forms say 0
    day: tuple[datetime, datetime, Moment] | None = None  # today( ): from, until, what it is


class Here:
    """Where a formula stands while it is worked out: node, position, size, current().

    `params`: what formulas of one shape differ in, a slot's number or a constant (see `shapes`).
    """

    __slots__ = ("around", "current", "node", "params", "position", "size", "slots")

    def __init__(
        self,
        node: Node,
        around: Surroundings,
        current: Node | None = None,
        params: Sequence[Any] = (),
    ) -> None:
        self.node = node
        self.around = around
        self.current = current if current is not None else node
        self.position = 1
        self.size = 1
        self.slots = around.slots
        self.params = params


_SPACES = re.compile(r"[ \t\r\n]+")


def words_of(text: str) -> list[str]:
    """The words of a list that a text is: XML's four spaces part them and no others."""
    if text.isascii() and text.isprintable():  # then a blank is the only space there can be
        return text.split()
    return [word for word in _SPACES.split(text) if word]


def number_of_text(text: str, here: Here) -> float:
    """A number written as text; a date becomes its day number; anything else is NaN."""
    if _NUMERIC(text):
        return float(text)
    if len(text) >= 8 and "-" in text:
        found = read_moment(text, here.around.calendar)
        if found is not None:
            return found
    return math.nan


def number_written(text: str, here: Here) -> float:
    """A number written in a formula; JavaRosa reads '14,6' as 14.6. '1,200' stays no number."""
    if here.around.calendar.whole_days and _COMMA(text):
        return float(text.replace(",", "."))
    return number_of_text(text, here)


def number_of(value: Value, here: Here) -> float:
    """Any value as a number."""
    if isinstance(value, float):
        return value
    if isinstance(value, str):
        return number_of_text(value, here)
    if isinstance(value, bool):
        return 1.0 if value else 0.0
    return number_of_text(text_of(value[0]), here) if value else math.nan


def text_of_number(number: float) -> str:
    """A number as text: no exponent, no trailing .0; a date as its ISO text."""
    if isinstance(number, Moment):
        return number.iso()
    if number != number:  # noqa: PLR0124 - NaN is the only number unlike itself
        return "NaN"
    if number in {math.inf, -math.inf}:
        return "Infinity" if number > 0 else "-Infinity"
    if number == int(number) and abs(number) < 1e15:
        return str(int(number))
    written = repr(number)
    if "e" in written:
        written = format(Decimal(written), "f")
    return written.removesuffix(".0")


def text_of_value(value: Value) -> str:
    """Any value as text."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return text_of_number(value)
    return text_of(value[0]) if value else ""


def truth_of(value: Value) -> bool:
    """Any value as yes or no. Nodes are yes when there are any."""
    if isinstance(value, bool):
        return value
    if isinstance(value, float):
        return not (value == 0 or value != value)  # noqa: PLR0124
    return bool(value)


def nodes_of(value: Value) -> list[Node]:
    """The nodes of a value. Raises FormulaFault when it is not a list of nodes."""
    if isinstance(value, list):
        return value
    raise FormulaFault("this needs questions, not a single value")
