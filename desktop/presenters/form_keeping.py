"""Everything said in a form goes to disk: answers, files, half-typed text, the sheet as it stands.

Half-typed text is of one response: that of another draft of the same form, or of a revision, is
never shown in this one. Refuses to write an older sheet over what was written since.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from desktop.operations import form_filling as filling
from desktop.operations.files import KINDS as FILE_KINDS
from desktop.operations.files import add_file
from desktop.operations.form_filling import Said
from desktop.presenters.form_late import LateAnswers
from desktop.presenters.saving import FieldSaver

if TYPE_CHECKING:
    from pathlib import Path

    from desktop.context import Context
    from desktop.operations.writing import Operation, Writing
    from desktop.presenters.form_open import OpenForm
    from desktop.presenters.saving import ShowsFields

OPENED_SINCE = (
    "This form was opened again since, so nothing was written over what stands there now. "
    "Give the answer there once more."
)


NOT_FINISHED = (
    "The form is not finished: a file could not be added. Its question says why. "
    "Everything else that you answered is saved."
)


def kept_files() -> str:
    """Which files may answer a question, as a file dialog asks for it."""
    return f"Files that are kept ({' '.join(f'*{ending}' for ending in FILE_KINDS)})"


class FormKeeper:
    """Keeps what is said in the form that is open."""

    def __init__(self, context: Context, view: ShowsFields) -> None:
        self._context = context
        self._view = view
        self._form: OpenForm | None = None
        self._mine = object()  # stands for this keeper where it must not be held
        self.said = 0  # how often something was kept
        self._put_down = 0  # how much of that the record has, on disk
        self.late = LateAnswers(context)
        self._coming = 0  # files on their way into the vault, whose names will be answers
        self._after_them: Callable[[], None] | None = None
        self.saver = FieldSaver(context, view, "form")

    def begin(self, form: OpenForm, typed: Callable[[str, str], None], *, any_draft: bool) -> None:
        """From now on this form is kept here, and its half-typed text comes back.

        `any_draft`: the draft there is was asked for and not a certain one, so that text that was
        half typed before anything of it was kept is its own.
        """
        self._form = form
        self._context.opened[form.begun.response_id] = self._mine  # its sheet is the one that holds
        is_kept = form.opened.response is not None
        self.saver.rename(self._scope(kept=is_kept))
        if form.is_final:
            return
        if is_kept and any_draft and not form.revised:
            self.saver.take_over(self._scope(kept=False), form.typed_refs)
        self.saver.read_drafts(form.typed_refs, typed)

    def keep(self, key: str, *said: Said) -> None:
        """The answers just given, and the sheet as it stands."""
        form = self._form
        if form is None or self.late.took(form, key, said):
            return
        self.said += 1
        filled = form.filled()
        before, scope = self.saver.scope, self._scope(kept=True)
        if scope != before:  # the first answer of a fresh form: its half-typed text goes with it
            self.saver.rename(scope)
            self.saver.take_over(before, form.typed_refs)
        again = partial(self._keep_again, filled.response_id, key, *said)
        operation = partial(filling.keep_answers, filled=filled, said=said)
        self.saver.commit(key, operation, again=again)

    def attach(self, ref: str, path: Path, answer: Callable[[str], None]) -> None:
        """A file into the vault first, then its name as the answer."""
        if self._form is not None:
            operation = partial(
                _attach,
                enterprise_id=self._form.begun.enterprise_id,
                path=path,
                caption=self._form.session.node(ref).label,
            )
            self._coming += 1
            self.saver.commit(
                ref,
                operation,
                partial(self._attached, answer),
                again=partial(self.attach, ref, path, answer),
                if_not=self._not_attached,
            )

    def _attached(self, answer: Callable[[str], None], name: str) -> None:
        self._coming -= 1
        answer(name)
        if not self._coming and self._after_them is not None:
            then, self._after_them = self._after_them, None
            then()

    def _not_attached(self) -> None:
        self._coming -= 1
        if self._after_them is not None:
            self._after_them = None
            self._context.tell.problem(NOT_FINISHED)

    def when_files_came(self, then: Callable[[], None]) -> None:
        """Call `then` once every file is an answer; never, if one of them cannot be added."""
        if self._coming:
            self._after_them = then
        else:
            then()

    def close(
        self,
        key: str,
        operation: Operation[str],
        then: Callable[[str], None],
        again: Callable[[], None],
    ) -> None:
        """Finish or move this form: what is answered until that is on disk is not put before it."""
        if self.late.are_taken:
            return  # pressed twice
        said = self.said
        self.late.begin()

        def closed(response_id: str) -> None:
            self.late.closed()
            self.has_everything(said)
            then(response_id)

        self.saver.commit(key, operation, closed, again=again, if_not=self._not_closed)

    def _not_closed(self) -> None:
        """It goes on as it was: what was answered meanwhile is kept now."""
        for key, said in self.late.give_back():
            self.keep(key, *said)
        if self.late.left:
            self.put_down()

    def put_down(self) -> None:
        """The form is left: the record that is sent gets what was answered."""
        self.late.leave()
        if self._form is not None and self._put_down != self.said:
            done = partial(self._is_down, self.said)
            response_id = self._form.begun.response_id
            self.saver.commit("left", partial(filling.put_down, response_id=response_id), done)

    def _is_down(self, said: int, changed: bool) -> None:  # noqa: FBT001 -- what the write says
        del changed
        self.has_everything(said)

    def has_everything(self, said: int) -> None:
        """The record has, on disk, all that had been said by then."""
        self._put_down = max(self._put_down, said)

    def _keep_again(self, response_id: str, key: str, *said: Said) -> None:
        """The sheet as it is now, never as it was when it could not be kept."""
        here = self._form is not None and self._form.begun.response_id == response_id
        if here and self._context.opened.get(response_id) is self._mine:
            self.keep(key, *said)
        else:
            self._context.tell.problem(OPENED_SINCE)

    def _scope(self, *, kept: bool) -> str:
        """Under which name half-typed text is kept: a form nothing of which is kept has no own."""
        if self._form is None:
            return "form"
        begun, revised = self._form.begun, self._form.revised
        scope = f"form/{begun.enterprise_id}/{begun.form_id}"
        if revised:
            return f"{scope}/{revised}"
        return f"{scope}/of/{begun.response_id}" if kept else scope


def _attach(writing: Writing, *, enterprise_id: str, path: Path, caption: str) -> str:
    add_file(writing, enterprise_id, path, caption=caption)
    return path.name
