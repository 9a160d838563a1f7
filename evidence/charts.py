"""Charts as drawings: bars, stacked bars, a line against steps. Numbers in, shapes out.

Refuses to tell series apart by colour alone: each carries its words or its own line pattern.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from evidence.drawing import Box, Dot, Drawing, Ink, Label, Shape, Stroke

WIDTH = 470.0
_BAR, _GAP = 15.0, 7.0
Number = int | Decimal


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its name, its value (None = hidden or not known), the words at its end."""

    name: str
    value: Number | None
    words: str
    strong: bool = True


def bars(items: Sequence[Bar], *, names: float = 150.0) -> Drawing:
    """Horizontal bars from zero, one below another."""
    most = max((float(item.value) for item in items if item.value is not None), default=0.0)
    room = WIDTH - names - 78
    shapes: list[Shape] = []
    y = 2.0
    for item in items:
        middle = y + _BAR / 2 + 3
        shapes.append(Label(names - 8, middle, clip(item.name, names - 10), anchor="end"))
        if item.value is None:
            shapes.append(Label(names + 4, middle, item.words, ink=Ink.MUTED))
        else:
            length = room * float(item.value) / most if most else 0.0
            ink = Ink.ACCENT if item.strong else Ink.LINE
            if length > 0:
                shapes.append(Box(names, y, max(length, 0.8), _BAR, ink))
            shapes.append(Label(names + length + 5, middle, item.words, bold=item.strong))
        y += _BAR + _GAP
    shapes.append(Stroke(((names, 0), (names, max(y - _GAP + 2, 0))), Ink.LINE, 0.8))
    return Drawing(WIDTH, y, tuple(shapes))


@dataclass(frozen=True, slots=True)
class Stack:
    """A bar of a whole with a part in it: paid of a budget, and what lapsed."""

    name: str
    whole: int
    part: int
    lost: int
    words: str


def stacks(items: Sequence[Stack], legend: tuple[str, str, str]) -> Drawing:
    """Each whole as an outline on one scale, the part filled, the lost rest striped by a line."""
    most = max((item.whole for item in items), default=0) or 1
    names, y = 118.0, 22.0
    room = WIDTH - names - 6
    shapes: list[Shape] = _legend(legend, names)
    for item in items:
        whole = room * item.whole / most
        part = min(room * item.part / most, whole)
        shapes.append(
            Label(names - 8, y + 11, clip(item.name, names - 10), anchor="end", bold=True)
        )
        shapes.append(Box(names, y, whole, _BAR, Ink.WHITE, Ink.LINE))
        if item.lost > 0:
            lost = room * item.lost / most
            shapes.append(Box(names + whole - lost, y, lost, _BAR, Ink.SAND, Ink.WARN))
        if part > 0:
            shapes.append(Box(names, y, max(part, 0.8), _BAR, Ink.ACCENT))
        shapes.append(Label(names, y + _BAR + 11, item.words, ink=Ink.MUTED, size=8.5))
        y += _BAR + 24
    return Drawing(WIDTH, y - 4, tuple(shapes))


def _legend(words: tuple[str, str, str], x: float) -> list[Shape]:
    shapes: list[Shape] = []
    for text, fill, stroke in zip(
        words, (Ink.ACCENT, Ink.SAND, Ink.WHITE), (None, Ink.WARN, Ink.LINE), strict=True
    ):
        shapes.append(Box(x, 2, 9, 9, fill, stroke))
        shapes.append(Label(x + 13, 10, text))
        x += 30 + len(text) * 4.6
    return shapes


@dataclass(frozen=True, slots=True)
class Point:
    """A value at a place along the line: 0 is the left end, 1 the right."""

    at: float
    value: Number
    name: str = ""


Target = tuple[float, float, Number, str]  # from, to (shares of the width), level, words
Scale = Callable[[float], float]
NEXT_DAY = 0.01  # of the width: the day between the end of a target and the next one


def line_against_steps(
    points: Sequence[Point],
    steps: Sequence[Target],
    height: float = 190.0,
) -> Drawing:
    """A line of counts, and target levels as dashed steps: (from, to, level, words)."""
    top = max([float(p.value) for p in points] + [float(s[2]) for s in steps] + [1.0])
    scale = _round_up(top)
    left, right, floor, roof = 34.0, WIDTH - 8, height - 22, 12.0

    def x(at: float) -> float:
        return left + (right - left) * at

    def y(value: Number | float) -> float:
        return floor - (floor - roof) * float(value) / scale

    shapes: list[Shape] = []
    for part in range(5):
        mark = scale * part / 4
        shapes.append(Stroke(((left, y(mark)), (right, y(mark))), Ink.GRID, 0.5))
        shapes.append(Label(left - 5, y(mark) + 3, f"{mark:g}", anchor="end", ink=Ink.MUTED))
    shapes += _targets(steps, x, y)
    if len(points) > 1:
        shapes.append(Stroke(tuple((x(p.at), y(p.value)) for p in points), Ink.ACCENT, 2.0))
    for point in points:
        shapes.append(Dot(x(point.at), y(point.value), 2.2, Ink.ACCENT))
        if point.name:
            anchor = "end" if x(point.at) > right - 30 else "middle"
            shapes.append(Label(x(point.at), height - 8, point.name, anchor=anchor, ink=Ink.MUTED))
    if points:
        last = points[-1]
        near = x(last.at) > right - 60
        place = (right, "end") if near else (x(last.at) + 6, "start")
        base = y(last.value) + (-8 if near else 3)
        words = f"{last.value} active"
        shapes.append(Label(place[0], base, words, anchor=place[1], bold=True,
                            ink=Ink.ACCENT))  # fmt: skip
    return Drawing(WIDTH, height, tuple(shapes))


def _targets(steps: Sequence[Target], x: Scale, y: Scale) -> list[Shape]:
    """Dashed levels, joined where one goes on from the other: a line with steps."""
    shapes: list[Shape] = []
    for start, end, level, words in steps:
        line = ((x(start), y(float(level))), (x(end), y(float(level))))
        shapes.append(Stroke(line, Ink.WARN, 1.4, dashed=True))
        clear = x(end) - 5  # of the step that goes up at its end
        shapes.append(Label(clear, y(float(level)) - 4, words, anchor="end", ink=Ink.WARN))
    for one, other in pairwise(steps):
        if other[0] - one[1] < NEXT_DAY:
            rise = ((x(other[0]), y(float(one[2]))), (x(other[0]), y(float(other[2]))))
            shapes.append(Stroke(rise, Ink.WARN, 1.4, dashed=True))
    return shapes


def _round_up(top: float) -> float:
    """The end of a scale: a number that divides into four."""
    step = 1.0
    while True:
        for factor in (4, 8, 12, 16, 20, 24, 32, 40, 48, 60, 80):
            if factor * step >= top:
                return factor * step
        step *= 10


def clip(text: str, room: float, size: float = 8.5) -> str:
    """A name short enough for its place; the table beside the chart has it whole."""
    most = max(int(room / (size * 0.5)), 4)
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
