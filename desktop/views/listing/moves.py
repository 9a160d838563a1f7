"""What may be asked of the council for a listing: with a reason where one is needed, or why not."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desktop.presenters.listing_picture import MAIN, REASONED
from desktop.views.form_pages.fields import TextField, say_status
from desktop.views.kit.buttons import button, primary
from desktop.views.kit.flow import flowing
from desktop.views.kit.labels import small
from desktop.views.kit.layout import clear, column

if TYPE_CHECKING:
    from desktop.presenters.listing_picture import Move


class Moves(QWidget):
    """Buttons; `wanted` carries the move and the reason typed, "" where the move needs none."""

    wanted = Signal(object, str)

    def __init__(self, may_ask: Callable[[], bool], parent: QWidget | None = None) -> None:
        """`may_ask`: whether nothing asked for is still being written; says so where it is."""
        super().__init__(parent)
        self._may_ask = may_ask
        self.reason = TextField("Reason to suspend, hide or remove", "Never published.")
        self._answer = small("", wrap=True)
        self._answer.hide()
        self._plain = column(gap=1)
        self._reasoned = column(gap=1)
        self._shown: tuple[Move, ...] | None = None
        self.setLayout(column(self._plain, self.reason, self._reasoned, self._answer, gap=1))

    def show_moves(self, moves: tuple[Move, ...]) -> None:
        """Build again only when what can be done has changed: a typed reason stays."""
        if moves == self._shown:
            return
        self._shown = moves
        clear(self._plain)
        clear(self._reasoned)
        can = [each for each in moves if not each.stops]
        main = next((each for each in can if each.name in MAIN), None)
        plain = [self._button(each, main) for each in can if each.name not in REASONED]
        reasoned = [self._button(each, None) for each in can if each.name in REASONED]
        if plain:
            self._plain.addWidget(flowing(*plain))
        if reasoned:
            self._reasoned.addWidget(flowing(*reasoned))
        self.reason.setVisible(bool(reasoned))
        for move in moves:
            if move.stops:
                self._plain.addWidget(small(f"{move.title}: not yet. {move.stops[0]}", wrap=True))

    def show_answer(self, words: str, *, good: bool) -> None:
        """What became of asking."""
        say_status(self._answer, words, "small" if good else "problem")

    def _button(self, move: Move, main: Move | None) -> QWidget:
        press = partial(self._press, move)
        if move is main:
            return primary(move.title, press)
        return button(move.title, press, role="danger" if move.name == "listing.suspend" else "")

    def _press(self, move: Move) -> None:
        if self._may_ask():
            self.wanted.emit(move, self.reason.take() if move.name in REASONED else "")
