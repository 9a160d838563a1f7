"""What to render: which report of which dossier, as what, where to. One order, one file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import IO

from evidence.blocks import Document, Table
from evidence.carried import wrapped, wrapped_sheet
from evidence.dossier import Dossier
from evidence.reports.behind import sheets
from evidence.reports.enterprise_summary import build as summary_of
from evidence.reports.impact_assessment import build as impact_of
from evidence.reports.leave_behind import from_dossier as leave_behind_for
from evidence.reports.on_screen import Paper
from evidence.reports.on_screen import build as paper_of
from evidence.reports.sections import template
from evidence.reports.seed_letter import build as letter_of
from evidence.reports.visit_pack import VisitPack
from evidence.reports.visit_pack import build as visits_of
from forms.rules.indicators import DEFINITIONS, Indicator, indicator_of

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Travels to the rendering process in front of the report."""

    kind: str  # pdf | html | xlsx | pages (pictures of the PDF's pages, through the pipe only)
    target: str  # path of the finished file; "" for pages
    report: str = "impact_assessment"  # a template's key | enterprise_summary | seed_letter | ...
    published: bool = False
    subject: str = ""  # enterprise or claim id, for reports about one
    large_print: bool = False
    sections: tuple[str, ...] = ()  # keys of chapters; none = the template's
    figures: tuple[str, ...] = ()  # ids of figures to show in front
    made_by: str = ""  # "Priya Shah, project lead"; the published version leaves it out
    pixels: int = 900  # width of a page's picture
    paper: Paper | None = None  # what stands on a screen; then there is no dossier
    visits: VisitPack | None = None  # sheets to take on visits; no dossier either


def build_alone(order: Order) -> Document | None:
    """The document of an order that carries all it prints; None when it wants a dossier."""
    if order.paper is not None:
        return paper_of(order.paper)
    return visits_of(order.visits) if order.visits is not None else None


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


def write(
    order: Order,
    document: Document,
    out: IO[bytes],
    progress: Progress,
    following: Iterable[Table] = (),
) -> None:
    """The document into `out`, as the kind that the order names. KeyError: an unknown kind.

    `following`: the sheets that a workbook shows behind it, as they come.
    """
    _KINDS[order.kind](document, out, progress, following)


def _pdf(
    document: Document, out: IO[bytes], progress: Progress, _following: Iterable[Table]
) -> None:
    from evidence.pdf import render_pdf

    out.write(render_pdf(document, progress))


def _html(
    document: Document, out: IO[bytes], progress: Progress, _following: Iterable[Table]
) -> None:
    from evidence.html import render_html

    progress("Writing the page", 1, 1)
    out.write(render_html(document))


def _xlsx(
    document: Document, out: IO[bytes], progress: Progress, following: Iterable[Table]
) -> None:
    from evidence.xlsx import write_xlsx

    progress("Writing the workbook", 1, 1)
    write_xlsx(document, out, following)


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


_KINDS = {"pdf": _pdf, "html": _html, "xlsx": _xlsx}
_ABOUT_ONE: dict[str, Callable[[Order, Dossier], Document]] = {
    "enterprise_summary": lambda o, d: summary_of(d, o.subject),
    "seed_letter": lambda o, d: letter_of(d, o.subject),
    "leave_behind": lambda o, d: leave_behind_for(d, o.subject, large=o.large_print),
}
