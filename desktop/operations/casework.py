"""What a coach does with a case: notes, promises, stages, names, consents, new people.

Each function writes through one `Writing`. Refuses to record a person before the data protection
sign-off: those functions take the gate's word as an argument and raise `GateShut`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from desktop.operations.errors import GateShut, NothingWritten
from desktop.operations.writing import Writing
from forms.facts.casework import Action, CoachingSession, StageEvent
from forms.facts.people import Consent, Enquiry, Enterprise, Leader, Tally
from forms.values import new_id


def add_note(
    writing: Writing,
    enterprise_id: str,
    *,
    text: str,
    kind: str = "note",
    minutes: int | None = None,
    on: date | None = None,
    at: datetime | None = None,
    entry_id: str = "",
) -> str:
    """Put what happened on the timeline. Returns the id of the entry; `entry_id`: it has one."""
    if not text.strip():
        raise NothingWritten("Nothing was added: write what happened first.")
    entry = CoachingSession(
        id=entry_id or new_id(),
        enterprise_id=enterprise_id,
        on=on or writing.today,
        at=at or (writing.at if on in (None, writing.today) else None),
        kind=kind,
        minutes=minutes,
        note=text.strip(),
        by_id=writing.actor.id,
    )
    writing.unit.add(entry)
    return entry.id


def add_action(
    writing: Writing,
    enterprise_id: str,
    *,
    text: str,
    owner: str = "coach",
    waiting_on: str = "",
    due_on: date | None = None,
) -> str:
    """Promise something: who does it, by when. Returns the id of the action."""
    if not text.strip():
        raise NothingWritten("Nothing was added: write what has to be done first.")
    action = Action(
        id=new_id(),
        enterprise_id=enterprise_id,
        text=text.strip(),
        owner=owner,
        waiting_on=waiting_on.strip(),
        start_on=writing.today,
        due_on=due_on,
        by_id=writing.actor.id,
    )
    writing.unit.add(action)
    return action.id


ASKED_FOR_RETURN = "Send the activity return"
LOOK_AGAIN_DAYS = 7  # after something was chased


def ask_for_return(writing: Writing, enterprise_id: str) -> str:
    """Ask the leader for the activity return: on the timeline, and as what they owe. Once."""
    mine = writing.reader.all(Action, enterprise_id=enterprise_id)
    if any(each.text == ASKED_FOR_RETURN and each.done_on is None for each in mine):
        raise NothingWritten("Nothing was added: the return was asked for already.")
    add_note(writing, enterprise_id, text="Asked for the activity return.")
    action = Action(
        id=new_id(),
        enterprise_id=enterprise_id,
        text=ASKED_FOR_RETURN,
        owner="leader",
        start_on=writing.today,
        due_on=writing.today + timedelta(days=LOOK_AGAIN_DAYS),
        by_id=writing.actor.id,
    )
    writing.unit.add(action)
    return action.id


def chase_action(writing: Writing, action_id: str, with_whom: str) -> None:
    """Somebody was reminded: on the timeline, and it comes back in a week."""
    action = writing.reader.get(Action, action_id)
    if action is None or action.done_on is not None:
        raise NothingWritten("Nothing was changed: this is done already.")
    said = f"Chased {with_whom or 'them'}: {action.text}"
    told = writing.reader.all(CoachingSession, enterprise_id=action.enterprise_id)
    if any(each.note == said and each.on == writing.today for each in told):
        raise NothingWritten("Nothing was added: this was chased today already.")
    add_note(writing, action.enterprise_id, text=said)
    again = writing.today + timedelta(days=LOOK_AGAIN_DAYS)
    writing.unit.set(Action, action_id, due_on=again)


def finish_action(writing: Writing, action_id: str) -> None:
    """Mark a promise as kept today."""
    writing.unit.set(Action, action_id, done_on=writing.today)


def put_off_action(writing: Writing, action_id: str, due_on: date) -> None:
    """A promise for another day."""
    writing.unit.set(Action, action_id, due_on=due_on)


def move_stage(
    writing: Writing,
    enterprise_id: str,
    stage: str,
    *,
    reason: str = "",
    note: str = "",
    review_on: date | None = None,
    on: date | None = None,
) -> str:
    """Write a stage event. The rules were asked before; the register asks them again."""
    event = StageEvent(
        id=new_id(),
        enterprise_id=enterprise_id,
        stage=stage,
        on=on or writing.today,
        reason=reason,
        note=note.strip(),
        review_on=review_on,
        by_id=writing.actor.id,
    )
    writing.unit.add(event)
    return event.id


def set_enterprise(writing: Writing, enterprise_id: str, **fields: Any) -> None:
    """Change fields of an enterprise."""
    writing.unit.set(Enterprise, enterprise_id, **fields)


def set_leader(writing: Writing, leader_id: str, **fields: Any) -> None:
    """Change fields of a leader."""
    writing.unit.set(Leader, leader_id, **fields)


def set_fact(writing: Writing, enterprise_id: str, key: str, value: object) -> None:
    """Answer one of the facts that steer the checklist; None takes the answer back."""
    enterprise = writing.reader.get(Enterprise, enterprise_id)
    if enterprise is None:
        raise NothingWritten("Nothing was changed: this record is no longer on this laptop.")
    facts = dict(enterprise.facts)
    if value is None:
        facts.pop(key, None)
    else:
        facts[key] = value
    writing.unit.set(Enterprise, enterprise_id, facts=facts)


def record_consent(
    writing: Writing, enterprise_id: str, *, purpose: str, given_by: str, channel: str = ""
) -> str:
    """Write down that somebody agreed today to one purpose."""
    consent = Consent(
        id=new_id(),
        enterprise_id=enterprise_id,
        purpose=purpose,
        wording_version="1",
        given_by=given_by,
        given_on=writing.today,
        channel=channel,
    )
    writing.unit.add(consent)
    return consent.id


def count_anonymously(writing: Writing, *, channel: str, district: str) -> str:
    """Before the sign-off: one more enquiry, nobody named."""
    tally = Tally(id=new_id(), on=writing.today, channel=channel, district=district, count=1)
    writing.unit.add(tally)
    return tally.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Newcomer:
    """What is known of somebody who gets in touch."""

    leader: str
    name: str = ""  # of the enterprise, if there is one yet
    phone: str = ""
    district: str = ""
    place: str = ""
    channel: str = ""
    idea: str = ""
    notice_given: bool = False
    email: str = ""
    rang_on: date | None = None  # today when it is not said


def new_enterprise(writing: Writing, who: Newcomer, *, gate_open: bool) -> str:
    """Take somebody on: enquiry, enterprise, leader and first stage in one commit."""
    if not gate_open:
        raise GateShut(
            "Nobody can be recorded yet: the data protection assessment is not signed. "
            "You can count this enquiry without a name."
        )
    if not who.leader.strip():
        raise NothingWritten("Nothing was added: write the person's name first.")
    today, coach = writing.today, writing.actor.id
    leader, phone = who.leader.strip(), who.phone.strip()
    enquiry = Enquiry(
        id=new_id(),
        created_on=who.rang_on or today,
        coach_id=coach,
        channel=who.channel,
        district=who.district,
        name=leader,
        phone=phone,
        email=who.email.strip(),
        idea=who.idea.strip(),
        privacy_notice_on=today if who.notice_given else None,
        enterprise_id=(enterprise_id := new_id()),
    )
    writing.unit.add(enquiry)
    writing.unit.add(
        Enterprise(
            id=enterprise_id,
            name=who.name.strip(),
            coach_id=coach,
            enquiry_id=enquiry.id,
            district=who.district,
            place=who.place.strip(),
            phone=phone,
            email=who.email.strip(),
        )
    )
    writing.unit.add(
        Leader(
            id=new_id(),
            enterprise_id=enterprise_id,
            name=leader,
            phone=phone,
            email=who.email.strip(),
        )
    )
    if who.notice_given:
        record_consent(writing, enterprise_id, purpose="privacy_notice", given_by=leader)
    move_stage(writing, enterprise_id, "ENQUIRY", on=who.rang_on)
    return enterprise_id
