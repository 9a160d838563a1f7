"""Figures that somebody asked to see in front: each with its meaning and every part of it.

Refuses to show more than the rest of the report would: what is small is hidden here too.
"""

from __future__ import annotations

from collections.abc import Iterable

from evidence.blocks import HIDDEN, Block, Column, Heading, Para, Table, without_empty_columns
from evidence.reports.view import WIDER, View
from forms.rules.indicators import Figure, Indicator, Shape


def chosen_figures(view: View, ids: Iterable[str]) -> list[Block]:
    """A part of the report for these figures; nothing for none."""
    found = [view.indicators[each] for each in ids if each in view.indicators]
    if not found:
        return []
    blocks: list[Block] = [
        Heading(2, "Figures asked for"),
        Para("Each is worked out from the same records as the rest of this report."),
    ]
    for item in found:
        blocks += _one(view, item)
    return blocks


def _one(view: View, item: Indicator) -> list[Block]:
    gone = _told_by_the_rest(view, item)
    rows = tuple(
        (figure.label, HIDDEN.words, "")
        if figure.key in gone
        else (figure.label, view.shown(figure), _note(view, figure))
        for figure in item.figures
    )
    found = Table(
        key=f"asked_{item.id}",
        caption=f"{item.title}: every part of it",
        columns=(
            Column("Figure", row_header=True),
            Column("Value", width=0.6),
            Column("Note", width=3),
        ),
        rows=rows,
    )
    return [
        Heading(3, f"{item.title} ({item.id})"),
        Para(item.definition),
        without_empty_columns(found),
        view.rows_behind(item.id),
    ]


def _told_by_the_rest(view: View, item: Indicator) -> frozenset[str]:
    """Where a part of the main count is hidden, every part: the others and the sum would tell it.

    The chapters hide as few as they can; here one rule has to serve every figure.
    """
    if item.main.shape is not Shape.COUNT:
        return frozenset()
    kinds = {row.kind for row in item.rows}  # by kind: the rows may come without their ids
    parts = [
        figure
        for figure in item.figures[1:]
        if figure.shape is Shape.COUNT and figure.value is not None
        if figure.key not in WIDER and {row.kind for row in figure.rows} <= kinds
    ]
    if not any(view.is_hidden(figure) for figure in parts):
        return frozenset()
    return frozenset(figure.key for figure in parts)


def _note(view: View, figure: Figure) -> str:
    return "" if view.is_hidden(figure) else figure.note
