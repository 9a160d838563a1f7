"""Things to check: before, this laptop, the register; use mine, theirs, a new value, or later."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLabel, QPushButton, QStackedWidget, QWidget

from desktop.presenters.things_to_check import ThingsPresenter
from desktop.views.form_pages.pages import first_stop
from desktop.views.form_pages.seen import SeenPart
from desktop.views.kit.bars import announce
from desktop.views.kit.buttons import button, primary, quiet
from desktop.views.kit.cards import EmptyState
from desktop.views.kit.flow import flowing
from desktop.views.kit.labels import label, muted, small, strong, title
from desktop.views.kit.layout import column, row, scrolling
from desktop.views.kit.screen import Screen
from desktop.views.things_to_check.choosing import USE, Choosing
from desktop.views.things_to_check.merged import MergedBeside

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.context import Context
    from desktop.navigation import Route
    from desktop.presenters.half_typed import HalfTyped
    from desktop.presenters.things_to_check import Thing


def make(context: Context, _route: Route) -> Screen:
    """The screen for a route."""
    return ThingsScreen(context)


class ThingsScreen(Screen, SeenPart):
    """One thing to check at a time."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._count = muted("")
        self._about = strong("")
        self._what = label("", "section", wrap=True)
        self._choosing = Choosing(self._half_of)
        self._merged = MergedBeside()
        self._choose = primary(USE, self._choose_pressed)
        self._later = button("Decide later", self._later_pressed)
        self._open = quiet("Open the record", self._open_pressed)
        self._alike = self._for_all(ThingsPresenter.choose_for_alike)
        self._rest = self._for_all(ThingsPresenter.choose_for_rest)
        self._thing: Thing | None = None
        self._stack = QStackedWidget()
        self._safe = muted(
            "Nothing is lost either way: what you do not choose stays in the history.", wrap=True
        )
        self._build()
        self._presenter = ThingsPresenter(context, self)
        self._merged.put_back_wanted.connect(self._presenter.put_back)
        self._presenter.load()

    def title(self) -> str:
        """The screen's name."""
        return "Things to check"

    def arrive(self) -> None:
        """Read again; start at the choice, or at the way on."""
        self._presenter.load()
        page, at = self._stack.currentWidget(), self.focusWidget()
        if self._thing is not None:
            start: QWidget = self._choosing.use_mine
        else:
            start = first_stop(page) or self  # nobody has looked yet
        if page is None or not page.isAncestorOf(at):
            start.setFocus()

    def _build(self) -> None:
        body = QWidget()
        body.setLayout(
            column(
                self._what,
                self._choosing,
                self._merged,
                self._safe,
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
        self._body = scrolling(body, "The thing to check")
        for page in (QWidget(), self._body, empty):
            self._stack.addWidget(page)  # the first says nothing: nobody has looked yet
        head = row(title("Things to check"), self._count, None, gap=2)
        self._whose = flowing(self._about, self._open, gap=2)  # in sight, however far one scrolls
        self._whose.hide()
        self.setLayout(column(head, self._whose, self._stack, margin=2, gap=1))
        self.layout().setStretch(2, 1)  # type: ignore[union-attr]

    def show_thing(self, thing: Thing, number: int, of: int) -> None:
        """Show one; nothing is chosen beforehand."""
        fresh = self._thing is not None and self._thing.id != thing.id
        self._thing = thing
        self._count.setText(f"{number} of {of}")
        self._about.setText(thing.about)
        self._what.setText(thing.what)
        self._choosing.show_thing(thing)
        self._merged.show_merged(thing.merged)
        self._whose.show()
        self._stack.setCurrentIndex(1)
        self.can_begin.emit()
        if fresh:
            self._begin_anew(number, of)

    def _begin_anew(self, number: int, of: int) -> None:
        """Another thing stands here: from its top, and whoever was at the buttons goes with it."""
        page = self._stack.currentWidget()
        if page is not None and page.isAncestorOf(self.focusWidget()):
            self._choosing.use_mine.setFocus()
        self._body.verticalScrollBar().setValue(0)
        announce(self, f"{number} of {of}. {self._about.text()}. {self._what.text()}")

    def show_nothing(self) -> None:
        """There is nothing to check."""
        self._thing = None
        self._choosing.forget()
        self._count.setText("")
        self._whose.hide()
        self._stack.setCurrentIndex(2)
        self.can_begin.emit()

    def forget_choice(self) -> None:
        """What is chosen and typed on the page is used."""
        self._choosing.forget()

    def hold_choice(self, *, held: bool) -> None:
        """Take no key while it is written; what stands there is kept until it is."""
        if held:
            self._choosing.set_aside()
        self._choosing.hold(held=held)

    def choose_again(self) -> None:
        """What stands there by now."""
        self._choose_pressed()

    def field_saved(self, key: str, words: str) -> None:
        """The choice is on disk, or a merged field is put back."""
        self._context.tell.say(f"{'Put back' if key == 'merged' else 'Chosen'}. {words}")

    def field_failed(self, key: str, words: str) -> None:
        """Nothing was chosen; say why."""
        if key == "new":
            self._choosing.new.show_problem(words)
        else:
            self._choosing.say_problem(words)

    def offer_for_all(self, alike: int, rest: int) -> None:
        """The same answer for all alike, and for all that are left."""
        _say_for_all(self._alike, f"For all {alike} like this:", shown=alike > 1)
        words = f"For the {rest} that are left (never for claims):"
        _say_for_all(self._rest, words, shown=rest > 1 and rest != alike)

    def flush(self) -> None:
        """Keep what is half chosen and typed."""
        self._choosing.set_aside()

    def _half_of(self, thing: Thing) -> HalfTyped:
        return self._presenter.half_of(thing)

    def _choose_pressed(self) -> None:
        part = self._choosing
        self._presenter.choose(part.choice, part.new.text, part.note.text)

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
