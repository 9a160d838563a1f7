"""After a new key: what was done, the new recovery sheet shown once, and on to the records."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.views.kit.buttons import button, primary
from desktop.views.kit.cards import Card
from desktop.views.kit.labels import muted, paragraph, title
from desktop.views.kit.layout import column, row, scrolling
from desktop.views.kit.sheet import SheetWords

if TYPE_CHECKING:
    from desktop.operations.vault import NewKey

WIDTH = 560


class NewKeyPage(QWidget):
    """A card in the middle. `written`: the sheet is on paper, the records may be shown."""

    written = Signal()

    def __init__(self, done: NewKey, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sheet = SheetWords()
        self.sheet.show_words(done.sheet)
        self._on = primary("I have it on paper", self._go)
        card = Card()
        card.setMinimumWidth(WIDTH)
        card.setMaximumWidth(WIDTH + 160)
        card.add(
            title("Locked with a new key"),
            *(paragraph(line) for line in done.words),
            paragraph(
                "This is your new recovery sheet. Print it or write it down, keep it at home, "
                "and destroy the old one."
            ),
            self.sheet,
            muted("These words are shown once.", wrap=True),
            row(
                self._on,
                button("Print it", self.sheet.print_out),
                button("Copy the words", self.sheet.copy),
                None,
            ),
        )
        inner = QWidget()
        inner.setLayout(column(None, row(None, card, None), None, margin=2))
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scrolling(inner, "New recovery sheet"))
        self.setFocusProxy(self._on)

    @Slot()
    def _go(self) -> None:
        self.sheet.take_off_clipboard()
        self.sheet.show_words(())
        self.written.emit()
