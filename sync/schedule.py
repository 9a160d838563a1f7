"""When to try next. Arithmetic only; the network lane asks it and waits by itself.

Refuses to sleep, to read a clock and to keep a thread.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

FIRST = 2.0
CAP = 300.0
QUIET = 60.0  # a look at the register when nothing waits
DEBOUNCE = 3.0  # after the last edit
LONGEST_WISH = 3600.0  # a register cannot ask for more: it may be out of its mind
LATEST = 20.0  # after the first edit that waits


def back_off(failures: int, random: Random, retry_after: float = 0.0) -> float:
    """Seconds to wait after so many failures in a row: 2 s doubling to 5 min, full jitter.

    The register's own wish (`retry_after`) is not undercut, up to an hour.
    """
    wish = min(max(0.0, retry_after), LONGEST_WISH)
    if failures <= 0:
        return wish
    ceiling = min(CAP, FIRST * 2.0 ** min(failures - 1, 16))
    return max(wish, random.uniform(0, ceiling))


@dataclass(frozen=True, slots=True)
class Waiting:
    """Edits that wait: when the first and the last of them were made."""

    first: datetime
    last: datetime

    def due(self) -> datetime:
        """A little after the last edit, never long after the first."""
        return min(self.last + timedelta(seconds=DEBOUNCE), self.first + timedelta(seconds=LATEST))


def edited(waiting: Waiting | None, at: datetime) -> Waiting:
    """One more edit at this moment, which is before the others where the clock was put back."""
    return Waiting(at if waiting is None else min(waiting.first, at), at)


def next_look(last_round: datetime, waiting: Waiting | None) -> datetime:
    """When the next round is due if nothing fails."""
    quiet = last_round + timedelta(seconds=QUIET)
    return quiet if waiting is None else min(quiet, waiting.due())
