"""Rows in the order of a column: numbers as numbers, days as days, no data last either way.

Keys are worked out once for each row and kept while its list is shown, so that a second press and
a filter only compare. Stable: rows that are equal stay in the page's own order. Refuses to read a
number or a day out of words: a column says by what it is sorted.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

Key = Callable[[Any], Any]  # row -> something comparable, None = no data
_DIGITS = re.compile(r"(\d+)")
_WAYS = {
    "words": ("A to Z", "Z to A"),
    "number": ("smallest first", "largest first"),
    "day": ("oldest first", "newest first"),
    "rank": ("first to last", "last to first"),
}


class Rank(int):
    """A place among steps (draft, sent, paid): sorted as a number, said as an order."""


@dataclass(frozen=True, slots=True)
class Order:
    """By which column, by its heading, and which way."""

    heading: str
    down: bool = False


def text_key(words: str) -> list[Any] | None:
    """As people look for words: case and accents aside, 2 before 10; None for none."""
    folded = words.strip().casefold()
    if not folded:
        return None
    if not folded.isascii():
        spelt = unicodedata.normalize("NFKD", folded)
        folded = "".join(c for c in spelt if not unicodedata.combining(c))
    if folded.isalpha():
        return [folded]
    parts: list[Any] = _DIGITS.split(folded)
    parts[1::2] = map(int, parts[1::2])
    return parts


def way_words(keys: Sequence[Any], *, down: bool) -> str:
    """Which way, in words that fit what is sorted: "largest first"."""
    known = next((key for key in keys if key is not None), "")
    kind = "words"
    if isinstance(known, Rank):
        kind = "rank"
    elif isinstance(known, int | float | Decimal):
        kind = "number"
    elif isinstance(known, date):  # moments too
        kind = "day"
    return _WAYS[kind][down]


class Keys:
    """The keys of one column, kept for rows that are shown again."""

    def __init__(self, by: Key) -> None:
        self._by = by
        self._known: dict[int, tuple[Any, Any]] = {}  # id of the row -> the row, its key

    def of(self, rows: Sequence[Any]) -> list[Any]:
        """One for each row; those of a list that was read again are worked out anew."""
        known, by = self._known, self._by
        if rows and id(rows[0]) not in known:
            known.clear()
        keys = []
        for row in rows:
            kept = known.get(id(row))
            if kept is None:
                kept = known[id(row)] = (row, by(row))  # the row is held: its id stays its own
            keys.append(kept[1])
        return keys


def in_order(rows: Sequence[Any], keys: Sequence[Any], *, down: bool) -> tuple[Any, ...]:
    """The rows by their keys; those without one last, in the order they came."""
    there = [n for n, key in enumerate(keys) if key is not None]
    there.sort(key=keys.__getitem__, reverse=down)  # reversed, Python's sort is stable too
    nothing = (n for n, key in enumerate(keys) if key is None)
    return tuple(rows[n] for n in (*there, *nothing))
