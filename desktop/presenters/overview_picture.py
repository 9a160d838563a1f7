"""The overview of an enterprise in words: what is next, what happened last, facts to edit.

Pure: takes records, gives frozen rows. Refuses to guess an answer: what nobody said stays open.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from desktop.operations.errors import NothingWritten
from desktop.presenters import words
from desktop.presenters.checklist_picture import answer_labels
from desktop.presenters.people import Names
from desktop.presenters.timeline import Entry, is_to_come, timeline
from forms.engine.library import forms_of
from forms.facts.casework import Action, EntityDecision, FormResponse
from forms.facts.people import Consent, Enterprise, Leader
from forms.rules.gate import live_consent
from forms.rules.pack import Pack
from forms.values import Actor, london_day

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
    kind: str  # text | long | day | whole | money | choice | choices | yes_no | tick
    value: str = ""
    values: tuple[str, ...] = ()
    choices: tuple[tuple[str, str], ...] = ()
    hint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormLine:
    """A form to fill in, to go on with, or to read: "Activity return (begun)"."""

    form_id: str
    words: str
    response_id: str = ""  # of finished answers


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
    entity_chosen: str  # when, why, and who wrote it down; "" when no choice was kept
    forms: tuple[FormLine, ...]


TYPED = ("text", "day", "whole", "money")
FORMS = ("first_conversation", "idea_check", "activity_return", "outcome_questionnaire")


def overview(
    reader: Any, pack: Pack, actor: Actor, enterprise_id: str, now: datetime
) -> OverviewPicture:
    """The overview of one enterprise at a moment."""
    today = london_day(now)
    enterprise = reader.get(Enterprise, enterprise_id)
    if enterprise is None:
        raise NothingWritten("This record is not on this laptop.")
    leaders = reader.all(Leader, enterprise_id=enterprise_id)
    leader = leaders[0] if leaders else None
    facts = _facts(pack, enterprise)
    entries = timeline(reader, pack, actor, enterprise_id, edits=False)
    consents = reader.all(Consent, enterprise_id=enterprise_id)
    return OverviewPicture(
        enterprise_id=enterprise_id,
        leader_id=leader.id if leader else "",
        promises=promises(reader, enterprise_id, today),
        last=tuple(each for each in entries if not is_to_come(each, now))[:3],
        about=_about(pack, enterprise, leader),
        facts=facts,
        questions_open=sum(not (each.value or each.values) for each in facts),
        notice_given=live_consent(consents, "privacy_notice", today) is not None,
        entity_form=answer_labels("ent", pack).get(enterprise.entity_form, "Not chosen yet"),
        entity_chosen=_chosen(reader, pack, actor, enterprise),
        forms=_forms(reader, pack, enterprise_id),
    )


def _chosen(reader: Any, pack: Pack, actor: Actor, enterprise: Enterprise) -> str:
    """The last choice that was kept with the guide: the person's words and who wrote them down."""
    decisions = reader.all(EntityDecision, enterprise_id=enterprise.id)
    last = max(decisions, key=lambda each: (each.decided_on, each.id), default=None)
    if last is None:
        return ""
    who = Names(reader, actor).who(last.by_id)
    by = f", written down by {who}" if who else ""
    name = {each.code: each.name for each in pack.entity_forms}.get(last.chosen, last.chosen)
    other = f" {name}." if last.chosen != enterprise.entity_form else ""
    why = last.chosen_why.rstrip()
    said = f" The reason given: {why}" if why else ""
    return f"Chosen with the guide on {words.day(last.decided_on)}{by}.{other}{said}"


def _forms(reader: Any, pack: Pack, enterprise_id: str) -> tuple[FormLine, ...]:
    """Forms to fill in, those of the pack and those published here; then what is finished."""
    answers: list[FormResponse] = reader.all(FormResponse, enterprise_id=enterprise_id)
    begun = {each.form_id for each in answers if each.state == "draft"}
    shipped = {card.form_id: card.title for card in forms_of(pack.id)}
    titles = {form_id: title for form_id, title in shipped.items() if form_id in FORMS}
    known = shipped | {}
    for one in reversed(reader.form_versions()):  # the oldest first: the newest title stays
        known[one.form_id] = one.title
        if one.published_at and one.state != "retired":
            titles[one.form_id] = one.title
    lines = [
        FormLine(form_id=form_id, words=f"{title} (begun)" if form_id in begun else title)
        for form_id, title in sorted(titles.items(), key=lambda pair: pair[1])
    ]
    finished = [each for each in answers if each.state == "final" and each.finalised_at]
    finished.sort(key=lambda each: str(each.finalised_at), reverse=True)
    for each in finished:
        day = words.day(london_day(each.finalised_at)) if each.finalised_at else ""
        title = known.get(each.form_id, each.form_id)
        lines.append(
            FormLine(form_id=each.form_id, words=f"{title}, finished {day}", response_id=each.id)
        )
    return tuple(lines)


def promises(reader: Any, enterprise_id: str, today: date) -> tuple[Promise, ...]:
    """What is promised and not done, what waits for others last."""
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
