"""The cards of Today: each line leads with a name and ends with what can be done about it.

Built afresh for each page that is shown; holds nothing. Refuses lists without an end: the
presenter says how many more there are.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLayout, QPushButton, QVBoxLayout, QWidget

from desktop.theme import CURRENT
from desktop.views.kit.buttons import button, name_button, quiet
from desktop.views.kit.cards import Card, EmptyState
from desktop.views.kit.chips import StatusChip
from desktop.views.kit.few import Few
from desktop.views.kit.flow import flowing
from desktop.views.kit.labels import label, muted, strong
from desktop.views.kit.layout import column, row
from desktop.views.kit.shapes import Look

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from desktop.presenters.chase import Chase
    from desktop.presenters.reminders import Reminder
    from desktop.presenters.today import Promise, TodayPage, TodayPresenter, Visit, Wait

T = TypeVar("T")
IN_SIGHT = 25  # lines of a list before its button
LARGE = 175  # per cent; from here on buttons go under their words


class TodayCards:
    """Makes the cards of one page."""

    def __init__(self, presenter: TodayPresenter) -> None:
        self._presenter, self._doors = presenter, presenter.doors

    def of(self, page: TodayPage) -> Iterable[Card]:
        """All that have something to say, in the order they are needed."""
        yield self._visits(page)
        yield self._due(page)
        if page.chases:
            yield _list("To chase", _each(self._chase, page.chases), page.more_chases)
        if page.ends:
            yield _list("Running out", _each(self._end, page.ends), page.more_ends)
        if page.waits:
            yield _list("Waiting on others", _each(self._wait, page.waits), page.more_waits)
        if page.quiet or page.stuck:
            yield self._quiet_ones(page)

    def to_check(self, count: int) -> Card:
        """Two people changed the same thing."""
        words = "1 thing to check" if count == 1 else f"{count} things to check"
        see = button("Look at it" if count == 1 else "Look at them", self._doors.see_to_check)
        card = Card()
        card.add(flowing(StatusChip(words, Look.STOP), see, gap=2))
        card.add(muted("Two people changed the same thing. Nothing is lost.", wrap=True))
        return card

    def offered(self, count: int) -> Card:
        """Another coach hands cases over."""
        words = "1 case is offered to you" if count == 1 else f"{count} cases are offered to you"
        see = button("Accept or decline", self._doors.see_offers)
        card = Card()
        card.add(flowing(StatusChip(words, Look.INFO), see, gap=2))
        card.add(muted("It stays where it is until you accept.", wrap=True))
        return card

    def calm(self, page: TodayPage) -> QWidget:
        """Nothing to see, do or wait for."""
        see_all = partial(self._doors.see, "all")
        if page.enterprises == 0:
            return EmptyState(
                "No enterprises yet. What is due appears here once the first one is taken on.",
                "Add the first one",
                self._doors.new_enterprise,
                leads=True,
            )
        if page.quiet:
            words = "1 enterprise has" if page.quiet == 1 else f"{page.quiet} enterprises have"
            return EmptyState(
                f"Nothing due. {words} not been contacted for 30 days.",
                "See them",
                partial(self._doors.see, "quiet"),
            )
        return EmptyState("Nothing due this week.", "See the caseload", see_all)

    def _visits(self, page: TodayPage) -> Card:
        card = Card("Seeing today" if page.is_today else "Seeing on this day")
        if not page.visits:
            day = "today" if page.is_today else "this day"
            card.add(muted(f"No visits in the diary for {day}."))
        for visit in page.visits:
            card.add(self._visit(visit))
        return card

    def _visit(self, visit: Visit) -> QLayout:
        when = strong(visit.at)
        when.setContentsMargins(0, 3, 0, 0)
        when.setMinimumWidth(when.fontMetrics().horizontalAdvance("00:00 "))
        beside = muted(_dot(visit.place, visit.phone, visit.progress))
        about = column(flowing(self._name(visit.enterprise_id, visit.name), beside), gap=0)
        if visit.needs:
            about.addWidget(StatusChip(visit.needs, Look.INFO))
        if visit.next_step:
            about.addWidget(muted(f"Next: {visit.next_step}", wrap=True))
        share = self._doors.share_screen
        together = _act("Together", f"Share the screen with {visit.name}", share)
        return _line(when, about, together(visit.enterprise_id))

    def _due(self, page: TodayPage) -> Card:
        heading = "To do this week" if page.is_today else "To do by the end of that week"
        card = _list(heading, _each(self._promise, page.due), page.more_due)
        if not page.due:
            card.add(muted("Nothing due this week."))
        return card

    def _promise(self, promise: Promise) -> QLayout:
        about = self._about(promise.text, promise.enterprise_id, promise.name, promise.due)
        done = _act("Done", f"Done: {promise.text}", self._presenter.done)
        later = _act("Move to Monday", f"Move to Monday: {promise.text}", self._presenter.to_monday)
        return _line(None, about, done(promise), later(promise))

    def _chase(self, chase: Chase) -> QLayout:
        about = self._about(chase.text, chase.enterprise_id, chase.name, chase.when)
        if chase.claim_id:
            opens = _act(
                "Open the claim", f"Open the claim of {chase.name}", self._doors.open_claim
            )
            return _line(None, about, opens(chase.claim_id))
        asks = _act("Chase", f"Ask {chase.name} for the return", self._presenter.ask_for_return)
        return _line(None, about, asks(chase))

    def _end(self, each: Reminder) -> QLayout:
        about = self._about(each.text, each.enterprise_id, each.name, each.when)
        sees = self._doors.open_checklist
        see = _act("See the checklist", f"See the checklist of {each.name}", sees)
        return _line(None, about, see(each.enterprise_id))

    def _wait(self, wait: Wait) -> QLayout:
        with_whom = f"with {wait.with_whom}" if wait.with_whom else ""
        beside = _dot(with_whom, wait.since, wait.again)
        about = self._about(wait.text, wait.enterprise_id, wait.name, beside)
        whom = wait.with_whom or wait.name
        chase = _act("Chase", f"Chase {whom}: {wait.text}", self._presenter.chase)
        came = _act("Done", f"Done: {wait.text}", self._presenter.came)
        return _line(None, about, chase(wait), came(wait))

    def _quiet_ones(self, page: TodayPage) -> Card:
        card = Card("Who needs me next")
        see = self._doors.see
        if page.quiet:
            words = "Gone quiet: no contact for 30 days"
            card.add(_counted(words, page.quiet, "See who is quiet", partial(see, "quiet")))
        if page.stuck:
            words = "Waiting on somebody else"
            card.add(_counted(words, page.stuck, "See who is waiting", partial(see, "stuck")))
        return card

    def _about(self, text: str, enterprise_id: str, name: str, beside: str) -> QVBoxLayout:
        whose = flowing(self._name(enterprise_id, name), muted(beside))
        return column(label(text, wrap=True), whose, gap=0)

    def _name(self, enterprise_id: str, name: str) -> QWidget:
        return name_button(name, partial(self._doors.open, enterprise_id))


def _act(words: str, name: str, does: Callable[[T], None]) -> Callable[[T], QPushButton]:
    """A button that does something with what is given later."""
    return lambda subject: button(words, partial(does, subject), name=name)


def _each(line: Callable[[T], QLayout], what: Iterable[T]) -> Iterable[Callable[[], QLayout]]:
    """A line for each, made when it is shown."""
    return (partial(line, one) for one in what)


def _one(make: Callable[[], QLayout]) -> tuple[QLayout]:
    return (make(),)


def _list(heading: str, lines: Iterable[Callable[[], QLayout]], more: int) -> Card:
    card = Card(heading)
    few = Few(heading.lower(), first=IN_SIGHT)
    few.show_lines([partial(_one, line) for line in lines])
    card.add(few)
    if more:
        card.add(muted(f"and {more} more after these"))
    return card


def _line(lead: QWidget | None, about: QVBoxLayout, *buttons: QWidget) -> QVBoxLayout:
    """Words with their buttons at the right, or below when the text is large."""
    said = row(gap=1)
    if lead is not None:
        said.addWidget(lead, 0, Qt.AlignmentFlag.AlignTop)
    said.addLayout(about, 1)
    said.setAlignment(Qt.AlignmentFlag.AlignVCenter)  # in the middle beside its buttons
    words = row(gap=1)
    words.addLayout(said, 1)
    if CURRENT.percent >= LARGE:
        return column(words, flowing(*buttons)) if buttons else column(words)
    for each in buttons:
        words.addWidget(each)
    return column(words)


def _counted(words: str, count: int, press: str, on_press: partial[None]) -> QLayout:
    people = "1 enterprise" if count == 1 else f"{count} enterprises"
    return column(flowing(label(words), strong(people), quiet(press, on_press), gap=2))


def _dot(*parts: str) -> str:
    return " · ".join(part for part in parts if part)
