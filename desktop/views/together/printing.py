"""Printing the page that goes home. Imported only when asked for: the print system is slow to load.

The page is drawn from memory; no file is written unless the person prints to one. Refuses to print
when there is no page.
"""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QDialog, QWidget

SHARP = 300  # dots an inch
_POINTS = 72


def print_page(parent: QWidget, page: bytes) -> bool:
    """Ask for a printer and print; whether it was printed."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setDocName("The page to take home")
    if QPrintDialog(printer, parent).exec() != QDialog.DialogCode.Accepted:
        return False
    print_on(printer, page)
    return True


def print_on(printer: QPrinter, page: bytes) -> None:
    """Every sheet of a PDF on a printer, as large as its paper."""
    printer.setFullPage(True)
    painter = QPainter(printer)
    for number, image in enumerate(pictures(page)):
        if number:
            printer.newPage()
        room = QRectF(painter.viewport())
        scale = min(room.width() / image.width(), room.height() / image.height())
        size = QRectF(0, 0, image.width() * scale, image.height() * scale)
        painter.drawImage(size, image)
    painter.end()


def pictures(page: bytes) -> list[QImage]:
    """The sheets of a PDF in memory, sharp enough for paper."""
    import pypdfium2

    document = pypdfium2.PdfDocument(page)
    try:
        return [_picture(sheet) for sheet in document]
    finally:
        document.close()


def _picture(sheet: object) -> QImage:
    bitmap = sheet.render(scale=SHARP / _POINTS, rev_byteorder=False, prefer_bgrx=True)  # type: ignore[attr-defined]
    made = QImage(
        bytes(bitmap.buffer),
        bitmap.width,
        bitmap.height,
        bitmap.stride,
        QImage.Format.Format_RGB32,
    )
    return made.copy()
