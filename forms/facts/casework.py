"""Coaching: stages, sessions, actions, checklist items, decisions, answers, files, signatures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from forms.facts.field import Policy, decided, fact


@dataclass(frozen=True, slots=True, kw_only=True)
class StageEvent:
    """A move along the pathway. Append-only; the current stage is derived."""

    id: str
    enterprise_id: str
    stage: str  # ENQUIRY ... SUSTAINED, PAUSED, CLOSED
    on: date
    reason: str = fact("")  # closing code, or why paused
    note: str = fact("")
    review_on: date | None = fact()
    by_id: str = fact("")


@dataclass(frozen=True, slots=True, kw_only=True)
class CoachingSession:
    """A visit, call or note on the timeline. Append-only text; wrong notes get a correction."""

    id: str
    enterprise_id: str
    on: date
    at: datetime | None = fact()
    kind: str = fact("note")  # visit | call | event | note | message
    minutes: int | None = fact()
    note: str = fact("")
    private_note: str = fact("", policy=Policy.PRIVATE)
    by_id: str = fact("")


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """Something somebody promised to do."""

    id: str
    enterprise_id: str
    text: str = fact("")
    owner: str = fact("coach")  # coach | leader | other, with a name in waiting_on
    waiting_on: str = fact("")
    start_on: date | None = fact()
    due_on: date | None = fact()
    done_on: date | None = fact()
    by_id: str = fact("")


@dataclass(frozen=True, slots=True, kw_only=True)
class ChecklistItem:
    """One item of the set-up checklist for one enterprise: id = derived_id(enterprise, code)."""

    id: str
    enterprise_id: str
    code: str  # C01 ... C72
    state: str = fact("to do")  # to do | doing | done | not needed | waived
    reason: str = fact("")  # why not needed or waived
    approver_id: str = fact("")  # who agreed to waive it
    said_by: str = fact("")  # told us | saw it | document
    evidence_ref: str = fact("")  # a reference, never a secret number
    evidence_on: date | None = fact()
    expires_on: date | None = fact()
    files: tuple[str, ...] = fact(())  # attachment ids
    checked_by_id: str = fact("")  # second person: makes "done" into verified
    checked_on: date | None = fact()
    note: str = fact("")


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityDecision:
    """How a legal form was chosen: answers, ranking, reasons. The person decides."""

    id: str
    enterprise_id: str
    decided_on: date
    answers: dict[str, object] = fact(factory=dict)  # Q1 ... Q16
    ruleset_version: str = fact("")
    ranked: dict[str, object] = fact(factory=dict)  # form code -> {score, reasons, warnings}
    chosen: str = fact("")
    chosen_why: str = fact("")
    advised_to_seek: tuple[str, ...] = fact(())
    information_not_advice: bool = fact(False)  # the coach's tick
    by_id: str = fact("")


@dataclass(frozen=True, slots=True, kw_only=True)
class FormResponse:
    """A filled form, kept with the exact version it was given on."""

    id: str
    form_id: str
    form_version: str
    enterprise_id: str = fact("")
    state: str = fact("draft")  # draft | final | superseded
    supersedes: str = fact("")
    instance_xml: str = fact("")
    opened_at: datetime | None = fact()
    finalised_at: datetime | None = fact()
    by_id: str = fact("")
    reason: str = fact("")  # of a revision: why the finished form was changed


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file: its bytes live apart, encrypted and named by their SHA-256.

    A photo has a small copy beside it, without place and camera, that goes first on a slow line.
    """

    id: str
    enterprise_id: str
    sha256: str
    size: int
    mime: str
    name: str = fact("")  # as the person's own file was called; data, not a path
    caption: str = fact("")
    given_by: str = fact("")
    added_on: date | None = fact()
    scan_status: str = decided("")
    small_sha256: str = fact("")  # of the small copy; "" = there is none
    small_size: int = fact(0)  # bytes of the small copy


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """Somebody put their name to words on the screen. Append-only: signing again adds another.

    `wording` is what was shown, to the letter, and `wording_sha256` its SHA-256 in hex
    (`forms.rules.signatures`). A stroke is "x,y x,y ...", whole thousandths of the pad's width.
    """

    id: str
    enterprise_id: str
    about: str  # what was signed: visit | form | listing
    about_id: str = fact("")  # of the record that was signed, if there is one
    wording: str = fact("")
    wording_sha256: str = fact("")
    name: str = fact("")  # as the person typed it, or as their record calls them
    way: str = fact("typed")  # typed | drawn
    strokes: tuple[str, ...] = fact(())
    signed_at: datetime | None = fact()
    device: str = fact("")  # the laptop, in words that name nobody
    witness_id: str = fact("")  # the coach who sat beside them
