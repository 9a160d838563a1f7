"""Functions on numbers."""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from forms.engine.xpath.dates import Moment, day_count
from forms.engine.xpath.leaves import number_of_node
from forms.engine.xpath.registry import function
from forms.engine.xpath.tree import Node, text_of
from forms.engine.xpath.types import Here, Value, number_of

_FEW, _LARGE = 6, 1e9  # decimals and size below which a float keeps every digit it is written with


@function("number", "v?", "n", "the value as a number")
def _number(here: Here, value: Value | None = None) -> float:
    given: Value = text_of(here.node) if value is None else value
    number = number_of(given, here)
    if isinstance(number, Moment) and not isinstance(given, float):
        return day_count(number)
    return float(number)


@function("int", "n", "n", "the number without its decimals")
def _int(_: Here, number: float) -> float:
    return float(math.trunc(number)) if math.isfinite(number) and abs(number) >= 1e-17 else number


@function("round", "n n?", "n", "round(number, decimals)")
def _round(_: Here, number: float, places: float = 0.0) -> float:
    if not math.isfinite(number) or places != places:  # noqa: PLR0124
        return math.nan if places != places else float(number)  # noqa: PLR0124
    if 0 <= places <= _FEW and abs(number) < _LARGE:
        written = repr(float(number))
        decimals = len(written) - written.find(".") - 1
        if "e" not in written and (written[-1] != "5" or decimals != int(places) + 1):
            return round(float(number), int(places)) + 0.0  # no tie: nothing to be decided
    exact = Decimal(repr(float(number)))
    try:
        step = Decimal(1).scaleb(-int(places))
        return float((exact / step).quantize(Decimal(1), ROUND_HALF_UP) * step) + 0.0
    except (InvalidOperation, OverflowError):  # more decimals than a number has
        return number if places > 0 else 0.0


@function("floor", "n", "n", "the whole number below")
def _floor(_: Here, number: float) -> float:
    return float(math.floor(number)) if math.isfinite(number) else number


@function("ceiling", "n", "n", "the whole number above")
def _ceiling(_: Here, number: float) -> float:
    return float(math.ceil(number)) if math.isfinite(number) else number


@function("sum", "N", "n", "the answers added up")
def _sum(here: Here, nodes: list[Node]) -> float:
    return float(sum([number_of_node(node, here) for node in nodes]))


def _numbers(here: Here, values: tuple[Value, ...]) -> list[float]:
    found: list[float] = []
    for value in values:
        if isinstance(value, list):
            found.extend([number_of_node(node, here) for node in value])
        else:
            found.append(number_of(value, here))
    return found


def _extreme(pick: Callable[[list[float]], float], numbers: list[float]) -> float:
    if not numbers or any(math.isnan(number) for number in numbers):
        return math.nan
    return float(pick(numbers))


@function("min", "v v*", "n", "the smallest")
def _min(here: Here, *values: Value) -> float:
    return _extreme(min, _numbers(here, values))


@function("max", "v v*", "n", "the largest")
def _max(here: Here, *values: Value) -> float:
    return _extreme(max, _numbers(here, values))


@function("random", "", "n", "a number between 0 and 1", volatile=True)
def _random(here: Here) -> float:
    return here.around.random()


@function("pi", "", "n", "3.14159...")
def _pi(_: Here) -> float:
    return math.pi


def _guarded(call: Callable[..., float], *numbers: float) -> float:
    if any(number != number for number in numbers):  # noqa: PLR0124
        return math.nan
    try:
        return float(call(*numbers))
    except ValueError:
        return math.nan
    except OverflowError:
        return math.inf


def _power(number: float, exponent: float) -> float:
    if number == 0 and exponent < 0:
        return math.inf
    return math.pow(number, exponent)


def _logarithm(number: float, base: Callable[[float], float]) -> float:
    return -math.inf if number == 0 else base(number)


@function("pow", "n n", "n", "pow(number, exponent)")
def _pow(_: Here, number: float, exponent: float) -> float:
    return _guarded(_power, number, exponent)


@function("log", "n", "n", "natural logarithm")
def _log(_: Here, number: float) -> float:
    return _guarded(lambda n: _logarithm(n, math.log), number)


@function("log10", "n", "n", "logarithm to base 10")
def _log10(_: Here, number: float) -> float:
    return _guarded(lambda n: _logarithm(n, math.log10), number)


@function("atan2", "n n", "n", "the angle of y and x")
def _atan2(_: Here, y: float, x: float) -> float:
    return _guarded(math.atan2, y, x)


def _plain(name: str, call: Callable[[float], float], words: str) -> None:
    function(name, "n", "n", words)(lambda _, number: _guarded(call, number))


for _name, _call, _words in (
    ("abs", abs, "without its minus sign"),
    ("sin", math.sin, "sine"),
    ("cos", math.cos, "cosine"),
    ("tan", math.tan, "tangent"),
    ("asin", math.asin, "arc sine"),
    ("acos", math.acos, "arc cosine"),
    ("atan", math.atan, "arc tangent"),
    ("sqrt", math.sqrt, "square root"),
    ("exp", math.exp, "e to that power"),
    ("exp10", lambda number: math.pow(10, number), "10 to that power"),
):
    _plain(_name, _call, _words)
