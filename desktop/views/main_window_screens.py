"""The screens that are held: built when first opened, kept while recent, else built again.

Those of the rail are where a day is spent: they are kept until the records lock.

A screen that was dropped comes back from its route and the state it was left in. Refuses to
decide where to go: the window's history does.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStackedWidget, QWidget

from desktop.views.kit import list_place, scroll_place
from desktop.views.kit.screen import Screen
from desktop.views.screens import SCREENS

if TYPE_CHECKING:
    from desktop.context import Context
    from desktop.navigation import Place, Route

KEPT = 8  # screens held with their scroll place, beside those that one key of the rail opens


class HeldScreens(QStackedWidget):
    """One screen in front, the last few behind it."""

    def __init__(self, orders: dict[str, dict[str, list[Any]]]) -> None:
        """`orders`: screen -> list -> how it is sorted, kept with the history."""
        super().__init__()
        self._orders = orders
        self._held: dict[Route, Screen] = {}  # most recent last
        self._scrolled: dict[str, int] = {}  # of a screen that is being built again

    def at(self, place: Place | None) -> Screen | None:
        """The screen of a place, if it is held."""
        return self._held.get(place.route) if place is not None else None

    def ask_again(self, to: Route) -> None:
        """A place is asked for by name; one that is held shows what was asked for, once more."""
        if to in self._held:
            self._held[to].ask_again()

    def bring(self, context: Context, place: Place) -> Screen:
        """Put the screen of a place in front, built or built again when it is not held."""
        screen = self._held.pop(place.route, None)
        is_new = screen is None
        if screen is None:
            with Screen.built_in(self):
                screen = SCREENS[place.route.name].make(context, place.route)
        self._held[place.route] = screen  # before it is seen: its lists ask how they were sorted
        if is_new:
            self.addWidget(screen)
            if "screen" in place.state:
                screen.restore_state(place.state["screen"])
            self._scrolled = place.state.get("scrolled", {})
            list_place.give_back(screen, place.state.get("rows", {}))
        self._drop_oldest(context)
        self.setCurrentWidget(screen)
        return screen

    def orders_around(self, part: QWidget) -> dict[str, list[Any]]:
        """How the lists of the screen are sorted that `part` is in (`kit/list_orders`)."""
        held = self._held.items()
        name = next((r.name for r, screen in held if screen.isAncestorOf(part)), "")
        return self._orders.setdefault(name, {}) if name else {}

    def arrive(self, screen: Screen, stands_in: QWidget) -> None:
        """Put the focus into a screen in front; where it has no place yet, beside it till it has.

        `stands_in` has the focus meanwhile: it is never on a bare page.
        """
        screen.arrive()
        if screen.hasFocus():
            stands_in.setFocus()
            once = Qt.ConnectionType.SingleShotConnection
            screen.can_begin.connect(partial(self._begin, screen, stands_in), once)

    def _begin(self, screen: Screen, stands_in: QWidget) -> None:
        """The page came after the person: the focus goes in, unless it was taken elsewhere."""
        if screen is self.currentWidget() and stands_in.hasFocus():
            screen.arrive()

    def give_scroll_back(self, screen: Screen) -> None:
        """After `arrive`: what was built again is scrolled to where it was left."""
        scroll_place.give_back(screen, self._scrolled)
        self._scrolled = {}

    def flush(self) -> None:
        """Have each commit what is half typed."""
        for each in self._held.values():
            each.flush()

    def _drop_oldest(self, context: Context) -> None:
        others = [each for each in self._held if each.params or not SCREENS[each.name].rail]
        for old in others[:-KEPT]:
            screen = self._held.pop(old)
            self.removeWidget(screen)
            context.broadcast.forget(screen)
            screen.deleteLater()


def state_of(screen: Screen) -> dict[str, Any]:
    """How a screen looks now: plain values."""
    kept: dict[str, Any] = {"screen": screen.keep_state(), "scrolled": scroll_place.kept(screen)}
    rows = list_place.kept(screen)
    if rows:
        kept["rows"] = rows
    about = screen.about()
    if about:
        kept["about"] = about
    return kept
