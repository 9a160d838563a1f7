"""A line of the Ctrl+K list: what it is at the left, where it belongs or its key at the right.

Refuses to let the right side push the left one out: the right is cut first.
"""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, Qt
from PySide6.QtGui import QPainter, QPalette
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

BESIDE = Qt.ItemDataRole.UserRole + 1
GAP = 16  # pixels between the two


class OfferCell(QStyledItemDelegate):
    """Paints the words by the style, and what stands beside them in the quiet colour."""

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """One line."""
        super().paint(painter, option, index)
        beside = str(index.data(BESIDE) or "")
        if not beside:
            return
        area: QRect = option.widget.style().subElementRect(
            QStyle.SubElement.SE_ItemViewItemText, option
        )
        area.adjust(0, 0, -8, 0)
        words = option.fontMetrics.horizontalAdvance(str(index.data() or ""))
        room = area.width() - words - GAP
        if room < GAP:
            return
        shown = option.fontMetrics.elidedText(beside, Qt.TextElideMode.ElideRight, room)
        painter.save()
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        role = QPalette.ColorRole.HighlightedText if chosen else QPalette.ColorRole.PlaceholderText
        painter.setPen(option.palette.color(role))
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(area, int(right), shown)
        painter.restore()
