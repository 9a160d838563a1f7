"""Months that are too short, three clocks, working days."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.rules.calendar import (
    add_calendar_months,
    add_working_days,
    contract_year,
    funding_period,
    target_year,
)
from tests.forms.rules.making import CAMBS, KENT


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2022, 8, 31), 6, date(2023, 2, 28)),
        (date(2023, 8, 31), 6, date(2024, 2, 29)),
        (date(2024, 2, 29), 6, date(2024, 8, 29)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2022, 1, 31), 1, date(2022, 2, 28)),
        (date(2022, 12, 31), 0, date(2022, 12, 31)),
        (date(2022, 3, 31), -1, date(2022, 2, 28)),
        (date(2021, 3, 31), 18, date(2022, 9, 30)),  # as a council paper counts them
    ],
)
def test_months(day, months, later):
    assert add_calendar_months(day, months) == later


DAYS = st.dates(date(1990, 1, 1), date(2080, 12, 31))


@given(DAYS, st.integers(0, 60))
def test_months_later_keep_the_day_or_take_the_last_one(day, months):
    later = add_calendar_months(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    last = (later + timedelta(days=1)).day == 1
    assert later.day == day.day or (last and later.day < day.day)


@given(DAYS, DAYS, st.integers(0, 60))
def test_months_keep_the_order(one, two, months):
    if one <= two:
        assert add_calendar_months(one, months) <= add_calendar_months(two, months)


@pytest.mark.parametrize(
    ("day", "envelope", "contract", "target"),
    [
        (date(2021, 12, 31), None, None, None),
        (date(2022, 1, 1), "E1", None, None),
        (date(2022, 1, 2), "E1", 1, None),
        (date(2022, 3, 31), "E1", 1, None),
        (date(2022, 4, 1), "E2", 1, 1),
        (date(2023, 1, 1), "E3", 1, 1),
        (date(2023, 1, 2), "E3", 2, 1),
        (date(2023, 3, 31), "E3", 2, 1),
        (date(2023, 4, 1), "E3", 2, 2),
        (date(2024, 1, 1), None, 2, 2),
        (date(2024, 1, 2), None, None, 2),
        (date(2024, 4, 1), None, None, 3),  # the third target begins after the contract has ended
    ],
)
def test_three_clocks(day, envelope, contract, target):
    period, year = funding_period(KENT, day), target_year(KENT, day)
    assert (period.id if period else None) == envelope
    assert contract_year(KENT, day) == contract
    assert (year.year if year else None) == target


def test_another_council_has_other_clocks():
    assert funding_period(CAMBS, date(2022, 6, 1)) is None
    assert contract_year(CAMBS, date(2022, 6, 1)) == 2
    assert target_year(CAMBS, date(2022, 6, 1)).enterprises == 125


@pytest.mark.parametrize(
    ("days", "later"),
    [
        (0, date(2023, 2, 10)),
        (1, date(2023, 2, 13)),
        (5, date(2023, 2, 17)),
        (10, date(2023, 2, 24)),
    ],
)
def test_working_days_from_a_friday(days, later):
    assert add_working_days(date(2023, 2, 10), days) == later
