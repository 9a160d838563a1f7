"""Finishing a form: problems are named first, then it is written once. Refuses half of either."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from desktop.operations import form_filling as filling
from desktop.presenters import words
from desktop.presenters.form_drawn import Problem

if TYPE_CHECKING:
    from desktop.context import Context
    from desktop.presenters.form_keeping import FormKeeper
    from desktop.presenters.form_open import OpenForm
    from desktop.presenters.form_view import FormView
    from forms.engine.problems import Problem as Found


class FormEnding:
    """From Finish to "Finished"."""

    def __init__(
        self,
        context: Context,
        view: FormView,
        keeper: FormKeeper,
        *,
        on_finished: Callable[[str], None],
    ) -> None:
        self._context, self._view, self._keeper = context, view, keeper
        self._on_finished = on_finished

    def finish(self, form: OpenForm, again: Callable[[], None]) -> None:
        """Finish, or say what has to be put right first; a file that was chosen comes before."""
        self._keeper.when_files_came(partial(self._finish, form, again))

    def _finish(self, form: OpenForm, again: Callable[[], None]) -> None:
        problems = form.session.validate()
        if problems:
            self._name(problems, form)
            return
        operation = partial(
            filling.finish,
            filled=form.filled(drop_hidden=True),
            answers=form.session.answers(),
        )
        self._keeper.close("finish", operation, self._finished, again)

    def _name(self, problems: Sequence[Found], form: OpenForm) -> None:
        form.draw(self._context.clock.now())
        self._view.show_changes(tuple(form.pages), frozenset(p.ref for p in problems))
        self._view.show_problems(
            tuple(
                Problem(ref=p.ref, page=form.page_with(p.ref), words=form.words_of(p))
                for p in problems
            )
        )

    def _finished(self, response_id: str) -> None:
        self._view.show_finished(f"Finished. {words.saved_at(self._context.clock.now())}")
        self._on_finished(response_id)
