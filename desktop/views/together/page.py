"""A page of the shared window: a column that scrolls, and a place where the focus starts."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.views.kit.layout import Part, add


class Page(QWidget):
    """Inherit, fill with `put`, and say where the focus starts."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(28, 24, 28, 24)
        self.body.setSpacing(14)

    def put(self, *parts: Part) -> None:
        """Parts from top to bottom."""
        for part in parts:
            add(self.body, part)

    def first(self) -> QWidget | None:
        """Where the focus starts."""
        return None

    def arrive(self) -> None:
        """The page is in front."""
        start = self.first()
        if start is not None:
            start.setFocus()
