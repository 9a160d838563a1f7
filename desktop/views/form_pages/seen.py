"""A part of a screen that reads again only while somebody looks at it; else when it is shown next.

The last screens and every opened tab are kept, and a commit must not set all of them reading.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget


class SeenPart(QWidget):
    """Inherit instead of QWidget; presenters ask `is_in_sight` before they read."""

    _behind: Callable[[], None] | None = None

    def is_in_sight(self) -> bool:
        """Whether somebody can see it now."""
        return self.isVisible()

    def catch_up_with(self, load: Callable[[], None]) -> None:
        """Something changed while it was out of sight: read when it is shown."""
        self._behind = load

    def showEvent(self, event: QShowEvent) -> None:
        """Read what was missed."""
        super().showEvent(event)
        behind, self._behind = self._behind, None
        if behind is not None:
            behind()
