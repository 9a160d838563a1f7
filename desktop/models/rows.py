"""A read-only table over frozen rows: columns are named with how to say each cell.

Rows stand in the order they are given, or in that of a column a person chose; what is shown anew
is sorted the same way. Refuses to edit.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from desktop.models.sorting import Key, Keys, Order, in_order, text_key, way_words
from desktop.models.tips import plain_tip
from forms.values import LONDON

Index = QModelIndex | QPersistentModelIndex
LOOK = Qt.ItemDataRole.UserRole + 2
ROW = Qt.ItemDataRole.UserRole + 1
IN_FILE = Qt.ItemDataRole.UserRole + 3  # a cell as a file has it: days like 2026-11-28
# A view asks each cell for eight roles at each paint: plain numbers, and most are nobody's.
_DISPLAY, _TIP = int(Qt.ItemDataRole.DisplayRole), int(Qt.ItemDataRole.ToolTipRole)
_SPOKEN, _SIDE = int(Qt.ItemDataRole.AccessibleTextRole), int(Qt.ItemDataRole.TextAlignmentRole)
_PICTURE, _LOOK, _ROW = int(Qt.ItemDataRole.DecorationRole), int(LOOK), int(ROW)
_IN_FILE = int(IN_FILE)
_ANSWERED = frozenset({_DISPLAY, _TIP, _SPOKEN, _SIDE, _PICTURE, _LOOK, _ROW, _IN_FILE})
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, the words of a cell, and, if any, the shape before the words."""

    heading: str
    words: Callable[[Any], str]
    look: Callable[[Any], str] | None = None
    right: bool = False  # numbers
    picture: Callable[[Any], Any] | None = None  # a QPixmap before the words, or None
    by: Key | None = None  # what it is sorted by; its words, where that is left out
    as_said: bool = False  # in a file too: the words say more than the day does

    def sort_key(self, row: Any) -> Any:
        """What a row is sorted by in this column; None where it has no data."""
        return self.by(row) if self.by is not None else text_key(self.words(row))

    def in_file(self, row: Any) -> str:
        """The cell as a file has it: a day as 2026-11-28, which every program reads the same.

        A moment stands as it is on the screen, by the clock in London, to the minute.
        """
        key = self.by(row) if self.by is not None and not self.as_said else None
        if isinstance(key, datetime):
            return f"{key.astimezone(LONDON):%Y-%m-%d %H:%M}"
        return key.isoformat() if isinstance(key, date) else self.words(row)


class RowsModel(QAbstractTableModel):
    """Rows as given, columns as described."""

    def __init__(self, columns: Sequence[Column], parent: Any = None) -> None:
        super().__init__(parent)
        self._columns = tuple(columns)
        self._given: tuple[Any, ...] = ()  # in the page's own order
        self._rows: tuple[Any, ...] = ()
        self._keys = [Keys(column.sort_key) for column in self._columns]
        self._order: Order | None = None

    def show(self, rows: Sequence[Any]) -> None:
        """Show these rows instead, in the order that was chosen."""
        self._given = tuple(rows)
        self._arrange()

    def sort_by(self, order: Order | None) -> None:
        """In the order of a column; None is the page's own order."""
        self._order = order
        self._arrange()

    @property
    def order(self) -> Order | None:
        """By which column they stand, None for the page's own order."""
        return self._order if self._sorted_at is not None else None

    @property
    def headings(self) -> tuple[str, ...]:
        """Of the columns, from the left."""
        return tuple(column.heading for column in self._columns)

    def rename(self, at: int, heading: str) -> None:
        """Head a column with other words: what stands in it is of another kind."""
        if self._columns[at].heading != heading:
            renamed = replace(self._columns[at], heading=heading)
            self._columns = (*self._columns[:at], renamed, *self._columns[at + 1 :])
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, at, at)

    def order_words(self, order: Order) -> str:
        """An order in words: "Amount, largest first"."""
        keys = self._keys[self.headings.index(order.heading)].of(self._given)
        return f"{order.heading}, {way_words(keys, down=order.down)}"

    @property
    def _sorted_at(self) -> int | None:
        """The column; None also where the chosen one is not there at this size of text."""
        wanted = self._order.heading if self._order is not None else None
        return next((n for n, head in enumerate(self.headings) if head == wanted), None)

    def _arrange(self) -> None:
        at, rows = self._sorted_at, self._given
        if at is not None and self._order is not None:
            rows = in_order(rows, self._keys[at].of(rows), down=self._order.down)
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def pictures_came(self) -> None:
        """What stands before the words is another: ask again."""
        if self._rows:
            last = self.index(len(self._rows) - 1, len(self._columns) - 1)
            self.dataChanged.emit(self.index(0, 0), last, [Qt.ItemDataRole.DecorationRole])

    def row(self, number: int) -> Any:
        """The frozen row, or None."""
        return self._rows[number] if 0 <= number < len(self._rows) else None

    @property
    def rows(self) -> tuple[Any, ...]:
        """All rows, as they stand."""
        return self._rows

    @property
    def given(self) -> tuple[Any, ...]:
        """All rows in the page's own order."""
        return self._given

    def rowCount(self, parent: Index | None = None) -> int:
        """How many rows."""
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index | None = None) -> int:
        """How many columns."""
        return 0 if parent is not None and parent.isValid() else len(self._columns)

    def words_of(self, row: int, column: int) -> str:
        """The words of a cell, without the way through an index."""
        return self._columns[column].words(self._rows[row])

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Words, alignment, shape and the row itself."""
        if role not in _ANSWERED:
            return None
        row = self.row(index.row()) if index.isValid() else None
        if row is None or not 0 <= index.column() < len(self._columns):
            return None
        column = self._columns[index.column()]
        if role == _DISPLAY:
            return column.words(row)
        if role == _SIDE:
            return _RIGHT if column.right else _LEFT
        if role == _IN_FILE:
            return column.in_file(row)
        if role in (_LOOK, _PICTURE):
            drawn = column.look if role == _LOOK else column.picture
            return drawn(row) if drawn is not None else None
        if role == _TIP:
            return plain_tip(column.words(row))
        return f"{column.heading}: {column.words(row)}" if role == _SPOKEN else row

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """The headings; a row is named by its first words, for who reads without seeing."""
        row = self.row(section) if orientation == Qt.Orientation.Vertical else None
        if row is not None and role == Qt.ItemDataRole.DisplayRole:
            return self._columns[0].words(row)
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self._columns):
            return None
        order = self._order if section == self._sorted_at else None
        if role == Qt.ItemDataRole.EditRole:  # as paper and files have it
            return self._columns[section].heading
        if role == Qt.ItemDataRole.DisplayRole:  # the arrow takes room of its own beside the words
            heading = self._columns[section].heading
            return heading if order is None else f"{heading} {'↓' if order.down else '↑'}"
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"Sorted by {self.order_words(order)}" if order is not None else None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if self._columns[section].right else _LEFT
        return None
