"""A page that names the step being done, when there is nothing else to show yet."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QWidget

from desktop.views.kit.bars import Bar, announce
from desktop.views.kit.labels import section
from desktop.views.kit.layout import column, row
from desktop.views.kit.shapes import Look
from desktop.views.kit.ticks import Ticks

TICK_MS = 100


class Waiting(QWidget):
    """One line in the middle."""

    def __init__(
        self,
        words: str,
        said: Callable[[], str] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """`said` is asked ten times a second what is done now; "" where `words` still hold."""
        super().__init__(parent)
        self._line = section(words)
        self._line.setWordWrap(True)
        self._bar = Bar("problem-bar", Look.STOP)
        self.setLayout(column(self._bar, None, row(None, self._line, None), None, margin=2))

        if said is not None:
            Ticks(self, TICK_MS, partial(self._look, said)).start()

    def _look(self, said: Callable[[], str]) -> bool:
        words = said()
        if words and words != self._line.text():
            self._line.setText(words)
            announce(self, words)
        return True

    def show_problem(self, words: str) -> None:
        """What stopped it."""
        self._bar.say(words)
