"""Days, times and moments typed into a question: what is kept, and what was understood in words.

The days are read by the one rule of `typed_day`; which way a day without a year leans comes from
the first and last day the question allows. Refuses half a moment: a day without its time.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time

from desktop.presenters import words
from desktop.presenters.typed_day import MONTHS, WEEKDAYS, NoSuchDay
from desktop.presenters.words import NotThat
from forms.values import LONDON

KINDS = frozenset({"date", "time", "datetime"})
EITHER = "date or datetime"  # a day that may have its time: no question of a form asks so
NEAR_DAYS = 60  # as far as people count days
_CLOCK = re.compile(r"(\d{1,2})(?:\s*[:.]\s*(\d{2}))?(?:[:.]\d{2})?\s*(am|pm|a\.m\.|p\.m\.)?")
_FOUR = re.compile(r"(\d{2})(\d{2})(?:\s*(?:hrs|hours|h))?")
_YEAR = re.compile(r"(19|20)\d{2}")
_NAMED = {"noon": (12, 0), "midday": (12, 0), "midnight": (0, 0)}
_PAST = re.compile(r"(half|quarter)\s+(past|to)\s+(\d{1,2})\s*(am|pm)?")
_KEPT_CLOCK = re.compile(r"(\d{2}):(\d{2})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood:
    """What typed words mean."""

    kept: str  # 2026-11-20, 14:30, 2026-11-20T14:30:00: what an answer keeps
    shown: str  # 20/11/2026, 14:30, 20/11/2026 14:30: as it stands in the field
    words: str  # Friday 20 November 2026, 6 days ago


@dataclass(frozen=True, slots=True, kw_only=True)
class WhenRule:
    """How one field's words are read. `now` is London time, `least` and `most` are days."""

    kind: str  # date | time | datetime | EITHER
    now: datetime
    ahead: bool = False
    least: date | None = None
    most: date | None = None

    @property
    def today(self) -> date:
        """The day it is."""
        return self.now.date()

    @property
    def is_past(self) -> bool:
        """Whether it asks for a day that has been, as far as the question says."""
        until = self.most is None or self.most <= self.today
        return self.kind == "date" and not self.ahead and until

    def understood(self, text: str) -> Understood | None:
        """What is meant; None when nothing was typed. Raises NotThat in words."""
        typed = " ".join(text.split())
        if not typed:
            return None
        if self.kind == "date":
            return self._day_of(typed)
        if self.kind == EITHER:
            return self._either(typed)
        if self.kind == "time":
            clock = clock_of(typed, self.now)
            if clock is None:
                raise NotThat("Write a time, like 14:30 or 2.30pm.")
            return Understood(kept=f"{clock:%H:%M}", shown=f"{clock:%H:%M}", words=_said(clock))
        return self._moment(typed)

    def day(self, text: str) -> date | None:
        """The day meant. Raises NotThat in words."""
        found = words.read_day(text, self.today, ahead=self.ahead)
        if found is not None and not self.fits(found):
            other = self._other_way(text)
            return other if other is not None and self.fits(other) else found
        return found

    def _other_way(self, text: str) -> date | None:
        """The same words the other way; None where only the first way is a day as it was named."""
        try:
            return words.read_day(text, self.today, ahead=not self.ahead)
        except NotThat:
            return None

    def fits(self, day: date) -> bool:
        """Whether the question allows this day."""
        late = self.most is not None and day > self.most
        return not late and (self.least is None or day >= self.least)

    def of_day(self, day: date, typed: str = "") -> str:
        """The field's text for a day chosen in the calendar; a time that stands there stays."""
        if self.kind not in ("datetime", EITHER):
            return words.typed_day(day)
        parts = typed.split()
        cuts = ((" ".join(parts[:n]), " ".join(parts[n:])) for n in range(len(parts)))
        clocks = (self._clock(tail) for head, tail in cuts if not self._is_year(head, tail))
        clock = next((c for c in clocks if c is not None), None)
        if clock is None:
            return words.typed_day(day) + (" " if self.kind == "datetime" else "")
        return f"{words.typed_day(day)} {clock:%H:%M}"

    def _day_of(self, typed: str) -> Understood | None:
        day = self.day(typed)
        if day is None:
            return None
        shown = words.typed_day(day)
        return Understood(kept=day.isoformat(), shown=shown, words=day_words(day, self.today))

    def _either(self, typed: str) -> Understood | None:
        head, _, tail = typed.rpartition(" ")
        if head and _FOUR.fullmatch(tail) and not _YEAR.fullmatch(tail):
            return self._moment(typed)  # 28/11 2130: four figures that are no year of ours
        try:
            return self._day_of(typed)
        except NotThat as no_day:
            try:
                return self._moment(typed)
            except NotThat as no_moment:
                named = isinstance(no_moment.__cause__, NoSuchDay)  # 31 feb 4pm
                raise (no_moment if named else no_day) from no_day

    def _moment(self, typed: str) -> Understood:
        if typed.casefold() == "now":
            return self._made(self.today, self.now.time())
        parts = typed.replace(" at ", " ").replace(",", " ").split()
        wrong: NotThat | None = None
        for cut in range(1, len(parts)):
            first, rest = " ".join(parts[:cut]), " ".join(parts[cut:])
            for day_text, clock_text in ((first, rest), (rest, first)):
                clock = self._clock(clock_text)
                if clock is None or self._is_year(day_text, clock_text):
                    continue
                try:
                    day = self.day(day_text)
                except NotThat as error:
                    wrong = wrong or error
                    continue
                if day is not None:
                    return self._made(day, clock)
        if wrong is not None:
            raise wrong
        raise NotThat("Write a day and a time, like 28/11/2026 14:30.")

    def _is_year(self, day_text: str, clock_text: str) -> bool:
        """Whether 2026 beside this day is its year: `28 nov` wants one, `today` has no room."""
        if _YEAR.fullmatch(clock_text) is None:
            return False
        try:
            return words.read_day(f"{day_text} {clock_text}", self.today) is not None
        except NotThat as wrong:
            return isinstance(wrong.__cause__, NoSuchDay)  # 29 feb 2026

    def _clock(self, text: str) -> time | None:
        return clock_of(text, self.now)

    def _made(self, day: date, clock: time) -> Understood:
        said = f"{clock:%H:%M}"
        return Understood(
            kept=f"{day.isoformat()}T{said}:00",
            shown=f"{words.typed_day(day)} {said}",
            words=day_words(day, self.today, at=f" at {said}"),
        )


def rule(kind: str, now: datetime, least: date | None = None, most: date | None = None) -> WhenRule:
    """The rule of a question: it leans ahead only when it allows nothing but days to come."""
    here = now.astimezone(LONDON)
    ahead = least is not None and least >= here.date()
    return WhenRule(kind=kind, now=here, ahead=ahead, least=least, most=most)


def day_rule(today: date, *, ahead: bool = False) -> WhenRule:
    """The rule of a day that belongs to no form: as everywhere on the desktop."""
    return WhenRule(kind="date", now=datetime.combine(today, time(12), LONDON), ahead=ahead)


def day_or_moment_rule(today: date) -> WhenRule:
    """The rule of a day on which something happened, or will: its time may stand beside it."""
    return WhenRule(kind=EITHER, now=datetime.combine(today, time(12), LONDON))


def read_day_or_moment(text: str, today: date) -> tuple[date | None, datetime | None]:
    """The day, and its moment in London when a time was typed. Raises NotThat in words."""
    found = day_or_moment_rule(today).understood(text)
    if found is None:
        return None, None
    if "T" not in found.kept:
        return date.fromisoformat(found.kept), None
    moment = datetime.fromisoformat(found.kept).replace(tzinfo=LONDON)
    return moment.date(), moment


def clock_of(text: str, now: datetime) -> time | None:
    """A time of day as people type it: 14:30, 2.30pm, 2 pm, 1430, half past 2 pm, noon, now."""
    typed = " ".join(text.casefold().split()).removeprefix("at ")
    if typed == "now":
        return time(now.hour, now.minute)
    if typed in _NAMED:
        return time(*_NAMED[typed])
    past = _PAST.fullmatch(typed)
    if past is not None:
        minutes = int(past[3]) * 60 + {"half": 30, "quarter": 15}[past[1]] * (
            1 if past[2] == "past" else -1
        )
        return _made(minutes // 60 % 24, minutes % 60, past[4] or "")
    four = _FOUR.fullmatch(typed)
    if four is not None:
        return _made(int(four[1]), int(four[2]), "")
    found = _CLOCK.fullmatch(typed)
    if found is None or (found[2] is None and found[3] is None):
        return None
    return _made(int(found[1]), int(found[2] or 0), (found[3] or "").replace(".", ""))


def _made(hour: int, minute: int, half: str) -> time | None:
    if half and hour > 12:
        return None
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    return time(hour, minute) if hour <= 23 and minute <= 59 else None


def _said(clock: time) -> str:
    if (clock.hour, clock.minute) in ((12, 0), (0, 0)):
        return "12 noon" if clock.hour else "12 midnight"
    half = "in the morning" if clock.hour < 12 else "in the afternoon"
    if clock.hour >= 18:
        half = "in the evening"
    hour = (clock.hour - 1) % 12 + 1
    return f"{hour}:{clock.minute:02} {half}" if clock.minute else f"{hour} o'clock {half}"


def long_day(day: date) -> str:
    """Friday 20 November 2026."""
    month = MONTHS[day.month - 1].capitalize()
    return f"{WEEKDAYS[day.weekday()].capitalize()} {day.day} {month} {day.year}"


def day_words(day: date, today: date, *, at: str = "") -> str:
    """Friday 20 November 2026, 6 days ago; a day far off speaks for itself."""
    near = f", {words.ago(day, today)}" if abs((day - today).days) <= NEAR_DAYS else ""
    return f"{long_day(day)}{at}{near}"


def shown(kind: str, kept: str) -> str:
    """A kept answer as it stands in its field: 20/11/2026, 14:30, 20/11/2026 14:30."""
    if kind == "time":
        found = _KEPT_CLOCK.match(kept)
        return kept if found is None else found.group()
    day_text, gap, clock = kept.partition("T")
    try:
        day = words.typed_day(date.fromisoformat(day_text))
    except ValueError:
        return kept
    found = _KEPT_CLOCK.match(clock)
    return f"{day} {found.group()}" if gap and found is not None else day
