"""Reports: choose one and a day, see the checks, make the files; stop at any time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QStandardPaths, QTimer, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QButtonGroup, QFileDialog, QRadioButton, QWidget

from desktop.presenters.reports import REPORTS, Plan, ReportsPresenter
from desktop.presenters.words import typed_day
from desktop.views.form_pages.fields import ChoiceField, TextField
from desktop.views.form_pages.halves import text_is_large
from desktop.views.kit.bars import Bar, Busy
from desktop.views.kit.buttons import button, primary
from desktop.views.kit.cards import Card
from desktop.views.kit.chips import StatusChip
from desktop.views.kit.flow import flowing
from desktop.views.kit.labels import label, muted, strong, title
from desktop.views.kit.layout import clear, column, row, scrolling
from desktop.views.kit.screen import Screen
from desktop.views.kit.shapes import Look

if TYPE_CHECKING:
    from desktop.context import Context
    from desktop.navigation import Route
    from desktop.presenters.reports import Check, Made

TICK_MS = 100
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
        self._report = ChoiceField(
            "Report", tuple((code, words) for code, words, _ in REPORTS), nothing=""
        )
        self._about = muted(REPORTS[0][2], wrap=True)
        self._day = TextField("As at", "The report counts what was true on this day.")
        self._internal = QRadioButton("Internal: for the team")
        self._published = QRadioButton("Published: nobody named")
        self._group = QButtonGroup(self)
        self._where = muted("", wrap=True)
        self._make = primary("Make the report", self._make_pressed)
        self._busy = Busy()
        self._done = Bar("info-bar", Look.DONE)
        self._stopped = Bar("warn-bar", Look.WARN)
        self._open = button("Open", self._open_pressed, name="Open the PDF")
        self._show = button("Show in folder", self._show_pressed)
        self._checks = column(gap=1)
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._build()
        self._presenter = ReportsPresenter(context, self)
        self._timer.timeout.connect(self._tick)
        self._busy.stopped.connect(self._stop_pressed)
        self._day.set_text(typed_day(self._presenter.today))
        self._day.committed.connect(self._asked_otherwise)
        self._check()

    def title(self) -> str:
        """The screen's name."""
        return "Reports"

    def _build(self) -> None:
        for choice in (self._internal, self._published):
            self._group.addButton(choice)
            choice.clicked.connect(self._asked_otherwise)
        self._internal.setChecked(True)
        folder = button("Choose a folder", self._folder_pressed)
        what = Card("What")
        what.add(self._report, self._about, self._day, strong("For whom"))
        what.add(self._internal, self._published)
        what.add(flowing(folder, self._where, gap=1))
        know = Card("Before it goes out")
        know.add(self._checks)
        know.add(None)
        self._busy.hide()
        after = row(self._open, self._show, None)
        for each in (self._open, self._show):
            each.hide()
        inner = QWidget()
        cards = column(what, know, gap=2) if text_is_large() else row(what, know, gap=2)
        cards.setStretch(0, 3)
        cards.setStretch(1, 2)
        inner.setLayout(
            column(
                cards,
                row(self._make, None),
                self._busy,
                self._done,
                self._stopped,
                after,
                None,
                gap=1,
            )
        )
        self.setLayout(column(title("Reports"), scrolling(inner, "Reports"), margin=2, gap=1))
        self._say_folder()

    def show_checks(self, checks: tuple[Check, ...]) -> None:
        """What to know before it goes out."""
        clear(self._checks)
        for check in checks:
            chip = StatusChip("", Look.DONE if check.fine else Look.INFO)
            words = label(check.words, wrap=True)
            line = row(chip, words, gap=0)
            line.setStretch(1, 1)
            self._checks.addLayout(line)

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
        self._done.say(f"{made.words}. {len(made.files)} files in {made.files[0].parent.name}.")
        for each in (self._open, self._show):
            each.show()

    def show_stopped(self, words: str) -> None:
        """It was stopped or failed."""
        self._over()
        self._stopped.say(words)

    def show_day_problem(self, words: str) -> None:
        """The day is not one."""
        if words:
            self._day.show_problem(words)
        else:
            self._day.show_nothing()

    def _over(self) -> None:
        self._timer.stop()
        self._busy.hide()
        self._make.setEnabled(True)

    def _tick(self) -> None:
        self._presenter.tick()

    def _check(self) -> None:
        self._presenter.check(self._day.text, published=self._published.isChecked())

    def _asked_otherwise(self, _value: object = None) -> None:
        self._check()

    def _say_folder(self) -> None:
        self._where.setText(f"Goes to {self._folder.name}")
        self._where.setToolTip(str(self._folder))

    def _folder_pressed(self) -> None:
        chosen = self._choose(self, self._folder)
        if chosen is not None:
            self._folder = chosen
            self._say_folder()

    def _make_pressed(self) -> None:
        on = self._presenter.read_day(self._day.text)
        if on is None:
            return
        for each in (self._open, self._show):
            each.hide()
        self._presenter.make(
            Plan(
                report=self._report.value,
                as_of=on,
                published=self._published.isChecked(),
                folder=self._folder,
            )
        )

    def _stop_pressed(self) -> None:
        self._presenter.stop()

    def _open_pressed(self) -> None:
        if self._made is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._made.files[0])))

    def _show_pressed(self) -> None:
        if self._made is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._made.files[0].parent)))
