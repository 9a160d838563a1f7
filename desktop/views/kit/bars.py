"""Bars and labels that speak to the person: a problem, an undo, "Saved on this laptop 14:32".

Refuses pop-ups: nothing here takes the focus or stops the work.
"""

from __future__ import annotations

import re
import weakref
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QHideEvent,
)
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from desktop.alive import is_alive
from desktop.views.kit.buttons import Worded, button
from desktop.views.kit.covered import COVERED
from desktop.views.kit.icon_words import OF_WORDS
from desktop.views.kit.labels import label
from desktop.views.kit.shapes import Look, Shape

if TYPE_CHECKING:
    from collections.abc import Callable

UNDO_MS = 10_000
_NUMBERS = re.compile(r"[\d,.]+")


def announce(widget: QWidget, words: str, *, urgent: bool = False) -> None:
    """Have a screen reader say this (WCAG 4.1.3); silent when none listens.

    `urgent`: at once, over what is being said. For what needs the person, never for good news.
    A covered window is not heard.
    """
    if QAccessible.isActive() and not widget.window().property(COVERED):
        event = QAccessibleAnnouncementEvent(widget, words)
        if urgent:
            event.setPoliteness(QAccessible.AnnouncementPoliteness.Assertive)
        QAccessible.updateAccessibility(event)


def say_count(line: QLabel, words: str) -> None:
    """How many a filter leaves, on the screen and, when that has changed, to a screen reader."""
    if line.text() != words:
        line.setText(words)
        if line.window().isVisible():
            announce(line, words)


class Bar(QFrame):
    """A bar with a shape and words; hidden until it has something to say."""

    def __init__(self, role: str, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", role)
        self._urgent = look in (Look.STOP, Look.WARN)
        self._words: QLabel = label("", wrap=True)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(12, 8, 12, 8)
        self._row.setSpacing(10)
        self._shape = Shape(look, self)
        self._row.addWidget(self._shape, 0, Qt.AlignmentFlag.AlignTop)
        self._body = QVBoxLayout()
        self._body.setSpacing(6)
        self._body.addWidget(self._words)
        self._row.addLayout(self._body, 1)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._before: weakref.ref[QWidget] | None = None  # had the focus when it came up
        self.hide()

    @property
    def words(self) -> str:
        """What it says now."""
        return self._words.text()

    @property
    def look(self) -> Look:
        """The shape beside the words."""
        return self._shape.look

    def say(self, words: str) -> None:
        """Show these words; "" hides the bar. Whoever pressed a button on it goes on as before."""
        if words and self.isHidden():
            at: QWidget | None = self.window().focusWidget()
            self._before = None if at is None else weakref.ref(at)
        elif not words:
            self._give_back_focus()
        self._words.setText(words)
        self.setVisible(bool(words))
        if words:
            announce(self, words, urgent=self._urgent)

    def _give_back_focus(self) -> None:
        at: QWidget | None = self.window().focusWidget()
        before = self._before() if self._before is not None else None
        if at is None or before is None or not self.isAncestorOf(at) or not is_alive(before):
            return
        if before.isVisible() and before.isEnabled() and not self.isAncestorOf(before):
            before.setFocus()

    def _beside(self, press: QWidget) -> None:
        """A button at the end: shape, words and button stand in one line."""
        middle = Qt.AlignmentFlag.AlignVCenter
        self._row.addWidget(press, 0, middle)
        self._row.setAlignment(self._shape, middle)

    def take_back(self, words: str) -> None:
        """Say these words no more; anything else that it says stays."""
        if self.words == words:
            self.say("")


class UndoBar(Bar):
    """What was just done, and a way to take it back for ten seconds."""

    gone = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("info-bar", Look.DONE, parent)
        self._undo: Callable[[], None] | None = None
        self._newest = False
        self._button = button("Undo", self.undo)
        self._beside(self._button)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(UNDO_MS)
        self._timer.timeout.connect(self.clear)

    @property
    def can_undo(self) -> bool:
        """Whether Undo is what the button says, and nothing was saved since."""
        return self._undo is not None and self._button.text() == "Undo" and self._newest

    def offer(
        self, words: str, undo: Callable[[], None] | None = None, *, press: str = "Undo"
    ) -> None:
        """Say what was done; with `undo`, offer to take it back. `press`: the button's words."""
        self._show(words, undo, press, Look.DONE)

    def note(self, words: str) -> None:
        """Say what was not done, or came about by itself."""
        self._show(words, None, "Undo", Look.INFO)

    def _show(self, words: str, undo: Callable[[], None] | None, press: str, look: Look) -> None:
        self._undo, self._newest = undo, True
        self._button.setVisible(undo is not None)
        self._button.setText(press)
        if isinstance(self._button, Worded):
            self._button.wear(OF_WORDS.get(press, ""))
        self._button.setAccessibleName(f"{press}: {words}")
        self._shape.set_look(look)
        self.say(words)
        self._timer.start()

    def solved(self, undo: Callable[[], None]) -> None:
        """Take the bar away if it offers this; another offer stays."""
        if self._undo is undo:
            self.clear()

    def passed(self) -> None:
        """Something newer was saved: the button still takes this back, Ctrl+Z takes the newest."""
        self._newest = False

    @Slot()
    def undo(self) -> None:
        """Take it back now (also Ctrl+Z)."""
        undo = self._undo
        self.clear()
        if undo is not None:
            undo()

    @Slot()
    def clear(self) -> None:
        """Take the bar away; what was done stays done."""
        self._timer.stop()
        self._undo = None
        self.say("")
        self.gone.emit()


class StoppedBar(Bar):
    """What was stopped, and "Try again"."""

    again = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("warn-bar", Look.WARN, parent)
        self._again = button("Try again", self.again.emit)
        self._beside(self._again)

    def take_focus(self) -> None:
        """The keys go to "Try again"."""
        self._again.setFocus()


class Busy(QWidget):
    """A step in words, a bar when the end is known, and a way to stop: the button, or Escape.

    Each new step is said to a screen reader; its numbers are not, they change all the time.
    """

    stopped = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        from PySide6.QtWidgets import QProgressBar

        self._step = ""  # as last said, without its numbers
        self._words = label("", wrap=True)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName("How far along")
        self._stop = button("Stop", self.stopped.emit)
        self._stop.setToolTip("Stop (Escape)")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._words)
        layout.addWidget(self._bar)
        layout.addWidget(self._stop, 0, Qt.AlignmentFlag.AlignLeft)

    def show_step(self, words: str, done: int = 0, of: int = 0) -> None:
        """Name the step; with a counted plan also the bar, never a made-up percentage."""
        self._words.setText(words)
        step = _NUMBERS.sub("", words)
        if step != self._step and self.window().isVisible():
            self._step = step
            announce(self, words)
        self._bar.setVisible(of > 0)
        self._bar.setMaximum(max(of, 1))
        self._bar.setValue(done)

    def hideEvent(self, event: QHideEvent) -> None:
        """It is over: the next time is a new one."""
        super().hideEvent(event)
        self._step = ""

    @property
    def words(self) -> str:
        """What it says now."""
        return self._words.text()

    def take_focus(self) -> None:
        """The keys go to its Stop: nothing else may be pressed meanwhile."""
        self._stop.setFocus()

    @property
    def has_focus(self) -> bool:
        """Whether the keys are at its Stop."""
        return self._stop.hasFocus()
