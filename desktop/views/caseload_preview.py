"""What Space shows at the right of the caseload: one enterprise, from the line already loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from desktop.models.caseload import COLUMNS
from desktop.views.kit.buttons import button, primary
from desktop.views.kit.fields import value_label
from desktop.views.kit.labels import label
from desktop.views.kit.layout import clear, column, row, scrolling

if TYPE_CHECKING:
    from desktop.presenters.caseload_lines import Line


class Preview(QFrame):
    """Folded away until asked for."""

    open_wanted = Signal(str)
    opened = Signal(bool)  # shown or folded away
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self._line: Line | None = None
        self._name = label("", "section", wrap=True)
        self._facts = QVBoxLayout()
        self._facts.setSpacing(8)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 12)
        inner = QWidget()
        inner.setLayout(column(self._name, self._facts, None))
        layout.addWidget(scrolling(inner, "Preview"), 1)
        layout.addLayout(row(primary("Open", self._open), button("Close", self._close), None))
        self.setFixedWidth(min(380, self.fontMetrics().averageCharWidth() * 36))
        self.hide()

    def toggle(self, line: Line | None) -> None:
        """Open with this line, or fold away."""
        if self.isHidden() and line is not None:
            self.show()
            self.opened.emit(True)
            self.show_line(line)
        else:
            self.fold()

    def fold(self) -> None:
        """Fold away."""
        self.hide()
        self.opened.emit(False)

    def show_line(self, line: Line | None) -> None:
        """Show another line, if the preview is open."""
        if self.isHidden():
            return
        if line is None:
            self.fold()
            return
        self._line = line
        self._name.setText(line.name)
        clear(self._facts)
        if line.leader:
            self._facts.addWidget(value_label("Leader", line.leader))
        for words, value in zip(COLUMNS[1:], line.cells[1:], strict=True):
            self._facts.addWidget(value_label(words, value or "none"))

    def _open(self) -> None:
        if self._line is not None:
            self.open_wanted.emit(self._line.id)

    def _close(self) -> None:
        self.fold()
        self.closed.emit()
