"""Tool tips as plain text: Qt reads a tip that looks like markup as markup, and has no other way.

Refuses nothing: every text comes through, and is shown letter by letter.
"""

from __future__ import annotations

from html import escape

from PySide6.QtGui import Qt


def plain_tip(text: str) -> str:
    """A tip that shows exactly this text, with its line breaks; most texts stay as they are."""
    if not Qt.mightBeRichText(text):
        return text
    return f"<qt>{escape(text).replace(chr(10), '<br>')}</qt>"
