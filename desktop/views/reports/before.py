"""What to know before a report goes out, each with a mark. Refuses to judge: it only shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from desktop.views.kit.chips import StatusChip
from desktop.views.kit.labels import label, muted, section
from desktop.views.kit.layout import clear, column, row
from desktop.views.kit.long_work import LongWork
from desktop.views.kit.shapes import Look

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.presenters.reports import Check


LOOKING = "Looking what there is to know..."


class Before(QWidget):
    """One line for each check, and how far looking for them is."""

    def __init__(self, look: Callable[[], bool], parent: QWidget | None = None) -> None:
        """`look` shows how far it is; False when nothing is under way."""
        super().__init__(parent)
        self.work = LongWork(look)
        self._any = False
        self._lines = column(gap=1)
        self.say(LOOKING)
        head = section("Before it goes out")
        self.setLayout(column(head, self.work, self._lines, None, gap=1))

    def watch(self) -> None:
        """Looking may take long."""
        self.work.watch()

    def show_busy(self, words: str, done: int, of: int) -> None:
        """How far looking is."""
        self.work.show_step(words, done, of)
        if words and not self._any:
            clear(self._lines)  # the step says it

    def show_unchecked(self, words: str) -> None:
        """A person stopped it; checks that stand here are of an older choice."""
        self.work.show_stopped(words)
        if words:
            clear(self._lines)

    def say(self, words: str) -> None:
        """These words in place of the checks."""
        clear(self._lines)
        self._lines.addWidget(muted(words, wrap=True))

    def show_checks(self, checks: tuple[Check, ...], *, unread: str = "") -> None:
        """These, and no others; `unread` says why nobody could look."""
        self.work.show_stopped("")  # what was stopped is answered now
        if unread:
            self.say(unread)
            return
        self._any = True
        clear(self._lines)
        for check in checks:
            chip = StatusChip("", Look.DONE if check.fine else Look.WARN)
            line = row(chip, label(check.words, wrap=True), gap=0)
            line.setStretch(1, 1)
            self._lines.addLayout(line)
