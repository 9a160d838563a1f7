"""Vector drawings as a list of shapes, in points, origin at the top left.

The same shapes become PDF strokes and SVG, so paper and screen show one picture. Refuses pixels.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Ink(StrEnum):
    """The colours of every report. Text and strokes keep 4.5:1 and 3:1 on white."""

    TEXT = "#1B2126"
    MUTED = "#4E5963"
    LINE = "#7A858F"
    GRID = "#D5DADF"
    ACCENT = "#0B5C8A"
    PALE = "#BFD9E8"
    WARN = "#8A4B00"
    SAND = "#E9D3B4"
    PANEL = "#F0F4F7"
    WHITE = "#FFFFFF"


@dataclass(frozen=True, slots=True)
class Box:
    """A filled rectangle, with an optional outline."""

    x: float
    y: float
    width: float
    height: float
    fill: Ink
    stroke: Ink | None = None


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line through points, dashed or not."""

    points: tuple[tuple[float, float], ...]
    ink: Ink
    width: float = 1.0
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Dot:
    """A small filled circle."""

    x: float
    y: float
    radius: float
    ink: Ink


@dataclass(frozen=True, slots=True)
class Label:
    """One line of text; y is its baseline."""

    x: float
    y: float
    text: str
    size: float = 8.5
    anchor: str = "start"  # start | middle | end
    ink: Ink = Ink.TEXT
    bold: bool = False


Shape = Box | Stroke | Dot | Label


@dataclass(frozen=True, slots=True)
class Drawing:
    """Shapes on a canvas of width by height points."""

    width: float
    height: float
    shapes: tuple[Shape, ...]
