"""What stands on a screen as plain parts, read from the widgets themselves in reading order.

Tables come whole, not only the lines in sight; a chart gives its numbers; a field its name and what
stands in it. Refuses what cannot be seen, and buttons: paper has nothing
to press. A button that is somebody's name is a name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QListView,
    QPlainTextEdit,
    QRadioButton,
    QScrollArea,
    QSplitter,
    QTableView,
    QWidget,
)

from desktop.models.timeline import TimelineModel
from desktop.presenters.printing import HEADING, LINE, STRONG, TABLE, TITLE, Part
from desktop.views.charts.cartogram import Cartogram
from desktop.views.charts.course_line import CourseLine
from desktop.views.form_pages.table import RowsTable
from desktop.views.kit.bars import Bar
from desktop.views.kit.table_line import cell_words, file_words, heading, shown_columns

_ROLES = {"title": TITLE, "section": HEADING, "strong": STRONG, "figure": STRONG}
ON_SCREEN_ONLY = "on_screen_only"  # a property: a hint for typing, the state beside a button
IN_ITS_PLACE = (
    "said_on_paper"  # a property: these words in place of a whole widget, or a list's name
)
_A_NAME = "name"  # the role of a button that is a name: paper has it, though it cannot be pressed
_CLOSE = 6  # pixels: words whose middles are this near stand on one line
_KINDS = (
    QLabel,
    QTableView,
    QListView,
    QLineEdit,
    QPlainTextEdit,
    QComboBox,
    QCheckBox,
    QRadioButton,
)


@dataclass(frozen=True, slots=True)
class _Found:
    order: tuple[tuple[int, int], ...]  # top and left of each part of the screen it stands in
    left: int
    middle: int
    part: Part


def parts_of(screen: QWidget, *, for_file: bool = False) -> tuple[Part, ...]:
    """Everything on the screen, in reading order, words of one line together.

    `for_file`: tables as a file has them, days like 2026-11-28.
    """
    found = sorted(_each(screen, for_file=for_file), key=lambda f: f.order)
    made: list[Part] = []
    line: list[_Found] = []
    for each in found:
        if line and not _on_one_line(line[-1], each):
            made += _said(line)
            line = []
        line.append(each)
    return _without_bare_headings((*made, *_said(line)))


def _without_bare_headings(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """Without headings over what stays on the screen, such as buttons alone."""
    after = (*(part.kind for part in parts[1:]), HEADING)
    return tuple(
        part
        for part, follows in zip(parts, after, strict=True)
        if part.kind != HEADING or follows != HEADING
    )


def _on_one_line(before: _Found, after: _Found) -> bool:
    plain = (LINE, STRONG)
    return (
        before.part.kind in plain
        and after.part.kind in plain
        and before.order[:-1] == after.order[:-1]
        and abs(before.middle - after.middle) <= _CLOSE
    )


def _said(line: list[_Found]) -> list[Part]:
    if len(line) < 2:
        return [each.part for each in line]
    ordered = sorted(line, key=lambda each: each.left)
    kind = STRONG if all(each.part.kind == STRONG for each in ordered) else LINE
    return [Part(kind=kind, text="  ·  ".join(each.part.text for each in ordered))]


def _each(screen: QWidget, *, for_file: bool) -> Iterator[_Found]:
    for widget in screen.findChildren(QWidget):
        if not widget.isVisibleTo(screen) or _inside_another(widget):
            continue
        part = part_of(widget, for_file=for_file)
        if part is not None:
            at = widget.mapTo(screen, QPoint(0, 0))
            order = (*_places(screen, widget), (at.y(), at.x()))
            yield _Found(order, at.x(), at.y() + widget.height() // 2, part)


def _places(screen: QWidget, widget: QWidget) -> tuple[tuple[int, int], ...]:
    """Where the columns stand that the widget is in: what is beside is read after, not between."""
    found = []
    parent = widget.parentWidget()
    while parent is not None and parent is not screen:
        if isinstance(parent, QScrollArea) or isinstance(parent.parentWidget(), QSplitter):
            at = parent.mapTo(screen, QPoint(0, 0))
            found.append((at.y(), at.x()))
        parent = parent.parentWidget()
    return tuple(reversed(found))


def _inside_another(widget: QWidget) -> bool:
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, QComboBox | QAbstractItemView) or parent.property(IN_ITS_PLACE):
            return True
        parent = parent.parentWidget()
    return False


def part_of(widget: QWidget, *, for_file: bool = False) -> Part | None:
    """What one widget says; None for what is not printed."""
    if isinstance(widget, CourseLine | Cartogram):
        rows = tuple(tuple(row) for row in widget.table_rows())
        return Part(kind=TABLE, text=widget.words(), columns=tuple(widget.HEAD), rows=rows)
    if not isinstance(widget, _KINDS) or not _belongs_on_paper(widget):
        return _in_its_place(widget)
    if isinstance(widget, QLabel):
        if widget.buddy() is not None:
            return None  # the field says its own name
        kind = _ROLES.get(str(widget.property("role") or ""), LINE)
        return Part(kind=kind, text=widget.text()) if widget.text().strip() else None
    if isinstance(widget, QTableView):
        return _table(widget, file_words if for_file else cell_words)
    if isinstance(widget, QListView):
        model = widget.model()
        if not isinstance(model, TimelineModel):
            return None
        return Part(
            kind=TABLE, text=widget.accessibleName(), columns=model.HEAD, rows=model.table_rows()
        )
    return _field(widget)


def _in_its_place(widget: QWidget) -> Part | None:
    if isinstance(widget, QAbstractButton):
        is_name = widget.property("role") == _A_NAME
        return Part(kind=LINE, text=widget.text().replace("&&", "&")) if is_name else None
    said = "" if isinstance(widget, _KINDS) else widget.property(IN_ITS_PLACE)
    return Part(kind=LINE, text=said) if said else None


def _belongs_on_paper(widget: QWidget) -> bool:
    return not isinstance(widget.parentWidget(), Bar) and not widget.property(ON_SCREEN_ONLY)


def _field(widget: QWidget) -> Part | None:
    name = widget.accessibleName()
    if isinstance(widget, QCheckBox | QRadioButton):
        return Part(kind=LINE, text=f"✓ {widget.text()}") if widget.isChecked() else None
    if isinstance(widget, QComboBox):
        said = widget.currentText()
    elif isinstance(widget, QLineEdit):
        said = widget.text() if widget.echoMode() == QLineEdit.EchoMode.Normal else ""
    elif isinstance(widget, QPlainTextEdit):
        said = widget.toPlainText()
    else:
        return None
    between = " " if name.endswith("?") else ": "
    return (
        Part(kind=LINE, text=f"{name}{between}{said}" if name else said) if said.strip() else None
    )


def _table(view: QTableView, words: Callable[[QTableView, int, int], str]) -> Part:
    model = view.model()
    shown = shown_columns(view)
    heads = tuple(heading(view, column) for column in shown)
    rows = tuple(
        tuple(words(view, row, column) for column in shown) for row in range(model.rowCount())
    )
    name = view.property(IN_ITS_PLACE) or view.accessibleName()
    order = view.order_words if isinstance(view, RowsTable) else ""
    return Part(kind=TABLE, text=f"{name}. {order}" if order else name, columns=heads, rows=rows)
