"""Where every record and file is: four views, one table, the register's words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QPushButton, QWidget

from desktop.models.rows import Column
from desktop.presenters.ledger import VIEWS, LedgerPresenter
from desktop.views.form_pages.halves import text_is_large
from desktop.views.form_pages.one_of import OneOf
from desktop.views.form_pages.seen import SeenPart
from desktop.views.form_pages.table import RowsTable
from desktop.views.kit.bars import Bar
from desktop.views.kit.buttons import button, show_chosen
from desktop.views.kit.flow import flowing
from desktop.views.kit.labels import muted, paragraph, title
from desktop.views.kit.layout import column
from desktop.views.kit.long_work import LongWork
from desktop.views.kit.screen import Screen
from desktop.views.kit.shapes import Look
from desktop.views.kit.take_along import copy_list_button

if TYPE_CHECKING:
    from desktop.context import Context
    from desktop.navigation import Route
    from desktop.presenters.ledger import Counted, LedgerPicture, Line


LOOKING = "Looking where everything is..."


def make(context: Context, _route: Route) -> Screen:
    """The screen for a route."""
    return LedgerScreen(context)


class LedgerScreen(Screen, SeenPart):
    """Is this very record safe, and has the council got it?"""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._presenter = LedgerPresenter(context, self)
        self._work = LongWork(self._presenter.tick)
        self._work.stopped.connect(self._presenter.stop)
        self._work.again.connect(self._presenter.load)
        self._says = muted(LOOKING, wrap=True)
        self._empty = paragraph("")
        self._problem = Bar("warn-bar", Look.WARN)
        self._because = Bar("warn-bar", Look.STOP)
        self._group = OneOf(self)
        self._views: dict[str, QPushButton] = {}
        for code, words in VIEWS:
            made = button(words, self._chooser(code), role="toggle")
            self._views[code] = made
            self._group.add(made)
        self._table = RowsTable("Records and files", _columns())
        self._table.chosen.connect(self._chosen)
        self._table.opened.connect(self._presenter.open)
        page = column(
            flowing(title("Where everything is"), copy_list_button(context), gap=2),
            self._says,
            flowing(*self._views.values()),
            self._work,
            self._problem,
            self._because,
            self._empty,
            self._table,
            margin=2,
            gap=1,
        )
        page.setStretch(7, 1)
        page.addStretch(0)  # takes the room of a hidden table
        self.setLayout(page)
        self._presenter.load()

    def title(self) -> str:
        """The screen's name."""
        return "Where everything is"

    def arrive(self) -> None:
        """Begin with the table; after Stop, look again."""
        self._presenter.come_back()
        self._table.setFocus()

    def watch(self) -> None:
        """Reading may take long."""
        self._work.watch()

    def show_busy(self, words: str, done: int, of: int) -> None:
        """What is under way."""
        self._work.show_step(words, done, of)

    def show_counts(self, counted: Counted) -> None:
        """How many each view has; the lines follow."""
        self._problem.say("")
        self._says.setText(counted.says)
        self._show_views(counted.view, counted.counts)

    def _show_views(self, view: str, counts: dict[str, int]) -> None:
        for code, words in VIEWS:
            made = self._views[code]
            show_chosen(made, code == view)
            made.setText(f"{words} {counts[code]:,}")
            made.setAccessibleName(f"{words}, {counts[code]}")

    def show_ledger(self, picture: LedgerPicture) -> None:
        """Show it."""
        self._problem.say("")
        self._says.setText(picture.says)
        self.left_out = picture.left_out
        self._show_views(picture.view, picture.counts)
        self._empty.setText(picture.empty)
        self._empty.setVisible(bool(picture.empty))
        self._table.setVisible(not picture.empty)
        self._table.show_rows(picture.lines)
        if picture.lines and self._table.current is None:
            self._table.choose(picture.lines[0].id)
        self._chosen(self._table.current)

    def show_stopped(self, words: str) -> None:
        """A person stopped it."""
        self._work.show_stopped(words)
        if words and self._says.text() == LOOKING:
            self._says.setText("")  # nobody looks any more

    def show_problem(self, words: str) -> None:
        """Say why it cannot be shown."""
        if self._says.text() == LOOKING:
            self._says.setText("")  # nobody looks any more
        self._problem.say(words)

    def _chosen(self, line: Line | None) -> None:
        self._because.say(line.because if line is not None else "")

    def _chooser(self, code: str) -> _Chooses:
        return _Chooses(self, code)

    def choose(self, code: str) -> None:
        """Show one of the four views."""
        self._presenter.choose(code)


class _Chooses:
    """What a view's button does."""

    def __init__(self, screen: LedgerScreen, code: str) -> None:
        self._screen, self._code = screen, code

    def __call__(self) -> None:
        self._screen.choose(self._code)


def _columns() -> tuple[Column, ...]:
    what = Column("What", lambda e: str(e.what))
    state = Column("At the register", lambda e: str(e.state), lambda e: str(e.look))
    if text_is_large():
        return (what, state)
    return (
        what,
        Column("Whose", lambda e: str(e.whose)),
        Column("Written", lambda e: str(e.written), by=lambda e: e.written_at),
        Column("Copy", lambda e: str(e.copied)),
        Column("Sent", lambda e: str(e.sent), by=lambda e: e.sent_at),
        state,
    )
