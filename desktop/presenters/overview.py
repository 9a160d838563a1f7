"""The overview of an enterprise: what is next, what blocks it, what happened last, facts to edit.

Facts that steer the checklist are asked here once; the checklist follows. Refuses to guess an
answer: what nobody has answered stays "not answered yet".
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from desktop.operations import casework
from desktop.operations.errors import NothingWritten
from desktop.presenters import words
from desktop.presenters.checklist import answer_labels
from desktop.presenters.saving import FieldSaver, ShowsFields, when_seen
from desktop.presenters.timeline import Entry, timeline
from forms.engine.library import forms_of
from forms.facts.casework import Action, FormResponse
from forms.facts.people import Consent, Enterprise, Leader
from forms.rules.pack import Pack
from forms.values import Actor, london_day

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.broadcast import News
    from desktop.context import Context

OWNERS = (("coach", "I do it"), ("leader", "They do it"), ("other", "Somebody else"))
STRANDS = (
    ("home_support", "Support at home"),
    ("community_activity", "Activity in the community"),
    ("both", "Both"),
)
ORIGINS = (
    ("new", "New"),
    ("existing_adapting", "There already, adapting"),
    ("advice_only", "Advice only"),
)
PERMISSIONS = (
    ("not needed", "Not needed"),
    ("confirmed", "Confirmed"),
    ("not confirmed", "Not confirmed"),
)
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """Something that somebody will do."""

    id: str
    text: str
    who: str
    when: str
    late: bool
    blocks: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Editable:
    """A field of the record: how it is asked, what it holds as text or codes."""

    key: str
    words: str
    kind: str  # text | day | whole | money | choice | choices | yes_no | tick
    value: str = ""
    values: tuple[str, ...] = ()
    choices: tuple[tuple[str, str], ...] = ()
    hint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OverviewPicture:
    """Everything on the overview."""

    enterprise_id: str
    leader_id: str
    promises: tuple[Promise, ...]
    last: tuple[Entry, ...]
    about: tuple[Editable, ...]
    facts: tuple[Editable, ...]
    questions_open: int
    notice_given: bool
    entity_form: str
    forms: tuple[tuple[str, str], ...]  # id, "Activity return (begun)"


TYPED = ("text", "day", "whole", "money")
FORMS = ("first_conversation", "idea_check", "activity_return", "outcome_questionnaire")


def overview(
    reader: Any, pack: Pack, actor: Actor, enterprise_id: str, today: date
) -> OverviewPicture:
    """The overview of one enterprise on a day."""
    enterprise = reader.get(Enterprise, enterprise_id)
    if enterprise is None:
        raise NothingWritten("This record is not on this laptop.")
    leaders = reader.all(Leader, enterprise_id=enterprise_id)
    leader = leaders[0] if leaders else None
    facts = _facts(pack, enterprise)
    entries = timeline(reader, pack, actor, enterprise_id, edits=False)
    notices = [
        c
        for c in reader.all(Consent, enterprise_id=enterprise_id)
        if c.purpose == "privacy_notice" and c.given_on and c.withdrawn_on is None
    ]
    return OverviewPicture(
        enterprise_id=enterprise_id,
        leader_id=leader.id if leader else "",
        promises=_promises(reader, enterprise_id, today),
        last=entries[:3],
        about=_about(pack, enterprise, leader),
        facts=facts,
        questions_open=sum(not (each.value or each.values) for each in facts),
        notice_given=bool(notices),
        entity_form=answer_labels("ent", pack).get(enterprise.entity_form, "Not chosen yet"),
        forms=_forms(reader, pack, enterprise_id),
    )


def _forms(reader: Any, pack: Pack, enterprise_id: str) -> tuple[tuple[str, str], ...]:
    begun = {
        each.form_id
        for each in reader.all(FormResponse, enterprise_id=enterprise_id, state="draft")
    }
    return tuple(
        (card.form_id, f"{card.title} (begun)" if card.form_id in begun else card.title)
        for card in forms_of(pack.id)
        if card.form_id in FORMS
    )


def _promises(reader: Any, enterprise_id: str, today: date) -> tuple[Promise, ...]:
    waiting = [
        each for each in reader.all(Action, enterprise_id=enterprise_id) if each.done_on is None
    ]
    waiting.sort(key=lambda each: (bool(each.waiting_on), each.due_on or date.max, each.id))
    who = dict(OWNERS) | {"coach": "you", "leader": "the leader", "other": "somebody else"}
    return tuple(
        Promise(
            id=each.id,
            text=each.text,
            who=f"waiting for {each.waiting_on}" if each.waiting_on else who.get(each.owner, ""),
            when=_when(each, today),
            late=each.due_on is not None and each.due_on < today,
            blocks=bool(each.waiting_on),
        )
        for each in waiting
    )


def _when(action: Action, today: date) -> str:
    if action.due_on is not None:
        return f"by {words.day(action.due_on)}"
    if action.start_on is not None:
        return f"since {words.day(action.start_on)}, {words.ago(action.start_on, today)}"
    return ""


def _about(pack: Pack, enterprise: Enterprise, leader: Leader | None) -> tuple[Editable, ...]:
    places = tuple((p.code, p.name) for p in pack.places)
    return (
        _text("leader.name", "Leader's name", leader.name if leader else ""),
        _text("name", "Trading name", enterprise.name),
        _text("phone", "Phone", enterprise.phone),
        _text("email", "Email", enterprise.email),
        _choice("district", "District", enterprise.district, places),
        _text("place", "Village or town", enterprise.place),
        _text("access_needs", "Access needs", enterprise.access_needs),
        _choice("strand", "Kind of work", enterprise.strand, STRANDS),
        _choice("origin", "New or there already", enterprise.origin, ORIGINS),
        Editable(
            key="service_types",
            words="Services",
            kind="choices",
            values=enterprise.service_types,
            choices=tuple((c.code, c.label) for c in pack.service_types),
        ),
        Editable(
            key="employee_count",
            words="People employed",
            kind="whole",
            value="" if enterprise.employee_count is None else str(enterprise.employee_count),
        ),
        _day("established_on", "Established on", enterprise.established_on),
        _day("first_delivery_on", "First paid day", enterprise.first_delivery_on),
        Editable(
            key="price_pence",
            words="Usual price an hour, in pounds",
            kind="money",
            value="" if enterprise.price_pence is None else words.money(enterprise.price_pence),
        ),
        Editable(
            key="comparable_to_homecare",
            words="Comparable to homecare",
            kind="tick",
            value="yes" if enterprise.comparable_to_homecare else "",
        ),
        _choice(
            "leader.self_employment_permission",
            "Permission to be self-employed",
            leader.self_employment_permission if leader else "",
            PERMISSIONS,
            hint="Only this answer is kept. Give no immigration advice.",
        ),
    )


def _text(key: str, asked: str, value: str) -> Editable:
    return Editable(key=key, words=asked, kind="text", value=value)


def _day(key: str, asked: str, value: date | None) -> Editable:
    return Editable(key=key, words=asked, kind="day", value=words.typed_day(value))


def _choice(
    key: str, asked: str, value: str, choices: tuple[tuple[str, str], ...], hint: str = ""
) -> Editable:
    return Editable(key=key, words=asked, kind="choice", value=value, choices=choices, hint=hint)


def _facts(pack: Pack, enterprise: Enterprise) -> tuple[Editable, ...]:
    return tuple(
        _fact(question, enterprise.facts.get(question.id)) for question in pack.checklist_facts
    )


def _fact(question: Any, value: object) -> Editable:
    kind = {"integer": "whole", "yes_no": "yes_no", "choices": "choices"}.get(
        question.kind, "choice"
    )
    values: tuple[str, ...] = ()
    text = ""
    if isinstance(value, list | tuple):
        values = tuple(str(each) for each in value)
    elif isinstance(value, bool):
        text = "yes" if value else "no"
    elif value is not None:
        text = str(value)
    return Editable(
        key=f"fact.{question.id}",
        words=question.text,
        kind=kind,
        value=text,
        values=values,
        choices=tuple(question.choices) or (("yes", "Yes"), ("no", "No")),
        hint=question.why,
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
                today=london_day(self._context.clock.now()),
            ),
            owner=self._view,
            on_done=self._arrived,
        )

    def set_text(self, key: str, kind: str, text: str) -> None:
        """A field that is typed: text, day, number or amount."""
        readers: dict[str, Callable[[str], object]] = {
            "day": words.read_day,
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

    def add_promise(self, text: str, owner: str, waiting_on: str, due: str) -> None:
        """Write down what somebody will do."""
        try:
            due_on = words.read_day(due)
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
        self._saver.commit("promise", operation, self._promise_added)

    def keep_promise(self, promise: Promise) -> None:
        """It is done; offers to take that back."""
        self._saver.commit(
            "promise", partial(_finish, action_id=promise.id), partial(self._kept, promise)
        )

    def give_notice(self) -> None:
        """The privacy notice was given today."""
        leader = next((e.value for e in self._about() if e.key == "leader.name"), "")
        operation = partial(
            _consent, enterprise_id=self._enterprise_id, given_by=leader or "the leader"
        )
        self._saver.commit("notice", operation)

    def open_form(self, form_id: str) -> None:
        """Go to a form, begun or new."""
        self._context.open_route("form", id=form_id, enterprise=self._enterprise_id)

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

    def _kept(self, promise: Promise, _result: object) -> None:
        undo = partial(self._saver.commit, "promise", partial(_reopen, action_id=promise.id))
        self._context.tell.offer_undo(f"“{promise.text}” done", undo)

    def _arrived(self, picture: OverviewPicture) -> None:
        first = self._picture is None
        self._picture = picture
        self._view.show_overview(picture)
        if first:
            typed = [each.key for each in picture.about if each.kind in TYPED]
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


def _reopen(writing: Any, *, action_id: str) -> None:
    casework.reopen_action(writing, action_id)


def _consent(writing: Any, *, enterprise_id: str, given_by: str) -> str:
    return casework.record_consent(
        writing, enterprise_id, purpose="privacy_notice", given_by=given_by
    )
