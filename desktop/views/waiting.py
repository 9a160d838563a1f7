"""A page that names the step being done, when there is nothing else to show yet."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from desktop.views.kit.bars import Bar
from desktop.views.kit.labels import section
from desktop.views.kit.layout import column, row
from desktop.views.kit.shapes import Look


class Waiting(QWidget):
    """One line in the middle."""

    def __init__(self, words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bar = Bar("problem-bar", Look.STOP)
        self.setLayout(column(self._bar, None, row(None, section(words), None), None, margin=2))

    def show_problem(self, words: str) -> None:
        """What stopped it."""
        self._bar.say(words)
