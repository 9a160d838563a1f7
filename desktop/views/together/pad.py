"""A pad to sign on with mouse, finger or pen: strokes as vectors, never as a picture.

Points are whole thousandths of the pad's width, so that a signature looks the same at any size.
Signing needs no drag: the page has a typed name and a tick as well. Refuses more strokes than are
kept.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QSize, Qt, Signal
from PySide6.QtGui import (
    QEventPoint,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QTabletEvent,
    QTouchEvent,
)
from PySide6.QtWidgets import QFrame, QSizePolicy, QWidget

from desktop.theme import CURRENT

Strokes = tuple[tuple[tuple[int, int], ...], ...]
WIDE = 1000  # a point's x runs from 0 to this
SHAPE = 0.32  # height for each width
MOST = 500  # strokes
LONG = 1500  # points: a longer stroke goes on as another
NEAR = 2  # thousandths: points nearer than this say nothing new
_TOUCH = frozenset({QEvent.Type.TouchBegin, QEvent.Type.TouchUpdate, QEvent.Type.TouchEnd})


class SignaturePad(QFrame):
    """Draw here."""

    drawn = Signal()  # a stroke is whole
    moved = Signal()  # in the middle of one

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._strokes: list[list[tuple[int, int]]] = []
        self._down = False
        self.setProperty("role", "pad")
        self.setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setMaximumWidth(760)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAccessibleName("A box to sign in with a mouse, a finger or a pen")
        self.setAccessibleDescription("You can type your name and tick the box instead.")

    @property
    def strokes(self) -> Strokes:
        """What was drawn: strokes of points, in thousandths of the width."""
        return tuple(tuple(points) for points in self._strokes if len(points) > 1)

    def put(self, strokes: Strokes) -> None:
        """What was drawn before, to be gone on with."""
        self._strokes = [list(points) for points in strokes[:MOST] if points]
        self._down = False
        self.update()

    def clear(self) -> None:
        """Begin again."""
        self._strokes = []
        self._down = False
        self.update()

    def hasHeightForWidth(self) -> bool:
        """The shape stays the same."""
        return True

    def heightForWidth(self, width: int) -> int:
        """A third of the width."""
        return int(min(width, self.maximumWidth()) * SHAPE)

    def sizeHint(self) -> QSize:
        """A comfortable size."""
        return QSize(600, self.heightForWidth(600))

    def minimumSizeHint(self) -> QSize:
        """Still large enough for a name."""
        return QSize(260, self.heightForWidth(260))

    def event(self, event: QEvent) -> bool:
        """A finger draws like a pen."""
        if isinstance(event, QTouchEvent) and event.type() in _TOUCH:
            for point in event.points()[:1]:
                self._follow(point.position(), began=point.state() == QEventPoint.State.Pressed)
                if point.state() == QEventPoint.State.Released:
                    self._lift()
            event.accept()
            return True
        return super().event(event)

    def tabletEvent(self, event: QTabletEvent) -> None:
        """A pen."""
        if event.type() == QEvent.Type.TabletRelease:
            self._lift()
        elif event.type() == QEvent.Type.TabletPress or self._down:
            self._follow(event.position(), began=event.type() == QEvent.Type.TabletPress)
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a stroke."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._follow(event.position(), began=True)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on with it."""
        if self._down:
            self._follow(event.position(), began=False)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End it."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._lift()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The line to sign on, and what was drawn."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(CURRENT.colour("line"), 1))
        base = int(self.height() * 0.76)
        painter.drawLine(24, base, self.width() - 24, base)
        pen = QPen(CURRENT.colour("text"), max(2.0, self.width() / 260))
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        for points in self._strokes:
            painter.drawPath(self._path(points))
        painter.end()

    def _path(self, points: list[tuple[int, int]]) -> QPainterPath:
        scale = self.width() / WIDE
        path = QPainterPath(QPointF(points[0][0] * scale, points[0][1] * scale))
        for x, y in points[1:]:
            path.lineTo(x * scale, y * scale)
        return path

    def _follow(self, at: QPointF, *, began: bool) -> None:
        x = min(WIDE, max(0, round(at.x() / max(1, self.width()) * WIDE)))
        y = min(WIDE, max(0, round(at.y() / max(1, self.width()) * WIDE)))
        if began:
            if len(self._strokes) >= MOST:
                return
            self._strokes.append([(x, y)])
            self._down = True
        elif self._down:
            last = self._strokes[-1][-1]
            if abs(last[0] - x) + abs(last[1] - y) >= NEAR:
                if len(self._strokes[-1]) >= LONG and len(self._strokes) < MOST:
                    self._strokes.append([last])
                self._strokes[-1].append((x, y))
        self.moved.emit()
        self.update()

    def _lift(self) -> None:
        if self._down:
            self._down = False
            self.drawn.emit()
