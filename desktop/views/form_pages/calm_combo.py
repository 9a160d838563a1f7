"""A drop-down list for forms: `settled` once a choice is made, and not on the way to it.

Qt says `activated` for every arrow key, so that going from the first choice to the fourth would
write three that nobody meant (WCAG 3.2.2). Refuses the mouse wheel, also with
the focus in it: the page scrolls and the choice stays.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QComboBox, QSizePolicy, QWidget

SETTLE_AFTER_MS = 800


class CalmCombo(QComboBox):
    """A drop-down list that nothing changes by accident: no wheel, no key on its way past."""

    settled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.installEventFilter(self)
        self._by_key = False
        self._pause: QTimer | None = None  # made by the first arrow key: pages hold many lists
        self.activated.connect(self._was_activated)

    @property
    def is_under_way(self) -> bool:
        """Whether the arrow keys are on their way to a choice."""
        return self._pause is not None and self._pause.isActive()

    def settle(self) -> None:
        """Take what the arrow keys came to as the choice."""
        if self.is_under_way and self._pause is not None:
            self._pause.stop()
            self.settled.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """An arrow key or a letter goes through the list; Enter, a pause or leaving settles it."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.is_under_way:
            self.settle()
            return
        self._by_key = True
        super().keyPressEvent(event)
        self._by_key = False

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Left: what it stands at is the choice."""
        super().focusOutEvent(event)
        self.settle()

    def _was_activated(self, _index: int) -> None:
        if not self._by_key:
            self._stop()
            self.settled.emit()
            return
        if self._pause is None:
            self._pause = QTimer(self)
            self._pause.setSingleShot(True)
            self._pause.setInterval(SETTLE_AFTER_MS)
            self._pause.timeout.connect(self.settled)
        self._pause.start()

    def _stop(self) -> None:
        if self._pause is not None:
            self._pause.stop()

    def sizeHint(self) -> QSize:
        """A fixed width: measuring every choice costs more than building the field."""
        metrics = self.fontMetrics()
        return QSize(metrics.averageCharWidth() * 22 + 40, metrics.height() + 15)

    def minimumSizeHint(self) -> QSize:
        """Long choices are cut at the end; the open list shows them whole."""
        metrics = self.fontMetrics()
        return QSize(metrics.averageCharWidth() * 10 + 40, metrics.height() + 15)

    def showPopup(self) -> None:
        """Open the list as wide as its longest choice."""
        metrics = self.fontMetrics()
        longest = max(
            (metrics.horizontalAdvance(self.itemText(n)) for n in range(self.count())), default=0
        )
        self.view().setMinimumWidth(min(longest + 48, 560))
        super().showPopup()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the page scroll instead."""
        if event.type() == QEvent.Type.Wheel:
            event.ignore()
            return True
        return super().eventFilter(watched, event)
