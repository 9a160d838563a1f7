"""The bar that keeps a window open: what is not on disk, what is safe, and three ways on.

Refuses a box in the way: the page stays in sight and can be copied from. Refuses to close on the
same press that was refused before: losing words takes a button of its own.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QBoxLayout, QWidget

from desktop.views.kit.bars import Bar, announce
from desktop.views.kit.buttons import button
from desktop.views.kit.flow import flowing
from desktop.views.kit.labels import label
from desktop.views.kit.screen import Screen
from desktop.views.kit.shapes import Look

COPIED = (
    "Copied. Paste it somewhere safe before you close: closing takes it off the clipboard again."
)


def page_of(owner: object) -> str:
    """The title of the page on which this is; it names nobody. "" where there is none."""
    at = owner if isinstance(owner, QWidget) else None
    while at is not None and not isinstance(at, Screen):
        at = at.parentWidget()
    return at.title() if at is not None else ""


class NotKeptBar(Bar):
    """Stands over the page until everything is kept, or the person lets it go."""

    def __init__(self, again: Callable[[], None], lose: Callable[[], None]) -> None:
        super().__init__("problem-bar", Look.STOP)
        self._text = ""
        self._copied = label(COPIED, wrap=True)
        self._copied.hide()
        self._again = button("Try again and close", again)
        self._copy = button("Copy the words", self._copy_pressed)
        self._lose = button("Close and lose the words", lose)
        self._body.addWidget(self._copied)
        self._body.addWidget(flowing(self._again, self._copy, self._lose))

    def put_over(self, page: QWidget) -> None:
        """Above all that stands on a page."""
        layout = page.layout()
        if isinstance(layout, QBoxLayout):
            layout.insertWidget(0, self)

    def show_why(self, words: str, text: str, *, closing: bool, locked: bool) -> None:
        """Say it; `text` is what can be copied.

        Not `closing`: nobody wants to close yet. `locked`: opening the records is what helps.
        """
        self._text = text
        self._copied.hide()
        self._again.setVisible(closing and not locked)
        self._copy.setVisible(bool(text))
        self._lose.setVisible(closing)
        self.say(words)
        announce(self, words, urgent=True)
        if closing and not locked:
            self._again.setFocus()  # at the passphrase, Enter must not fall on the other one

    def _copy_pressed(self) -> None:
        QGuiApplication.clipboard().setText(self._text)
        self._copied.show()
        announce(self, COPIED)
