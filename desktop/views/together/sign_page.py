"""Signing: the exact words, then a drawing or a typed name with a tick.

What is drawn or typed is kept every two seconds, and with each stroke. Refuses to change words
while they are being signed, and a signature without a name.
"""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QWidget

from desktop.presenters.together_signing import HalfSigned
from desktop.views.form_pages.fields import DRAFT_EVERY_MS
from desktop.views.kit.buttons import button, primary
from desktop.views.kit.flow import flowing
from desktop.views.kit.labels import label, paragraph
from desktop.views.kit.layout import column, panel
from desktop.views.together.pad import SignaturePad
from desktop.views.together.page import Page, line


class SignPage(Page):
    """Put your name to it."""

    signed = Signal(str, bool, object)  # name, ticked, strokes
    half = Signal(object)  # HalfSigned: a stroke, a tick or some letters more, not signed yet
    sheet_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._wording = paragraph("")
        self._wording.setAccessibleDescription("The words that you sign")
        self._pad = SignaturePad()
        self._draft = QTimer(self)
        self._draft.setSingleShot(True)
        self._draft.setInterval(DRAFT_EVERY_MS)
        self._draft.timeout.connect(self.keep_half)
        self._name = line("Your name", letters=44)
        self._tick = QCheckBox("This is my name, and I sign")
        self._sign = primary("Sign", self._sign_pressed)
        self._pad.drawn.connect(self.keep_half)
        self._pad.moved.connect(self._begun)
        self._name.typed.connect(self._begun)
        self._tick.clicked.connect(self.keep_half)
        words: QFrame = panel(column(self._wording, margin=2), "card")
        self.put(
            label("Is this right?", "section", wrap=True),
            words,
            label("Sign in the box", "strong", wrap=True),
            self._pad,
            flowing(button("Clear the box", self._clear_pressed), gap=1),
            paragraph("Or type your name and tick."),
            self._name,
            self._tick,
            self.status,
            flowing(self._sign, button("Today's page", self.sheet_wanted.emit), gap=2),
            None,
        )

    def show_words(self, wording: str, name: str, signed: str) -> None:
        """The exact words, the name to sign with, who signed before."""
        self._draft.stop()
        self._wording.setText(wording)
        self._name.set_value(name)
        self._pad.clear()
        self._tick.setChecked(False)
        self.tell(f"{signed} You can sign again. The first one stays." if signed else "")

    def show_half(self, half: HalfSigned) -> None:
        """As it was left; a stroke drawn meanwhile stays as it is."""
        if self._draft.isActive() or self._pad.strokes:
            return
        self._name.set_value(half.name)
        self._tick.setChecked(half.agreed)
        self._pad.put(half.strokes)
        self.tell("This is not signed yet. Press Sign if it is right, or clear the box.")

    def keep_half(self) -> None:
        """What stands here and is not signed, as a draft."""
        self._draft.stop()
        strokes = self._pad.strokes
        self.half.emit(
            HalfSigned(name=self._name.value(), agreed=self._tick.isChecked(), strokes=strokes)
        )

    def flush(self) -> None:
        """The same before a lock, in the middle of a stroke too."""
        if self._draft.isActive():
            self.keep_half()

    def show_signed(self, words: str) -> None:
        """It is on disk."""
        self._draft.stop()
        self._pad.clear()
        self._tick.setChecked(False)
        self.tell(words, "strong")

    def say_problem(self, words: str) -> None:
        """It is not signed."""
        self.tell(words, "problem")

    def first(self) -> QWidget | None:
        """The name: keys alone can sign."""
        return self._name.edit

    def _begun(self) -> None:
        if not self._draft.isActive():
            self._draft.start()

    def _clear_pressed(self) -> None:
        self._pad.clear()
        self.keep_half()

    def _sign_pressed(self) -> None:
        self.flush()  # before it is signed, so that the draft goes with it
        self.signed.emit(self._name.value(), self._tick.isChecked(), self._pad.strokes)
