"""The card where the coach chooses the PIN that leads back from a shared screen.

Refuses to show what is typed, and a PIN that was typed once only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from desktop.presenters.together_leaving import PinChooser
from desktop.views.kit.bars import announce
from desktop.views.kit.buttons import button
from desktop.views.kit.cards import Card
from desktop.views.kit.chips import StatusChip
from desktop.views.kit.fields import LineField
from desktop.views.kit.flow import flowing
from desktop.views.kit.labels import label, muted
from desktop.views.kit.shapes import Look

if TYPE_CHECKING:
    from desktop.context import Context


class PinCard(Card):
    """Set, change, take away."""

    state_known = Signal(bool, bool)  # a PIN, a passphrase

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__("PIN to leave Together", parent)
        self._state = StatusChip("Not set", Look.TODO)  # "to do": an open circle
        self._pin = _secret("New PIN, 4 to 12 digits")
        self._again = _secret("The PIN again")
        self._problem = label("", "problem", wrap=True)
        self._problem.hide()
        self._set = button("Set the PIN", self._set_pressed)
        self._state.hide()  # nobody has looked yet
        self._set.setEnabled(False)
        self._off = button("Take the PIN away", self._off_pressed)
        self._off.hide()
        self._chooser = PinChooser(context, self)
        self._again.entered.connect(self._set_pressed)
        self.add(
            muted(
                "When you share the screen with one person, only this PIN or your passphrase leads "
                "back to your caseload. It opens nothing else.",
                wrap=True,
            ),
            self._state,
            flowing(self._pin, self._again, gap=2),
            self._problem,
            flowing(self._set, self._off, gap=1),
        )

    def load(self) -> None:
        """Say whether there is one."""
        self._chooser.load()

    def show_pin_state(self, *, is_set: bool, passphrase: bool) -> None:
        """Whether there is one."""
        look = Look.DONE if is_set else Look.TODO  # "to do": not chosen yet
        self._state.show()
        self._set.setEnabled(True)
        self._state.show_state("Set" if is_set else "Not set", look)
        words = "Change the PIN" if is_set else "Set the PIN"
        self._set.setText(words)
        self._set.setAccessibleName(words)
        self._off.setVisible(is_set)
        for field in (self._pin, self._again):
            field.edit.clear()
        self.pin_failed("")
        self.state_known.emit(is_set, passphrase)

    def pin_failed(self, words: str) -> None:
        """It was not set; "" takes that away."""
        self._problem.setText(words)
        self._problem.setVisible(bool(words))
        if words:
            announce(self._problem, words)

    def focus_pin(self) -> None:
        """Where typing starts."""
        self._pin.edit.setFocus()

    def _set_pressed(self) -> None:
        self._chooser.choose(self._pin.value(), self._again.value())

    def _off_pressed(self) -> None:
        self._chooser.take_away()


def _secret(words: str) -> LineField:
    field = LineField(words)
    field.edit.setEchoMode(QLineEdit.EchoMode.Password)
    field.edit.setMaximumWidth(260)
    return field
