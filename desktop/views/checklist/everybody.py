"""One item of the checklist over every enterprise: four views, one table; Enter opens the item."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QPushButton, QWidget

from desktop.models.rows import Column
from desktop.presenters.checklist_picture import SHOWN
from desktop.presenters.item_everybody import NO_ONE, EverybodyPresenter
from desktop.views.form_pages.halves import text_is_large
from desktop.views.form_pages.one_of import OneOf
from desktop.views.form_pages.seen import SeenPart
from desktop.views.form_pages.table import RowsTable
from desktop.views.kit.bars import Bar, Busy
from desktop.views.kit.buttons import button, show_chosen
from desktop.views.kit.flow import flowing
from desktop.views.kit.labels import muted, paragraph, title
from desktop.views.kit.layout import column, scrolling
from desktop.views.kit.screen import Screen
from desktop.views.kit.shapes import Look
from desktop.views.kit.take_along import copy_list_button

if TYPE_CHECKING:
    from desktop.context import Context
    from desktop.navigation import Route
    from desktop.presenters.item_everybody import EverybodyPicture

LEAST_LINES = 12
LOOKING = "Looking who has it..."
_NOTHING = {
    "open": "Nobody has it still to do.",
    "all": "It applies to nobody.",
    "done": "Nobody has it done yet.",
    "questions": "Every answer is there.",
}


def make(context: Context, route: Route) -> Screen:
    """The screen for a route: `id` is the code of the item."""
    return EverybodyScreen(context, route.get("id"))


class EverybodyScreen(Screen, SeenPart):
    """Who has this item, and who has not?"""

    def __init__(self, context: Context, code: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._presenter = EverybodyPresenter(context, self, code)
        self._plain = paragraph("")
        self._says = muted(LOOKING, wrap=True)
        self._problem = Bar("warn-bar", Look.WARN)
        self._busy = Busy()
        self._busy.hide()
        self._busy.stopped.connect(self._presenter.stop)
        self._group = OneOf(self)
        self._views: dict[str, QPushButton] = {}
        for name, words in SHOWN:
            made = button(words, partial(self._presenter.show, name), role="toggle")
            self._views[name] = made
            self._group.add(made)
            made.hide()
        self._empty = paragraph("")
        self._add = button("Go to the caseload", self._presenter.to_caseload)
        self._table = RowsTable("Who has it", _columns())
        self._table.opened.connect(self._presenter.open)
        for part in (self._plain, self._empty, self._add, self._table):
            part.hide()  # until somebody has looked
        body = column(
            flowing(title(self._presenter.title), copy_list_button(context), gap=2),
            self._plain,
            self._says,
            flowing(*self._views.values()),
            self._problem,
            self._busy,
            self._empty,
            flowing(self._add),
            self._table,
            margin=2,
            gap=1,
        )
        body.setStretch(8, 1)
        body.addStretch(0)  # takes the room of a hidden table
        page = QWidget()
        page.setLayout(body)
        # Large text leaves room for a line or two: then the page scrolls and the table keeps seven.
        self._table.setMinimumHeight(self.fontMetrics().height() * LEAST_LINES)
        self.setLayout(column(scrolling(page, "Who has this item"), gap=0))
        self._presenter.load()

    def title(self) -> str:
        """The screen's name."""
        return "Who has an item"

    def about(self) -> str:
        """Which item."""
        return self._presenter.title

    def arrive(self) -> None:
        """Begin with the list; after Stop, look again.

        Large letters leave no room for the title and a line of the list: there it begins with the
        views over the list, so that the page opens at its top.
        """
        self._presenter.come_back()
        chosen = next((made for made in self._views.values() if made.isChecked()), None)
        if self._says.text() == LOOKING:
            self.setFocus()  # there is no place yet
        elif chosen is not None and not chosen.isHidden() and self._is_short_of_room:
            chosen.setFocus()
        else:
            self._table.setFocus()

    @property
    def _is_short_of_room(self) -> bool:
        return text_is_large() or self._table.isHidden()

    def keep_state(self) -> dict[str, Any]:
        """The view."""
        chosen = (name for name, made in self._views.items() if made.isChecked())
        return {"view": next(chosen, "open")}

    def restore_state(self, state: dict[str, Any]) -> None:
        """The view as it was."""
        view = str(state.get("view", ""))
        if view in self._views:
            self._presenter.show(view)

    def show_everybody(self, picture: EverybodyPicture) -> None:
        """Show these lines."""
        self._plain.setText(picture.plain)
        self._plain.setVisible(bool(picture.plain))
        self._says.setText(picture.says)
        nobody = picture.says == NO_ONE
        for name, words in SHOWN:
            made = self._views[name]
            show_chosen(made, name == picture.view)
            made.setText(f"{words} {picture.counts[name]:,}")
            made.setVisible(not nobody)
        self._add.setVisible(nobody)
        self._empty.setText(_NOTHING[picture.view])
        self._empty.setVisible(not picture.lines and not nobody)
        self._table.setVisible(bool(picture.lines))
        self._table.show_rows(picture.lines)
        self.can_begin.emit()

    def show_step(self, words: str, done: int, of: int) -> None:
        """How far the reading is."""
        self._busy.setVisible(bool(words))
        self._busy.show_step(words, done, of)

    def show_problem(self, words: str) -> None:
        """Nobody could look, or there is no such item."""
        self._problem.say(words)
        if words:
            self._says.setText("")  # no `can_begin`: arriving would look again after Stop


def _columns() -> tuple[Column, ...]:
    return (
        Column("Who", lambda h: str(h.who)),
        Column("Where", lambda h: str(h.place)),
        Column("State", lambda h: str(h.state), lambda h: str(h.look)),
        Column("Runs out on", lambda h: str(h.runs_out), by=lambda h: h.runs_out_on),
    )
