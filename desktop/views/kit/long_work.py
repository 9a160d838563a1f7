"""A long piece of work on a page: how far it is, Stop, and after Stop the words with "Try again".

Ten times a second it asks how far the work is, while there is some. Refuses to be in sight for what
is over before the first time it asks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desktop.views.kit.bars import Busy, StoppedBar
from desktop.views.kit.layout import column
from desktop.views.kit.ticks import Ticks

if TYPE_CHECKING:
    from collections.abc import Callable

TICK_MS = 100


class LongWork(QWidget):
    """Hidden while nothing is under way and nothing was stopped."""

    stopped = Signal()
    again = Signal()

    def __init__(self, look: Callable[[], bool], parent: QWidget | None = None) -> None:
        """`look` shows how far the work is; False when there is none."""
        super().__init__(parent)
        self._busy = Busy()
        self._over = StoppedBar()
        self._ticks = Ticks(self, TICK_MS, look)
        self._busy.hide()
        self._busy.stopped.connect(self.stopped)
        self._over.again.connect(self.again)
        body = column(self._busy, self._over, gap=1)
        body.setContentsMargins(0, 0, 0, 0)
        self.setLayout(body)
        self.hide()

    @property
    def has_focus(self) -> bool:
        """Whether the keys are at Stop, or at "Try again"."""
        return any(each.hasFocus() for each in self.findChildren(QWidget))

    def watch(self) -> None:
        """Look from now on, until there is nothing to look at."""
        self._ticks.start()

    def show_step(self, words: str, done: int, of: int) -> None:
        """The step with its units; "" when it is over."""
        self._busy.setVisible(bool(words))
        self._busy.show_step(words, done, of)
        self._show_whole()
        if words:
            self.watch()

    def show_stopped(self, words: str) -> None:
        """What was stopped, and a way to try again; "" takes it away."""
        at_stop = self._busy.has_focus
        self._busy.hide()
        self._over.say(words)
        self._show_whole()
        if at_stop and words:
            self._over.take_focus()

    def _show_whole(self) -> None:
        self.setVisible(not (self._busy.isHidden() and self._over.isHidden()))
