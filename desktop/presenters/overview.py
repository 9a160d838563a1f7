"""The overview of an enterprise: what is next, what blocks it, what happened last, facts to edit.

Facts that steer the checklist are asked here once; the checklist follows. Refuses to guess an
answer: what nobody has answered stays "not answered yet".
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from desktop.operations import casework
from desktop.presenters import words
from desktop.presenters.saving import FieldSaver, ShowsFields, when_seen
from desktop.presenters.step_words import added_words

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.broadcast import News
    from desktop.context import Context


from desktop.presenters.overview_picture import TYPED, Editable, OverviewPicture, Promise, overview

_KINDS = (
    "enterprise",
    "leader",
    "consent",
    "action",
    "session",
    "stage_event",
    "attachment",
    "form_response",
)


class OverviewView(ShowsFields, Protocol):
    """What the presenter asks of the overview."""

    def show_overview(self, picture: OverviewPicture) -> None:
        """Show it."""
        ...

    def promise_added(self) -> None:
        """The promise is on disk: empty its box."""
        ...

    def restore(self, key: str, text: str) -> None:
        """Give half-typed text back to its field."""
        ...


class OverviewPresenter:
    """Reads the overview and commits each field on its own."""

    def __init__(self, context: Context, view: OverviewView, enterprise_id: str) -> None:
        self._context = context
        self._view = view
        self._enterprise_id = enterprise_id
        self._picture: OverviewPicture | None = None
        self._saver = FieldSaver(context, view, f"overview/{enterprise_id}")
        context.broadcast.listen(view, self._hear, *_KINDS)

    def load(self) -> None:
        """Read everything again."""
        self._context.read(
            partial(
                overview,
                pack=self._context.pack,
                actor=self._context.actor,
                enterprise_id=self._enterprise_id,
                now=self._context.clock.now(),
            ),
            owner=self._view,
            on_done=self._arrived,
        )

    def set_text(self, key: str, kind: str, text: str) -> None:
        """A field that is typed: text, day, number or amount."""
        readers: dict[str, Callable[[str], object]] = {
            "day": partial(words.read_day, today=self._context.today, ahead=False),
            "whole": words.read_whole,
            "money": _pounds,
        }
        try:
            value = readers.get(kind, str.strip)(text)
        except words.NotThat as error:
            self._view.field_failed(key, str(error))
            return
        self._write(key, value)

    def set_choice(self, key: str, kind: str, code: str) -> None:
        """A field that is chosen."""
        value: object = code
        if kind == "yes_no":
            value = {"yes": True, "no": False}.get(code)
        self._write(key, value)

    def set_choices(self, key: str, codes: tuple[str, ...]) -> None:
        """A field with several ticks."""
        self._write(key, list(codes) if key.startswith("fact.") else codes)

    def set_tick(self, key: str, *, ticked: bool) -> None:
        """A field that holds or not."""
        self._write(key, ticked)

    def keep_draft(self, key: str, text: str) -> None:
        """Keep half-typed text."""
        self._saver.keep_draft(key, text)

    @property
    def is_adding(self) -> bool:
        """Whether the one before is being written: what is typed meanwhile is not taken."""
        return self._saver.is_under_way("promise")

    def add_promise(
        self, text: str, owner: str, waiting_on: str, due: str, drops: tuple[str, ...] = ()
    ) -> None:
        """Write down what somebody will do; `drops` are the drafts of it."""
        try:
            due_on = words.read_day(due, self._context.today)
        except words.NotThat as error:
            self._view.field_failed("promise", str(error))
            return
        operation = partial(
            _add_action,
            enterprise_id=self._enterprise_id,
            text=text,
            owner=owner or "coach",
            waiting_on=waiting_on,
            due_on=due_on,
        )
        self._saver.commit(
            "promise",
            operation,
            self._promise_added,
            name=added_words(text),
            once=True,
            drops=drops,
        )

    def keep_promise(self, promise: Promise) -> None:
        """It is done; offers to take that back."""
        operation = partial(_finish, action_id=promise.id)
        self._saver.commit(f"done/{promise.id}", operation, name=f"“{promise.text}” done")

    def give_notice(self) -> None:
        """The privacy notice was given today."""
        leader = next((e.value for e in self._about() if e.key == "leader.name"), "")
        operation = partial(
            _consent, enterprise_id=self._enterprise_id, given_by=leader or "the leader"
        )
        self._saver.commit("notice", operation)

    def open_form(self, form_id: str, response_id: str = "") -> None:
        """Go to a form, begun or new, or to finished answers."""
        params = {"id": form_id, "enterprise": self._enterprise_id}
        if response_id:
            params["response"] = response_id
        self._context.open_route("form", **params)

    def open_guide(self) -> None:
        """Go to the legal-entity guide."""
        self._context.open_route("entity_guide", id=self._enterprise_id)

    def _about(self) -> tuple[Editable, ...]:
        return self._picture.about if self._picture else ()

    def _write(self, key: str, value: object) -> None:
        group, _, name = key.rpartition(".")
        if group == "fact":
            operation = partial(_set_fact, enterprise_id=self._enterprise_id, key=name, value=value)
        elif group == "leader":
            leader_id = self._picture.leader_id if self._picture else ""
            operation = partial(_set_leader, leader_id=leader_id, fields={name: value})
        else:
            operation = partial(_set, enterprise_id=self._enterprise_id, fields={name: value})
        self._saver.commit(key, operation)

    def _promise_added(self, _action_id: object) -> None:
        self._view.promise_added()

    def _arrived(self, picture: OverviewPicture) -> None:
        first = self._picture is None
        self._picture = picture
        self._view.show_overview(picture)
        if first:
            fields = (*picture.about, *picture.facts)
            typed = [each.key for each in fields if each.kind in TYPED]
            self._saver.read_drafts(typed, self._view.restore)

    def _hear(self, _news: News) -> None:
        when_seen(self._view, self.load)


def _pounds(text: str) -> int | None:
    return words.read_money(text) if text.strip() else None


def _set(writing: Any, *, enterprise_id: str, fields: dict[str, Any]) -> None:
    casework.set_enterprise(writing, enterprise_id, **fields)


def _set_leader(writing: Any, *, leader_id: str, fields: dict[str, Any]) -> None:
    casework.set_leader(writing, leader_id, **fields)


def _set_fact(writing: Any, *, enterprise_id: str, key: str, value: object) -> None:
    casework.set_fact(writing, enterprise_id, key, value)


def _add_action(writing: Any, *, enterprise_id: str, **fields: Any) -> str:
    return casework.add_action(writing, enterprise_id, **fields)


def _finish(writing: Any, *, action_id: str) -> None:
    casework.finish_action(writing, action_id)


def _consent(writing: Any, *, enterprise_id: str, given_by: str) -> str:
    return casework.record_consent(
        writing, enterprise_id, purpose="privacy_notice", given_by=given_by
    )
