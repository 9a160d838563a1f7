"""What was copied here leaves the clipboard when the records are locked.

Remembers only whether the last copy was made while this program was in front, never what it was.
Refuses to touch what another program put there.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QClipboard, QGuiApplication


class OurClipboard(QObject):
    """The system's clipboard, seen for as long as a vault is open."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._here = False
        QGuiApplication.clipboard().dataChanged.connect(self._changed)

    @Slot()
    def _changed(self) -> None:
        state = QGuiApplication.applicationState()
        self._here = state == Qt.ApplicationState.ApplicationActive

    def ours(self) -> bool:
        """Whether what lies there was copied in this program."""
        return self._here or QGuiApplication.clipboard().ownsClipboard()

    def clear(self) -> None:
        """Take it off, both places that X11 has, unless somebody else's is there by now."""
        clipboard = QGuiApplication.clipboard()
        if self.ours():
            clipboard.clear(QClipboard.Mode.Clipboard)
        if clipboard.supportsSelection() and clipboard.ownsSelection():
            clipboard.clear(QClipboard.Mode.Selection)
