"""Chapters 2 and 3: the programme and its money, method and data quality."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from evidence.blocks import (
    HIDDEN,
    Block,
    Caveat,
    Column,
    Format,
    Heading,
    Para,
    Table,
    Value,
    long_date,
    short_date,
)
from evidence.reports.chapter_summary import LIMITS, all_missing, coverage_words
from evidence.reports.pictures import trading_chart
from evidence.reports.view import View


def programme(view: View) -> list[Block]:
    """Chapter 2: the programme, its dates, its money."""
    pack = view.dossier.pack
    dates = f"{long_date(pack.programme_starts)} to {long_date(pack.programme_ends)}"
    lines = sorted({(b.starts, b.ends) for b in pack.budget})
    rows: list[tuple[Value, ...]] = []
    for starts, ends in lines:
        amounts = {b.line: b.pence for b in pack.budget if (b.starts, b.ends) == (starts, ends)}
        rows.append((_span(starts, ends), *_three(amounts), _pounds(sum(amounts.values()))))
    totals = Counter[str]()
    for item in pack.budget:
        totals[item.line] += item.pence
    return [
        Heading(1, "2. The programme and its money"),
        Para(
            f"{pack.title} is a programme of {pack.council}. It runs from {dates}. It helps people "
            "set up and run very small enterprises that give care and support, beside the market "
            f"that is there. An enterprise counts as micro with fewer than {pack.employee_limit} "
            "employees."
        ),
        Table(
            key="budget",
            caption="Money in, by period and line",
            columns=(
                Column("Period", row_header=True),
                Column("Seed fund", Format.POUNDS),
                Column("Marketing", Format.POUNDS),
                Column("Contract", Format.POUNDS),
                Column("All lines", Format.POUNDS),
            ),
            rows=tuple(rows),
            total=("All periods", *_three(totals), _pounds(sum(totals.values()))) if rows else None,
            note="Budgets, not spending. The seed fund is kept apart from the other lines."
            + _for_all(view),
        ),
        _targets(view),
        trading_chart(view),
    ]


def _span(starts: object, ends: object) -> str:
    return f"{short_date(starts)} to {short_date(ends)}"  # type: ignore[arg-type]


def _three(amounts: Counter[str] | dict[str, int]) -> tuple[Value, ...]:
    return tuple(_pounds(amounts.get(line, 0)) for line in ("seed", "marketing", "contract"))


def _pounds(pence: int) -> Decimal:
    return Decimal(pence) / 100


def _targets(view: View) -> Block:
    pack = view.dossier.pack
    return Table(
        key="targets",
        caption="Targets by target year",
        columns=(
            Column("Target year", row_header=True),
            Column("From"),
            Column("To"),
            Column("Enterprises active", Format.COUNT),
            Column("Savings named in the paper", Format.POUNDS),
        ),
        rows=tuple(
            (
                f"Year {t.year}",
                short_date(t.starts),
                short_date(t.ends),
                t.enterprises,
                None if t.savings_pence is None else _pounds(t.savings_pence),
            )
            for t in pack.targets
        ),
        note="Target years run on their own calendar. They are not the budget periods, and a "
        "target may fall after the programme's end." + _for_all(view),
    )


def _for_all(view: View) -> str:
    """Beside a district's figures: what stands here is not the district's."""
    return " For the whole programme, not for one district." if view.dossier.area else ""


def method(view: View) -> list[Block]:
    """Chapter 3: how figures are made, and how complete the records are."""
    dossier = view.dossier
    coverage = view.figure("I-12")
    problems = _problems(view)
    annex = "Annex B gives each definition. " if view.has("dictionary") else ""
    return [
        Heading(1, "3. Method and data quality"),
        Para(
            "Every figure is worked out from dated records by fixed rules: a count is the number "
            "of its records, a sum adds its records, a share shows what is divided by what. "
            f"{annex}A figure without records says 'not collected yet'; it is never shown as "
            "zero. An enterprise stands in the district that is written down for it now, on "
            "earlier days too."
        ),
        Para(
            "Hours, people and prices come from quarterly returns. Only the latest return of each "
            "active enterprise counts, received by the day of this report, for a period that ended "
            "at most 92 days before it. Nothing is estimated for an enterprise that did not "
            "report: the share of figures filled in by estimate is 0%."
        ),
        Para(f"{view.shown(coverage)}. {coverage_words(view)}.", lead="Return coverage:"),
        view.rows_behind("I-12"),
        Table(
            key="data_quality",
            caption="Completeness of the records",
            columns=(
                Column("What was checked", row_header=True, width=1.6),
                Column("Records", Format.COUNT),
                Column("Complete", Format.COUNT),
                Column("Share", Format.PERCENT),
            ),
            rows=problems,
            note="A gap here is a question nobody has answered yet, not a fault of an enterprise.",
        ),
        *_missing(view),
        Caveat("Limits of the evidence", LIMITS),
        Para(dossier.provenance.in_words, lead="State of the records."),
        *_hidden_words(view),
    ]


def _missing(view: View) -> list[Block]:
    said = all_missing(view)
    return [Para(said, lead="No records yet behind:")] if said else []


def _hidden_words(view: View) -> list[Block]:
    if not view.published:
        return []
    return [
        Para(
            f"This is the published version. Where it says '{HIDDEN.words}', the figure stands for "
            f"one to {view.below - 1} people or enterprises, and somebody could be recognised by "
            "it. A few other figures, larger ones or noughts, are left out too, so that nobody can "
            "work those out by subtraction. No person and no enterprise is named. Seed money is "
            "public money and is shown in full by envelope.",
            lead="What is not shown.",
        )
    ]


def _problems(view: View) -> tuple[tuple[Value, ...], ...]:
    dossier = view.dossier
    known = [
        e for e in dossier.enterprises if e.established_on and e.established_on <= dossier.as_of
    ]
    reporting = [r for _, r in dossier.reporting]
    comparable = [r for e, r in dossier.reporting if e.comparable_to_homecare]
    checks = (
        ("Established enterprises with a district", known, lambda e: bool(e.district)),
        ("Established enterprises with a legal form", known, lambda e: bool(e.entity_form)),
        ("Established enterprises with a strand", known, lambda e: bool(e.strand)),
        ("Established enterprises with a first delivery", known,
         lambda e: e.first_delivery_on is not None),
        ("Enquiries with a channel", dossier.enquiries, lambda q: bool(q.channel)),
        ("Latest returns with hours", reporting, lambda r: r.hours_week is not None),
        ("Latest returns with people", reporting, lambda r: r.people is not None),
        ("Latest returns with self-funding people", reporting,
         lambda r: r.people_self_funding is not None),
        ("Latest returns with paid people", reporting, lambda r: r.paid_people is not None),
        ("Comparable returns with comparable hours", comparable,
         lambda r: r.comparable_hours_week is not None),
    )  # fmt: skip
    rows: list[tuple[Value, ...]] = []
    for words, records, complete in checks:
        good = sum(1 for record in records if _yes(complete, record))
        whole = len(records)
        share = Decimal(100) * good / whole if whole else None
        shy = view.published and (0 < whole < view.below or 0 < good < view.below
                                  or 0 < whole - good < view.below)  # fmt: skip
        cells: tuple[Value, Value] = (HIDDEN, HIDDEN) if shy else (good, share)
        rows.append((words, view.count(whole), *cells))
    return tuple(rows)


def _yes(complete: Callable[[Any], bool], record: object) -> bool:
    return complete(record)
