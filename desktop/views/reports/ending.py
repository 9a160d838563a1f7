"""How a report is getting on and how it ended: steps with Stop, a bar, and ways to the files.

Refuses to take a finished report's words away before the next one is asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from desktop.presenters.words import counted
from desktop.views.kit.bars import Bar, Busy
from desktop.views.kit.buttons import button
from desktop.views.kit.flow import flowing
from desktop.views.kit.layout import column
from desktop.views.kit.shapes import Look

if TYPE_CHECKING:
    from desktop.presenters.reports import Made


class Ending(QWidget):
    """From the first step to the finished files."""

    stopped = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._made: Made | None = None
        self._busy = Busy()
        self._done = Bar("info-bar", Look.DONE)
        self._wrong = Bar("warn-bar", Look.WARN)
        self._open = button("Open the report", self._open_pressed)
        self._folder = button("Show in folder", self._folder_pressed)
        self._busy.stopped.connect(self.stopped)
        self._busy.hide()
        self.setLayout(
            column(self._busy, self._done, self._wrong, flowing(self._open, self._folder), gap=1)
        )
        self.show_files(shown=False)

    def show_files(self, *, shown: bool) -> None:
        """The ways to what was made."""
        for each in (self._open, self._folder):
            each.setVisible(shown)

    def show_step(self, words: str, done: int, of: int) -> None:
        """A step of the work."""
        self._busy.show()
        self._busy.show_step(words, done, of)
        for bar in (self._done, self._wrong):
            bar.say("")

    def show_made(self, made: Made) -> None:
        """It is done."""
        self._made = made
        self._busy.hide()
        where = made.files[0].parent.name
        self._done.say(f"{made.words}. {counted(len(made.files), 'file')} in {where}.")
        self.show_files(shown=True)

    def show_stopped(self, words: str) -> None:
        """It was stopped or failed."""
        self._busy.hide()
        self._wrong.say(words)

    def _open_pressed(self) -> None:
        if self._made is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._made.files[0])))

    def _folder_pressed(self) -> None:
        if self._made is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._made.files[0].parent)))
