"""Days as people type them: tue, tomorrow, next friday, in 2 weeks, 3 oct, 03/10/26, 2026-10-03.

`ahead` says which way a day without a year leans: a promise lies ahead, what happened lies behind.
Refuses to guess past that: 31 feb is no day, 3 or 4 alone could be anything, and of mon 3 nov in a
year where that is a Tuesday either half may be the slip.
"""

from __future__ import annotations

import re
from calendar import isleap
from datetime import date, timedelta

from forms.rules.calendar import add_calendar_months

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)
YEARS_AHEAD = 20  # of a year written with two digits
FIRST_YEAR, LAST_YEAR = 1900, 2999  # of what a coach writes down: 1430 beside a day is a time
_NEAR = {"today": 0, "now": 0, "tomorrow": 1, "tmrw": 1, "tom": 1, "yesterday": -1}
_NUMBERS = re.compile(r"(\d{1,2})\s*[/. -]\s*(\d{1,2})(?:\s*[/. -]\s*(\d{4}|\d{2}))?")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_DAY_MONTH = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th)?(?:\s+of)?[\s-]*([a-z]{3,9})[\s,-]*(\d{4}|\d{2})?"
)
_MONTH_DAY = re.compile(r"([a-z]{3,9})\s*(\d{1,2})(?:st|nd|rd|th)?[\s,]*(\d{4})?")
_IN = re.compile(r"(?:in\s+)?(\d{1,3}|a)\s+(day|week|month|year)s?(\s+ago)?")
_AGO_OR_ON = {"day": 1, "week": 7}


class NoSuchDay(ValueError):
    """A day that the calendar does not have. `str()` names it: 31 February 2027."""

    @property
    def said(self) -> str:
        """What is wrong with it, as a sentence."""
        return f"There is no {self}. Write a real day, like 28/11/2026."


class FarYear(NoSuchDay):
    """A day of a year that nobody alive means. `str()` names it: 28 November 1430."""

    @property
    def said(self) -> str:
        """What is wrong with it, and what to write."""
        return f"{self} is too far away. Write the day with its own year, like 28/11/2026."


class OtherWeekday(NoSuchDay):
    """A day that is not the weekday written beside it. `str()` says which it is."""

    @property
    def said(self) -> str:
        """The question, and how to answer it."""
        return f"{self}. Which did you mean? Write the date alone, or with its own day."


def read(text: str, today: date, *, ahead: bool = True) -> date | None:
    """The day meant, or None when the text says no day. Raises NoSuchDay, FarYear, OtherWeekday."""
    typed = " ".join(text.casefold().replace(",", " ").split())
    typed = typed.removeprefix("on ").removeprefix("by ")
    if typed in _NEAR:
        return today + timedelta(days=_NEAR[typed])
    for look in (_by_weekday, _by_distance):
        found = look(typed, today, ahead)
        if found is not None:
            return found
    beside = re.match(rf"({'|'.join(_names(WEEKDAYS))})\s+(?=\S)", typed)
    named = typed[beside.end() :] if beside else typed
    day = _by_numbers(named, today, ahead=ahead) or _by_month(named, today, ahead=ahead)
    if day and beside and _which(beside[1], WEEKDAYS) != day.weekday():
        is_a = WEEKDAYS[day.weekday()].capitalize()
        raise OtherWeekday(f"{day.day} {MONTHS[day.month - 1].capitalize()} {day.year} is a {is_a}")
    return day


def _names(full: tuple[str, ...]) -> list[str]:
    """Every way to write them: monday, mon; tuesday, tues, tue; september, sept, sep."""
    return [name[:n] for name in full for n in range(len(name), 2, -1)]


def _which(word: str, full: tuple[str, ...]) -> int:
    """Place of the name that begins like this; -1 when none or too short."""
    if len(word) < 3:
        return -1
    return next((n for n, name in enumerate(full) if name.startswith(word)), -1)


def _by_weekday(typed: str, today: date, ahead: bool) -> date | None:  # noqa: FBT001
    first, _, rest = typed.rpartition(" ")
    place = _which(rest, WEEKDAYS)
    if place < 0 or first not in ("", "next", "last", "this"):
        return None
    back = first == "last" or (not first and not ahead)
    if back:
        return today - timedelta(days=(today.weekday() - place - 1) % 7 + 1)
    day = today + timedelta(days=(place - today.weekday() - 1) % 7 + 1)
    # "next Friday" said on a Wednesday is the Friday of next week.
    if first == "next" and day.isocalendar()[:2] == today.isocalendar()[:2]:
        day += timedelta(days=7)
    return day


def _by_distance(typed: str, today: date, ahead: bool) -> date | None:  # noqa: FBT001
    typed = {"next week": "in 1 week", "next month": "in 1 month", "fortnight": "in 2 week"}.get(
        typed, typed
    )
    match = _IN.fullmatch(typed)
    if match is None:
        return None
    count = 1 if match[1] == "a" else int(match[1])
    back = bool(match[3]) or (not ahead and not typed.startswith("in "))
    count = -count if back else count
    try:
        if match[2] in _AGO_OR_ON:
            return today + timedelta(days=count * _AGO_OR_ON[match[2]])
        found = add_calendar_months(today, count * (12 if match[2] == "year" else 1))
    except (OverflowError, ValueError) as error:
        raise NoSuchDay(typed) from error
    return _made(found.day, found.month, found.year)  # 999 years ago is too far


def _by_numbers(typed: str, today: date, *, ahead: bool) -> date | None:
    iso = _ISO.fullmatch(typed)
    if iso is not None:
        return _made(int(iso[3]), int(iso[2]), int(iso[1]))
    match = _NUMBERS.fullmatch(typed)
    if match is None:
        return None
    return _leaning(int(match[1]), int(match[2]), match[3], today, ahead=ahead)


def _by_month(typed: str, today: date, *, ahead: bool) -> date | None:
    match = _DAY_MONTH.fullmatch(typed)
    if match is not None:
        day, month, year = match[1], _which(match[2], MONTHS), match[3]
    else:
        match = _MONTH_DAY.fullmatch(typed)
        if match is None:
            return None
        day, month, year = match[2], _which(match[1], MONTHS), match[3]
    if month < 0:
        return None
    return _leaning(int(day), month + 1, year, today, ahead=ahead)


def _leaning(day: int, month: int, year: str | None, today: date, *, ahead: bool) -> date:
    """Without a year: the next such day, or the last; a month gone by still counts as this year's.

    Somebody who types 20 nov on 23 November looks back three days and not ahead a year.
    """
    if year:
        return _made(day, month, _century(int(year), today) if len(year) == 2 else int(year))
    here = _made(day, month, today.year if (day, month) != (29, 2) else _leap(today.year))
    gone = (today - here).days
    if ahead and gone > 31:
        return _made(day, month, here.year + 1 if (day, month) != (29, 2) else _leap(here.year + 1))
    if not ahead and gone < -31:
        before = here.year - 1 if (day, month) != (29, 2) else _leap(here.year - 1, -1)
        return _made(day, month, before)
    return here


def _century(year: int, today: date) -> int:
    """26 is 2026 and 85 is 1985: two digits reach no further ahead than people plan."""
    return year + (2000 if year + 2000 <= today.year + YEARS_AHEAD else 1900)


def _leap(year: int, step: int = 1) -> int:
    """The first leap year from this one on, or back."""
    return next(one for one in range(year, year + 9 * step, step) if isleap(one))


def _made(day: int, month: int, year: int) -> date:
    try:
        made = date(year, month, day)
    except ValueError as error:
        if not 1 <= month <= 12:
            raise NoSuchDay(f"month {month}") from error
        raise NoSuchDay(f"{day} {MONTHS[month - 1].capitalize()} {year}") from error
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise FarYear(f"{day} {MONTHS[month - 1].capitalize()} {year}")
    return made
