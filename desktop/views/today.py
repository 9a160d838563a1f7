"""Today on screen (W1): visits, what is due, what waits on others, who has gone quiet.

Each line leads with the name. Refuses icons without words and lists without an end.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.presenters.today import Promise, TodayPage, TodayPresenter, Visit, Wait
from desktop.views.kit.buttons import button, primary, quiet
from desktop.views.kit.cards import Card, EmptyState
from desktop.views.kit.chips import StatusChip
from desktop.views.kit.labels import label, muted, strong, title
from desktop.views.kit.layout import clear, column, row, scrolling
from desktop.views.kit.screen import Screen
from desktop.views.kit.shapes import Look

if TYPE_CHECKING:
    from desktop.context import Context
    from desktop.navigation import Route


def make(context: Context, route: Route) -> TodayScreen:
    """The factory named in `screens.py`."""
    del route
    screen = TodayScreen()
    screen.use(TodayPresenter(screen, context))
    return screen


class TodayScreen(Screen):
    """One scrolling page of cards."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._presenter: TodayPresenter | None = None
        self._heading = title("Today")
        self._note = primary("Quick note", self._new_note)
        self._note.setToolTip("Quick note (Ctrl+N)")
        self._parts = QVBoxLayout()
        self._parts.setSpacing(12)
        page = QWidget()
        top = row(self._heading, None, self._note)
        body = column(top, self._parts, None, margin=2, gap=1)
        page.setLayout(body)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        self._area = scrolling(page, "Today")
        outer.addWidget(self._area)

    def use(self, presenter: TodayPresenter) -> None:
        """Give the page its presenter."""
        self._presenter = presenter

    def title(self) -> str:
        """What Back calls it."""
        return "Today"

    def arrive(self) -> None:
        """Read again: the day may have changed."""
        if self._presenter is not None:
            self._presenter.load()
        self._note.setFocus()

    def keep_state(self) -> dict[str, int]:
        """Where it is scrolled to."""
        return {"scroll": self._area.verticalScrollBar().value()}

    def show_page(self, page: TodayPage) -> None:
        """Show it all."""
        self._heading.setText(page.heading)
        clear(self._parts)
        if page.to_check:
            self._parts.addWidget(self._to_check(page.to_check))
        if page.is_calm:
            self._parts.addWidget(self._calm(page))
            return
        for card in (
            self._visits(page),
            self._due(page),
            self._waits(page),
            self._quiet_ones(page),
        ):
            if card is not None:
                self._parts.addWidget(card)

    def _visits(self, page: TodayPage) -> Card:
        card = Card("Seeing today")
        if not page.visits:
            card.add(muted("No visits in the diary for today."))
        for visit in page.visits:
            card.add(self._visit(visit))
        return card

    def _visit(self, visit: Visit) -> QHBoxLayout:
        when = strong(visit.at)
        when.setMinimumWidth(when.fontMetrics().horizontalAdvance("00:00 "))
        about = column(
            row(strong(visit.name), muted(_dot(visit.place, visit.progress)), None), gap=0
        )
        if visit.next_step:
            about.addWidget(muted(f"Next: {visit.next_step}", wrap=True))
        return _line(when, about, self._open_button(visit.enterprise_id, visit.name))

    def _due(self, page: TodayPage) -> Card:
        card = Card("To do this week")
        if not page.due:
            card.add(muted("Nothing due this week."))
        for promise in page.due:
            card.add(self._promise(promise))
        if page.more_due:
            card.add(muted(f"and {page.more_due} more after these"))
        return card

    def _promise(self, promise: Promise) -> QHBoxLayout:
        about = column(label(promise.text, wrap=True), gap=0)
        about.addLayout(row(quiet_name(promise.name), muted(promise.due), None))
        presenter = self._presenter
        done = button("Done", name=f"Done: {promise.text}")
        later = button("Move to Monday", name=f"Move to Monday: {promise.text}")
        if presenter is not None:
            done.clicked.connect(partial(_press, presenter.done, promise.action_id, promise.text))
            later.clicked.connect(
                partial(_press, presenter.to_monday, promise.action_id, promise.text)
            )
        return _line(
            None, about, self._open_button(promise.enterprise_id, promise.name), done, later
        )

    def _waits(self, page: TodayPage) -> Card | None:
        if not page.waits:
            return None
        card = Card("Waiting on others")
        for wait in page.waits:
            card.add(self._wait(wait))
        if page.more_waits:
            card.add(muted(f"and {page.more_waits} more after these"))
        return card

    def _wait(self, wait: Wait) -> QHBoxLayout:
        with_whom = f"with {wait.with_whom}" if wait.with_whom else ""
        about = column(label(wait.text, wrap=True), gap=0)
        about.addLayout(row(quiet_name(wait.name), muted(_dot(with_whom, wait.since)), None))
        return _line(None, about, self._open_button(wait.enterprise_id, wait.name))

    def _quiet_ones(self, page: TodayPage) -> Card | None:
        if not page.quiet and not page.stuck:
            return None
        card = Card("Who needs me next")
        if page.quiet:
            words = "Gone quiet: no contact for 30 days"
            card.add(_counted(words, page.quiet, "See who is quiet", partial(self._see, "quiet")))
        if page.stuck:
            words = "Waiting on somebody else"
            card.add(_counted(words, page.stuck, "See who is waiting", partial(self._see, "stuck")))
        return card

    def _to_check(self, count: int) -> Card:
        words = "1 thing to check" if count == 1 else f"{count} things to check"
        see = button("Look at them", self._see_to_check)
        card = Card()
        card.add(
            row(
                StatusChip(words, Look.STOP),
                muted("Two people changed the same thing. Nothing is lost."),
                None,
                see,
            )
        )
        return card

    def _calm(self, page: TodayPage) -> QWidget:
        if page.enterprises == 0:
            return EmptyState("No enterprises yet.", "Go to the caseload", partial(self._see, "all"))
        if page.quiet:
            words = "1 enterprise has" if page.quiet == 1 else f"{page.quiet} enterprises have"
            return EmptyState(
                f"Nothing due. {words} not been contacted for 30 days.",
                "See them",
                partial(self._see, "quiet"),
            )
        return EmptyState("Nothing due this week.", "See the caseload", partial(self._see, "all"))

    def _open_button(self, enterprise_id: str, name: str) -> QWidget:
        return button("Open", partial(self._open, enterprise_id), name=f"Open {name}")

    def _open(self, enterprise_id: str) -> None:
        if self._presenter is not None:
            self._presenter.open(enterprise_id)

    def _see(self, view: str) -> None:
        if self._presenter is not None:
            self._presenter.see(view)

    def _see_to_check(self) -> None:
        if self._presenter is not None:
            self._presenter.see_to_check()

    def _new_note(self) -> None:
        if self._presenter is not None:
            self._presenter.new_note()


def quiet_name(name: str) -> QWidget:
    """A name in the second line."""
    return strong(name)


def _line(lead: QWidget | None, about: QVBoxLayout, *buttons: QWidget) -> QHBoxLayout:
    made = row(gap=1)
    if lead is not None:
        made.addWidget(lead)
    made.addLayout(about, 1)
    for each in buttons:
        made.addWidget(each)
    return made


def _counted(words: str, count: int, press: str, on_press: partial[None]) -> QHBoxLayout:
    people = "1 enterprise" if count == 1 else f"{count} enterprises"
    return row(label(words), strong(people), None, quiet(press, on_press))


def _dot(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def _press(step: object, action_id: str, words: str, _checked: object = None) -> None:
    step(action_id, words)  # type: ignore[operator]  # a presenter's method
