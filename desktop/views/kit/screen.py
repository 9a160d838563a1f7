"""What the main window asks of a screen. A screen is a widget with a title and a state.

A screen is built by the factory named in `desktop/views/screens.py`, kept while it is in the
recent history, and built again from its route and state when it is not.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, runtime_checkable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QTableView, QWidget

from desktop.views.kit.stops import StopsByEscape

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from desktop.actions import Action
    from desktop.presenters.printing import Part


@runtime_checkable
class CanBeSorted(Protocol):
    """A list that says by what it can be sorted."""

    def offer_orders(self) -> None:
        """As a menu."""
        ...

    def hasFocus(self) -> bool:
        """Whether the keys are in it."""
        ...


class Screen(StopsByEscape):
    """Inherit, build in __init__, and override what applies.

    Named first of several bases: Qt inherits signals from the first one alone, and a signal that
    Python adds to a later class after its slots can be lost without a word.
    """

    can_begin = Signal()  # what it is about has come: `arrive` finds a place for the focus now
    _room: ClassVar[QWidget | None] = None  # where the one that is being built will stand

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent if parent is not None else Screen._room)

    @staticmethod
    @contextmanager
    def built_in(room: QWidget) -> Iterator[None]:
        """A screen built meanwhile stands in `room` from its first line on.

        Its parts are dressed when they come in, and once: sizes that Qt asks for while the page is
        built are those that will be seen.
        """
        Screen._room = room
        try:
            yield
        finally:
            Screen._room = None

    def title(self) -> str:
        """What Back and the window call it: words without personal data ("Caseload")."""
        return ""

    def about(self) -> str:
        """Whom or what it is about, for the list of places in this window ("Mary Thorne")."""
        return ""

    def actions_here(self) -> list[Action]:
        """What can be done on this screen, for Ctrl+K, the menus and the shortcut sheet."""
        return []

    def keys_here(self) -> tuple[tuple[str, str], ...]:
        """Keys that work inside a list or a box of this screen, and what they do: for the sheet."""
        return ()

    def arrive(self) -> None:
        """The screen came to the front: put the focus where work starts, read again what aged."""

    def ask_again(self) -> None:
        """Somebody asked for this very place once more: show what its route names.

        Not what was looked at there since; Back and Forward do not ask, they show that.
        """

    def keep_state(self) -> dict[str, Any]:
        """How it looks now: filter, scroll, open tab. Plain values only."""
        return {}

    def restore_state(self, state: dict[str, Any]) -> None:
        """Look as `keep_state` said."""

    def flush(self) -> None:
        """Commit or keep as a draft whatever is half typed: the laptop is about to lock."""

    asks_others = False  # “you” in its words is whoever answers, not whoever sits here
    left_out = ""  # said when its list is taken along: what of it is not among the rows

    def when_whole(self, then: Callable[[], None]) -> None:
        """Call `then` once all of the page is there, also what nobody scrolled to.

        For printing, copying and saving. A page that reads its list bit by bit reads the rest; a
        list that shows its first lines shows all.
        """
        from desktop.views.kit.few import Few  # not before the first paint
        from desktop.views.kit.fold import Fold

        for few in self.findChildren(Few):
            few.show_all()
        for fold in self.findChildren(Fold):
            fold.unfold()
        then()

    def offer_orders(self) -> bool:
        """Ctrl+Shift+O: what the list can be sorted by, as a menu. False where there is no list.

        The list that has the focus, else the first one that can be seen.
        """
        lists = [each for each in self.findChildren(QTableView) if each.isVisibleTo(self)]
        seen = [each for each in lists if isinstance(each, CanBeSorted)]
        wanted = next((each for each in seen if each.hasFocus()), seen[0] if seen else None)
        if wanted is not None:
            wanted.offer_orders()
        return wanted is not None

    def paper(self) -> tuple[Part, ...]:
        """What Ctrl+P prints in place of what is drawn; () for the screen as it stands."""
        return ()

    def focus_filter(self) -> None:
        """Ctrl+F: put the focus in this screen's own filter, if it has one."""
