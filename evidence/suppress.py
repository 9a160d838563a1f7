"""Hide small numbers in what is published, so that subtraction does not bring them back.

A cell that stands for one to four is hidden; then more cells are hidden until every hidden cell
could be at least two different numbers, totals being known. Refuses to hide zero unless
nothing else helps, and says 'cannot' when even that does not.
"""

from __future__ import annotations

from collections.abc import Sequence

SMALLEST_SHOWN = 5


def small(count: int, below: int = SMALLEST_SHOWN) -> bool:
    """Whether a count must be hidden: one to four."""
    return 0 < count < below


def hide(columns: Sequence[Sequence[int]], below: int = SMALLEST_SHOWN) -> frozenset[int] | None:
    """The rows to hide in a table whose columns add up to totals that are known.

    `columns` are the counts behind each column, one number a row. None: the table cannot be shown.
    """
    if not columns or not columns[0]:
        return frozenset()
    hidden = {at for column in columns for at, count in enumerate(column) if small(count, below)}
    while hidden and not all(_ambiguous(column, hidden) for column in columns):
        candidates = [at for at in range(len(columns[0])) if at not in hidden]
        if not candidates:
            return None
        hidden.add(min(candidates, key=lambda at: _cost(columns, at)))
    return frozenset(hidden)


def _ambiguous(column: Sequence[int], hidden: set[int]) -> bool:
    """Whether the hidden cells of a column can be filled in more than one way each.

    Somebody who reads the table knows their sum. Cells that all are one, or a lone cell, are
    given away by it; a column in which every hidden cell is zero tells nothing about anyone.
    """
    cells = [column[at] for at in hidden]
    total = sum(cells)
    if total == 0:
        return True
    if len(cells) < 2:
        return False
    return total > len(cells) or 0 in cells


def _cost(columns: Sequence[Sequence[int]], at: int) -> tuple[bool, int, int]:
    """Prefer the smallest row that is not zero: it costs the reader least."""
    size = sum(column[at] for column in columns)
    return (any(column[at] == 0 for column in columns), size, at)


def hide_parts(parts: Sequence[int], below: int = SMALLEST_SHOWN) -> frozenset[int] | None:
    """The parts of one known total to hide."""
    return hide([parts], below)
