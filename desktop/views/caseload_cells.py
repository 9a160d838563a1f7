"""A cell that shows "9 of 14" with a small bar under it: words first, the bar helps the eye."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from desktop.models.caseload import LINE_ROLE
from desktop.theme import CURRENT

BAR_LETTERS = 6
INSET = 11  # pixels before what a cell holds, as beside it


class ProgressCell(QStyledItemDelegate):
    """Paints one cell; what a screen reader says comes from the model."""

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Background as the style draws it, then bar, then words."""
        line = index.data(LINE_ROLE)
        if line is None:
            super().paint(painter, option, index)
            return
        plain = QStyleOptionViewItem(option)
        self.initStyleOption(plain, index)
        plain.text = ""
        style = option.widget.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, plain, painter, option.widget)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        left = option.rect.left() + INSET
        width = option.fontMetrics.averageCharWidth() * BAR_LETTERS
        needed = option.fontMetrics.horizontalAdvance(line.cells[index.column()]) + 4
        room = option.rect.right() - left - needed - 8  # the words come first: the bar gives way
        if line.of and room >= width // 2:
            width = min(width, room)
            bar = QRectF(left, option.rect.center().y() - 3, width, 6)
            painter.setPen(CURRENT.colour("line"))
            painter.setBrush(CURRENT.colour("card"))
            painter.drawRoundedRect(bar, 3, 3)
            painter.setPen(Qt.PenStyle.NoPen)
            done = QRectF(bar)
            done.setWidth(bar.width() * line.done / line.of)
            painter.setBrush(CURRENT.colour("ok" if line.done == line.of else "accent"))
            painter.drawRoundedRect(done, 3, 3)
            left += width + 8
        painter.setPen(CURRENT.colour("text"))
        words = option.rect.adjusted(0, -1, -4, -1)  # on the line of the words beside it
        words.setLeft(int(left))
        painter.drawText(words, int(Qt.AlignmentFlag.AlignVCenter), line.cells[index.column()])
        painter.restore()
