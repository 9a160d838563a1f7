"""The pages of a form with their questions; a page is built when it is first opened.

Knows which question somebody stands at, so that a restart leads back to it. Refuses to take answers
itself: it passes them to the presenter.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desktop.views.form_pages.halves import text_is_large
from desktop.views.form_pages.pages import Pages, area_around
from desktop.views.form_pages.questions import Questions

if TYPE_CHECKING:
    from desktop.presenters.form_drawn import FormPage, Problem
    from desktop.presenters.form_pages import FormPresenter
    from desktop.views.form_pages.fields import Field


class AnswerPages(Pages):
    """Pages of questions."""

    file_wanted = Signal(str)

    def __init__(self, presenter: FormPresenter, parent: QWidget | None = None) -> None:
        super().__init__(parent, as_one=text_is_large())
        self._presenter = presenter
        self._built: dict[int, Questions] = {}
        self._closed = False
        self._wanted: tuple[int, str] = (0, "")  # until there are pages
        self.drawn: tuple[FormPage, ...] = ()

    def show_form(self, pages: tuple[FormPage, ...]) -> None:
        """Draw everything anew, where one was."""
        page, ref = self._wanted if not self.drawn else (self.at, "")
        self.clear()
        self._built.clear()
        self.drawn = pages
        for number, each in enumerate(pages):
            self.add_later(each.title, partial(self._make_page, number))
        self._say_states()
        self.go_to(min(max(page, 0), len(pages) - 1), ref)

    def show_changes(self, pages: tuple[FormPage, ...], refs: frozenset[str]) -> None:
        """Show what changed."""
        self.drawn = pages
        for number, questions in self._built.items():
            questions.show_asked(pages[number].asked, refs)
        self._say_states()

    def close_answers(self, *, closed: bool) -> None:
        """Whether the answers can only be read."""
        self._closed = closed
        for questions in self._built.values():
            questions.setEnabled(not closed)

    def field(self, ref: str) -> Field | None:
        """The field of a question, on the pages that were opened."""
        found = (questions.field(ref) for questions in self._built.values())
        return next((field for field in found if field is not None), None)

    @property
    def question(self) -> str:
        """The question somebody stands at; "" for none."""
        here = self._built.get(self.at)
        return here.ref_of(here.focusWidget()) if here is not None else ""

    def go_to(self, page: int, ref: str) -> None:
        """Open a page at a question; "" leaves the focus. Without pages yet: once there are."""
        if not self.drawn:
            self._wanted = (page, ref)
            return
        self.open(page)
        field = self.field(ref) if ref else None
        if field is not None:
            field.take_focus()
            area = area_around(field)
            if area is not None:
                area.ensureWidgetVisible(field)

    def go_to_problem(self, problem: Problem) -> None:
        """Open the question that a line of the summary is about."""
        self.go_to(problem.page, problem.ref)

    def _make_page(self, number: int) -> Questions:
        questions = Questions(self.drawn[number].asked)
        questions.answered.connect(self._presenter.answer)
        questions.refused.connect(self._presenter.refuse)
        questions.typed.connect(self._presenter.keep_typed)
        questions.add_wanted.connect(self._presenter.add)
        questions.remove_wanted.connect(self._presenter.remove)
        questions.file_wanted.connect(self.file_wanted)
        questions.setEnabled(not self._closed)
        self._built[number] = questions
        return questions

    def _say_states(self) -> None:
        for number, page in enumerate(self.drawn):
            self.show_state(number, page.state)
            self.show_page(number, shown=page.relevant)
