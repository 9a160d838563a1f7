"""When to warn and when to lock: counts quiet time by the clock it is given. No Qt.

The window feeds it activity and asks it every second what to do. Refuses to lock without the
sixty-second warning, unless the person asks for it or the laptop was asleep that long.
"""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from forms.values import Clock

WARNING = timedelta(seconds=60)


class Due(StrEnum):
    """What should happen now."""

    NOTHING = "nothing"
    WARN = "warn"
    LOCK = "lock"


class IdleWatch:
    """How long nothing was typed or clicked."""

    def __init__(self, clock: Clock, minutes: int) -> None:
        self._clock = clock
        self._limit = timedelta(minutes=minutes)
        self._last: datetime = clock.now()

    def set_minutes(self, minutes: int) -> None:
        """The person chose another lock time."""
        self._limit = timedelta(minutes=minutes)

    def active(self) -> None:
        """A key or the mouse was used."""
        self._last = self._clock.now()

    @property
    def seconds_left(self) -> int:
        """Until the lock; never below zero."""
        return max(0, int((self._last + self._limit - self._clock.now()).total_seconds()))

    @property
    def quiet_seconds(self) -> int:
        """How long nothing was typed or clicked."""
        return max(0, int((self._clock.now() - self._last).total_seconds()))

    def due(self) -> Due:
        """What should happen now."""
        quiet = self._clock.now() - self._last
        if quiet >= self._limit:
            return Due.LOCK
        return Due.WARN if quiet >= self._limit - WARNING else Due.NOTHING
