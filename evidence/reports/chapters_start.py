"""Chapters 1 to 4: summary, programme and money in, method and data quality, activity."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from evidence.blocks import (
    HIDDEN,
    Block,
    Bullets,
    Caveat,
    Chart,
    Column,
    Contents,
    Fact,
    Facts,
    Format,
    Heading,
    PageBreak,
    Para,
    Table,
    Value,
    long_date,
    short_date,
)
from evidence.charts import Bar, bars
from evidence.reports.pictures import trading_chart
from evidence.reports.view import View
from forms.rules.indicators import Figure

LIMITS = (
    "Hours, people and prices are told by the enterprises themselves.",
    "Enterprises chose to take part: others might do better or worse.",
    "Part of the period falls in the pandemic and the months after it.",
    "A part of a year is made into a whole year by multiplying.",
    "Rates are those of the year they were published in, not today's prices.",
    "Enterprises that stopped stop reporting, so those that do well weigh more.",
    "People are counted within each enterprise; somebody helped by two counts twice.",
)


def summary(view: View) -> list[Block]:
    """One page: what a committee member needs if they read no further."""
    dossier = view.dossier
    bases = {key: view.figure("I-20", key) for key in ("B2", "B3")}
    return [
        Heading(1, "1. Summary"),
        Facts(
            (
                Fact("Active enterprises", _short(view, "I-06"), _target_words(view)),
                Fact(
                    "Established so far",
                    _short(view, "I-05", "any_origin"),
                    "Came into being in their chosen form",
                ),
                Fact("Hours of support a week", _short(view, "I-11"), _coverage_words(view)),
                Fact("People supported", _short(view, "I-13"), "Counted within each enterprise"),
                Fact(
                    "Paid by direct payment",
                    view.shown(view.figure("I-16")),
                    f"{_short(view, 'I-11', 'dp')} hours a week",
                ),
                Fact("Seed fund paid", view.shown(view.figure("I-25")), _claims_words(view)),
            )
        ),
        Para(
            f"Value on basis B2 (price gap to the commissioned rate): {view.shown(bases['B2'])} a "
            f"year. On basis B3 (council-funded hours only): {view.shown(bases['B3'])} a year. "
            "These value the same hours in two ways and are not added together. Chapter 9 gives "
            "the rates, the ranges and what could be cashable.",
            lead="What it is worth.",
        ),
        Para(_missing_words(view), lead="What is not known yet."),
        Caveat("Read with care", LIMITS),
        Para(
            f"All figures are as at {long_date(dossier.as_of)}. Each one is worked out from "
            "records, and the records behind it are listed in the workbook that belongs to this "
            "report.",
            small=True,
        ),
        PageBreak(),
        Para("", lead="Contents"),
        Contents(),
    ]


def _short(view: View, number: str, key: str = "") -> str:
    """A figure without its unit's words: the panel's label has them."""
    words = view.shown(view.figure(number, key))
    for unit in (
        " enterprises",
        " enterprise",
        " hours a week",
        " hour a week",
        " people",
        " person",
    ):
        words = words.removesuffix(unit)
    return words


def _target_words(view: View) -> str:
    share = view.figure("I-07")
    if share.value is None:
        return "No target applies on this day"
    target = int(share.denominator[0].value)
    return f"{view.shown(share)} of the target of {target}"


def _coverage_words(view: View) -> str:
    dossier = view.dossier
    return f"From {len(dossier.reporting)} of {len(dossier.active)} active enterprises"


def _claims_words(view: View) -> str:
    lines = len(view.dossier.paid_lines)
    return f"In {lines} payments" if lines != 1 else "In one payment"


def _missing_words(view: View) -> str:
    unknown = [item for item in view.indicators.values() if not item.collected]
    if not unknown:
        return "Every indicator has records behind it."
    names = "; ".join(_inside(item.title) for item in unknown)
    return f"{len(unknown)} of 42 indicators have no records behind them yet: {names}."


def _inside(title: str) -> str:
    return title[0].lower() + title[1:]


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
            note="Budgets, not spending. The seed fund is kept apart from the other lines.",
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
        "target may fall after the programme's end.",
    )


def method(view: View) -> list[Block]:
    """Chapter 3: how figures are made, and how complete the records are."""
    dossier = view.dossier
    coverage = view.figure("I-12")
    problems = _problems(view)
    return [
        Heading(1, "3. Method and data quality"),
        Para(
            "Every figure is worked out from dated records by fixed rules: a count is the number "
            "of its records, a sum adds its records, a share shows what is divided by what. "
            "Annex B gives each definition. A figure without records says 'not collected yet'; "
            "it is never shown as zero."
        ),
        Para(
            "Hours, people and prices come from quarterly returns. Only the latest return of each "
            "active enterprise counts, received by the day of this report, for a period that ended "
            "at most 92 days before it. Nothing is estimated for an enterprise that did not "
            "report: the share of figures filled in by estimate is 0%."
        ),
        Para(f"{view.shown(coverage)}. {_coverage_words(view)}.", lead="Return coverage:"),
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
        Caveat("Limits of the evidence", LIMITS),
        Para(dossier.provenance.in_words, lead="State of the records."),
        *_hidden_words(view),
    ]


def _hidden_words(view: View) -> list[Block]:
    if not view.published:
        return []
    return [
        Para(
            f"This is the published version. Counts of one to {view.below - 1} are shown as "
            "'hidden', and further cells are hidden so that nobody can work them out by "
            "subtraction. It names no person and no enterprise. Seed money is public money and is "
            "shown in full by envelope.",
            lead="What is hidden.",
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


def activity(view: View) -> list[Block]:
    """Chapter 4: the nine areas of work, and the way from enquiry to enterprise."""
    stages = ("ENQUIRY", "FIRST_CONVERSATION", "IDEA_CHECK", "SET_UP", "READY", "LISTED", "TRADING",
              "SUSTAINED")  # fmt: skip
    words = {choice.code: choice.label for choice in view.dossier.pack.stages}
    reached = [
        sum(1 for e in view.dossier.enterprises if view.dossier.first(e.id, stage))
        for stage in stages
    ]
    cells = [view.count(number) for number in reached]
    table = Table(
        key="funnel",
        caption="Cases that have reached each stage",
        columns=(Column("Stage", row_header=True), Column("Cases", Format.COUNT)),
        rows=tuple((words.get(s, s), cell) for s, cell in zip(stages, cells, strict=True)),
        note="A case counts once in each stage it has ever reached. A stage may be skipped.",
    )
    drawing = bars(
        [
            Bar(words.get(s, s), cell if isinstance(cell, int) else None,
                str(cell) if isinstance(cell, int) else "hidden")
            for s, cell in zip(stages, cells, strict=True)
        ]
    )  # fmt: skip
    alt = "Bars, one a stage, from enquiry to sustained. The table below has the same numbers."
    chart = Chart(caption="From enquiry to enterprise", alt=alt, drawing=drawing, table=table)
    return [
        Heading(1, "4. Activity in the nine areas"),
        _areas(view),
        *([chart] if any(reached) else [Para("No stage is recorded yet.")]),
        *_timing(view),
        *_closures(view),
    ]


def _timing(view: View) -> list[Block]:
    ids = ("I-01", "I-02", "I-03", "I-04", "I-39")
    rows = tuple(
        (_label(view, n, f), view.shown(f), f.note) for n in ids for f in view.indicators[n].figures
    )
    return [
        Table(
            key="enquiries",
            caption="Enquiries and how they went on",
            columns=(
                Column("Indicator", row_header=True),
                Column("Figure"),
                Column("Note", width=1.4),
            ),
            rows=rows,
        )
    ]


def _label(view: View, number: str, figure: Figure) -> str:
    """The indicator's title, or the figure's own label when it is a second one."""
    item = view.indicators[number]
    return item.title if figure is item.main else figure.label


def _closures(view: View) -> list[Block]:
    main, *reasons = view.indicators["I-09"].figures
    if main.value is None or not reasons:
        return [Para(f"Cases closed: {view.shown(main)}.")]
    cells = view.parts(reasons)
    rows = tuple((f.label, cell) for f, cell in zip(reasons, cells, strict=True))
    return [
        Table(
            key="closures",
            caption="Cases closed, by reason",
            columns=(Column("Reason", row_header=True), Column("Cases", Format.COUNT)),
            rows=rows,
            total=("All reasons", view.count(len(main.rows))),
        )
    ]


def _areas(view: View) -> Block:
    dossier = view.dossier
    none = "no records kept for this yet"
    published = view.shown(view.figure("I-33"))
    return Bullets(
        (
            f"Find gaps in local support: {none}.",
            f"Find people who may set up: enquiries recorded: {view.shown(view.figure('I-01'))}.",
            f"Advice and support: {len(dossier.decisions) or 'no'} legal-form decisions recorded; "
            f"{view.shown(view.figure('I-05', 'any_origin'))} established.",
            f"Training for new enterprises: {none}.",
            f"Register and quality assurance: published entries: {published}; with every check "
            f"in date: {view.shown(view.figure('I-34'))}.",
            f"Engage and promote: enquiries by a non-digital channel: "
            f"{view.shown(view.figure('I-39'))}; events and spending are not recorded yet.",
            f"Show people the way to enterprises: {none}.",
            "Evidence of impact: this report.",
            f"Plan for sustainability: {none} (chapter 15).",
        ),
        numbered=True,
    )
