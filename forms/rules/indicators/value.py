"""I-20: four ways to value the hours, B1 to B4. They overlap and are never added.

Refuses to sum across bases, and to apply a rate without saying whose it is and of which day.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from forms.facts.people import ActivityReturn, Enterprise
from forms.rules.indicators.activity import comparable, not_comparable, price_of
from forms.rules.indicators.model import Figure, LeftOut, Row, Shape, Unit, figure, missing
from forms.rules.indicators.rows import out, row
from forms.rules.indicators.world import World
from forms.rules.pack import AssumptionSet, Pack
from forms.rules.sources import as_sentence

Pair = tuple[Enterprise, ActivityReturn]
NEVER_ADDED = "B1 to B4 value overlapping hours in different ways. They are never added."


def gross_value(world: World) -> tuple[Figure, ...]:
    """I-20: B2 first (the report's main basis), then B3, B4 and B1."""
    if not any(a.id == world.pack.default_assumptions for a in world.pack.assumptions):
        return (missing("B2", Unit.POUNDS, "The programme names no set of rates.", "B2"),)
    rates = world.pack.assumption_set(world.pack.default_assumptions)
    return (_b2(world, rates), _b3(world, rates), _b4(world, rates), _b1(world, rates))


def rates_in_words(pack: Pack, rates: AssumptionSet) -> str:
    """Which rates, of which day."""
    day = f"{rates.priced_on.day} {rates.priced_on:%B %Y}"
    source = as_sentence(pack, rates.source)
    return f"Rates: {rates.title}, priced on {day}, {rates.weeks} weeks. {source}".strip()


def _b1(world: World, rates: AssumptionSet) -> Figure:
    label = "B1 per enterprise"
    each = rates.per_enterprise_year
    if each is None or not world.active:
        return missing(label, Unit.POUNDS, "No value per enterprise, or none active.", "B1")
    kept = [row(enterprise, each) for enterprise in world.active]
    left = [
        out(e, reason)
        for e in world.enterprises
        if (reason := world.why_not_active(e, world.as_of))
    ]
    note = f"A published value of £{each:,.2f} per enterprise and year. {NEVER_ADDED}"
    return figure(label, Shape.SUM, Unit.POUNDS, kept, left_out=left, note=note, key="B1")


def _b2(world: World, rates: AssumptionSet) -> Figure:
    def worth(pair: Pair) -> Decimal | str:
        return _gap(rates, pair, pair[1].comparable_hours_week or Decimal(0))

    return _basis(world, rates, "B2", "B2 price gap to the commissioned rate", worth)


def _b3(world: World, rates: AssumptionSet) -> Figure:
    def worth(pair: Pair) -> Decimal | str:
        hours = pair[1].dp_comparable_hours_week
        return _NO_DP if hours is None else _council_gap(rates, hours)

    return _basis(world, rates, "B3", "B3 council-funded hours only", worth)


def _b4(world: World, rates: AssumptionSet) -> Figure:
    def worth(pair: Pair) -> Decimal | str:
        hours = pair[1].dp_comparable_hours_week
        if hours is None:
            return _NO_DP
        council = _council_gap(rates, hours)
        others = _gap(rates, pair, (pair[1].comparable_hours_week or Decimal(0)) - hours)
        return others if isinstance(others, str) else council + others

    label = "B4 without overlap: B3, plus value to self-funders"
    return _basis(world, rates, "B4", label, worth, "The self-funders' part is not cashable.")


_NO_DP = "The return does not say how many comparable hours are paid by direct payment."


def _gap(rates: AssumptionSet, pair: Pair, hours: Decimal) -> Decimal | str:
    price = price_of(*pair)
    if price is None:
        return "No price an hour is recorded."
    commissioned = rates.commissioned_rate or Decimal(0)
    return hours * (commissioned - Decimal(price) / 100) * rates.weeks


def _council_gap(rates: AssumptionSet, hours: Decimal) -> Decimal:
    commissioned, direct = rates.commissioned_rate or Decimal(0), rates.dp_rate or Decimal(0)
    return hours * (commissioned - direct) * rates.weeks


def _basis(
    world: World,
    rates: AssumptionSet,
    key: str,
    label: str,
    worth: Callable[[Pair], Decimal | str],
    caveat: str = "",
) -> Figure:
    if rates.commissioned_rate is None or (key != "B2" and rates.dp_rate is None):
        return missing(label, Unit.POUNDS, "The set of rates lacks a rate this needs.", key)
    kept: list[Row] = []
    left: list[LeftOut] = not_comparable(world)
    for pair in comparable(world):
        found = worth(pair)
        if isinstance(found, str):
            left.append(out(pair[1], found))
        else:
            kept.append(row(pair[1], found))
    if not kept:
        return missing(label, Unit.POUNDS, "No return has comparable hours.", key)
    note = " ".join(
        part for part in (rates_in_words(world.pack, rates), caveat, NEVER_ADDED) if part
    )
    return figure(label, Shape.SUM, Unit.POUNDS, kept, left_out=left, note=note, key=key)
