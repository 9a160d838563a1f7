"""Escape stops the long work that is in sight. Refuses a key that something closer wanted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent


class StopsByEscape(QWidget):
    """Inherit: a page, and the window around it, where the focus may stand meanwhile."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape that nothing closer wanted."""
        from PySide6.QtCore import Qt  # its hundreds of names wait for the first paint

        if event.key() == Qt.Key.Key_Escape and self.stop_work():
            event.accept()
        else:
            super().keyPressEvent(event)

    def stop_work(self) -> bool:
        """Press Stop for whatever is busy in here; whether anything was."""
        from desktop.views.kit.bars import Busy  # not before the first paint

        busy = [each for each in self.findChildren(Busy) if each.isVisible()]
        for each in busy:
            each.stopped.emit()
        return bool(busy)
