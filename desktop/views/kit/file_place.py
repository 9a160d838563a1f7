"""Which folder a question for a file begins in: where the last file came from, else the documents.

Refuses the folder that the program was started in: nobody keeps their papers there.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QFileDialog, QWidget

_LAST = "files_come_from"  # a property of the window: forgotten when the program ends


def ask_for_file(parent: QWidget, words: str, kinds: str) -> Path | None:
    """Ask for one file of these kinds ("Tables (*.csv)"); None when nothing was chosen."""
    window = parent.window()
    documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    start = str(window.property(_LAST) or documents)
    name, _ = QFileDialog.getOpenFileName(parent, words, start, kinds)
    if not name:
        return None
    window.setProperty(_LAST, str(Path(name).parent))
    return Path(name)
