"""Consent by purpose, asking for an erasure, and what the retention schedule asks for.

An erasure is asked for by one person and carried out by another, both through the register.
Refuses to agree to one's own asking, and to remove anything that the schedule does not name.
"""

from __future__ import annotations

from datetime import date

from desktop.operations import decisions
from desktop.operations.errors import NothingWritten
from desktop.operations.writing import Writing
from forms.facts.listing import QACheck
from forms.facts.people import Consent
from forms.values import Actor, Role, new_id

ERASE = "person.erase"
FORGET_CLAIM = "claim.forget"
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
    """They do not agree any more, from today, however often they had agreed to the same."""
    found = writing.reader.get(Consent, consent_id)
    if found is None:
        raise NothingWritten("Nothing was written: this agreement is no longer on this laptop.")
    end_all(writing, found.enterprise_id, found.purpose)


def end_all(writing: Writing, enterprise_id: str, purpose: str) -> int:
    """All that they agreed to for this purpose ends today. Returns how many there were."""
    today = writing.today
    going_on = [
        each
        for each in writing.reader.all(Consent, enterprise_id=enterprise_id)
        if each.purpose == purpose and (each.withdrawn_on is None or each.withdrawn_on > today)
    ]
    for each in going_on:
        writing.unit.set(Consent, each.id, withdrawn_on=today)
    return len(going_on)


def ask_erasure(writing: Writing, subject_id: str, why: str = "") -> str:
    """Ask for somebody's details to be erased; the second person's asking carries it out."""
    because = " ".join(why.split())
    return decisions.ask(writing, ERASE, subject_id, {"because": because} if because else None)


def may_carry_out(actor: Actor, *, asked_by: str, coach: str) -> str:
    """Why this person may not carry out an erasure that was asked for, "" when they may."""
    if actor.role not in (Role.LEAD, Role.QA):
        return "A lead or QA has to carry it out."
    if actor.id == asked_by:
        return "You asked for it, so another person has to carry it out."
    if actor.id == coach:
        return "It is your own case, so another person has to carry it out."
    return ""


def carry_out(writing: Writing, subject_id: str, *, asked_by: str, coach: str) -> str:
    """Agree to an erasure that somebody else asked for."""
    why_not = may_carry_out(writing.actor, asked_by=asked_by, coach=coach)
    if why_not:
        raise NothingWritten(f"Nothing was asked. {why_not}")
    return decisions.ask(writing, ERASE, subject_id)


def keep_number_and_date(writing: Writing, check_id: str) -> None:
    """What the DBS code asks after six months: level and how it was seen go."""
    writing.unit.set(QACheck, check_id, level="", seen_how="")


def forget_claim_words(writing: Writing, claim_id: str) -> str:
    """Ask that the applicant's words go from a claim; the register looks at the day again."""
    return decisions.ask(writing, FORGET_CLAIM, claim_id)


def remove_ended_consent(writing: Writing, consent_id: str) -> None:
    """A consent that ended long enough ago.

    Its end was that of all they gave for it before: they are ended by a day of their own, so that
    none stands up again once this one is gone.
    """
    found = writing.reader.get(Consent, consent_id)
    if found is None or found.withdrawn_on is None:
        raise NothingWritten("Nothing was removed: this consent has not been taken back.")
    end = found.withdrawn_on
    for each in writing.reader.all(Consent, enterprise_id=found.enterprise_id):
        before = each.given_on is not None and each.given_on < end
        if each.purpose == found.purpose and before and (each.withdrawn_on or date.max) > end:
            writing.unit.set(Consent, each.id, withdrawn_on=end)
    writing.unit.remove(Consent, consent_id, why="Kept as long as the schedule says")
