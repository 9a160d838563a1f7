"""A line that asks for a name and goes away again: no dialogue, nothing else stops."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from desktop.views.kit.buttons import button
from desktop.views.kit.fields import bare_line
from desktop.views.kit.layout import row


class NameIt(QWidget):
    """Enter keeps the name, Escape lets it be."""

    named = Signal(str)

    def __init__(self, words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.box = bare_line(words, words)
        self.box.setMinimumWidth(self.fontMetrics().averageCharWidth() * 24)
        self.box.returnPressed.connect(self._keep)
        self.setLayout(row(self.box, button("Keep", self._keep), button("Cancel", self.hide)))

    def ask(self, suggested: str = "") -> None:
        """Come up with a name to start from."""
        self.box.setText(suggested)
        self.show()
        self.box.setFocus()
        self.box.selectAll()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape goes."""
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
            return
        super().keyPressEvent(event)

    @Slot()
    def _keep(self) -> None:
        name = self.box.text().strip()
        if name:
            self.hide()
            self.named.emit(name)
