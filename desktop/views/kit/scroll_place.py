"""Where the lists and pages of a screen are scrolled to, kept and given back.

Content often comes after the screen: a place that is not there yet is gone to when it is. Refuses
to move anything after a person has scrolled by themselves.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Slot
from PySide6.QtWidgets import QAbstractScrollArea, QScrollBar, QWidget

MOST = 12  # areas of one screen


def kept(screen: QWidget) -> dict[str, int]:
    """Accessible name of each scrolled area -> how far down it is."""
    found: dict[str, int] = {}
    for area in screen.findChildren(QAbstractScrollArea):
        name, at = area.accessibleName(), area.verticalScrollBar().value()
        if name and at and len(found) < MOST:
            found[name] = at
    return found


def give_back(screen: QWidget, places: dict[str, int]) -> None:
    """Scroll to these, now or when the content has come."""
    for area in screen.findChildren(QAbstractScrollArea):
        at = places.get(area.accessibleName())
        if isinstance(at, int) and at > 0:
            _Return(area, at)


class _Return(QObject):
    """Waits until an area is long enough, scrolls, and is gone."""

    def __init__(self, area: QAbstractScrollArea, at: int) -> None:
        super().__init__(area)
        self._bar: QScrollBar = area.verticalScrollBar()
        self._area, self._at = area, at
        self._bar.rangeChanged.connect(self._try)
        area.viewport().installEventFilter(self)
        self._try()

    @Slot()
    def _try(self) -> None:
        if self._bar.maximum() >= self._at:
            self._bar.setValue(self._at)
            self._leave()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A wheel, a key or a press: the person is somewhere now."""
        if event.type() in (QEvent.Type.Wheel, QEvent.Type.MouseButtonPress, QEvent.Type.KeyPress):
            self._leave()
        return super().eventFilter(watched, event)

    def _leave(self) -> None:
        self._bar.rangeChanged.disconnect(self._try)
        self._area.viewport().removeEventFilter(self)
        self.setParent(None)
        self.deleteLater()
