"""The council's public key: typed, pasted or from a file, its words compared, then agreed to.

First run and "Ways into my records" show the same part. Refuses to say yes by itself: the button
that lets the council in is there only beside the eight words.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QStandardPaths, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from desktop.views.kit.bars import announce
from desktop.views.kit.buttons import button, quiet
from desktop.views.kit.cards import Card
from desktop.views.kit.fields import LineField
from desktop.views.kit.flow import flowing
from desktop.views.kit.labels import paragraph, strong
from desktop.views.kit.layout import column

Chooser = Callable[[QWidget], Path | None]


def choose_file(parent: QWidget) -> Path | None:
    """Ask for the file that the council sent."""
    place = QStandardPaths.StandardLocation.DownloadLocation
    start = QStandardPaths.writableLocation(place)
    chosen, _ = QFileDialog.getOpenFileName(
        parent, "The file with the council's public key", start, "Text (*.txt);;All files (*)"
    )
    return Path(chosen) if chosen else None


class CouncilKey(QWidget):
    """A field and a file button; then the words of the key and the question about them."""

    looked = Signal(str)  # as it was typed
    file_chosen = Signal(object)  # Path
    agreed = Signal(str)  # the key whose words were compared

    def __init__(self, parent: QWidget | None = None, *, choose: Chooser = choose_file) -> None:
        super().__init__(parent)
        self.choose = choose
        self._shown = ""
        self.field = LineField(
            "The council's public key", hint="From the letter or the file of your council."
        )
        self.compare = button("Show its words", self._look)
        self.file = quiet("Take it from a file", self._choose)
        self.words = strong("")
        self.words.setWordWrap(True)
        self.agree = button("They are the same: let the council in", self._agree)
        self.differ = quiet("They are not the same", self._differ)
        self._asked = Card("Are these eight words in the letter?")
        self._asked.add(
            self.words,
            paragraph("Compare all eight, in this order. If one differs, ask your council."),
            flowing(self.agree, self.differ),
        )
        self._asked.hide()
        self.setLayout(column(self.field, flowing(self.compare, self.file), self._asked))
        self.field.entered.connect(self._look)
        self.field.typed.connect(self._typed)

    def show_key(self, typed: str, words: tuple[str, ...]) -> None:
        """Ask about the words of this key."""
        self._shown = typed
        self.field.set_value(typed)
        self.words.setText(" ".join(words))
        self._asked.show()
        # Where the hand is stays where it is: a second Enter must not say yes unread.
        announce(self.words, f"Are these eight words in the letter? {self.words.text()}")

    def forget(self) -> None:
        """Empty it again."""
        self._shown = ""
        self.field.set_value("")
        self._asked.hide()

    @property
    def is_asking(self) -> bool:
        """Whether words are there to be compared."""
        return bool(self._shown)

    @Slot()
    def _look(self) -> None:
        self.looked.emit(self.field.value())

    @Slot(str)
    def _typed(self, _text: str) -> None:
        self._shown = ""  # the words belong to another key than what stands in the field now
        self._asked.hide()

    def _choose(self) -> None:
        chosen = self.choose(self)
        if chosen is not None:
            self.file_chosen.emit(chosen)

    def _agree(self) -> None:
        if self._shown:
            self.agreed.emit(self._shown)

    def _differ(self) -> None:
        self.forget()
        self.field.edit.setFocus()
