"""The records: left rail with words, top bar (Back, Ctrl+K box, chip, Lock), and one screen.

Composes; it holds no business and no data. Screens come from `screens.py`, built when first
opened and kept while recent; Back shows them as they were left.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QPushButton, QStackedWidget, QWidget

from desktop.actions import Action
from desktop.navigation import History, Place, Route, route
from desktop.views.kit import scroll_place
from desktop.views.kit.bars import Bar, ProblemBar, UndoBar
from desktop.views.kit.buttons import button, show_chosen
from desktop.views.kit.chips import StatusChip
from desktop.views.kit.labels import label
from desktop.views.kit.layout import column, panel, row
from desktop.views.kit.reading_order import put_in_order
from desktop.views.kit.shapes import Look
from desktop.views.main_window_actions import LiveActions
from desktop.views.main_window_find import FindBox
from desktop.views.screens import SCREENS, rail

if TYPE_CHECKING:
    from desktop.context import Context
    from desktop.views.kit.screen import Screen

KEPT = 8  # screens held with their scroll place
_HAVE_THEIR_OWN = frozenset({"settings", "help"})
_ABOUT_THE_PROGRAM = frozenset({"settings", "help", "keys"})
_ABOUT_ONE = frozenset({"enterprise", "move_stage", "entity_guide"})
_KEYS = {"keys": "Ctrl+/", "quick_note": "Ctrl+N", "new_enterprise": "Ctrl+Shift+N"}
TOP_BAR_GAPS = 64  # margins and spaces of the top bar, in pixels
RAIL_MOST = 150  # pixels; with large text the rail takes what its words need and no more
RAIL_LETTERS = 19  # room for "Sent & safe" in bold, and a number


class MainView(QWidget):
    """Everything one sees while the vault is open."""

    lock_wanted = Signal()
    chip_pressed = Signal()
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
        self.find_box = FindBox()
        self.chip = StatusChip("Saved on this laptop", Look.LAPTOP)
        self._context: Context | None = None
        self._screens: dict[Route, Screen] = {}
        self._order: list[int] = []  # of Tab, in the screen in front
        self._scrolled: dict[str, int] = {}  # of a screen that is being built again
        self._stack = QStackedWidget()
        self._rail_buttons: dict[str, QPushButton] = {}
        self._lock = button("Lock", self.lock_wanted.emit, shortcut="Ctrl+L", name="Lock now")
        self._back = button("Back", self.back, shortcut="Alt+Left")
        self._lay_out(practice=practice, looking=looking)
        self._fit_rail()
        self._add_window_actions()

    def begin(self, context: Context) -> None:
        """Start with an open vault: where the person was, else Today."""
        self._context = context
        self.history.put_back(context.session.place, SCREENS)
        here = self.history.current
        self._show(here if here is not None else self.history.go(route("today")))

    def place(self) -> str:
        """Where the person is and was, with how the screen in front looks."""
        if self.front is not None:
            self.history.keep(self._state_of(self.front))
        return self.history.as_text()

    # -- where to go -------------------------------------------------------------------------

    def open_route(self, name: str, **params: str) -> None:
        """Open a screen by name."""
        self.open_route_object(route(name, **params))

    def open_route_object(self, to: Route) -> None:
        """Open a screen."""
        self._leave()
        self._show(self.history.go(to))

    @Slot()
    def back(self) -> None:
        """Where the person was before."""
        if self.history.can_go_back:
            self._leave()
            place = self.history.back()
            if place is not None:
                self._show(place)

    @Slot()
    def forward(self) -> None:
        """Take Back back."""
        if self.history.can_go_forward:
            self._leave()
            place = self.history.forward()
            if place is not None:
                self._show(place)

    @property
    def front(self) -> Screen | None:
        """The screen in front."""
        place = self.history.current
        return self._screens.get(place.route) if place is not None else None

    @property
    def enterprise_in_front(self) -> str:
        """The enterprise that the screen in front is about, or ''."""
        place = self.history.current
        if place is None:
            return ""
        return place.route.get("id" if place.route.name in _ABOUT_ONE else "enterprise")

    def flush(self) -> None:
        """Have every kept screen commit what is half typed."""
        for each in self._screens.values():
            each.flush()

    def show_chip(self, words: str, look: str) -> None:
        """Say how safe the work is."""
        self.chip.show_state(words, Look(look))
        self.chip.setToolTip(words)
        self._fit_chip()

    def focusNextPrevChild(self, next: bool) -> bool:  # noqa: A002, FBT001 -- Qt's own signature
        """Tab: what came late is put where it is read."""
        if self.front is not None:
            self._order = put_in_order(self.front, self._order)
        return super().focusNextPrevChild(next)

    def changeEvent(self, event: QEvent) -> None:
        """The text grew or shrank while the window is open: the rail keeps room for its words."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit_rail()

    def _fit_rail(self) -> None:
        for made in self._rail_buttons.values():
            made.ensurePolished()
            usual = min(made.fontMetrics().averageCharWidth() * RAIL_LETTERS, RAIL_MOST)
            made.setMinimumWidth(max(made.minimumSizeHint().width(), usual))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The chip gets what the box and the buttons leave."""
        super().resizeEvent(event)
        self._fit_chip()

    def _fit_chip(self) -> None:
        taken = self._back.sizeHint().width() + self._lock.sizeHint().width()
        self.chip.fit(self.width() - taken - self.find_box.minimumWidth() - TOP_BAR_GAPS)

    def warn(self, words: str) -> None:
        """The lock is near; "" takes the warning away."""
        if words or not self._warning.isHidden():
            self._warning.say(words)

    def show_count(self, name: str, count: int) -> None:
        """A number beside a rail item; 0 shows none."""
        made = self._rail_buttons.get(name)
        if made is not None:
            words = SCREENS[name].words
            made.setText(
                f"{words}  {count}".replace("&", "&&") if count else words.replace("&", "&&")
            )
            made.setAccessibleName(f"{words}, {count}" if count else words)
            self._fit_rail()

    # -- inside ------------------------------------------------------------------------------

    def _leave(self) -> None:
        screen = self.front
        if screen is not None:
            screen.flush()
            self.history.keep(self._state_of(screen))

    def _state_of(self, screen: Screen) -> dict[str, Any]:
        return {"screen": screen.keep_state(), "scrolled": scroll_place.kept(screen)}

    def _show(self, place: Place) -> None:
        if self._context is None:
            return
        screen = self._screens.pop(place.route, None)
        if screen is None:
            screen = SCREENS[place.route.name].make(self._context, place.route)
            self._stack.addWidget(screen)
            if "screen" in place.state:
                screen.restore_state(place.state["screen"])
            self._scrolled = place.state.get("scrolled", {})
        self._screens[place.route] = screen  # most recent last
        self._drop_oldest()
        self._stack.setCurrentWidget(screen)
        self._mark_rail(place.route.name)
        self._back.setEnabled(self.history.can_go_back)
        self._live.take_of(screen, about_the_work=place.route.name not in _ABOUT_THE_PROGRAM)
        screen.arrive()
        if screen.hasFocus():  # nothing in it takes the focus: it is never on a bare page
            (self._back if self._back.isEnabled() else self.find_box).setFocus()
        scroll_place.give_back(screen, self._scrolled)
        self._scrolled = {}
        self.screen_changed.emit()

    def _drop_oldest(self) -> None:
        for old in list(self._screens)[:-KEPT]:
            screen = self._screens.pop(old)
            self._stack.removeWidget(screen)
            if self._context is not None:
                self._context.broadcast.forget(screen)
            screen.deleteLater()

    def _mark_rail(self, name: str) -> None:
        for each, made in self._rail_buttons.items():
            show_chosen(made, each == name)

    def _add_window_actions(self) -> None:
        for place in rail():
            self._live.add(
                Action(
                    f"go.{place.name}",
                    f"Go to {place.words}",
                    self._rail_buttons[place.name].click,
                    f"Ctrl+{place.rail}",
                )
            )
        for action in (
            Action("find", "Find or do anything", self.focus_find, "Ctrl+K"),
            Action("back", "Back", self.back, "Alt+Left"),
            Action("forward", "Forward", self.forward, "Alt+Right"),
            Action("lock", "Lock now", self.lock_wanted.emit, "Ctrl+L"),
            Action("filter", "Filter this list", self._filter, "Ctrl+F"),
            Action("print", "Print or save as PDF what is on screen", self._print, "Ctrl+P"),
            Action("go.settings", "Settings", self._go_settings, "Ctrl+,"),
            Action("go.help", "Help", self._go_help, "F1"),
        ):
            self._live.add(action)
        for place in SCREENS.values():
            if not place.rail and not place.needs and place.name not in _HAVE_THEIR_OWN:
                keys = _KEYS.get(place.name, "")
                words = place.words if keys else f"Go to {place.words}"
                self._live.add(Action(f"go.{place.name}", words, self._opener(place.name), keys))

    def add_window_action(self, action: Action) -> None:
        """One more thing that can be done from anywhere."""
        self._live.add(action)

    def _opener(self, name: str) -> _Opener:
        return _Opener(self, name)

    @Slot()
    def focus_find(self) -> None:
        """Ctrl+K."""
        self.find_box.begin()

    @Slot()
    def _print(self) -> None:
        if self.front is not None and self._context is not None:
            from desktop.views.printing.window import print_screen  # only when asked for

            print_screen(self._context, self.front)

    @Slot()
    def _filter(self) -> None:
        if self.front is not None:
            self.front.focus_filter()

    @Slot()
    def _go_settings(self) -> None:
        self.open_route("settings")

    @Slot()
    def _go_help(self) -> None:
        self.open_route("help")

    def _lay_out(self, *, practice: bool, looking: bool) -> None:
        content = column(self._warning, self.problem, self._stack, self.undo, gap=0)
        content.setStretchFactor(self._stack, 1)
        middle = row(self._make_rail(), gap=0)
        middle.addLayout(content, 1)
        parts: list[QWidget] = [practice_banner()] if practice else []
        if looking:
            parts.append(looking_banner())
        outer = column(*parts, self._make_top_bar(), gap=0)
        outer.addLayout(middle, 1)
        self.setLayout(outer)

    def _make_top_bar(self) -> QFrame:
        bar = row(self._back, self.find_box, None, self.chip, self._lock, gap=1)
        bar.setContentsMargins(8, 6, 8, 6)
        bar.setStretchFactor(self.find_box, 2)
        return panel(bar, "topbar")

    def _make_rail(self) -> QFrame:
        items = column(gap=0)
        items.setContentsMargins(6, 8, 6, 8)
        items.setSpacing(2)
        for place in rail():
            items.addWidget(self._rail_button(place.name, place.words, f"Ctrl+{place.rail}"))
        items.addStretch(1)
        for name, words, keys in (("settings", "Settings", "Ctrl+,"), ("help", "Help", "F1")):
            items.addWidget(self._rail_button(name, words, keys))
        return panel(items, "rail")

    def _rail_button(self, name: str, words: str, keys: str) -> QPushButton:
        made = button(words, self._opener(name), role="rail", shortcut=keys)
        policy = made.sizePolicy()
        policy.setHorizontalPolicy(policy.Policy.Expanding)
        made.setSizePolicy(policy)
        self._rail_buttons[name] = made
        return made


class _Opener:
    """Opens one screen: what a rail button does."""

    def __init__(self, view: MainView, name: str) -> None:
        self._view, self._name = view, name

    def __call__(self) -> None:
        self._view.open_route(self._name)


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
