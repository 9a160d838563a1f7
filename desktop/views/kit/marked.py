"""A label with some of its words in bold. The text stays plain text, for readers and the printer.

The bold words are drawn from pieces, never from markup: what a person typed is a text and nothing
more. Refuses to be the only sign of anything: what is bold is also said in the description.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize
from PySide6.QtGui import (
    QFont,
    QPainter,
    QPaintEvent,
    QPalette,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
)
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from desktop.views.kit.labels import PLAIN_TEXT

if TYPE_CHECKING:
    from collections.abc import Sequence


class MarkedLabel(QLabel):
    """Wraps like any label; `text()` is all of it, without marks."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("textFormat", PLAIN_TEXT)
        self.setWordWrap(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self._pieces: tuple[tuple[str, bool], ...] = ()

    def show_pieces(self, pieces: Sequence[tuple[str, bool]]) -> None:
        """Show these pieces in order; the ones with True in bold."""
        self._pieces = tuple(pieces)
        self.setText("".join(text for text, _ in pieces))
        differs = [text.strip() for text, bold in pieces if bold]
        self.setAccessibleDescription(f"Differs: {', '.join(differs)}" if differs else "")
        self.updateGeometry()
        self.update()

    def heightForWidth(self, width: int) -> int:
        """As high as its lines, bold words among them."""
        return round(self._document(width).size().height())

    def sizeHint(self) -> QSize:
        """Its own width, or what a narrow column leaves."""
        plain = super().sizeHint()
        return QSize(plain.width(), self.heightForWidth(max(plain.width(), self.width())))

    def minimumSizeHint(self) -> QSize:
        """As narrow as any wrapping label; as high as it is now."""
        least = super().minimumSizeHint()
        return QSize(least.width(), max(least.height(), self.heightForWidth(self.width())))

    def paintEvent(self, event: QPaintEvent) -> None:
        """The pieces, in the colours of the look."""
        del event
        painter = QPainter(self)
        self._document(self.width()).drawContents(painter)

    def _document(self, width: int) -> QTextDocument:
        made = QTextDocument()
        made.setDocumentMargin(0)
        made.setDefaultFont(self.font())
        made.setTextWidth(max(width, 1))
        cursor = QTextCursor(made)
        for text, bold in self._pieces:
            style = QTextCharFormat()
            style.setForeground(self.palette().color(QPalette.ColorRole.WindowText))
            if bold:
                style.setFontWeight(QFont.Weight.Bold)
                style.setFontUnderline(True)
            cursor.insertText(text, style)
        return made
