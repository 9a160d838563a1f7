"""The first and last day of a report, as they were typed.

Refuses a period that ends before it begins.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from desktop.presenters import words

NO_LAST_DAY = "Write the day the report shall speak of."
BACKWARDS = "The period ends before it begins. Write an earlier first day."


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedPeriod:
    """What was read, and what is wrong at either field; "" is fine."""

    since: date | None = None  # None is the beginning
    on: date | None = None
    since_wrong: str = ""
    on_wrong: str = ""


def read_period(since: str, on: str, today: date) -> TypedPeriod:
    """Both days; each fault stands at its own field."""
    first, first_wrong = _read(since, today)
    last, last_wrong = _read(on, today)
    if last is None and not last_wrong:
        last_wrong = NO_LAST_DAY
    if first is not None and last is not None and first > last:
        first_wrong = BACKWARDS
    return TypedPeriod(since=first, on=last, since_wrong=first_wrong, on_wrong=last_wrong)


def _read(text: str, today: date) -> tuple[date | None, str]:
    try:
        return words.read_day(text, today, ahead=False), ""
    except words.NotThat as error:
        return None, str(error)
