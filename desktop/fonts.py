"""The program's own typeface, Atkinson Hyperlegible: letters that cannot be taken for others.

Screen and reports use the same family. Refuses to fail: without the files, the system's font.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QFont, QFontDatabase

FAMILY = "Atkinson Hyperlegible"
_FOLDER = Path(__file__).parent / "assets" / "fonts"


def load() -> QFont:
    """Register the files and give back the font to use."""
    found = [QFontDatabase.addApplicationFont(str(file)) for file in sorted(_FOLDER.glob("*.ttf"))]
    font = QFont()
    if any(number >= 0 for number in found):
        font.setFamily(FAMILY)
    return font
