"""Help: what this program promises, the keys, and what it does not protect against.

The keys have a sheet of their own (Ctrl+/), made from the actions there are. Refuses to need a
network.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from desktop.views.help_words import LIMITS, NUMBERS_HEADING, PROMISES, STATEMENT
from desktop.views.kit.buttons import button
from desktop.views.kit.cards import Card
from desktop.views.kit.labels import label, muted, paragraph, strong, title
from desktop.views.kit.layout import column, row, scrolling
from desktop.views.kit.screen import Screen

if TYPE_CHECKING:
    from desktop.context import Context
    from desktop.navigation import Route


def make(context: Context, route: Route) -> HelpScreen:
    """The factory named in `screens.py`."""
    del route
    screen = HelpScreen(context.pack.safeguarding_numbers)
    screen.keys_wanted.connect(partial(context.open_route, "keys"))
    return screen


class HelpScreen(Screen):
    """Cards of plain words."""

    keys_wanted = Signal()

    def __init__(
        self, numbers: tuple[tuple[str, str], ...] = (), parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        page = QWidget()
        body = column(title("Help"), margin=2)
        if numbers:
            body.addWidget(_pairs(NUMBERS_HEADING, numbers))
        body.addWidget(_promises())
        keys = Card("Keys on the keyboard")
        keys.add(row(button("Show all keys", self.keys_wanted.emit, shortcut="Ctrl+/"), None))
        body.addWidget(keys)
        body.addWidget(_words("What it cannot protect against", LIMITS))
        body.addWidget(_words("Accessibility", STATEMENT))
        body.addStretch(1)
        page.setLayout(body)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        self._area = scrolling(page, "Help")
        outer.addWidget(self._area)

    def title(self) -> str:
        """What Back calls it."""
        return "Help"


def _promises() -> Card:
    card = Card("What Hedgerow promises")
    for number, (promise, more) in enumerate(PROMISES, start=1):
        card.add(column(strong(f"{number}.  {promise}"), muted(more, wrap=True), gap=0))
    return card


def _words(heading: str, parts: tuple[str, ...]) -> Card:
    card = Card(heading)
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
