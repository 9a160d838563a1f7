"""Things to check: before, this laptop, the register; use mine, theirs, a new value, or later."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import (
    QButtonGroup,
    QGridLayout,
    QLabel,
    QPushButton,
    QRadioButton,
    QStackedWidget,
    QWidget,
)

from desktop.presenters.things_to_check import ThingsPresenter
from desktop.views.form_pages.fields import TextField, say_status
from desktop.views.form_pages.seen import SeenPart
from desktop.views.kit.buttons import button, primary, quiet
from desktop.views.kit.cards import Card, EmptyState
from desktop.views.kit.flow import flowing
from desktop.views.kit.labels import label, muted, overline, paragraph, small, strong, title
from desktop.views.kit.layout import column, row, scrolling
from desktop.views.kit.screen import Screen

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.context import Context
    from desktop.navigation import Route
    from desktop.presenters.things_to_check import Thing


def make(context: Context, _route: Route) -> Screen:
    """The screen for a route."""
    return ThingsScreen(context)


class ThingsScreen(SeenPart, Screen):
    """One thing to check at a time."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._count = muted("")
        self._about = strong("")
        self._what = label("", "section", wrap=True)
        self._before = paragraph("")
        self._mine, self._mine_who = paragraph(""), small("", wrap=True)
        self._theirs, self._theirs_who = paragraph(""), small("", wrap=True)
        self._in_use = small("In use until you choose.", wrap=True)
        self._use_mine = QRadioButton("Use mine")
        self._use_theirs = QRadioButton("Use the register's")
        self._use_new = QRadioButton("Write a new value")
        self._group = QButtonGroup(self)
        for each in (self._use_mine, self._use_theirs, self._use_new):
            self._group.addButton(each)
        self._new = TextField("New value")
        self._note = TextField("Why? This goes in the history. You can leave it empty.")
        self._status = small("", wrap=True)
        self._choose = primary("Use this choice", self._choose_pressed)
        self._later = button("Decide later", self._later_pressed)
        self._open = quiet("Open the record", self._open_pressed)
        self._alike = self._for_all(ThingsPresenter.choose_for_alike)
        self._rest = self._for_all(ThingsPresenter.choose_for_rest)
        self._waiting: dict[str, dict[str, str]] = {}  # typed for a thing that was left for later
        self._thing: Thing | None = None
        self._stack = QStackedWidget()
        self._safe = muted(
            "Nothing is lost either way: what you do not choose stays in the history.", wrap=True
        )
        self._safe.hide()
        self._build()
        self._presenter = ThingsPresenter(context, self)
        self._presenter.load()

    def title(self) -> str:
        """The screen's name."""
        return "Things to check"

    def arrive(self) -> None:
        """Read again."""
        self._presenter.load()

    def _build(self) -> None:
        sides = QGridLayout()
        sides.setHorizontalSpacing(16)
        cards: tuple[tuple[str, tuple[QWidget, ...]], ...] = (
            ("Before", (self._before,)),
            ("On this laptop", (self._mine, self._mine_who, self._use_mine)),
            ("On the register", (self._theirs, self._theirs_who, self._in_use, self._use_theirs)),
        )
        for number, (heading, parts) in enumerate(cards):
            card = Card()
            card.add(overline(heading), *parts, None)
            sides.addWidget(card, 0, number)
            sides.setColumnStretch(number, 1)
        self._use_new.toggled.connect(self._new.setEnabled)
        self._new.setEnabled(False)
        body = QWidget()
        body.setLayout(
            column(
                flowing(self._about, self._open, gap=2),
                self._what,
                sides,
                self._use_new,
                self._new,
                self._note,
                self._status,
                flowing(self._choose, self._later),
                1,
                flowing(*self._alike),
                flowing(*self._rest),
                None,
                margin=0,
                gap=1,
            )
        )
        empty = QWidget()
        today = EmptyState("Nothing to check.", "Go to Today", self._today_pressed)
        empty.setLayout(column(today, None))
        for page in (QWidget(), scrolling(body, "The thing to check"), empty):
            self._stack.addWidget(page)  # the first says nothing: nobody has looked yet
        head = row(title("Things to check"), self._count, None, gap=2)
        self.setLayout(column(head, self._safe, self._stack, margin=2, gap=1))
        self.layout().setStretch(2, 1)  # type: ignore[union-attr]

    def show_thing(self, thing: Thing, number: int, of: int) -> None:
        """Show one; nothing is chosen beforehand."""
        fresh = self._thing is None or self._thing.id != thing.id
        if fresh:
            self._set_aside()
        self._thing = thing
        self._count.setText(f"{number} of {of}")
        self._about.setText(thing.about)
        self._what.setText(thing.what)
        self._before.setText(thing.before)
        self._mine.setText(thing.mine.words)
        self._mine_who.setText(thing.mine.who)
        self._theirs.setText(thing.theirs.words)
        self._theirs_who.setText(thing.theirs.who)
        self._use_mine.setAccessibleName(f"Use mine: {thing.mine.words}")
        self._use_theirs.setAccessibleName(f"Use the register's: {thing.theirs.words}")
        for part in (self._use_new, self._new):
            part.setVisible(thing.can_be_typed)
        if fresh:
            self._clear_choice()
            self._give_back(self._waiting.pop(thing.id, {}))
        self._safe.show()
        self._stack.setCurrentIndex(1)

    def show_nothing(self) -> None:
        """There is nothing to check."""
        self._thing = None
        self._waiting.clear()
        self._count.setText("")
        self._safe.hide()
        self._stack.setCurrentIndex(2)

    def field_saved(self, _key: str, words: str) -> None:
        """The choice is on disk."""
        self._context.tell.say(f"Chosen. {words}")

    def field_failed(self, key: str, words: str) -> None:
        """Nothing was chosen; say why."""
        if key == "new":
            self._new.show_problem(words)
        else:
            self._say_problem(words)

    def offer_for_all(self, alike: int, rest: int) -> None:
        """The same answer for all alike, and for all that are left."""
        _say_for_all(self._alike, f"For all {alike} like this:", shown=alike > 1)
        words = f"For the {rest} that are left (never for claims):"
        _say_for_all(self._rest, words, shown=rest > 1 and rest != alike)

    def keep_state(self) -> dict[str, Any]:
        """What was chosen and typed and not used yet, by thing."""
        self._set_aside()
        return {"waiting": dict(self._waiting)}

    def restore_state(self, state: dict[str, Any]) -> None:
        """As it was left."""
        waiting = state.get("waiting")
        if isinstance(waiting, dict):
            self._waiting = {
                str(thing): {str(key): str(value) for key, value in kept.items()}
                for thing, kept in waiting.items()
                if isinstance(kept, dict)
            }

    def _set_aside(self) -> None:
        if self._thing is None:
            return
        kept = {"choice": self._choice(), "new": self._new.text, "note": self._note.text}
        if any(kept.values()):
            self._waiting[self._thing.id] = kept
        else:
            self._waiting.pop(self._thing.id, None)

    def _give_back(self, kept: dict[str, str]) -> None:
        boxes = {"mine": self._use_mine, "theirs": self._use_theirs, "new": self._use_new}
        box = boxes.get(kept.get("choice", ""))
        if box is not None:
            box.setChecked(True)
        for field, key in ((self._new, "new"), (self._note, "note")):
            if kept.get(key):
                field.restore(kept[key])
                field.show_nothing()

    def _say_problem(self, words: str) -> None:
        say_status(self._status, words, "problem")

    def _clear_choice(self) -> None:
        self._group.setExclusive(False)
        for each in self._group.buttons():
            each.setChecked(False)
        self._group.setExclusive(True)
        self._new.empty()
        self._new.show_nothing()
        self._note.empty()
        self._status.setText("")

    def _choice(self) -> str:
        if self._use_mine.isChecked():
            return "mine"
        if self._use_theirs.isChecked():
            return "theirs"
        return "new" if self._use_new.isChecked() else ""

    def _choose_pressed(self) -> None:
        self._presenter.choose(self._choice(), self._new.text, self._note.text)

    def _later_pressed(self) -> None:
        self._presenter.decide_later()

    def _for_all(
        self, choose: Callable[[ThingsPresenter, str], None]
    ) -> tuple[QLabel, QPushButton, QPushButton]:
        def press(choice: str) -> None:
            choose(self._presenter, choice)

        return (
            small(""),
            button("Use mine for all", partial(press, "mine")),
            button("Use the register's for all", partial(press, "theirs")),
        )

    def _today_pressed(self) -> None:
        self._context.open_route("today")

    def _open_pressed(self) -> None:
        if self._thing is not None and self._thing.enterprise_id:
            self._context.open_route("enterprise", id=self._thing.enterprise_id)


def _say_for_all(
    parts: tuple[QLabel, QPushButton, QPushButton], words: str, *, shown: bool
) -> None:
    says, *buttons = parts
    says.setText(words)
    for each in buttons:
        each.setAccessibleName(f"{words} {each.text()}")
    for part in parts:
        part.setVisible(shown)
