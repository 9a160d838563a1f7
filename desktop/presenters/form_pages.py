"""Filling in a form: pages of questions from a form session, each answer kept at once.

The session lives on the GUI thread (an answer costs microseconds); the answer and the sheet as it
then stands are on disk at once. Refuses to finish while the form has problems, and names them; to
change a finished form but as a new revision with a reason; to move a draft without a preview.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from desktop.operations import form_filling as filling
from desktop.operations.errors import NothingWritten
from desktop.operations.files import KINDS as FILE_KINDS
from desktop.operations.files import add_file
from desktop.operations.form_filling import Asking, Filled, Opened, Said
from desktop.presenters import choice_words, words
from desktop.presenters.form_drawn import (
    Drawing,
    FormPage,
    Problem,
    page_of,
    problem_words,
    touches,
    when_of,
)
from desktop.presenters.form_states import move_preview, status_of
from desktop.presenters.saving import FieldSaver
from desktop.presenters.words import NotThat
from forms.engine.changes import ChangeSet
from forms.engine.checklist_view import expiries
from forms.engine.migrate import Migration
from forms.engine.problems import FormRefused
from forms.engine.session import FormSession
from forms.values import new_id

if TYPE_CHECKING:
    from pathlib import Path

    from desktop.context import Context
    from desktop.operations.writing import Writing
    from desktop.presenters.form_view import FormView
    from forms.facts.casework import FormResponse


OPENED_SINCE = (
    "This form was opened again since, so nothing was written over what stands there now. "
    "Give the answer there once more."
)
NOT_TYPED = frozenset({"note", "group", "instance", "repeat", "acknowledge", "file", "rank"})


def typed_refs(session: FormSession) -> tuple[str, ...]:
    """The questions in which somebody may have been typing when the laptop went off."""
    found: list[str] = []
    waiting = list(session.root.nodes)
    while waiting:
        node = waiting.pop()
        waiting += node.nodes
        if not node.nodes and node.kind not in NOT_TYPED and not node.readonly:
            found.append(node.ref)
    return tuple(found)


def kept_files() -> str:
    """Which files may answer a question, as a file dialog asks for it."""
    return f"Files that are kept ({' '.join(f'*{ending}' for ending in FILE_KINDS)})"


def _attach(writing: Writing, *, enterprise_id: str, path: Path, caption: str) -> str:
    add_file(writing, enterprise_id, path, caption=caption)
    return path.name


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
        self._session: FormSession | None = None
        self._opened: Opened | None = None
        self._pages: list[FormPage] = []
        self._begun: Filled | None = None  # what the record is named by, from the first answer on
        self._move: Migration | None = None
        self._put_down = True  # whether the record has everything
        self._mine = object()  # stands for this presenter where it must not be held
        self._typed: dict[str, str] = {}  # what was typed and is no answer, by ref: it stays
        self._saver = FieldSaver(context, view, f"form/{enterprise_id}/{form_id or response_id}")

    # -- opening ----------------------------------------------------------------------------

    def load(self) -> None:
        """Open the draft there is for this form, or begin one."""
        asking = self._asking
        self._context.with_vault(
            lambda vault: filling.open_form(vault, asking),
            owner=self._view,
            on_done=self._open,
            on_failed=self._not_opened,
        )

    def _not_opened(self, error: Exception) -> None:
        if isinstance(error, FormRefused | NothingWritten):
            self._view.show_missing(str(error))
        else:
            self._context.tell.failed(error)

    def _open(self, opened: Opened) -> None:
        kept = opened.response
        filled = Filled(
            response_id=kept.id if kept is not None else new_id(),
            form_id=opened.form.form_id if kept is None else kept.form_id,
            form_version=opened.form.version,
            enterprise_id=self._asking.enterprise_id if kept is None else kept.enterprise_id,
            instance_xml=opened.instance_xml,
        )
        self._begin(opened, filled, revising=False)

    def _device(self, opened: Opened) -> dict[str, str]:
        """What a form may ask of the laptop: who works at it, and its id. Nothing else is known."""
        return {"username": self._context.actor.name, "deviceid": opened.device_id}

    def _begin(self, opened: Opened, filled: Filled, *, revising: bool) -> None:
        try:
            session = FormSession(
                opened.form,
                clock=self._context.clock,
                instance_xml=opened.instance_xml or None,
                language=self._session.language if self._session is not None else "",
                revising=revising,
                properties=self._device(opened),
            )
        except FormRefused as refusal:
            self._view.show_missing(str(refusal))
            return
        if opened.response is not None and opened.response.state == "draft":
            session.refresh()  # a draft follows the calendar; a finished form stands still
        self._session, self._opened, self._begun = session, opened, filled
        self._context.opened[filled.response_id] = self._mine  # its sheet is the one that holds
        self._name_drafts(filled, opened.response)
        self._draw()
        if not self._final:
            self._saver.read_drafts(typed_refs(session), self._answer_typed)

    def _name_drafts(self, filled: Filled, kept: FormResponse | None) -> None:
        """Half-typed text is of one response: a revision's is never shown in another."""
        scope = f"form/{filled.enterprise_id}/{filled.form_id}"
        revised = filled.supersedes or (kept.supersedes if kept is not None else "")
        self._saver.rename(f"{scope}/{revised}" if revised else scope)

    def _draw(self) -> None:
        if self._session is not None:
            self._pages = self._pages_now()
            self._view.show_form(self._session.form.title, tuple(self._pages))
            self._say_status()

    def _say_status(self) -> None:
        if self._session is not None and self._opened is not None and self._begun is not None:
            self._view.show_status(status_of(self._session, self._opened, self._begun))

    @property
    def _final(self) -> bool:
        response = self._opened.response if self._opened is not None else None
        return response is not None and response.state != "draft" and not self._revising

    @property
    def _revising(self) -> bool:
        return self._begun is not None and bool(self._begun.supersedes)

    # -- answering --------------------------------------------------------------------------

    def answer(self, ref: str, value: str) -> None:
        """One answer; what follows from it is drawn, and the sheet is kept."""
        session = self._session
        if session is None or self._final:
            return
        before = session.node(ref).value
        changes = self._answered(session, ref, value)
        node = session.node(ref)
        if node.problem is not None and node.problem.code == "not-an-answer":
            self._typed[ref] = value  # is not an answer; the words and the text stand there
            self._drawn(changes, ref)
            self._saver.keep_draft(ref, value)
            return
        self._typed.pop(ref, None)
        self._drawn(changes, ref)
        self._keep(ref, Said(ref=ref, before=before, after=node.value), *self._faults(changes))

    def _answer_typed(self, ref: str, text: str) -> None:
        """Half-typed text of the last time. At a choice it is words, also when it reads as a code.

        A choice that cannot be typed keeps nothing half-typed but a code it refused.
        """
        session = self._session
        node = session.node(ref) if session is not None else None
        if node is None or node.kind != "select_one":
            self.answer(ref, text)
            return
        known = [choice_words.folded(each.label) for each in node.choices]
        place = choice_words.meant(text, known)
        if place is None:
            self.refuse(ref, text, choice_words.refusal(text, known))
        else:
            self.answer(ref, node.choices[place].value)

    def _answered(self, session: FormSession, ref: str, value: str) -> ChangeSet:
        """Typed days and times by the one rule of the desktop; the rest by the form."""
        when = when_of(session.node(ref), self._context.clock.now())
        if when is None:
            return session.answer(ref, value)
        try:
            meant = when.understood(value)
        except NotThat as wrong:
            return session.refuse(ref, str(wrong))
        return session.answer(ref, "" if meant is None else meant.kept)

    def refuse(self, ref: str, typed: str, words: str) -> None:
        """What was typed is none of the choices: it stays, the words say so, the answer stays."""
        if self._session is not None and not self._final:
            self._typed[ref] = typed
            self._drawn(self._session.refuse(ref, words), ref)
            self._saver.keep_draft(ref, typed)

    def keep_typed(self, ref: str, text: str) -> None:
        """Half-typed text of a question, on this laptop only."""
        if self._session is not None and not self._final:
            self._saver.keep_draft(ref, text)

    def _faults(self, changes: ChangeSet) -> tuple[Said, ...]:
        """What the form could not work out: kept in the log beside the answer that led to it."""
        found = ((ref, self._session.node(ref)) for ref in changes.problems if self._session)
        return tuple(
            Said(ref=ref, before=node.value, after=f"(fault) {node.problem.message}")
            for ref, node in found
            if node.problem is not None and node.problem.code == "formula-fault"
        )

    def attach(self, ref: str, path: Path) -> None:
        """Answer a question with a file: into the vault first, then its name as the answer."""
        if self._session is None or self._final or self._begun is None:
            return
        operation = partial(
            _attach,
            enterprise_id=self._begun.enterprise_id,
            path=path,
            caption=self._session.node(ref).label,
        )
        self._saver.commit(ref, operation, partial(self.answer, ref))

    def undo(self) -> None:
        """Take the last answer back."""
        if self._session is None or self._final or not self._session.can_undo:
            return
        changes = self._session.undo()
        self._drawn(changes, "")
        self._keep("undo", *self._all_said(changes))

    def add(self, ref: str) -> None:
        """One more of a repeat."""
        if self._session is not None and not self._final:
            changes = self._session.add_repeat(ref)
            self._draw()
            self._keep(ref, *(Said(ref=one, before="", after="added") for one in changes.added))

    def remove(self, ref: str) -> None:
        """Take one of a repeat out; offers to undo."""
        if self._session is not None and not self._final:
            self._session.remove_repeat(ref)
            self._draw()
            self._keep(ref, Said(ref=ref, before="", after="taken out"))
            self._context.tell.offer_undo("One entry taken out", self._undo_removal)

    def set_language(self, language: str) -> None:
        """Show another of the form's languages; answers stay as they are."""
        if self._session is not None:
            self._session.set_language(language)
            self._draw()

    def put_down(self) -> None:
        """The form is left: the record that is sent gets what was answered."""
        if self._begun is None or self._put_down:
            return
        self._put_down = True
        self._saver.commit("left", partial(filling.put_down, response_id=self._begun.response_id))

    # -- finishing, changing ----------------------------------------------------------------

    def finish(self) -> None:
        """Finish, or say what has to be put right first."""
        session = self._session
        if session is None or self._final or self._begun is None:
            return
        problems = session.validate()
        if problems:
            self._pages = self._pages_now()
            self._view.show_changes(tuple(self._pages), frozenset(p.ref for p in problems))
            self._view.show_problems(
                tuple(
                    Problem(ref=p.ref, page=self._page_with(p.ref), words=self._words_of(p))
                    for p in problems
                )
            )
            return
        operation = partial(
            filling.finish,
            filled=self._filled(session.to_xml(drop_hidden=True)),
            answers=session.answers(),
        )
        self._put_down = True
        self._saver.commit("finish", operation, self._finished, again=self.finish)

    def revise(self, reason: str) -> None:
        """Change a finished form: a new revision on the same version; the old one stays."""
        if self._opened is None or self._opened.response is None or not self._final:
            return
        try:
            filled = filling.revised(self._opened.response, self._opened.instance_xml, reason)
        except NothingWritten as refusal:
            self._view.field_failed("reason", str(refusal))
            return
        self._begin(self._opened, filled, revising=True)
        self._keep("revision", Said(ref="", before="", after="revision begun"))

    def look_at(self, response_id: str) -> None:
        """Another revision of this form, to read."""
        self._context.open_route(
            "form",
            id=self._asking.form_id,
            enterprise=self._asking.enterprise_id,
            response=response_id,
        )

    # -- another version --------------------------------------------------------------------

    def preview_move(self) -> None:
        """Show what moving this draft to the newer version would do. Changes nothing."""
        opened, session, clock = self._opened, self._session, self._context.clock
        if opened is None or session is None or not opened.newer:
            return
        now = Opened(
            form=opened.form, response=opened.response, instance_xml=session.to_xml(),
            newer=opened.newer,
        )  # fmt: skip
        pack_id = self._context.pack.id
        self._context.with_vault(
            lambda vault: filling.preview_move(vault, pack_id, now, clock),
            owner=self._view,
            on_done=self._previewed,
            on_failed=self._not_opened,
        )

    def _previewed(self, moved: Migration) -> None:
        self._move = moved
        self._view.show_move(move_preview(moved))

    def move(self) -> None:
        """Move the draft as it was shown."""
        if self._move is None or self._begun is None or self._session is None:
            return
        operation = partial(
            filling.move_draft,
            response_id=self._begun.response_id,
            moved=self._move,
            before=f"version {self._session.form.version}",
        )
        self._put_down = True
        self._saver.commit("move", operation, self._moved, again=self.preview_move)

    def stay(self) -> None:
        """Leave the draft on its version."""
        self._move = None
        self._view.show_move(None)

    def _moved(self, response_id: str) -> None:
        self.stay()
        self._named(response_id)

    # -- inside -----------------------------------------------------------------------------

    @property
    def _drawing(self) -> Drawing:
        return Drawing(now=self._context.clock.now(), typed=self._typed)

    def _pages_now(self) -> list[FormPage]:
        drawing = self._drawing
        return [page_of(each, drawing) for each in self._session.pages] if self._session else []

    def _words_of(self, problem: Any) -> str:
        label = self._session.node(problem.ref).label if self._session and problem.ref else ""
        return problem_words(label, problem.message)

    def _drawn(self, changes: ChangeSet, ref: str) -> None:
        if changes.added or changes.removed:
            self._draw()
            return
        refs = frozenset({*changes.refs(), ref})
        if self._session is not None:
            for number, page in enumerate(self._session.pages):
                if touches(self._pages[number], refs):
                    self._pages[number] = page_of(page, self._drawing)
        self._view.show_changes(tuple(self._pages), refs)
        self._say_status()

    def _undo_removal(self) -> None:
        if self._session is not None and self._session.can_undo:
            self._session.undo()
            self._draw()
            self._keep("undo", Said(ref="", before="", after="put back"))

    def _page_with(self, ref: str) -> int:
        for number, page in enumerate(self._pages):
            if touches(page, frozenset((ref,))):
                return number
        return 0

    def _all_said(self, changes: ChangeSet) -> tuple[Said, ...]:
        session = self._session
        if session is None:
            return ()
        return tuple(
            Said(ref=ref, before="", after=session.node(ref).value) for ref in changes.values
        )

    def _filled(self, instance_xml: str) -> Filled:
        begun, session = self._begun, self._session
        if begun is None or session is None:
            raise NothingWritten("The form is not open yet.")
        return Filled(
            response_id=begun.response_id,
            form_id=begun.form_id,
            form_version=begun.form_version,
            enterprise_id=begun.enterprise_id,
            instance_xml=instance_xml,
            reason=begun.reason,
            supersedes=begun.supersedes,
            ends=expiries(session),
        )

    def _keep(self, key: str, *said: Said) -> None:
        if self._session is None or self._begun is None:
            return
        if self._move is not None:
            self.stay()  # what was previewed lacks this answer
        self._put_down = False
        filled = self._filled(self._session.to_xml())
        again = partial(self._keep_again, filled.response_id, key, *said)
        operation = partial(filling.keep_answers, filled=filled, said=said)
        self._saver.commit(key, operation, again=again)

    def _keep_again(self, response_id: str, key: str, *said: Said) -> None:
        """The sheet as it is now, never as it was when it could not be kept."""
        here = self._begun is not None and self._begun.response_id == response_id
        if here and self._context.opened.get(response_id) is self._mine:
            self._keep(key, *said)
        else:
            self._context.tell.problem(OPENED_SINCE)

    def _finished(self, response_id: str) -> None:
        now = self._context.clock.now()
        self._view.show_finished(f"Finished. {words.saved_at(now)}")
        self._named(response_id)

    def _named(self, response_id: str) -> None:
        """Read this very response again."""
        self._asking = replace(self._asking, response_id=response_id)
        self.load()
