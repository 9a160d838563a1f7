"""Figures that somebody asked to see in front: each with its meaning and every part of it.

Refuses to show more than the rest of the report would: what is small is hidden here too.
"""

from __future__ import annotations

from collections.abc import Iterable

from evidence.blocks import Block, Column, Heading, Para, Table, without_empty_columns
from evidence.reports.view import View
from forms.rules.indicators import Figure, Indicator


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
    rows = tuple((figure.label, view.shown(figure), _note(view, figure)) for figure in item.figures)
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


def _note(view: View, figure: Figure) -> str:
    return "" if view.is_hidden(figure) else figure.note
