"""The way out: turn the screen back, then the PIN or the passphrase. And the page while idle.

Names nobody. Refuses to show what is typed, and to leave without the right one.
"""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from desktop.views.kit.bars import announce
from desktop.views.kit.buttons import button, primary
from desktop.views.kit.flow import flowing
from desktop.views.kit.labels import label, paragraph
from desktop.views.together.page import Page, line

ASK_PIN = "The coach's PIN"
ASK_PASSPHRASE = "The coach's passphrase"  # noqa: S105 - a label


class PinPage(Page):
    """Turn the screen back."""

    letters = 56
    pin_given = Signal(str)
    passphrase_given = Signal(str)
    back = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._by_pin = True
        self._secret = line(ASK_PIN, letters=36)
        self._secret.edit.setEchoMode(QLineEdit.EchoMode.Password)
        self._secret.entered.connect(self._open_pressed)
        self._problem = label("", "problem", wrap=True)
        self._problem.hide()
        self._other = button("Use the passphrase", self._other_pressed)
        self.put(
            None,
            label("Turn the screen back now.", "title", wrap=True),
            paragraph("Then the coach can go back to the other work."),
            self._secret,
            self._problem,
            flowing(
                primary("Finish", self._open_pressed),
                self._other,
                button("Go on together", self.back.emit),
                gap=2,
            ),
            None,
        )

    def ask(self, *, has_pin: bool, has_passphrase: bool) -> None:
        """Ask for what there is."""
        self._by_pin = has_pin
        self._other.setVisible(has_pin and has_passphrase)
        self._show_way()
        self.say_problem("")

    def say_problem(self, words: str) -> None:
        """Not this time."""
        self._problem.setText(words)
        self._problem.setVisible(bool(words))
        self._secret.edit.clear()
        self._secret.edit.setFocus()
        if words:
            announce(self._problem, words)

    def forget(self) -> None:
        """What was typed is gone."""
        self._secret.edit.clear()

    def first(self) -> QWidget | None:
        """The PIN."""
        return self._secret.edit

    def _show_way(self) -> None:
        self._secret.set_words(ASK_PIN if self._by_pin else ASK_PASSPHRASE)
        self._other.setText("Use the passphrase" if self._by_pin else "Use the PIN")
        self._other.setAccessibleName(self._other.text())

    def _other_pressed(self) -> None:
        self._by_pin = not self._by_pin
        self._show_way()
        self.say_problem("")

    def _open_pressed(self) -> None:
        typed = self._secret.value()
        (self.pin_given if self._by_pin else self.passphrase_given).emit(typed)


class PausedPage(Page):
    """Nobody typed for a while: nothing of anybody is on the screen."""

    letters = 56
    go_on = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._go = primary("Go on", self.go_on.emit)
        self.put(
            None,
            label("Paused", "title", wrap=True),
            paragraph("Your work is saved. Press Go on when you are both here."),
            self._go,
            None,
        )

    def first(self) -> QWidget | None:
        """Going on."""
        return self._go
