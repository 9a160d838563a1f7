"""A table of rows that reads well: whole-row choice, Enter opens, shapes before words, sorting."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QEvent,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QIcon, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from desktop.models.rows import LOOK, ROW, Column, RowsModel
from desktop.models.sorting import Order
from desktop.views.form_pages.sort_head import SortHead
from desktop.views.kit.bars import announce
from desktop.views.kit.shapes import Look, draw
from desktop.views.kit.table_line import copies_line

Index = QModelIndex | QPersistentModelIndex


INSET = 11  # pixels before the words of a cell, as the style sheet and Qt leave them


class _Cells(QStyledItemDelegate):
    """Cells of words: Qt paints them by itself."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        hint = super().sizeHint(option, index)
        hint.setHeight(max(hint.height(), option.fontMetrics.height() + 14))
        return hint


class _PicturedCells(_Cells):
    """Cells with a picture before the words; it keeps its colours in the chosen row."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        super().initStyleOption(option, index)
        if option.state & QStyle.StateFlag.State_Selected and not option.icon.isNull():
            picture = option.icon.pixmap(option.decorationSize)
            option.icon.addPixmap(picture, QIcon.Mode.Selected)  # else Qt tints it


class _ShapedCells(_Cells):
    """Cells with a shape before the words, where a row has one."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        look = index.data(LOOK)
        if not look:
            super().paint(painter, option, index)
            return
        inset = QStyleOptionViewItem(option)
        side = option.fontMetrics.height()
        super().paint(painter, inset, index)  # background and focus; its words are left out
        super().initStyleOption(inset, index)
        rect = option.rect
        draw(
            painter,
            QRectF(rect.left() + INSET, rect.center().y() - side / 2, side, side),
            Look(look),
        )
        text = rect.adjusted(INSET + side + 6, -1, -6, -1)  # on the line of the words beside it
        painter.save()
        painter.setFont(inset.font)
        painter.setPen(inset.palette.text().color())
        words = inset.fontMetrics.elidedText(
            str(index.data() or ""), Qt.TextElideMode.ElideRight, text.width()
        )
        painter.drawText(text, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, words)
        painter.restore()

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        super().initStyleOption(option, index)
        if index.data(LOOK):
            option.text = ""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        hint = super().sizeHint(option, index)
        if index.data(LOOK):
            words = option.fontMetrics.horizontalAdvance(str(index.data() or ""))
            hint.setWidth(words + option.fontMetrics.height() + INSET + 20)
        return hint


_MEASURE_AGAIN = frozenset({QEvent.Type.FontChange, QEvent.Type.StyleChange})
FEW = 48  # rows that are all measured: a list that stands whole on its page cuts none of its words
MEASURED = 16  # rows that columns are fitted to: measuring thousands keeps the window from painting


class RowsTable(QTableView):
    """A table over frozen rows. `chosen` follows the current row, `opened` is Enter or a click."""

    chosen = Signal(object)
    opened = Signal(object)

    def __init__(
        self,
        name: str,
        columns: Sequence[Column],
        *,
        stretch: int = 0,
        picture_side: int = 0,
        parent: QWidget | None = None,
    ) -> None:
        """`picture_side`: pixels of the pictures before the words; 0 where there are none."""
        super().__init__(parent)
        self._told = -1  # rows, as last said
        self._picture_side = picture_side
        self._awaited = ""  # of a row to choose when it has come
        self._widths: dict[int, int] = {}  # of columns: Qt asks four times before a first paint
        if picture_side:
            self.setIconSize(QSize(picture_side, picture_side))
        self._model = RowsModel(columns, self)
        self.setModel(self._model)
        self.setItemDelegate(_Cells(self))
        shaped = _ShapedCells(self)
        for number, each in enumerate(columns):
            if each.look is not None:
                self.setItemDelegateForColumn(number, shaped)
            elif each.picture is not None:
                self.setItemDelegateForColumn(number, _PicturedCells(self))
        self.setAccessibleName(name)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().setVisible(False)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = self.horizontalHeader()
        header.setResizeContentsPrecision(MEASURED)
        header.setHighlightSections(False)
        for number in range(len(columns)):
            mode = QHeaderView.ResizeMode
            header.setSectionResizeMode(
                number, mode.Stretch if number == stretch else mode.ResizeToContents
            )
        self.selectionModel().currentRowChanged.connect(self._moved)
        self.doubleClicked.connect(self._open_index)
        self._head = SortHead(self, self._model)

    def show_rows(self, rows: Sequence[Any]) -> None:
        """Show these rows in the order that was chosen.

        The chosen row and the place are kept by `id`, where they are still there.
        """
        if self._told == len(rows) and tuple(rows) == self._model.given:
            if self._awaited and self.choose(self._awaited):
                self._awaited = ""
            return  # nothing came or went, and no cell is measured or painted again
        kept = self._id_at(self.currentIndex().row())
        place = self._id_at(self.rowAt(0)) if self.verticalScrollBar().value() else None
        self._widths.clear()
        self._model.show(rows)
        height = max(self.fontMetrics().height() + 14, self._picture_side + 8)
        self.verticalHeader().setDefaultSectionSize(height)
        self.setMinimumHeight(height * 3)
        if kept is not None:
            self.choose(kept, quietly=True)
        elif self._awaited and self.choose(self._awaited):
            self._awaited = ""
        if place is not None:
            self._go_back_to(place)
        self._say_how_many(len(rows))

    @property
    def order(self) -> Order | None:
        """The order a person chose; None is the page's own."""
        return self._model.order

    @property
    def order_words(self) -> str:
        """How it is sorted, for paper and for who does not see it; "" = as the page lists it."""
        order = self._model.order
        return f"Sorted by {self._model.order_words(order)}" if order is not None else ""

    def sort_by(self, order: Order | None) -> None:
        """Sort; the chosen row stays chosen and in sight."""
        kept = self._id_at(self.currentIndex().row())
        self._widths.clear()
        self._model.sort_by(order)
        if kept is not None and self.choose(kept, quietly=True):
            self.scrollTo(self.currentIndex())
        else:
            self.scrollToTop()

    def offer_orders(self) -> None:
        """The columns to sort by, as a menu."""
        self._head.offer()

    def _id_at(self, row: int) -> Any:
        return getattr(self._model.row(row), "id", None)

    def _go_back_to(self, row_id: str) -> None:
        """Have this row at the top again, as it was before the list was read anew."""
        numbers = range(len(self._model.rows))
        at = next((number for number in numbers if self._id_at(number) == row_id), None)
        if at is not None:
            self.updateGeometries()  # else it scrolls within the list that was
            self.scrollTo(self._model.index(at, 0), self.ScrollHint.PositionAtTop)

    def _say_how_many(self, count: int) -> None:
        """To a screen reader, when a filter or a change left another number of rows."""
        if count != self._told and self.window().isVisible():
            announce(self, f"{count:,} shown" if count else "Nothing to show")
        self._told = count

    def choose_when_there(self, row_id: str) -> None:
        """Choose this row now, or when it has come; not after a person chose another."""
        if not self.choose(row_id):
            self._awaited = row_id

    def pictures_came(self) -> None:
        """Pictures before the words are there now, or others."""
        self._widths.clear()
        self._model.pictures_came()

    @property
    def current(self) -> Any:
        """The chosen row, or None."""
        return self._model.row(self.currentIndex().row())

    @property
    def rows(self) -> tuple[Any, ...]:
        """All rows shown."""
        return self._model.rows

    def choose(self, row_id: str, *, quietly: bool = False) -> bool:
        """Choose the row with this id. False when it is not shown."""
        for number, row in enumerate(self._model.rows):
            if getattr(row, "id", None) == row_id:
                self.selectionModel().blockSignals(quietly)
                flags = QItemSelectionModel.SelectionFlag
                self.selectionModel().setCurrentIndex(
                    self._model.index(number, 0), flags.ClearAndSelect | flags.Rows
                )
                self.selectionModel().blockSignals(False)
                self.viewport().update()
                return True
        return False

    def sizeHintForColumn(self, column: int) -> int:
        """As wide as its first rows need, measured once: it does not jump while one scrolls."""
        if column not in self._widths:
            self._widths[column] = self._measured(column)
        return self._widths[column]

    def _measured(self, column: int) -> int:
        first = max(self.rowAt(0), 0)
        every = len(self._model.rows)
        rows = range(every) if every <= FEW else range(first, min(first + MEASURED, every))
        shaped = isinstance(self.itemDelegateForColumn(column), _ShapedCells)
        if self._picture_side or shaped or not rows:  # not by their words alone
            return super().sizeHintForColumn(column)
        option = QStyleOptionViewItem()
        self.initViewItemOption(option)
        advance = option.fontMetrics.horizontalAdvance
        widest = max(rows, key=lambda row: advance(self._model.words_of(row, column)))
        index = self._model.index(widest, column)
        hint = self.itemDelegateForIndex(index).sizeHint(option, index).width()
        return hint + 2  # letters stand on parts of pixels: words as wide are cut by less than one

    def changeEvent(self, event: QEvent) -> None:
        """Another text size or look: the words have other widths."""
        if event.type() in _MEASURE_AGAIN:
            self._widths.clear()
        super().changeEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens the chosen row, Ctrl+C copies it."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.current is not None:
            self.opened.emit(self.current)
            return
        if copies_line(self, event):
            return
        super().keyPressEvent(event)

    def _moved(self, current: QModelIndex, _previous: QModelIndex) -> None:
        self._awaited = ""
        row = current.data(ROW)
        if row is not None:
            self.chosen.emit(row)

    def _open_index(self, index: QModelIndex) -> None:
        self.opened.emit(index.data(ROW))
