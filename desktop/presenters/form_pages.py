"""Filling in a form: pages of questions from a form session, each answer kept at once.

The session lives on the GUI thread (an answer costs microseconds); the answer and the sheet as it
then stands are on disk at once. Refuses to finish while the form has problems, and names them; to
change a finished form but as a new revision with a reason; to move a draft without a preview.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from desktop.operations import form_filling as filling
from desktop.operations.errors import NothingWritten
from desktop.operations.form_filling import Asking, Filled, Opened, Said
from desktop.presenters import choice_words
from desktop.presenters.form_ending import FormEnding
from desktop.presenters.form_keeping import FormKeeper
from desktop.presenters.form_open import OpenForm, fresh_or_kept
from desktop.presenters.form_states import status_of
from desktop.presenters.form_versions import FormVersions
from desktop.presenters.saving import unread
from forms.engine.problems import FormRefused
from forms.engine.session import FormSession

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from desktop.context import Context
    from desktop.presenters.form_view import FormView
    from forms.engine.changes import ChangeSet

ANSWERED_SINCE = (
    "Something was changed in this form since, so nothing was taken back now. If the entry is "
    "still missing, “Undo the last answer” takes changes back, the newest first."
)


class _TakenOut:
    """The entry that was taken out last, while it can come back as the last thing done."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._undo: Callable[[], None] | None = None

    def offer(self, undo: Callable[[], None]) -> None:
        """The bar offers it back."""
        self._undo = undo
        self._context.tell.offer_undo("One entry taken out", undo)

    def withdraw(self) -> None:
        """Something else was done, or it is back: the bar would do nothing, or the wrong thing."""
        undo, self._undo = self._undo, None
        if undo is not None:
            self._context.tell.solved(undo)


class FormPresenter:
    """One person filling in one form."""

    def __init__(
        self,
        context: Context,
        view: FormView,
        form_id: str,
        *,
        enterprise_id: str = "",
        response_id: str = "",
    ) -> None:
        self._context = context
        self._view = view
        self._asking = Asking(
            pack_id=context.pack.id,
            form_id=form_id,
            enterprise_id=enterprise_id,
            response_id=response_id,
        )
        self._form: OpenForm | None = None
        self._turn = 0  # how often something was said
        self._taken_out = _TakenOut(context)
        self._keeper = FormKeeper(context, view)
        self.versions = FormVersions(
            context,
            view,
            self._keeper,
            on_moved=self._named,
            on_failed=self._not_opened,
            on_revised=self._begin,
        )
        self._ending = FormEnding(context, view, self._keeper, on_finished=self._named)

    # -- opening ----------------------------------------------------------------------------

    def load(self) -> None:
        """Open the draft there is for this form, or begin one."""
        asking = self._asking
        self._context.with_vault(
            lambda vault: filling.open_form(vault, asking),
            owner=self._view,
            on_done=lambda opened: self._begin(opened, fresh_or_kept(opened, asking.enterprise_id)),
            on_failed=self._not_opened,
        )

    def _not_opened(self, error: Exception) -> None:
        if isinstance(error, FormRefused | NothingWritten):
            self._view.show_missing(str(error))
        else:
            unread(self._context, self._view.show_missing, self.load)(error)

    def _begin(self, opened: Opened, filled: Filled) -> None:
        before = self._form
        self._taken_out.withdraw()
        # What a form may ask of the laptop: who works at it, and its id. Nothing else is known.
        device = {"username": self._context.actor.name, "deviceid": opened.device_id}
        try:
            session = FormSession(
                opened.form,
                clock=self._context.clock,
                instance_xml=opened.instance_xml or None,
                language=before.session.language if before is not None else "",
                revising=bool(filled.supersedes),
                properties=device,
            )
        except FormRefused as refusal:
            self._view.show_missing(str(refusal))
            return
        if opened.response is not None and opened.response.state == "draft":
            session.refresh()  # a draft follows the calendar; a finished form stands still
        typed = before.typed if before is not None else {}
        self._form = OpenForm(session=session, opened=opened, begun=filled, typed=typed)
        self.versions.of(self._form)
        self._draw()
        any_draft = not self._asking.response_id
        self._keeper.begin(self._form, self._answer_typed, any_draft=any_draft)
        if filled.supersedes:
            self._keep("revision", Said(ref="", before="", after="revision begun"))
        for ref, value in self._keeper.late.for_sheet(self._form):
            self.answer(ref, value)

    @property
    def _answerable(self) -> OpenForm | None:
        """The form, when it is open and not only to be read."""
        return self._form if self._form is not None and not self._form.is_final else None

    # -- answering --------------------------------------------------------------------------

    def answer(self, ref: str, value: str) -> None:
        """One answer; what follows from it is drawn, and the sheet is kept."""
        form = self._answerable
        if form is None:
            return
        before = form.session.node(ref).value
        changes = form.answer(ref, value, self._context.clock.now())
        node = form.session.node(ref)
        if node.problem is not None and node.problem.code == "not-an-answer":
            form.typed[ref] = value  # is not an answer; the words and the text stand there
            self._drawn(changes, ref)
            self._keeper.saver.keep_draft(ref, value)
            return
        form.typed.pop(ref, None)
        self._drawn(changes, ref)
        self._keep(ref, Said(ref=ref, before=before, after=node.value), *form.faults(changes))

    def _answer_typed(self, ref: str, text: str) -> None:
        """Half-typed text of the last time. At a choice it is words, also when it reads as a code.

        A choice that cannot be typed keeps nothing half-typed but a code it refused.
        """
        form = self._form
        node = form.session.node(ref) if form is not None else None
        if node is None or node.kind != "select_one":
            self.answer(ref, text)
            return
        known = [choice_words.folded(each.label) for each in node.choices]
        place = choice_words.meant(text, known)
        if place is None:
            self.refuse(ref, text, choice_words.refusal(text, known))
        else:
            self.answer(ref, node.choices[place].value)

    def refuse(self, ref: str, typed: str, words: str) -> None:
        """What was typed is none of the choices: it stays, the words say so, the answer stays."""
        form = self._answerable
        if form is not None:
            form.typed[ref] = typed
            self._drawn(form.session.refuse(ref, words), ref)
            self._keeper.saver.keep_draft(ref, typed)

    def keep_typed(self, ref: str, text: str) -> None:
        """Half-typed text of a question, on this laptop only."""
        if self._answerable is not None:
            self._keeper.saver.keep_draft(ref, text)

    def attach(self, ref: str, path: Path) -> None:
        """Answer a question with a file."""
        if self._answerable is not None:
            self._keeper.attach(ref, path, partial(self.answer, ref))

    def undo(self, turn: int | None = None) -> None:
        """Take the last answer back; with `turn` only that of this very turn."""
        form = self._answerable
        if turn not in (None, self._turn):
            self._context.tell.problem(ANSWERED_SINCE)
        elif form is not None and form.session.can_undo:
            changes = form.session.undo()
            self._drawn(changes, "")
            self._keep("undo", *form.said(changes))

    def add(self, ref: str) -> None:
        """One more of a repeat."""
        form = self._answerable
        if form is not None:
            changes = form.session.add_repeat(ref)
            self._draw()
            self._keep(ref, *(Said(ref=one, before="", after="added") for one in changes.added))

    def remove(self, ref: str) -> None:
        """Take one of a repeat out; offers to undo."""
        form = self._answerable
        if form is not None:
            form.session.remove_repeat(ref)
            self._draw()
            self._keep(ref, Said(ref=ref, before="", after="taken out"))
            self._taken_out.offer(partial(self.undo, self._turn))

    def set_language(self, language: str) -> None:
        """Show another of the form's languages; answers stay as they are."""
        if self._form is not None:
            self._form.session.set_language(language)
            self._draw()

    def put_down(self) -> None:
        """The form is left: the record that is sent gets what was answered."""
        self._keeper.put_down()

    # -- finishing --------------------------------------------------------------------------

    def finish(self) -> None:
        """Finish, or say what has to be put right first."""
        if self._answerable is not None:
            self._ending.finish(self._answerable, self.finish)

    def _named(self, response_id: str) -> None:
        """Read this very response again."""
        self._asking = replace(self._asking, response_id=response_id)
        self.load()

    # -- inside -----------------------------------------------------------------------------

    def _keep(self, key: str, *said: Said) -> None:
        self._turn += 1
        self._taken_out.withdraw()
        self.versions.answered()
        self._keeper.keep(key, *said)

    def _draw(self) -> None:
        form = self._form
        if form is not None:
            form.draw(self._context.clock.now())
            self._view.show_form(form.session.form.title, tuple(form.pages))
            self._view.show_status(status_of(form.session, form.opened, form.begun))

    def _drawn(self, changes: ChangeSet, ref: str) -> None:
        form = self._form
        if form is None or changes.added or changes.removed:
            self._draw()
            return
        refs = frozenset({*changes.refs(), ref})
        form.draw_again(refs, self._context.clock.now())
        self._view.show_changes(tuple(form.pages), refs)
        self._view.show_status(status_of(form.session, form.opened, form.begun))
