"""How much of a pull goes into one commit: as much as keeps the vault free for whoever types.

Measured on this laptop while it works, the commit included: a slow disk takes fewer records at a
time, a quick one more. Refuses to decide by the number of records alone: one may cost a hundred
times what another does. Refuses also to go down to nothing: where the disk alone keeps everybody
waiting, ever smaller steps would only make more of them.
"""

from __future__ import annotations

from time import perf_counter

AIM = 0.030  # seconds that one commit of a pull may hold the vault's write lock; promised are 0.05
MOST = 0.015  # seconds of taking records in, before what follows and the commit
ROWS = 1000  # and records, at most; together with the share they keep a step from proving in vain
LEAST = 1 / 3  # of either


class Pace:
    """One for an open vault: begin and end of each commit of a pull."""

    def __init__(self) -> None:
        self._share = 1.0
        self._begun = 0.0

    @property
    def rows(self) -> int:
        """How many records the next commit should try."""
        return round(ROWS * self._share)

    def begin(self) -> None:
        """The write lock is held from here on."""
        self._begun = perf_counter()

    def is_enough(self) -> bool:
        """Whether no more records should be begun in this commit."""
        return perf_counter() - self._begun >= MOST * self._share

    def end(self) -> None:
        """The commit is on disk: the next one takes in more or less, by how long this one was."""
        held = perf_counter() - self._begun
        more = self._share * (AIM / held if held > AIM else 1.25)
        self._share = min(1.0, max(LEAST, more))
