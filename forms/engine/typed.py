"""What a person typed, as the text an answer keeps. Says in words what a question cannot hold."""

from __future__ import annotations

import re
from collections.abc import Sequence
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
_ISO_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?")


class NotAnAnswer(ValueError):
    """The words say what the question needs instead."""


def as_text(value: Answer) -> str:
    """Any answer as ODK writes it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value
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
    if kind == "integer":
        return _whole(stripped)
    if kind in {"decimal", "range"}:
        return _decimal(stripped)
    if kind == "date":
        return _day(stripped)
    if kind == "time":
        return _time(stripped)
    if kind == "geopoint":
        return _place(stripped)
    if kind == "acknowledge":
        return "OK" if stripped in {"OK", "true", "True"} else ""
    return text


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
    words = text.split()
    try:
        numbers = [Decimal(word) for word in words]
    except InvalidOperation:
        numbers = []
    if not 2 <= len(numbers) <= 4 or abs(numbers[0]) > 90 or abs(numbers[1]) > 180:
        raise NotAnAnswer("This needs a place: latitude and longitude.")
    return " ".join(words)


def _whole(text: str) -> str:
    plain = text.replace(",", "").removesuffix(".0")
    if not re.fullmatch(r"[+-]?\d{1,15}", plain):
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


def _day(text: str) -> str:
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
    if not re.match(r"([01]?\d|2[0-3]):[0-5]\d", text):
        raise NotAnAnswer("This needs a time, such as 14:30.")
    return text
