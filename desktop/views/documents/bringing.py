"""Files that are dragged onto a page and pictures that are pasted into it.

Both are second ways: the page has a button for each. Refuses what is no file on this laptop and
no picture, and says nothing about it: the pointer shows that it cannot be let go here.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import (
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QImage,
    QKeySequence,
    QShortcut,
)
from PySide6.QtWidgets import QWidget

from desktop.views.kit.bars import Bar
from desktop.views.kit.shapes import Look

if TYPE_CHECKING:
    from PySide6.QtCore import QMimeData
    from PySide6.QtGui import QDragLeaveEvent


class TakesFiles(QWidget):
    """Says `files_came` with paths and `picture_came` with a QImage."""

    files_came = Signal(list)
    picture_came = Signal(QImage)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAcceptDrops(True)
        self.let_go = Bar("info-bar", Look.INFO)
        paste = QShortcut(QKeySequence(QKeySequence.StandardKey.Paste), self)
        paste.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        paste.activated.connect(self.paste)

    @Slot()
    def paste(self) -> None:
        """Take what is on the clipboard: files that were copied, else a picture."""
        held = _on_the_clipboard()
        if held is not None:
            self._take(held)

    @staticmethod
    def can_paste() -> bool:
        """Whether the clipboard holds something that can be kept."""
        held = _on_the_clipboard()
        return held is not None and (bool(_files(held)) or held.hasImage())

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files and pictures may come in as copies; the page says what happens."""
        held = event.mimeData()
        if _may_be_copied(event) and (_files(held) or held.hasImage()):
            self.let_go.say("Let go to add this to the files of this enterprise.")
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """They went elsewhere."""
        super().dragLeaveEvent(event)
        self.let_go.say("")

    def dropEvent(self, event: QDropEvent) -> None:
        """They are let go here. They are copied, whatever the other program proposed.

        The answer says so too: after a "move" the other program would delete its own.
        """
        self.let_go.say("")
        if _may_be_copied(event) and self._take(event.mimeData()):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()

    def _take(self, held: QMimeData) -> bool:
        files = _files(held)
        if files:
            self.files_came.emit(files)
            return True
        image = held.imageData() if held.hasImage() else None
        if isinstance(image, QImage) and not image.isNull():
            self.picture_came.emit(image)
            return True
        return False


def _may_be_copied(event: QDropEvent) -> bool:
    return bool(event.possibleActions() & Qt.DropAction.CopyAction)


def _files(held: QMimeData) -> list[Path]:
    return [Path(url.toLocalFile()) for url in held.urls() if url.isLocalFile()]


def _on_the_clipboard() -> QMimeData | None:
    held: QMimeData | None = QGuiApplication.clipboard().mimeData()  # None: nothing lies there
    return held
