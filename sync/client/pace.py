"""How fast a line carries, judged by what went over it in this round.

Counts only parts of files, which are long enough to tell; before the first of them the quickest
answer stands for the line, because a line that is slow to answer is seldom a fast one. Refuses to
read a clock and to stop anything: what is slow only goes in another order.
"""

from __future__ import annotations

from dataclasses import dataclass

GOOD = 96 << 10  # bytes a second: a whole photo of 3 MB in half a minute
LAG = 0.25  # seconds of the quickest answer
ENOUGH = 16 << 10  # bytes that tell something


@dataclass(slots=True)
class Pace:
    """What is known of a line."""

    quickest: float | None = None  # seconds
    sent: int = 0  # bytes of parts of files
    took: float = 0.0  # seconds

    def note(self, part: int, seconds: float) -> None:
        """One request was answered; `part` is how many bytes of a file it carried, or 0."""
        self.quickest = seconds if self.quickest is None else min(self.quickest, seconds)
        if part >= ENOUGH:
            self.sent += part
            self.took += max(0.0, seconds)

    @property
    def is_slow(self) -> bool:
        """Whether small things should go first."""
        if self.sent:
            return self.sent < GOOD * self.took
        return self.quickest is not None and self.quickest > LAG
