"""The coach's strip at the bottom: six buttons that are always in the same place.

Refuses anything that leads away from this person without the PIN.
"""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QWidget

from desktop.views.kit.buttons import button
from desktop.views.kit.flow import flowing
from desktop.views.kit.labels import muted
from desktop.views.kit.layout import row


class Strip(QFrame):
    """Back, Skip for now, at home, Sign, Print today's page, Finish."""

    back = Signal()
    skip = Signal()
    home = Signal()
    sign = Signal()
    sheet = Signal()
    finish = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "strip")
        self._skip = button("Skip for now", self.skip.emit)
        self._home = button("", self.home.emit)
        self._back = button("Back", self.back.emit)
        bar = row(
            flowing(
                muted("Coach:"),
                self._back,
                self._skip,
                self._home,
                button("Sign", self.sign.emit),
                button("Print today's page", self.sheet.emit),
                gap=1,
            ),
            button("Finish", self.finish.emit, name="Finish, needs the PIN"),
        )
        bar.setContentsMargins(16, 10, 16, 10)
        self.setLayout(bar)
        self.show_name("")

    def show_name(self, first_name: str) -> None:
        """Who does it at home."""
        words = f"{first_name} will do at home" if first_name else "To do at home"
        self._home.setText(words.replace("&", "&&"))
        self._home.setAccessibleName(words)

    def allow(self, *, step: bool, item: bool) -> None:
        """What makes sense on the page in front."""
        self._skip.setEnabled(step)
        self._home.setEnabled(item)
