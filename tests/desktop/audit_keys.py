"""Keys of a window: none by accident, none twice. Part of the audit (WCAG 2.1.1, 2.1.4).

The desktop has no letters under Alt but what the list of actions says, so an `&` in words that Qt
reads as a key is a letter lost and a key taken.
"""

from __future__ import annotations

from collections import defaultdict

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractButton, QGroupBox, QLabel, QTabBar, QWidget


def accidental_keys(window: QWidget) -> list[tuple[QWidget, str]]:
    """Every widget in sight whose words Qt reads as a key, and those words."""
    found = []
    for widget in window.findChildren(QWidget):
        if not widget.isVisibleTo(window):
            continue
        for words in _read_as_keys(widget):
            if not QKeySequence.mnemonic(words).isEmpty():
                found.append((widget, words))
    return found


def _read_as_keys(widget: QWidget) -> list[str]:
    if isinstance(widget, QLabel):
        return [widget.text()] if widget.buddy() is not None else []
    if isinstance(widget, QAbstractButton):
        return [widget.text()]
    if isinstance(widget, QGroupBox):
        return [widget.title()]
    if isinstance(widget, QTabBar):
        return [widget.tabText(at) for at in range(widget.count())]
    return []


def doubled_keys(window: QWidget) -> list[tuple[str, list[str]]]:
    """Keys that two things in sight want in the whole window: (keys, who wants them)."""
    wanted: dict[str, list[str]] = defaultdict(list)
    for action in window.findChildren(QAction):
        if action.isEnabled() and action.shortcutContext() == _WHOLE:
            for keys in action.shortcuts():
                wanted[keys.toString()].append(f"action {action.text()}")
    for short in window.findChildren(QShortcut):
        owner = short.parent()
        seen = isinstance(owner, QWidget) and owner.isVisibleTo(window)
        if short.isEnabled() and seen and short.context() == _WHOLE:
            for each in short.keys():  # noqa: SIM118 -- Qt's list of keys, not a dict
                wanted[each.toString()].append(f"shortcut of {type(owner).__name__}")
    for press in window.findChildren(QAbstractButton):
        if press.isVisibleTo(window) and not press.shortcut().isEmpty():
            wanted[press.shortcut().toString()].append(f"button {press.text()}")
    return [(keys, who) for keys, who in wanted.items() if len(who) > 1]


_WHOLE = Qt.ShortcutContext.WindowShortcut
