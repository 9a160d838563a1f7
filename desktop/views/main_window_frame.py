"""The one top-level window: shows one page at a time (first run, unlock, or the records).

Its title never holds a name: titles are seen in task bars and screen shares. Refuses to know
what the pages do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QPaintEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget

from desktop.views.kit.covered import COVERED

if TYPE_CHECKING:
    from collections.abc import Callable

START_WIDTH, START_HEIGHT = 1093, 614
APART_MS = 250  # between two signs of life that are passed on


class Frame(QMainWindow):
    """The window itself."""

    first_painted = Signal()
    closing = Signal()
    used = Signal()  # a key or the mouse; feeds the idle watch

    def __init__(self) -> None:
        super().__init__()
        self.setWindowTitle("Hedgerow")
        self.resize(START_WIDTH, START_HEIGHT)
        self.setMinimumSize(640, 400)
        self.setAnimated(False)  # a page comes at once and does not slide in
        self.may_close: Callable[[], bool] | None = None  # asked first
        self._painted = False
        self._cover: QWidget | None = None
        self._app: QApplication | None = None  # while it is watched
        self._again = QTimer(self, singleShot=True, interval=APART_MS)
        self._again.timeout.connect(self._look_again)
        self.closing.connect(self._again.stop)

    def show_page(self, page: QWidget) -> None:
        """Put a page in; the one before it is deleted with everything it held."""
        old = self.centralWidget()
        if old is not None:
            old.hide()
        self.setCentralWidget(page)  # deletes the old one later, through Qt
        page.setFocus()

    def cover_with(self, window: QWidget) -> None:
        """Stay out of sight, whatever asks for this window, until `uncover`."""
        self._cover = window
        self.setProperty(COVERED, True)
        self.hide()

    def uncover(self) -> None:
        """Be seen again."""
        if self._cover is not None:
            self._cover = None
            self.setProperty(COVERED, False)
            self.show()
            self.activateWindow()

    def place(self) -> str:
        """Where the window is and how large, as text."""
        return bytes(self.saveGeometry().toBase64().data()).decode("ascii")

    def put_back(self, place: str) -> None:
        """Be where `place` says; what cannot be read, or is on a screen that is gone, is let be."""
        if place.isascii():
            self.restoreGeometry(QByteArray.fromBase64(place.encode("ascii")))

    def come_forward(self) -> None:
        """A second copy was started: this window is the one, or the one that covers it."""
        if self._cover is not None:
            self._cover.activateWindow()
            return
        self.show()
        self.setWindowState(self.windowState() & ~self.windowState().WindowMinimized)
        self.raise_()
        self.activateWindow()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Say once that something is on screen."""
        super().paintEvent(event)
        if not self._painted:
            self._painted = True
            self.first_painted.emit()
            self._watch_focus()

    def _watch_focus(self) -> None:
        from desktop.views.kit.focus_in_sight import FocusInSight  # after the first paint

        app = QApplication.instance()
        if isinstance(app, QApplication):
            FocusInSight(app, self)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Let everything be flushed before the window goes; it stays where that cannot be."""
        if self.may_close is not None and not self.may_close():
            event.ignore()
            return
        self.closing.emit()
        super().closeEvent(event)

    def watch(self, app: QApplication) -> None:
        """Watch the whole program for signs of life; at most four a second are passed on."""
        self._app = app
        self._look_again()

    def _look_again(self) -> None:
        if self._app is not None:
            self._app.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """One sign is enough for a while.

        Every event of every widget comes through here: a page that a click opens makes thousands,
        and they cost a third of its time. So nobody looks until `APART_MS` after the click.
        """
        if event.type() in _LIFE and self._app is not None:
            self._app.removeEventFilter(self)
            self._again.start()
            self.used.emit()
        return super().eventFilter(watched, event)


_LIFE = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
    }
)
