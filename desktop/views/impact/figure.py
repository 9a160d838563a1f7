"""One number explained: its meaning, the records behind it, what was left out and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from desktop.models.rows import Column
from desktop.presenters.impact import FigurePresenter
from desktop.presenters.words import counted
from desktop.views.form_pages.fields import ChoiceField
from desktop.views.form_pages.halves import halves
from desktop.views.form_pages.table import RowsTable
from desktop.views.kit.bars import Bar
from desktop.views.kit.buttons import button
from desktop.views.kit.flow import flowing
from desktop.views.kit.labels import label, muted, paragraph, small, strong, title
from desktop.views.kit.layout import column, row
from desktop.views.kit.screen import Screen
from desktop.views.kit.shapes import Look

if TYPE_CHECKING:
    from desktop.context import Context
    from desktop.navigation import Route
    from desktop.presenters.impact import Behind, FigurePicture, IndicatorPicture


def make(context: Context, route: Route) -> Screen:
    """The screen for a route: `id` of the figure, `on` a day."""
    return FigureScreen(context, route.get("id"), route.get("on"))


class FigureScreen(Screen):
    """Exactly which records? Who is left out, and why?"""

    def __init__(
        self, context: Context, indicator_id: str, on: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._context = context
        self._picture: IndicatorPicture | None = None
        self._title = title("")
        self._shown = label("", "section")
        self._as_at = muted("", wrap=True)
        self._definition = paragraph("")
        self._formula = small("", wrap=True)
        self._note = muted("", wrap=True)
        self._which = ChoiceField("Show", (), nothing="")
        self._problem = Bar("warn-bar", Look.WARN)
        self._rows_heading = strong("")
        self._rows = _rows_table("Records behind this number", "What it adds")
        self._below_heading = strong("")
        self._below = _rows_table("Records it is divided by", "What it adds")
        self._left_heading = strong("")
        self._left = RowsTable(
            "Records left out",
            (Column("Name", lambda b: str(b.name)), Column("Why", lambda b: str(b.why))),
            stretch=1,
        )
        self._copy = button("Copy table", self._copy_pressed)
        self._left_part: QWidget
        self._build()
        self._presenter = FigurePresenter(context, self, indicator_id, on)
        for table in (self._rows, self._below, self._left):
            table.opened.connect(self._presenter.open_enterprise)
        self._which.committed.connect(self._chosen)
        self._presenter.load()

    def title(self) -> str:
        """The screen's name."""
        return "A figure explained"

    def _build(self) -> None:
        left = QWidget()
        self._below_part = QWidget()
        self._below_part.setLayout(column(self._below_heading, self._below, gap=1))
        left.setLayout(column(self._rows_heading, self._rows, self._below_part, gap=1))
        right = self._left_part = QWidget()
        right.setLayout(column(self._left_heading, self._left, gap=1))
        split = halves(left, right, (540, 360), "Counted beside left out")
        head = flowing(self._title, self._copy, gap=2)
        which = row(self._shown, None, self._which, gap=2)
        self.setLayout(
            column(
                head,
                which,
                self._as_at,
                self._definition,
                self._formula,
                self._note,
                self._problem,
                split,
                margin=2,
                gap=1,
            )
        )
        self.layout().setStretch(7, 1)  # type: ignore[union-attr]

    def show_indicator(self, picture: IndicatorPicture) -> None:
        """Show it explained, its main figure first."""
        self._picture = picture
        self._title.setText(picture.title)
        self._as_at.setText(picture.as_at)
        self._definition.setText(picture.definition)
        says = f"Worked out as: {picture.formula}."
        if picture.breaks_by:
            says += f" Can be split by {picture.breaks_by}."
        if picture.compare_with:
            says += f" Compare with {picture.compare_with}."
        self._formula.setText(says)
        box = self._which.editor
        box.clear()
        for figure in picture.figures:
            box.addItem(figure.label, figure.key)
        self._which.setVisible(len(picture.figures) > 1)
        if picture.figures:
            self._show(picture.figures[0])

    def show_problem(self, words: str) -> None:
        """Say why there is nothing to show."""
        self._problem.say(words)

    def _show(self, figure: FigurePicture) -> None:
        self._shown.setText(figure.shown)
        self._note.setText(figure.note)
        self._note.setVisible(bool(figure.note))
        self._rows_heading.setText(figure.heading)
        self._rows.show_rows(figure.rows)
        self._below_part.setVisible(bool(figure.denominator))
        self._below_heading.setText(f"Divided by {counted(len(figure.denominator), 'record')}")
        self._below.show_rows(figure.denominator)
        self._left_heading.setText(f"Left out: {len(figure.left_out)}")
        self._left_part.setVisible(bool(figure.left_out))
        self._rows_heading.setText(
            figure.heading if figure.left_out else f"{figure.heading}. Nothing was left out."
        )
        self._left.show_rows(figure.left_out)

    def _chosen(self, key: str) -> None:
        if self._picture is not None:
            self._show(next(f for f in self._picture.figures if f.key == key))

    def _copy_pressed(self) -> None:
        lines = ["Name\tKind\tAdds\tNote"]
        rows: tuple[Behind, ...] = self._rows.rows
        lines += [f"{b.name}\t{b.what}\t{b.value}\t{b.why}" for b in rows]
        QGuiApplication.clipboard().setText("\n".join(lines))
        self._context.tell.say(f"Copied {counted(len(rows), 'row')}.")


def _rows_table(name: str, adds: str) -> RowsTable:
    return RowsTable(
        name,
        (
            Column("Name", lambda b: str(b.name)),
            Column("Kind", lambda b: str(b.what)),
            Column(adds, lambda b: str(b.value), right=True),
            Column("Note", lambda b: str(b.why)),
        ),
    )
