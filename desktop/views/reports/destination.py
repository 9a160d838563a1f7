"""Where the files of a report go: a folder of the person's own.

Its name is said, and the whole path on demand. Refuses to make it: that is for who writes there.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QFileDialog, QWidget

from desktop.models.tips import plain_tip
from desktop.views.kit.buttons import button
from desktop.views.kit.flow import flowing
from desktop.views.kit.labels import muted
from desktop.views.kit.layout import column

Chooser = Callable[[QWidget, Path], Path | None]


def choose_folder(parent: QWidget, start: Path) -> Path | None:
    """Ask the person for a folder."""
    name = QFileDialog.getExistingDirectory(parent, "Where shall the report go?", str(start))
    return Path(name) if name else None


def default_folder() -> Path:
    """The person's documents."""
    place = QStandardPaths.StandardLocation.DocumentsLocation
    return Path(QStandardPaths.writableLocation(place)) / "Hedgerow reports"


class Destination(QWidget):
    """One folder."""

    def __init__(self, folder: Path, choose: Chooser, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._choose = choose
        self._where = muted("", wrap=True)
        self.folder = folder
        self.setLayout(column(flowing(button("Choose a folder", self._pressed), self._where)))
        self._say()

    def _say(self) -> None:
        self._where.setText(f"Goes to {self.folder.name}")
        self._where.setToolTip(plain_tip(str(self.folder)))

    def _pressed(self) -> None:
        chosen = self._choose(self, self.folder)
        if chosen is not None:
            self.folder = chosen
            self._say()
