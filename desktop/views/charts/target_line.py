"""How many are active, month by month, against the steps of the target.

Drawn with QPainter; its accessible description says the numbers, and `table_rows` gives them as
rows. State is told by line style and words, not by colour alone. Refuses a zero line for "unknown".
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.presenters.words import day
from desktop.theme import CURRENT

if TYPE_CHECKING:
    from desktop.presenters.impact import Point, Step


class TargetLine(QWidget):
    """A line of counts and the steps it should reach."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._points: tuple[Point, ...] = ()
        self._steps: tuple[Step, ...] = ()
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_line(self, points: tuple[Point, ...], steps: tuple[Step, ...]) -> None:
        """Show these counts against these targets."""
        self._points = points
        last = points[-1].on if points else date.max
        self._steps = tuple(s for s in steps if s.starts <= last) or steps[:1]
        self.setAccessibleDescription(self.words())
        self.updateGeometry()
        self.update()

    def words(self) -> str:
        """The chart in one or two sentences."""
        if not self._points:
            return "No months to show yet."
        first, last = self._points[0], self._points[-1]
        said = f"Active enterprises from {first.count} at {day(first.on)} to {last.count} at "
        said += f"{day(last.on)}."
        steps = [f"{s.count} by {day(s.ends)}" for s in self._steps]
        return f"{said} Target: {', '.join(steps)}." if steps else said

    def table_rows(self) -> tuple[tuple[str, str, str], ...]:
        """Day, active, target of that day's target year."""
        rows = []
        for point in self._points:
            step = next((s for s in self._steps if s.starts <= point.on <= s.ends), None)
            rows.append((day(point.on), str(point.count), str(step.count) if step else "none"))
        return tuple(rows)

    def sizeHint(self) -> QSize:
        """Wide, and as high as eight lines of text."""
        return QSize(520, self.fontMetrics().lineSpacing() * 9)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw axes, target steps, the line and its last number."""
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self.font())
        if self._points:
            self._draw(painter)
        else:
            painter.setPen(CURRENT.colour("muted"))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, "No months to show yet")
        painter.end()

    def _draw(self, painter: QPainter) -> None:
        line = self.fontMetrics().lineSpacing()
        plot = QRectF(self.rect()).adjusted(line * 2.4, line * 0.8, -line * 6.5, -line * 1.4)
        top = self._top()
        self._grid(painter, plot, top)
        self._targets(painter, plot, top)
        self._counts(painter, plot, top)

    def _top(self) -> int:
        most = max([p.count for p in self._points] + [s.count for s in self._steps] + [4])
        for step in (5, 10, 20, 25, 50, 100, 200, 250, 500, 1000):
            if most <= step * 4:
                return step * -(-most // step)
        return most

    def _x(self, plot: QRectF, on: date) -> float:
        first, last = self._points[0].on, self._points[-1].on
        span = max((last - first).days, 1)
        share = min(max((on - first).days / span, 0.0), 1.0)
        return plot.left() + share * plot.width()

    def _y(self, plot: QRectF, top: int, count: int) -> float:
        return plot.bottom() - plot.height() * count / top

    def _grid(self, painter: QPainter, plot: QRectF, top: int) -> None:
        line = self.fontMetrics().lineSpacing()
        for part in range(5):
            count = top * part // 4
            y = self._y(plot, top, count)
            painter.setPen(QPen(CURRENT.colour("hair"), 1))
            painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
            painter.setPen(CURRENT.colour("muted"))
            where = QRectF(0, y - line / 2, plot.left() - 6, line)
            painter.drawText(
                where, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, str(count)
            )
        for point, side in ((self._points[0], "left"), (self._points[-1], "right")):
            where = QRectF(plot.left(), plot.bottom() + 3, plot.width(), line)
            flag = Qt.AlignmentFlag.AlignLeft if side == "left" else Qt.AlignmentFlag.AlignRight
            painter.drawText(where, flag, day(point.on))

    def _targets(self, painter: QPainter, plot: QRectF, top: int) -> None:
        colour = CURRENT.colour("warn")
        pen = QPen(colour, 2, Qt.PenStyle.DashLine)
        for number, step in enumerate(self._steps):
            y = self._y(plot, top, step.count)
            left, right = self._x(plot, step.starts), self._x(plot, step.ends)
            painter.setPen(pen)
            painter.drawLine(QPointF(left, y), QPointF(right, y))
            words = f"Target {step.count}" if number == 0 else str(step.count)
            self._label(painter, right, y, words, colour)

    def _counts(self, painter: QPainter, plot: QRectF, top: int) -> None:
        path = QPainterPath()
        for number, point in enumerate(self._points):
            at = QPointF(self._x(plot, point.on), self._y(plot, top, point.count))
            if number:
                path.lineTo(at)
            else:
                path.moveTo(at)
        colour = CURRENT.colour("accent")
        painter.setPen(QPen(colour, 2.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(path)
        last = self._points[-1]
        at = QPointF(self._x(plot, last.on), self._y(plot, top, last.count))
        painter.setBrush(colour)
        painter.drawEllipse(at, 4, 4)
        self._label(painter, at.x() + 2, at.y(), f"Active {last.count}", colour)

    def _label(self, painter: QPainter, x: float, y: float, words: str, colour: QColor) -> None:
        line = self.fontMetrics().lineSpacing()
        painter.setPen(colour)
        where = QRectF(x + 8, y - line / 2, self.width() - x - 8, line)
        painter.drawText(where, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, words)
