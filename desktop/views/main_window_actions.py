"""The window's actions as Qt has them: one QAction for each that can be done now.

Those of the open screen come and go with it. Refuses a shortcut that two actions want: the
registry raises, and a test opens every screen.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from desktop.actions import Action, Actions
from desktop.views.screens import SCREENS, rail

if TYPE_CHECKING:
    from desktop.views.kit.screen import Screen
    from desktop.views.main_window import MainView

_HAVE_THEIR_OWN = frozenset({"settings", "help"})
_KEYS = {"keys": "Ctrl+/", "quick_note": "Ctrl+N", "new_enterprise": "Ctrl+Shift+N"}


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


def window_actions(view: MainView) -> list[Action]:
    """What can be done from anywhere: the rail, the bar, and every screen that needs no record."""
    return [
        *_places(view),
        Action("find", "Find or do anything", view.find_box.begin, "Ctrl+K"),
        Action("back", "Back", view.back, "Alt+Left"),
        Action("forward", "Forward", partial(view.step, 1), "Alt+Right"),
        Action("places", "Where I was: list the places", view.top.list_places, "Ctrl+H"),
        Action("lock", "Lock now", view.lock_wanted.emit, "Ctrl+L"),
        Action("filter", "Filter this list", partial(_filter, view), "Ctrl+F"),
        Action("print", "Print or save as PDF what is on screen", partial(_print, view), "Ctrl+P"),
        Action(
            "table.sort",
            "Sort the list on screen",
            partial(_sort, view),
            "Ctrl+Shift+O",
            help="order column heading largest newest",
        ),
        Action(
            "table.copy",
            "Copy the list on screen",
            partial(_copy_table, view),
            "Ctrl+Shift+C",
            help="table rows clipboard spreadsheet",
        ),
        Action(
            "table.save",
            "Save the list on screen as a file",
            partial(_save_table, view),
            help="export table csv excel spreadsheet",
        ),
        Action("go.settings", "Settings", partial(view.open_route, "settings"), "Ctrl+,"),
        Action("go.help", "Help", partial(view.open_route, "help"), "F1"),
        *_screens(view),
    ]


def _places(view: MainView) -> list[Action]:
    """The rail."""
    return [
        Action(
            f"go.{place.name}",
            f"Go to {place.words}",
            view.rail[place.name].click,
            f"Ctrl+{place.rail}",
        )
        for place in rail()
    ]


def _screens(view: MainView) -> list[Action]:
    """Every screen that needs no record and is neither in the rail nor in the bar."""
    return [
        Action(
            f"go.{place.name}",
            place.words if place.name in _KEYS else f"Go to {place.words}",
            partial(view.open_route, place.name),
            _KEYS.get(place.name, ""),
        )
        for place in SCREENS.values()
        if not place.rail and not place.needs and place.name not in _HAVE_THEIR_OWN
    ]


def _filter(view: MainView) -> None:
    if view.front is not None:
        view.front.focus_filter()


def _sort(view: MainView) -> None:
    if view.front is not None and view.context is not None and not view.front.offer_orders():
        view.context.tell.note("There is no list on this page to sort.")


def _print(view: MainView) -> None:
    if view.front is not None and view.context is not None:
        from desktop.views.printing.window import print_screen  # only when asked for

        context, screen = view.context, view.front

        def opened() -> None:
            print_screen(context, screen)

        screen.when_whole(opened)


def _copy_table(view: MainView) -> None:
    if view.front is not None and view.context is not None:
        from desktop.views.tables_out import copy_table  # only when asked for

        copy_table(view.context, view.front)


def _save_table(view: MainView) -> None:
    if view.front is not None and view.context is not None:
        from desktop.views.tables_out import save_table  # only when asked for

        save_table(view.context, view.front)
