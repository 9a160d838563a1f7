"""Days and hours out of the words that a person wrote for their listing.

"Weekdays, 9 to 4" can be searched by day; "when the tide is out" cannot. Refuses to guess: the
whole text has to be understood, or nothing is said about days or hours.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
DAY_WORDS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

_NAMES = {
    name: number
    for number, full in enumerate(DAY_WORDS)
    for name in (full.lower(), full.lower()[:3], full.lower() + "s")
} | {"tues": 1, "weds": 2, "thur": 3, "thurs": 3}
_SETS = {
    "weekdays": range(5),
    "weekday": range(5),
    "weekends": range(5, 7),
    "weekend": range(5, 7),
    "daily": range(7),
    "everyday": range(7),
}
_NUMBERS = dict(
    zip(
        ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven"),
        range(1, 12),
        strict=True,
    )
) | {"twelve": 12}
_PART = re.compile(r"mornings?|afternoons?|evenings?")
_CLOCK = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?(am|pm)?")
_WORD = re.compile(r"\d{1,2}(?:[:.]\d{2})? ?(?:am|pm)?|[a-z]+|[,&-]")
_FILLERS = frozenset({",", "and", "&", "from", "on", "between"})
_TO = frozenset({"-", "to", "until", "till", "and"})
_EARLIEST = 7  # an hour below this, said without am or pm, is in the afternoon


@dataclass(frozen=True, slots=True, kw_only=True)
class OpeningTimes:
    """Days as iCalendar codes in the order of the week; hours only where both were said."""

    days: tuple[str, ...]
    opens: time | None = None
    closes: time | None = None


def read_times(text: str) -> OpeningTimes | None:
    """Days and hours, or None where a word was not understood."""
    plain = text.casefold().replace("–", "-").replace("—", "-").strip(" .")
    plain = plain.replace("every day", "everyday")
    words = [word.replace(" ", "") for word in _WORD.findall(plain)]
    if re.sub(r"\s", "", plain) != "".join(words):
        return None
    reading = _Reading(words)
    if not reading.whole() or not reading.days:
        return None
    days = tuple(DAYS[number] for number in sorted(reading.days))
    opens, closes = reading.hours or (None, None)
    return OpeningTimes(days=days, opens=opens, closes=closes)


class _Reading:
    """Takes the words one after the other."""

    def __init__(self, words: list[str]) -> None:
        self._words = words
        self._at = 0
        self.days: set[int] = set()
        self.hours: tuple[time, time] | None = None

    def whole(self) -> bool:
        """Whether every word had its meaning."""
        while self._at < len(self._words):
            if not (self._day() or self._hour_span() or self._filler()):
                return False
        return True

    def _peek(self, ahead: int = 0) -> str:
        place = self._at + ahead
        return self._words[place] if place < len(self._words) else ""

    def _day(self) -> bool:
        word = self._peek()
        if word in _SETS:
            self.days.update(_SETS[word])
            self._at += 1
            return True
        if word not in _NAMES:
            return False
        first = _NAMES[word]
        if self._peek(1) in _TO - {"and"} and self._peek(2) in _NAMES:
            last = _NAMES[self._peek(2)]
            self.days.update((first + n) % 7 for n in range((last - first) % 7 + 1))
            self._at += 3
        else:
            self.days.add(first)
            self._at += 1
        return True

    def _filler(self) -> bool:
        word = self._peek()
        if word in _FILLERS or _PART.fullmatch(word):
            self._at += 1
            return True
        return False

    def _hour_span(self) -> bool:
        if self.hours is not None or self._peek(1) not in _TO:
            return False
        opens, closes = _moment(self._peek()), _moment(self._peek(2))
        if opens is None or closes is None:
            return False
        span = _span(opens, closes)
        if span is None:
            return False
        self.hours = span
        self._at += 3
        return True


def _moment(word: str) -> tuple[int, int, str] | None:
    """Hour, minute and am or pm, as said."""
    if word in ("noon", "midday"):
        return 12, 0, "pm"
    if word in _NUMBERS:
        return _NUMBERS[word], 0, ""
    found = _CLOCK.fullmatch(word)
    if found is None:
        return None
    hour, minute, half = int(found[1]), int(found[2] or 0), found[3] or ""
    return (hour, minute, half) if hour < 24 and minute < 60 else None


def _span(opens: tuple[int, int, str], closes: tuple[int, int, str]) -> tuple[time, time] | None:
    start = _on_the_clock(*opens)
    if start is None:
        return None
    if not opens[2] and start.hour < _EARLIEST:
        start = start.replace(hour=start.hour + 12)
    end = _on_the_clock(*closes)
    if end is None:
        return None
    if not closes[2] and end <= start and end.hour < 12:
        end = end.replace(hour=end.hour + 12)
    return (start, end) if start < end else None


def _on_the_clock(hour: int, minute: int, half: str) -> time | None:
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "pm" else 0)
    return time(hour, minute)
