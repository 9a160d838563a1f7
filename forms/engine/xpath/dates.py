"""Days and moments as formulas know them: a number of days since 1970 that remembers its text.

Two dialects. `whole days` (ours and JavaRosa's): a date is a calendar day and has no time zone.
`instants` (web forms'): a date is midnight local time, so days carry a fraction.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo

_DAY = re.compile(r"(-?\d{4})-(\d{1,2})-(\d{1,2})")
_MOMENT = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})[T ](\d{1,2}):(\d{2})"
    r"(?::(\d{2})(?:\.(\d{1,9}))?)?\s*(Z|[+-]\d{2}(?::?\d{2})?)?"
)
_TIME = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d+))?)?\s*(Z|[+-]\d{2}(?::?\d{2})?)?")
_EPOCH = date(1970, 1, 1).toordinal()
_SECONDS = 86_400.0


@dataclass(frozen=True, slots=True)
class Calendar:
    """The time zone, and whether dates are whole days or instants."""

    zone: tzinfo
    whole_days: bool = True


class Moment(float):
    """Days since 1970. `has_time` tells a date from a date-time."""

    __slots__ = ("has_time", "when")
    has_time: bool
    when: datetime | None

    def iso(self) -> str:
        """As it is written into an answer: 2026-11-20, or with time and offset."""
        if self.when is None:
            return "NaN"
        if not self.has_time:
            return self.when.date().isoformat()
        return self.when.isoformat(timespec="milliseconds")


class DayCount(Moment):
    """What number( ) makes of a date's text: the days; written out, whole days only."""

    __slots__ = ()

    def iso(self) -> str:
        """Whole days, towards the past."""
        return str(math.floor(self))


def day_count(found: Moment) -> DayCount:
    """A moment as a count of days."""
    made = DayCount(float(found))
    made.when = found.when
    made.has_time = found.has_time
    return made


def moment(when: datetime, calendar: Calendar, *, has_time: bool) -> Moment:
    """A moment from an aware datetime."""
    if not has_time and calendar.whole_days:
        days = float(when.date().toordinal() - _EPOCH)
    else:
        days = when.timestamp() / _SECONDS
    made = Moment(days)
    made.when = when
    made.has_time = has_time
    return made


def no_moment() -> Moment:
    """What a text that is no date becomes."""
    made = Moment(math.nan)
    made.when = None
    made.has_time = False
    return made


def _offset(text: str | None, calendar: Calendar) -> tzinfo:
    if not text:
        return calendar.zone
    if text == "Z":
        return UTC
    digits = text[1:].replace(":", "")
    delta = timedelta(hours=int(digits[:2]), minutes=int(digits[2:] or 0))
    return timezone(-delta if text[0] == "-" else delta)


def read_moment(text: str, calendar: Calendar) -> Moment | None:
    """A date or date-time text as a moment, or None when it is neither."""
    text = text.strip()
    try:
        found = _DAY.fullmatch(text)
        if found:
            year, month, day = (int(part) for part in found.groups())
            when = datetime(year, month, day, tzinfo=calendar.zone)
            return moment(when, calendar, has_time=False)
        found = _MOMENT.fullmatch(text)
        if found is None:
            return None
        year, month, day, hour, minute = (int(part) for part in found.groups()[:5])
        micro = int((found.group(7) or "0")[:6].ljust(6, "0"))
        zone = _offset(found.group(8), calendar)
        second = int(found.group(6) or 0)
        when = datetime(year, month, day, hour, minute, second, micro, zone)
        return moment(when.astimezone(calendar.zone), calendar, has_time=True)
    except (ValueError, OverflowError):
        return None


def from_days(days: float, calendar: Calendar, *, has_time: bool) -> Moment:
    """The day (or moment) that many days after 1970-01-01."""
    if not math.isfinite(days):
        return no_moment()
    try:
        if calendar.whole_days and not has_time:
            day = date.fromordinal(_EPOCH + math.floor(days))
            when = datetime(day.year, day.month, day.day, tzinfo=calendar.zone)
        else:
            when = datetime.fromtimestamp(0, UTC) + timedelta(days=days)
            when = when.astimezone(calendar.zone)
        return moment(when, calendar, has_time=has_time)
    except (ValueError, OverflowError):
        return no_moment()


def day_fraction(text: str, calendar: Calendar) -> float:
    """A time of day as a fraction of a day; NaN when it is no time."""
    found = _TIME.fullmatch(text.strip())
    if found is None:
        return math.nan
    hour, minute, second = (int(part or 0) for part in found.groups()[:3])
    if hour > 23 or minute > 59 or second > 59:
        return math.nan
    seconds = hour * 3600 + minute * 60 + second + float("0." + (found.group(4) or "0"))
    if found.group(5) and not calendar.whole_days:
        here = datetime(1970, 1, 1, tzinfo=_offset(found.group(5), calendar))
        there = here.astimezone(calendar.zone).utcoffset() or timedelta()
        seconds += there.total_seconds() - (here.utcoffset() or timedelta()).total_seconds()
    return (seconds % _SECONDS) / _SECONDS


_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = (
    *("Jan", "Feb", "Mar", "Apr", "May", "Jun"),
    *("Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
)


def formatted(when: datetime, pattern: str) -> str:
    """A moment by ODK's pattern letters (%Y %m %e ...); other letters are left as they are."""
    parts = {
        "Y": f"{when.year:04d}",
        "y": f"{when.year:04d}"[-2:],
        "m": f"{when.month:02d}",
        "n": str(when.month),
        "b": _MONTHS[when.month - 1],
        "d": f"{when.day:02d}",
        "e": str(when.day),
        "H": f"{when.hour:02d}",
        "h": str(when.hour),
        "M": f"{when.minute:02d}",
        "S": f"{when.second:02d}",
        "3": f"{when.microsecond // 1000:03d}",
        "a": _DAYS[when.weekday()],
        "W": str(when.isocalendar().week),
        "u": str(when.isocalendar().year),
        "%": "%",
    }
    return re.sub(r"%(.)", lambda found: parts.get(found.group(1), found.group()), pattern)
