"""Recent changes on screen: one line a step, with its own Undo or Do it again.

Refuses a list without an end: fifty lines, and a button for more.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.presenters.recent_changes import ChangeLine, RecentChangesPresenter
from desktop.views.kit.buttons import button, name_button, quiet
from desktop.views.kit.cards import Card, EmptyState
from desktop.views.kit.flow import flowing
from desktop.views.kit.labels import label, muted, title
from desktop.views.kit.layout import clear, column, scrolling
from desktop.views.kit.screen import Screen

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.context import Context
    from desktop.navigation import Route


def make(context: Context, route: Route) -> RecentChanges:
    """The factory named in `screens.py`."""
    screen = RecentChanges()
    screen.use(RecentChangesPresenter(screen, context, route.get("enterprise")))
    return screen


class RecentChanges(Screen):
    """One card of lines, newest first."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._presenter: RecentChangesPresenter | None = None
        self._behind: Callable[[], None] | None = None
        self._card = Card()
        self._more = quiet("Show older changes", self._on_more)
        page = QWidget()
        note = "What was done on this laptop. What was sent stays in the story when you undo it."
        page.setLayout(
            column(
                title("Recent changes"),
                muted(note, wrap=True),
                self._card,
                self._more,
                None,
                margin=2,
            )
        )
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        self._area = scrolling(page, "Recent changes")
        outer.addWidget(self._area)

    def use(self, presenter: RecentChangesPresenter) -> None:
        """Give the page its presenter."""
        self._presenter = presenter

    def title(self) -> str:
        """What Back calls it."""
        return "Recent changes"

    def arrive(self) -> None:
        """Read the list."""
        if self._presenter is not None:
            self._presenter.load()

    def is_in_sight(self) -> bool:
        """Whether somebody can see it now."""
        return self.isVisible()

    def catch_up_with(self, load: Callable[[], None]) -> None:
        """Something changed while it was out of sight."""
        self._behind = load

    def showEvent(self, event: QShowEvent) -> None:
        """Read what was missed."""
        super().showEvent(event)
        behind, self._behind = self._behind, None
        if behind is not None:
            behind()

    def show_changes(self, lines: tuple[ChangeLine, ...], more: int) -> None:
        """Show these; `more` are further back."""
        clear(self._card.body)
        for line in lines:
            self._card.add(self._line(line))
        if not lines:
            nothing = "Nothing was changed on this laptop yet."
            self._card.add(EmptyState(nothing, "Go to Today", self._to_today))
        self._more.setVisible(more > 0)

    def _line(self, line: ChangeLine) -> QVBoxLayout:
        words = f"{line.what} (undone)" if line.is_undone else line.what
        about: list[QWidget] = [muted(line.when)]
        if line.who:
            about.insert(0, name_button(line.who, partial(self._open, line.enterprise_id)))
        press = "Do it again" if line.is_undone else "Undo"
        if line.why_not:
            return column(label(words, wrap=True), flowing(*about), muted(line.why_not, wrap=True))
        turn = button(press, partial(self._turn, line), name=f"{press}: {line.what}")
        return column(label(words, wrap=True), flowing(*about, turn, gap=2))

    def _to_today(self) -> None:
        if self._presenter is not None:
            self._presenter.to_today()

    def _turn(self, line: ChangeLine) -> None:
        if self._presenter is not None:
            self._presenter.turn(line)

    def _open(self, enterprise_id: str) -> None:
        if self._presenter is not None:
            self._presenter.open(enterprise_id)

    @Slot()
    def _on_more(self) -> None:
        if self._presenter is not None:
            self._presenter.more()
