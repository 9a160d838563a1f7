"""Buttons: always words, at least 24 pixels, one primary a screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QPushButton, QSizePolicy

if TYPE_CHECKING:
    from collections.abc import Callable


def button(
    words: str,
    on_press: Callable[[], None] | None = None,
    *,
    role: str = "",
    name: str = "",
    shortcut: str = "",
) -> QPushButton:
    """A push button. Pass a bound method.

    `role`: primary, quiet, danger, tab, toggle, rail. `name`: said by a screen reader when the
    words alone do not say which one ("Open Mary Thorne").
    """
    made = QPushButton(words.replace("&", "&&"))
    made.setAccessibleName(name or words)
    made.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
    made.setAutoDefault(False)
    if role:
        made.setProperty("role", role)
    if role in {"tab", "toggle", "rail"}:
        made.setCheckable(True)
    if shortcut:
        made.setToolTip(f"{words} ({shortcut})")
    if on_press is not None:
        _connect(made, on_press)
    return made


def primary(
    words: str, on_press: Callable[[], None] | None = None, *, name: str = ""
) -> QPushButton:
    """The one thing to do next on this screen."""
    made = button(words, on_press, role="primary", name=name)
    made.setDefault(True)
    return made


def quiet(words: str, on_press: Callable[[], None] | None = None, *, name: str = "") -> QPushButton:
    """A button that looks like a link."""
    return button(words, on_press, role="quiet", name=name)


def name_button(name: str, on_press: Callable[[], None] | None = None) -> QPushButton:
    """A person or enterprise that opens when pressed."""
    return button(name, on_press, role="name", name=f"Open {name}")


def _connect(made: QPushButton, on_press: Callable[[], None]) -> None:
    # `clicked` carries a bool that no intent wants.
    made.clicked.connect(lambda _checked=False: on_press())
