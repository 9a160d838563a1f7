"""How one row of the timeline is drawn: day headings quiet, what happened strong, source at right.

Height follows the text at any text size; nothing is cut.
"""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from desktop.models.timeline import ENTRY
from desktop.theme import CURRENT

PAD = 8
WRAP = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft
Index = QModelIndex | QPersistentModelIndex


class TimelinePainter(QStyledItemDelegate):
    """Paints headings and entries of a `TimelineModel`."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one row."""
        row = index.data(ENTRY)
        painter.save()
        rect = option.rect
        if isinstance(row, str):
            painter.setFont(_bold(option.font))
            painter.setPen(CURRENT.colour("muted"))
            painter.drawText(
                rect.adjusted(PAD, 0, -PAD, -3),
                Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft,
                row,
            )
        elif row is not None:
            self._entry(painter, option, rect, row)
        painter.restore()

    def _entry(
        self, painter: QPainter, option: QStyleOptionViewItem, rect: QRect, row: object
    ) -> None:
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.fillRect(rect, CURRENT.colour("accent_soft" if chosen else "card"))
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(CURRENT.colour("focus"))
            painter.drawRect(rect.adjusted(1, 1, -2, -2))
        metrics = QFontMetrics(option.font)
        left, line = _gutter(metrics), metrics.lineSpacing()
        top = rect.top() + PAD // 2
        painter.setPen(CURRENT.colour("muted"))
        painter.setFont(option.font)
        painter.drawText(QRect(rect.left() + PAD, top, left, line), WRAP, row.when)  # type: ignore[attr-defined]
        source = row.source  # type: ignore[attr-defined]
        wide = metrics.horizontalAdvance(source)
        painter.drawText(QRect(rect.right() - PAD - wide, top, wide + 2, line), WRAP, source)
        painter.setPen(CURRENT.colour("text"))
        painter.setFont(_bold(option.font))
        head_wide = rect.width() - left - wide - 4 * PAD
        head = QFontMetrics(painter.font()).elidedText(
            row.head,  # type: ignore[attr-defined]
            Qt.TextElideMode.ElideMiddle,
            head_wide,
        )
        painter.drawText(QRect(rect.left() + PAD + left, top, head_wide, line), WRAP, head)
        painter.setFont(option.font)
        body = QRect(
            rect.left() + PAD + left, top + line, rect.width() - left - 2 * PAD, rect.height()
        )
        painter.drawText(body, WRAP, row.body)  # type: ignore[attr-defined]

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """As high as its text."""
        row = index.data(ENTRY)
        metrics = QFontMetrics(option.font)
        line = metrics.lineSpacing()
        if row is None or isinstance(row, str):
            return QSize(100, line + PAD * 2)
        width = self._width(option) - _gutter(metrics) - 2 * PAD
        body = 0
        if row.body:
            body = metrics.boundingRect(
                QRect(0, 0, max(60, width), 10_000), WRAP, row.body
            ).height()
        return QSize(100, line + body + PAD)

    def _width(self, option: QStyleOptionViewItem) -> int:
        view = option.widget
        return view.viewport().width() if isinstance(view, QAbstractItemView) else 400


def _bold(font: QFont) -> QFont:
    made = QFont(font)
    made.setWeight(QFont.Weight.DemiBold)
    return made


def _gutter(metrics: QFontMetrics) -> int:
    return metrics.horizontalAdvance("00:00") + PAD
