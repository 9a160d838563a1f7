"""Where a sitting stands: the page and the question, so that a power cut leads back to it.

Refuses to remember a page that stands apart: the screen may have been turned since.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from desktop.presenters.together import AtTable
    from desktop.views.together.page import Page

BESIDE = " at "  # between a page and its question


class Standing:
    """Written with the sitting; read once, when the sitting goes on."""

    def __init__(self, table: AtTable) -> None:
        self._table = table
        self._names: dict[Page, str] = {}  # the other pages are the step itself
        self._question = ""

    def name(self, page: Page, name: str) -> None:
        """What a page is called here."""
        self._names[page] = name

    def note_page(self, page: Page) -> None:
        """Another page is in front."""
        name = self._names.get(page, "")
        if name != self._table.sitting.page.partition(BESIDE)[0]:
            self._table.stand_at(page=name)

    def note_question(self, page: str, question: str) -> None:
        """A page with questions of its own is at this one; "" at none."""
        self._table.stand_at(page=f"{page}{BESIDE}{question}" if question else page)

    def stood(self) -> str:
        """The page where the sitting stood; its question waits for `take_question`."""
        page, _, self._question = self._table.sitting.page.partition(BESIDE)
        return page

    def take_question(self) -> str:
        """The question there, once."""
        question, self._question = self._question, ""
        return question
