"""What a person typed, as the text an answer keeps. Says in words what a question cannot hold."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import TypeAlias

MAX_WHOLE = 2_147_483_647  # what ODK's integer holds
_KINDS_OF_TYPE = {
    "int": "integer",
    "integer": "integer",
    "decimal": "decimal",
    "date": "date",
    "geopoint": "geopoint",
}
Answer: TypeAlias = str | int | Decimal | date | time | bool | Sequence[str] | None
_TYPED_DAY = re.compile(r"(\d{1,2})[/.\s-](\d{1,2})[/.\s-](\d{4})")
_CLOCK = re.compile(
    r"(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d+)?)?(?P<offset>Z|[+-]\d{2}:\d{2})?"
)
_TYPED_CLOCK = re.compile(r"(?:[01]?\d|2[0-3]):[0-5]\d")
_FULL_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_WHOLE = re.compile(r"[+-]?\d{1,15}")
_NEEDS_MOMENT = "This needs a day and a time, such as 14/03/2027 14:30."
_ISO_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?")


class NotAnAnswer(ValueError):
    """The words say what the question needs instead."""


def as_text(value: Answer) -> str:
    """Any answer as ODK writes it."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.isoformat(timespec="milliseconds")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Decimal):
        return format(value, "f")
    return " ".join(value)


def checked(kind: str, text: str) -> str:
    """The text as this kind of question keeps it. Raises NotAnAnswer."""
    stripped = text.strip()
    if not stripped:
        return ""
    check = _CHECKS.get(kind)
    return text if check is None else check(stripped)


def _told(text: str) -> str:
    """An acknowledgement."""
    return "OK" if text in {"OK", "true", "True"} else ""


def kept(data_type: str, text: str) -> str:
    """A text from the form itself or from a kept sheet, as its type keeps it; "" if it cannot."""
    if not text or data_type not in _KINDS_OF_TYPE:
        return text
    if data_type in {"int", "integer"}:
        text = text.strip().partition(".")[0]
    if data_type == "date" and "T" in text:
        text = text.partition("T")[0]
    try:
        return checked(_KINDS_OF_TYPE[data_type], text)
    except NotAnAnswer:
        return ""


def _place(text: str) -> str:
    words = text.replace(",", " ").split()
    try:
        numbers = [Decimal(word) for word in words]
    except InvalidOperation:
        numbers = []
    real = all(number.is_finite() for number in numbers) and 2 <= len(numbers) <= 4
    if not real or abs(numbers[0]) > 90 or abs(numbers[1]) > 180:
        raise NotAnAnswer("This needs a place: latitude and longitude.")
    return " ".join(words)


def _whole(text: str) -> str:
    if len(text) < 10 and text.isdecimal():
        return str(int(text))
    plain = text.replace(",", "").removesuffix(".0")
    if not _WHOLE.fullmatch(plain):
        raise NotAnAnswer("This needs a whole number, such as 12.")
    number = int(plain)
    if abs(number) > MAX_WHOLE:
        raise NotAnAnswer("This number is too large.")
    return str(number)


def _decimal(text: str) -> str:
    try:
        number = Decimal(text.replace(",", "").removeprefix("£"))
    except InvalidOperation:
        raise NotAnAnswer("This needs a number, such as 12.50.") from None
    if not number.is_finite():
        raise NotAnAnswer("This needs a number, such as 12.50.")
    return format(number, "f")


def _is_iso_day(text: str) -> bool:
    try:
        return text[4] == "-" == text[7] and bool(date.fromisoformat(text))
    except ValueError:
        return False


def _day(text: str) -> str:
    if len(text) == 10 and _is_iso_day(text):
        return text
    iso = _ISO_DAY.fullmatch(text)
    typed = _TYPED_DAY.fullmatch(text)
    if iso is not None:
        year, month, day = (int(part) for part in iso.groups())
    elif typed is not None:
        day, month, year = (int(part) for part in typed.groups())
    else:
        raise NotAnAnswer("This needs a date, such as 14/03/2027.")
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        raise NotAnAnswer(f"There is no such day as {day}/{month}/{year}.") from None


def _time(text: str) -> str:
    found = _CLOCK.fullmatch(text)
    if found is None or not _offset_is_real(found.group("offset")):
        raise NotAnAnswer("This needs a time, such as 14:30.")
    return text


def _moment(text: str) -> str:
    """2026-04-22T14:30:00+01:00 as it is; 22/4/2026 14:30 as its ISO text."""
    day, gap, clock = text.partition("T")
    if not gap:
        day, gap, clock = text.partition(" ")
        if _TYPED_CLOCK.fullmatch(clock) is None:
            raise NotAnAnswer(_NEEDS_MOMENT)
        hour, _, minute = clock.partition(":")
        return f"{_day(day)}T{hour:0>2}:{minute}:00"
    found = _CLOCK.fullmatch(clock)
    if _FULL_DAY.fullmatch(day) is None or found is None:
        raise NotAnAnswer(_NEEDS_MOMENT)
    if not _offset_is_real(found.group("offset")):
        raise NotAnAnswer(_NEEDS_MOMENT)
    _day(day)
    return text


def _offset_is_real(offset: str | None) -> bool:
    if offset in {None, "", "Z"}:
        return True
    hours, minutes = str(offset)[1:].split(":")
    return int(hours) <= 14 and int(minutes) <= 59


def within(text: str, low: str, high: str) -> None:
    """Refuse a number outside a range whose ends are written in the form. Raises NotAnAnswer."""
    try:
        number, least, most = Decimal(text), Decimal(low), Decimal(high)
    except InvalidOperation:
        return  # the form's ends are no numbers: the linter tells its writer
    if not min(least, most) <= number <= max(least, most):
        raise NotAnAnswer(f"This needs a number from {low} to {high}.")


_CHECKS: dict[str, Callable[[str], str]] = {
    "acknowledge": _told,
    "integer": _whole,
    "decimal": _decimal,
    "range": _decimal,
    "date": _day,
    "time": _time,
    "datetime": _moment,
    "geopoint": _place,
}
