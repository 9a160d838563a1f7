"""Small shapes painted by hand, so that state is never told by colour alone.

Refuses picture files: ten shapes as paths cost nothing at start-up and are sharp at any scale.
"""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.theme import CURRENT


class Look(StrEnum):
    """A state: shape and colour token belong together."""

    DONE = "done"  # tick in a disc
    DOING = "doing"  # half-filled disc
    TODO = "todo"  # empty ring
    WAITING = "waiting"  # clock
    WARN = "warn"  # triangle
    STOP = "stop"  # square with a bar: needs a person
    INFO = "info"  # disc with a dot
    LAPTOP = "laptop"
    SENDING = "sending"  # two arrows
    NONE = "none"  # a dash: not needed


COLOUR = {
    Look.DONE: "ok", Look.DOING: "accent", Look.TODO: "muted", Look.WAITING: "warn",
    Look.WARN: "warn", Look.STOP: "error", Look.INFO: "accent", Look.LAPTOP: "muted",
    Look.SENDING: "accent", Look.NONE: "muted",
}  # fmt: skip
SOFT = {"ok": "ok_soft", "warn": "warn_soft", "error": "error_soft", "accent": "accent_soft"}


class Shape(QWidget):
    """One shape beside words. Hidden from screen readers: the words say it."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def set_look(self, look: Look) -> None:
        """Show another state."""
        self._look = look
        self.update()

    def sizeHint(self) -> QSize:
        """As high as the text beside it."""
        side = self.fontMetrics().height()
        return QSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the shape in the theme's colour."""
        del event
        painter = QPainter(self)
        draw(painter, QRectF(self.rect()), self._look)
        painter.end()


def draw(painter: QPainter, rect: QRectF, look: Look) -> None:
    """Draw `look` in the middle of `rect`; delegates use it for table cells."""
    side = min(rect.width(), rect.height()) - 2
    box = QRectF(0, 0, side, side)
    box.moveCenter(rect.center())
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    colour = CURRENT.colour(COLOUR[look])
    pen = QPen(colour, max(1.4, side / 9))
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    _DRAW[look](painter, box.adjusted(1, 1, -1, -1), colour)
    painter.restore()


def _at(box: QRectF, x: float, y: float) -> QPointF:
    return QPointF(box.left() + x * box.width(), box.top() + y * box.height())


def _line(painter: QPainter, box: QRectF, *points: tuple[float, float]) -> None:
    painter.drawPolyline(QPolygonF([_at(box, x, y) for x, y in points]))


def _done(painter: QPainter, box: QRectF, colour: QColor) -> None:
    painter.setBrush(colour)
    painter.drawEllipse(box)
    pen = QPen(CURRENT.colour("card"), max(1.4, box.width() / 8))
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    _line(painter, box, (0.27, 0.53), (0.44, 0.7), (0.74, 0.34))


def _doing(painter: QPainter, box: QRectF, colour: QColor) -> None:
    painter.drawEllipse(box)
    painter.setBrush(colour)
    painter.drawPie(box, 90 * 16, 180 * 16)


def _todo(painter: QPainter, box: QRectF, colour: QColor) -> None:
    del colour
    painter.drawEllipse(box)


def _waiting(painter: QPainter, box: QRectF, colour: QColor) -> None:
    del colour
    painter.drawEllipse(box)
    _line(painter, box, (0.5, 0.24), (0.5, 0.52), (0.7, 0.62))


def _warn(painter: QPainter, box: QRectF, colour: QColor) -> None:
    painter.drawPolygon(QPolygonF([_at(box, 0.5, 0.04), _at(box, 1, 0.96), _at(box, 0, 0.96)]))
    _line(painter, box, (0.5, 0.4), (0.5, 0.62))
    painter.setBrush(colour)
    painter.drawEllipse(_at(box, 0.5, 0.8), 0.4, 0.4)


def _stop(painter: QPainter, box: QRectF, colour: QColor) -> None:
    painter.setBrush(colour)
    painter.drawRoundedRect(box, 2, 2)
    painter.setPen(QPen(CURRENT.colour("card"), max(1.6, box.width() / 7)))
    _line(painter, box, (0.5, 0.2), (0.5, 0.56))
    _line(painter, box, (0.5, 0.76), (0.5, 0.8))


def _info(painter: QPainter, box: QRectF, colour: QColor) -> None:
    painter.drawEllipse(box)
    painter.setBrush(colour)
    painter.drawEllipse(box.center(), box.width() * 0.14, box.width() * 0.14)


def _laptop(painter: QPainter, box: QRectF, colour: QColor) -> None:
    del colour
    painter.drawRoundedRect(QRectF(_at(box, 0.14, 0.16), _at(box, 0.86, 0.68)), 1.5, 1.5)
    _line(painter, box, (0, 0.86), (1, 0.86))


def _sending(painter: QPainter, box: QRectF, colour: QColor) -> None:
    del colour
    _line(painter, box, (0.3, 0.95), (0.3, 0.1))
    _line(painter, box, (0.08, 0.34), (0.3, 0.08), (0.52, 0.34))
    _line(painter, box, (0.72, 0.05), (0.72, 0.9))
    _line(painter, box, (0.5, 0.66), (0.72, 0.92), (0.94, 0.66))


def _none(painter: QPainter, box: QRectF, colour: QColor) -> None:
    del colour
    _line(painter, box, (0.15, 0.5), (0.85, 0.5))


_DRAW = {
    Look.DONE: _done, Look.DOING: _doing, Look.TODO: _todo, Look.WAITING: _waiting,
    Look.WARN: _warn, Look.STOP: _stop, Look.INFO: _info, Look.LAPTOP: _laptop,
    Look.SENDING: _sending, Look.NONE: _none,
}  # fmt: skip
