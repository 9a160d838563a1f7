"""Whatever takes the focus is scrolled into sight, in every scrolling page around it (WCAG 2.4.11).

A scroll area does this by itself only when the step begins inside it. Refuses to scroll for the
mouse: what was pressed is in sight already.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, QPoint, QRect, QTimer, Slot
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QScrollArea, QWidget

from desktop.alive import is_alive

MARGIN = 24  # pixels kept above and below


class FocusInSight(QObject):
    """Watches where the focus goes; made once for a window."""

    def __init__(self, app: QApplication, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._at: QWidget | None = None
        app.focusChanged.connect(self._moved)
        self._settled = QTimer(self)  # a page that has just come has no sizes yet
        self._settled.setSingleShot(True)
        self._settled.setInterval(0)
        self._settled.timeout.connect(self._show)

    @Slot(QWidget, QWidget)
    def _moved(self, old: QWidget | None, now: QWidget | None) -> None:
        del old
        self._at = now
        if now is not None and self._window.isAncestorOf(now):
            self._show()
            self._settled.start()

    @Slot()
    def _show(self) -> None:
        at = self._at
        if at is None or not is_alive(at) or not at.isVisible():
            return
        parent = at.parentWidget()
        while parent is not None:
            if isinstance(parent, QScrollArea) and _is_out_of_sight(parent, at):
                parent.ensureWidgetVisible(at, 0, MARGIN)
            parent = parent.parentWidget()


def _is_out_of_sight(area: QAbstractScrollArea, at: QWidget) -> bool:
    where = QRect(at.mapTo(area.viewport(), QPoint(0, 0)), at.size())
    window = area.viewport().rect()
    if where.height() > window.height():
        return not window.intersects(where)
    return not window.contains(where.adjusted(1, 1, -1, -1))
