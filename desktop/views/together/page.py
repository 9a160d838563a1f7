"""A page of the shared window: a column that scrolls, and a place where the focus starts."""

from __future__ import annotations

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QScrollArea, QVBoxLayout, QWidget

from desktop.views.form_pages.fields import say_status
from desktop.views.kit.fields import LineField
from desktop.views.kit.labels import small
from desktop.views.kit.layout import Part, add


class Page(QWidget):
    """Inherit, fill with `put`, and say where the focus starts."""

    letters = 0  # a page with little on it is this wide and in the middle; 0: as wide as there is

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(28, 24, 28, 24)
        self.body.setSpacing(14)
        self.status = small("", wrap=True)  # how it went; each page puts it where it belongs
        self.status.setParent(self)
        self.status.hide()

    def put(self, *parts: Part) -> None:
        """Parts from top to bottom."""
        for part in parts:
            add(self.body, part)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Stay in the middle."""
        super().resizeEvent(event)
        if self.letters:
            wide = self.letters * self.fontMetrics().averageCharWidth()
            room = max(28, (self.width() - wide) // 2)
            self.body.setContentsMargins(room, 24, room, 24)

    def tell(self, words: str, role: str = "small") -> None:
        """How it went: "small" quietly, "strong" as news, "problem" as what to put right."""
        say_status(self.status, words, role)
        if words and role != "small":
            self.show_part(self.status)

    def show_part(self, part: QWidget) -> None:
        """Scroll until a part can be seen: words that say how it went."""
        at: QWidget | None = self
        while at is not None and not isinstance(at, QScrollArea):
            at = at.parentWidget()
        if isinstance(at, QScrollArea):
            self.body.activate()
            at.ensureWidgetVisible(part, 0, 120)

    def first(self) -> QWidget | None:
        """Where the focus starts."""
        return None

    def arrive(self) -> None:
        """The page is in front."""
        start = self.first()
        if start is not None:
            start.setFocus()


def line(words: str, value: str = "", hint: str = "", *, letters: int = 0) -> LineField:
    """One line to type in, whose words break when there is little room."""
    made = LineField(words, value, hint)
    for each in made.findChildren(QLabel):
        each.setWordWrap(True)
    if letters:
        made.edit.setMaximumWidth(letters * 12)
    return made
