"""What to know before a report goes out, each with a mark. Refuses to judge: it only shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from desktop.views.kit.chips import StatusChip
from desktop.views.kit.labels import label, muted, section
from desktop.views.kit.layout import clear, column, row
from desktop.views.kit.shapes import Look

if TYPE_CHECKING:
    from desktop.presenters.reports import Check


class Before(QWidget):
    """One line for each check."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines = column(gap=1)
        self.say("Looking what there is to know...")
        self.setLayout(column(section("Before it goes out"), self._lines, None, gap=1))

    def say(self, words: str) -> None:
        """These words in place of the checks."""
        clear(self._lines)
        self._lines.addWidget(muted(words, wrap=True))

    def show_checks(self, checks: tuple[Check, ...]) -> None:
        """These, and no others."""
        clear(self._lines)
        for check in checks:
            chip = StatusChip("", Look.DONE if check.fine else Look.WARN)
            line = row(chip, label(check.words, wrap=True), gap=0)
            line.setStretch(1, 1)
            self._lines.addLayout(line)
