"""The card that says which rules of the programme this laptop works by.

Name, version, day, who agreed what the figures mean, and whether the council signed them. Changes
nothing: rules come from the council and are used from the next start.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop.presenters.pack_arrivals import RulesShown
from desktop.views.kit.cards import Card
from desktop.views.kit.chips import StatusChip
from desktop.views.kit.labels import paragraph
from desktop.views.kit.layout import row
from desktop.views.kit.shapes import Look

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from desktop.context import Context


class RulesCard(Card):
    """Shown in Settings."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__("The programme's rules on this laptop", parent)
        self._shown = RulesShown(context, self)

    def load(self) -> None:
        """Say which they are."""
        self._shown.load()

    def show_rules(self, words: str, *, signed: bool | None, amiss: tuple[str, ...]) -> None:
        """Which they are, whether the council signed them, and which came and are not used."""
        self.clear()
        look = Look.DONE if signed else Look.TODO  # an empty ring: no signature came with them
        said = "Signed by the council" if signed else "Came with the program"
        if signed is None:
            said = "Newer ones wait for the next start"
        self.add(row(StatusChip(said, look), None), paragraph(words))
        for each in amiss:
            self.add(row(StatusChip("Not used", Look.STOP), None), paragraph(each))

    def show_rules_problem(self, words: str) -> None:
        """Nobody could see which they are."""
        self.clear()
        self.add(paragraph(words))
