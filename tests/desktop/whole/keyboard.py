"""Hands on the keys: every press goes to whatever has the focus, as a keyboard's does.

A control that Tab does not reach, or that a key does not press, ends the journey. Refuses to
call into the program: what is looked at is what is on the screen.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QWidget

from tests.desktop.audit import name_of

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier
NONE = Qt.KeyboardModifier.NoModifier
Key = Qt.Key
MOST = 160


class Keyboard:
    """A person who has only a keyboard, at the program's window."""

    def __init__(self, program, qtbot):
        self.program, self._qtbot = program, qtbot

    def press(self, key, modifier=NONE):
        QTest.keyClick(QApplication.focusWidget() or self.program.frame, key, modifier)
        self.settle()

    def type(self, text):
        """One key after the other, into what has the focus."""
        QTest.keyClicks(QApplication.focusWidget(), text)
        self.settle()

    def write(self, text):
        """Type over what stands there."""
        self.press(Key.Key_A, CTRL)
        self.type(text)

    def settle(self):
        self._qtbot.waitUntil(lambda: self.program.jobs.is_idle, timeout=30_000)
        QApplication.processEvents()

    def until(self, fact):
        """Wait for something that is not a job of a lane."""
        self._qtbot.waitUntil(fact, timeout=60_000)
        self.settle()

    @property
    def at(self):
        """What has the focus."""
        return QApplication.focusWidget()

    @property
    def name(self):
        """What a screen reader calls it."""
        return name_of(self.at) if self.at is not None else ""

    def tab_to(self, name, *, back=False):
        """Tab until the focus is on what is called this."""
        seen = []
        for _ in range(MOST):
            if self.name.startswith(name):
                return self.at
            seen.append(self.name)
            self.press(Key.Key_Backtab if back else Key.Key_Tab)
        raise AssertionError(f"Tab never came to {name!r}: {seen[:60]}")

    def push(self, name):
        """Tab to a button and press it."""
        self.tab_to(name)
        self.press(Key.Key_Space)

    def fill(self, name, text):
        """Tab to a field and type over what stands there."""
        self.tab_to(name)
        self.write(text)

    def choose(self, words):
        """In a list that drops down: the entry with these words, by the arrow keys and Enter."""
        box = self.at
        assert isinstance(box, QComboBox), self.name
        said = [box.itemText(n) for n in range(box.count())]
        at = next((n for n, one in enumerate(said) if one.startswith(words)), None)
        assert at is not None, said
        for _ in range(len(said)):
            if box.currentIndex() == at:
                self.press(Key.Key_Return)
                return
            self.press(Key.Key_Down if box.currentIndex() < at else Key.Key_Up)
        raise AssertionError(f"the arrow keys do not come to {words!r}")

    def pick(self, name, words):
        """Tab to a list that drops down and choose."""
        self.tab_to(name)
        self.choose(words)

    @property
    def seen(self):
        """All words in sight, as one text."""
        return words_on(self.program.frame)

    @property
    def reader(self):
        return self.program.desk.context.session.vault.reader

    @property
    def place(self):
        return self.program.desk.route


def words_on(window: QWidget) -> str:
    """What the labels of a window say, where they are shown."""
    return "\n".join(
        one.text() for one in window.findChildren(QLabel) if one.isVisibleTo(window) and one.text()
    )
