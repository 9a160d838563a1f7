"""How long something took, as people type it: 45, 45 min, 1h30, 1:30, half an hour.

Whole minutes, a day at most. Refuses to guess: what it does not know is said with examples, and
half minutes are rounded down by nobody, they are refused.
"""

from __future__ import annotations

import re
from fractions import Fraction

from desktop.presenters.words import NotThat

MOST = 24 * 60  # minutes
_SAID = "Write how long it took, like 45, 1h30 or half an hour."
_WORDS = {
    "quarter of an hour": 15,
    "a quarter of an hour": 15,
    "half an hour": 30,
    "half hour": 30,
    "three quarters of an hour": 45,
    "an hour": 60,
    "hour": 60,
    "an hour and a half": 90,
    "hour and a half": 90,
    "one and a half hours": 90,
    "two hours": 120,
    "three hours": 180,
}
_ABOUT = re.compile(r"^(?:about|around|roughly|nearly|just over|ca\.?|~)\s*")
_NUMBER = r"\d{1,4}(?:[.,]\d{1,2})?"
_HOURS = rf"(?P<hours>{_NUMBER})\s*(?:h|hr|hrs|hour|hours)\.?"
_MINUTES = r"(?P<minutes>\d{1,4})\s*(?:m|min|mins|minute|minutes)?\.?"
_SHAPES = tuple(
    re.compile(shape, re.ASCII)
    for shape in (
        _MINUTES,
        _HOURS,
        rf"{_HOURS}\s*(?:and\s*)?{_MINUTES}",
        r"(?P<hours>\d{1,2}):(?P<minutes>[0-5]\d)",
    )
)


def read_minutes(text: str) -> int | None:
    """Minutes, 1 to 1,440; None when empty. Raises NotThat in words."""
    plain = _ABOUT.sub("", " ".join(text.lower().split()))
    if not plain:
        return None
    found = Fraction(_WORDS[plain]) if plain in _WORDS else _by_shape(plain)
    if found is None or found.denominator != 1:
        raise NotThat(_SAID)
    if not 1 <= found <= MOST:
        raise NotThat("Write from 1 minute to 24 hours, like 45 or 1h30.")
    return int(found)


def _by_shape(plain: str) -> Fraction | None:
    for shape in _SHAPES:
        match = shape.fullmatch(plain)
        if match:
            said = match.groupdict()
            hours = Fraction((said.get("hours") or "0").replace(",", "."))
            return hours * 60 + int(said.get("minutes") or 0)
    return None
