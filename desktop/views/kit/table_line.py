"""The words of a table's cells as they are read out and written down, and Ctrl+C on a line.

Refuses pictures: where a cell is drawn, it says what a screen reader is told.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QTableView

from desktop.models.rows import IN_FILE
from desktop.views.kit.bars import announce


def heading(view: QTableView, column: int) -> str:
    """The words over a column, without the arrow of a sorted one."""
    across, model = Qt.Orientation.Horizontal, view.model()
    plain = model.headerData(column, across, Qt.ItemDataRole.EditRole)
    return str(plain or model.headerData(column, across) or "")


def cell_words(view: QTableView, row: int, column: int) -> str:
    """What stands in a cell, in words; "" when its row is not here yet."""
    index = view.model().index(row, column)
    said = index.data(Qt.ItemDataRole.DisplayRole)
    if said in (None, ""):  # drawn, not written: what a screen reader is told
        head = heading(view, column)
        told = str(index.data(Qt.ItemDataRole.AccessibleTextRole) or "")
        said = told.removeprefix(f"{head}:").strip()
    return str(said)


def file_words(view: QTableView, row: int, column: int) -> str:
    """The same for a file, where a list may be read next year: days are 2026-11-28."""
    said = view.model().index(row, column).data(IN_FILE)
    return cell_words(view, row, column) if said in (None, "") else str(said)


def shown_columns(view: QTableView) -> list[int]:
    """The columns that are in the table now, from the left."""
    return [n for n in range(view.model().columnCount()) if not view.isColumnHidden(n)]


def copies_line(view: QTableView, event: QKeyEvent) -> bool:
    """Whether this key was Ctrl+C on a chosen line, which is then on the clipboard."""
    row = view.currentIndex().row()
    if row < 0 or not event.matches(QKeySequence.StandardKey.Copy):
        return False
    cells = [cell_words(view, row, column) for column in shown_columns(view)]
    from desktop.presenters.tables_out import line_text  # only when asked for

    QGuiApplication.clipboard().setText(line_text(cells))
    announce(view, "Line copied")
    return True
