"""The impact assessment: chosen chapters of fifteen and four annexes, from one dossier.

A chapter whose records do not exist says so. Limits and data quality are always printed. The
published version hides small numbers and carries no names. Refuses to add B1 to B4.
"""

from __future__ import annotations

from collections.abc import Iterable

from evidence.blocks import Block, Document, Para, long_date
from evidence.dossier import Dossier
from evidence.reports.behind import sheets
from evidence.reports.chapter_chosen import chosen_figures
from evidence.reports.sections import chosen, left_out
from evidence.reports.view import View
from forms.rules.indicators import Indicator


def build(
    dossier: Dossier,
    *,
    published: bool = False,
    title: str = "Impact assessment",
    sections: Iterable[str] = (),
    figures: Iterable[str] = (),
    made_by: str = "",
    known: tuple[Indicator, ...] = (),
    with_rows: bool = True,
) -> Document:
    """The report as blocks. `sections` are keys of chapters (none = all), `figures` ids.

    `made_by` stands on the cover of the internal version: the published one names nobody. `known`:
    the 42, where they were worked out from these very facts already. `with_rows`: the sheets of the
    rows behind them too, which only a workbook shows: over a county they are most of the document.
    """
    chapters = chosen(sections)
    view = View(dossier, published, known, frozenset(chapter.key for chapter in chapters))
    blocks: list[Block] = []
    for number, chapter in enumerate(chapters):
        blocks += chapter.make(view)
        if number == 0:
            blocks += chosen_figures(view, figures)
    missing = left_out(chapters)
    if missing:
        blocks.append(Para(missing, small=True))
    return Document(
        title=title,
        subtitle=f"{dossier.pack.title}{_place(dossier)}, {_when(dossier)}",
        council=dossier.pack.council,
        as_of=dossier.as_of,
        reference=dossier.hash,
        provenance=_made(dossier.provenance.in_words, "" if published else made_by),
        published=published,
        blocks=tuple(blocks),
        mark="Practice data" if dossier.provenance.practice else "",
        sheets=tuple(sheets(dossier, view.indicators.values()))
        if with_rows and not published
        else (),
    )


def _made(state: str, by: str) -> str:
    return f"Made by {by}. {state}" if by else state


def _place(dossier: Dossier) -> str:
    return f", {dossier.district_name(dossier.area)}" if dossier.area else ""


def _when(dossier: Dossier) -> str:
    if dossier.since is None:
        return f"as at {long_date(dossier.as_of)}"
    return f"{long_date(dossier.since)} to {long_date(dossier.as_of)}"


impact_assessment = build
