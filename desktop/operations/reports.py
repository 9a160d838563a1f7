"""Making a report: facts gathered beside the vault, files rendered in stoppable processes.

One process per kind of file, one after the other. A file appears under its name only when it is
whole. Refuses to leave a half-made file behind.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Protocol

from desktop.operations.long_work import Tell, nobody
from evidence.dossier import Dossier, Provenance
from evidence.names import names_in
from evidence.order import Order, build
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
    """The facts of a report, and what to know about them."""

    facts: bytes  # as they travel to the process that draws it
    checks: tuple[Check, ...]
    choice: Choice


def checks(dossier: Dossier, pack: Pack, choice: Choice) -> tuple[Check, ...]:
    """What a person must know before the report goes out."""
    return (*of_facts(dossier, pack, choice), *of_records(dossier.provenance))


def of_facts(
    dossier: Dossier, pack: Pack, choice: Choice, tell: Tell = nobody
) -> tuple[Check, ...]:
    """What the facts and the choice say; `tell` hears how far it is, and may end it."""
    worked_out = []
    for number, each in enumerate(DEFINITIONS):
        tell("Working out the figures", number, len(DEFINITIONS))
        found = indicator_of(dossier, each)
        # all of them with their rows take as much memory as the records: kept where a check asks
        worked_out.append(_as_published(found) if choice.published else _without_rows(found))
    said = [_audience(pack, choice), _collected(worked_out)]
    if choice.published:
        tell("Looking for small counts", 0, 0)
        said.append(_hidden(dossier, tuple(worked_out)))
        tell("Looking for names in every word", 0, 0)
        said.append(_names(dossier, choice, tuple(worked_out)))
    coverage = next(each for each in worked_out if each.id == COVERAGE)
    said.append(_coverage(coverage.main))
    return tuple(said)


def _as_published(found: Indicator) -> Indicator:
    """Without what was left out: the published version does not speak of it."""
    return replace(found, figures=tuple(replace(each, left_out=()) for each in found.figures))


def _without_rows(found: Indicator) -> Indicator:
    """Its figures and their values alone."""
    bare = (replace(each, rows=(), denominator=(), left_out=()) for each in found.figures)
    return replace(found, figures=tuple(bare))


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


def _names(dossier: Dossier, choice: Choice, known: tuple[Indicator, ...]) -> Check:
    order = Order(
        kind="pdf",
        target="",
        report=choice.report,
        published=True,
        sections=choice.sections,
        figures=choice.figures,
    )
    found = names_in(build(order, dossier, known), dossier)
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


def start(gathered: Gathered, kind: str, target: Path | None) -> Rendering:
    """Start the process that makes one file, or (kind "pages") pictures of the pages."""
    from evidence.render_start import start_render  # only when a report is made

    choice = gathered.choice
    order = Order(
        report=choice.report,
        kind=kind,
        target=str(target or ""),
        published=choice.published,
        sections=choice.sections,
        figures=choice.figures,
        made_by=choice.made_by,
    )
    return start_render(gathered.facts, order)


def count_pages(pdf: Path) -> int:
    """How many pages a finished PDF has."""
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf.read_bytes())
    try:
        return len(document)
    finally:
        document.close()
