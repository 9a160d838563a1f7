"""Today on screen (W1): visits, what is due, what waits on others, who has gone quiet.

Each line leads with the name. Refuses icons without words and lists without an end.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLayout, QPushButton, QVBoxLayout, QWidget

from desktop.presenters.today import Promise, TodayPage, TodayPresenter, Visit, Wait
from desktop.theme import CURRENT
from desktop.views.kit.buttons import button, name_button, primary, quiet
from desktop.views.kit.cards import Card, EmptyState
from desktop.views.kit.chips import StatusChip
from desktop.views.kit.flow import flowing
from desktop.views.kit.labels import label, muted, strong, title
from desktop.views.kit.layout import clear, column, row, scrolling
from desktop.views.kit.screen import Screen
from desktop.views.kit.shapes import Look

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.context import Context
    from desktop.navigation import Route

LARGE = 175  # per cent; from here on buttons go under their words


def make(context: Context, route: Route) -> TodayScreen:
    """The factory named in `screens.py`."""
    screen = TodayScreen()
    screen.use(TodayPresenter(screen, context, route.get("day")))
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
        top = flowing(self._heading, self._note, gap=3)
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
        at = self._focused()
        clear(self._parts)
        self._show_parts(page)
        buttons = self._area.findChildren(QPushButton)
        if at >= 0 and buttons:  # the line that had it may be gone: the next one is there
            buttons[min(at, len(buttons) - 1)].setFocus()

    def _focused(self) -> int:
        """Which of the buttons has the focus; -1 for none."""
        buttons = self._area.findChildren(QPushButton)
        return next((n for n, each in enumerate(buttons) if each.hasFocus()), -1)

    def _show_parts(self, page: TodayPage) -> None:
        if page.to_check:
            self._parts.addWidget(self._to_check(page.to_check))
        if page.offered:
            self._parts.addWidget(self._offered(page.offered))
        if page.is_calm:
            self._parts.addWidget(self._calm(page))
            return
        for card in (
            self._visits(page),
            self._due(page),
            self._ends(page),
            self._waits(page),
            self._quiet_ones(page),
        ):
            if card is not None:
                self._parts.addWidget(card)

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
        when.setContentsMargins(0, 4, 0, 0)
        when.setMinimumWidth(when.fontMetrics().horizontalAdvance("00:00 "))
        about = column(
            row(
                self._name(visit.enterprise_id, visit.name),
                muted(_dot(visit.place, visit.progress)),
                None,
            ),
            gap=0,
        )
        if visit.next_step:
            about.addWidget(muted(f"Next: {visit.next_step}", wrap=True))
        together = button("Together", name=f"Share the screen with {visit.name}")
        together.clicked.connect(partial(self._share, visit.enterprise_id))
        return _line(when, about, together)

    def _share(self, enterprise_id: str, _checked: object = None) -> None:
        if self._presenter is not None:
            self._presenter.share_screen(enterprise_id)

    def _due(self, page: TodayPage) -> Card:
        card = Card("To do this week" if page.is_today else "To do by the end of that week")
        if not page.due:
            card.add(muted("Nothing due this week."))
        for promise in page.due:
            card.add(self._promise(promise))
        if page.more_due:
            card.add(muted(f"and {page.more_due} more after these"))
        return card

    def _promise(self, promise: Promise) -> QLayout:
        about = column(label(promise.text, wrap=True), gap=0)
        name = self._name(promise.enterprise_id, promise.name)
        about.addLayout(row(name, muted(promise.due), None))
        presenter = self._presenter
        done = button("Done", name=f"Done: {promise.text}")
        later = button("Move to Monday", name=f"Move to Monday: {promise.text}")
        if presenter is not None:
            done.clicked.connect(partial(_press, presenter.done, promise))
            later.clicked.connect(partial(_press, presenter.to_monday, promise))
        return _line(None, about, done, later)

    def _waits(self, page: TodayPage) -> Card | None:
        if not page.waits:
            return None
        card = Card("Waiting on others")
        for wait in page.waits:
            card.add(self._wait(wait))
        if page.more_waits:
            card.add(muted(f"and {page.more_waits} more after these"))
        return card

    def _ends(self, page: TodayPage) -> Card | None:
        if not page.ends:
            return None
        card = Card("Running out")
        for each in page.ends:
            about = column(label(each.text, wrap=True), gap=0)
            name = self._name(each.enterprise_id, each.name)
            about.addLayout(row(name, muted(each.when), None))
            see = button("See the checklist", name=f"See the checklist of {each.name}")
            see.clicked.connect(partial(self._see_checklist, each.enterprise_id))
            card.add(_line(None, about, see))
        if page.more_ends:
            card.add(muted(f"and {page.more_ends} more after these"))
        return card

    def _see_checklist(self, enterprise_id: str, _checked: object = None) -> None:
        if self._presenter is not None:
            self._presenter.open_checklist(enterprise_id)

    def _wait(self, wait: Wait) -> QLayout:
        with_whom = f"with {wait.with_whom}" if wait.with_whom else ""
        about = column(label(wait.text, wrap=True), gap=0)
        name = self._name(wait.enterprise_id, wait.name)
        about.addLayout(row(name, muted(_dot(with_whom, wait.since)), None))
        return _line(None, about)

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
        card.add(flowing(StatusChip(words, Look.STOP), see, gap=2))
        card.add(muted("Two people changed the same thing. Nothing is lost.", wrap=True))
        return card

    def _offered(self, count: int) -> Card:
        words = "1 case is offered to you" if count == 1 else f"{count} cases are offered to you"
        see = button("Accept or decline", self._see_offers)
        card = Card()
        chip = StatusChip(words, Look.INFO)
        card.add(row(chip, muted("It stays where it is until you accept."), None, see))
        return card

    def _calm(self, page: TodayPage) -> QWidget:
        if page.enterprises == 0:
            return EmptyState(
                "No enterprises yet.", "Go to the caseload", partial(self._see, "all")
            )
        if page.quiet:
            words = "1 enterprise has" if page.quiet == 1 else f"{page.quiet} enterprises have"
            return EmptyState(
                f"Nothing due. {words} not been contacted for 30 days.",
                "See them",
                partial(self._see, "quiet"),
            )
        return EmptyState("Nothing due this week.", "See the caseload", partial(self._see, "all"))

    def _name(self, enterprise_id: str, name: str) -> QWidget:
        return name_button(name, partial(self._open, enterprise_id))

    def _open(self, enterprise_id: str) -> None:
        if self._presenter is not None:
            self._presenter.open(enterprise_id)

    def _see(self, view: str) -> None:
        if self._presenter is not None:
            self._presenter.see(view)

    def _see_offers(self) -> None:
        if self._presenter is not None:
            self._presenter.see_offers()

    def _see_to_check(self) -> None:
        if self._presenter is not None:
            self._presenter.see_to_check()

    def _new_note(self) -> None:
        if self._presenter is not None:
            self._presenter.new_note()


def _line(lead: QWidget | None, about: QVBoxLayout, *buttons: QWidget) -> QVBoxLayout:
    """Words with their buttons at the right, or below when the text is large."""
    words = row(gap=1)
    if lead is not None:
        words.addWidget(lead, 0, Qt.AlignmentFlag.AlignTop)
    words.addLayout(about, 1)
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


def _press(step: Callable[[Promise], None], promise: Promise, _checked: object = None) -> None:
    step(promise)
