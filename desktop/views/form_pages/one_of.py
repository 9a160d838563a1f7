"""Buttons of which one is chosen: tabs, filters, pages. Each of them stays reachable by Tab.

Qt's own button group takes all but the chosen one out of the Tab order. Refuses none chosen.
"""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QAbstractButton

from desktop.views.kit.buttons import show_chosen


class OneOf(QObject):
    """Keeps exactly one of its buttons checked once one was."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._buttons: list[QAbstractButton] = []

    def add(self, button: QAbstractButton) -> None:
        """One more button."""
        self._buttons.append(button)
        button.clicked.connect(partial(self._pressed, button))

    def choose(self, button: QAbstractButton) -> None:
        """Check this one and no other."""
        for each in self._buttons:
            show_chosen(each, each is button)

    def clear(self) -> None:
        """Forget all of them."""
        self._buttons.clear()

    def _pressed(self, button: QAbstractButton, _checked: object = None) -> None:
        self.choose(button)
