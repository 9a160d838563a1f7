"""The small pictures before the names of files: in memory, never on the disk.

Refuses to hold more than the newest: a long list asks again for those it shows.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPainter, QPixmap

from desktop.views.documents.pictures import SIDE
from desktop.views.kit import icons

MOST_SMALL = 200  # held at a time


class SmallPictures:
    """Held by the id of their file."""

    def __init__(self) -> None:
        self._held: dict[str, QPixmap] = {}

    def __contains__(self, file_id: str) -> bool:
        """Whether there is one of this file."""
        return file_id in self._held

    def put(self, file_id: str, image: QImage) -> bool:
        """Hold one of twice SIDE; False when there is nothing to see in it."""
        if image.isNull():
            return False
        made = _squared(image)
        made.setDevicePixelRatio(2)
        self._held[file_id] = made
        while len(self._held) > MOST_SMALL:
            del self._held[next(iter(self._held))]
        return True

    def of(self, file_id: str, group: str, ratio: float) -> QPixmap:
        """The one of this file, else the drawing of its kind for a screen of this `ratio`."""
        made = self._held.get(file_id)
        if made is not None:
            return made
        return icons.pixmap("picture" if group == "picture" else "paper", SIDE, ratio, "muted")


def _squared(image: QImage) -> QPixmap:
    """The picture in the middle of a square, so that all names begin in one line."""
    side = max(image.width(), image.height())
    made = QPixmap(side, side)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    painter.drawImage((side - image.width()) // 2, (side - image.height()) // 2, image)
    painter.end()
    return made
