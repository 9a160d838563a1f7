"""A figure as one number on a tile and in a list: title, value, a line that says which it is.

Refuses to show a number whose title is that of several figures without naming the one it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from forms.rules.indicators import Indicator

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """One number to look at first."""

    id: str
    title: str
    shown: str
    note: str
    what: str  # what its number is, where the title covers several; "" = the title says it
    below: str  # one line for a card
    collected: bool  # any of its figures
    value: Decimal | int | None  # None: its main figure is not collected


def tile_of(found: Indicator) -> Tile:
    """An indicator as one number."""
    return Tile(
        id=found.id,
        title=found.title,
        shown=sentence(found.shown),
        note=found.note,
        what=_what(found),
        below=_below(found),
        collected=found.collected,
        value=found.value,
    )


def _what(found: Indicator) -> str:
    """The label of the main figure, where its title is that of several: "B2 price gap to ..."."""
    label = found.main.label
    several = len(found.figures) > 1 or not _says(found.title, label)
    return label if found.value is not None and several and label != found.title else ""


def _below(found: Indicator) -> str:
    """The line under a tile's number: what the number is, else what to know beside it."""
    if not found.collected:
        return found.note or "Nothing has been recorded for it."
    if found.value is not None and not _says(found.title, found.main.label):
        return found.main.label
    return found.note.split(". ")[0].removesuffix(".")  # its page has the rest


def _says(title: str, label: str) -> bool:
    """Whether a title has every word of a label."""
    return set(_WORD.findall(label.casefold())) <= set(_WORD.findall(title.casefold()))


def sentence(shown: str) -> str:
    """With a capital letter."""
    return shown[:1].upper() + shown[1:]
