"""Which records a number leaves out, and why: a long reason goes on in a second line.

Refuses to measure more rows than stand on the screen a few times over: the others keep one line,
and say the whole reason when one points at them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QWidget

from desktop.models.rows import Column
from desktop.views.form_pages.table import FEW, INSET, RowsTable

WHY = 1
PADDING = 14  # pixels above and below the words, as in every table


class LeftOutTable(RowsTable):
    """Name and reason."""

    def __init__(self, parent: QWidget | None = None) -> None:
        columns = (Column("Name", lambda b: str(b.name)), Column("Why", lambda b: str(b.why)))
        super().__init__("Records left out", columns, stretch=WHY, parent=parent)
        self.setWordWrap(True)
        self.horizontalHeader().sectionResized.connect(self._resized)
        self.model().modelReset.connect(self._fit)

    def show_rows(self, rows: Sequence[Any]) -> None:
        """Show these; each as high as its reason."""
        super().show_rows(rows)
        self._fit()

    def _resized(self, section: int, _before: int, wide: int) -> None:
        if section == WHY:
            self._fit(wide)  # the column itself says the width it had

    def _fit(self, wide: int = 0) -> None:
        metrics = self.fontMetrics()
        room = QRect(0, 0, max((wide or self.columnWidth(WHY)) - 2 * INSET, 1), 0)
        for row in range(min(len(self.rows), FEW)):
            words = metrics.boundingRect(room, Qt.TextFlag.TextWordWrap, self.rows[row].why)
            self.setRowHeight(row, words.height() + PADDING)
