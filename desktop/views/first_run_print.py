"""Printing the recovery sheet. Imported only when asked for: the print system is slow to load."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont, QPaintDevice, QPainter
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QDialog, QWidget

from desktop.views.printing.paper import dialog, on_paper

HEADING = "Hedgerow recovery sheet"
NOT_TAKEN = (
    "The printer did not take the sheet. Look at its paper and its plug, then print it again. "
    "Or write the words down by hand."
)
ADVICE = (
    "These words open your records if you forget your passphrase. "
    "Keep this sheet at home, away from the laptop. Show it to nobody."
)


def print_sheet(parent: QWidget, words: tuple[str, ...]) -> None:
    """Ask for a printer and print; the window offers no file. Raises NotPrinted in plain words."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    if dialog(printer, parent).exec() == QDialog.DialogCode.Accepted:
        with on_paper(printer, NOT_TAKEN) as painter:
            paint_sheet(painter, printer, words)


def paint_sheet(painter: QPainter, device: QPaintDevice, words: tuple[str, ...]) -> None:
    """One page: heading, advice, numbered words in two columns of large type."""
    page = QRectF(0, 0, device.width(), device.height())
    unit = page.width() / 100
    font = QFont(painter.font())
    font.setPointSizeF(20)
    painter.setFont(font)
    painter.drawText(QRectF(8 * unit, 8 * unit, 84 * unit, 8 * unit), HEADING)
    font.setPointSizeF(12)
    painter.setFont(font)
    painter.drawText(
        QRectF(8 * unit, 17 * unit, 84 * unit, 12 * unit), int(Qt.TextFlag.TextWordWrap), ADVICE
    )
    font.setPointSizeF(16)
    painter.setFont(font)
    rows = -(-len(words) // 2)
    for place, word in enumerate(words):
        left = 8 * unit if place < rows else 52 * unit
        top = (32 + (place % rows) * 7) * unit
        painter.drawText(QRectF(left, top, 40 * unit, 6 * unit), f"{place + 1}.  {word}")
