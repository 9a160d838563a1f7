"""How much room things need on a page, before they are laid out: what a heading has to stay with.

Measures with the same letters and widths as the pages. Refuses to lay anything out itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from evidence import blocks as b
from evidence.pdf import fonts
from evidence.pdf.grid import Grid, GridPart
from evidence.pdf.pages import Sheet
from evidence.pdf.text import style

MOST_BELOW = 4  # blocks that a heading may have to stay with
A_FEW_LINES = 90.0  # points of words under a heading are enough
LONG = 40  # rows of a table that is sure to go over its page
LIST_INDENT = 0.35  # of a mark, in sizes of the letters


class Room:
    """Heights on one kind of sheet, for letters of one size."""

    def __init__(self, size: float, sheet: Sheet) -> None:
        self.size, self.sheet = size, sheet

    def below(self, heading: Any, after: Sequence[b.Block]) -> float:
        """Room a heading needs, so that it never stands alone at the foot of a page.

        A short paragraph under it that leads to a table stays with both.
        """
        own: float = heading.wrap(self.sheet.room, 1000)[1] + heading.style.spaceBefore
        room = own + float(heading.style.spaceAfter)
        said = 0.0
        for block in after:
            if not isinstance(block, b.Para | b.Heading):
                return min(room + said + self._least(block), self.sheet.depth)
            high = self._high(block)
            if said + high > A_FEW_LINES:
                return room + A_FEW_LINES
            said += high
        return max(room + said, 110.0)

    def _high(self, block: b.Para | b.Heading) -> float:
        """How high a paragraph or a heading will be, in points."""
        form = style(self.size, after=round(self.size * 0.65, 1))
        text = fonts.clean(block.text)
        lines = len(fonts.wrap(text, fonts.REGULAR, self.size, self.sheet.room))
        more = 14.0 if isinstance(block, b.Heading) else 0.0
        return float(lines * form.leading + form.spaceAfter + more)

    def _least(self, block: b.Block) -> float:
        """The least room in which a block begins, in points."""
        if isinstance(block, b.Chart):
            return min(block.drawing.height + 60, 470)
        if isinstance(block, b.Bullets):
            return sum(self._heights(block)[: self.first_of(block)]) + 4
        if isinstance(block, b.Table) and block.rows:
            few = replace(block, rows=block.rows[:LONG])  # a county's thousands are not laid twice
            return GridPart(Grid(few, self.size - 1.5, self.sheet.room)).least
        return {b.Caveat: 150.0, b.Facts: 170.0}.get(type(block), 80.0)

    def marks(self, block: b.Bullets) -> tuple[list[str], list[float], float]:
        """What stands before each item, how wide it is, and how far the words stand in."""
        marks = [_mark(block, number) for number in range(1, len(block.items) + 1)]
        hangs = [fonts.width(mark, fonts.REGULAR, self.size) for mark in marks]
        return marks, hangs, self.size * LIST_INDENT + max(hangs, default=0.0)

    def _heights(self, block: b.Bullets) -> list[float]:
        """How high each item of a list will be, in points."""
        room, leading = self.sheet.room - self.marks(block)[2], style(self.size).leading
        texts = (fonts.clean(item) for item in block.items)
        return [
            3 + leading * len(fonts.wrap(text, fonts.REGULAR, self.size, room)) for text in texts
        ]

    def first_of(self, block: b.Bullets) -> int:
        """How many items begin on one page: all, unless the list is long; then two."""
        total = sum(self._heights(block))
        return len(block.items) if total <= self.sheet.depth / 3 else 2


def _mark(block: b.Bullets, number: int) -> str:
    """What stands before an item."""
    if block.tick:
        return "☐ "
    return f"{number}. " if block.numbered else "• "
