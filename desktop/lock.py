"""When to warn and when to lock: counts quiet time by two clocks, whichever says more. No Qt.

The laptop's clock goes on while it sleeps, also where the steady one stands still (Linux, macOS);
the steady one goes on when somebody puts the laptop's clock back. So a sleep past the lock time
locks, and so does a clock put forward, which looks the same; what is half typed is kept either way.
The window feeds it activity and asks it every second what to do. Refuses to lock without the
sixty-second warning, unless the person asks for it or a clock has leapt that far, and to stay open
because a clock was put back.
"""

from __future__ import annotations

import time
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from forms.values import Clock

WARNING = timedelta(seconds=60)


class Due(StrEnum):
    """What should happen now."""

    NOTHING = "nothing"
    WARN = "warn"
    LOCK = "lock"


class IdleWatch:
    """How long nothing was typed or clicked."""

    def __init__(
        self, clock: Clock, minutes: int, steady: Callable[[], float] = time.monotonic
    ) -> None:
        """`steady`: seconds from anywhere, that nobody can put back."""
        self._clock, self._steady = clock, steady
        self._limit = timedelta(minutes=minutes)
        self.active()

    def set_minutes(self, minutes: int) -> None:
        """The person chose another lock time."""
        self._limit = timedelta(minutes=minutes)

    def active(self) -> None:
        """A key or the mouse was used."""
        self._last, self._last_steady = self._clock.now(), self._steady()

    @property
    def seconds_left(self) -> int:
        """Until the lock; never below zero."""
        return max(0, int((self._limit - self._quiet).total_seconds()))

    @property
    def quiet_seconds(self) -> int:
        """How long nothing was typed or clicked; never below zero."""
        return int(self._quiet.total_seconds())

    def due(self) -> Due:
        """What should happen now."""
        quiet = self._quiet
        if quiet >= self._limit:
            return Due.LOCK
        return Due.WARN if quiet >= self._limit - WARNING else Due.NOTHING

    @property
    def _quiet(self) -> timedelta:
        steady = timedelta(seconds=self._steady() - self._last_steady)
        return max(self._clock.now() - self._last, steady)
