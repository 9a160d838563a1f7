"""Ctrl+Shift+C and "Save the list": the table in front, whole, to the clipboard or into a file.

The table that has the focus, else the first one on the page that has rows; a chart gives its
numbers. Refuses a part of it: the page is asked first to have every row there.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QStandardPaths
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QWidget

from desktop.presenters import tables_out
from desktop.presenters.printing import TABLE, Part
from desktop.views.printing.scrape import part_of, parts_of

if TYPE_CHECKING:
    from desktop.context import Context
    from desktop.views.kit.screen import Screen

Chooser = Callable[[QWidget, str], Path | None]


def choose_file(parent: QWidget, name: str) -> Path | None:
    """Ask where the list shall go."""
    place = QStandardPaths.StandardLocation.DocumentsLocation
    start = Path(QStandardPaths.writableLocation(place)) / name
    chosen, _ = QFileDialog.getSaveFileName(parent, "Save the list", str(start), "Lists (*.csv)")
    return Path(chosen) if chosen else None


def table_in_front(screen: Screen) -> Part | None:
    """The table a person means; None when the page has none with rows."""
    parts = (_of_focus(screen, screen.focusWidget()), *parts_of(screen))
    return next((p for p in parts if p is not None and p.kind == TABLE and p.rows), None)


def _of_focus(screen: QWidget, focus: QWidget | None) -> Part | None:
    return part_of(focus) if focus is not None and focus.isVisibleTo(screen) else None


def copy_table(context: Context, screen: Screen) -> None:
    """The whole table to the clipboard."""
    screen.when_whole(partial(_copy, context, screen))


def save_table(context: Context, screen: Screen, choose: Chooser = choose_file) -> None:
    """The whole table into a file, once a person has said where."""
    screen.when_whole(partial(_save, context, screen, choose))


def _copy(context: Context, screen: Screen) -> None:
    part = table_in_front(screen)
    if part is None:
        context.tell.say(tables_out.NONE_HERE)
        return
    QGuiApplication.clipboard().setText(tables_out.as_text(part))
    context.tell.say(tables_out.copied_words(part, screen.left_out))


def _save(context: Context, screen: Screen, choose: Chooser) -> None:
    part = table_in_front(screen)
    if part is None:
        context.tell.say(tables_out.NONE_HERE)
        return
    target = choose(screen, tables_out.file_name(context, screen.title()))
    if target is not None:
        tables_out.save(context, part, target, screen, screen.left_out)
