"""The shortcut sheet (Ctrl+/): every key there is, made from the list of actions.

What works on the screen one came from stands first. Refuses a key of its own: a key that is not in
the list of actions, or told by a screen, does not exist.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from desktop.views.kit.cards import Card
from desktop.views.kit.labels import label, muted, strong, title
from desktop.views.kit.layout import clear, column, scrolling
from desktop.views.kit.screen import Screen

if TYPE_CHECKING:
    from collections.abc import Iterable

    from desktop.actions import Actions
    from desktop.context import Context
    from desktop.navigation import Route

IN_A_LIST: tuple[tuple[str, str], ...] = (
    ("Tab, Shift+Tab", "Next, previous field or button"),
    ("Up, Down", "Move in a list"),
    ("Enter, Space", "Open or press; tick a box"),
    ("Ctrl+C", "Copy the chosen line of a list"),
    ("Escape", "Close a list or a message"),
)


def make(context: Context, route: Route) -> KeysScreen:
    """The factory named in `screens.py`."""
    del route
    return KeysScreen(context.actions)


class KeysScreen(Screen):
    """Two cards of keys; made again each time, because the screen before may be another."""

    def __init__(self, actions: Actions | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._actions = actions
        self._cards = QVBoxLayout()
        self._cards.setSpacing(12)
        page = QWidget()
        note = muted("Press F1 for help in words. Alt+Left goes back to where you were.", wrap=True)
        page.setLayout(column(title("Keys on the keyboard"), note, self._cards, None, margin=2))
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scrolling(page, "Keys on the keyboard"))

    def title(self) -> str:
        """What Back calls it."""
        return "Keys"

    def arrive(self) -> None:
        """Show the keys of now."""
        clear(self._cards)
        if self._actions is None:
            return
        place, here = self._actions.last_keys
        if here:
            self._cards.addWidget(keys_card(f"On the page you came from: {place}", here))
        self._cards.addWidget(keys_card("Everywhere", window_keys(self._actions)))
        self._cards.addWidget(keys_card("In any list or form", IN_A_LIST))


def window_keys(actions: Actions) -> list[tuple[str, str]]:
    """(keys, words) of everything that can be done from anywhere."""
    return [(" or ".join(each.all_shortcuts), each.words) for each in actions if each.all_shortcuts]


def keys_card(heading: str, pairs: Iterable[tuple[str, str]]) -> Card:
    """A card with the keys at the left and what they do at the right."""
    card = Card(heading)
    grid = QGridLayout()
    grid.setHorizontalSpacing(24)
    grid.setColumnStretch(1, 1)
    for line, (keys, words) in enumerate(pairs):
        grid.addWidget(strong(keys), line, 0)
        grid.addWidget(label(words, wrap=True), line, 1)
    card.add(grid)
    return card
