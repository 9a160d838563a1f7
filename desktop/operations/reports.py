"""Making a report: facts gathered in the vault lane, files rendered in stoppable processes.

One process per kind of file, one after the other. A file appears under its name only when it is
whole. Refuses to leave a half-made file behind.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Protocol

from evidence.dossier import Dossier, gather
from evidence.figures import indicators
from forms.rules.pack import Pack

KINDS = ("pdf", "html", "xlsx")
KIND_WORDS = {"pdf": "PDF", "html": "Web page", "xlsx": "Spreadsheet"}
REPORTS = (
    (
        "impact_assessment",
        "Final impact assessment",
        "The whole programme on a day: activity, people, money, limits and sources.",
    ),
)


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

    dossier: Dossier
    checks: tuple[Check, ...]
    as_of: date


def gather_report(
    reader: Any, pack: Pack, as_of: date, *, published: bool, practice: bool
) -> Gathered:
    """Every fact for a report as of a day, in the vault lane."""
    dossier = gather(reader, pack, as_of, practice=practice)
    return Gathered(dossier=dossier, checks=checks(dossier, pack, published=published), as_of=as_of)


def checks(dossier: Dossier, pack: Pack, *, published: bool) -> tuple[Check, ...]:
    """What a person must know before the report goes out."""
    found = [each for each in indicators(dossier) if not each.collected]
    kept = dossier.provenance
    small = (
        f"Published version: counts under {pack.suppress_below} are hidden and no person is named."
        if published
        else "Internal version: small counts and names of enterprises are shown. Do not publish it."
    )
    said = [
        Check(words=small, fine=published),
        Check(
            words=f"{len(found)} of 42 figures say “not collected yet”."
            if found
            else "All 42 figures have records behind them.",
            fine=not found,
        ),
    ]
    if kept.unsent:
        said.append(
            Check(words=f"{kept.unsent} changes on this laptop are not sent yet.", fine=False)
        )
    if kept.to_check:
        said.append(Check(words=f"{kept.to_check} fields have two values to check.", fine=False))
    if kept.practice:
        said.append(Check(words="Practice data: every page says so.", fine=False))
    return tuple(said)


def file_name(report: str, as_of: date, kind: str, *, published: bool) -> str:
    """impact-assessment-2023-03-31-internal.pdf."""
    version = "published" if published else "internal"
    return f"{report.replace('_', '-')}-{as_of.isoformat()}-{version}.{kind}"


def start(
    gathered: Gathered, kind: str, target: Path, *, report: str, published: bool
) -> Rendering:
    """Start the process that makes one file."""
    from evidence.order import Order  # only when a report is made
    from evidence.render_start import start_render

    order = Order(report=report, kind=kind, target=str(target), published=published)
    return start_render(gathered.dossier, order)


def count_pages(pdf: Path) -> int:
    """How many pages a finished PDF has."""
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf.read_bytes())
    try:
        return len(document)
    finally:
        document.close()
