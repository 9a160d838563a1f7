"""A painter on a printer, and whether the printer took what was painted.

Imported only when something is printed: the print system is slow to load. Refuses to call printed
what did not reach the printer.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtGui import QPainter
from PySide6.QtPrintSupport import QAbstractPrintDialog, QPrintDialog, QPrinter
from PySide6.QtWidgets import QWidget

from desktop.operations.errors import NotPrinted

_FAILED = (QPrinter.PrinterState.Error, QPrinter.PrinterState.Aborted)


@contextmanager
def on_paper(printer: QPrinter, not_taken: str) -> Iterator[QPainter]:
    """Paint inside. Raises NotPrinted with the words `not_taken` when the printer took nothing."""
    painter = QPainter()
    if not painter.begin(printer):
        raise NotPrinted(not_taken)
    ended = False
    try:
        yield painter
    finally:
        ended = painter.end()
    if not ended or printer.printerState() in _FAILED:
        raise NotPrinted(not_taken)


def dialog(printer: QPrinter, parent: QWidget) -> QPrintDialog:
    """Which printer? Never to a file."""
    made = QPrintDialog(printer, parent)
    made.setOption(QAbstractPrintDialog.PrintDialogOption.PrintToFile, on=False)
    return made
