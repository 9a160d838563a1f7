"""How days, times, money and sizes are said on the screen. Plain British English.

Refuses to guess: a missing value is said as missing by the caller, never as zero.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from desktop.presenters.typed_day import NoSuchDay
from desktop.presenters.typed_day import read as typed_day_of
from forms.values import LONDON, pence, pounds

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


_NEAR = {0: "today", 1: "yesterday", -1: "tomorrow"}


class NotThat(ValueError):
    """What was typed does not say a day, a number or an amount. str() says what to type."""


def day(value: date | None, missing: str = "") -> str:
    """28 Nov 2026."""
    if value is None:
        return missing
    return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"


def weekday(value: date) -> str:
    """Thu 13 Nov 2026."""
    return f"{_DAYS[value.weekday()]} {day(value)}"


def typed_day(value: date | None) -> str:
    """28/11/2026, as it is typed."""
    return "" if value is None else f"{value.day:02}/{value.month:02}/{value.year}"


def read_day(text: str, today: date, *, ahead: bool = True) -> date | None:
    """A day as people type it (28/11/2026, 3 oct, tue), None when empty. Raises NotThat in words.

    `ahead`: which way a day without a year leans (see `typed_day`).
    """
    if not text.strip():
        return None
    try:
        found = typed_day_of(text, today, ahead=ahead)
    except NoSuchDay as error:
        raise NotThat(error.said) from error
    except ValueError as error:
        raise NotThat("Write a real day, like 28/11/2026.") from error
    if found is None:
        raise NotThat("Write a day, like 28/11/2026, 28 nov or tue.")
    return found


def clock_time(moment: datetime) -> str:
    """14:32 in London."""
    return moment.astimezone(LONDON).strftime("%H:%M")


def saved_at(moment: datetime) -> str:
    """What a field says after its text is on disk."""
    return f"Saved on this laptop {clock_time(moment)}"


def money(value: int | None, missing: str = "") -> str:
    """£1,234.50 from pence."""
    if value is None:
        return missing
    sign = "-" if value < 0 else ""
    whole, dot, part = pounds(abs(value)).partition(".")
    return f"{sign}£{int(whole):,}{dot}{part}"


def read_money(text: str) -> int:
    """Typed pounds as pence; empty is nothing. Raises NotThat in words."""
    plain = text.replace("£", "").replace(",", "").replace(" ", "")
    if not plain:
        return 0
    try:
        amount = Decimal(plain)
    except InvalidOperation as error:
        raise NotThat("Write an amount in pounds, like 89 or 118.50.") from error
    if not amount.is_finite() or amount < 0 or amount > Decimal(1000000):
        raise NotThat("Write an amount between 0 and 1,000,000 pounds.")
    if amount != amount.quantize(Decimal("0.01")):
        raise NotThat("Write pounds and pence, with at most two digits after the dot.")
    return pence(amount)


def read_whole(text: str, *, least: int = 0, most: int = 100_000) -> int | None:
    """A typed whole number, None when empty. Raises NotThat in words."""
    plain = text.strip().replace(",", "")
    if not plain:
        return None
    if not plain.isdecimal() or len(plain) > 9 or not least <= int(plain) <= most:
        raise NotThat(f"Write a whole number from {least:,} to {most:,}, like 3.")
    return int(plain)


def size(count: int) -> str:
    """A file's size as people say it."""
    if count < 1024:
        return f"{count} bytes"
    if count < 1024 * 1024:
        return f"{count / 1024:.0f} KB"
    return f"{count / (1024 * 1024):.1f} MB"


def counted(count: int, one: str, many: str = "") -> str:
    """1 line, 3 lines."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def ago(then: date, today: date) -> str:
    """today, yesterday, tomorrow, 19 days ago, in 4 days."""
    days = (today - then).days
    if days in _NEAR:
        return _NEAR[days]
    return f"{days} days ago" if days > 0 else f"in {-days} days"


def plain(value: object) -> str:
    """Any recorded value in words: yes and no, days, lists; empty is 'empty'."""
    if value is None or (not value and isinstance(value, str | tuple | list | dict)):
        return "empty"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return f"{day(value.astimezone(LONDON).date())} {clock_time(value)}"
    if isinstance(value, date):
        return day(value)
    if isinstance(value, list | tuple):
        return ", ".join(plain(each) for each in value)
    if isinstance(value, dict):
        return ", ".join(f"{key}: {plain(each)}" for key, each in value.items())
    text = str(value)
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        return day(date.fromisoformat(text))
    return text


_ISO = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")


def say_days(text: str) -> str:
    """A rule's words with its days as people say them: 2026-12-14 becomes 14 Dec 2026."""

    def said(match: re.Match[str]) -> str:
        try:
            return day(date(*(int(part) for part in match.groups())))
        except ValueError:
            return match.group()

    return _ISO.sub(said, text)


def say_unchecked(text: str) -> str:
    """A fact of a pack that nobody looked up at its source, marked [K] there, says so in words."""
    return text.replace("[K]", "(check this first)")
