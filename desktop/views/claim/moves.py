"""What this person may do with a claim now: a button, the few fields it needs, or why not."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desktop.presenters import words as say
from desktop.presenters.claim_picture import REASONS
from desktop.views.form_pages.fields import ChoiceField, Field, TextField
from desktop.views.kit.buttons import button, primary
from desktop.views.kit.labels import small, strong
from desktop.views.kit.layout import add, clear, column, row

if TYPE_CHECKING:
    from desktop.presenters.claim_picture import ClaimPicture, LineRow, Move

FIRST = ("claim.submit", "claim.check", "claim.recommend", "claim.approve", "claim.agree",
         "claim.commit", "claim.pay", "claim.evidence", "claim.close")  # fmt: skip
ACCEPT = ("", "Accept this cost")


class MovesPane(QWidget):
    """One part for each decision; `wanted` carries the move and its payload."""

    wanted = Signal(object, object)
    mistake = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = column(gap=1)
        self.setLayout(self._column)
        self._fields: dict[str, dict[str, Field]] = {}
        self._names: tuple[object, ...] = ()

    def show_moves(self, picture: ClaimPicture) -> None:
        """Build again only when what can be done has changed: typed text stays."""
        names = (picture.moves, tuple((each.id, each.outcome) for each in picture.lines))
        if names == self._names:
            return
        self._names = names
        clear(self._column)
        self._fields = {}
        order = sorted(picture.moves, key=lambda m: m.name not in FIRST)
        main = next((m for m in order if m.name in FIRST and not m.stops), None)
        for move in order:
            self._add(move, picture, main=move is main)
        if not order:
            self._column.addWidget(small("There is nothing for you to decide here now."))

    def _add(self, move: Move, picture: ClaimPicture, *, main: bool) -> None:
        if move.stops:
            self._column.addWidget(strong(move.title))
            for each in move.stops:
                self._column.addWidget(small(each, wrap=True))
            return
        fields = self._fields.setdefault(move.name, {})
        for need in move.needs:
            for key, field in _fields(need, picture.lines):
                fields[key] = field
                self._column.addWidget(field)
        press = partial(self._press, move)
        made = primary(move.title, press) if main else button(move.title, press)
        add(self._column, row(made, None))
        if move.online_only:
            self._column.addWidget(small("Only with a connection.", wrap=True))

    def _press(self, move: Move) -> None:
        payload: dict[str, Any] = {}
        lines: dict[str, str] = {}
        for key, field in self._fields[move.name].items():
            if key.startswith("lines/") and isinstance(field, ChoiceField):
                lines[key.removeprefix("lines/")] = field.value
            elif isinstance(field, ChoiceField):
                payload[key] = field.value
            elif isinstance(field, TextField):
                try:
                    payload[key] = _typed(key, field.text)
                except say.NotThat as error:
                    field.show_problem(str(error))
                    return
        if lines:
            payload["lines"] = lines
        self.wanted.emit(move, payload)


def _typed(key: str, text: str) -> object:
    return say.read_day(text) if key in ("paid_on", "on") else text.strip()


def _fields(need: str, lines: tuple[LineRow, ...]) -> list[tuple[str, Field]]:
    if need == "lines":
        turned = tuple((code, f"Turn down: {said}") for code, said in REASONS)
        return [
            (
                f"lines/{each.id}",
                ChoiceField(f"{each.what}, {each.amount}", turned, nothing=ACCEPT[1]),
            )
            for each in lines
        ]
    if need == "line":
        open_lines = tuple((e.id, f"{e.what}, {e.amount}") for e in lines if e.accepted)
        return [("line_id", ChoiceField("Which cost?", open_lines))]
    if need == "code":
        return [("code", ChoiceField("Reason", REASONS))]
    asked = {
        "note": "Note",
        "paid_on": "Paid on",
        "on": "Proof looked at on",
        "reference": "Finance's reference",
    }
    hint = "DD/MM/YYYY" if need in ("paid_on", "on") else ""
    return [(need, TextField(asked[need], placeholder=hint))]
