"""The three values of a thing to check beside one another, and the choice between them.

Keeps what was chosen and typed for each thing until it is used, also for one left for later: as a
draft, so that it is there after a power cut. Refuses a choice of its own: nothing is chosen
beforehand.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QButtonGroup, QGridLayout, QRadioButton, QWidget

from desktop.views.form_pages.fields import TextField, say_status
from desktop.views.kit.cards import Card
from desktop.views.kit.labels import overline, paragraph, small
from desktop.views.kit.layout import Part, column
from desktop.views.kit.marked import MarkedLabel

if TYPE_CHECKING:
    from desktop.presenters.half_typed import HalfTyped
    from desktop.presenters.things_to_check import Thing

USE = "Use this choice"


class Choosing(QWidget):
    """Before, mine, the register's; use one, or write a new value, and say why."""

    def __init__(
        self, half_of: Callable[[Thing], HalfTyped], parent: QWidget | None = None
    ) -> None:
        """`half_of`: what is half chosen and typed for a thing."""
        super().__init__(parent)
        self._half_of = half_of
        self._half: HalfTyped | None = None
        self._before = paragraph("")
        self._mine, self._mine_who = MarkedLabel(), small("", wrap=True)
        self._theirs, self._theirs_who = MarkedLabel(), small("", wrap=True)
        self._in_use = small("In use until you choose.", wrap=True)
        self.use_mine = QRadioButton("Use mine")
        self.use_theirs = QRadioButton("Use the register's")
        self.use_new = QRadioButton("Write a new value")
        self._group = QButtonGroup(self)
        for each in (self.use_mine, self.use_theirs, self.use_new):
            self._group.addButton(each)
        self.new = TextField("New value")
        self.note = TextField("Why? This goes in the history. You can leave it empty.")
        self.status = small("", wrap=True)
        self._thing: Thing | None = None
        self._lay_out()
        for field in (self.new, self.note):
            field.saved_by(USE)
            field.typed.connect(self._keep)
        self._group.buttonClicked.connect(self._keep)

    @property
    def choice(self) -> str:
        """`mine`, `theirs`, `new`, or "" while nothing is chosen."""
        boxes = {"mine": self.use_mine, "theirs": self.use_theirs, "new": self.use_new}
        return next((name for name, box in boxes.items() if box.isChecked()), "")

    def show_thing(self, thing: Thing) -> None:
        """Show one; what was typed for it before is there again."""
        fresh = self._thing is None or self._thing.id != thing.id
        if fresh:
            self.set_aside()
            self._half = self._half_of(thing)
        self._thing = thing
        self._before.setText(thing.before)
        self._mine.show_pieces(thing.mine.marked)
        self._mine_who.setText(thing.mine.who)
        self._theirs.show_pieces(thing.theirs.marked)
        self._theirs_who.setText(thing.theirs.who)
        self.use_mine.setAccessibleName(f"Use mine: {thing.mine.words}")
        self.use_theirs.setAccessibleName(f"Use the register's: {thing.theirs.words}")
        for part in (self.use_new, self.new):
            part.setVisible(thing.can_be_typed)
        if fresh:
            self._clear()
            if self._half is not None:
                self._half.read(partial(self._give_back, thing.id))

    def forget(self) -> None:
        """The thing on the page is settled: nothing of it is kept for later."""
        self._thing = self._half = None

    def hold(self, *, held: bool) -> None:
        """Take no key while this one is being written: it would go with the settled thing."""
        for field in (self.new, self.note):
            field.editor.setReadOnly(held)

    def set_aside(self) -> None:
        """Keep what is chosen and typed for the thing on the page."""
        if self._thing is not None:
            self._keep()

    def _keep(self, _typed: object = None) -> None:
        said = {"choice": self.choice, "new": self.new.text, "note": self.note.text}
        if self._half is not None:
            self._half.keep({key: text for key, text in said.items() if text})

    def say_problem(self, words: str) -> None:
        """Nothing was chosen; why."""
        say_status(self.status, words, "problem")

    def _give_back(self, thing_id: str, kept: dict[str, str]) -> None:
        begun = self.choice or self.new.text or self.note.text
        if begun or self._thing is None or self._thing.id != thing_id:
            return  # somebody has begun anew, or has gone on
        boxes = {"mine": self.use_mine, "theirs": self.use_theirs, "new": self.use_new}
        box = boxes.get(kept.get("choice", ""))
        if box is not None:
            box.setChecked(True)
        for field, key in ((self.new, "new"), (self.note, "note")):
            if kept.get(key):
                field.restore(kept[key])
                field.show_nothing()

    def _clear(self) -> None:
        self._group.setExclusive(False)
        for each in self._group.buttons():
            each.setChecked(False)
        self._group.setExclusive(True)
        self.new.empty()
        self.new.show_nothing()
        self.note.empty()
        self.status.setText("")

    def _lay_out(self) -> None:
        sides = QGridLayout()
        sides.setHorizontalSpacing(16)
        cards: tuple[tuple[str, tuple[Part, ...]], ...] = (  # what is pressed stands in one line
            ("Before", (self._before, None)),
            ("On this laptop", (self._mine, self._mine_who, None, self.use_mine)),
            (
                "On the register",
                (self._theirs, self._theirs_who, self._in_use, None, self.use_theirs),
            ),
        )
        for number, (heading, parts) in enumerate(cards):
            card = Card()
            card.add(overline(heading), *parts)
            sides.addWidget(card, 0, number)
            sides.setColumnStretch(number, 1)
        self.use_new.toggled.connect(self.new.setEnabled)
        self.new.setEnabled(False)
        parts_below = (sides, self.use_new, self.new, self.note, self.status)
        self.setLayout(column(*parts_below, margin=0, gap=1))
