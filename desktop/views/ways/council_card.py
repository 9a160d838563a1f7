"""The council's way in: two named people together, or nobody.

Refuses to let anybody in before the words of the key were compared with the letter.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from desktop.views.council_key import CouncilKey
from desktop.views.kit.buttons import button
from desktop.views.kit.cards import Card
from desktop.views.kit.labels import paragraph
from desktop.views.kit.layout import row

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


class CouncilCard(Card):
    """Let it in by its key, or end its way in."""

    ended = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("The council", parent)
        self.key = CouncilKey()
        self._on = paragraph(
            "Two named people of the council, together and with a sheet of words each, can open "
            "these records too."
        )
        self._off = paragraph(
            "You may let two named people of the council open these records together, for the "
            "day that you cannot. One of them alone cannot."
        )
        self.let_out = button("End the council's way in", self.ended.emit)
        self.add(self._on, self._off, self.key, row(self.let_out, None))
        for part in (self._on, self._off, self.key, self.let_out):
            part.hide()  # nobody has looked yet

    def show_way(self, *, has_way: bool) -> None:
        """Whether the council opens these records too."""
        self._on.setVisible(has_way)
        self.let_out.setVisible(has_way)
        self._off.setVisible(not has_way)
        self.key.setVisible(not has_way)
        self.key.forget()
