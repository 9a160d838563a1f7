"""Today on screen (W1): visits, what is due, what waits on others, who has gone quiet.

Each line leads with the name. Refuses icons without words and lists without an end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from desktop.actions import Action
from desktop.presenters.today import TodayPage, TodayPresenter
from desktop.theme import CURRENT
from desktop.views.form_pages.seen import SeenPart
from desktop.views.kit.buttons import button, primary
from desktop.views.kit.cards import Card
from desktop.views.kit.flow import flowing
from desktop.views.kit.labels import title
from desktop.views.kit.layout import clear, column, scrolling
from desktop.views.kit.screen import Screen
from desktop.views.today_cards import TodayCards
from desktop.views.visit_sheets import WORDS, ask_for_sheets

if TYPE_CHECKING:
    from datetime import date

    from desktop.context import Context
    from desktop.navigation import Route


def make(context: Context, route: Route) -> TodayScreen:
    """The factory named in `screens.py`."""
    screen = TodayScreen()
    screen.use(TodayPresenter(screen, context, route.get("day")))

    def sheets(ids: tuple[str, ...], on: date) -> None:
        ask_for_sheets(context, screen, ids, on=on)

    screen.sheets_wanted.connect(sheets)
    return screen


class TodayScreen(Screen, SeenPart):
    """One scrolling page of cards."""

    sheets_wanted = Signal(object, object)  # ids of those who are seen, and the day

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._presenter: TodayPresenter | None = None
        self._shown: tuple[TodayPage, int] | None = None  # and the text size it was built for
        self._heading = title("Today")
        self._note = primary("Quick note", self._new_note)
        self._note.setToolTip("Quick note (Ctrl+N)")
        self._sheets = button(WORDS, self._sheets_pressed)
        self._sheets.setToolTip("Print what you need at each door, or save it as a PDF")
        self._sheets.hide()
        self._parts = QVBoxLayout()
        self._parts.setSpacing(12)
        page = QWidget()
        top = flowing(self._heading, self._note, self._sheets, gap=3)
        body = column(top, 1, self._parts, None, margin=2, gap=1)
        page.setLayout(body)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        self._area = scrolling(page, "Today")
        outer.addWidget(self._area)

    def use(self, presenter: TodayPresenter) -> None:
        """Give the page its presenter."""
        self._presenter = presenter

    def title(self) -> str:
        """What Back calls it."""
        return "Today"

    def arrive(self) -> None:
        """Read again: the day may have changed."""
        if self._presenter is not None:
            self._presenter.load()
        self._note.setFocus()

    def keep_state(self) -> dict[str, int]:
        """Where it is scrolled to."""
        return {"scroll": self._area.verticalScrollBar().value()}

    def show_page(self, page: TodayPage) -> None:
        """Show it all, unless it stands there already."""
        if self._shown == (page, CURRENT.percent):
            return
        self._shown = (page, CURRENT.percent)
        at = self._focused()
        self._sheets.setVisible(bool(page.visits))
        self._note.setVisible(page.enterprises > 0)  # before that there is nobody to write about
        self._heading.setText(page.heading)
        clear(self._parts)
        self._show_parts(page)
        buttons = self._buttons()
        if at >= 0 and buttons:  # the line that had it may be gone: the next one is there
            buttons[min(at, len(buttons) - 1)].setFocus()

    def _focused(self) -> int:
        """Which of the buttons has the focus; -1 for none."""
        return next((n for n, each in enumerate(self._buttons()) if each.hasFocus()), -1)

    def _buttons(self) -> list[QPushButton]:
        """Those that can be seen, from the top."""
        every = self._area.findChildren(QPushButton)
        return [each for each in every if each.isVisibleTo(self)]

    def _show_parts(self, page: TodayPage) -> None:
        if self._presenter is None:
            return
        cards = TodayCards(self._presenter)
        if page.to_check:
            self._parts.addWidget(cards.to_check(page.to_check))
        if page.offered:
            self._parts.addWidget(cards.offered(page.offered))
        if page.is_calm:
            self._parts.addWidget(Card().add(cards.calm(page)))
            return
        for card in cards.of(page):
            self._parts.addWidget(card)
            card.show()  # at once: the focus goes on to a button of the new page

    def actions_here(self) -> list[Action]:
        """What can be done here."""
        return [Action("today.sheets", "Visit sheets for this day", self._sheets_pressed)]

    def _sheets_pressed(self) -> None:
        if self._shown is not None:
            page = self._shown[0]
            seen = dict.fromkeys(each.enterprise_id for each in page.visits)
            self.sheets_wanted.emit(tuple(seen), page.on)

    def _new_note(self) -> None:
        if self._presenter is not None:
            self._presenter.doors.new_note()
