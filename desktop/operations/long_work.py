"""How far a long piece of work is, and a way to stop it safely.

A lane writes, the window reads. Refuses half-made results: whoever is stopped cleans up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from desktop.operations.errors import OperationFault

Tell = Callable[[str, int, int], None]  # the step in words, parts done, parts there are


class WorkStopped(OperationFault):
    """A person pressed Stop."""

    def __init__(self) -> None:
        super().__init__("Stopped. Nothing was left behind. Your records are safe.")


@dataclass(slots=True)
class Progress:
    """The step in words; parts done of parts there are, 0 of 0 where nobody can count them."""

    done: int = 0
    of: int = 0
    stop_wanted: bool = False
    words: str = ""
    _pass_on: Callable[[], None] | None = None

    def step(self, words: str, done: int, of: int) -> None:
        """How far the lane is, in words. Raises WorkStopped when a person wants to stop."""
        self.check()
        self.heard(words, done, of)

    def heard(self, words: str, done: int, of: int) -> None:
        """What another process said: it stops by itself."""
        self.words, self.done, self.of = words, done, of

    def check(self) -> None:
        """Raises WorkStopped when a person wants to stop."""
        if self.stop_wanted:
            raise WorkStopped

    def stop(self) -> None:
        """A person wants no more of it. From the window; safe to call twice."""
        self.stop_wanted = True
        pass_on = self._pass_on
        if pass_on is not None:
            pass_on()

    @contextmanager
    def done_by(self, pass_on: Callable[[], None]) -> Iterator[None]:
        """Meanwhile another process does the work: `pass_on` tells it of Stop, from any thread."""
        self._pass_on = pass_on
        try:
            if self.stop_wanted:  # pressed just before
                pass_on()
            yield
        finally:
            self._pass_on = None


def in_units(words: str, done: int, of: int) -> str:
    """A step with its units: "Working out the months: 5 of 20". Words that count stay as they are.

    Nobody can count it (0 of 0): the words alone.
    """
    return f"{words}: {done:,} of {of:,}" if of and ":" not in words else words


def nobody(_words: str, _done: int, _of: int) -> None:
    """Tells nobody, and is never stopped."""
