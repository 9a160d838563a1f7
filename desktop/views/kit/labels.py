"""Text on screen. Every label is plain text: what a person typed is never read as markup."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QWidget

# Qt.TextFormat.PlainText as a number: touching the Qt namespace costs 12 ms before the first paint.
PLAIN_TEXT = 0


def label(text: str = "", role: str = "", *, wrap: bool = False) -> QLabel:
    """A plain-text label; role is one of the type roles in `desktop/theme.py`."""
    made = QLabel(text)
    made.setProperty("textFormat", PLAIN_TEXT)
    made.setWordWrap(wrap)
    if role:
        made.setProperty("role", role)
    if wrap:
        made.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
    return made


def name_for(heading: QLabel, control: QWidget, words: str) -> None:
    """Have a heading name a control. `&` in the words is a letter; a buddy reads it as a key."""
    heading.setText(words.replace("&", "&&"))
    heading.setBuddy(control)


def title(text: str = "") -> QLabel:
    """The one strong heading of a screen."""
    return label(text, "title")


def section(text: str) -> QLabel:
    """The heading of a part of a screen."""
    return label(text, "section")


def strong(text: str = "") -> QLabel:
    """A name or a fact that leads its line."""
    return label(text, "strong")


def muted(text: str = "", *, wrap: bool = False) -> QLabel:
    """What surrounds the facts: dates, places, sources."""
    return label(text, "muted", wrap=wrap)


def hint(text: str) -> QLabel:
    """What can be pressed here. It stays on the screen: paper has nothing to press."""
    made = label(text, "muted", wrap=True)
    made.setProperty("on_screen_only", True)
    return made


def small(text: str = "", *, wrap: bool = False) -> QLabel:
    """A quiet line under something."""
    return label(text, "small", wrap=wrap)


def overline(text: str) -> QLabel:
    """A small heading above a list; sentence case, never capitals."""
    return label(text, "overline")


def paragraph(text: str = "") -> QLabel:
    """Running text that wraps; keep it under 75 characters a line by the column it is in."""
    return label(text, wrap=True)


def rule() -> QWidget:
    """A hair line between parts."""
    line = QFrame()
    line.setProperty("role", "line")
    return line


def restyle(widget: QWidget) -> None:
    """Have the style sheet look again after a property changed: this widget only."""
    widget.style().unpolish(widget)
    widget.style().polish(widget)
