"""One question at a time where a choice may change before it is answered.

Whoever asks anew stops what was asked before, and nothing comes of that any more. Refuses to show
how far an older question is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeVar

from desktop.operations.long_work import Progress, Tell, in_units

T = TypeVar("T")


class WatchesView(Protocol):
    """Where it is shown how far long work is."""

    def watch(self) -> None:
        """Something may take long: call `tick` until it says that nothing is under way."""
        ...

    def show_busy(self, words: str, done: int, of: int) -> None:
        """How far it is, with units; "" when it is over."""
        ...


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked, and who hears how far it is."""

    progress: Progress
    told: Tell


class Newest:
    """The newest question."""

    def __init__(self, view: WatchesView) -> None:
        self._view = view
        self._question: Question | None = None

    @property
    def is_waiting(self) -> bool:
        """Whether an answer is on its way."""
        return self._question is not None

    def ask(self, told: Tell) -> Question:
        """A question in place of the one before; `told` hears how far it is, at each tick."""
        self.drop()
        self._question = Question(Progress(), told)
        self._view.watch()
        return self._question

    def drop(self) -> None:
        """Nobody waits for it any more: the work stops, too."""
        question = self._over()
        if question is not None:
            question.progress.stop()

    def only(self, question: Question, then: Callable[[T], None]) -> Callable[[T], None]:
        """`then` for what comes of this question, unless a newer one was asked."""

        def newest(answer: T) -> None:
            if question is self._question:
                self._over()
                then(answer)

        return newest

    def tick(self) -> None:
        """Say how far it is."""
        if self._question is not None and self._question.progress.words:
            told = self._question.progress
            self._question.told(in_units(told.words, told.done, told.of), told.done, told.of)

    def _over(self) -> Question | None:
        question, self._question = self._question, None
        if question is not None:
            self._view.show_busy("", 0, 0)
        return question
