"""How screens speak through the window: problem bar, undo bar, "Saved" in the top corner.

Refuses modal boxes. A mistake of ours is written down beside the vault, without personal data.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop.presenters.saving import words_for
from desktop.trouble import in_words, keep_report
from desktop.views.kit.bars import announce

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from desktop.views.main_window import MainView
    from forms.values import Clock

VERSION = "0.1.0"


class WindowTells:
    """`Context.tell` for real."""

    def __init__(
        self,
        view: MainView,
        reports: Path,
        clock: Clock,
        elsewhere: Callable[[Exception], None],
    ) -> None:
        self._view, self._reports, self._clock = view, reports, clock
        self._elsewhere = elsewhere
        self._closed = False

    def close(self) -> None:
        """The view is going: what still fails is said on the page that comes after it."""
        self._closed = True

    def say(self, words: str) -> None:
        """One calm line on what was done, gone by itself."""
        if not self._closed:
            self._view.undo.offer(words)

    def note(self, words: str) -> None:
        """The same on what was not, or came about by itself."""
        if not self._closed:
            self._view.undo.note(words)

    def problem(
        self, words: str, *, details: str = "", again: Callable[[], None] | None = None
    ) -> None:
        """What happened, what is safe, what to do."""
        if not self._closed:
            self._view.problem.show_problem(words, details=details, again=again)

    def offer_undo(self, words: str, undo: Callable[[], None]) -> None:
        """Say what was done and offer to take it back."""
        if not self._closed:
            self._view.undo.offer(words, undo)

    def offer_redo(self, words: str, redo: Callable[[], None]) -> None:
        """Say what was taken back and offer to do it again."""
        if not self._closed:
            self._view.undo.offer(words, redo, press="Do it again")

    def failed(self, error: Exception, *, again: Callable[[], None] | None = None) -> None:
        """An error in words; a mistake of ours also leaves a report."""
        if self._closed:
            self._elsewhere(error)
            return
        trouble = in_words(error)
        if trouble.ours:
            keep_report(self._reports, error, self._clock.now(), VERSION)
        words = trouble.words if again is not None else words_for(error)
        details = trouble.details if trouble.ours else ""
        self._view.problem.show_problem(words, details=details, again=again)

    def solved(self, again: Callable[[], None]) -> None:
        """Take the bar away if it still speaks of this, or still offers it."""
        if not self._closed:
            self._view.problem.solved(again)
            self._view.undo.solved(again)

    def saved(self, at: datetime) -> None:
        """A commit is on disk; the field that was saved says so itself, screen readers hear it."""
        del at
        if not self._closed:
            self._view.undo.passed()
            announce(self._view, "Saved on this laptop")
