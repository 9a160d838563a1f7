"""What is drawn can be read without seeing it: charts, maps, tables (WCAG 1.1.1, 1.3.1).

A chart says in its name what it shows and in its description the numbers, and has them as a table
beside it; a table names itself, each of its columns and each of its rows.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from desktop.views.charts.card import ChartCard
from desktop.views.charts.cartogram import Cartogram
from desktop.views.charts.course_line import CourseLine
from desktop.views.kit.marked import MarkedLabel

ROWS = 5  # of a table that are looked at
# drawn too: a mark or a look with words beside it, a pad, the ring of a button with the focus
_NO_CHARTS = {"Shape", "Swatch", "SignaturePad", "Frame", "Primary"}


def unread_pictures(window: QWidget) -> list[tuple[QWidget, str]]:
    """Every drawn thing in sight that somebody could not read, and why."""
    found: list[tuple[QWidget, str]] = []
    for widget in window.findChildren(QWidget):
        if not widget.isVisibleTo(window):
            continue
        if isinstance(widget, Cartogram | CourseLine):
            found += [(widget, why) for why in _chart(widget)]
        elif isinstance(widget, MarkedLabel):
            found += [(widget, why) for why in _marked(widget)]
        elif _is_drawn_by_us(widget) and type(widget).__name__ not in _NO_CHARTS:
            found.append((widget, "is drawn, and the audit does not know how it is read"))
        is_list = isinstance(widget, QAbstractItemView) and not isinstance(widget, QHeaderView)
        if is_list and widget.model() is not None:
            found += [(widget, why) for why in _list(widget)]
    return found


def _is_drawn_by_us(widget: QWidget) -> bool:
    ours = (each for each in type(widget).__mro__ if each.__module__.startswith("desktop"))
    return any("paintEvent" in vars(each) for each in ours)


def _marked(label: MarkedLabel) -> list[str]:
    """Its text is a label's; what is bold in it is said too."""
    said = label.accessibleDescription()
    bold = [text.strip() for text, is_bold in label._pieces if is_bold]
    return [f"“{text}” is bold, and not said to be" for text in bold if text not in said]


def _chart(chart: Cartogram | CourseLine) -> list[str]:
    card = chart.parentWidget()
    while card is not None and not isinstance(card, ChartCard):
        card = card.parentWidget()
    if card is None:
        return ["chart without its table"]
    why = []
    if not chart.accessibleName():
        why.append("chart without a name")
    rows = chart.table_rows()
    if rows and chart._title not in chart.accessibleName():
        why.append("the name does not say which figure")
    said = chart.accessibleDescription()
    numbers = [part for row in rows for part in row[1:]]
    if rows and "ot collected" not in said and not any(part in said for part in numbers):
        why.append("the description has no number of the chart")
    if len(card.table.rows) != len(rows):
        why.append("its table has other rows")
    if not card.table.accessibleName().startswith(chart.accessibleName()):
        why.append("its table is named otherwise")
    return why


def _list(view: QAbstractItemView) -> list[str]:
    model, why = view.model(), []
    if not view.accessibleName():
        why.append("list without a name")
    if not isinstance(view, QTableView):
        return why
    seen = [n for n in range(model.columnCount()) if not view.isColumnHidden(n)]
    for column in seen:
        if not str(model.headerData(column, Qt.Orientation.Horizontal) or "").strip():
            why.append(f"column {column} without a name")
    for row in range(min(ROWS, model.rowCount())):
        if not str(model.headerData(row, Qt.Orientation.Vertical) or "").strip():
            why.append(f"row {row} without a name")
        for column in seen:
            said = model.index(row, column).data(Qt.ItemDataRole.AccessibleTextRole)
            heading = str(model.headerData(column, Qt.Orientation.Horizontal))
            if said is None or heading not in str(said):
                why.append(f"cell {row},{column} does not say its column")
    return why
