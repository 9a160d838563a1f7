"""Which records a number leaves out, and why: what is long goes on in a second line.

Refuses to measure more rows than stand on the screen a few times over: the others keep one line,
and say the whole reason when one points at them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QHeaderView, QWidget

from desktop.models.rows import Column
from desktop.views.form_pages.table import FEW, INSET, RowsTable

PADDING = 14  # pixels above and below the words, as in every table


class LeftOutTable(RowsTable):
    """Name and reason."""

    def __init__(self, parent: QWidget | None = None) -> None:
        columns = (Column("Name", lambda b: str(b.name)), Column("Why", lambda b: str(b.why)))
        super().__init__("Records left out", columns, stretch=1, parent=parent)
        self._wide = [0, 0]  # of the columns; while they change they say what they had
        self.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.setWordWrap(True)
        self.horizontalHeader().sectionResized.connect(self._resized)
        self.model().modelReset.connect(self._fit)

    def show_rows(self, rows: Sequence[Any]) -> None:
        """Show these; each as high as its reason."""
        super().show_rows(rows)
        self._fit()

    def _resized(self, section: int, _before: int, wide: int) -> None:
        self._wide[section] = wide
        self._fit()

    def _fit(self) -> None:
        for number, row in enumerate(self.rows[:FEW]):
            high = max(map(self._height, self._wide, (row.name, row.why)))
            self.setRowHeight(number, high + PADDING)

    def _height(self, wide: int, words: str) -> int:
        room = QRect(0, 0, max(wide - 2 * INSET, 1), 0)
        return self.fontMetrics().boundingRect(room, Qt.TextFlag.TextWordWrap, words).height()
