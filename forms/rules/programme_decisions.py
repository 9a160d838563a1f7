"""Decisions of the lead: sign off the assessment, erase a person; words that go.

An erasure keeps counts (district, dates, stages) and public money records, and takes everything
that names a person. Concerns stay: they hold a reference and never a story, and safeguarding
has a schedule of its own. Refuses while a claim is open, and by the case's own coach.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Protocol, TypeVar

from forms.facts.casework import (
    Action,
    Attachment,
    ChecklistItem,
    CoachingSession,
    EntityDecision,
    FormResponse,
    Signature,
    StageEvent,
)
from forms.facts.listing import QACheck, RegisterEntry
from forms.facts.money import ClaimEvent, ClaimLine, SeedClaim
from forms.facts.people import Consent, Dpia, Enquiry, Enterprise, Leader
from forms.rules.claims import FINISHED
from forms.rules.decision import Answer, Asked, Drop, Granted, Sets, refuse
from forms.rules.finding import Finding, blocking
from forms.rules.handover_decisions import of_one_person
from forms.rules.records import Records
from forms.rules.retention import (
    CLAIM,
    CLAIM_WORDS,
    LINE_WORDS,
    claim_kept_since,
    has_words,
    rule,
)
from forms.values import Role

T = TypeVar("T")

# what is emptied of each kind of record that belongs to the case
_EMPTIED: dict[type, dict[str, Any]] = {
    Leader: {"name": "", "phone": "", "email": "", "private_note": ""},
    CoachingSession: {"note": "", "private_note": ""},
    StageEvent: {"note": ""},
    Action: {"text": "", "waiting_on": ""},
    ChecklistItem: {"evidence_ref": "", "note": "", "reason": "", "files": ()},
    EntityDecision: {"answers": {}, "chosen_why": ""},
    FormResponse: {"instance_xml": ""},
    Signature: {"name": "", "wording": "", "wording_sha256": "", "strokes": (), "device": ""},
    Consent: {"given_by": ""},
    QACheck: {"reference": "", "seen_how": ""},
    RegisterEntry: {
        "trading_name": "",
        "contact": "",
        "words": "",
        "who_for": "",
        "times": "",
        "access": "",
        "price_words": "",
        "languages": (),
        "status": "removed",
    },
}
_OF_CLAIMS: dict[type, dict[str, Any]] = {
    SeedClaim: dict.fromkeys(CLAIM_WORDS, ""),
    ClaimLine: dict.fromkeys(LINE_WORDS, ""),
}
_OF_REMOVED = _EMPTIED | _OF_CLAIMS | {Attachment: {"name": "", "caption": ""}}
_ENTERPRISE = {"name": "", "phone": "", "email": "", "access_needs": "", "place": "", "facts": {}}
_ENQUIRY = {
    "name": "",
    "phone": "",
    "email": "",
    "idea": "",
    "language_needs": "",
    "access_needs": "",
    "heard_via": "",
}


def sign_dpia(asked: Asked) -> Answer:
    """A version of the assessment signed off: from that day records may be kept."""
    version = asked.text("version", needed="Give the version.")
    signed_by = asked.text("signed_by", needed="Give the name and office of who signed.")
    signed_on = asked.day("signed_on", needed="Give the day it was signed.")
    review_on = asked.day("review_on")
    if version and asked.subject != f"dpia-{version}":
        asked.problems.append(asked.no("DPIA", "INCOMPLETE", "The version does not match."))
    if signed_on is not None and signed_on > asked.on:
        asked.problems.append(asked.no("DPIA", "IN_FUTURE", f"{signed_on} has not come yet."))
    if asked.records.get(Dpia, asked.subject) is not None:
        because = f"Version {version} is signed already. A change needs a new version."
        asked.problems.append(asked.no("DPIA", "ALREADY_SIGNED", because))
    stopped = blocking(asked.problems)
    if stopped:
        return refuse(stopped)
    signed = Dpia(
        id=asked.subject,
        version=version,
        dpo_comments=asked.text("dpo_comments"),
        signed_by=signed_by,
        signed_on=signed_on,
        review_on=review_on,
    )
    return Granted(words=f"Version {version} is signed off on {signed_on}.", adds=(signed,))


def erase_person(asked: Asked) -> Answer:
    """One asks, another agrees: then all that names the person goes, and counts stay."""
    enterprise, enquiry = _person_of(asked.records, asked.subject, found=_standing)
    records = [record for record in (enterprise, enquiry) if record is not None]
    if not records:
        return refuse([asked.no("CASE", "NOT_FOUND", "The register has no such person.")])
    if all(record.anonymised_on is not None for record in records):
        return refuse([asked.no("CASE", "ERASED", "This person is erased already.")])
    asked_by = next((r.erasure_asked_by_id for r in records if r.erasure_asked_by_id), "")
    asked.problems.extend(_second_person(asked, records, asked_by))
    words = "The person is erased; the counts stay."
    if enterprise is not None:
        claims = asked.records.all(SeedClaim, enterprise_id=enterprise.id)
        if any(claim.state not in FINISHED and claim.state != "DRAFT" for claim in claims):
            because = "A claim is still open. Close or withdraw it first."
            asked.problems.append(asked.no("CASE", "CLAIM_OPEN", because))
        if any(line.paid_on for line in asked.records.all(ClaimLine, enterprise_id=enterprise.id)):
            words += " What was paid from the seed fund is kept for audit."
    stopped = blocking(asked.problems)
    if stopped:
        return refuse(stopped)
    if not asked_by:
        standing = [r for r in records if _standing(asked.records, type(r), r.id) is not None]
        return _ask_erasure(asked, standing)
    return _erased(asked.records, asked.on, enterprise, enquiry, words)


def erased_again(records: Records, subject: str, on: date) -> Granted | None:
    """What an erasure of that day takes once more, of a person or a claim that an old copy has.

    None where it has none of their words. One that was removed in that copy was put back in use
    before it was erased, so it goes too. Nobody decides here: that was done, by two people.
    """
    claim = _even_removed(records, SeedClaim, subject)
    if claim is not None:
        lines = records.all(ClaimLine, claim_id=claim.id)
        if not has_words(claim, [*lines, *records.removed(ClaimLine, claim_id=claim.id)]):
            return None
        sets, drops = tuple(_without_words([claim], lines)), _stay_removed(records, [claim])
        return Granted(words="", sets=sets, drops=drops, erases=True)
    enterprise, enquiry = _person_of(records, subject, found=_even_removed)
    found = [record for record in (enterprise, enquiry) if record is not None]
    if all(record.anonymised_on is not None for record in found):
        return None
    return _erased(records, on, enterprise, enquiry, "")


def _erased(
    records: Records,
    on: date,
    enterprise: Enterprise | None,
    enquiry: Enquiry | None,
    words: str,
) -> Granted:
    sets = tuple(_erasing(records, on, enterprise, enquiry))
    found = [record for record in (enterprise, enquiry) if record is not None]
    drops = (*_files(records, enterprise), *_stay_removed(records, found))
    return Granted(words=words, sets=sets, drops=drops, erases=True)


class _Found(Protocol):
    def __call__(self, records: Records, kind: type[T], record_id: str, /) -> T | None: ...


def _standing(records: Records, kind: type[T], record_id: str, /) -> T | None:
    return records.get(kind, record_id)


def _even_removed(records: Records, kind: type[T], record_id: str, /) -> T | None:
    """The record as it stands, or as it was removed."""
    found = records.get(kind, record_id)
    return found if found is not None else next(iter(records.removed(kind, id=record_id)), None)


def _stay_removed(records: Records, found: Iterable[Any]) -> tuple[Drop, ...]:
    """What was removed loses its words and stays so: an edit alone would ask which of the two."""
    removed = (one for one in found if records.get(type(one), one.id) is None)
    return tuple(Drop(kind=type(one), record_id=one.id) for one in removed)


def _person_of(
    records: Records, subject: str, *, found: _Found
) -> tuple[Enterprise | None, Enquiry | None]:
    """The enterprise and the enquiry it came from, by the id of either.

    The other half counts even if it was removed: removed records keep their words.
    """
    enterprise = found(records, Enterprise, subject)
    enquiry = found(records, Enquiry, subject) if enterprise is None else None
    if enterprise is None and enquiry is not None and enquiry.enterprise_id:
        case = _even_removed(records, Enterprise, enquiry.enterprise_id)
        enterprise = case if case is not None and of_one_person(case, enquiry) else None
    elif enterprise is not None and enquiry is None and enterprise.enquiry_id:
        asked = _even_removed(records, Enquiry, enterprise.enquiry_id)
        enquiry = asked if asked is not None and of_one_person(enterprise, asked) else None
    return enterprise, enquiry


def _files(records: Records, enterprise: Enterprise | None) -> tuple[Drop, ...]:
    if enterprise is None:
        return ()
    files = records.all(Attachment, enterprise_id=enterprise.id)
    return tuple(Drop(kind=Attachment, record_id=file.id) for file in files)


def _second_person(
    asked: Asked, records: Sequence[Enterprise | Enquiry], asked_by: str
) -> list[Finding]:
    """Whoever asks first may be the coach; whoever agrees is a lead or QA, and neither of them."""
    own = any(record.coach_id == asked.actor.id for record in records)
    coach = asked.actor.role is Role.COACH
    if not asked_by:
        if coach and not own:
            return [asked.no("DUTIES", "NOT_YOUR_CASE", "This case is with another coach.")]
        return []
    if asked_by == asked.actor.id:
        because = f"{asked.actor.name} asked for it. Somebody else has to agree."
        return [asked.no("DUTIES", "SAME_PERSON", because)]
    if coach or own:
        because = "The case's own coach may not erase it; a lead or QA has to."
        return [asked.no("DUTIES", "SAME_PERSON", because)]
    return []


def _ask_erasure(asked: Asked, records: Sequence[Enterprise | Enquiry]) -> Answer:
    fields = {"erasure_asked_by_id": asked.actor.id, "erasure_asked_on": asked.on}
    words = "The erasure is asked for. It is done when a lead or QA agrees, another person."
    sets = tuple(Sets(kind=type(r), record_id=r.id, fields=fields) for r in records)
    return Granted(words=words, sets=sets)


def _erasing(
    records: Records, on: date, enterprise: Enterprise | None, enquiry: Enquiry | None
) -> list[Sets]:
    today = {"anonymised_on": on}
    sets: list[Sets] = []
    if enquiry is not None:
        sets.append(Sets(kind=Enquiry, record_id=enquiry.id, fields=_ENQUIRY | today))
    if enterprise is None:
        return sets
    sets.append(Sets(kind=Enterprise, record_id=enterprise.id, fields=_ENTERPRISE | today))
    for kind, emptied in _EMPTIED.items():
        held: Sequence[Any] = records.all(kind, enterprise_id=enterprise.id)
        sets += [Sets(kind=kind, record_id=record.id, fields=emptied) for record in held]
    claims = records.all(SeedClaim, enterprise_id=enterprise.id)
    lines = {line.id: line for line in records.all(ClaimLine, enterprise_id=enterprise.id)}
    for claim in claims:
        lines |= {line.id: line for line in records.all(ClaimLine, claim_id=claim.id)}
    # a line whose claim was removed stands still, and so do the words in it
    return sets + _without_words(claims, [lines[each] for each in sorted(lines)])


def _without_words(claims: Sequence[SeedClaim], lines: Sequence[ClaimLine]) -> list[Sets]:
    """The amount and what it was for stay for audit; the person's own words go."""
    of_lines = _OF_CLAIMS[ClaimLine]
    of_claims = _OF_CLAIMS[SeedClaim]
    sets = [Sets(kind=SeedClaim, record_id=claim.id, fields=of_claims) for claim in claims]
    return sets + [Sets(kind=ClaimLine, record_id=line.id, fields=of_lines) for line in lines]


def emptied_when_removed(kind: type) -> Mapping[str, Any]:
    """What an erasure empties of a record that was removed before; {} for what names nobody.

    A rule sees only what stands, so whoever writes its answer has to look for these.
    """
    return _OF_REMOVED.get(kind, {})


def forget_claim_words(asked: Asked) -> Answer:
    """The applicant's words go when the schedule says so; who was paid what stays in the accounts.

    One person is enough: nobody chooses here, the day decides.
    """
    claim = asked.records.get(SeedClaim, asked.subject)
    if claim is None:
        return refuse([asked.no("CASE", "NOT_FOUND", "The register has no such claim.")])
    enterprise = asked.records.get(Enterprise, claim.enterprise_id)
    own = enterprise is not None and enterprise.coach_id == asked.actor.id
    if asked.actor.role is Role.COACH and not own:
        because = "This case is with another coach."
        return refuse([asked.no("DUTIES", "NOT_YOUR_CASE", because)])
    lines = asked.records.all(ClaimLine, claim_id=claim.id)
    events = asked.records.all(ClaimEvent, claim_id=claim.id)
    since = claim_kept_since(claim, lines, events)
    due = None if since is None else rule(CLAIM).due_on(since)
    if due is None or due > asked.on:
        because = "This claim still goes on, so its words stay."
        if due is not None:
            because = f"The schedule keeps these words until {due.isoformat()}."
        return refuse([asked.no("RETENTION", "NOT_DUE", because)])
    if not has_words(claim, [*lines, *asked.records.removed(ClaimLine, claim_id=claim.id)]):
        return refuse([asked.no("RETENTION", "GONE", "These words have gone already.")])
    words = "The applicant's words are gone; the amounts stay in the accounts."
    return Granted(words=words, sets=tuple(_without_words([claim], lines)), erases=True)
