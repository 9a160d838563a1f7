"""Functions on days and times."""

from __future__ import annotations

import math
from datetime import UTC, date, timedelta

from forms.engine.xpath.dates import (
    Moment,
    day_fraction,
    formatted,
    from_days,
    moment,
    no_moment,
    read_moment,
)
from forms.engine.xpath.errors import FormulaFault
from forms.engine.xpath.registry import function
from forms.engine.xpath.tree import text_of
from forms.engine.xpath.types import Here, Value, number_of_text, truth_of


@function("today", "", "n", "today's date", volatile=True)
def _today(here: Here) -> Moment:
    around = here.around
    now, known = around.now(), around.day
    if known is not None and known[0] <= now < known[1]:
        return known[2]
    calendar = around.calendar
    local = now.astimezone(calendar.zone)
    day = local.replace(hour=0, minute=0, second=0, microsecond=0)
    found = moment(day, calendar, has_time=False)
    if day.date() < date.max:
        until = day + timedelta(days=1)  # midnight to midnight by the clock on the wall
        around.day = (day.astimezone(UTC), until.astimezone(UTC), found)
    return found


@function("now", "", "n", "this moment", volatile=True)
def _now(here: Here) -> Moment:
    calendar = here.around.calendar
    return moment(here.around.now().astimezone(calendar.zone), calendar, has_time=True)


def _moment_of(here: Here, value: Value, *, has_time: bool) -> Moment:
    calendar = here.around.calendar
    if isinstance(value, Moment):
        return value
    if isinstance(value, list):
        value = text_of(value[0]) if value else ""
    if isinstance(value, bool):
        value = 1.0 if truth_of(value) else 0.0
    if isinstance(value, float):
        return from_days(value, calendar, has_time=has_time)
    found = read_moment(value, calendar)
    if found is not None:
        return found
    number = number_of_text(value, here)
    if not math.isnan(number):
        return from_days(number, calendar, has_time=has_time)
    return no_moment()


@function("date", "v", "n", "a text or a number as a date")
def _date(here: Here, value: Value) -> Value:
    found = _moment_of(here, value, has_time=False)
    calendar = here.around.calendar
    if found.when is None:
        if calendar.whole_days and isinstance(value, str) and value:
            raise FormulaFault(f"{value!r} is not a date")
        return found
    if found.has_time and calendar.whole_days:
        day = found.when.replace(hour=0, minute=0, second=0, microsecond=0)
        return moment(day, calendar, has_time=False)
    if found.has_time:
        same = moment(found.when, calendar, has_time=True)
        same.has_time = False
        return same
    return found


@function("date-time", "v", "n", "a text or a number as a date and time")
def _date_time(here: Here, value: Value) -> Moment:
    found = _moment_of(here, value, has_time=True)
    if found.when is None or found.has_time or here.around.calendar.whole_days:
        return found
    return moment(found.when, here.around.calendar, has_time=True)


def _formatted(here: Here, value: Value, pattern: str) -> str:
    found = _moment_of(here, value, has_time=True)
    return "" if found.when is None else formatted(found.when, pattern)


@function("format-date", "v s", "s", "format-date(date, '%e %b %Y')")
def _format_date(here: Here, value: Value, pattern: str) -> str:
    return _formatted(here, value, pattern)


@function("format-date-time", "v s", "s", "format-date-time(moment, '%H:%M')")
def _format_date_time(here: Here, value: Value, pattern: str) -> str:
    return _formatted(here, value, pattern)


@function("decimal-date-time", "v", "n", "days since 1970")
def _decimal(here: Here, value: Value) -> float:
    found = _moment_of(here, value, has_time=True)
    if found.when is None:
        return math.nan
    if here.around.calendar.whole_days and not found.has_time:
        return float(found)
    return found.when.timestamp() / 86_400.0


@function("decimal-time", "s", "n", "a time as part of a day")
def _decimal_time(here: Here, text: str) -> float:
    found = read_moment(text, here.around.calendar)
    if found is not None and found.has_time and found.when is not None:
        text = found.when.strftime("%H:%M:%S.%f")
    return day_fraction(text, here.around.calendar)
