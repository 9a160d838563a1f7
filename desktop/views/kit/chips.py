"""State in words with a shape beside it: the same state reads the same in grey."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from desktop.views.kit.labels import label
from desktop.views.kit.shapes import Look, Shape


class StatusChip(QWidget):
    """A shape and a few words: `StatusChip("Done", Look.DONE)`."""

    def __init__(self, words: str, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shape = Shape(look, self)
        self._words: QLabel = label(words)
        self._room = 0  # 0: as wide as the words
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self._shape, 0, Qt.AlignmentFlag.AlignTop)  # beside the first line
        layout.addWidget(self._words)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    @property
    def words(self) -> str:
        """What it says."""
        return self._words.text()

    def fit(self, room: int) -> None:
        """Take at most so many pixels; longer words break into lines instead of being cut."""
        self._room = room
        self._refit()

    def event(self, event: QEvent) -> bool:
        """Words or type changed: measure again."""
        if event.type() == QEvent.Type.LayoutRequest and self._room:
            self._refit()
        return super().event(event)

    def _refit(self) -> None:
        shape = self._shape.sizeHint().width() + 6
        needed = self._words.fontMetrics().horizontalAdvance(self._words.text()) + 4
        width = max(1, min(needed, self._room - shape))
        if self._words.width() != width or self._words.minimumWidth() != width:
            self._words.setWordWrap(needed + shape > self._room)
            self._words.setFixedWidth(width)

    def show_state(self, words: str, look: Look) -> None:
        """Say another state."""
        self._words.setText(words)
        self._shape.set_look(look)
