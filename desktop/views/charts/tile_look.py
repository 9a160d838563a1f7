"""How a tile of the map looks, and the size of the letters in it.

Depth of colour only repeats what a bar at the foot and the number say. Letters are as large as the
text of the window, or smaller where the longest word asks it. Refuses letters smaller than usual
text: what is too long even then is cut, and the table has it whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QPainter, QPen

from desktop.theme import CURRENT

USUAL = 10.5  # points of text at 100 %
NO_DATA = "No data"
_CUT = Qt.TextElideMode.ElideRight


def short(shown: str) -> str:
    """The number without what it counts: "118" of "118 enterprises"."""
    return shown.split(" ", maxsplit=1)[0]


class Letters:
    """The letters of all tiles, fitted to one width of the map."""

    def __init__(
        self, words: Sequence[tuple[str, str]], width: int, room: float, font: QFont
    ) -> None:
        """`words`: name and number of each tile; `room`: pixels a line of a tile has."""
        self._fitted_to = (width, font.key())
        self._room = room
        self.font, self.bold = QFont(font), QFont(font)
        self.bold.setBold(True)
        wide = QFontMetricsF(self.bold).horizontalAdvance
        each = [word for name, number in words for word in (*name.split(), number)]
        longest = max((wide(word) for word in each), default=1.0)
        least = min(font.pointSizeF(), USUAL)
        size = max(font.pointSizeF() * min(1.0, room / longest), least)
        for one in (self.font, self.bold):
            one.setPointSizeF(size)
        lines = max((len(self.lines(name)) for name, _ in words), default=1)
        self.high = int(QFontMetricsF(self.bold).lineSpacing() * (max(lines, 2) + 1))

    def fits(self, width: int, font: QFont) -> bool:
        """Whether they were fitted to this."""
        return self._fitted_to == (width, font.key())

    def lines(self, name: str) -> list[str]:
        """A name in lines that a tile has room for."""
        metrics, lines = QFontMetricsF(self.font), [""]
        for word in name.split():
            longer = f"{lines[-1]} {word}".strip()
            if metrics.horizontalAdvance(longer) <= self._room or not lines[-1]:
                lines[-1] = longer
            else:
                lines.append(word)
        return [metrics.elidedText(line, _CUT, self._room) for line in lines]

    def number(self, shown: str) -> str:
        """The figure; without what it counts where there is no room: the heading says it."""
        metrics = QFontMetricsF(self.bold)
        fits = metrics.horizontalAdvance(shown) <= self._room or shown == NO_DATA
        return metrics.elidedText(shown if fits else short(shown), _CUT, self._room)


def _sample(share: float | None, painter: QPainter, box: QRectF) -> None:
    fill(painter, share, box, 1.0)


def fill(painter: QPainter, value: float | None, box: QRectF, most: float) -> QColor:
    """Fill a tile; gives back the colour of the words on it."""
    card, text = CURRENT.colour("card"), CURRENT.colour("text")
    painter.setPen(QPen(CURRENT.colour("line"), 1))
    if value is None:
        painter.setBrush(card)
        painter.drawRoundedRect(box, 5, 5)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QBrush(CURRENT.colour("hair"), Qt.BrushStyle.BDiagPattern))
        painter.drawRoundedRect(box, 5, 5)
        return text
    if most > 0 and value >= most:
        painter.setBrush(CURRENT.colour("accent"))
        painter.drawRoundedRect(box, 5, 5)
        return CURRENT.colour("on_accent")
    painter.setBrush(card)
    painter.drawRoundedRect(box, 5, 5)
    if most > 0 and value > 0:
        painter.setBrush(CURRENT.colour("accent_soft"))
        painter.drawRoundedRect(box, 5, 5)
        _bar(painter, box, value / most)
    return text


def _bar(painter: QPainter, box: QRectF, share: float) -> None:
    """How far a tile is from the deepest one, as a bar at its foot."""
    painter.setPen(QPen(CURRENT.colour("accent"), 4))
    y = box.bottom() - 2
    painter.drawLine(
        QPointF(box.left() + 4, y), QPointF(box.left() + 4 + (box.width() - 8) * share, y)
    )


LOOKS = (
    (partial(_sample, 0.0), "None"),
    (partial(_sample, 0.5), "The bar is its share of the most"),
    (partial(_sample, 1.0), "The most"),
    (partial(_sample, None), NO_DATA),
)
