"""A question that a file answers: its name, a way to choose one, a way to take it out again.

The file is in the vault before the answer names it. Opens nothing.
"""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desktop.views.form_pages.fields import Field
from desktop.views.kit.buttons import button, quiet
from desktop.views.kit.labels import label
from desktop.views.kit.layout import row


class FileField(Field):
    """No file, or the name of the one that was given."""

    wanted = Signal()

    def __init__(self, words: str, hint: str = "", parent: QWidget | None = None) -> None:
        super().__init__(words, hint, parent)
        self._name = label("No file yet", wrap=True)
        self._choose = button("Choose a file", self.wanted.emit, name=f"Choose a file: {words}")
        self._drop = quiet("Take it out", self._dropped, name=f"Take the file out: {words}")
        self._drop.hide()
        box = QWidget()
        box.setLayout(row(self._choose, self._name, self._drop, None))
        self.place_group(box)
        self.setFocusProxy(self._choose)

    def set_value(self, name: str) -> None:
        """Show what is on disk."""
        self._name.setText(name or "No file yet")
        self._choose.setText("Choose another file" if name else "Choose a file")
        self._drop.setVisible(bool(name))

    def _dropped(self) -> None:
        self.committed.emit("")
