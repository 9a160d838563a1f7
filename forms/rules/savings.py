"""Savings on four bases that are never added to one another.

B1 so much per enterprise (2017) · B2 price gap to commissioned care · B3 council-funded hours
only · B4 B3 on direct-payment hours and the gap on self-funded hours beside it, not cashable.
Adding two bases counts the same hours twice, so the type refuses. Money is whole pence, half up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from forms.facts.people import ActivityReturn, Enterprise
from forms.rules.pack import AssumptionSet

CAVEAT = (
    "About 70 % of the use in Somerset was paid by people themselves. A saving to the council "
    "exists only where the council would have paid; the rest is value to the people who pay."
)


class Basis(StrEnum):
    """Which sum a savings figure is."""

    B1 = "B1"
    B2 = "B2"
    B3 = "B3"
    B4 = "B4"


_TITLES = {
    Basis.B1: "So much for each enterprise, as in 2017",
    Basis.B2: "Price gap to commissioned care",
    Basis.B3: "Council-funded hours only",
    Basis.B4: "Council-funded hours, and value to self-funders beside them",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Trade:
    """One active enterprise for a savings figure: hours comparable to homecare, and its price."""

    enterprise_id: str
    comparable_hours: Decimal | None  # a week; None = it made no return
    dp_hours: Decimal | None = None  # of them, paid by direct payment
    price_pence: int | None = None  # an hour
    return_id: str = ""
    comparable: bool = True  # its work is comparable to homecare
    observed: bool = True  # False: hours assumed, not returned


@dataclass(frozen=True, slots=True, kw_only=True)
class SavingsResult:
    """A savings figure that knows its basis. Refuses to be added to one on another basis."""

    basis: Basis
    title: str
    low_pence: int
    central_pence: int
    high_pence: int
    cashable_pence: int
    not_cashable_pence: int
    assumption: AssumptionSet
    rates: tuple[tuple[str, str], ...]  # ("commissioned care", "£19.68 an hour")
    rate_date: date
    hours_source: str  # observed | assumed | not used
    reporting: int
    trading: int
    range_words: str
    caveat: str = CAVEAT
    counted: tuple[str, ...] = ()  # ids of the enterprises behind the figure
    left_out: tuple[tuple[str, str], ...] = ()  # (enterprise id, why)

    def __add__(self, other: object) -> SavingsResult:
        """Two parts of one basis under one assumption set; anything else is a TypeError."""
        if not isinstance(other, SavingsResult):
            return NotImplemented
        if other.basis is not self.basis or other.assumption != self.assumption:
            raise TypeError(
                f"{self.basis} and {other.basis} count the same hours on different bases "
                "and are never added."
            )
        if set(self.counted) & set(other.counted):
            raise TypeError("The same enterprise is in both figures; it would count twice.")
        return replace(
            self,
            low_pence=self.low_pence + other.low_pence,
            central_pence=self.central_pence + other.central_pence,
            high_pence=self.high_pence + other.high_pence,
            cashable_pence=self.cashable_pence + other.cashable_pence,
            not_cashable_pence=self.not_cashable_pence + other.not_cashable_pence,
            reporting=self.reporting + other.reporting,
            trading=self.trading + other.trading,
            counted=self.counted + other.counted,
            left_out=self.left_out + other.left_out,
        )

    def __radd__(self, other: object) -> SavingsResult:
        """So that sum() of one basis works; sum() starts from 0."""
        if other == 0 and isinstance(other, int):
            return self
        return NotImplemented


def trade_of(enterprise: Enterprise, returned: ActivityReturn | None) -> Trade:
    """An enterprise and its return as a savings figure sees them."""
    comparable = enterprise.comparable_to_homecare
    if returned is None:
        return Trade(
            enterprise_id=enterprise.id,
            comparable_hours=None,
            price_pence=enterprise.price_pence,
            comparable=comparable,
        )
    price = returned.price_pence if returned.price_pence is not None else enterprise.price_pence
    return Trade(
        enterprise_id=enterprise.id,
        comparable_hours=returned.comparable_hours_week,
        dp_hours=returned.dp_comparable_hours_week,
        price_pence=price,
        return_id=returned.id,
        comparable=comparable,
    )


def savings(assumption: AssumptionSet, trades: Sequence[Trade]) -> list[SavingsResult]:
    """B1 to B4 side by side; a basis whose rates the set does not hold is left out."""
    results = []
    for one in (b1, b2, b3, b4):
        result = one(assumption, trades)
        if result is not None:
            results.append(result)
    return results


def b1(assumption: AssumptionSet, trades: Sequence[Trade]) -> SavingsResult | None:
    """So much a year for each trading enterprise, whatever it does: a count, not hours."""
    each = assumption.per_enterprise_year
    if each is None:
        return None
    count, reporting = len(trades), sum(bool(t.return_id) for t in trades)
    return SavingsResult(
        basis=Basis.B1,
        title=_TITLES[Basis.B1],
        low_pence=_pence(each * reporting),
        central_pence=_pence(each * count),
        high_pence=_pence(each * count),
        cashable_pence=0,
        not_cashable_pence=_pence(each * count),
        assumption=assumption,
        rates=(("each enterprise a year", f"£{each}"),),
        rate_date=assumption.priced_on,
        hours_source="not used",
        reporting=reporting,
        trading=count,
        range_words="Low: only those that made a return. Central and high: all that trade.",
        counted=tuple(t.enterprise_id for t in trades),
    )


def b2(assumption: AssumptionSet, trades: Sequence[Trade]) -> SavingsResult | None:
    """Hours times the gap between commissioned care and each enterprise's own price."""
    rate = assumption.commissioned_rate
    if rate is None:
        return None
    amounts = {
        t.enterprise_id: t.comparable_hours * (rate - _pounds(t.price_pence))
        for t in trades
        if t.comparable and t.comparable_hours and t.price_pence is not None
    }
    rates = (("commissioned care", f"£{rate} an hour"), ("enterprises", "each its own price"))
    return _by_hours(Basis.B2, assumption, trades, amounts, rates, cashable=False)


def b3(assumption: AssumptionSet, trades: Sequence[Trade]) -> SavingsResult | None:
    """Direct-payment hours times the gap between commissioned care and the payment."""
    rate, dp_rate = assumption.commissioned_rate, assumption.dp_rate
    if rate is None or dp_rate is None:
        return None
    amounts = {
        t.enterprise_id: t.dp_hours * (rate - dp_rate)
        for t in trades
        if t.comparable and t.comparable_hours and t.dp_hours is not None
    }
    rates = (
        ("commissioned care", f"£{rate} an hour"),
        ("direct payment", f"£{dp_rate} an hour"),
    )
    return _by_hours(Basis.B3, assumption, trades, amounts, rates, cashable=True)


def b4(assumption: AssumptionSet, trades: Sequence[Trade]) -> SavingsResult | None:
    """B3 on direct-payment hours, and the price gap on the other hours, which is not cashable."""
    rate, dp_rate = assumption.commissioned_rate, assumption.dp_rate
    if rate is None or dp_rate is None:
        return None
    council: dict[str, Decimal] = {}
    own: dict[str, Decimal] = {}
    for t in trades:
        if not (t.comparable and t.comparable_hours) or t.price_pence is None or t.dp_hours is None:
            continue
        council[t.enterprise_id] = t.dp_hours * (rate - dp_rate)
        own[t.enterprise_id] = (t.comparable_hours - t.dp_hours) * (rate - _pounds(t.price_pence))
    rates = (
        ("commissioned care", f"£{rate} an hour"),
        ("direct payment", f"£{dp_rate} an hour"),
        ("self-funded hours", "each its own price; value to self-funders, not cashable"),
    )
    both = {key: council[key] + own[key] for key in council}
    result = _by_hours(Basis.B4, assumption, trades, both, rates, cashable=True)
    aside = _pence(sum(own.values(), Decimal(0)) * assumption.weeks)
    return replace(result, cashable_pence=result.central_pence - aside, not_cashable_pence=aside)


def planned(assumption: AssumptionSet, enterprises: int, hours_week: Decimal) -> int:
    """B2 of a plan, in pence: so many enterprises at so many hours, at the set's own price."""
    if assumption.commissioned_rate is None or assumption.own_price is None:
        raise ValueError(f"The assumption set {assumption.id} has no prices for a plan.")
    gap = assumption.commissioned_rate - assumption.own_price
    return _pence(enterprises * hours_week * assumption.weeks * gap)


def _by_hours(
    basis: Basis,
    assumption: AssumptionSet,
    trades: Sequence[Trade],
    weekly: dict[str, Decimal],
    rates: tuple[tuple[str, str], ...],
    *,
    cashable: bool,
) -> SavingsResult:
    comparable = [t for t in trades if t.comparable]
    total = sum(weekly.values(), Decimal(0))
    central = _pence(total * assumption.weeks)
    low = _pence(total * min(assumption.low_weeks, assumption.weeks))
    silent = sum(t.comparable_hours is None for t in comparable)
    mean = total / len(weekly) if weekly else Decimal(0)
    high = _pence((total + mean * silent) * assumption.weeks)
    return SavingsResult(
        basis=basis,
        title=_TITLES[basis],
        low_pence=min(low, central),
        central_pence=central,
        high_pence=max(high, central),
        cashable_pence=central if cashable else 0,
        not_cashable_pence=0 if cashable else central,
        assumption=assumption,
        rates=rates,
        rate_date=assumption.priced_on,
        hours_source="observed" if all(t.observed for t in trades) else "assumed",
        reporting=len(weekly),
        trading=len(comparable),
        range_words=(
            f"Low: {assumption.low_weeks} weeks a year. Central: {assumption.weeks} weeks. "
            f"High: the {silent} without a return work as the others do."
        ),
        counted=tuple(weekly),
        left_out=_not_comparable(trades)
        + tuple(
            (
                t.enterprise_id,
                "no return" if t.comparable_hours is None else "price or hours missing",
            )
            for t in comparable
            if t.enterprise_id not in weekly
        ),
    )


def _not_comparable(trades: Sequence[Trade]) -> tuple[tuple[str, str], ...]:
    return tuple(
        (t.enterprise_id, "its work is not comparable to homecare")
        for t in trades
        if not t.comparable
    )


def _pounds(pence: int | None) -> Decimal:
    return Decimal(pence or 0) / 100


def _pence(amount: Decimal) -> int:
    return int((amount * 100).quantize(Decimal(1), rounding=ROUND_HALF_UP))
