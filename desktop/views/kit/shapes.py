"""States as shapes of the one icon family, so that state is never told by colour alone."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.theme import CURRENT
from desktop.views.kit import icons


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


class Shape(QWidget):
    """One shape beside words. Hidden from screen readers: the words say it."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    @property
    def look(self) -> Look:
        """What it shows now."""
        return self._look

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
    icons.draw(painter, rect, look.value, COLOUR[look])


def draw_ring(on: QWidget, inset: float) -> None:
    """The ring of the focus inside a filled button, so many pixels from its edge."""
    painter = QPainter(on)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(CURRENT.colour("on_accent"), 2))
    painter.drawRoundedRect(QRectF(on.rect()).adjusted(inset, inset, -inset, -inset), 4, 4)
    painter.end()
