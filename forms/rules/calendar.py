"""Three clocks over dates: funding period, contract year, target year; and adding months.

Periods come from the pack's tables, never from the date alone. Refuses to guess: a day outside
every period has none.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

from forms.rules.pack import Envelope, Pack, Target


def add_calendar_months(day: date, months: int) -> date:
    """The same day of a later month; a month that is too short gives its last day."""
    number = day.year * 12 + day.month - 1 + months
    year, month = divmod(number, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def funding_period(pack: Pack, day: date) -> Envelope | None:
    """The seed-fund envelope that a payment on this day counts in, or None."""
    return next((e for e in pack.envelopes if e.starts <= day <= e.ends), None)


def target_year(pack: Pack, day: date) -> Target | None:
    """The target year (April to March) that this day is in, or None."""
    return next((t for t in pack.targets if t.starts <= day <= t.ends), None)


def contract_year(pack: Pack, day: date) -> int | None:
    """1 in the first year of the contract, 2 in the second ...; None outside the contract."""
    if not pack.programme_starts <= day <= pack.programme_ends:
        return None
    year = 1
    while add_calendar_months(pack.programme_starts, 12 * year) <= day:
        year += 1
    return year


def add_working_days(day: date, days: int) -> date:
    """That many working days later. Weekends do not count; bank holidays do, so it is early."""
    at = day
    left = days
    while left > 0:
        at += timedelta(days=1)
        left -= at.weekday() < 5
    return at


def days_between(first: date, second: date) -> int:
    """Whole days from the first to the second."""
    return (second - first).days
