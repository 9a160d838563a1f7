"""What the looks of a map's tiles mean: a small tile of each look, with its words.

Refuses colour alone: each look differs by a bar, a depth or crossing lines, and is named.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.views.kit.flow import flowing
from desktop.views.kit.labels import small
from desktop.views.kit.layout import row

Draw = Callable[[QPainter, QRectF], None]


class Swatch(QWidget):
    """One look, as high as its words."""

    def __init__(self, draw: Draw, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._draw = draw
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Wider than high, as tiles are."""
        line = self.fontMetrics().lineSpacing()
        return QSize(line * 2, line + 4)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._draw(painter, QRectF(self.rect()).adjusted(1, 1, -1, -1))
        painter.end()


def legend(looks: Sequence[tuple[Draw, str]]) -> QWidget:
    """Every look with its words, as many beside each other as there is room for."""
    made = []
    for draw, words in looks:
        pair = QWidget()
        said = small(words)
        said.setProperty("on_screen_only", True)  # paper has the numbers, not the looks
        pair.setLayout(row(Swatch(draw), said, gap=1))
        made.append(pair)
    return flowing(*made, gap=2)
