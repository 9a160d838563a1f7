"""Says that a page goes on below the edge, and goes there: not everybody knows a scroll bar.

Refuses to take room where all of a page can be seen.
"""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QPushButton, QScrollArea, QSizePolicy, QWidget

WORDS = "More below"
LEAST = 28  # pixels below the edge that are worth a word: less is the margin of a page
KEPT = 40  # pixels of what was seen last stay in sight, so that nobody loses the line


class MoreBelow(QPushButton):
    """Shown while the page it watches goes on below."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(WORDS, parent)
        self._area: QScrollArea | None = None
        self._settled = QTimer(self)  # words that break anew change the page while it is laid out
        self._settled.setSingleShot(True)
        self._settled.setInterval(0)
        self._settled.timeout.connect(self._look)
        self.setProperty("role", "more")
        self.setAccessibleName(WORDS)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAutoDefault(True)
        self.clicked.connect(self._pressed)
        self.hide()

    def watch(self, area: QScrollArea) -> None:
        """Another page is in front."""
        if area is self._area:
            return
        if self._area is not None:
            before = self._area.verticalScrollBar()
            before.valueChanged.disconnect(self._soon)
            before.rangeChanged.disconnect(self._soon)
        self._area = area
        bar = area.verticalScrollBar()
        bar.valueChanged.connect(self._soon)
        bar.rangeChanged.connect(self._soon)
        self.hide()  # with its room given back the page may be in sight as a whole
        self._soon()

    def _soon(self, *_numbers: int) -> None:
        self._settled.start()

    def _look(self) -> None:
        if self._area is not None:
            bar = self._area.verticalScrollBar()
            self.setVisible(bar.maximum() - bar.value() > LEAST)

    def _pressed(self, _checked: object = None) -> None:
        if self._area is not None:
            bar = self._area.verticalScrollBar()
            bar.setValue(bar.value() + max(KEPT, bar.pageStep() - KEPT))
