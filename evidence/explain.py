"""What stands around a figure: its course over months, its districts, how well it is known.

Everything here is worked out by the indicators themselves on the same facts, cut to another day or
district. Refuses to draw a line through months that nobody reported for: those have no value.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from evidence.dossier import Dossier, back_to, within
from forms.rules.calendar import add_calendar_months
from forms.rules.indicators import DEFINITIONS, Figure, Timing, indicator_of

MOST_POINTS = 24
Told = Callable[[int, int], None]  # how many are done, of how many
_SEEN = {"seen": "seen by the programme", "told us": "told by the enterprise"}


@dataclass(frozen=True, slots=True)
class Moment:
    """A figure on a day."""

    on: date
    figure: Figure


@dataclass(frozen=True, slots=True)
class District:
    """A figure of one district."""

    code: str
    name: str
    figure: Figure


def _nobody(_done: int, _of: int) -> None:
    """Nobody wants to know how far it is."""


def trend(
    dossier: Dossier, indicator_id: str, first: date, tell: Told = _nobody
) -> Iterator[Moment]:
    """The main figure at month ends (or quarter ends, when there are many), and on the day.

    A figure that speaks of a period is that of each month (or quarter) alone. One after another:
    each comes with a county's rows. `tell` hears before each how many are done of how many; what it
    raises ends the work.
    """
    days = course(first, dossier.as_of)
    starts: Sequence[date | None] = [None] * len(days)
    if DEFINITIONS[indicator_id].timing is Timing.PERIOD:
        starts = [_opens(first, days), *(day + timedelta(days=1) for day in days[:-1])]
    for number, (start, day) in enumerate(zip(starts, days, strict=True)):
        tell(number, len(days))
        cut = replace(back_to(dossier, day), since=start)
        yield Moment(day, _main(cut, indicator_id))


def _opens(first: date, days: Sequence[date]) -> date:
    """Where the first step opens: earlier ones that are not drawn are no part of its figure."""
    ends = month_ends(first, days[-1]) if days else []
    step = _step(ends)
    before = [d for d in ends if d < days[0] and d.month % step == 0] if days else []
    return before[-1] + timedelta(days=1) if before else first


def _step(ends: Sequence[date]) -> int:
    """How many months lie between two points: 1, 3, 6 or 12."""
    for months in (1, 3, 6):
        if sum(d.month % months == 0 for d in ends[:-1]) < MOST_POINTS:
            return months
    return 12


def course(first: date, last: date) -> list[date]:
    """At most 24 days from first to last: month ends, else quarter ends, else year ends."""
    ends = month_ends(first, last)
    step = _step(ends)
    return [d for d in ends if d.month % step == 0 or d == last][-MOST_POINTS:]


def month_ends(first: date, last: date) -> list[date]:
    """The last day of each month from first on, and the last day itself."""
    ends: list[date] = []
    month = first.replace(day=1)
    while True:
        after = (month + timedelta(days=32)).replace(day=1)
        end = after - timedelta(days=1)
        if end >= last:
            return [*ends, last] if last >= first else ends
        ends.append(end)
        month = after


def by_district(dossier: Dossier, indicator_id: str, tell: Told = _nobody) -> list[District]:
    """The main figure of every district that is in force on the day, in the pack's order.

    `tell` hears before each how many are done of how many; what it raises ends the work.
    """
    places = [
        place
        for place in dossier.pack.places
        if place.valid_from <= dossier.as_of
        and (place.valid_to is None or place.valid_to >= dossier.as_of)
    ]
    found: list[District] = []
    for place in places:
        tell(len(found), len(places))
        cut = within(dossier, since=dossier.since, area=place.code)
        found.append(District(place.code, place.name, _main(cut, indicator_id)))
    return found


def before(dossier: Dossier) -> Dossier:
    """The same facts for the time before: a period of the same length, or three months earlier."""
    if dossier.since is None:
        return back_to(dossier, add_calendar_months(dossier.as_of, -3))
    last = dossier.since - timedelta(days=1)
    length = dossier.as_of - dossier.since
    return within(back_to(dossier, last), since=last - length, area=dossier.area)


def strength(dossier: Dossier, figure: Figure) -> str:
    """How well the records behind a figure are known, in a sentence."""
    kinds = Counter(row.kind for row in (*figure.rows, *figure.denominator))
    kinds = Counter({k: n for k, n in kinds.items() if k not in ("target", "envelope", "setting")})
    if not kinds:
        return "There are no records behind it yet."
    if kinds["activity_return"]:
        return _told(dossier, figure)
    if kinds["form_response"]:
        return "Told by people about themselves. Who did not answer may feel otherwise."
    if kinds["claim_line"] or kinds["seed_claim"]:
        return "From claims and payments that the register decided, each with who and when."
    if kinds["qa_check"] or kinds["register_entry"]:
        return "From the register: documents were seen by a second person."
    return "Written down by the programme's own people, with a day for each record."


def _told(dossier: Dossier, figure: Figure) -> str:
    ids = {row.record_id for row in (*figure.rows, *figure.denominator)}
    returns = [r for r in dossier.returns if r.id in ids]
    counts = Counter(r.source or "told us" for r in returns)
    parts = [f"{n} {_SEEN.get(source, source)}" for source, n in sorted(counts.items())]
    of = f"{len(returns)} return" if len(returns) == 1 else f"{len(returns)} returns"
    return f"From {of}: {', '.join(parts)}."


def record_ids(figure: Figure) -> frozenset[str]:
    """The records that a figure rests on: counted, divided by and left out."""
    every: Iterable[Sequence[object]] = (figure.rows, figure.denominator, figure.left_out)
    return frozenset(str(getattr(row, "record_id")) for part in every for row in part)  # noqa: B009


def _main(dossier: Dossier, indicator_id: str) -> Figure:
    return indicator_of(dossier, indicator_id).main
