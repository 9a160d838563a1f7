"""The left rail: the places of the program, each a drawing and a word, with its count.

In a narrow window the words go into the tooltip and the drawings stay; a screen reader hears the
words either way. Refuses to know what the places hold.
"""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QFrame, QPushButton, QWidget

from desktop.views.kit.buttons import button, show_chosen
from desktop.views.kit.layout import column
from desktop.views.screens import SCREENS, rail

NARROW = 1000  # pixels of the window; below it there are drawings without words
MOST = 172  # pixels; with large text the rail takes what its words need and no more
LETTERS = 21  # room for "Sent & safe" in bold, and a number
_BELOW = (("settings", "Settings", "Ctrl+,"), ("help", "Help", "F1"))


class Rail(QFrame):
    """Says `wanted` with the name of a screen."""

    wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "rail")
        self._buttons: dict[str, QPushButton] = {}
        self._counts: dict[str, int] = {}
        self._keys: dict[str, str] = {}
        self._narrow = False
        items = column(gap=0)
        items.setContentsMargins(4, 8, 3, 8)
        items.setSpacing(2)
        for place in rail():
            items.addWidget(self._button(place.name, place.words, f"Ctrl+{place.rail}"))
        items.addStretch(1)
        for name, words, keys in _BELOW:
            items.addWidget(self._button(name, words, keys))
        self.setLayout(items)
        self._fit()

    def __getitem__(self, name: str) -> QPushButton:
        return self._buttons[name]

    def mark(self, name: str) -> None:
        """Show which place is in front."""
        for each, made in self._buttons.items():
            show_chosen(made, each == name)

    def show_count(self, name: str, count: int) -> None:
        """A number beside a place; 0 shows none."""
        if name in self._buttons:
            self._counts[name] = count
            self._say(name)
            self._fit()

    def fit_into(self, width: int) -> None:
        """The window is so many pixels wide."""
        if (width < NARROW) != self._narrow:
            self._narrow = not self._narrow
            for name in self._buttons:
                self._say(name)
            self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """The text grew or shrank while the window is open: there is room for its words."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit()

    def _say(self, name: str) -> None:
        made, words, count = self._buttons[name], SCREENS[name].words, self._counts.get(name, 0)
        number = str(count) if count else ""
        shown = number if self._narrow else f"{words}  {number}".rstrip()
        made.setText(shown.replace("&", "&&"))
        made.setAccessibleName(f"{words}, {count}" if count else words)
        made.setToolTip(f"{words} ({self._keys[name]})")

    def _fit(self) -> None:
        for made in self._buttons.values():
            made.ensurePolished()
            usual = min(made.fontMetrics().averageCharWidth() * LETTERS, MOST)
            least = made.minimumSizeHint().width()
            made.setMinimumWidth(least if self._narrow else max(least, usual))

    def _button(self, name: str, words: str, keys: str) -> QPushButton:
        made = button(words, partial(self.wanted.emit, name), role="rail", icon=name)
        policy = made.sizePolicy()
        policy.setHorizontalPolicy(policy.Policy.Expanding)
        made.setSizePolicy(policy)
        self._buttons[name], self._keys[name] = made, keys
        self._say(name)
        return made
