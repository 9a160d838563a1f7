"""One number as a card that opens its rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QWidget

from desktop.views.kit.labels import label, muted, small
from desktop.views.kit.layout import column

if TYPE_CHECKING:
    from desktop.presenters.impact import Tile


class TileCard(QFrame):
    """Press, Enter or Space opens the rows behind it."""

    pressed = Signal(str)

    def __init__(self, tile: Tile, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._id = tile.id
        self.setProperty("role", "card")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(f"{tile.title}: {tile.shown}. Open the records behind it")
        told = f". {tile.below}" if tile.below else ""
        self.setAccessibleDescription(tile.below)
        self.setProperty("said_on_paper", f"{tile.title}: {tile.shown}{told}")
        shown = label(tile.shown, "section", wrap=True)
        layout = column(muted(tile.title, wrap=True), shown, gap=0)
        if tile.below:
            layout.addWidget(small(tile.below, wrap=True))
        layout.addStretch(1)
        layout.setContentsMargins(12, 8, 12, 8)
        self.setLayout(layout)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter or Space opens."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.pressed.emit(self._id)
            return
        super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A press opens."""
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.pos()):
            self.pressed.emit(self._id)
