"""Chapters 9 to 11: value in four bases that are never added, the economy, direct payments."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

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
    without_empty_columns,
)
from evidence.reports.pictures import figures_table, price_chart
from evidence.reports.view import View
from evidence.suppress import small
from forms.rules.indicators import Figure
from forms.rules.indicators.pathway_counts import target_on
from forms.rules.indicators.value import NEVER_ADDED, rates_in_words
from forms.rules.pack import AssumptionSet
from forms.rules.savings import SavingsResult, planned, savings, trade_of

_BASES = ("B1", "B2", "B3", "B4")
_CASHABLE = {
    "B1": "No: a published value",
    "B2": "Only where the council would have paid",
    "B3": "Yes, where a budget can fall by it",
    "B4": "Its B3 part; the rest is value to self-funders",
}
_COMPARE_HOURS = (
    ("33 hours, as in Somerset", "33"),
    ("12.625 hours, as in Westmorland and Furness", "12.625"),
    ("6 hours, as Cambridgeshire planned", "6"),
)


def financial(view: View) -> list[Block]:
    """Chapter 9: B1 to B4 with ranges."""
    pack = view.dossier.pack
    rates = next((a for a in pack.assumptions if a.id == pack.default_assumptions), None)
    if rates is None:
        return [
            Heading(1, "9. Financial value"),
            Para("The programme's settings name no set of rates, so no value is worked out."),
        ]
    chart = price_chart(view)
    return [
        Heading(1, "9. Financial value"),
        Caveat(
            "Four bases, never added",
            (
                NEVER_ADDED + " Choose the one that answers your question and name it.",
                "About 70% of the support in Somerset was paid for by the people themselves. What "
                "they save is value to them; no council budget falls by it.",
                rates_in_words(view.dossier.pack, rates),
            ),
        ),
        _bases(view, rates),
        view.rows_behind("I-20", "B2"),
        view.rows_behind("I-20", "B3"),
        _inputs(view, rates),
        *([chart] if chart else []),
        *_what_if(view, rates),
        Para(
            f"Cost per active enterprise, return on spending and the break-even week: "
            f"{view.indicators['I-21'].shown}. {view.indicators['I-21'].note}",
            lead="Not worked out.",
        ),
    ]


def _bases(view: View, rates: AssumptionSet) -> Block:
    results = _savings(view, rates)
    rows: list[tuple[Value, ...]] = []
    for key in _BASES:
        figure = view.figure("I-20", key)
        result = results.get(key)
        if result is None or figure.value is None:
            rows.append((figure.label, None, None, None, None, _CASHABLE[key], 0))
            continue
        amounts = (result.low_pence, result.central_pence, result.high_pence, result.cashable_pence)
        cells = [_cell(view, figure, Decimal(amount) / 100) for amount in amounts]
        if key == "B2":
            cells[3] = None  # the council would have paid for some of it: how much is not known
        if view.published and small(len(view.dossier.active) - len(view.dossier.reporting)):
            cells[0 if key == "B1" else 2] = HIDDEN
        rows.append((figure.label, *cells, _CASHABLE[key], view.count(len(figure.rows))))
    return Table(
        key="value",
        caption="Value in a year, on four bases that are never added",
        columns=(
            Column("Basis", row_header=True, width=1.3),
            Column("Low", Format.POUNDS),
            Column("Central", Format.POUNDS),
            Column("High", Format.POUNDS),
            Column("Could be cashable", Format.POUNDS),
            Column("Can a budget fall by it?", width=1.2),
            Column("Counted", Format.COUNT),
        ),
        rows=tuple(rows),
        note=f"B1: low counts only those that made a return. B2 to B4: low {rates.low_weeks} weeks "
        f"a year, central {rates.weeks} weeks; high takes those without a return to be like the "
        "others. A dash: how much of it is not known.",
    )


def _cell(view: View, figure: Figure, value: Decimal | int | None) -> Value:
    return HIDDEN if view.is_hidden(figure) else value


def _savings(view: View, rates: AssumptionSet) -> dict[str, SavingsResult]:
    """The rules' own results, for the range and what could be cashable."""
    dossier = view.dossier
    trades = [trade_of(e, dossier.latest_returns.get(e.id)) for e in dossier.active]
    return {result.basis.value: result for result in savings(rates, trades)}


def _pence(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def _inputs(view: View, rates: AssumptionSet) -> Block:
    comparable = view.figure("I-11", "comparable")
    direct = view.figure("I-11", "comparable_dp")
    return Table(
        key="value_inputs",
        caption="What the value is worked out from",
        columns=(
            Column("Input", row_header=True, width=1.2),
            Column("Value"),
            Column("Where from", width=1.4),
        ),
        rows=(
            ("Hours a week comparable to homecare", view.shown(comparable), "Latest returns"),
            ("Of them paid by direct payment", view.shown(direct), "Latest returns"),
            ("Weighted own price", view.shown(view.figure("I-19")), "Latest returns"),
            ("Commissioned rate", _rate(rates.commissioned_rate), rates.title),
            ("Direct-payment rate", _rate(rates.dp_rate), rates.title),
            ("Weeks in a year", str(rates.weeks), "Setting of the programme"),
        ),
        note="Only work that is comparable to homecare counts: a council would otherwise have "
        "bought it. Groups, meals, gardening and the like are not valued here.",
    )


def _rate(value: Decimal | None) -> str:
    return "not set" if value is None else f"£{value:,.2f} an hour"


def _what_if(view: View, rates: AssumptionSet) -> list[Block]:
    """The target's value depends on hours per enterprise more than on anything else."""
    target = target_on(view.dossier)
    if (
        view.dossier.area  # the target is for the whole programme
        or target is None
        or not target.enterprises
        or None in (rates.commissioned_rate, rates.own_price)
    ):
        return []
    gap = (rates.commissioned_rate or Decimal(0)) - (rates.own_price or Decimal(0))
    rows: list[tuple[Value, ...]] = [
        (words, Decimal(planned(rates, target.enterprises, Decimal(hours))) / 100)
        for words, hours in _COMPARE_HOURS
    ]
    mean = view.figure("I-14", "hours")
    if mean.value is not None and not view.is_hidden(mean):
        own = _pence(target.enterprises * Decimal(mean.value) * rates.weeks * gap)
        rows.append((f"{mean.value} hours, as this programme reports for all its work", own))
    return [
        Table(
            key="what_if",
            caption=f"If the target of year {target.year} ({target.enterprises} enterprises) were "
            "met: B2 by hours per enterprise",
            columns=(
                Column("Hours a week per enterprise", row_header=True),
                Column("B2 in a year", Format.POUNDS),
            ),
            rows=tuple(rows),
            note=f"A price gap of £{gap:,.2f} an hour, {rates.weeks} weeks. An illustration: "
            "it shows how much depends on hours, and is no forecast.",
        )
    ]


def economic(view: View) -> list[Block]:
    """Chapter 10: jobs, retention, local spending."""
    jobs = view.indicators["I-28"].figures
    rows = [(f.label, view.shown(f), f.note) for f in jobs]
    rows += [
        (view.indicators[n].title, view.indicators[n].shown, view.indicators[n].note)
        for n in ("I-29", "I-31", "I-32")
    ]
    return [
        Heading(1, "10. Economy: jobs and local spending"),
        figures_table(
            "economy",
            "Jobs, retention, place",
            rows,
            "A job is a person paid for at least one hour a week. A sole trader's own work counts "
            "only when the return says so.",
        ),
        Para(
            "How much of the income is spent again in the area is not collected yet: it needs a "
            "survey of what enterprises spend and where."
        ),
    ]


def direct_payments(view: View) -> list[Block]:
    """Chapter 11: the culture of direct payments."""
    ids = ("I-16", "I-17", "I-18", "I-22")
    rows = tuple(
        (view.indicators[n].title, view.shown(view.figure(n)),
         view.indicators[n].compare_with or "—", view.figure(n).note)
        for n in ids
    )  # fmt: skip
    return [
        Heading(1, "11. Culture: direct payments and choice"),
        without_empty_columns(
            Table(
                key="direct_payments",
                caption="Who pays, and how",
                columns=(
                    Column("Indicator", row_header=True, width=1.2),
                    Column("This programme"),
                    Column("Published elsewhere"),
                    Column("Note", width=1.2),
                ),
                rows=rows,
            )
        ),
        view.rows_behind("I-16"),
        Para(
            "A rise in the number of people who choose a direct payment cannot be seen in these "
            "records: it needs the council's own figures before and after.",
        ),
    ]
