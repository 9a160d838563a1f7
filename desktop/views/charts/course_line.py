"""A figure over months, against the steps of its target where it has one.

Drawn with QPainter; its accessible description says the numbers, and `table_rows` gives them as
rows. State is told by line style and words, not by colour alone. Refuses a zero for "unknown": a
month that nothing was collected for breaks the line.
"""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.presenters.words import day
from desktop.theme import CURRENT
from desktop.views.charts.legend import Draw

if TYPE_CHECKING:
    from desktop.presenters.impact import Course, Point, Step

LINES_HIGH = 12
_STEPS = (1, 2, 3, 5, 10, 15, 20, 25, 50, 75, 100, 125, 150, 200, 250, 375, 500, 750, 1000)


class CourseLine(QWidget):
    """A line of values and the steps it should reach."""

    BY = "over time"
    HEAD = ("Until", "Value", "Target", "Records")
    LOOKS: tuple[tuple[Draw, str], ...] = ()  # the line and each target carry their own words

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = ""
        self._points: tuple[Point, ...] = ()
        self._steps: tuple[Step, ...] = ()
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_course(self, course: Course) -> None:
        """Show these values against these targets."""
        self._title = course.title
        self._points = course.line
        last = self._points[-1].on if self._points else date.max
        first = self._points[0].on if self._points else date.min
        self._steps = tuple(s for s in course.target if s.starts <= last and s.ends >= first)
        self.setAccessibleDescription(self.words())
        self.updateGeometry()
        self.update()

    def words(self) -> str:
        """The chart in one or two sentences."""
        known = [point for point in self._points if point.value is not None]
        if not known:
            return "No months to show yet."
        first, last = known[0], known[-1]
        said = f"{self._title}: {first.shown} at {day(first.on)}, {last.shown} at {day(last.on)}."
        missing = len(self._points) - len(known)
        if missing:
            said += f" Not collected at {missing} of {len(self._points)} times."
        steps = [f"{s.count} by {day(s.ends)}" for s in self._steps]
        return f"{said} Target: {', '.join(steps)}." if steps else said

    def table_rows(self) -> tuple[tuple[str, ...], ...]:
        """Day, value, target of that day's target year, records behind it."""
        counts = (_target_on(self._steps, point) for point in self._points)
        targets = ("none" if n is None else str(n) for n in counts)
        return tuple(
            (day(point.on), point.shown, target, str(point.rows))
            for point, target in zip(self._points, targets, strict=True)
        )

    def keys(self) -> tuple[tuple[object, ...], ...]:
        """What each cell of `table_rows` is sorted by; None where there is no data."""
        return tuple((p.on, p.value, _target_on(self._steps, p), p.rows) for p in self._points)

    def sizeHint(self) -> QSize:
        """Wide, and as high as a dozen lines of text."""
        return QSize(520, self.fontMetrics().lineSpacing() * LINES_HIGH)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw axes, target steps, the line and its last number."""
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self.font())
        if any(point.value is not None for point in self._points):
            self._draw(painter)
        else:
            painter.setPen(CURRENT.colour("muted"))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, "No months to show yet")
        painter.end()

    def _draw(self, painter: QPainter) -> None:
        metrics = self.fontMetrics()
        line = metrics.lineSpacing()
        top = self._top()
        left = metrics.horizontalAdvance(_short(top)) + 14
        right = max(metrics.horizontalAdvance(self._last_words()) + 20, line * 3)
        plot = QRectF(self.rect()).adjusted(left, line * 0.9, -right, -line * 1.5)
        self._grid(painter, plot, top)
        self._targets(painter, plot, top)
        self._values(painter, plot, top)
        self._target_words(painter, plot, top)

    def _last_words(self) -> str:
        known = [p for p in self._points if p.value is not None]
        return known[-1].shown if known else ""

    def _top(self) -> float:
        values = [p.value for p in self._points if p.value is not None]
        most = max([*values, *(s.count for s in self._steps), 4])
        scale = 1
        while True:
            for step in _STEPS:
                if most <= step * scale * 4:
                    return step * scale * 4
            scale *= 1000

    def _x(self, plot: QRectF, on: date) -> float:
        first, last = self._points[0].on, self._points[-1].on
        span = max((last - first).days, 1)
        share = min(max((on - first).days / span, 0.0), 1.0)
        return plot.left() + share * plot.width()

    def _y(self, plot: QRectF, top: float, value: float) -> float:
        return plot.bottom() - plot.height() * value / top

    def _grid(self, painter: QPainter, plot: QRectF, top: float) -> None:
        line = self.fontMetrics().lineSpacing()
        for part in range(5):
            value = top * part / 4
            y = self._y(plot, top, value)
            painter.setPen(QPen(CURRENT.colour("hair"), 1))
            painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
            painter.setPen(CURRENT.colour("muted"))
            where = QRectF(0, y - line / 2, plot.left() - 6, line)
            flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(where, flags, _short(value))
        self._days(painter, plot)

    def _days(self, painter: QPainter, plot: QRectF) -> None:
        """As many days under the line as there is room for, the last one always."""
        metrics = self.fontMetrics()
        painter.setPen(CURRENT.colour("muted"))
        free = self.width() + 0.0
        for point in reversed(self._points):
            words = day(point.on)
            wide = metrics.horizontalAdvance(words)
            x = self._x(plot, point.on)
            start = min(max(x - wide / 2, 0.0), self.width() - wide - 2.0)
            if start + wide + 12 <= free:
                painter.setPen(QPen(CURRENT.colour("line"), 1))
                painter.drawLine(QPointF(x, plot.bottom()), QPointF(x, plot.bottom() + 4))
                painter.setPen(CURRENT.colour("muted"))
                painter.drawText(QPointF(start, plot.bottom() + 6 + metrics.ascent()), words)
                free = start

    def _targets(self, painter: QPainter, plot: QRectF, top: float) -> None:
        painter.setPen(QPen(CURRENT.colour("warn"), 2, Qt.PenStyle.DashLine))
        for step in self._steps:
            y = self._y(plot, top, step.count)
            left, right = self._x(plot, step.starts), self._x(plot, step.ends)
            painter.drawLine(QPointF(left, y), QPointF(right, y))
        for one, other in pairwise(self._steps):
            if (other.starts - one.ends).days <= 1:  # a target that goes on, a step up
                x = self._x(plot, other.starts)
                low, high = (self._y(plot, top, each.count) for each in (one, other))
                painter.drawLine(QPointF(x, low), QPointF(x, high))

    def _target_words(self, painter: QPainter, plot: QRectF, top: float) -> None:
        """Over each step, on a ground of their own: no line runs through the letters."""
        metrics = self.fontMetrics()
        painter.setPen(CURRENT.colour("warn"))
        ground = QColor(CURRENT.colour("card"))
        ground.setAlpha(215)
        for step in self._steps:
            y = self._y(plot, top, step.count)
            left = max(self._x(plot, step.starts), plot.left())
            room = self._x(plot, step.ends) - left
            words = f"Target {step.count}"
            if metrics.horizontalAdvance(words) > room and step is not self._steps[0]:
                words = str(step.count)
            wide = metrics.horizontalAdvance(words)
            x = min(left + 3, self.width() - wide - 4.0)
            box = QRectF(x, y - 4 - metrics.height(), wide, metrics.height())
            painter.fillRect(box, ground)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)

    def _values(self, painter: QPainter, plot: QRectF, top: float) -> None:
        colour = CURRENT.colour("accent")
        at = [(point, self._place(plot, top, point)) for point in self._points]
        painter.setPen(QPen(colour, 2.5))
        for (_, one), (_, other) in pairwise(at):
            if one is not None and other is not None:
                painter.drawLine(one, other)
        painter.setBrush(colour)
        known = [(p, where) for p, where in at if where is not None]
        for _, where in known:
            painter.drawEllipse(where, 2.5, 2.5)
        last, where = known[-1]
        painter.drawEllipse(where, 4, 4)
        self._label(painter, where, last.shown, colour)

    def _place(self, plot: QRectF, top: float, point: Point) -> QPointF | None:
        if point.value is None:
            return None
        return QPointF(self._x(plot, point.on), self._y(plot, top, point.value))

    def _label(self, painter: QPainter, where: QPointF, words: str, colour: QColor) -> None:
        line = self.fontMetrics().lineSpacing()
        painter.setPen(colour)
        box = QRectF(where.x() + 10, where.y() - line / 2, self.width() - where.x() - 10, line)
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(box, flags, words)


def _target_on(steps: tuple[Step, ...], point: Point) -> int | None:
    return next((s.count for s in steps if s.starts <= point.on <= s.ends), None)


def _short(value: float) -> str:
    return f"{value:,.0f}" if value == int(value) else f"{value:,.1f}"
