"""What to render: which report, as what, where to. One order, one file.

Who draws a report needs no more than this: what a report is made of stands in `evidence.making`,
with the chapters and the figures. Refuses to know them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import IO

from evidence.blocks import Document, Table
from evidence.reports.on_screen import Paper
from evidence.reports.on_screen import build as paper_of
from evidence.reports.visit_pack import VisitPack
from evidence.reports.visit_pack import build as visits_of

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


_KINDS = {"pdf": _pdf, "html": _html, "xlsx": _xlsx}
