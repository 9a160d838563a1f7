"""The districts as tiles, each with its name and its figure: a map that hides nobody's size.

Every tile is the same size, so a large empty district does not look important. Depth of colour only
repeats the number that stands in words. Arrow keys go from tile to tile, Enter opens one. Refuses a
pale tile for "not collected": such a tile is crossed by lines and says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.models.sorting import text_key
from desktop.theme import CURRENT
from desktop.views.charts.tile_look import LOOKS, NO_DATA, Letters, fill, short
from desktop.views.kit.bars import announce

if TYPE_CHECKING:
    from desktop.presenters.impact import Course, Tiled

GAP = 5
_KEYS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


class Cartogram(QWidget):
    """Tiles of equal size where the districts lie. `opened` carries a place code."""

    BY = "by district"
    HEAD = ("District", "Value", "Records")
    LOOKS = LOOKS
    opened = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = ""
        self._tiles: tuple[Tiled, ...] = ()
        self._rest = ""
        self._at = 0
        self._letters = Letters((), 0, 1.0, self.font())
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_course(self, course: Course) -> None:
        """Show a figure by district."""
        self._title = course.title
        self._tiles = course.districts
        self._rest = course.elsewhere
        self._at = min(self._at, max(len(self._tiles) - 1, 0))
        self._fit()
        self.setAccessibleDescription(self.words())
        self.updateGeometry()
        self.update()

    def words(self) -> str:
        """The map in a sentence or two."""
        if not self._tiles:
            return "One district is looked at, so there is no map."
        known = sorted(
            (t for t in self._tiles if t.value is not None), key=lambda t: -(t.value or 0.0)
        )
        if not known:
            return f"{self._title}: not collected in any district yet."
        most = ", ".join(f"{t.name} {t.shown}" for t in known[:3])
        said = f"{self._title} by district. Most: {most}."
        missing = len(self._tiles) - len(known)
        if missing:
            said += f" Not collected in {missing} of {len(self._tiles)} districts."
        return f"{said} {self._rest}".strip()

    def table_rows(self) -> tuple[tuple[str, ...], ...]:
        """District, value, records behind it."""
        return tuple((t.name, t.shown, str(t.rows)) for t in self._tiles)

    def keys(self) -> tuple[tuple[object, ...], ...]:
        """What each cell of `table_rows` is sorted by; None where there is no data."""
        return tuple((text_key(t.name), t.value, t.rows) for t in self._tiles)

    def sizeHint(self) -> QSize:
        """High enough for its rows of tiles."""
        rows = 1 + max((t.row for t in self._tiles), default=0)
        return QSize(520, rows * self._high() + GAP)

    def minimumSizeHint(self) -> QSize:
        """Tiles shrink sideways, never in height."""
        return QSize(240, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width: names break otherwise."""
        super().resizeEvent(event)
        if not self._letters.fits(self.width(), self.font()):
            self._fit()
            self.updateGeometry()

    def _fit(self) -> None:
        columns = 1 + max((t.column for t in self._tiles), default=0)
        room = self.width() / columns - GAP - 16
        words = [(t.name, short(t.shown) if t.value is not None else NO_DATA) for t in self._tiles]
        self._letters = Letters(words, self.width(), room, self.font())

    def _high(self) -> int:
        if not self._letters.fits(self.width(), self.font()):
            self._fit()
        return self._letters.high + 14 + GAP

    def _box(self, tile: Tiled) -> QRectF:
        columns = 1 + max(t.column for t in self._tiles)
        wide = self.width() / columns
        high = self._high()
        return QRectF(tile.column * wide, tile.row * high, wide - GAP, high - GAP)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows go to the nearest tile that way; Enter or Space opens."""
        if event.key() in _KEYS and self._tiles:
            self._go(*_KEYS[Qt.Key(event.key())])
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            if self._tiles:
                self.opened.emit(self._tiles[self._at].id)
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A press opens."""
        for number, tile in enumerate(self._tiles):
            if self._box(tile).contains(event.position()):
                self._at = number
                self.update()
                self.opened.emit(tile.id)
                return

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show and say which tile is chosen."""
        super().focusInEvent(event)
        self._say()

    def _go(self, across: int, down: int) -> None:
        here = self._tiles[self._at]

        def distance(tile: Tiled) -> tuple[int, int]:
            ahead = (tile.column - here.column) * across + (tile.row - here.row) * down
            aside = abs((tile.column - here.column) * down) + abs((tile.row - here.row) * across)
            return (aside * 2 + ahead if ahead > 0 else 1000, aside)

        best = min(range(len(self._tiles)), key=lambda n: distance(self._tiles[n]))
        if distance(self._tiles[best])[0] < 1000:
            self._at = best
            self._say()
            self.update()

    def _say(self) -> None:
        if self._tiles:
            tile = self._tiles[self._at]
            announce(self, f"{tile.name}: {tile.shown}. Enter looks at this district alone.")

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the tiles, and a ring round the chosen one when the keys are here."""
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        most = max((t.value for t in self._tiles if t.value is not None), default=0.0)
        for number, tile in enumerate(self._tiles):
            self._draw(painter, tile, most, chosen=self.hasFocus() and number == self._at)
        painter.end()

    def _draw(self, painter: QPainter, tile: Tiled, most: float, *, chosen: bool) -> None:
        box = self._box(tile).adjusted(2, 2, -2, -2)
        ink = fill(painter, tile.value, box, most)
        if chosen:
            painter.setPen(QPen(CURRENT.colour("focus"), 3))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box.adjusted(-1, -1, 1, 1), 6, 6)
        painter.setPen(ink)
        inside = box.adjusted(6, 4, -4, -4)
        flags = Qt.AlignmentFlag.AlignLeft
        painter.setFont(self._letters.font)
        name = "\n".join(self._letters.lines(tile.name))
        painter.drawText(inside, int(flags | Qt.AlignmentFlag.AlignTop), name)
        painter.setFont(self._letters.bold)
        words = self._letters.number(tile.shown if tile.value is not None else NO_DATA)
        painter.drawText(inside, int(flags | Qt.AlignmentFlag.AlignBottom), words)
