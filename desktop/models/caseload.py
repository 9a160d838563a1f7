"""The caseload as a Qt table: ids at once, lines a page at a time, from a cache.

The table asks for what it paints; a page that is not here yet is asked for once and painted when
it comes. Refuses to hold everybody, and to fetch anything by itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from desktop.models.rows import IN_FILE
from desktop.models.tips import plain_tip

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop.presenters.caseload_lines import Line

PAGE = 24
COLUMNS = ("Name", "Village", "Stage", "Done", "Next action", "Waiting on", "Last contact")
DONE_COLUMN = 3
LINE_ROLE = Qt.ItemDataRole.UserRole + 1
Index = QModelIndex | QPersistentModelIndex


class CaseloadModel(QAbstractTableModel):
    """Rows are enterprises, in the order of the ids given."""

    page_wanted = Signal(object)  # tuple[str, ...] of ids

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ids: tuple[str, ...] = ()
        self._lines: dict[str, Line] = {}
        self._asked: set[int] = set()
        self.turn = 0  # which list this is: rows that were read for an older one may be gone

    def show_ids(self, ids: Sequence[str], lines: Sequence[Line]) -> None:
        """Show these enterprises; `lines` are those of the first page."""
        self.beginResetModel()
        self.turn += 1
        self._ids = tuple(ids)
        self._lines = {line.id: line for line in lines}
        self._asked = {0} if len(lines) >= min(PAGE, len(ids)) else set()
        self.endResetModel()

    @property
    def ids(self) -> tuple[str, ...]:
        """Everybody in the list, in its order."""
        return self._ids

    def put_lines(self, lines: Sequence[Line]) -> None:
        """A page came, or some lines changed."""
        self._lines |= {line.id: line for line in lines}
        if self._ids:
            last = self.index(len(self._ids) - 1, len(COLUMNS) - 1)
            self.dataChanged.emit(self.index(0, 0), last)

    @property
    def missing(self) -> tuple[str, ...]:
        """Ids of the rows that nobody has scrolled to yet."""
        return tuple(each for each in self._ids if each not in self._lines)

    def line_at(self, row: int) -> Line | None:
        """The line in a row, when it is here."""
        return self._lines.get(self._ids[row]) if 0 <= row < len(self._ids) else None

    def id_at(self, row: int) -> str:
        """The enterprise in a row; "" outside."""
        return self._ids[row] if 0 <= row < len(self._ids) else ""

    def row_of(self, enterprise_id: str) -> int:
        """Where an enterprise is; -1 when it is not shown."""
        return self._ids.index(enterprise_id) if enterprise_id in self._ids else -1

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 -- Qt's own default
        """How many are shown."""
        return 0 if parent.isValid() else len(self._ids)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 -- Qt's own default
        """The columns of W2."""
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Words over the columns; a row is named by its first cell, for a screen reader."""
        if orientation is Qt.Orientation.Vertical and role == Qt.ItemDataRole.DisplayRole:
            line = self.line_at(section)
            return line.cells[0] if line is not None else f"Row {section + 1}"
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(COLUMNS):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return COLUMNS[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What a cell says."""
        if not index.isValid() or role not in _ROLES:
            return None
        line = self._lines.get(self._ids[index.row()])
        if line is None:
            self._ask(index.row() // PAGE)
            return None
        if role == LINE_ROLE:
            return line
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{COLUMNS[index.column()]}: {line.cells[index.column()] or 'none'}"
        if role == IN_FILE:
            return line.in_file[index.column()]
        words = line.cells[index.column()]
        return plain_tip(words) if role == Qt.ItemDataRole.ToolTipRole else words

    def _ask(self, page: int) -> None:
        if page not in self._asked:
            self._asked.add(page)
            self.page_wanted.emit(self._ids[page * PAGE : (page + 1) * PAGE])


_ROLES = frozenset(
    {
        int(Qt.ItemDataRole.DisplayRole),
        int(Qt.ItemDataRole.ToolTipRole),
        int(Qt.ItemDataRole.AccessibleTextRole),
        int(LINE_ROLE),
        int(IN_FILE),
    }
)
