"""Whatever takes the focus is scrolled into sight, in every scrolling page around it (WCAG 2.4.11).

And a field that has nothing of its own to undo does not keep Ctrl+Z from the window.

A scroll area does this by itself only when the step begins inside it. Refuses to scroll for the
mouse: what was pressed is in sight already.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QTimer, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QApplication,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QWidget,
)

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
        for each in (old, now):
            if isinstance(each, QLineEdit | QPlainTextEdit) and is_alive(each):
                each.removeEventFilter(self)
                if each is now:
                    each.installEventFilter(self)
        self._at = now
        if now is not None and self._window.isAncestorOf(now):
            self._show()
            self._settled.start()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A field with no typing to take back lets Ctrl+Z and Ctrl+Y go on to the window."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            undo = event.matches(QKeySequence.StandardKey.Undo) and not _can(watched, redo=False)
            redo = event.matches(QKeySequence.StandardKey.Redo) and not _can(watched, redo=True)
            if undo or redo:
                event.ignore()
                return True
        return super().eventFilter(watched, event)

    @Slot()
    def _show(self) -> None:
        at = self._at
        if at is None or not is_alive(at) or not at.isVisible():
            return
        parent = at.parentWidget()
        while parent is not None:
            if isinstance(parent, QScrollArea) and _is_out_of_sight(parent, at):
                _bring(parent, at)
            parent = parent.parentWidget()


def _can(field: QObject, *, redo: bool) -> bool:
    if isinstance(field, QLineEdit):
        return field.isRedoAvailable() if redo else field.isUndoAvailable()
    if isinstance(field, QPlainTextEdit):
        text = field.document()
        return text.isRedoAvailable() if redo else text.isUndoAvailable()
    return False


def _where(area: QAbstractScrollArea, at: QWidget) -> QRect:
    return QRect(at.mapTo(area.viewport(), QPoint(0, 0)), at.size())


def _bring(area: QScrollArea, at: QWidget) -> None:
    where = _where(area, at)
    if where.height() > area.viewport().height():
        bar = area.verticalScrollBar()
        bar.setValue(bar.value() + where.top() - MARGIN)  # from its beginning
    else:
        area.ensureWidgetVisible(at, 0, MARGIN)


def _is_out_of_sight(area: QAbstractScrollArea, at: QWidget) -> bool:
    where, window = _where(area, at), area.viewport().rect()
    if where.height() > window.height():  # it never fits: half a page of it is enough
        return window.intersected(where).height() < window.height() // 2
    return not window.contains(where.adjusted(1, 1, -1, -1))
