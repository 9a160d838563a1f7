"""Annexes A to D: assumptions, data dictionary, register snapshot, seed-fund audit."""

from __future__ import annotations

from decimal import Decimal

from evidence.blocks import Block, Column, Format, Heading, Para, Table, Value, short_date, shown
from evidence.reports.behind import name
from evidence.reports.pictures import seed_chart, seed_of_district
from evidence.reports.reasons import title_of
from evidence.reports.view import View
from forms.facts.money import ClaimLine
from forms.rules.indicators.quality import entries_on, status_on, status_words
from forms.rules.indicators.seed import returned_lines
from forms.rules.sources import in_words


def assumptions(view: View) -> list[Block]:
    """Annex A: every named set of rates, with its day and source."""
    pack = view.dossier.pack

    rows = tuple(
        (a.title, short_date(a.priced_on), a.commissioned_rate, a.dp_rate,
         a.own_price, a.per_enterprise_year, a.weeks)
        for a in pack.assumptions
    )  # fmt: skip
    read = tuple((a.title, in_words(pack, a.source)) for a in pack.assumptions if a.source)
    return [
        Heading(1, "Annex A. Assumptions"),
        Para(
            f"Settings of the programme: {pack.title}, version {pack.version}. Size test: fewer "
            f"than {pack.employee_limit} employees. A full-time equivalent is {pack.fte_hours} "
            "hours a week. Rates are per hour."
        ),
        Table(
            key="assumptions",
            caption="Sets of rates",
            columns=(
                Column("Set", row_header=True, width=1.4),
                Column("Priced on"),
                Column("Commissioned rate", Format.POUNDS),
                Column("Direct payment", Format.POUNDS),
                Column("Own price", Format.POUNDS),
                Column("Per enterprise a year", Format.POUNDS),
                Column("Weeks", Format.COUNT),
            ),
            rows=rows,
        ),
        *([_read_in(read)] if read else []),
    ]


def _read_in(rows: tuple[tuple[Value, ...], ...]) -> Table:
    """Sources are long: beside eight columns of rates each would stand in a strip of words."""
    return Table(
        key="assumption_sources",
        caption="Where these rates were read",
        columns=(Column("Set", row_header=True), Column("Source", width=2.4)),
        rows=rows,
    )


def dictionary(view: View) -> list[Block]:
    """Annex B: all 42 indicators, what they mean and what they show."""
    return [
        Heading(1, "Annex B. Data dictionary"),
        Table(
            key="dictionary",
            caption="The 42 indicators",
            columns=(
                Column("No."),
                Column("Indicator", row_header=True),
                Column("Meaning and formula", width=1.9),
                Column("Figure"),
            ),
            rows=tuple(
                (i.id, i.title, f"{i.definition} {i.formula}.", view.shown(i.main))
                for i in view.indicators.values()
            ),
        ),
    ]


def register(view: View) -> list[Block]:
    """Annex C: the register on the day."""
    main, *others = view.indicators["I-33"].figures
    if main.value is None:
        return [Heading(1, "Annex C. Register snapshot"), Para(main.note)]
    status = Table(
        key="register_status",
        caption="Register entries by status",
        columns=(Column("Status", row_header=True), Column("Entries", Format.COUNT)),
        rows=tuple((f.label, view.count(len(f.rows))) for f in (main, *others)),
        note="Listing means that documents were seen and standards agreed. The council supports "
        "enterprises; it does not inspect or recommend them.",
    )
    blocks: list[Block] = [
        Heading(1, "Annex C. Register snapshot"),
        status,
        *([Para(main.note)] if main.note else []),
        Para(
            "not collected yet."
            if view.figure("I-34").value is None
            else f"{view.shown(view.figure('I-34'))}, out of the published entries with checks "
            "recorded.",
            lead="Every check in date:",
        ),
    ]  # fmt: skip
    if view.published:
        return [*blocks, Para("The published version does not list entries by name.")]
    return [*blocks, _entries(view)]


def _entries(view: View) -> Block:
    dossier = view.dossier
    rows: list[tuple[Value, ...]] = []
    for entry in entries_on(dossier):
        enterprise = dossier.by_id.get(entry.enterprise_id)
        district = dossier.district_name(enterprise.district) if enterprise else ""
        status = status_on(dossier, entry)
        ended = entry.suspended_on if status == "suspended" else None
        until = dossier.as_of  # what came later is not of this day
        both = (entry.published_on, ended)
        days = [short_date(day) if day and day <= until else None for day in both]
        rows.append((name(dossier, entry.enterprise_id), district, status_words(status), *days))
    rows.sort(key=lambda row: str(row[0]).casefold())
    return Table(
        key="register_entries",
        caption="Entries on this day",
        columns=(
            Column("Enterprise", row_header=True, width=1.4),
            Column("District"),
            Column("Status"),
            Column("Published"),
            Column("Suspended"),
        ),
        rows=tuple(rows),
        note="For the programme's own use. Reasons for a suspension are private and not printed.",
    )


def seed_fund(view: View) -> list[Block]:
    """Annex D: every pound of the seed fund."""
    if not view.dossier.pack.envelopes and not view.dossier.lines:
        none = Para("This programme has no seed fund.")
        return [Heading(1, "Annex D. Seed-fund audit"), none]
    blocks: list[Block] = [
        Heading(1, "Annex D. Seed-fund audit"),
        *_envelopes(view),
        Table(
            key="claims",
            caption="Claims: time, approval, rejection",
            columns=(Column("Figure", row_header=True, width=1.4), Column("Value")),
            rows=_claim_rows(view),
        ),
    ]
    if view.published:
        return [*blocks, Para("Single payments and rejected lines are not listed in the published "
                              "version.")]  # fmt: skip
    return [*blocks, _paid(view), _rejected(view)]


def _envelopes(view: View) -> list[Block]:
    if not view.dossier.pack.envelopes:
        return []
    return [seed_of_district(view) if view.dossier.area else seed_chart(view)]


def _claim_rows(view: View) -> tuple[tuple[Value, ...], ...]:
    """Time, approval, money; then rejected lines by reason, hidden together."""
    figures = view.indicators["I-27"].figures
    first = [f for f in figures if f.key in ("main", "approved", "rejected_pounds")]
    codes = [f for f in figures if f not in first]
    rows: list[tuple[Value, ...]] = [(f.label, view.shown(f)) for f in first]
    for figure, cell in zip(codes, view.parts(codes), strict=True):
        rows.append((f"Lines not paid: {title_of(figure.key)}", shown(cell, Format.COUNT)))
    return tuple(rows)


def _paid(view: View) -> Block:
    dossier = view.dossier
    lines = sorted(dossier.paid_lines, key=lambda x: (x.paid_on or dossier.as_of, x.id))
    total = sum(line.pence for line in lines)
    back = frozenset(line.id for line in returned_lines(dossier))
    return Table(
        key="payments",
        caption="Payments, in the order they were made",
        columns=(
            Column("Paid on"),
            Column("Envelope"),
            Column("Enterprise", row_header=True, width=1.3),
            Column("What for", width=1.3),
            Column("Category"),
            Column("Pounds", Format.POUNDS),
            Column("Evidence"),
        ),
        rows=tuple(_payment(view, line, came_back=line.id in back) for line in lines),
        total=("All", "", "", "", "", Decimal(total) / 100, "") if lines else None,
    )


def _payment(view: View, line: ClaimLine, *, came_back: bool) -> tuple[Value, ...]:
    dossier = view.dossier
    day = line.paid_on or dossier.as_of
    envelope = next((e.id for e in dossier.pack.envelopes if e.starts <= day <= e.ends), "none")
    seen = line.evidenced_on is not None and line.evidenced_on <= dossier.as_of
    evidence = "came back" if came_back else "seen" if seen else "not yet"
    return (
        short_date(day), envelope, name(dossier, line.enterprise_id), line.what,
        _CATEGORY.get(line.category, line.category), Decimal(line.pence) / 100,
        evidence,
    )  # fmt: skip


def _rejected(view: View) -> Block:
    dossier = view.dossier
    return Table(
        key="rejections",
        caption="Lines not paid, with the reason",
        columns=(
            Column("Enterprise", row_header=True, width=1.3),
            Column("What for", width=1.3),
            Column("Pounds", Format.POUNDS),
            Column("Reason", width=1.3),
        ),
        rows=tuple(
            (name(dossier, x.enterprise_id), x.what, Decimal(x.pence) / 100,
             title_of(x.code))
            for x in dossier.rejected_lines
        ),
    )  # fmt: skip


_CATEGORY = {
    "EQUIP": "Equipment",
    "LICENCE_REG": "Licence or registration",
    "VENUE_INITIAL": "First venue hire",
    "OTHER_BARRIER": "Another barrier",
}
