"""The costs of a claim: a card each, what the policy says beside it, and a way to add one.

Refuses to throw a card away that somebody may be typing in: only a cost that is gone takes it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desktop.presenters.words import counted
from desktop.views.claim.line_card import LineCard
from desktop.views.documents.adding import Chooser, choose_file
from desktop.views.form_pages.fields import say_status
from desktop.views.kit.buttons import button
from desktop.views.kit.labels import small
from desktop.views.kit.layout import column, row

if TYPE_CHECKING:
    from desktop.presenters.claim_picture import ClaimPicture, LineRow, Said


class CostsPane(QWidget):
    """Says what is typed, left, added, taken out; `str` first is always the id of the cost."""

    typing = Signal(str, str, str)  # cost, field, text
    left = Signal(str, str, str)
    half_typed = Signal(str, str)  # key of the draft, text
    remove_wanted = Signal(str)
    paper_chosen = Signal(str, str)  # cost, id of a file that is held
    paper_added = Signal(str, object)  # cost, Path
    cost_wanted = Signal()

    def __init__(self, choose: Chooser = choose_file, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._choose = choose
        self._cards: dict[str, LineCard] = {}
        self._asked = False  # a cost was asked for here: its first field gets the focus
        self._lines = column(gap=1)
        self._add = button("Add a cost", self._add_pressed)
        self._status = small("", wrap=True)
        self._status.hide()
        self.setLayout(column(self._lines, row(self._add, None), self._status, gap=1))

    def show_costs(self, picture: ClaimPicture) -> None:
        """Exactly these."""
        self._add.setVisible(picture.can_edit)
        ids = [line.id for line in picture.lines]
        for gone in [each for each in self._cards if each not in ids]:
            self._take_out(gone)
        fresh = [line for line in picture.lines if line.id not in self._cards]
        for number, line in enumerate(picture.lines, start=1):
            if line.id not in self._cards:
                self._cards[line.id] = self._card(number, line, picture)
                self._lines.insertWidget(number - 1, self._cards[line.id])
            self._cards[line.id].renumber(number)
            self._cards[line.id].show_line(line, picture)
        if self._asked and fresh:
            self._asked = False
            self._cards[fresh[-1].id].begin()

    def show_findings(self, findings: dict[str, tuple[Said, ...]]) -> None:
        """What the policy says about each, by id of the cost."""
        for line_id, card in self._cards.items():
            card.show_findings(findings.get(line_id, ()))

    def field(self, line_id: str, name: str) -> Any:
        """A field of a cost; None when it is not here."""
        card = self._cards.get(line_id)
        return card.field(name) if card is not None else None

    def say_saved(self, words: str) -> None:
        """The list of costs is on disk."""
        say_status(self._status, f"{counted(len(self._cards), 'cost')}. {words}")

    def say_problem(self, words: str) -> None:
        """It is not."""
        say_status(self._status, words, "problem")

    def _take_out(self, line_id: str) -> None:
        card = self._cards.pop(line_id)
        if card.isAncestorOf(self.focusWidget()):
            self._add.setFocus()  # the button that was pressed goes with its card
        self._lines.removeWidget(card)
        card.hide()
        card.deleteLater()

    def _card(self, number: int, line: LineRow, picture: ClaimPicture) -> LineCard:
        card = LineCard(number, line, picture)
        card.typing.connect(self.typing)
        card.left.connect(self.left)
        card.half_typed.connect(self.half_typed)
        card.remove_wanted.connect(self.remove_wanted)
        card.paper_chosen.connect(self.paper_chosen)
        card.paper_wanted.connect(self._paper_wanted)
        return card

    def _paper_wanted(self, line_id: str) -> None:
        path = self._choose(self)
        if path is not None:
            self.paper_added.emit(line_id, path)

    def _add_pressed(self) -> None:
        self._asked = True
        self.cost_wanted.emit()
