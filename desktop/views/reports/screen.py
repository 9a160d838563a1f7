"""The report builder: template, chapters and audience left; checks and pages right."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from desktop.actions import Action
from desktop.presenters.reports import Choice, Plan, ReportsPresenter
from desktop.views.form_pages.halves import halves, text_is_large
from desktop.views.kit.buttons import button, primary, show_chosen
from desktop.views.kit.flow import flowing
from desktop.views.kit.labels import title
from desktop.views.kit.layout import column, scrolling
from desktop.views.kit.screen import Screen
from desktop.views.kit.ticks import Ticks
from desktop.views.reports.before import Before
from desktop.views.reports.choices import ReportChoices
from desktop.views.reports.destination import Chooser, Destination, choose_folder, default_folder
from desktop.views.reports.ending import Ending
from desktop.views.reports.pages import PageView

if TYPE_CHECKING:
    from desktop.context import Context
    from desktop.navigation import Route
    from desktop.presenters.reports import Made

TICK_MS = 100
PAUSE_MS = 600
PAGES_HIGH = 420


def make(context: Context, _route: Route) -> Screen:
    """The screen for a route."""
    return ReportsScreen(context)


class ReportsScreen(Screen):
    """Does it say what I need? Is it safe to publish?"""

    def __init__(
        self,
        context: Context,
        parent: QWidget | None = None,
        *,
        choose: Chooser = choose_folder,
        folder: Path | None = None,
    ) -> None:
        super().__init__(parent)
        self._destination = Destination(folder or default_folder(), choose)
        self._know = Before(self._tick)
        self._presenter = ReportsPresenter(context, self, self._know)
        self._choices = ReportChoices(
            self._presenter.areas, self._destination, lambda: context.today
        )
        self._make = primary("Make the report", self._make_pressed)
        self._look = button("Show the pages", self._look_pressed, role="toggle")
        self._ending = Ending()
        self._pages = PageView()
        self._timer = Ticks(self, TICK_MS, self._presenter.tick)
        self._soon = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._soon.timeout.connect(self._ask_again)
        self._build()
        self._choices.changed.connect(self._soon.start)
        self._choices.figure_dropped.connect(self._presenter.drop_figure)
        self._ending.stopped.connect(self._presenter.stop)
        self._know.work.stopped.connect(self._presenter.stop_checking)
        self._know.work.again.connect(self._ask_again)
        self._choices.show_day(self._presenter.today)
        self._presenter.load()
        self._ask_again()

    def title(self) -> str:
        """The screen's name."""
        return "Reports"

    def actions_here(self) -> list[Action]:
        """What can be done here."""
        return [
            Action("reports.make", "Make the report", self._make_pressed),
            Action("reports.look", "Show the pages of the report", self._look.click),
            *self._pages.actions(),
        ]

    def arrive(self) -> None:
        """Figures may have been chosen elsewhere."""
        self._presenter.load()

    def keep_state(self) -> dict[str, Any]:
        """What was chosen."""
        return self._choices.keep_state()

    def restore_state(self, state: dict[str, Any]) -> None:
        """As it was."""
        self._choices.restore_state(state)
        self._ask_again()

    def flush(self) -> None:
        """The page is left: no process goes on drawing for nobody."""
        if self._look.isChecked():
            show_chosen(self._look, False)
            self._look_pressed()

    def _build(self) -> None:
        parts = (self._know, self._pages, self._choices)
        body = _one_column(*parts) if text_is_large() else _two_columns(*parts)
        whole = column(
            flowing(title("Reports"), self._make, self._look, gap=2),
            self._ending,
            body,
            margin=2,
            gap=1,
        )
        whole.setStretch(2, 1)
        self.setLayout(whole)

    def show_figures(self, figures: tuple[tuple[str, str], ...], *, unread: str = "") -> None:
        """The figures to stand in front."""
        if unread:
            self._choices.say_of_figures(unread)
        elif self._choices.show_figures(figures):
            self._soon.start()

    def show_pages(self, pages: tuple[Any, ...], *, whole: bool) -> None:
        """Pictures of pages that have come so far."""
        if self._look.isChecked():
            self._pages.show_pages(pages, whole=whole)

    def show_pages_wait(self, words: str) -> None:
        """The pages are on their way, or will not come."""
        if self._look.isChecked():
            self._pages.say(words)
            self._timer.start()

    def show_step(self, words: str, done: int, of: int) -> None:
        """A step of the work."""
        self._ending.show_step(words, done, of)
        self._make.setEnabled(False)
        self._timer.start()

    def show_made(self, made: Made) -> None:
        """It is done; stays until the next one."""
        self._make.setEnabled(True)
        self._ending.show_made(made)

    def show_stopped(self, words: str) -> None:
        """It was stopped or failed."""
        self._make.setEnabled(True)
        self._ending.show_stopped(words)

    def show_day_problem(self, words: str, *, first: bool = False) -> None:
        """The last day is not one, or the first."""
        self._choices.show_day_problem(words, first=first)

    def _tick(self) -> bool:
        return self._presenter.tick()

    def _choice(self) -> Choice | None:
        days = self._presenter.read_days(self._choices.since, self._choices.day)
        return None if days is None else self._choices.choice(days[1], since=days[0])

    def _ask_again(self) -> None:
        choice = self._choice()
        if choice is None:
            return
        if self._look.isChecked():
            self._presenter.look(choice)
        else:
            self._presenter.check(choice)

    def _look_pressed(self) -> None:
        self._know.setVisible(not self._look.isChecked())
        if not self._look.isChecked():
            self._presenter.stop_looking()
            self._pages.say("")
            return
        self._ask_again()

    def _make_pressed(self) -> None:
        choice = self._choice()
        if choice is None:
            return
        self._ending.show_files(shown=False)
        self._presenter.make(
            Plan(choice=choice, folder=self._destination.folder, kinds=self._choices.kinds)
        )


def _two_columns(know: QWidget, pages: QWidget, choices: QWidget) -> QWidget:
    left = column(choices, None, gap=1)
    left.setContentsMargins(0, 0, 10, 0)
    page = QWidget()
    page.setLayout(left)
    area = scrolling(page, "What goes in")
    area.setMinimumWidth(300)
    right = QWidget()
    beside = column(know, pages, gap=1)
    beside.setStretch(1, 1)
    right.setLayout(beside)
    return halves(area, right, (430, 440), "Choices and pages")


def _one_column(know: QWidget, pages: QWidget, choices: QWidget) -> QWidget:
    """Large text: one under the other, so that nothing is squeezed."""
    pages.setMinimumHeight(PAGES_HIGH)
    page = QWidget()
    page.setLayout(column(know, pages, choices, None, gap=1))
    return scrolling(page, "What goes in, and its pages")
