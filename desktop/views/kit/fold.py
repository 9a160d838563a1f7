"""A button that shows or hides a part of a page: with large text a head must not fill the window.

Refuses to hide anything for good: what is folded away goes on paper too.
"""

from __future__ import annotations

from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from desktop.views.kit.labels import restyle


class Fold(QPushButton):
    """Begins folded. `part` is what it hides; `about` says of what, for both of its names."""

    def __init__(self, about: str, part: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._about, self._part = about, part
        self._is_open = False
        self.setProperty("role", "quiet")
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setAutoDefault(True)  # Enter presses it, as Space does
        self.clicked.connect(self._pressed)
        self._show(on=False)

    def unfold(self) -> None:
        """Show it."""
        self._show(on=True)

    def _pressed(self, _checked: object = None) -> None:
        self._show(on=not self._is_open)

    def _show(self, *, on: bool) -> None:
        self._is_open = on
        self.setText("Less" if on else "More")
        self.setAccessibleName(f"{self.text()} {self._about}")
        self._part.setVisible(on)
        restyle(self)
