"""Sorting a table: a press on a heading, a menu for the keyboard, said aloud and remembered.

Pressing a heading sorts, pressing again turns it round, once more gives the page's own order back.
Refuses to drag: whatever a mouse does here, the menu does too (Ctrl+Shift+O, or the menu key).
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtWidgets import QMenu

from desktop.models.sorting import Order
from desktop.views.kit import list_orders
from desktop.views.kit.bars import announce

if TYPE_CHECKING:
    from desktop.models.rows import RowsModel
    from desktop.views.form_pages.table import RowsTable

OWN = "As the page lists them"


class SortHead(QObject):
    """Belongs to one table."""

    def __init__(self, table: RowsTable, model: RowsModel) -> None:
        super().__init__(table)
        self._table, self._model = table, model
        self._recalled = False  # the order it had is asked for when it is first seen
        header = table.horizontalHeader()
        header.setSectionsClickable(True)
        header.setToolTip("Press a heading to sort by it (Ctrl+Shift+O)")
        header.sectionClicked.connect(self._pressed)
        table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        table.customContextMenuRequested.connect(self.offer)
        table.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Before it is first seen it is as it was left."""
        if event.type() == QEvent.Type.Show and not self._recalled:
            self._recalled = True
            order = list_orders.recall(self._table)
            if order is not None:
                self._table.sort_by(order)
        return False

    def offer(self, _at: QPoint | None = None) -> None:
        """Every column, ticked where it sorts; choosing that one again turns it round."""
        menu = QMenu("Sort by", self._table)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        now = self._model.order
        for heading in self._model.headings:
            after = Order(heading, now is not None and now == Order(heading))
            entry = menu.addAction(f"Sort by {self._model.order_words(after)}")
            entry.setCheckable(True)
            entry.setChecked(now is not None and now.heading == heading)
            entry.triggered.connect(partial(self._choose, after))
        own = menu.addAction(OWN)
        own.setCheckable(True)
        own.setChecked(now is None)
        own.triggered.connect(partial(self._choose, None))
        menu.popup(self._table.horizontalHeader().mapToGlobal(QPoint(8, 0)))

    def _pressed(self, at: int) -> None:
        heading, now = self._model.headings[at], self._model.order
        if now is None or now.heading != heading:
            self._choose(Order(heading))
        else:
            self._choose(None if now.down else Order(heading, down=True))

    def _choose(self, order: Order | None, _checked: object = None) -> None:
        self._table.sort_by(order)
        list_orders.remember(self._table, order)
        said = f"Sorted by {self._model.order_words(order)}" if order is not None else OWN
        announce(self._table, said)
