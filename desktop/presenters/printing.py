"""Printing what is on a screen: pages to look at, then paper or a PDF.

The view's timer calls `tick`. Refuses to print what has not been drawn whole.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from desktop.operations import printing
from desktop.operations.printing import (
    HEADING,
    LINE,
    STRONG,
    TABLE,
    TITLE,
    Paper,
    Part,
    VisitPack,
)
from desktop.presenters import words
from desktop.presenters.saving import words_for

if TYPE_CHECKING:
    from desktop.context import Context

__all__ = [
    "HEADING",
    "LINE",
    "STRONG",
    "TABLE",
    "TITLE",
    "Part",
    "PrintPresenter",
    "PrintView",
    "by_whom",
    "screen_paper",
]


class PrintView(Protocol):
    """What the presenter asks of the print window."""

    def show_pages(self, pages: tuple[Any, ...], *, whole: bool) -> None:
        """Pages that have come so far."""
        ...

    def show_wait(self, words: str) -> None:
        """They are on their way, or will not come."""
        ...

    def show_saved(self, words: str) -> None:
        """The PDF is there."""
        ...

    def show_problem(self, words: str) -> None:
        """It is not."""
        ...


def screen_paper(context: Context, title: str, parts: tuple[Part, ...]) -> Paper:
    """What stands on a screen, as a paper of today."""
    return printing.paper(
        title, context.pack.council, context.today, parts, practice=context.session.practice
    )


def by_whom(
    context: Context, parts: tuple[Part, ...], *, asks_others: bool = False
) -> tuple[Part, ...]:
    """What stands on a screen, and whose screen it was: “you” is nobody on paper.

    `asks_others`: its questions are put to somebody else, who is “you” there.
    """
    name = context.actor.name.strip()
    if not name:
        return parts
    said = " ".join(" ".join((part.text, *sum(part.rows, ()))) for part in parts)
    is_you = re.search(r"\byou\b", said, re.IGNORECASE)
    words = f"Printed by {name}."
    if is_you and not asks_others:
        words += f" “You” is {name}."
    return (*parts, Part(kind=LINE, text=words))


class PrintPresenter:
    """Draws pages, and writes the PDF."""

    def __init__(
        self,
        view: PrintView,
        sheet: Paper | VisitPack,
        *,
        start: Callable[..., Any] = printing.start,
    ) -> None:
        self._view, self._start = view, start
        self._paper = sheet
        self._drawing: Any = None
        self._writing: Any = None
        self._target = Path()
        self.pages: tuple[Any, ...] = ()
        self.is_whole = False

    @property
    def file_name(self) -> str:
        """A name for the PDF: the screen and the day, nobody's name."""
        plain = "".join(c if c.isalnum() else "-" for c in self._paper.title.casefold())
        return f"{plain.strip('-') or 'page'}-{self._paper.on.isoformat()}.pdf"

    @property
    def is_at_work(self) -> bool:
        """Whether a process runs."""
        return self._drawing is not None or self._writing is not None

    def begin(self) -> None:
        """Draw the pages."""
        self._drawing = self._start(self._paper, "pages", None, sharp=True)
        self._view.show_wait("Drawing the pages")

    def save(self, target: Path) -> None:
        """Write the PDF."""
        if self._writing is None:
            self._target = target
            self._writing = self._start(self._paper, "pdf", target)

    def stop(self) -> None:
        """Nobody waits any more."""
        for each in (self._drawing, self._writing):
            if each is not None:
                each.stop()
        self._drawing = self._writing = None

    def tick(self) -> None:
        """Look how the processes are doing."""
        if self._drawing is not None:
            self._look()
        writing = self._writing
        if writing is not None and writing.is_over:
            self._writing = None
            if writing.fault is not None:
                self._view.show_problem(words_for(writing.fault))
            else:
                self._view.show_saved(f"Saved as {self._target.name}.")

    def _look(self) -> None:
        drawing = self._drawing
        over = drawing.is_over
        self.pages = tuple(drawing.pages)
        if over:
            self._drawing = None
            if drawing.fault is not None:
                self._view.show_wait(words_for(drawing.fault))
                return
            self.is_whole = True
        if self.pages:
            self._view.show_pages(self.pages, whole=over)

    def printed_words(self) -> str:
        """What to say after paper came out."""
        return f"{words.counted(len(self.pages), 'page')} sent to the printer."
