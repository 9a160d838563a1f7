"""What the figures speak of: a period, a day and a district, as chosen or as typed.

Refuses a period that ends before it begins, and days before the programme.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from desktop.presenters import words
from forms.rules.calendar import add_calendar_months
from forms.rules.pack import Pack

EVERYWHERE = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """A day, the first day of the period (None = from the beginning), a district's code or ""."""

    as_of: date
    since: date | None = None
    area: str = EVERYWHERE

    def words(self, pack: Pack) -> str:
        """From 1 Apr 2026 to 26 Nov 2026, Ashford."""
        if self.since is None:
            said = f"From the beginning to {words.day(self.as_of)}"
        else:
            said = f"From {words.day(self.since)} to {words.day(self.as_of)}"
        place = pack.place(self.area) if self.area else None
        return f"{said}, {place.name if place else 'every district'}"

    def as_route(self) -> dict[str, str]:
        """What a route carries of it."""
        since = self.since.isoformat() if self.since else ""
        return {"on": self.as_of.isoformat(), "since": since, "area": self.area}


def from_route(on: str, since: str, area: str, today: date) -> Scope:
    """The scope a route names; what it does not name is today, the beginning, everywhere."""
    return Scope(
        as_of=date.fromisoformat(on) if on else today,
        since=date.fromisoformat(since) if since else None,
        area=area,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A period to choose, with its days."""

    key: str
    label: str
    since: date | None
    as_of: date


def periods(pack: Pack, today: date) -> tuple[Period, ...]:
    """The usual periods as of today, and those of the programme's target years."""
    quarter = date(today.year, 3 * ((today.month - 1) // 3) + 1, 1)
    before = add_calendar_months(quarter, -3)
    year = date(today.year - (today.month < 4), 4, 1)
    last_year = year.replace(year=year.year - 1)
    usual = [
        Period(key="all", label="From the beginning", since=None, as_of=today),
        Period(key="quarter", label="This quarter so far", since=quarter, as_of=today),
        Period(
            key="last_quarter",
            label="Last quarter",
            since=before,
            as_of=quarter - timedelta(days=1),
        ),
        Period(key="year", label="This financial year so far", since=year, as_of=today),
        Period(
            key="last_year",
            label=f"Last financial year, {last_year.year}-{year.year % 100:02}",
            since=last_year,
            as_of=year - timedelta(days=1),
        ),
    ]
    years = [
        Period(
            key=f"target_{each.year}",
            label=f"Target year {each.year}",
            since=each.starts,
            as_of=min(each.ends, today),
        )
        for each in pack.targets
        if each.starts <= today
    ]
    taken = {(each.since, each.as_of) for each in years}
    usual = [each for each in usual if each.as_of >= pack.programme_starts]
    return (*(each for each in usual if (each.since, each.as_of) not in taken), *years)


def key_of(scope: Scope, choices: tuple[Period, ...]) -> str:
    """Which of the usual periods this is, "own" when none."""
    same = (p.key for p in choices if (p.since, p.as_of) == (scope.since, scope.as_of))
    return next(same, "own")


def areas(pack: Pack) -> tuple[tuple[str, str], ...]:
    """Every district by code and name; "" is everywhere."""
    return ((EVERYWHERE, "Every district"), *((p.code, p.name) for p in pack.places))


def typed(scope: Scope, since: str, on: str, pack: Pack, today: date) -> Scope:
    """The scope with typed days. Raises NotThat in words."""
    first = words.read_day(since, today, ahead=False)
    last = words.read_day(on, today, ahead=False)
    if last is None or last < pack.programme_starts:
        start = words.day(pack.programme_starts)
        raise words.NotThat(f"Write a day on or after {start}, when the programme began.")
    if first is not None and first > last:
        raise words.NotThat("The period ends before it begins. Write an earlier first day.")
    return replace(scope, since=first, as_of=last)
