"""A day at the desk as single clicks and keys, over and over: for the growth test and the bench.

One lap is always the same, so that what is alive after one lap is alive after the next. It goes by
clicks and keys on what is on the screen; nothing is written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QWidget

from desktop.views.screens import SCREENS, rail

CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
Key = Qt.Key
RAIL = (Key.Key_1, Key.Key_2, Key.Key_3, Key.Key_4, Key.Key_5, Key.Key_6)
TABS = ("Checklist", "Timeline", "Documents", "Claims", "Listing", "Overview")
WORDS = ("mar", "care", "jo")
Act = tuple[str, Callable[[], None]]


class Laps:
    """Walks through the window of a program whose records are open."""

    def __init__(self, program, enterprises: list[str], claim: str = "") -> None:
        self.program, self._enterprises, self._claim = program, enterprises, claim
        self._at = 0

    @property
    def view(self):
        return self.program.desk.view

    def lap(self) -> Iterator[Act]:
        """(what it is, how to do it) of each action; settle before asking for the next."""
        for number, place in enumerate(rail()):
            yield f"rail {place.name}", self._key(RAIL[number], CTRL)
        yield "rail caseload", self._key(RAIL[1], CTRL)
        for word in WORDS:
            for letter in word:
                yield "filter key", self._type(letter)
            yield "filter emptied", self._empty
        yield "quiet ones", self._click("Show quiet")
        yield "all of them", self._click("Show all")
        self._at = (self._at + 1) % len(self._enterprises)
        one = self._enterprises[self._at]
        yield "record", self._open("enterprise", id=one)
        for words in TABS:
            yield f"tab {words}", self._click(words)
        yield "find", self._key(Key.Key_K, CTRL)
        for letter in "wal":
            yield "find key", self._type(letter)
        yield "find closed", self._key(Key.Key_Escape)
        for name, row in SCREENS.items():
            if not row.rail and (not row.needs or name in ("entity_guide", "privacy_person")):
                yield f"screen {name}", self._open(name, **({"id": one} if row.needs else {}))
        if self._claim:
            yield "screen claim", self._open("claim", id=self._claim)
        for _ in range(6):
            yield "back", self._key(Key.Key_Left, ALT)

    def _open(self, name: str, **params: str) -> Callable[[], None]:
        return lambda: self.view.open_route(name, **params)

    def _key(self, key: Qt.Key, modifier=Qt.KeyboardModifier.NoModifier) -> Callable[[], None]:
        return lambda: QTest.keyClick(self._focused(), key, modifier)

    def _type(self, letter: str) -> Callable[[], None]:
        def typed() -> None:
            box = self._focused()
            if not isinstance(box, QLineEdit):
                raise TypeError(f"keys went to {box}")
            QTest.keyClicks(box, letter)

        return typed

    def _empty(self) -> None:
        QTest.keyClick(self._focused(), Key.Key_A, CTRL)
        QTest.keyClick(self._focused(), Key.Key_Delete)

    def _click(self, name: str) -> Callable[[], None]:
        def clicked() -> None:
            front = self.view.front
            found = next(
                one
                for one in front.findChildren(QAbstractButton)
                if one.isVisibleTo(front) and one.accessibleName().startswith(name)
            )
            QTest.mouseClick(found, Qt.MouseButton.LeftButton)

        return clicked

    def _focused(self) -> QWidget:
        return QApplication.focusWidget() or self.program.frame
