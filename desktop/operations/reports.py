"""Making a report: facts gathered beside the vault, files rendered in stoppable processes.

One process per kind of file, one after the other. A file appears under its name only when it is
whole. Refuses to leave a half-made file behind.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from desktop.operations.long_work import Tell, nobody
from evidence.dossier import Dossier, Provenance
from evidence.figures import without_records
from evidence.making import build
from evidence.names import names_in
from evidence.order import Order
from evidence.reports.sections import SECTIONS, TEMPLATES, template
from evidence.reports.view import View
from forms.rules.indicators import DEFINITIONS, Figure, Indicator, indicator_of
from forms.rules.pack import Pack

COVERAGE = "I-12"
GOOD_COVERAGE = 80  # per cent of active enterprises with a fresh return

KINDS = ("pdf", "html", "xlsx")
KIND_WORDS = {"pdf": "PDF", "html": "Web page", "xlsx": "Spreadsheet"}
REPORTS = tuple((each.key, each.title, each.about) for each in TEMPLATES)
CHAPTERS = tuple((each.key, each.title, each.always) for each in SECTIONS)


def chapters_of(report: str) -> tuple[str, ...]:
    """The chapters a template chooses."""
    return template(report).sections


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What a report is made of: template, chapters, figures in front, audience, period, place."""

    report: str = "impact_assessment"
    as_of: date
    since: date | None = None
    area: str = ""
    published: bool = False
    sections: tuple[str, ...] = ()
    figures: tuple[str, ...] = ()
    made_by: str = ""  # who makes it, with their role


class Step(Protocol):
    """How far a process is."""

    @property
    def words(self) -> str:
        """The step in words."""
        ...

    @property
    def done(self) -> int:
        """Parts done."""
        ...

    @property
    def of(self) -> int:
        """Parts there are."""
        ...


class Rendering(Protocol):
    """A render process that is under way (evidence.render_start)."""

    @property
    def step(self) -> Step:
        """How far it is."""
        ...

    @property
    def pages(self) -> list[Any]:
        """Pictures of pages that have come so far (kind "pages")."""
        ...

    @property
    def is_over(self) -> bool:
        """Whether it has ended."""
        ...

    @property
    def fault(self) -> Exception | None:
        """What stopped it, in words; None when the file is there."""
        ...

    def stop(self) -> None:
        """Stop it now; nothing is left behind."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing to know before a report goes out."""

    words: str
    fine: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """A report ready to be drawn, and what to know about it."""

    parts: tuple[bytes, ...]  # as they travel to the process that draws it
    checks: tuple[Check, ...]
    choice: Choice


def checks(dossier: Dossier, pack: Pack, choice: Choice) -> tuple[Check, ...]:
    """What a person must know before the report goes out."""
    return (*of_facts(dossier, pack, choice), *of_records(dossier.provenance))


def worked_out(dossier: Dossier, tell: Tell = nobody) -> tuple[Indicator, ...]:
    """The 42, one after the other and without their records; `tell` hears how far it is."""
    found = []
    for number, each in enumerate(DEFINITIONS):
        tell("Working out the figures", number, len(DEFINITIONS))
        found.append(without_records(indicator_of(dossier, each)))
    return tuple(found)


def of_facts(
    dossier: Dossier,
    pack: Pack,
    choice: Choice,
    tell: Tell = nobody,
    known: tuple[Indicator, ...] = (),
) -> tuple[Check, ...]:
    """What the facts and the choice say; `tell` hears how far it is, and may end it.

    `known`: the 42, where `worked_out` said them of these very facts already.
    """
    known = known or worked_out(dossier, tell)
    said = [_audience(pack, choice), _collected(known)]
    if choice.published:
        tell("Looking for small counts", 0, 0)
        said.append(_hidden(dossier, known))
        said.append(_names(dossier, choice, known, tell))
    coverage = next(each for each in known if each.id == COVERAGE)
    said.append(_coverage(coverage.main))
    return tuple(said)


def of_records(kept: Provenance) -> tuple[Check, ...]:
    """What is said of how complete the records are now."""
    said = []
    if kept.unsent:
        said.append(
            Check(words=f"{kept.unsent} changes on this laptop are not sent yet.", fine=False)
        )
    if kept.to_check:
        said.append(Check(words=f"{kept.to_check} fields have two values to check.", fine=False))
    if kept.practice:
        said.append(Check(words="Practice data: every page says so.", fine=False))
    return tuple(said)


def _audience(pack: Pack, choice: Choice) -> Check:
    if choice.published:
        return Check(
            words=f"Published version: counts under {pack.suppress_below} are not shown and no "
            "person is named.",
            fine=True,
        )
    return Check(
        words="Internal version: small counts and names of enterprises are shown. Do not "
        "publish it.",
        fine=False,
    )


def _collected(worked_out: Sequence[Indicator]) -> Check:
    missing = [each for each in worked_out if not each.collected]
    if not missing:
        return Check(words="All 42 figures have records behind them.", fine=True)
    named = ", ".join(f"{each.title} ({each.id})" for each in missing[:4])
    more = f" and {len(missing) - 4} more" if len(missing) > 4 else ""
    words = f"{len(missing)} of 42 figures say “not collected yet”: {named}{more}."
    return Check(words=words, fine=False)


def _hidden(dossier: Dossier, known: tuple[Indicator, ...]) -> Check:
    view = View(dossier, published=True, known=known)
    small = [
        item.id
        for item in view.indicators.values()
        if any(view.is_hidden(figure) for figure in item.figures)
    ]
    if not small:
        return Check(words="No figure had to be left out.", fine=True)
    return Check(
        words=f"Small counts are not shown in {len(small)} of 42 figures: {', '.join(small)}.",
        fine=True,
    )


def _names(dossier: Dossier, choice: Choice, known: tuple[Indicator, ...], tell: Tell) -> Check:
    tell("Putting the words of the report together", 0, 0)
    document = build(order_of(choice, "pdf"), dossier, known)
    found = names_in(document, dossier, partial(tell, "Names looked for in every word"))
    if not found:
        return Check(words="Every word was looked through: nobody is named.", fine=True)
    named = ", ".join(found[:3])
    return Check(words=f"It still names {named}. Do not publish it; tell your lead.", fine=False)


def _coverage(told: Figure) -> Check:
    if told.value is None:
        return Check(words="No enterprise is active, so no return is due.", fine=False)
    words = f"{told.shown} of active enterprises have a return of the last 92 days."
    return Check(words=words, fine=Decimal(told.value) >= GOOD_COVERAGE)


def file_name(choice: Choice, kind: str) -> str:
    """impact-assessment-2023-03-31-internal.pdf."""
    version = "published" if choice.published else "internal"
    place = f"-{choice.area}" if choice.area else ""
    return f"{choice.report.replace('_', '-')}{place}-{choice.as_of.isoformat()}-{version}.{kind}"


def order_of(choice: Choice, kind: str, target: Path | None = None) -> Order:
    """The order for one kind of file of a choice."""
    return Order(
        report=choice.report,
        kind=kind,
        target=str(target or ""),
        published=choice.published,
        sections=choice.sections,
        figures=choice.figures,
        made_by=choice.made_by,
    )


def start(gathered: Gathered, kind: str, target: Path | None) -> Rendering:
    """Start the process that makes one file, or (kind "pages") pictures of the pages."""
    from evidence.render_start import start_render  # only when a report is made

    order = order_of(gathered.choice, kind, target)
    return start_render(gathered.parts, order)


def count_pages(pdf: Path) -> int:
    """How many pages a finished PDF has."""
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf.read_bytes())
    try:
        return len(document)
    finally:
        document.close()
