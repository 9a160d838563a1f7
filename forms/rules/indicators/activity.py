"""I-11 to I-19 and I-28: what active enterprises told in their latest returns.

Refuses to fill a gap: a return without the answer is left out by name, never taken as zero.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from forms.facts.people import ActivityReturn, Enterprise
from forms.rules.indicators.model import Figure, LeftOut, Row, Shape, Unit, figure, missing
from forms.rules.indicators.pathway_counts import ONE_DISTRICT, row_of_target, target_on
from forms.rules.indicators.rows import NOT_ACTIVE, from_returns, not_reporting, out, row, rows
from forms.rules.indicators.world import World
from forms.rules.sources import as_sentence

_NO_RETURN = "No return has been received for a period ending in the last 92 days."
_ONCE_EACH = (
    "Counted within each enterprise. Somebody who is helped by two enterprises counts twice."
)


def _sum(
    world: World,
    label: str,
    unit: Unit,
    value: Callable[[ActivityReturn], Decimal | int | None],
    note: str = "",
    key: str = "main",
) -> Figure:
    kept, left = from_returns(world, value, "The return does not say.")
    if not kept:
        return missing(label, unit, _NO_RETURN, key)
    return figure(label, Shape.SUM, unit, kept, left_out=left, note=note, key=key)


def hours(world: World) -> tuple[Figure, ...]:
    """I-11, with the direct-payment hours and the comparable hours in it."""
    covered = f"From {len(world.reporting)} of {len(world.active)} active enterprises."
    return (
        _sum(world, "Hours a week", Unit.HOURS, lambda r: r.hours_week, covered),
        _sum(
            world, "Of them paid by direct payment", Unit.HOURS, lambda r: r.dp_hours_week, key="dp"
        ),
        comparable_hours(world),
        comparable_dp_hours(world),
    )


def coverage(world: World) -> tuple[Figure, ...]:
    """I-12."""
    label = "Return coverage"
    if not world.active:
        return (missing(label, Unit.PERCENT, "No enterprise is active."),)
    left = [e for e in not_reporting(world) if not e.reason.startswith(NOT_ACTIVE)]
    reporting = rows(enterprise for enterprise, _ in world.reporting)
    below = rows(world.active)
    return (figure(label, Shape.SHARE, Unit.PERCENT, reporting, denominator=below, left_out=left),)


def people(world: World) -> tuple[Figure, ...]:
    """I-13."""
    return (_sum(world, "People supported", Unit.PEOPLE, lambda r: r.people, _ONCE_EACH),)


def means(world: World) -> tuple[Figure, ...]:
    """I-14."""
    return (
        _mean(world, "Hours a week per enterprise", Unit.HOURS, lambda r: r.hours_week, "hours"),
        _mean(world, "People per enterprise", Unit.PEOPLE, lambda r: r.people, "people"),
    )


def _mean(
    world: World,
    label: str,
    unit: Unit,
    value: Callable[[ActivityReturn], Decimal | int | None],
    key: str,
) -> Figure:
    kept, left = from_returns(world, value, "The return does not say.")
    if not kept:
        return missing(label, unit, _NO_RETURN, key)
    each = [row(item) for _, item in world.reporting if value(item) is not None]
    return figure(label, Shape.RATE, unit, kept, denominator=each, left_out=left, key=key)


def hours_target(world: World) -> tuple[Figure, ...]:
    """I-15."""
    label, target = "Share of the hours target", target_on(world)
    if world.area:
        return (missing(label, Unit.PERCENT, ONE_DISTRICT),)
    if target is None or not target.hours_week:
        return (missing(label, Unit.PERCENT, "This programme has no target for hours."),)
    kept, left = from_returns(world, lambda r: r.hours_week, "The return does not say.")
    if not kept:
        return (missing(label, Unit.PERCENT, _NO_RETURN),)
    below = [row_of_target(target, target.hours_week)]
    source = as_sentence(world.pack, target.source)
    note = f"Target for year {target.year}: {target.hours_week} hours a week. {source}"
    return (
        figure(
            label,
            Shape.SHARE,
            Unit.PERCENT,
            kept,
            denominator=below,
            left_out=left,
            note=note.strip(),
        ),
    )


def dp_share(world: World) -> tuple[Figure, ...]:
    """I-16: only returns that say both."""
    told = [
        r for _, r in world.reporting if r.hours_week is not None and r.dp_hours_week is not None
    ]
    label = "Direct-payment share of hours"
    if not told:
        return (missing(label, Unit.PERCENT, _NO_RETURN),)
    left = not_reporting(world) + _silent(world, told)
    above = [row(r, r.dp_hours_week or 0) for r in told]
    below = [row(r, r.hours_week or 0) for r in told]
    return (figure(label, Shape.SHARE, Unit.PERCENT, above, denominator=below, left_out=left),)


def close_to_home(world: World) -> tuple[Figure, ...]:
    """I-31: within five miles, then on foot or by cycle."""
    near, foot = "Hours within five miles of home", "Hours reached on foot or by cycle"
    return (
        _part_of_hours(world, near, lambda r: r.local_hours_week, "main"),
        _part_of_hours(world, foot, lambda r: r.on_foot_hours_week, "on_foot"),
    )


def _part_of_hours(
    world: World, label: str, part: Callable[[ActivityReturn], Decimal | None], key: str
) -> Figure:
    told = [r for _, r in world.reporting if r.hours_week is not None and part(r) is not None]
    if not told:
        return missing(label, Unit.PERCENT, "No return says how near to home the work is.", key)
    left = not_reporting(world) + _silent(world, told)
    above = [row(r, part(r) or 0) for r in told]
    below = [row(r, r.hours_week or 0) for r in told]
    return figure(
        label, Shape.SHARE, Unit.PERCENT, above, denominator=below, left_out=left, key=key
    )


def dp_enterprises(world: World) -> tuple[Figure, ...]:
    """I-17."""
    told = [r for _, r in world.reporting if r.dp_hours_week is not None]
    label = "Enterprises with direct-payment hours"
    if not told:
        return (missing(label, Unit.PERCENT, _NO_RETURN),)
    left = not_reporting(world) + _silent(world, told)
    above = rows(r for r in told if r.dp_hours_week)
    return (figure(label, Shape.SHARE, Unit.PERCENT, above, denominator=rows(told), left_out=left),)


def self_funders(world: World) -> tuple[Figure, ...]:
    """I-18."""
    told = [
        r for _, r in world.reporting if r.people_self_funding is not None and r.people is not None
    ]
    label = "Self-funder share of people"
    if not told:
        why = "No return says how many people pay privately."
        return (missing(label, Unit.PERCENT, why),)
    left = not_reporting(world) + _silent(world, told)
    above = [row(r, r.people_self_funding or 0) for r in told]
    below = [row(r, r.people or 0) for r in told]
    share = figure(label, Shape.SHARE, Unit.PERCENT, above, denominator=below, left_out=left)
    return (share,)


def _silent(world: World, told: list[ActivityReturn]) -> list[LeftOut]:
    known = {item.id for item in told}
    return [out(r, "The return does not say.") for _, r in world.reporting if r.id not in known]


def comparable(world: World) -> list[tuple[Enterprise, ActivityReturn]]:
    """Reporting enterprises whose work is comparable to homecare and whose return says how much."""
    return [
        (enterprise, item)
        for enterprise, item in world.reporting
        if enterprise.comparable_to_homecare and item.comparable_hours_week is not None
    ]


def not_comparable(world: World) -> list[LeftOut]:
    """Who is left out of the savings figures, and why."""
    left = not_reporting(world)
    for enterprise, item in world.reporting:
        if not enterprise.comparable_to_homecare:
            left.append(out(enterprise, "Its work is not comparable to homecare."))
        elif item.comparable_hours_week is None:
            left.append(out(item, "The return does not say how many hours are comparable."))
    return left


def comparable_hours(world: World) -> Figure:
    """Hours that a homecare service could have delivered."""
    kept = [row(r, r.comparable_hours_week or 0) for _, r in comparable(world)]
    label = "Of them comparable to homecare"
    if not kept:
        return missing(label, Unit.HOURS, _NO_RETURN, "comparable")
    left = not_comparable(world)
    return figure(label, Shape.SUM, Unit.HOURS, kept, left_out=left, key="comparable")


def comparable_dp_hours(world: World) -> Figure:
    """Comparable hours that are paid by direct payment."""
    told = [r for _, r in comparable(world) if r.dp_comparable_hours_week is not None]
    label = "Comparable and paid by direct payment"
    if not told:
        return missing(label, Unit.HOURS, _NO_RETURN, "comparable_dp")
    left = not_comparable(world) + _dp_silent(world)
    kept = [row(r, r.dp_comparable_hours_week or 0) for r in told]
    return figure(label, Shape.SUM, Unit.HOURS, kept, left_out=left, key="comparable_dp")


def _dp_silent(world: World) -> list[LeftOut]:
    return [
        out(r, "The return does not say how many comparable hours are paid by direct payment.")
        for _, r in comparable(world)
        if r.dp_comparable_hours_week is None
    ]


def price_of(enterprise: Enterprise, item: ActivityReturn) -> int | None:
    """The price an hour in pence: the return's own, else the enterprise's usual one."""
    return item.price_pence if item.price_pence is not None else enterprise.price_pence


def weighted_price(world: World) -> tuple[Figure, ...]:
    """I-19."""
    label = "Weighted price an hour"
    above, below = [], []
    left = not_comparable(world)
    for enterprise, item in comparable(world):
        price = price_of(enterprise, item)
        if price is None:
            left.append(out(item, "No price an hour."))
            continue
        hours_week = item.comparable_hours_week or Decimal(0)
        above.append(row(item, hours_week * price / 100))
        below.append(row(item, hours_week))
    if not below:
        return (missing(label, Unit.POUNDS_AN_HOUR, _NO_RETURN),)
    note = "Prices of the returns' own period. A rate from another year is never shown as current."
    return (
        figure(
            label,
            Shape.RATE,
            Unit.POUNDS_AN_HOUR,
            above,
            denominator=below,
            left_out=left,
            note=note,
        ),
    )


def jobs(world: World) -> tuple[Figure, ...]:
    """I-28: headcount and full-time equivalents."""
    why = "No return says how many people are paid."
    heads, left = from_returns(world, lambda r: r.paid_people, "The return does not say.")
    first = (
        figure("People paid", Shape.SUM, Unit.PEOPLE, heads, left_out=left, key="headcount")
        if heads
        else missing("People paid", Unit.PEOPLE, why, "headcount")
    )
    full = world.pack.fte_hours
    kept, left = from_returns(world, lambda r: r.paid_hours_week, "The return does not say.")
    label = "Full-time equivalents"
    if not kept or not full:
        return first, missing(label, Unit.FTE, "No return says how many hours are paid.", "fte")
    one = [Row(kind="setting", record_id="fte_hours", value=full)]
    fte = figure(label, Shape.RATE, Unit.FTE, kept, denominator=one, left_out=left, key="fte")
    return first, fte
