"""Looks again and again while there is something to look at. Refuses to tick for nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget


class Ticks(QTimer):
    """Stops when `look` says that there is nothing any more."""

    def __init__(self, owner: QWidget, ms: int, look: Callable[[], bool]) -> None:
        super().__init__(owner)
        self._look = look
        self.setInterval(ms)
        self.timeout.connect(self._looked)

    def _looked(self) -> None:
        if not self._look():
            self.stop()
