"""The words of a recovery sheet, numbered in columns, with ways to print and copy them.

Refuses to leave them on the clipboard: they are taken off it after a minute.
"""

from __future__ import annotations

from PySide6.QtCore import QTimer, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QGridLayout, QWidget

from desktop.operations.errors import NotPrinted
from desktop.views.kit.bars import Bar
from desktop.views.kit.labels import label
from desktop.views.kit.layout import clear, column
from desktop.views.kit.shapes import Look

COLUMNS = 3
ON_CLIPBOARD_MS = 60_000


class SheetWords(QWidget):
    """Shows the words; knows how to copy and print them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.words: tuple[str, ...] = ()
        self._grid = QGridLayout()
        self.problem = Bar("warn-bar", Look.WARN)
        self.setLayout(column(self._grid, self.problem, gap=1))
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(24)
        self._grid.setVerticalSpacing(6)
        self._leaves = QTimer(self)
        self._leaves.setSingleShot(True)
        self._leaves.setInterval(ON_CLIPBOARD_MS)
        self._leaves.timeout.connect(self.take_off_clipboard)

    def show_words(self, words: tuple[str, ...]) -> None:
        """Number and show them, column by column."""
        self.words = words
        clear(self._grid)
        rows = -(-len(words) // COLUMNS)
        for place, word in enumerate(words):
            cell = label(f"{place + 1}.  {word}", "strong")
            self._grid.addWidget(cell, place % rows, place // rows)

    @Slot()
    def copy(self) -> None:
        """To the clipboard, for a minute."""
        QGuiApplication.clipboard().setText(self._text())
        self._leaves.start()

    @Slot()
    def take_off_clipboard(self) -> None:
        """Gone from the clipboard, unless something else is there by now."""
        self._leaves.stop()
        clipboard = QGuiApplication.clipboard()
        if self.words and clipboard.text() == self._text():
            clipboard.clear()

    @Slot()
    def print_out(self) -> None:
        """On paper."""
        from desktop.views.first_run_print import print_sheet  # the print system is slow to load

        self.problem.say("")
        try:
            print_sheet(self, self.words)
        except NotPrinted as error:
            self.problem.say(str(error))

    def _text(self) -> str:
        return "\n".join(f"{place}. {word}" for place, word in enumerate(self.words, start=1))
