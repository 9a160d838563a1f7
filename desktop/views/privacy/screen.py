"""Privacy: everything out, what is due to go, wishes, receipts, the assessments."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from desktop.actions import Action
from desktop.models.rows import Column
from desktop.presenters.privacy import PrivacyPresenter
from desktop.presenters.saving import NOT_READ
from desktop.views.form_pages.seen import SeenPart
from desktop.views.form_pages.table import RowsTable
from desktop.views.kit.bars import Bar
from desktop.views.kit.buttons import button
from desktop.views.kit.cards import Card
from desktop.views.kit.flow import flowing
from desktop.views.kit.labels import label, muted, paragraph, title
from desktop.views.kit.layout import clear, column, scrolling
from desktop.views.kit.long_work import LongWork
from desktop.views.kit.screen import Screen
from desktop.views.kit.shapes import Look

if TYPE_CHECKING:
    from desktop.context import Context
    from desktop.navigation import Route
    from desktop.presenters.privacy import DueLine, PrivacyPicture, Wish

LINES = 6
NO_DPIA = "None is signed yet. Until one is, an enquiry is only counted, without a name."
Chooser = Callable[[QWidget, str], Path | None]


def make(context: Context, _route: Route) -> Screen:
    """The screen for a route."""
    return PrivacyScreen(context)


def choose_file(parent: QWidget, name: str) -> Path | None:
    """Ask where everything shall go."""
    place = QStandardPaths.StandardLocation.DocumentsLocation
    start = Path(QStandardPaths.writableLocation(place)) / name
    chosen, _ = QFileDialog.getSaveFileName(
        parent, "Where shall everything go?", str(start), "Zip files (*.zip)"
    )
    return Path(chosen) if chosen else None


class PrivacyScreen(Screen, SeenPart):
    """What do we owe the people in these records?"""

    def __init__(
        self, context: Context, parent: QWidget | None = None, *, choose: Chooser = choose_file
    ) -> None:
        super().__init__(parent)
        self._choose = choose
        self._name = f"hedgerow-records-{context.today.isoformat()}.zip"
        self._presenter = PrivacyPresenter(context, self)
        self._problem = Bar("warn-bar", Look.WARN)
        self._done = Bar("info-bar", Look.DONE)
        self._work = LongWork(self._presenter.work.tick)
        self._out = button("Take everything out", self._out_pressed)
        self._due = _due_table()
        self._no_due = muted("Nothing has been kept longer than the schedule says.", wrap=True)
        self._act = button("Do it", self._act_pressed)
        self._person = button("Open their privacy page", self._person_pressed)
        self._why = muted("", wrap=True)
        self._wishes = QVBoxLayout()
        self._asked = QVBoxLayout()
        self._removals = QVBoxLayout()
        self._receipts = QVBoxLayout()
        self._dpia = _dpia_table()
        self._no_dpia = muted("", wrap=True)
        self._schedule = _schedule_table()
        self._build()
        self._work.stopped.connect(self._presenter.work.stop)
        self._work.again.connect(self._presenter.work.again)
        self._due.chosen.connect(self._chosen)
        self._presenter.load()

    def title(self) -> str:
        """The screen's name."""
        return "Privacy"

    def actions_here(self) -> list[Action]:
        """What can be done here."""
        return [Action("privacy.out", "Take everything out", self._out_pressed)]

    def _build(self) -> None:
        for part in (self._no_due, self._due, self._act, self._person, self._no_dpia):
            part.hide()  # until somebody has looked
        out = Card("Everything out")
        out.add(
            paragraph(
                "All records as tables any program can read, their story, and every file, in one "
                "zip. Anybody who has it can read it."
            ),
            flowing(self._out),
            self._work,
            self._done,
        )
        due = Card("Due to go")
        due.add(
            self._no_due,
            self._due,
            self._why,
            flowing(self._act, self._person),
            self._removals,
        )
        wishes = Card("Asked to be forgotten")
        wishes.add(
            muted("One person asks for it; a lead or QA who is another carries it out.", wrap=True),
            self._wishes,
            self._asked,
        )
        receipts = Card("Receipts of erasures")
        receipts.add(self._receipts)
        dpia = Card("Data protection assessments")
        dpia.add(self._no_dpia, self._dpia)
        schedule = Card("How long things are kept")
        schedule.add(self._schedule)
        inner = QWidget()
        inner.setLayout(column(out, due, wishes, receipts, dpia, schedule, None, gap=1))
        inner.layout().setContentsMargins(0, 0, 10, 0)  # type: ignore[union-attr]
        page = scrolling(inner, "Privacy")
        self.setLayout(column(title("Privacy"), self._problem, page, margin=2, gap=1))

    def show_privacy(self, picture: PrivacyPicture) -> None:
        """Show it all."""
        self._problem.take_back(NOT_READ)
        self._no_due.setVisible(not picture.due)
        for part in (self._due, self._act, self._person, self._why):
            part.setVisible(bool(picture.due))
        self._no_dpia.setText(f"{NO_DPIA} {picture.sign_off}")
        self._no_dpia.setVisible(not picture.assessments)
        self._dpia.setVisible(bool(picture.assessments))
        line = self.fontMetrics().height() + 14
        for table, rows in (
            (self._due, picture.due),
            (self._dpia, picture.assessments),
            (self._schedule, picture.schedule),
        ):
            table.show_rows(rows)
            table.setFixedHeight(line * (min(max(len(rows), 1), LINES) + 1) + 8)
        if picture.due and self._due.current is None:
            self._due.choose(picture.due[0].id)
        self._chosen(self._due.current)
        clear(self._wishes)
        for wish in picture.wishes:
            self._wishes.addWidget(self._wish_line(wish))
        _say(self._asked, picture.asked, "" if picture.wishes else "Nobody has asked.")
        _say(self._removals, picture.removals, "")
        _say(self._receipts, picture.receipts, "Nobody has been erased yet.")

    def watch(self) -> None:
        """Everything out may take long."""
        self._work.watch()

    def show_busy(self, words: str, done: int, of: int) -> None:
        """How far it is; "" when it is over: who was at Stop goes on at the button."""
        if words:
            self._done.say("")
            self._problem.say("")
        self._out.setEnabled(not words)
        if not words and self._work.has_focus:
            self._out.setFocus()
        self._work.show_step(words, done, of)

    def show_stopped(self, words: str) -> None:
        """A person stopped it: the words, and a way to try again."""
        if not words and self._work.has_focus:
            self._out.setFocus()  # what is hidden now gives it to what stands beside
        self._out.setEnabled(True)
        self._work.show_stopped(words)

    def show_done(self, words: str) -> None:
        """It is done; stays."""
        self._done.say(words)

    def show_problem(self, words: str) -> None:
        """It failed."""
        self._problem.say(words)

    def _wish_line(self, wish: Wish) -> QWidget:
        def carry_out() -> None:
            self._presenter.carry_out(wish)

        words = label(f"{wish.who}: asked for on {wish.since} by {wish.by}.")
        if not wish.may:
            return flowing(words, muted(wish.why_not))
        return flowing(words, button("Erase", carry_out, name=f"Erase {wish.who}"))

    def _chosen(self, due: DueLine | None) -> None:
        if due is None:
            return
        self._act.setVisible(bool(due.act))
        self._act.setText(due.act)
        self._act.setAccessibleName(f"{due.act}: {due.who}")
        self._person.setVisible(bool(due.enterprise_id))
        self._why.setText(f"Ground: {due.basis}.")

    def _act_pressed(self) -> None:
        if self._due.current is not None:
            self._presenter.act(self._due.current)

    def _person_pressed(self) -> None:
        if self._due.current is not None:
            self._presenter.open_person(self._due.current.enterprise_id)

    def _out_pressed(self) -> None:
        target = self._choose(self, self._name)
        if target is not None:
            self._presenter.take_out(target)


def _say(place: QVBoxLayout, lines: tuple[str, ...], nothing: str) -> None:
    clear(place)
    for words in lines or ((nothing,) if nothing else ()):
        place.addWidget(label(words, wrap=True) if lines else muted(words, wrap=True))


def _due_table() -> RowsTable:
    return RowsTable(
        "Due to go",
        (
            Column("What", lambda d: str(d.what)),
            Column("Who", lambda d: str(d.who)),
            Column("Since", lambda d: str(d.since), by=lambda d: d.since_on),
            Column("Due", lambda d: str(d.due), by=lambda d: d.due_on),
            Column("What to do", lambda d: str(d.action)),
        ),
        stretch=4,
    )


def _dpia_table() -> RowsTable:
    return RowsTable(
        "Data protection assessments",
        (
            Column("Version", lambda d: str(d[0])),
            Column("Signed by", lambda d: str(d[1])),
            Column("On", lambda d: str(d[2]), by=lambda d: d[4]),
            Column("Review on", lambda d: str(d[3]), by=lambda d: d[5]),
        ),
        stretch=1,
    )


def _schedule_table() -> RowsTable:
    return RowsTable(
        "How long things are kept",
        (
            Column("What", lambda s: str(s[0])),
            Column("How long", lambda s: str(s[1])),
            Column("Counted from", lambda s: str(s[2])),
        ),
        stretch=2,
    )
