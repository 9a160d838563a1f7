"""The window's actions as Qt has them: one QAction for each that can be done now.

Those of the open screen come and go with it. Refuses a shortcut that two actions want: the
registry raises, and a test opens every screen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from desktop.actions import Action, Actions

if TYPE_CHECKING:
    from desktop.views.kit.screen import Screen


class LiveActions:
    """Keeps the registry and the window's QActions the same."""

    def __init__(self, window: QWidget) -> None:
        self.now = Actions()
        self._window = window
        self._made: dict[str, QAction] = {}
        self._of_screen: list[str] = []

    def add(self, action: Action) -> None:
        """One more thing that can be done from anywhere."""
        self.now.add(action)
        made = QAction(action.words, self._window)
        made.setShortcuts([QKeySequence(keys) for keys in action.all_shortcuts])
        made.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        run = action.run
        made.triggered.connect(lambda _checked=False: run())
        self._made[action.name] = made
        self._window.addAction(made)

    def take_of(self, screen: Screen, *, about_the_work: bool) -> None:
        """Those of the screen that comes to the front, in the place of the one before.

        `about_the_work`: the shortcut sheet shows the keys of the last screen that was.
        """
        for name in self._of_screen:
            old = self._made.pop(name)
            self._window.removeAction(old)
            old.deleteLater()  # it holds the screen it belonged to
        self.now.drop(*self._of_screen)
        here = tuple(screen.actions_here())
        for action in here:
            self.add(action)
        self._of_screen = [action.name for action in here]
        if about_the_work:
            told = tuple((each.shortcut, each.words) for each in here if each.shortcut)
            self.now.last_keys = (screen.title(), (*told, *screen.keys_here()))
