"""A chart in a card, with the same numbers as a table and a way to copy them.

Refuses a chart without its table: whoever cannot see the drawing loses nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from desktop.models.rows import Column
from desktop.views.charts.cartogram import Cartogram
from desktop.views.charts.course_line import CourseLine
from desktop.views.charts.legend import legend
from desktop.views.form_pages.table import RowsTable
from desktop.views.kit.buttons import button
from desktop.views.kit.cards import Card
from desktop.views.kit.flow import flowing
from desktop.views.kit.labels import label, small

if TYPE_CHECKING:
    from desktop.context import Tells
    from desktop.presenters.impact import Course

Chart = CourseLine | Cartogram
TABLE_LINES = 11


@dataclass(frozen=True, slots=True)
class ChartRow:
    """A number of a chart as a line of its table."""

    id: str
    cells: tuple[str, ...]
    keys: tuple[Any, ...]  # what each cell is sorted by


class ChartCard(Card):
    """A heading, a chart, "Show as a table", "Copy table"."""

    def __init__(
        self, heading: str, chart: Chart, tell: Tells, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent=parent)
        self._tell = tell
        self._chart = chart
        self._words = label(heading, "strong")
        self._about = small("", wrap=True)
        self._as_table = button("Show as a table", self._turn, role="toggle")
        self._copy = button("Copy table", self._copy_table)
        self.table = RowsTable(
            "",
            tuple(
                Column(
                    head,
                    lambda row, n=number: str(row.cells[n]),  # type: ignore[misc]
                    right=number > 0,
                    by=lambda row, n=number: row.keys[n],  # type: ignore[misc]
                )
                for number, head in enumerate(chart.HEAD)
            ),
        )
        self.table.hide()
        self._legend = legend(chart.LOOKS)
        head = flowing(self._words, self._as_table, self._copy, gap=2)
        self.add(head, self._about, chart, self._legend, self.table)
        self._name(chart.accessibleName())

    def show_course(self, course: Course, heading: str, about: str) -> None:
        """Show this figure."""
        self._words.setText(heading)
        self._about.setText(about)
        self._about.setVisible(bool(about))
        self._chart.show_course(course)
        self._name(f"{course.title}, {self._chart.BY}")
        cells, keys = self._chart.table_rows(), self._chart.keys()
        rows = [ChartRow(c[0], c, k) for c, k in zip(cells, keys, strict=True)]
        self.table.show_rows(rows)
        line = self.fontMetrics().height() + 14
        self.table.setMinimumHeight(line * (min(len(rows), TABLE_LINES) + 1) + 6)

    def _name(self, name: str) -> None:
        """Chart, table and buttons say which figure they show."""
        self._chart.setAccessibleName(name)
        self.table.setAccessibleName(f"{name}, as a table")
        self._as_table.setAccessibleName(f"{name}: show as a table")
        self._copy.setAccessibleName(f"{name}: copy the table")

    def _turn(self) -> None:
        table = self._as_table.isChecked()
        for part in (self._chart, self._legend):
            part.setVisible(not table)
        self.table.setVisible(table)

    def _copy_table(self) -> None:
        """As the table stands, sorted or not."""
        from desktop.views.tables_out import copy_list  # only when asked for

        copy_list(self._tell, self.table)
