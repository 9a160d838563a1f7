"""A report out of its facts: whole, or in parts for the process that draws it.

Refuses to draw: that is `evidence.order.write`, in a process that holds no records.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from evidence.blocks import Document
from evidence.carried import wrapped, wrapped_sheet
from evidence.dossier import Dossier
from evidence.order import Order
from evidence.reports.behind import sheets
from evidence.reports.enterprise_summary import build as summary_of
from evidence.reports.impact_assessment import build as impact_of
from evidence.reports.leave_behind import from_dossier as leave_behind_for
from evidence.reports.sections import template
from evidence.reports.seed_letter import build as letter_of
from forms.rules.indicators import DEFINITIONS, Indicator, indicator_of


def build(order: Order, dossier: Dossier, known: tuple[Indicator, ...] = ()) -> Document:
    """The report that the order names. Raises KeyError for an unknown report.

    `known`: the 42, where they were worked out from these very facts already.
    """
    about_one = _ABOUT_ONE.get(order.report)
    return about_one(order, dossier) if about_one else _impact(order, dossier, known)


def parts(order: Order, dossier: Dossier, known: tuple[Indicator, ...] = ()) -> Iterator[bytes]:
    """The report as it travels to the process that draws it: the document, then sheet by sheet.

    `known` as in `build`; they may be without their records (`evidence.figures.without_records`).
    Raises KeyError for an unknown report.
    """
    yield wrapped(build(replace(order, kind="pdf"), dossier, known))
    if order.kind == "xlsx" and not order.published and order.report not in _ABOUT_ONE:
        yield from map(
            wrapped_sheet, sheets(dossier, (indicator_of(dossier, n) for n in DEFINITIONS))
        )


def _impact(order: Order, dossier: Dossier, known: tuple[Indicator, ...]) -> Document:
    chosen = template(order.report)
    return impact_of(
        dossier,
        published=order.published,
        title=chosen.title,
        sections=order.sections or chosen.sections,
        figures=order.figures,
        made_by=order.made_by,
        known=known,
        with_rows=order.kind == "xlsx",
    )


_ABOUT_ONE: dict[str, Callable[[Order, Dossier], Document]] = {
    "enterprise_summary": lambda o, d: summary_of(d, o.subject),
    "seed_letter": lambda o, d: letter_of(d, o.subject),
    "leave_behind": lambda o, d: leave_behind_for(d, o.subject, large=o.large_print),
}
