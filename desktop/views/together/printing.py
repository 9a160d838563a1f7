"""Printing the page that goes home. Imported only when asked for: the print system is slow to load.

The page is drawn from memory. Refuses to print to a file: the window that asks where would show
other people's papers by name. Refuses to call printed what did not reach the printer.
"""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPageSize
from PySide6.QtPrintSupport import QPrinter, QPrinterInfo
from PySide6.QtWidgets import QDialog, QWidget

from desktop.operations.errors import NotPrinted
from desktop.views.printing.paper import dialog, on_paper

SHARP = 300  # dots an inch
_POINTS = 72
LEAST_SHARE = 0.8  # of the width it is laid out for: on less the letters get too small to read
A5_WIDEST = 500  # points: between the widths of A5 and A4


NO_PRINTER = "This computer knows no printer. The page is not lost: press Send it later."
TOO_SMALL = "That paper is small. Tick Small paper (A5), then press Print it again."
NOT_TAKEN = (
    "The printer did not take the page. Look at its paper and its plug, then press Print it. "
    "Or press Send it later."
)


def print_page(parent: QWidget, page: bytes) -> bool:
    """Ask for a printer and print; False when the person thought better of it.

    Raises NotPrinted in plain words.
    """
    if not QPrinterInfo.availablePrinterNames():
        raise NotPrinted(NO_PRINTER)
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setDocName("The page to take home")
    printer.setPageSize(QPageSize(paper_of(page)))
    if dialog(printer, parent).exec() != QDialog.DialogCode.Accepted:
        return False
    wide = printer.pageLayout().fullRectPoints().width()
    if wide < LEAST_SHARE * _width(page):
        raise NotPrinted(TOO_SMALL)
    print_on(printer, page)
    return True


def paper_of(page: bytes) -> QPageSize.PageSizeId:
    """The paper that a PDF is laid out for."""
    return QPageSize.PageSizeId.A5 if _width(page) < A5_WIDEST else QPageSize.PageSizeId.A4


def _width(page: bytes) -> float:
    import pypdfium2

    document = pypdfium2.PdfDocument(page)
    try:
        return float(document[0].get_width())
    finally:
        document.close()


def print_on(printer: QPrinter, page: bytes) -> None:
    """Every sheet of a PDF on a printer, as large as its paper. Raises NotPrinted."""
    printer.setFullPage(True)
    with on_paper(printer, NOT_TAKEN) as painter:
        for number, image in enumerate(pictures(page)):
            if number:
                printer.newPage()
            room = QRectF(painter.viewport())
            scale = min(room.width() / image.width(), room.height() / image.height())
            size = QRectF(0, 0, image.width() * scale, image.height() * scale)
            painter.drawImage(size, image)


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
