"""Signing: the exact words, then a drawing or a typed name with a tick.

Refuses to change words while they are being signed, and a signature without a name.
"""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QWidget

from desktop.views.kit.buttons import button, primary
from desktop.views.kit.flow import flowing
from desktop.views.kit.labels import label, paragraph
from desktop.views.kit.layout import column, panel
from desktop.views.together.pad import SignaturePad
from desktop.views.together.page import Page, line


class SignPage(Page):
    """Put your name to it."""

    signed = Signal(str, bool, object)  # name, ticked, strokes
    sheet_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._wording = paragraph("")
        self._wording.setAccessibleDescription("The words that you sign")
        self._pad = SignaturePad()
        self._name = line("Your name", letters=44)
        self._tick = QCheckBox("This is my name, and I sign")
        self._sign = primary("Sign", self._sign_pressed)
        words: QFrame = panel(column(self._wording, margin=2), "card")
        self.put(
            label("Is this right?", "section", wrap=True),
            words,
            label("Sign in the box", "strong", wrap=True),
            self._pad,
            flowing(button("Clear the box", self._pad.clear), gap=1),
            paragraph("Or type your name and tick."),
            self._name,
            self._tick,
            self.status,
            flowing(self._sign, button("Today's page", self.sheet_wanted.emit), gap=2),
            None,
        )

    def show_words(self, wording: str, name: str, signed: str) -> None:
        """The exact words, the name to sign with, who signed before."""
        self._wording.setText(wording)
        self._name.set_value(name)
        self._pad.clear()
        self._tick.setChecked(False)
        self.tell(f"{signed} You can sign again. The first one stays." if signed else "")

    def show_signed(self, words: str) -> None:
        """It is on disk."""
        self._pad.clear()
        self._tick.setChecked(False)
        self.tell(words, "strong")

    def say_problem(self, words: str) -> None:
        """It is not signed."""
        self.tell(words, "problem")

    def first(self) -> QWidget | None:
        """The name: keys alone can sign."""
        return self._name.edit

    def _sign_pressed(self) -> None:
        self.signed.emit(self._name.value(), self._tick.isChecked(), self._pad.strokes)
