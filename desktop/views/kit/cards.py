"""Cards and empty states."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame, QLayout, QPushButton, QVBoxLayout, QWidget

from desktop.views.kit.buttons import button, primary
from desktop.views.kit.labels import label, paragraph
from desktop.views.kit.layout import Part, add, clear, row

if TYPE_CHECKING:
    from collections.abc import Callable


class Card(QFrame):
    """A white area with an optional heading; put parts in with `add`."""

    def __init__(self, heading: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self._body = QVBoxLayout(self)
        self._body.setContentsMargins(16, 12, 16, 14)
        self._body.setSpacing(8)
        self._heading = heading
        if heading:
            self._body.addWidget(label(heading, "section", wrap=True))

    def add(self, *parts: Part) -> Card:
        """Put parts in, top to bottom."""
        for part in parts:
            add(self._body, part)
        return self

    def clear(self) -> None:
        """Empty it but for its heading."""
        clear(self._body)
        if self._heading:
            self._body.addWidget(label(self._heading, "section", wrap=True))

    @property
    def body(self) -> QLayout:
        """The layout inside."""
        return self._body


class EmptyState(QWidget):
    """One sentence and, at most, one button; `leads`: it is what to do next on this screen."""

    def __init__(
        self,
        sentence: str,
        words: str = "",
        on_press: Callable[[], None] | None = None,
        *,
        leads: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._sentence = paragraph(sentence)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 8, 0, 8)
        layout.addWidget(self._sentence)
        self._press: QPushButton | None = None
        if words:
            self._press = (primary if leads else button)(words, on_press)
            layout.addLayout(row(self._press, None))

    @property
    def words(self) -> str:
        """The sentence."""
        return self._sentence.text()

    def say(self, sentence: str, words: str = "") -> None:
        """Another sentence, and other words on the button; without words there is no button."""
        self._sentence.setText(sentence)
        if self._press is not None:
            self._press.setText(words)
            self._press.setAccessibleName(words)
            self._press.setVisible(bool(words))
