"""The report builder: template, chapters and audience left; checks and pages right."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QStandardPaths, QTimer, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget

from desktop.actions import Action
from desktop.presenters.reports import Choice, Plan, ReportsPresenter
from desktop.views.form_pages.halves import halves, text_is_large
from desktop.views.kit.bars import Bar, Busy
from desktop.views.kit.buttons import button, primary, show_chosen
from desktop.views.kit.chips import StatusChip
from desktop.views.kit.flow import flowing
from desktop.views.kit.labels import label, section, title
from desktop.views.kit.layout import clear, column, row, scrolling
from desktop.views.kit.screen import Screen
from desktop.views.kit.shapes import Look
from desktop.views.reports.choices import ReportChoices
from desktop.views.reports.pages import PageView

if TYPE_CHECKING:
    from desktop.context import Context
    from desktop.navigation import Route
    from desktop.presenters.reports import Check, Made

TICK_MS = 100
PAUSE_MS = 600
PAGES_HIGH = 420
Chooser = Callable[[QWidget, Path], Path | None]


def make(context: Context, _route: Route) -> Screen:
    """The screen for a route."""
    return ReportsScreen(context)


def choose_folder(parent: QWidget, start: Path) -> Path | None:
    """Ask the person for a folder."""
    name = QFileDialog.getExistingDirectory(parent, "Where shall the report go?", str(start))
    return Path(name) if name else None


def default_folder() -> Path:
    """The person's documents."""
    place = QStandardPaths.StandardLocation.DocumentsLocation
    return Path(QStandardPaths.writableLocation(place)) / "Hedgerow reports"


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
        self._choose = choose
        self._folder = folder or default_folder()
        self._made: Made | None = None
        self._presenter = ReportsPresenter(context, self)
        self._choices = ReportChoices(self._presenter.areas)
        self._make = primary("Make the report", self._make_pressed)
        self._look = button("Show the pages", self._look_pressed, role="toggle")
        self._busy = Busy()
        self._done = Bar("info-bar", Look.DONE)
        self._stopped = Bar("warn-bar", Look.WARN)
        self._know = QWidget()
        self._checks = column(gap=1)
        self._open = button("Open the report", self._open_pressed)
        self._show = button("Show in folder", self._show_pressed)
        self._pages = PageView()
        self._timer = _timer(self, TICK_MS, self._tick, once=False)
        self._soon = _timer(self, PAUSE_MS, self._ask_again, once=True)
        self._build()
        self._choices.changed.connect(self._soon.start)
        self._choices.figure_dropped.connect(self._presenter.drop_figure)
        self._choices.folder_wanted.connect(self._folder_pressed)
        self._busy.stopped.connect(self._presenter.stop)
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
        self._busy.hide()
        for each in (self._open, self._show):
            each.hide()
        self._know.setLayout(column(section("Before it goes out"), self._checks, None, gap=1))
        body = self._one_column() if text_is_large() else self._two_columns()
        whole = column(
            flowing(title("Reports"), self._make, self._look, gap=2),
            self._busy,
            self._done,
            self._stopped,
            flowing(self._open, self._show),
            body,
            margin=2,
            gap=1,
        )
        whole.setStretch(5, 1)
        self.setLayout(whole)
        self._say_folder()

    def _two_columns(self) -> QWidget:
        left = column(self._choices, None, gap=1)
        left.setContentsMargins(0, 0, 10, 0)
        page = QWidget()
        page.setLayout(left)
        area = scrolling(page, "What goes in")
        area.setMinimumWidth(300)
        right = QWidget()
        beside = column(self._know, self._pages, gap=1)
        beside.setStretch(1, 1)
        right.setLayout(beside)
        return halves(area, right, (430, 440), "Choices and pages")

    def _one_column(self) -> QWidget:
        """Large text: one under the other, so that nothing is squeezed."""
        self._pages.setMinimumHeight(PAGES_HIGH)
        page = QWidget()
        page.setLayout(column(self._know, self._pages, self._choices, None, gap=1))
        return scrolling(page, "What goes in, and its pages")

    def show_checks(self, checks: tuple[Check, ...]) -> None:
        """What to know before it goes out."""
        clear(self._checks)
        for check in checks:
            chip = StatusChip("", Look.DONE if check.fine else Look.WARN)
            words = label(check.words, wrap=True)
            line = row(chip, words, gap=0)
            line.setStretch(1, 1)
            self._checks.addLayout(line)

    def show_figures(self, figures: tuple[tuple[str, str], ...]) -> None:
        """The figures to stand in front."""
        if self._choices.show_figures(figures):
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
        self._busy.show()
        self._busy.show_step(words, done, of)
        self._make.setEnabled(False)
        for bar in (self._done, self._stopped):
            bar.say("")
        self._timer.start()

    def show_made(self, made: Made) -> None:
        """It is done; stays until the next one."""
        self._made = made
        self._over()
        count = "1 file" if len(made.files) == 1 else f"{len(made.files)} files"
        self._done.say(f"{made.words}. {count} in {made.files[0].parent.name}.")
        for each in (self._open, self._show):
            each.show()

    def show_stopped(self, words: str) -> None:
        """It was stopped or failed."""
        self._over()
        self._stopped.say(words)

    def show_day_problem(self, words: str, *, first: bool = False) -> None:
        """The last day is not one, or the first."""
        self._choices.show_day_problem(words, first=first)

    def _over(self) -> None:
        self._busy.hide()
        self._make.setEnabled(True)

    def _tick(self) -> None:
        self._presenter.tick()
        if not self._presenter.is_at_work and not self._presenter.is_busy:
            self._timer.stop()

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

    def _say_folder(self) -> None:
        self._choices.show_folder(self._folder.name, str(self._folder))

    def _folder_pressed(self) -> None:
        chosen = self._choose(self, self._folder)
        if chosen is not None:
            self._folder = chosen
            self._say_folder()

    def _make_pressed(self) -> None:
        choice = self._choice()
        if choice is None:
            return
        for each in (self._open, self._show):
            each.hide()
        self._presenter.make(Plan(choice=choice, folder=self._folder, kinds=self._choices.kinds))

    def _open_pressed(self) -> None:
        if self._made is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._made.files[0])))

    def _show_pressed(self) -> None:
        if self._made is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._made.files[0].parent)))


def _timer(owner: QWidget, ms: int, slot: Callable[[], None], *, once: bool) -> QTimer:
    timer = QTimer(owner)
    timer.setSingleShot(once)
    timer.setInterval(ms)
    timer.timeout.connect(slot)
    return timer
