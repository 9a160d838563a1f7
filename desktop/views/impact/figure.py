"""One number explained: the records behind it, what was left out and why, and all about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QGridLayout, QWidget

from desktop.actions import Action
from desktop.models.rows import Column, RowsModel
from desktop.presenters.figure import FigurePresenter
from desktop.presenters.words import counted
from desktop.views.charts.card import ChartCard
from desktop.views.charts.cartogram import Cartogram
from desktop.views.charts.course_line import CourseLine
from desktop.views.form_pages.fields import ChoiceField
from desktop.views.form_pages.halves import halves, text_is_large
from desktop.views.form_pages.seen import SeenPart
from desktop.views.form_pages.table import RowsTable
from desktop.views.impact.left_out import LeftOutTable
from desktop.views.kit.bars import Bar
from desktop.views.kit.buttons import button
from desktop.views.kit.cards import Card
from desktop.views.kit.flow import flowing
from desktop.views.kit.labels import label, muted, paragraph, strong, title
from desktop.views.kit.layout import clear, column, scrolling
from desktop.views.kit.long_work import LongWork
from desktop.views.kit.screen import Screen
from desktop.views.kit.shapes import Look

if TYPE_CHECKING:
    from desktop.context import Context
    from desktop.navigation import Route
    from desktop.presenters.impact import Behind, FigurePicture, IndicatorPicture

TABLE_LINES = 8
ADDS = 2  # the column of what a row adds
ROOM_FOR_ARROW, MOST_WIDE = 56, 520  # pixels beside and in all of the box that names a part


def make(context: Context, route: Route) -> Screen:
    """The screen for a route: `id` of the figure, `on` a day, `since`, `area`."""
    return FigureScreen(context, route)


class FigureScreen(Screen, SeenPart):
    """Exactly which records? Who is left out, and why?"""

    def __init__(self, context: Context, route: Route, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._picture: IndicatorPicture | None = None
        self._figure: FigurePicture | None = None
        self._wanted = ""  # the one to begin with
        self._title = title("A figure explained")
        self._shown = label("", "section", wrap=True)
        self._definition = paragraph("")
        self._as_at = muted("Working the figure out...", wrap=True)
        self._before = muted("", wrap=True)
        self._note = muted("", wrap=True)
        self._which = ChoiceField("Show", (), nothing="")
        self._problem = Bar("warn-bar", Look.WARN)
        self._explain = button("Explain this number", self._explain_pressed, role="toggle")
        self._copy = button("Copy table", self._copy_pressed)
        self._report = button("Add to report", self._report_pressed)
        self._card = Card("This number explained")
        self._answers = QGridLayout()
        self._rows_heading = strong("")
        self._rows = _rows_table("Records behind this number")
        self._below_heading = strong("")
        self._below = _rows_table("Records it is divided by")
        self._left_heading = strong("")
        self._left_heading.setWordWrap(True)
        self._left_why = muted("", wrap=True)
        self._left = LeftOutTable()
        self._line = ChartCard("Over time", CourseLine("The course over months"), context.tell)
        self._map = ChartCard("By district", Cartogram("The districts as tiles"), context.tell)
        self._left_part: QWidget
        self._presenter = FigurePresenter(
            context, self, route.get("id"), route.get("on"), route.get("since"), route.get("area")
        )
        self._work = LongWork(self._presenter.tick)
        self._build()
        self._work.stopped.connect(self._presenter.stop)
        self._work.again.connect(self._presenter.load)
        for table in (self._rows, self._below, self._left):
            table.opened.connect(self._presenter.open_enterprise)
        self._which.committed.connect(self._chosen)
        self._presenter.load()

    def title(self) -> str:
        """The screen's name."""
        return "A figure explained"

    def arrive(self) -> None:
        """Start at what can be asked of the number; after Stop, begin again."""
        self._presenter.come_back()
        if self._explain.isVisible():
            self._explain.setFocus()

    def keep_state(self) -> dict[str, Any]:
        """Which of its figures, and whether it is explained."""
        chosen = self._figure.key if self._figure is not None else ""
        return {"figure": chosen, "explained": self._explain.isChecked()}

    def restore_state(self, state: dict[str, Any]) -> None:
        """As it was, once the number is there."""
        self._wanted = str(state.get("figure", ""))
        self._put_in_front(self._wanted)
        self._explain.setChecked(state.get("explained") is True)
        self._explain_pressed()

    def actions_here(self) -> list[Action]:
        """What can be done with this number."""
        return [
            Action("figure.explain", "Explain this number", self._explain.click),
            Action("figure.copy", "Copy the records behind this number", self._copy_pressed),
            Action("figure.report", "Add this number to the report", self._report_pressed),
        ]

    def _build(self) -> None:
        self._answers.setHorizontalSpacing(24)
        self._answers.setVerticalSpacing(6)
        self._answers.setColumnStretch(0 if text_is_large() else 1, 1)
        self._card.add(self._answers)
        self._card.hide()
        left = QWidget()
        self._below_part = QWidget()
        self._below_part.setLayout(column(self._below_heading, self._below, gap=1))
        left.setLayout(column(self._rows_heading, self._rows, self._below_part, gap=1))
        right = self._left_part = QWidget()
        right.setLayout(column(self._left_heading, self._left_why, self._left, gap=1))
        split = self._split = halves(left, right, (540, 360), "Counted beside left out")
        inner = QWidget()
        parts = (
            self._shown,
            flowing(self._which),
            self._definition,
            self._before,
            self._as_at,
            self._note,
            self._problem,
            self._card,
            split,
            self._line,
            self._map,
        )
        inner.setLayout(column(*parts, None, gap=1))
        self._about_it = (self._explain, self._copy, self._report, self._which)
        for part in (*self._about_it, split, self._line, self._map):
            part.hide()  # until the number is there
        inner.layout().setContentsMargins(0, 0, 10, 0)  # type: ignore[union-attr]
        head = flowing(self._title, self._explain, self._copy, self._report, gap=1)
        page = scrolling(inner, "A figure explained")
        self.setLayout(column(head, self._work, page, margin=2, gap=1))

    def show_indicator(self, picture: IndicatorPicture) -> None:
        """Show it explained, its main figure first."""
        self._picture = picture
        self._problem.say("")
        for part in (*self._about_it, self._split, self._line):
            part.show()
        self._title.setText(picture.title)
        self._as_at.setText(picture.as_at)
        self._definition.setText(picture.definition)
        chosen = self._figure.key if self._figure is not None else self._wanted
        box = self._which.editor
        box.clear()
        for figure in picture.figures:
            box.addItem(figure.label, figure.key)
        advance = box.fontMetrics().horizontalAdvance
        widest = max((advance(figure.label) for figure in picture.figures), default=0)
        box.setMinimumWidth(min(widest + ROOM_FOR_ARROW, MOST_WIDE))
        self._which.setVisible(len(picture.figures) > 1)
        course = picture.course
        self._line.show_course(course, "Over time", course.each.capitalize())
        self._map.setVisible(bool(course.districts))
        self._map.show_course(course, "By district", course.elsewhere)
        self._put_in_front(chosen)  # read again after a change: the same one
        self.can_begin.emit()

    def _put_in_front(self, key: str) -> None:
        """One of its figures, else the main one."""
        figures = self._picture.figures if self._picture is not None else ()
        if figures:
            kept = next((each for each in figures if each.key == key), figures[0])
            self._which.set_value(kept.key)
            self._show(kept)

    def show_in_report(self, *, taken: bool) -> None:
        """Whether it is among those chosen for a report."""
        words = "Take out of report" if taken else "Add to report"
        self._report.setText(words)
        self._report.setAccessibleName(words)

    def watch(self) -> None:
        """Something may take long."""
        self._work.watch()

    def show_busy(self, words: str, done: int, of: int) -> None:
        """How far it is; what is on the screen stays until the new figure comes."""
        self._work.show_step(words, done, of)
        if words:
            self._as_at.setText(self._picture.as_at if self._picture is not None else "")

    def show_stopped(self, words: str) -> None:
        """A person stopped it."""
        self._work.show_stopped(words)
        if words and self._picture is None:
            self._as_at.setText("")

    def show_problem(self, words: str) -> None:
        """Say why there is nothing to show."""
        if self._picture is None:
            self._as_at.setText("")
        self._problem.say(words)

    def _show(self, figure: FigurePicture) -> None:
        self._figure = figure
        self._shown.setText(figure.shown)
        self._note.setText(figure.note)
        self._note.setVisible(bool(figure.note))
        model = self._rows.model()
        if isinstance(model, RowsModel):
            model.rename(ADDS, figure.adds)
        self._rows.show_rows(figure.rows)
        self._below_part.setVisible(bool(figure.denominator))
        self._below_heading.setText(f"Divided by {counted(len(figure.denominator), 'record')}")
        self._below.show_rows(figure.denominator)
        self._before.setText(figure.before)
        self._left_heading.setText(figure.left_heading)
        self._left_why.setText(figure.left_why)
        self._left_part.setVisible(bool(figure.left_out))
        self._rows_heading.setText(
            figure.heading if figure.left_out else f"{figure.heading}. Nothing was left out."
        )
        self._left.show_rows(figure.left_out)
        line = self.fontMetrics().height() + 14
        for table, rows in (
            (self._rows, figure.rows),
            (self._below, figure.denominator),
            (self._left, figure.left_out),
        ):
            table.setMinimumHeight(line * (min(max(len(rows), 2), TABLE_LINES) + 1) + 6)
        self._show_answers(figure.explained)

    def _show_answers(self, explained: tuple[tuple[str, str], ...]) -> None:
        clear(self._answers)
        for number, (question, answer) in enumerate(explained):
            words = paragraph(answer)
            words.setAccessibleName(f"{question}: {answer}")
            if text_is_large():
                self._answers.addWidget(strong(question), number * 2, 0)
                self._answers.addWidget(words, number * 2 + 1, 0)
            else:
                self._answers.addWidget(strong(question), number, 0)
                self._answers.addWidget(words, number, 1)

    def _chosen(self, key: str) -> None:
        if self._picture is not None:
            self._show(next(f for f in self._picture.figures if f.key == key))

    def _explain_pressed(self) -> None:
        self._card.setVisible(self._explain.isChecked())

    def _report_pressed(self) -> None:
        self._presenter.add_to_report()

    def _copy_pressed(self) -> None:
        if self._figure is None:
            return
        from desktop.presenters.tables_out import rows_behind  # only when asked for
        from desktop.views.tables_out import copy_part

        parts = (
            ("counted", self._rows.rows),
            ("divided by", self._below.rows),
            ("left out", self._left.rows),
        )
        title = f"{self._title.text()}: {self._figure.shown}"
        copy_part(self._context.tell, rows_behind(title, parts))


def _rows_table(name: str) -> RowsTable:
    def note(behind: Behind) -> str:
        return behind.why

    return RowsTable(
        name,
        (
            Column("Name", lambda b: str(b.name)),
            Column("Kind", lambda b: str(b.what)),
            Column("What it adds", lambda b: str(b.value), right=True, by=lambda b: b.adds),
            Column("Note", note),
        ),
        stretch=3,
    )
