"""The pages of a report, looked at before it is made: a process draws them, they come one by one.

Refuses to go on drawing what nobody wants any more: an older drawing is stopped first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from desktop.presenters.saving import words_for

if TYPE_CHECKING:
    from desktop.operations.reports import Gathered, Rendering
    from desktop.presenters.report_making import Starter

PAGES = "pages"


class PagesView(Protocol):
    """Where the pages are shown."""

    def show_pages(self, pages: tuple[Any, ...], *, whole: bool) -> None:
        """Pictures of pages that have come so far; `whole` when it is all of them."""
        ...

    def show_pages_wait(self, words: str) -> None:
        """The pages are on their way, or will not come."""
        ...


class Looking:
    """One drawing of pages at a time."""

    def __init__(self, view: PagesView, start: Starter) -> None:
        self._view = view
        self._start = start
        self._drawing: Rendering | None = None

    @property
    def is_at_work(self) -> bool:
        """Whether a process draws."""
        return self._drawing is not None

    def draw(self, gathered: Gathered) -> None:
        """Draw the pages of what was gathered."""
        self._drawing = self._start(gathered, PAGES, None)
        self._view.show_pages_wait("Putting the report together")

    def stop(self) -> None:
        """No more pages are wanted."""
        if self._drawing is not None:
            self._drawing.stop()
            self._drawing = None

    def tick(self) -> None:
        """Show what came."""
        drawing = self._drawing
        if drawing is None:
            return
        pages = tuple(drawing.pages)
        if drawing.is_over:
            self._drawing = None
            if drawing.fault is not None:
                self._view.show_pages_wait(words_for(drawing.fault))
                return
        if pages:
            self._view.show_pages(pages, whole=drawing.is_over)
        else:
            self._view.show_pages_wait(drawing.step.words)
