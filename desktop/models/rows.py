"""A read-only table over frozen rows: columns are named with how to say each cell.

Refuses to sort or edit: presenters give rows in the order that people read.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from desktop.models.tips import plain_tip

Index = QModelIndex | QPersistentModelIndex
LOOK = Qt.ItemDataRole.UserRole + 2
ROW = Qt.ItemDataRole.UserRole + 1
# A view asks each cell for eight roles at each paint: plain numbers, and most are nobody's.
_DISPLAY, _TIP = int(Qt.ItemDataRole.DisplayRole), int(Qt.ItemDataRole.ToolTipRole)
_SPOKEN, _SIDE = int(Qt.ItemDataRole.AccessibleTextRole), int(Qt.ItemDataRole.TextAlignmentRole)
_PICTURE, _LOOK, _ROW = int(Qt.ItemDataRole.DecorationRole), int(LOOK), int(ROW)
_ANSWERED = frozenset({_DISPLAY, _TIP, _SPOKEN, _SIDE, _PICTURE, _LOOK, _ROW})
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


class RowsModel(QAbstractTableModel):
    """Rows as given, columns as described."""

    def __init__(self, columns: Sequence[Column], parent: Any = None) -> None:
        super().__init__(parent)
        self._columns = tuple(columns)
        self._rows: tuple[Any, ...] = ()

    def show(self, rows: Sequence[Any]) -> None:
        """Show these rows instead."""
        self.beginResetModel()
        self._rows = tuple(rows)
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
        """All rows."""
        return self._rows

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
        if role == _LOOK:
            return column.look(row) if column.look is not None else None
        if role == _PICTURE:
            return column.picture(row) if column.picture is not None else None
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
        if role == Qt.ItemDataRole.DisplayRole:
            return self._columns[section].heading
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if self._columns[section].right else _LEFT
        return None
