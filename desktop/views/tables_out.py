"""Ctrl+Shift+C and "Save the list": the table in front, whole, to the clipboard or into a file.

The table that has the focus, else the first one on the page that has rows; a chart gives its
numbers. Refuses a part of it: the page is asked first to have every row there.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QStandardPaths
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QWidget

from desktop.presenters import tables_out
from desktop.presenters.printing import TABLE, Part
from desktop.views.printing.scrape import part_of, parts_of

if TYPE_CHECKING:
    from desktop.context import Context, Tells
    from desktop.views.kit.screen import Screen

Chooser = Callable[[QWidget, str], Path | None]


def choose_file(parent: QWidget, name: str) -> Path | None:
    """Ask where the list shall go."""
    place = QStandardPaths.StandardLocation.DocumentsLocation
    start = Path(QStandardPaths.writableLocation(place)) / name
    chosen, _ = QFileDialog.getSaveFileName(parent, "Save the list", str(start), "Lists (*.csv)")
    return Path(chosen) if chosen else None


def table_in_front(screen: Screen, *, for_file: bool = False) -> Part | None:
    """The table a person means; None when the page has none with rows."""
    parts = (
        _of_focus(screen, screen.focusWidget(), for_file=for_file),
        *parts_of(screen, for_file=for_file),
    )
    return next((p for p in parts if p is not None and p.kind == TABLE and p.rows), None)


def _of_focus(screen: QWidget, focus: QWidget | None, *, for_file: bool) -> Part | None:
    if focus is None or not focus.isVisibleTo(screen):
        return None
    return part_of(focus, for_file=for_file)


def copy_part(tell: Tells, part: Part, left_out: str = "") -> None:
    """To the clipboard: as text for a spreadsheet, as a table for a letter; said in words."""
    carried = QMimeData()
    carried.setText(tables_out.as_text(part))
    carried.setHtml(tables_out.as_html(part))
    QGuiApplication.clipboard().setMimeData(carried)
    tell.say(tables_out.copied_words(part, left_out))


def copy_list(tell: Tells, table: QWidget) -> None:
    """One list or chart of a page, in the order it stands in."""
    part = part_of(table)
    if part is not None:
        copy_part(tell, part)


def copy_table(context: Context, screen: Screen) -> None:
    """The whole table to the clipboard."""
    screen.when_whole(partial(_copy, context, screen))


def save_table(context: Context, screen: Screen, choose: Chooser = choose_file) -> None:
    """The whole table into a file, once a person has said where."""
    screen.when_whole(partial(_save, context, screen, choose))


def _copy(context: Context, screen: Screen) -> None:
    part = table_in_front(screen)
    if part is None:
        context.tell.note(tables_out.NONE_HERE)
        return
    copy_part(context.tell, part, screen.left_out)


def _save(context: Context, screen: Screen, choose: Chooser) -> None:
    part = table_in_front(screen, for_file=True)
    if part is None:
        context.tell.note(tables_out.NONE_HERE)
        return
    target = choose(screen, tables_out.file_name(context, screen.title()))
    if target is not None:
        tables_out.save(context, part, target, screen, screen.left_out)
