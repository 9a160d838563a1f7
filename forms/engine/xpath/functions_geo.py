"""Functions on places: area, distance, geofence (kept for forms that come from elsewhere)."""

from __future__ import annotations

import math
from itertools import pairwise

from forms.engine.xpath.errors import FormulaFault
from forms.engine.xpath.registry import function
from forms.engine.xpath.tree import text_of
from forms.engine.xpath.types import Here, Value, text_of_value

_RADIUS = 6_378_100.0
Place = tuple[float, float]


def _places(text: str) -> list[Place] | None:
    found: list[Place] = []
    for piece in text.split(";"):
        words = piece.split()
        if not words:
            continue
        try:
            latitude, longitude = float(words[0]), float(words[1])
        except (ValueError, IndexError):
            return None
        if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
            return None
        found.append((latitude, longitude))
    return found or None


def _text(values: tuple[Value, ...]) -> str:
    pieces: list[str] = []
    for value in values:
        if isinstance(value, list):
            pieces.extend(text_of(node) for node in value)
        else:
            pieces.append(text_of_value(value))
    return ";".join(pieces)


def _span(a: Place, b: Place) -> float:
    delta = math.radians(a[1] - b[1])
    first, second = math.radians(a[0]), math.radians(b[0])
    cosine = math.sin(first) * math.sin(second)
    cosine += math.cos(first) * math.cos(second) * math.cos(delta)
    return math.acos(max(-1.0, min(1.0, cosine))) * _RADIUS


@function("distance", "v v*", "n", "the length of a line of places, in metres")
def _distance(_: Here, *values: Value) -> float:
    places = _places(_text(values))
    if places is None:
        return math.nan
    return round(sum(_span(a, b) for a, b in pairwise(places)), 2)


@function("area", "v", "n", "the area within a line of places, in square metres")
def _area(here: Here, value: Value) -> float:
    places = _places(_text((value,)))
    if places is None:
        return here.around.area_of_none
    if len(places) < 3:
        return 0.0
    total = 0.0
    for (lat1, lon1), (lat2, lon2) in pairwise([*places, places[0]]):
        total += math.radians(lon2 - lon1) * (
            2 + math.sin(math.radians(lat1)) + math.sin(math.radians(lat2))
        )
    return round(abs(total * _RADIUS * _RADIUS / 2), 2)


@function("geofence", "s s", "b", "whether a place lies inside a shape")
def _geofence(_: Here, point: str, shape: str) -> bool:
    here = _places(point)
    corners = _places(shape)
    if here is None or corners is None:
        return False
    if len(corners) < 3:
        raise FormulaFault("a shape has three corners or more")
    y, x = here[0]
    inside = False
    for (y1, x1), (y2, x2) in pairwise([*corners, corners[0]]):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            inside = not inside
    return inside


@function("intersects", "v", "b", "whether a line of places crosses itself")
def _intersects(_: Here, value: Value) -> bool:
    places = _places(_text((value,))) or []
    lines = [pair for pair in pairwise(places) if pair[0] != pair[1]]
    closed = len(places) > 2 and places[0] == places[-1]
    for first, one in enumerate(lines):
        for second in range(first + 2, len(lines)):
            joined = closed and first == 0 and second == len(lines) - 1
            if not joined and _cross(one, lines[second]):
                return True
    return False


def _cross(one: tuple[Place, Place], other: tuple[Place, Place]) -> bool:
    """Whether two straight lines meet."""
    (a, b), (c, d) = one, other
    sides = (_side(a, b, c), _side(a, b, d), _side(c, d, a), _side(c, d, b))
    if sides[0] != sides[1] and sides[2] != sides[3]:
        return True
    triples = ((a, b, c), (a, b, d), (c, d, a), (c, d, b))
    return any(side == 0 and _within(*triple) for side, triple in zip(sides, triples, strict=True))


def _side(a: Place, b: Place, point: Place) -> int:
    turn = (b[0] - a[0]) * (point[1] - a[1]) - (b[1] - a[1]) * (point[0] - a[0])
    return (turn > 0) - (turn < 0)


def _within(a: Place, b: Place, point: Place) -> bool:
    return all(min(a[i], b[i]) <= point[i] <= max(a[i], b[i]) for i in (0, 1))
