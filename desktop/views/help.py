"""Help: what this program promises, the keys, and what it does not protect against.

The keys have a sheet of their own (Ctrl+/), made from the actions there are. Refuses to need a
network.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from desktop.presenters.help_words import HOW_TO, LIMITS, NUMBERS_HEADING, PROMISES, STATEMENT
from desktop.views.kit.buttons import button
from desktop.views.kit.cards import Card
from desktop.views.kit.flow import flowing
from desktop.views.kit.labels import label, muted, paragraph, strong, title
from desktop.views.kit.layout import column, scrolling
from desktop.views.kit.screen import Screen

if TYPE_CHECKING:
    from desktop.context import Context
    from desktop.navigation import Route

TOP = 8  # pixels above a topic that was asked for


def make(context: Context, route: Route) -> HelpScreen:
    """The factory named in `screens.py`; `topic` is what to show first."""
    screen = HelpScreen(context.pack.safeguarding_numbers)
    screen.keys_wanted.connect(partial(context.open_route, "keys"))
    screen.changes_wanted.connect(partial(context.open_route, "recent_changes"))
    screen.begin_at(route.get("topic"))
    return screen


class HelpScreen(Screen):
    """Cards of plain words."""

    keys_wanted = Signal()
    changes_wanted = Signal()

    def __init__(
        self, numbers: tuple[tuple[str, str], ...] = (), parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._topics: dict[str, QWidget] = {}
        self._first = ""
        self._keys = button("Show all keys", self.keys_wanted.emit, shortcut="Ctrl+/")
        page = QWidget()
        body = column(title("Help"), margin=2)
        changes = button("Recent changes", self.changes_wanted.emit)
        body.addWidget(flowing(self._keys, changes))
        if numbers:
            body.addWidget(_pairs(NUMBERS_HEADING, numbers))
        body.addWidget(self._parts("How do I...", "how", HOW_TO))
        body.addWidget(self._parts("What Hedgerow promises", "promise", PROMISES, numbered=True))
        body.addWidget(self._words("What it cannot protect against", "limits", LIMITS))
        body.addWidget(self._words("Accessibility", "accessibility", STATEMENT))
        body.addStretch(1)
        page.setLayout(body)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        self._area = scrolling(page, "Help")
        outer.addWidget(self._area)

    def title(self) -> str:
        """What Back calls it."""
        return "Help"

    def begin_at(self, topic: str) -> None:
        """The topic to show when the page comes up."""
        self._first = topic if topic in self._topics else ""

    def arrive(self) -> None:
        """Show the topic that was asked for."""
        self._keys.setFocus()
        part, page = self._topics.get(self._first), self._area.widget()
        if part is not None and page is not None:
            page.adjustSize()
            at = part.mapTo(page, part.rect().topLeft())
            self._area.verticalScrollBar().setValue(at.y() - TOP)
            self._first = ""

    def _parts(
        self, heading: str, key: str, parts: tuple[tuple[str, str], ...], *, numbered: bool = False
    ) -> Card:
        card = Card(heading)
        for number, (words, more) in enumerate(parts):
            line = strong(f"{number + 1}.  {words}" if numbered else words)
            self._topics[f"{key}-{number}"] = line
            card.add(column(line, muted(more, wrap=True), gap=0))
        return card

    def _words(self, heading: str, key: str, parts: tuple[str, ...]) -> Card:
        card = Card(heading)
        self._topics[key] = card
        for part in parts:
            card.add(paragraph(part))
        return card


def _pairs(heading: str, pairs: tuple[tuple[str, str], ...]) -> Card:
    card = Card(heading)
    grid = QGridLayout()
    grid.setHorizontalSpacing(24)
    grid.setColumnStretch(0, 1)
    grid.setColumnStretch(1, 1)
    for place, (left, right) in enumerate(pairs):
        grid.addWidget(label(left, "strong", wrap=True), place, 0)
        grid.addWidget(label(right, wrap=True), place, 1)
    card.add(grid)
    return card
