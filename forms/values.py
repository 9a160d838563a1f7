"""Small values every package speaks: ids, money, the clock, who is acting.

Refuses to read the wall clock outside `SystemClock` and to hold money as a float.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Protocol
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

import uuid_utils.compat

LONDON = ZoneInfo("Europe/London")
_NAMESPACE = UUID("6f1d8a52-6a53-5c0e-9a54-1f6d0e0b7c11")


def new_id() -> str:
    """A fresh record id: UUIDv7, 36 characters, made on the device that made the record."""
    return str(uuid_utils.compat.uuid7())


def derived_id(*parts: str) -> str:
    """The same id for the same parts on every laptop (one checklist item per enterprise)."""
    return str(uuid5(_NAMESPACE, "\x1f".join(parts)))


class Clock(Protocol):
    """Where the time comes from. Always aware, always UTC."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        ...


class SystemClock:
    """The laptop's own clock."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        return datetime.now(UTC)


@dataclass(slots=True)
class SetClock:
    """A clock that stands where it was put: journeys, practice data and tests."""

    moment: datetime

    def now(self) -> datetime:
        """The moment this clock was set to."""
        return self.moment

    def set(self, day: date, hour: int = 12, minute: int = 0) -> None:
        """Put the clock on a day, London time."""
        self.moment = datetime(
            day.year, day.month, day.day, hour, minute, tzinfo=LONDON
        ).astimezone(UTC)


def london_day(moment: datetime) -> date:
    """The calendar day in London at that moment: the day a coach would say it was."""
    return moment.astimezone(LONDON).date()


def pounds(pence: int) -> str:
    """Pence as pounds with two decimals and no sign or comma: 11200 -> '112.00'."""
    return str((Decimal(pence) / 100).quantize(Decimal("0.01")))


def pence(amount: str | Decimal) -> int:
    """Pounds as whole pence, half up. Raises decimal.InvalidOperation on words."""
    return int((Decimal(amount) * 100).quantize(Decimal(1), rounding=ROUND_HALF_UP))


class Role(StrEnum):
    """What a person may do in a programme."""

    COACH = "coach"
    LEAD = "lead"
    QA = "qa"
    FINANCE = "finance"
    AUDITOR = "auditor"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who is acting: an id the register knows, the name people see, one role."""

    id: str
    name: str
    role: Role
