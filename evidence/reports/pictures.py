"""The report's charts, each with its table. Numbers come from the same figures as the text."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from evidence.blocks import (
    HIDDEN,
    Chart,
    Column,
    Format,
    Hidden,
    Table,
    Value,
    short_date,
    shown,
    without_empty_columns,
)
from evidence.charts import Bar, Point, Stack, bars, line_against_steps, stacks
from evidence.reports.view import View
from evidence.suppress import small
from forms.rules.calendar import add_calendar_months
from forms.rules.indicators.seed import Money, money_of, money_outside
from forms.rules.indicators.world import World
from forms.rules.pack import Target
from forms.values import pounds


def quarter_ends(start: date, end: date) -> list[date]:
    """The last days of the calendar quarters from start to end, and the end itself."""
    days = []
    day = date(start.year, 1, 1)
    while (last := add_calendar_months(day, 3) - timedelta(days=1)) < end:
        if last >= start:
            days.append(last)
        day = add_calendar_months(day, 3)
    return [*days, end]


_TRADING = (
    Column("Day", row_header=True),
    Column("Active", Format.COUNT),
    Column("Target of the year", Format.COUNT),
    Column("Returns used", Format.COUNT),
    Column("Hours a week", Format.HOURS),
)


def trading_chart(view: View) -> Chart:
    """Active enterprises at the end of each quarter against the targets."""
    dossier, pack = view.dossier, view.dossier.pack
    start = min(pack.programme_starts, dossier.as_of)
    days = quarter_ends(start, dossier.as_of)
    targets = [] if dossier.area else [t for t in pack.targets if t.enterprises]
    finish = max([dossier.as_of, *(t.ends for t in targets)])
    span = max((finish - start).days, 1)
    worlds = [replace(dossier, as_of=day) for day in days]
    counts = [len(world.active) for world in worlds]
    rows: list[tuple[Value, ...]] = []
    for day, world, count in zip(days, worlds, counts, strict=True):
        hours = [r.hours_week for _, r in world.reporting if r.hours_week is not None]
        told = len(world.reporting)
        shy = view.published and (small(told, view.below) or small(len(hours), view.below))
        rows.append(
            (short_date(day), view.count(count), _target(world), view.count(told),
             HIDDEN if shy else (sum(hours, Decimal(0)) if hours else None))
        )  # fmt: skip
    points = [
        Point((day - start).days / span, count, short_date(day) if at in (0, len(days) - 1) else "")
        for at, (day, count) in enumerate(zip(days, counts, strict=True))
        if not isinstance(view.count(count), Hidden)
    ]
    steps = [
        (max((t.starts - start).days, 0) / span, (t.ends - start).days / span, t.enterprises or 0,
         f"Year {t.year} target: {t.enterprises}")
        for t in targets
        if t.ends > start
    ]  # fmt: skip
    table = Table(
        key="trading",
        caption="Active enterprises and reported hours at the end of each quarter"
        if dossier.area
        else "Active enterprises, target and reported hours at the end of each quarter",
        columns=_TRADING,
        rows=tuple(rows),
        note="Worked out for each day from dated records. An enterprise that is suspended now is "
        "left out from the day of its suspension.",
    )
    shown_too = "; dashed steps show each year's target" if steps else ""
    return Chart(
        caption="Active enterprises against the target" if steps else "Active enterprises",
        alt=f"A line of active enterprises from {short_date(start)}, ending at "
        f"{_last(view, counts)} on {short_date(dossier.as_of)}{shown_too}. "
        "The table has the numbers.",
        drawing=line_against_steps(points, steps),
        table=without_empty_columns(table) if dossier.area else table,
    )


def _last(view: View, counts: list[int]) -> str:
    value = view.count(counts[-1])
    return "a number that is not shown" if isinstance(value, Hidden) else str(value)


def _target(world: World) -> int | None:
    if world.area:  # a target is for the whole programme
        return None
    running = [t for t in world.pack.targets if t.starts <= world.as_of <= t.ends]
    found: Target | None = running[0] if running else None
    return found.enterprises if found else None


def hours_by_district(table: Table, reporting: Collection[str]) -> Chart:
    """Bars of the hours column; a hidden row stays hidden, one that told none says so.

    `reporting` are the districts with a return that counts: it may leave its hours out.
    """
    items = []
    for row in table.rows:
        value = row[3]
        if isinstance(value, Decimal | int):
            items.append(Bar(str(row[0]), value, shown(value, Format.HOURS)))
        else:
            name = str(row[0])
            sent = "hours not told" if name in reporting else "no return"
            silent = sent if row[2] else "none active"
            words = silent if value is None else HIDDEN.words
            items.append(Bar(str(row[0]), None, words))
    return Chart(
        caption="Hours of support a week, by district",
        alt="Bars, one a district, of the hours a week that active enterprises reported. The "
        "table has the numbers.",
        drawing=bars(items),
        table=table,
    )


_ENVELOPES = (
    Column("Envelope", row_header=True, width=1.3),
    Column("Budget", Format.POUNDS),
    Column("Paid", Format.POUNDS),
    Column("Paid, share", Format.PERCENT),
    Column("Came back", Format.POUNDS),
    Column("Not yet paid", Format.POUNDS),
    Column("Lapsed", Format.POUNDS),
    Column("Spend by"),
)


def _came_back(money: Money) -> Decimal | None:
    return Decimal(money.came_back) / 100 if money.came_back else None


def figures_table(
    key: str, caption: str, rows: Sequence[tuple[Value, ...]], note: str = ""
) -> Table:
    """(indicator, figure, what there is to know of it); no column of notes where there is none."""
    return without_empty_columns(
        Table(
            key=key,
            caption=caption,
            columns=(
                Column("Indicator", row_header=True),
                Column("Figure"),
                Column("Note", width=1.5),
            ),
            rows=tuple(rows),
            note=note,
        )
    )


def money_words(money: Money, of: str = "") -> str:
    """What was paid, `of` how much, and what became of it; of nothing nothing is said."""
    words = f"£{Decimal(pounds(money.paid)):,} paid{of}"
    if money.came_back:
        words += f", £{Decimal(pounds(money.came_back)):,} of it came back"
    if money.lapsed is not None:
        words += f", £{Decimal(pounds(money.lapsed)):,} lapsed"
    return words


def seed_of_district(view: View) -> Table:
    """What was paid to one district of each envelope: the budgets are the programme's."""
    dossier = view.dossier
    rows: list[tuple[Value, ...]] = []
    for envelope in dossier.pack.envelopes:
        money = money_of(dossier, envelope)
        name = f"{envelope.id}: {envelope.title}"
        rows.append((name, Decimal(money.paid) / 100, _came_back(money)))
    stray = money_outside(dossier)
    if stray.paid:
        rows.append(("Outside every envelope", Decimal(stray.paid) / 100, _came_back(stray)))
    return without_empty_columns(
        Table(
            key="seed_envelopes",
            caption="Seed money paid in this district, by envelope",
            columns=tuple(c for c in _ENVELOPES if c.title in ("Envelope", "Paid", "Came back")),
            rows=tuple(rows),
            note="Budgets, and what lapsed of them, are those of the whole programme.",
        )
    )


def seed_chart(view: View) -> Chart:
    """Paid, left and lapsed money of each envelope."""
    dossier = view.dossier
    items: list[Stack] = []
    rows: list[tuple[Value, ...]] = []
    for envelope in dossier.pack.envelopes:
        money = money_of(dossier, envelope)
        words = money_words(money, f" of £{envelope.pence / 100:,.0f}")
        items.append(Stack(_envelope_name(envelope.id, envelope.starts, envelope.ends),
                           envelope.pence, money.kept, money.lapsed or 0, words))  # fmt: skip
        left = None if money.lapsed is not None else Decimal(envelope.pence - money.kept) / 100
        rows.append(
            (f"{envelope.id}: {envelope.title}", Decimal(envelope.pence) / 100,
             Decimal(money.paid) / 100,
             Decimal(100) * money.paid / envelope.pence if envelope.pence else None,
             _came_back(money), left,
             None if money.lapsed is None else Decimal(money.lapsed) / 100,
             None if envelope.spend_by is None else short_date(envelope.spend_by))
        )  # fmt: skip
    stray = money_outside(dossier)
    if stray.paid:
        rows.append(
            ("Outside every envelope", None, Decimal(stray.paid) / 100, None, _came_back(stray),
             None, None, None)
        )  # fmt: skip
    table = without_empty_columns(
        Table(
            key="seed_envelopes",
            caption="Seed fund by envelope",
            columns=_ENVELOPES,
            rows=tuple(rows),
            note="A line counts in the envelope of the day it was paid. Money unspent after its "
            "spend-by day lapses and does not move to the next envelope. Budget = paid, less what "
            "came back, and what is not yet paid or lapsed.",
        )
    )
    return Chart(
        caption="Seed fund: paid, left and lapsed",
        alt="One bar an envelope: the part paid is filled, the part that lapsed is shaded. The "
        "table has the amounts.",
        drawing=stacks(items, ("Paid", "Lapsed", "Not yet paid")),
        table=table,
    )


def _envelope_name(key: str, starts: date, ends: date) -> str:
    if starts.year == ends.year:
        return f"{key}  {starts:%b}–{ends:%b %Y}"
    return f"{key}  {starts:%b %Y}–{ends:%b %Y}"


def price_chart(view: View) -> Chart | None:
    """The programme's weighted price beside the rates it is compared with."""
    price = view.figure("I-19")
    pack = view.dossier.pack
    if price.value is None or view.is_hidden(price):
        return None
    rates = pack.assumption_set(pack.default_assumptions)
    year, day = rates.priced_on.year, short_date(view.dossier.as_of)
    items = [
        ("Commissioned homecare", rates.commissioned_rate, f"{rates.title}", False),
        ("Programme, weighted", Decimal(price.value), "Returns of this programme", True),
        ("Micro-enterprise price", rates.own_price, f"{rates.title}", False),
        ("Direct-payment rate", rates.dp_rate, f"{rates.title}", False),
    ]  # fmt: skip
    known = [(name, value, source, strong) for name, value, source, strong in items if value]
    if len(known) < 2:
        return None
    table = Table(
        key="prices",
        caption="Prices and rates an hour",
        columns=(
            Column("Price or rate", row_header=True),
            Column("An hour", Format.POUNDS),
            Column("Whose", width=1.4),
            Column("Of"),
        ),
        rows=tuple(
            (name, value, source, day if strong else f"{rates.priced_on:%B %Y}")
            for name, value, source, strong in known
        ),
        note=f"Rates priced in {year} are kept to compare with the papers. They are not current.",
    )
    drawing = bars([Bar(name, value, f"£{value:,.2f}", strong) for name, value, _, strong in known])
    return Chart(
        caption="Price an hour beside the rates it is compared with",
        alt="Bars of the commissioned rate, the programme's weighted price, the published "
        "micro-enterprise price and the direct-payment rate. The table has the amounts.",
        drawing=drawing,
        table=table,
    )
