"""Which texts of a field are being saved, and which could not be: each is told of by itself.

The vault answers in the order in which it was asked. What is wrong with a text is said while it is
asked for. Refuses to call a text saved that was not asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from desktop.views.form_pages.fields import TextField


class AskedFor:
    """The texts of one field on their way to the disk."""

    def __init__(self) -> None:
        self._texts: list[str] = []  # the oldest first
        self._is_asking = False
        self._refused: str | None = None  # the last that was not saved: "Try again" saves it

    def ask(self, text: str, tell: Callable[[str], None], *, saves: bool) -> None:
        """Tell that it is to be saved; not `saves`: a button does that."""
        if saves:
            self._texts.append(text)
        self._is_asking = True
        try:
            tell(text)
        finally:
            self._is_asking = False

    def is_last(self, text: str) -> bool:
        """Whether it is on its way, and nothing after it."""
        return self._texts[-1:] == [text]

    def was_saved(self) -> str | None:
        """The text that was just saved; None where nobody asked."""
        text = self._texts.pop(0) if self._texts else self._refused
        self._refused = None
        return text

    def was_refused(self) -> None:
        """One of them was not: the one just asked for, or else the oldest."""
        if self._texts:
            self._refused = self._texts.pop(-1 if self._is_asking else 0)


def show_kept(field: TextField, text: str) -> None:
    """Show what is on disk, where nothing stands that is not: half typed, or not saved."""
    if not field.is_dirty or text.strip() == field.text.strip():
        field.set_text(text)
