"""What this person may do with a claim now: a button, the few fields it needs, or why not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.presenters import words as say
from desktop.presenters.claim_picture import REASONS
from desktop.views.form_pages.day_field import DayField
from desktop.views.form_pages.fields import ChoiceField, Field, TextField
from desktop.views.form_pages.kept_fields import KeptFields
from desktop.views.kit.buttons import button, primary
from desktop.views.kit.labels import label, small
from desktop.views.kit.layout import clear, column

if TYPE_CHECKING:
    from desktop.presenters.claim_picture import ClaimPicture, LineRow, Move
    from desktop.presenters.half_typed import HalfTyped

FIRST = ("claim.submit", "claim.check", "claim.recommend", "claim.approve", "claim.agree",
         "claim.commit", "claim.pay", "claim.evidence", "claim.close",
         "claim.vary_agree", "claim.recover")  # fmt: skip
ACCEPT = "Accept this cost"
_DAYS = frozenset({"paid_on", "on"})  # what has happened: they lean back


class MovesPane(QWidget):
    """The next move in full, the others to choose from; `wanted` carries move and payload."""

    wanted = Signal(object, object)

    def __init__(
        self,
        half_of: Callable[[str], HalfTyped],
        may_ask: Callable[[], bool],
        parent: QWidget | None = None,
    ) -> None:
        """`half_of`: what is half typed for a move, by its name.

        `may_ask`: whether nothing that was asked for is still on its way; says so where it is.
        """
        super().__init__(parent)
        self._half_of, self._may_ask = half_of, may_ask
        self._kept: dict[str, KeptFields] = {}
        self._pressed = ""  # the move that was asked for last
        self._taken: dict[str, str] = {}  # what stood in its fields then
        self._which: ChoiceField | None = None
        self._column = column(gap=1)
        self.setLayout(self._column)
        self._fields: dict[str, dict[str, Field]] = {}
        self._parts: dict[str, QWidget] = {}
        self._shown: tuple[object, ...] = ()
        self._today = date.min

    def show_moves(self, picture: ClaimPicture) -> None:
        """Build again only when what can be done has changed: typed text stays."""
        self._today = picture.today
        shown = (picture.moves, tuple((each.id, each.outcome) for each in picture.lines))
        if shown == self._shown:
            return
        self._shown = shown
        clear(self._column)
        self._fields, self._parts, self._kept = {}, {}, {}
        can = [each for each in picture.moves if not each.stops]
        main = next((each for each in can if each.name in FIRST), None)
        if main is not None:
            self._add(main, picture, main=True)
        others = "Or something else" if main is not None else "What do you want to do?"
        self._add_others(others, [each for each in can if each is not main], picture)
        self._say_stops(picture.moves)
        if not picture.moves:
            none = small("There is nothing for you to decide here now.", wrap=True)
            self._column.addWidget(none)

    def _say_stops(self, moves: tuple[Move, ...]) -> None:
        """What cannot be done now and why; what has the same reasons is said once."""
        alike: dict[tuple[str, ...], list[str]] = {}
        for move in moves:
            if move.stops:
                alike.setdefault(move.stops, []).append(move.title)
        for stops, titles in alike.items():
            self._column.addWidget(label(f"Not now: {', '.join(titles)}", wrap=True))
            for because in stops:
                self._column.addWidget(small(because, wrap=True))

    def _add_others(self, asked: str, others: list[Move], picture: ClaimPicture) -> None:
        if not others:
            return
        titles = tuple((each.name, each.title) for each in others)
        which = ChoiceField(asked, titles, nothing="Choose what to do")
        which.committed.connect(self._chosen)
        self._column.addWidget(which)
        self._which = which
        for move in others:
            self._add(move, picture, main=False)

    def _chosen(self, name: object) -> None:
        for each, part in self._parts.items():
            part.setVisible(each == name)

    def was_asked(self) -> None:
        """What was asked for is on its way: its note is no longer half typed.

        Its fields may have been built anew meanwhile, or be there no more.
        """
        kept = self._kept.get(self._pressed)
        if kept is not None:
            kept.was_taken(self._taken)
        elif self._taken:
            self._half_of(self._pressed).drop()
        self._pressed, self._taken = "", {}

    def _go_on_with(self, name: str) -> None:
        """A note for this move was half typed."""
        if self._which is not None and name in self._parts:
            self._which.set_value(name)
            self._chosen(name)

    def _add(self, move: Move, picture: ClaimPicture, *, main: bool) -> None:
        fields = self._fields.setdefault(move.name, {})
        layout = column(gap=1)
        for need in move.needs:
            for key, field in _fields(need, picture.lines, move.name, lambda: self._today):
                fields[key] = field
                layout.addWidget(field)
        press = partial(self._press, move)
        made = primary(move.title, press) if main else button(move.title, press)
        made.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        layout.addWidget(made)
        if move.online_only:
            layout.addWidget(small("Only with a connection.", wrap=True))
        part = QWidget()
        part.setLayout(layout)
        if not main:
            self._parts[move.name] = part
            part.hide()
        self._column.addWidget(part)
        if fields:
            go_on = partial(self._go_on_with, move.name)
            self._kept[move.name] = KeptFields(
                self._half_of(move.name), move.title, fields, then=go_on
            )
            self._kept[move.name].give_back()

    def _press(self, move: Move) -> None:
        if not self._may_ask():
            return
        payload: dict[str, Any] = {}
        lines: dict[str, str] = {}
        kept = self._kept.get(move.name)
        self._pressed, self._taken = move.name, {} if kept is None else kept.take()
        for key, field in self._fields[move.name].items():
            if key.startswith("lines/") and isinstance(field, ChoiceField):
                lines[key.removeprefix("lines/")] = field.value
            elif isinstance(field, ChoiceField):
                payload[key] = field.value
            elif isinstance(field, TextField):
                try:
                    payload[key] = _typed(key, field.text, self._today)
                except say.NotThat as error:
                    field.show_problem(str(error))
                    return
        if lines:
            payload["lines"] = lines
        self.wanted.emit(move, payload)


def _typed(key: str, text: str, today: date) -> object:
    if key == "pence":
        return say.read_money(text) if text.strip() else ""
    if key in _DAYS:
        return say.read_day(text, today, ahead=False)
    return text.strip()


def _fields(
    need: str, lines: tuple[LineRow, ...], move: str, today: Callable[[], date]
) -> list[tuple[str, Field]]:
    if need == "lines":
        turned = tuple((code, f"Turn down: {said}") for code, said in REASONS)
        return [
            (
                f"lines/{each.id}",
                ChoiceField(f"{each.what}, {each.amount}", turned, nothing=ACCEPT),
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
        "what": "What it is for now, if that changes",
        "pence": "New amount, if it goes down",
    }
    if move == "claim.recover" and need == "on":
        asked["on"] = "Came back on"
    if need in _DAYS:
        return [(need, DayField(asked[need], today))]
    return [(need, TextField(asked[need]))]
