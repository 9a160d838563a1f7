"""The timeline as a list: a heading for each day, then its entries. Read-only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

from desktop.presenters.words import weekday

if TYPE_CHECKING:
    from desktop.presenters.timeline import Entry

Index = QModelIndex | QPersistentModelIndex
ENTRY = Qt.ItemDataRole.UserRole + 1


class TimelineModel(QAbstractListModel):
    """Rows are strings (a day) or entries."""

    HEAD = ("Day", "What happened", "Who says so")

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        self._rows: list[str | Entry] = []

    def show(self, entries: tuple[Entry, ...]) -> None:
        """Show these, in the order given, under a heading for each day."""
        self.beginResetModel()
        self._rows = []
        day = None
        for entry in entries:
            if entry.on != day:
                day = entry.on
                self._rows.append(weekday(day))
            self._rows.append(entry)
        self.endResetModel()

    def table_rows(self) -> tuple[tuple[str, ...], ...]:
        """Every entry as a line of a table, in the same order."""
        return tuple(
            (
                f"{weekday(row.on)} {row.when}".strip(),
                ". ".join(part for part in (row.head, row.body) if part),
                row.source,
            )
            for row in self._rows
            if not isinstance(row, str)
        )

    def rowCount(self, parent: Index | None = None) -> int:
        """How many rows, headings included."""
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Words for people, the entry for the painter."""
        if not index.isValid() or not 0 <= index.row() < len(self._rows):
            return None
        row = self._rows[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return row if isinstance(row, str) else row.spoken
        if role == ENTRY:
            return row
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Headings cannot be chosen."""
        if index.isValid() and isinstance(self._rows[index.row()], str):
            return Qt.ItemFlag.ItemIsEnabled
        return super().flags(index)
