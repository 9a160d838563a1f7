"""The records: left rail with words, top bar (Back, Ctrl+K box, chip, Lock), and one screen.

Composes; it holds no business and no data. Screens come from `screens.py`, built when first
opened and kept while recent; Back shows them as they were left.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QWidget

from desktop.navigation import History, Place, Route, route
from desktop.views.kit.bars import Bar, UndoBar
from desktop.views.kit.labels import label
from desktop.views.kit.layout import column, panel, row
from desktop.views.kit.problem_bar import ProblemBar
from desktop.views.kit.reading_order import put_in_order
from desktop.views.kit.shapes import Look
from desktop.views.kit.stops import StopsByEscape
from desktop.views.kit.typed_text import what_was_typed
from desktop.views.main_window_actions import LiveActions, window_actions
from desktop.views.main_window_rail import Rail
from desktop.views.main_window_screens import HeldScreens, state_of
from desktop.views.main_window_top import TopBar
from desktop.views.screens import SCREENS

if TYPE_CHECKING:
    from desktop.actions import Action
    from desktop.context import Context
    from desktop.views.kit.screen import Screen

_ABOUT_THE_PROGRAM = frozenset({"settings", "help", "keys"})
_ABOUT_ONE = frozenset({"enterprise", "move_stage", "entity_guide"})


class MainView(StopsByEscape):
    """Everything one sees while the vault is open."""

    lock_wanted = Signal()
    screen_changed = Signal()

    def __init__(
        self, *, practice: bool = False, looking: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._live = LiveActions(self)
        self.actions_now = self._live.now
        self.history = History()
        self.problem = ProblemBar()
        self.undo = UndoBar()
        self._warning = Bar("warn-bar", Look.WAITING)
        self.top = TopBar()
        self.find_box, self.chip = self.top.find_box, self.top.chip
        self.rail = Rail()
        self._context: Context | None = None
        self._order: list[int] = []  # of Tab, in the screen in front
        self._screens = HeldScreens(self.history.orders)
        self.top.steps.connect(self.step)
        self.top.lock_wanted.connect(self.lock_wanted)
        self.problem.offer_text(partial(_half_typed, self))
        self.rail.wanted.connect(self.open_route)
        self._lay_out(practice=practice, looking=looking)
        for action in window_actions(self):
            self._live.add(action)

    def begin(self, context: Context) -> None:
        """Start with an open vault: where the person was, else Today."""
        self._context = context
        self.history.put_back(context.session.place, SCREENS)
        here = self.history.current
        self._show(here if here is not None else self.history.go(route("today")))

    def place(self) -> str:
        """Where the person is and was, with how the screen in front looks."""
        if self.front is not None:
            self.history.keep(state_of(self.front))
        return self.history.as_text()

    # -- where to go -------------------------------------------------------------------------

    def open_route(self, name: str, **params: str) -> None:
        """Open a screen by name."""
        self.open_route_object(route(name, **params))

    def open_route_object(self, to: Route) -> None:
        """Open a screen."""
        self._leave()
        self._screens.ask_again(to)
        self._show(self.history.go(to))

    @Slot(int)
    def step(self, by: int) -> None:
        """So many places back (negative) or forward; nothing when there are not so many."""
        self._leave()
        place = self.history.step(by)
        if place is not None:
            self._show(place)

    @Slot()
    def back(self) -> None:
        """Where the person was before."""
        self.step(-1)

    @property
    def front(self) -> Screen | None:
        """The screen in front."""
        return self._screens.at(self.history.current)

    @property
    def context(self) -> Context | None:
        """What the screens were given; None before `begin`."""
        return self._context

    @property
    def enterprise_in_front(self) -> str:
        """The enterprise that the screen in front is about, or ''."""
        place = self.history.current
        if place is None:
            return ""
        return place.route.get("id" if place.route.name in _ABOUT_ONE else "enterprise")

    def flush(self) -> None:
        """Have every kept screen commit what is half typed."""
        self._screens.flush()

    def show_chip(self, words: str, look: str) -> None:
        """Say how safe the work is."""
        self.top.show_chip(words, Look(look))

    def focusNextPrevChild(self, next: bool) -> bool:  # noqa: A002, FBT001 -- Qt's own signature
        """Tab: what came late is put where it is read."""
        if self.front is not None:
            self._order = put_in_order(self.front, self._order)
        return super().focusNextPrevChild(next)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A narrow window keeps the drawings of the rail and leaves its words out."""
        super().resizeEvent(event)
        self.rail.fit_into(self.width())

    def warn(self, words: str) -> None:
        """The lock is near; "" takes the warning away."""
        if words or not self._warning.isHidden():
            self._warning.say(words)

    def show_count(self, name: str, count: int) -> None:
        """A number beside a rail item; 0 shows none."""
        self.rail.show_count(name, count)

    def add_window_action(self, action: Action) -> None:
        """One more thing that can be done from anywhere."""
        self._live.add(action)

    # -- inside ------------------------------------------------------------------------------

    def _leave(self) -> None:
        screen = self.front
        if screen is not None:
            screen.flush()
            self.history.keep(state_of(screen))

    def _show(self, place: Place) -> None:
        if self._context is None:
            return
        screen = self._screens.bring(self._context, place)
        self.rail.mark(place.route.name)
        self.top.show_places(
            [_words_of(each) for each in self.history.behind],
            [_words_of(each) for each in self.history.ahead],
        )
        self._live.take_of(screen, about_the_work=place.route.name not in _ABOUT_THE_PROGRAM)
        back = self.top.back
        self._screens.arrive(screen, back if back.isEnabled() else self.find_box)
        self._screens.give_scroll_back(screen)
        self.screen_changed.emit()

    def _lay_out(self, *, practice: bool, looking: bool) -> None:
        content = column(self._warning, self.problem, self._screens, self.undo, gap=0)
        content.setStretchFactor(self._screens, 1)
        middle = row(self.rail, gap=0)
        middle.addLayout(content, 1)
        parts: list[QWidget] = [practice_banner()] if practice else []
        if looking:
            parts.append(looking_banner())
        outer = column(*parts, self.top, gap=0)
        outer.addLayout(middle, 1)
        self.setLayout(outer)


def _half_typed(view: MainView) -> str:
    return what_was_typed(view.front) if view.front is not None else ""


def _words_of(place: Place) -> str:
    """A place in the list of places: the screen, and whom it was about when it was left."""
    words, about = SCREENS[place.route.name].words, place.state.get("about", "")
    return f"{words}: {about}" if about else words


def practice_banner() -> QFrame:
    """The stripe that tells practice records from real ones."""
    return _banner("PRACTICE  These people are made up. Nothing here is sent to a council.")


def looking_banner() -> QFrame:
    """The stripe over records that can be read and not changed."""
    return _banner("LOOKING ONLY  A newer version made these records. Update to change them.")


def _banner(words: str) -> QFrame:
    bar = row(label(words), None)
    bar.setContentsMargins(12, 4, 12, 4)
    return panel(bar, "practice")
