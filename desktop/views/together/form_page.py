"""A form at the table: one question a page, each answer kept at once, Finish at the end.

The form's own presenter does the work. Refuses versions and moves between them: those are the
coach's matter, on the coach's own screen.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from desktop.presenters.form_pages import FormPresenter
from desktop.views.form_pages.fields import flush_fields
from desktop.views.form_pages.questions import Questions
from desktop.views.form_pages.seen import SeenPart
from desktop.views.form_pages.when_field import WhenField
from desktop.views.kit.buttons import button, primary
from desktop.views.kit.flow import flowing
from desktop.views.kit.labels import label, muted, paragraph
from desktop.views.kit.layout import clear
from desktop.views.together.page import Page

if TYPE_CHECKING:
    from collections.abc import Iterable

    from desktop.context import Context
    from desktop.presenters.form_drawn import Asked, FormPage, Problem

LATER = "Your coach can add this file later."
SAT_DOWN_ON = frozenset({"asked_on"})  # questions for the day on which two people sit here
_GROUPS = ("group", "instance", "repeat")


class FormAtTable(SeenPart, Page):
    """One question of a form, or the end of it."""

    finished = Signal(str)  # its title
    stands_at = Signal(str)  # the question that is open

    def __init__(
        self,
        context: Context,
        form_id: str,
        enterprise_id: str,
        begin_at: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._title = ""
        self._begin_at = begin_at  # the question that was open when the power went
        self._asked: list[tuple[str, Asked]] = []  # words to read first, question
        self._at = 0
        self._over = False
        self._questions: Questions | None = None
        self._first: QWidget | None = None
        self._presenter = FormPresenter(context, self, form_id, enterprise_id=enterprise_id)
        self._presenter.load()

    def first(self) -> QWidget | None:
        """The first answer."""
        return self._first

    def put_down(self) -> None:
        """The form is left: its record gets the answers."""
        self._presenter.put_down()

    # -- what the presenter shows ------------------------------------------------------------

    def show_form(self, title: str, pages: tuple[FormPage, ...]) -> None:
        """Draw everything anew, at the first question without an answer."""
        self._title = title
        self._asked = list(_in_order(pages))
        if self._questions is None:
            every = list(enumerate(self._asked))
            open_ones = [n for n, (_, each) in every if each.ref == self._begin_at]
            open_ones = open_ones or [n for n, (_, each) in every if not each.value]
            self._at = open_ones[0] if open_ones else len(self._asked)
        self._draw()

    def show_changes(self, pages: tuple[FormPage, ...], refs: frozenset[str]) -> None:
        """Answers changed what is asked; stay at the question that is open."""
        here = self._asked[self._at][1].ref if self._at < len(self._asked) else ""
        self._asked = list(_in_order(pages))
        kept = [n for n, (_, each) in enumerate(self._asked) if each.ref == here]
        if kept and self._questions is not None:
            self._at = kept[0]
            self._questions.show_asked((self._asked[self._at][1],), refs)

    def show_status(self, status: object) -> None:
        """Nothing here: the coach sees it on the coach's own screen."""

    def show_move(self, preview: object) -> None:
        """As above."""

    def show_problems(self, problems: tuple[Problem, ...]) -> None:
        """Go to the first thing to put right."""
        wanted = problems[0].ref
        found = [n for n, (_, each) in enumerate(self._asked) if each.ref == wanted]
        if found:
            self.go(found[0] - self._at)
        self.tell(problems[0].words, "problem")

    def show_finished(self, words: str) -> None:
        """It is kept."""
        self._over = True
        self._draw()
        self.tell(words, "strong")
        self.finished.emit(self._title)

    def show_missing(self, words: str) -> None:
        """It cannot be opened."""
        self.tell(words, "problem")
        self.put(self.status, None)

    def field_saved(self, _key: str, words: str) -> None:
        """On disk."""
        self.tell(words)

    def field_failed(self, _key: str, words: str) -> None:
        """What to put right."""
        self.tell(words, "problem")

    # -- inside ------------------------------------------------------------------------------

    def _draw(self) -> None:
        self.body.removeWidget(self.status)
        self.status.setParent(self)
        clear(self.body)
        self.tell("")
        if self._over:
            self.put(label("Thank you. The form is done.", "section", wrap=True))
            self._first = None
        elif self._at < len(self._asked):
            self._draw_question(*self._asked[self._at])
        else:
            finish = primary("Finish the form", self._presenter.finish)
            self._first = finish
            self.put(
                label("That was the last question.", "section", wrap=True),
                flowing(finish, button("The one before", partial(self.go, -1)), gap=2),
            )
        self.put(self.status, None)

    def _draw_question(self, before: str, asked: Asked) -> None:
        at = f"{self._title}: question {self._at + 1} of {len(self._asked)}"
        self.put(muted(at, wrap=True))
        if before:
            self.put(paragraph(before))
        on = primary("Next question", partial(self.go, 1))
        if asked.kind == "file":
            self._questions, self._first = None, on
            self.put(label(asked.title, "section", wrap=True), paragraph(LATER))
        else:
            self._put_field(asked)
        self.put(flowing(on, button("The one before", partial(self.go, -1)), gap=2))

    def _put_field(self, asked: Asked) -> None:
        self._questions = Questions((asked,))
        self._questions.answered.connect(self._presenter.answer)
        self._questions.refused.connect(self._presenter.refuse)
        self._questions.typed.connect(self._presenter.keep_typed)
        field = self._questions.field(asked.ref)
        if field is not None:
            field.heading.setProperty("role", "section")
            if isinstance(field, WhenField):
                _put_today(field, asked)
            self._first = field.first()
            editor = getattr(field, "editor", None)
            if isinstance(editor, QLineEdit):
                editor.setMaximumWidth(24 * self.fontMetrics().averageCharWidth())
        self.put(self._questions)

    def go(self, by: int) -> None:
        """To another question, so many on or back; what stands in this one is its answer."""
        flush_fields(self)
        self._at = min(len(self._asked), max(0, self._at + by))
        self._draw()
        self.arrive()
        here = self._asked[self._at : self._at + 1]
        self.stands_at.emit(here[0][1].ref if here else "")


def _put_today(field: WhenField, asked: Asked) -> None:
    """The day of these answers is today, unless somebody writes another one."""
    rule = field.rule_now()
    if rule is not None and not asked.value and asked.ref.rpartition("/")[2] in SAT_DOWN_ON:
        field.restore(rule.of_day(rule.today))
        field.show_nothing()


def _in_order(pages: Iterable[FormPage]) -> Iterable[tuple[str, Asked]]:
    """Every question that is asked now, with the words that stand before it."""
    words: list[str] = []
    for page in pages:
        for each in _flat(page.asked) if page.relevant else ():
            if each.kind == "note":
                words.append(each.label)
            elif not each.readonly:
                yield " ".join(words), each
                words = []


def _flat(asked: Iterable[Asked]) -> Iterable[Asked]:
    for each in asked:
        if each.relevant:
            if each.inside or each.kind in _GROUPS:
                yield from _flat(each.inside)
            else:
                yield each
