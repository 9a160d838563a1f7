"""The program's sign in the taskbar and on its windows: a hedge over its bank.

Drawn, not loaded. Refuses to be needed for the first paint: it is put on once the window stands.
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap

SIZES = (16, 24, 32, 48, 64, 128, 256)
_GROUND, _LEAF, _LIGHT, _EARTH = "#0B5C8A", "#7FD69B", "#C4F0D2", "#FFFFFF"
# of a square of 16: middle and radius of each bush, the nearest last
_BUSHES = (((4.3, 8.8), 2.9, _LEAF), ((11.7, 8.8), 2.9, _LEAF), ((8.0, 7.3), 3.5, _LIGHT))


def emblem() -> QIcon:
    """The sign in every size a taskbar asks for."""
    made = QIcon()
    for size in SIZES:
        made.addPixmap(_drawn(size))
    return made


def _drawn(size: int) -> QPixmap:
    pixmap = QPixmap(size, size)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(size / 16, size / 16)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(_GROUND))
    painter.drawRoundedRect(QRectF(0, 0, 16, 16), 3.2, 3.2)
    for (x, y), radius, colour in _BUSHES:
        painter.setBrush(QColor(colour))
        painter.drawEllipse(QPointF(x, y), radius, radius)
    painter.setBrush(QColor(_EARTH))
    painter.drawRoundedRect(QRectF(1.6, 10.9, 12.8, 1.6), 0.8, 0.8)
    painter.end()
    return pixmap
