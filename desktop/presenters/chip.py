"""What the chip in the top bar says: is my work safe, and has it gone? (table "Sync chip")

Offline is normal and never looks like an error. It tells the last success, never the last try.
Refuses red for anything that a person need not act on.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from forms.values import LONDON

STALE_DAYS = 7
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class ChipLook(StrEnum):
    """Shape and colour; the values are those of `kit.shapes.Look`."""

    LAPTOP = "laptop"
    SENDING = "sending"
    DONE = "done"
    WAITING = "waiting"
    STOP = "stop"


@dataclass(frozen=True, slots=True, kw_only=True)
class SafetyState:
    """What the chip is worked out from."""

    now: datetime
    joined: bool = True
    practice: bool = False
    unsent: int = 0
    files: int = 0  # photos and papers not sent
    costs: bool = False  # sending costs money here, so that they wait
    by_hand: bool = False  # nothing is sent before somebody says so
    soon: bool = False  # there is a line, and the next sending is seconds away
    last_sent_at: datetime | None = None
    level: bool = False  # the last round ended well and nothing was written since
    level_at: datetime | None = None  # when it ended: nothing may have had to be sent in it
    sending: tuple[int, int] | None = None  # done, of
    file_words: str = ""  # which file is on its way
    to_check: int = 0
    needs: str = ""  # words of a trouble only a person can end: sign in, log-in page, closed laptop
    stale_days: int = STALE_DAYS


@dataclass(frozen=True, slots=True)
class Chip:
    """Words and look."""

    words: str
    look: ChipLook


def chip(state: SafetyState) -> Chip:
    """The one line that is true now; what needs a person comes first."""
    if state.practice:
        return Chip("Kept on this laptop only", ChipLook.LAPTOP)
    if not state.joined:
        return Chip("Saved on this laptop. Not joined to a council yet", ChipLook.LAPTOP)
    if state.needs:
        return Chip(state.needs, ChipLook.STOP)
    if state.sending is not None:
        return Chip(state.file_words or _sending(*state.sending), ChipLook.SENDING)
    if state.to_check:
        return Chip(f"{_things(state.to_check)} to check", ChipLook.STOP)
    return _resting(state)


def _resting(state: SafetyState) -> Chip:
    stale = _is_stale(state)
    if stale:
        last = (
            f"Last sent {day_words(state.last_sent_at, state.now)}"
            if state.last_sent_at
            else ("Nothing sent yet")
        )
        return Chip(f"{_changes(state.unsent)} waiting. {last}", ChipLook.WAITING)
    if state.unsent:
        return Chip(_to_send(_changes(state.unsent), state), ChipLook.LAPTOP)
    if state.files and state.costs:
        wait = "file waits" if state.files == 1 else "files wait"
        words = f"Saved on this laptop - {state.files:,} {wait}: sending costs money here"
        return Chip(words, ChipLook.LAPTOP)
    if state.files:
        return Chip(_to_send(_files(state.files), state), ChipLook.LAPTOP)
    level_at = state.level_at or state.last_sent_at
    if state.level and level_at is not None:
        when = day_words(level_at, state.now).removeprefix("today ")
        return Chip(f"Up to date with the register, {when}", ChipLook.DONE)
    return Chip("Saved on this laptop", ChipLook.LAPTOP)


def _is_stale(state: SafetyState) -> bool:
    if not state.unsent:
        return False
    if state.last_sent_at is None:
        return False  # joined just now: the first sending is still to come
    return state.now - state.last_sent_at > timedelta(days=state.stale_days)


def _sending(done: int, of: int) -> str:
    return f"Sending {done} of {of}..." if of else "Fetching from the register..."


def _to_send(what: str, state: SafetyState) -> str:
    if state.soon and not state.by_hand:
        return f"Saved on this laptop - {what}, sending soon"
    when = "you say so" if state.by_hand else "you are online"
    return f"Saved on this laptop - {what} to send when {when}"


def _files(count: int) -> str:
    return "1 file" if count == 1 else f"{count:,} files"


def _changes(count: int) -> str:
    return "1 change" if count == 1 else f"{count:,} changes"


def _things(count: int) -> str:
    return "1 thing" if count == 1 else f"{count:,} things"


def day_words(moment: datetime | None, now: datetime) -> str:
    """A moment as people say it: today 14:05, yesterday, Tuesday, 3 October."""
    if moment is None:
        return "never"
    there, here = moment.astimezone(LONDON), now.astimezone(LONDON)
    if there.date() == here.date():
        return f"today {there:%H:%M}"
    return date_words(there.date(), here.date())


def date_words(day: date, today: date) -> str:
    """A day as people say it, near days by name: tomorrow, Tuesday, Fri 21 Nov, 3 October 2025."""
    apart = (day - today).days
    near = {0: "today", 1: "tomorrow", -1: "yesterday"}
    if apart in near:
        return near[apart]
    if -7 < apart < 7:
        return _DAYS[day.weekday()]
    if day.year == today.year:
        return f"{_DAYS[day.weekday()][:3]} {day.day} {day:%b}"
    return f"{day.day} {day:%B %Y}"
