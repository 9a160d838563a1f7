"""Savings on four bases: the twelve cases' figures, and that bases are never added."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.facts.people import ActivityReturn
from forms.rules.savings import CAVEAT, Basis, Trade, b1, b2, b3, b4, planned, savings, trade_of
from forms.values import pounds
from tests.forms.rules.making import CAMBS, KENT, cases, enterprise

STORY = cases("twelve_cases.toml")
SOMERSET = KENT.assumption_set("Somerset-2020")
CAMBRIDGE = CAMBS.assumption_set("Cambs-2020")


def trades(active_only=True):
    out = []
    for told in STORY["enterprise"]:
        if active_only and "suspended_on" in told:
            continue
        person = enterprise(
            id=told["case"],
            comparable_to_homecare=told["comparable_hours"] > 0,
            price_pence=told["price_pence"],
        )
        returned = ActivityReturn(
            id=f"r-{told['case']}",
            enterprise_id=person.id,
            period_from=date(2023, 1, 1),
            period_to=date(2023, 3, 31),
            hours_week=Decimal(told["hours"]),
            comparable_hours_week=Decimal(told["comparable_hours"]),
            dp_hours_week=Decimal(told["dp_hours"]),
            dp_comparable_hours_week=Decimal(told["dp_comparable_hours"]),
            people=told["people"],
        )
        out.append(trade_of(person, returned))
    return out


def test_the_twelve_cases_come_to_the_expected_savings():
    results = {result.basis: result for result in savings(SOMERSET, trades())}
    assert list(results) == [Basis.B1, Basis.B2, Basis.B3, Basis.B4]
    assert pounds(results[Basis.B2].central_pence) == STORY["expected"]["b2_pounds"]
    assert pounds(results[Basis.B3].central_pence) == STORY["expected"]["b3_pounds"]
    assert pounds(results[Basis.B1].central_pence) == "42097.50"  # ten times £4,209.75
    assert results[Basis.B2].counted == ("K01", "K02", "K05", "K06a", "K06b")
    assert results[Basis.B2].reporting == results[Basis.B2].trading == 5


@pytest.mark.parametrize(
    ("case", "amount"),
    [("K01", "3444.48"), ("K02", "6864.00"), ("K05", "2433.60"), ("K06a", "3637.92"),
     ("K06b", "2480.40")],
)  # fmt: skip
def test_each_enterprise_has_its_own_gap(case, amount):
    one = [trade for trade in trades() if trade.enterprise_id == case]
    assert pounds(b2(SOMERSET, one).central_pence) == amount


def test_b4_keeps_what_is_not_cashable_apart():
    result = b4(SOMERSET, trades())
    council = b3(SOMERSET, trades()).central_pence
    assert result.cashable_pence == council
    # 53 self-funded hours at each one's own gap to £19.68
    assert pounds(result.not_cashable_pence) == "10491.52"
    assert result.central_pence == council + result.not_cashable_pence


def test_bases_are_never_added():
    two, three = b2(SOMERSET, trades()), b3(SOMERSET, trades())
    with pytest.raises(TypeError, match="never added"):
        two + three
    with pytest.raises(TypeError):
        sum([two, three])
    with pytest.raises(TypeError):
        two + 100
    with pytest.raises(TypeError):
        100 + two


def test_parts_of_one_basis_may_be_added_once():
    ours = trades()
    first, rest = b2(SOMERSET, ours[:1]), b2(SOMERSET, ours[1:])
    assert sum([first, rest]).central_pence == b2(SOMERSET, ours).central_pence
    with pytest.raises(TypeError, match="twice"):
        first + first
    other = replace(SOMERSET, id="another")
    with pytest.raises(TypeError):
        first + b2(other, ours[1:])


def test_a_result_says_what_it_stands_on():
    result = b2(SOMERSET, trades())
    assert result.rates[0] == ("commissioned care", "£19.68 an hour")
    assert result.rate_date == date(2020, 6, 1)
    assert result.hours_source == "observed"
    assert result.caveat == CAVEAT
    assert "46 weeks" in result.range_words
    assert result.low_pence <= result.central_pence <= result.high_pence
    assert ("K03", "its work is not comparable to homecare") in result.left_out


def test_silence_raises_the_high_end_only():
    quiet = Trade(enterprise_id="quiet", comparable_hours=None, price_pence=1500)
    with_it = b2(SOMERSET, [*trades(), quiet])
    without = b2(SOMERSET, trades())
    assert with_it.central_pence == without.central_pence
    assert with_it.high_pence > without.high_pence
    assert ("quiet", "no return") in with_it.left_out
    assert (with_it.reporting, with_it.trading) == (5, 6)


def test_a_plan_at_three_benchmarks():
    amounts = [planned(SOMERSET, 60, Decimal(hours)) for hours in ("33", "12.625", "6")]
    assert [pounds(amount) for amount in amounts] == ["411840.00", "157560.00", "74880.00"]
    with pytest.raises(ValueError, match="no prices"):
        planned(CAMBRIDGE, 60, Decimal(6))


def test_a_set_without_rates_gives_no_figure_on_that_basis():
    assert [result.basis for result in savings(CAMBRIDGE, trades())] == [Basis.B1]
    assert b1(replace(SOMERSET, per_enterprise_year=None), trades()) is None


HOURS = st.decimals(0, 80, places=1)


@given(st.lists(st.tuples(HOURS, HOURS, st.integers(800, 3000)), max_size=12))
def test_low_central_and_high_stand_in_order(rows):
    ours = [
        Trade(enterprise_id=str(n), comparable_hours=h, dp_hours=min(h, d), price_pence=p)
        for n, (h, d, p) in enumerate(rows)
    ]
    for result in savings(SOMERSET, ours):
        assert result.low_pence <= result.central_pence <= result.high_pence
        assert result.cashable_pence + result.not_cashable_pence == result.central_pence
