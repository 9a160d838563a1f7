"""A form: pages at left with their state in words, one page of questions, Finish at the end.

A page is built when it is first opened. Sizes come from the style sheet and the font alone: a
window that is looked at together (18 pt, targets of 44 px) puts in the same
`FormScreen(context, form_id, enterprise_id, response_id)` under its own style sheet, and calls
`flush()` when it closes. Nothing else is needed.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from desktop.actions import Action
from desktop.presenters.form_keeping import kept_files
from desktop.presenters.form_pages import FormPresenter
from desktop.presenters.half_typed import HalfTyped
from desktop.views.form_pages.answer_pages import AnswerPages
from desktop.views.form_pages.fields import flush_fields
from desktop.views.form_pages.pages import begin, under_head
from desktop.views.form_pages.seen import SeenPart
from desktop.views.form_pages.status import StatusPart
from desktop.views.form_pages.summary import Summary
from desktop.views.kit.bars import Bar
from desktop.views.kit.buttons import primary, quiet
from desktop.views.kit.file_place import ask_for_file
from desktop.views.kit.flow import flowing
from desktop.views.kit.labels import small, title
from desktop.views.kit.layout import column
from desktop.views.kit.screen import Screen
from desktop.views.kit.shapes import Look

if TYPE_CHECKING:
    from desktop.context import Context
    from desktop.navigation import Route
    from desktop.presenters.form_drawn import FormPage, Problem
    from desktop.presenters.form_states import FormStatus, MovePreview


SUMMARY_LINES = 9
Chooser = Callable[[QWidget], Path | None]


def choose_file(parent: QWidget) -> Path | None:
    """Ask the person for the file that answers a question."""
    return ask_for_file(parent, "Choose a file", kept_files())


def make(context: Context, route: Route) -> Screen:
    """The screen for a route: `id` of the form, `enterprise`, and `response` of a kept one."""
    return FormScreen(context, route.get("id"), route.get("enterprise"), route.get("response"))


class FormScreen(Screen, SeenPart):
    """One form being filled in."""

    asks_others = True

    def __init__(
        self,
        context: Context,
        form_id: str,
        enterprise_id: str = "",
        response_id: str = "",
        parent: QWidget | None = None,
        *,
        choose: Chooser = choose_file,
    ) -> None:
        super().__init__(parent)
        self._choose = choose
        self._context = context
        self._title = title("")
        self._saved = small("")
        self._done = Bar("info-bar", Look.DONE)
        self._missing = Bar("warn-bar", Look.WARN)
        self._summary = Summary()
        self._final = self._begun = False
        self._finish = primary("Finish the form", self._finish_pressed)
        self._undo = quiet("Undo the last answer", self._undo_pressed)
        self._undo.setEnabled(False)
        self._presenter = FormPresenter(
            context, self, form_id, enterprise_id=enterprise_id, response_id=response_id
        )
        of = response_id or f"{form_id}/{enterprise_id}"
        half = HalfTyped(context, self, f"form/{of}/why")
        self._status = StatusPart(self._presenter, half)
        self._pages = AnswerPages(self._presenter)
        self._pages.file_wanted.connect(self._file_wanted)
        self._build()
        self._presenter.load()

    def title(self) -> str:
        """The screen's name."""
        return "Form"

    def actions_here(self) -> list[Action]:
        """Finish and Undo, by key and by name."""
        return [
            Action("form.finish", "Finish the form", self._finish_pressed, "Ctrl+Return"),
            Action("form.undo", "Undo the last answer", self._undo_pressed, "Ctrl+Shift+Z"),
        ]

    def _build(self) -> None:
        self._summary.wanted.connect(self._pages.go_to_problem)
        head = flowing(self._title, self._finish, self._undo, self._saved, gap=2)
        parts = (head, self._status, self._missing, self._done, self._summary, self._pages)
        whole = column(*parts, margin=2, gap=1)
        whole.setStretch(len(parts) - 1, 1)
        self.setLayout(under_head(self, whole, "Form"))

    def arrive(self) -> None:
        """At the first question of the open page; where somebody was before, there again."""
        if not (self._pages.drawn or self._missing.words):
            self.setFocus()  # there is no place yet
        elif not self._begun:
            self._begun = True
            begin(self, self._pages.first_stop)

    def show_form(self, title: str, pages: tuple[FormPage, ...]) -> None:
        """Draw everything anew, on the page that was open."""
        self._title.setText(title)
        self._missing.say("")
        self._finish.setEnabled(True)
        self._pages.show_form(pages)
        self.can_begin.emit()

    def show_changes(self, pages: tuple[FormPage, ...], refs: frozenset[str]) -> None:
        """Show what changed."""
        self._pages.show_changes(pages, refs)
        self._summary.show_left(pages)

    def show_status(self, status: FormStatus) -> None:
        """What this form is, and what can be done with it."""
        self._final = status.final
        self._status.show_status(status)
        self._undo.setEnabled(status.can_undo)
        for part in (self._finish, self._undo, self._saved):
            part.setVisible(not status.final)
        self._pages.close_answers(closed=status.final)

    def show_move(self, preview: MovePreview | None) -> None:
        """What moving to the newer version would do."""
        self._status.show_move(preview)

    def show_problems(self, problems: tuple[Problem, ...]) -> None:
        """The summary on top, with a way to each question."""
        self._summary.setMaximumHeight(self.fontMetrics().lineSpacing() * SUMMARY_LINES)
        self._summary.show_problems(problems)

    def show_finished(self, words: str) -> None:
        """The form is finished and kept."""
        self._summary.hide()
        self._done.say(words)

    def show_missing(self, words: str) -> None:
        """The form cannot be opened."""
        self._missing.say(words)
        self._finish.setEnabled(False)
        self.can_begin.emit()

    def field_saved(self, key: str, words: str) -> None:
        """An answer is on disk."""
        self._saved.setText(words)
        field = self._pages.field(key)
        if field is not None and not field.has_problem:
            field.show_saved(words)

    def field_failed(self, key: str, words: str) -> None:
        """It is not; the text stays."""
        field = self._pages.field(key)
        if field is not None:
            field.show_problem(words)
        elif key == "reason":
            self._status.show_reason_missing(words)
        else:
            self._missing.say(words)

    def keep_state(self) -> dict[str, Any]:
        """The open page, and the question there."""
        return {"page": self._pages.at, "question": self._pages.question}

    def restore_state(self, state: dict[str, Any]) -> None:
        """The page as it was, at the same question."""
        self._pages.go_to(int(state.get("page", 0)), str(state.get("question", "")))

    def flush(self) -> None:
        """Leave the field that is being typed in, so that it commits; the record gets it all."""
        flush_fields(self)
        self._presenter.put_down()

    def _file_wanted(self, ref: str) -> None:
        path = self._choose(self)
        if path is not None:
            self._presenter.attach(ref, path)

    def _finish_pressed(self) -> None:
        if self._final:
            return
        flush_fields(self)
        self._presenter.finish()

    def _undo_pressed(self) -> None:
        flush_fields(self)
        self._presenter.undo()
