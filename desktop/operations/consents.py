"""Consent by purpose, the wish to be forgotten, and what the retention schedule asks for.

A wish is written down by one person and carried out by another: a lead, through the register.
Refuses to approve one's own wish, and to remove anything that the schedule does not name.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from desktop.operations import decisions
from desktop.operations.errors import NothingWritten
from desktop.operations.writing import Writing
from forms.facts.casework import Action
from forms.facts.listing import QACheck
from forms.facts.people import Consent
from forms.values import new_id

WISH = "Asked to be forgotten"
PURPOSES = (
    ("privacy_notice", "Privacy notice", "They were told what is kept and why."),
    ("listing", "Listing", "Their words and contact may stand in the public directory."),
    ("sharing", "Sharing", "Their records may be passed to a partner who helps them."),
    ("case_study", "Story", "Their story may be told in reports."),
    ("photo", "Photo", "Their photo may be shown."),
)
WORDING = "1"


def give(
    writing: Writing, enterprise_id: str, purpose: str, given_by: str, channel: str = ""
) -> str:
    """Somebody agreed today to one purpose, in the words of the present version."""
    if not given_by.strip():
        raise NothingWritten("Nothing was written down: say who agreed.")
    if purpose not in {code for code, _, _ in PURPOSES}:
        raise NothingWritten("Nothing was written down: choose what they agreed to.")
    consent = Consent(
        id=new_id(),
        enterprise_id=enterprise_id,
        purpose=purpose,
        wording_version=WORDING,
        given_by=given_by.strip(),
        given_on=writing.today,
        channel=channel,
    )
    writing.unit.add(consent)
    return consent.id


def take_back(writing: Writing, consent_id: str) -> None:
    """They do not agree any more, from today."""
    writing.unit.set(Consent, consent_id, withdrawn_on=writing.today)


def wish_to_be_forgotten(writing: Writing, enterprise_id: str, why: str) -> str:
    """Write down that somebody asks for their details to be erased."""
    if any(is_open_wish(a) for a in writing.reader.all(Action, enterprise_id=enterprise_id)):
        raise NothingWritten("It is written down already. A lead has to carry it out.")
    reason = " ".join(why.split())
    wish = Action(
        id=new_id(),
        enterprise_id=enterprise_id,
        text=f"{WISH}: {reason}" if reason else WISH,
        owner="other",
        waiting_on="a lead",
        start_on=writing.today,
        by_id=writing.actor.id,
    )
    writing.unit.add(wish)
    return wish.id


def is_open_wish(action: Any) -> bool:
    """Whether this action is a wish that nobody has carried out yet."""
    return action.done_on is None and str(action.text).startswith(WISH)


def carry_out(writing: Writing, action_id: str) -> str:
    """Ask the register to erase the person. Never by whoever wrote the wish down."""
    wish = writing.reader.get(Action, action_id)
    if wish is None or not is_open_wish(wish):
        raise NothingWritten("Nothing was asked: this wish is not open any more.")
    if wish.by_id == writing.actor.id:
        raise NothingWritten("Nothing was asked: you wrote this wish down, so another lead has to.")
    asked = decisions.ask(writing, "person.erase", wish.enterprise_id, {"because": wish.text})
    writing.unit.set(Action, action_id, done_on=writing.today)
    return asked


def keep_number_and_date(writing: Writing, check_id: str) -> None:
    """What the DBS code asks after six months: level and how it was seen go."""
    writing.unit.set(QACheck, check_id, level="", seen_how="")


def remove_ended_consent(writing: Writing, consent_id: str) -> None:
    """A consent that ended long enough ago."""
    found = writing.reader.get(Consent, consent_id)
    if found is None or found.withdrawn_on is None:
        raise NothingWritten("Nothing was removed: this consent has not been taken back.")
    writing.unit.remove(Consent, consent_id, why="Kept as long as the schedule says")


def live(consents: list[Consent], purpose: str, on: date) -> Consent | None:
    """The consent to a purpose that holds on a day, or None."""
    held = [
        c
        for c in consents
        if c.purpose == purpose
        and c.given_on is not None
        and c.given_on <= on
        and (c.withdrawn_on is None or c.withdrawn_on > on)
    ]
    return max(held, key=lambda c: (c.given_on or date.min, c.id), default=None)
