"""The final impact assessment: fifteen chapters and four annexes, from one dossier.

A chapter whose records do not exist says so. Limits and data quality are always printed. The
published version hides small numbers and carries no names. Refuses to add B1 to B4.
"""

from __future__ import annotations

from evidence.blocks import Block, Document, long_date
from evidence.dossier import Dossier
from evidence.reports import (
    annexes,
    chapter_activity,
    chapter_summary,
    chapters_money,
    chapters_people,
    chapters_start,
    chapters_told,
    chapters_words,
)
from evidence.reports.behind import sheets
from evidence.reports.view import View


def build(dossier: Dossier, *, published: bool = False) -> Document:
    """The whole report as blocks."""
    view = View(dossier, published)
    blocks: list[Block] = []
    for chapter in (
        chapter_summary.summary,
        chapters_start.programme,
        chapters_start.method,
        chapter_activity.activity,
        chapters_people.enterprises,
        chapters_told.outcomes,
        chapters_told.leaders,
        chapters_told.gaps,
        chapters_money.financial,
        chapters_money.economic,
        chapters_money.direct_payments,
        chapters_people.equality,
        chapters_words.stories,
        chapters_words.counterfactual,
        chapters_words.sustainability,
        annexes.assumptions,
        annexes.dictionary,
        annexes.register,
        annexes.seed_fund,
    ):
        blocks += chapter(view)
    return Document(
        title="Impact assessment",
        subtitle=f"{dossier.pack.title}, as at {long_date(dossier.as_of)}",
        council=dossier.pack.council,
        as_of=dossier.as_of,
        reference=dossier.hash,
        provenance=dossier.provenance.in_words,
        published=published,
        blocks=tuple(blocks),
        mark="Practice data" if dossier.provenance.practice else "",
        sheets=() if published else sheets(view),
    )


impact_assessment = build
