"""Filling in a form: pages of questions from a form session, each answer kept at once.

The session lives on the GUI thread (an answer costs microseconds); the sheet is written to the
vault after every answer as a draft. Refuses to finish while the form has problems, and names them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from desktop.operations.answers import keep_response
from desktop.operations.errors import NothingWritten
from desktop.presenters import words
from desktop.presenters.saving import FieldSaver, ShowsFields
from forms.engine.changes import ChangeSet
from forms.engine.library import load_form
from forms.engine.problems import FormRefused
from forms.engine.session import FormSession
from forms.engine.views import NodeView, PageView
from forms.facts.casework import FormResponse
from forms.values import new_id

if TYPE_CHECKING:
    from desktop.context import Context

GROUPS = ("group", "instance")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One node as it is drawn now."""

    ref: str
    kind: str
    label: str
    hint: str
    appearance: str
    value: str
    choices: tuple[tuple[str, str], ...]
    required: bool
    readonly: bool
    relevant: bool
    problem: str
    can_add: bool
    can_remove: bool
    inside: tuple[Asked, ...]

    @property
    def title(self) -> str:
        """The label; a question that may be left empty says so."""
        if self.required or self.readonly or self.kind in ("note", "group", "instance", "repeat"):
            return self.label
        return f"{self.label} (you can leave this empty)"


@dataclass(frozen=True, slots=True, kw_only=True)
class FormPage:
    """One page of the form."""

    ref: str
    title: str
    relevant: bool
    state: str  # "Not started", "2 of 5 answered", "Done", "1 to put right"
    asked: tuple[Asked, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing to put right: the same words as at the question, and where it is."""

    ref: str
    page: int
    words: str


def page_of(page: PageView) -> FormPage:
    """A page as it is drawn now."""
    asked = tuple(asked_of(node) for node in page.nodes)
    return FormPage(
        ref=page.ref,
        title=_plain(page.label) or "Questions",
        relevant=page.relevant,
        state=_state(asked),
        asked=asked,
    )


def asked_of(node: NodeView) -> Asked:
    """A node as it is drawn now."""
    kind = node.kind
    inside = node.nodes if kind in (*GROUPS, "repeat") else ()
    choices = node.choices if kind.startswith(("select", "rank")) else ()
    return Asked(
        ref=node.ref,
        kind=kind,
        label=_plain(node.label),
        hint=_plain(node.hint),
        appearance=node.appearance,
        value=_shown(kind, node.value),
        choices=tuple((each.value, _plain(each.label)) for each in choices),
        required=node.required,
        readonly=node.readonly,
        relevant=node.relevant,
        problem=problem_words(node.label, node.problem.message) if node.problem is not None else "",
        can_add=kind == "repeat" and node.can_add,
        can_remove=kind == "instance" and node.can_remove,
        inside=tuple(asked_of(each) for each in inside),
    )


def problem_words(label: str, message: str) -> str:
    """The same words in the summary and at the question: they name the question."""
    return f"{_plain(label)}: {message[:1].lower()}{message[1:]}" if label else message


def _plain(text: str) -> str:
    return text.replace("**", "").replace("__", "").strip()


def _shown(kind: str, value: str) -> str:
    if kind != "date" or not value:
        return value
    year, _, rest = value.partition("-")
    month, _, day = rest.partition("-")
    return f"{day}/{month}/{year}" if len(year) == 4 and month and day else value


def _questions(asked: tuple[Asked, ...]) -> list[Asked]:
    out: list[Asked] = []
    for each in asked:
        if not each.relevant:
            continue
        if each.inside or each.kind in (*GROUPS, "repeat"):
            out += _questions(each.inside)
        elif each.kind != "note" and not each.readonly:
            out.append(each)
    return out


def _state(asked: tuple[Asked, ...]) -> str:
    questions = _questions(asked)
    wrong = sum(bool(each.problem) for each in questions)
    if wrong:
        return f"{wrong} to put right"
    done = sum(bool(each.value) for each in questions)
    needed = [each for each in questions if each.required]
    if questions and all(each.value for each in needed) and done:
        return (
            "Done" if done == len(questions) or needed else f"{done} of {len(questions)} answered"
        )
    return f"{done} of {len(questions)} answered" if done else "Not started"


class FormView(ShowsFields, Protocol):
    """What the presenter asks of the form page."""

    def show_form(self, title: str, pages: tuple[FormPage, ...]) -> None:
        """Draw everything anew."""
        ...

    def show_changes(self, pages: tuple[FormPage, ...], refs: frozenset[str]) -> None:
        """These refs changed in value, relevance, label or problem."""
        ...

    def show_problems(self, problems: tuple[Problem, ...]) -> None:
        """What keeps the form from being finished; the summary takes the focus."""
        ...

    def show_finished(self, words: str) -> None:
        """The form is finished and kept."""
        ...

    def show_missing(self, words: str) -> None:
        """The form cannot be opened."""
        ...


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
        self._form_id = form_id
        self._enterprise_id = enterprise_id
        self._response_id = response_id
        self._session: FormSession | None = None
        self._saver = FieldSaver(context, view, f"form/{response_id or form_id}")

    def load(self) -> None:
        """Open the draft there is for this form, or begin one."""
        self._context.read(
            partial(
                find_draft,
                form_id=self._form_id,
                enterprise_id=self._enterprise_id,
                response_id=self._response_id,
            ),
            owner=self._view,
            on_done=self._open,
        )

    def answer(self, ref: str, value: str) -> None:
        """One answer; what follows from it is drawn, and the sheet is kept."""
        if self._session is None:
            return
        changes = self._session.answer(ref, value)
        self._drawn(changes, ref)

    def undo(self) -> None:
        """Take the last answer back."""
        if self._session is not None:
            self._drawn(self._session.undo(), "")

    def add(self, ref: str) -> None:
        """One more of a repeat."""
        if self._session is not None:
            self._session.add_repeat(ref)
            self._redraw(ref)

    def remove(self, ref: str) -> None:
        """Take one of a repeat out; offers to undo."""
        if self._session is not None:
            self._session.remove_repeat(ref)
            self._redraw(ref)
            self._context.tell.offer_undo("One entry taken out", self._undo_removal)

    def finish(self) -> None:
        """Finish, or say what has to be put right first."""
        if self._session is None:
            return
        problems = self._session.validate()
        if problems:
            self._view.show_changes(self._pages(), frozenset(p.ref for p in problems))
            self._view.show_problems(
                tuple(
                    Problem(ref=p.ref, page=self._page_with(p.ref), words=self._words_of(p))
                    for p in problems
                )
            )
            return
        self._keep("finish", finished=True, then=self._finished)

    def _words_of(self, problem: Any) -> str:
        label = self._session.node(problem.ref).label if self._session and problem.ref else ""
        return problem_words(label, problem.message)

    def _open(self, kept: FormResponse | None) -> None:
        try:
            form = load_form(self._context.pack.id, self._form_id)
            session = FormSession(
                form,
                clock=self._context.clock,
                instance_xml=kept.instance_xml if kept is not None else None,
            )
        except FormRefused as refusal:
            self._view.show_missing(str(refusal))
            return
        self._session = session
        self._response_id = kept.id if kept is not None else new_id()
        self._view.show_form(form.title, self._pages())

    def _pages(self) -> tuple[FormPage, ...]:
        pages = self._session.pages if self._session is not None else ()
        return tuple(page_of(each) for each in pages)

    def _drawn(self, changes: ChangeSet, ref: str) -> None:
        if changes.added or changes.removed:
            self._redraw(ref)
            return
        self._view.show_changes(self._pages(), frozenset({*changes.refs(), ref}))
        if ref and self._session is not None and self._session.node(ref).problem is not None:
            return  # what cannot be held is not kept as an answer; the words stand at the question
        self._keep(ref)

    def _redraw(self, ref: str) -> None:
        if self._session is not None:
            self._view.show_form(self._session.form.title, self._pages())
            self._keep(ref)

    def _undo_removal(self) -> None:
        if self._session is not None:
            self._session.undo()
            self._redraw("")

    def _page_with(self, ref: str) -> int:
        for number, page in enumerate(self._pages()):
            if ref == page.ref or ref.startswith(f"{page.ref}/"):
                return number
            if any(ref == each.ref or ref.startswith(f"{each.ref}/") for each in page.asked):
                return number
        return 0

    def _keep(
        self, key: str, *, finished: bool = False, then: Callable[[Any], None] | None = None
    ) -> None:
        if self._session is None:
            return
        operation = partial(
            _keep,
            response_id=self._response_id,
            form_id=self._form_id,
            form_version=self._session.form.version,
            enterprise_id=self._enterprise_id,
            instance_xml=self._session.to_xml(drop_hidden=finished),
            finished=finished,
            answers=self._session.answers() if finished else None,
        )
        self._saver.commit(key, operation, then)

    def _finished(self, _response_id: object) -> None:
        now = self._context.clock.now()
        self._view.show_finished(f"Finished. {words.saved_at(now)}")


def find_draft(
    reader: Any, form_id: str, enterprise_id: str, response_id: str
) -> FormResponse | None:
    """The draft to go on with: the one named, or the last of this form for this enterprise."""
    if response_id:
        named: FormResponse | None = reader.get(FormResponse, response_id)
        if named is None:
            raise NothingWritten("This form is not on this laptop.")
        return named
    drafts = reader.all(FormResponse, form_id=form_id, enterprise_id=enterprise_id, state="draft")
    return drafts[-1] if drafts else None


def _keep(writing: Any, *, response_id: str, **fields: Any) -> str:
    return keep_response(writing, response_id, **fields)
