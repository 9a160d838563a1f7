"""The table of the caseload: Enter opens, Space previews, columns share the width.

Refuses to load: lines come from its model, a page at a time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from desktop.models.caseload import DONE_COLUMN, CaseloadModel
from desktop.presenters.saved_views import ORDERS
from desktop.views.caseload_cells import ProgressCell
from desktop.views.kit.table_line import copies_line

if TYPE_CHECKING:
    from collections.abc import Collection

SHARES = (20, 11, 12, 11, 17, 15, 15)  # of the table's width, column by column
TOLD_BY_PREVIEW = (4, 5, 6)
LEAST_ROWS = 7  # of the table, its heading among them
LEAST_LETTERS = 96  # narrower than this, the table scrolls sideways instead of squeezing


class CaseloadTable(QTableView):
    """One line an enterprise."""

    opened = Signal(str)
    preview_pressed = Signal(int)  # the row
    escaped = Signal()
    sort_pressed = Signal(int)
    orders_wanted = Signal()

    def __init__(self, model: CaseloadModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines = model
        self.setModel(model)
        self.setAccessibleName("Caseload. Enter opens, Space shows a preview")
        self.setProperty("said_on_paper", "Caseload")
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setItemDelegateForColumn(DONE_COLUMN, ProgressCell(self))
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(self.fontMetrics().height() + 16)
        across = self.horizontalHeader()
        across.setHighlightSections(False)
        across.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        across.setMinimumSectionSize(48)
        across.setSectionsClickable(True)
        across.setSortIndicatorShown(True)
        across.sectionClicked.connect(self.sort_pressed)
        # Large text leaves room for a line or two: then the page scrolls and the table keeps six.
        self.setMinimumHeight(rows.defaultSectionSize() * LEAST_ROWS)
        self.doubleClicked.connect(self._pressed_twice)

    def begin(self) -> None:
        """Take the focus, on the first row where none is chosen."""
        self.setFocus()
        if not self.currentIndex().isValid():
            self.setCurrentIndex(self._lines.index(0, 0))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens, Space previews, Escape folds the preview, Ctrl+C copies; letters jump."""
        row = self.currentIndex().row()
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._open(row)
        elif event.key() == Qt.Key.Key_Space:
            self.preview_pressed.emit(row)
        elif event.key() == Qt.Key.Key_Escape:
            self.escaped.emit()
        elif not copies_line(self, event):
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Columns share the width."""
        super().resizeEvent(event)
        self.fit_columns()

    def offer_orders(self) -> None:
        """The columns to sort by, as a menu: the same as under its button."""
        self.orders_wanted.emit()

    def fit_columns(self) -> None:
        """Give each shown column its share."""
        shown = [at for at in range(len(SHARES)) if not self.isColumnHidden(at)]
        shares = sum(SHARES[at] for at in shown)
        letters = LEAST_LETTERS * shares // sum(SHARES)
        least = letters * self.fontMetrics().averageCharWidth()
        whole = max(least, self.viewport().width())
        for at in shown:
            self.setColumnWidth(at, whole * SHARES[at] // shares)

    def hide_columns(self, hidden: Collection[int], *, beside_preview: bool) -> None:
        """Leave these out, and what the preview says already."""
        for at in range(1, len(SHARES)):
            told = beside_preview and at in TOLD_BY_PREVIEW
            self.setColumnHidden(at, told or at in hidden)
        self.fit_columns()

    def show_order(self, order: str) -> None:
        """The order over its column: "name", or "-name" the other way round."""
        way = Qt.SortOrder.DescendingOrder if order.startswith("-") else Qt.SortOrder.AscendingOrder
        self.horizontalHeader().setSortIndicator(ORDERS.index(order.removeprefix("-")), way)

    def _open(self, row: int) -> None:
        enterprise_id = self._lines.id_at(row)
        if enterprise_id:
            self.opened.emit(enterprise_id)

    def _pressed_twice(self, index: QModelIndex) -> None:
        self._open(index.row())
