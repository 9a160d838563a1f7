"""Under the caseload: how many there are, own views, which columns, which order.

Refuses to keep anything: it says what is wanted.
"""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from desktop.models.caseload import COLUMNS
from desktop.views.kit.bars import say_count
from desktop.views.kit.buttons import button
from desktop.views.kit.flow import flowing
from desktop.views.kit.labels import muted
from desktop.views.kit.layout import column
from desktop.views.kit.naming import NameIt


class CaseloadTools(QWidget):
    """One row that breaks into lines when the text is large."""

    named = Signal(str)
    forget_wanted = Signal()
    column_toggled = Signal(int)
    order_chosen = Signal(int)
    copy_wanted = Signal()
    file_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._count = muted()
        self._hidden: set[int] = set()
        self._order_now = 0
        self._suggested = ""
        keeps = button("Keep this view", self._ask_name)
        self._forget = button("Forget this view", self.forget_wanted.emit)
        self._columns = button("Columns", self._list_columns)
        self._order = button("Sort", self.list_orders)
        self._naming = NameIt("Name of this view")
        self._naming.named.connect(self.named)
        self._forget.hide()
        self._naming.hide()
        copies = button("Copy this list", self.copy_wanted.emit)
        saves = button("Export this list", self.file_wanted.emit)
        tools = (keeps, self._forget, self._columns, self._order, copies, saves)
        self.setLayout(column(flowing(self._count, *tools, self._naming, gap=1)))

    def suggest(self, name: str) -> None:
        """What a view would be called that is kept now."""
        self._suggested = name

    def _ask_name(self) -> None:
        self._naming.ask(self._suggested)

    def say(self, words: str) -> None:
        """How many there are."""
        say_count(self._count, words)

    def offer_to_forget(self, *, own: bool) -> None:
        """Only an own view can be forgotten."""
        self._forget.setVisible(own)

    def show_memory(self, hidden: set[int], order_now: int) -> None:
        """Which columns are left out, and which one orders."""
        self._hidden, self._order_now = hidden, order_now

    def _list_columns(self) -> None:
        menu = QMenu("Columns to show", self)
        for at, words in enumerate(COLUMNS[1:], start=1):
            self._entry(menu, words, at not in self._hidden, partial(self._column, at))
        _pop_up(menu, self._columns)

    def list_orders(self) -> None:
        """The columns to sort by, as a menu."""
        menu = QMenu("Sort by", self)
        for at, words in enumerate(COLUMNS):
            self._entry(menu, words, at == self._order_now, partial(self._sort, at))
        _pop_up(menu, self._order)

    def _entry(self, menu: QMenu, words: str, ticked: bool, does: partial[None]) -> None:  # noqa: FBT001
        each = menu.addAction(words)
        each.setCheckable(True)
        each.setChecked(ticked)
        each.triggered.connect(does)

    def _column(self, at: int, _checked: object = None) -> None:
        self.column_toggled.emit(at)

    def _sort(self, at: int, _checked: object = None) -> None:
        self.order_chosen.emit(at)


def _pop_up(menu: QMenu, under: QPushButton) -> None:
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    menu.popup(under.mapToGlobal(under.rect().bottomLeft()))
