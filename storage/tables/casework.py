"""Rows of coaching: stages, sessions, actions, checklist, decisions, forms, files, signatures.

See `storage.tables.columns` for the columns that every row has. Values are checked before they
come here.
"""

# No `from __future__ import annotations` in table modules: SQLModel reads real types.
from datetime import date, datetime
from typing import Any

from sqlalchemy import Index, text
from sqlmodel import Field

from storage.tables.columns import Mapped, RecordRow, Texts, not_negative


class StageEventRow(RecordRow, table=True):
    """A move along the pathway."""

    __tablename__ = "stage_event"

    enterprise_id: str = Field(index=True)
    stage: str
    on: date
    reason: str
    note: str
    review_on: date | None = None
    by_id: str


class CoachingSessionRow(RecordRow, table=True):
    """A visit, call or note."""

    __tablename__ = "session"
    __table_args__ = (not_negative("minutes"),)

    enterprise_id: str = Field(index=True)
    on: date = Field(index=True)
    at: datetime | None = None
    kind: str
    minutes: int | None = None
    note: str
    private_note: str
    by_id: str


class ActionRow(RecordRow, table=True):
    """Something somebody promised."""

    __tablename__ = "action"
    __table_args__ = (
        Index(
            "action_open", "owner", "due_on", sqlite_where=text("done_on IS NULL AND deleted = 0")
        ),
    )

    enterprise_id: str = Field(index=True)
    text: str
    owner: str
    waiting_on: str
    start_on: date | None = None
    due_on: date | None = None
    done_on: date | None = None
    by_id: str


class ChecklistItemRow(RecordRow, table=True):
    """One item of one set-up checklist."""

    __tablename__ = "checklist_item"
    __table_args__ = (
        Index(
            "checklist_item_ends",
            "expires_on",
            sqlite_where=text("expires_on IS NOT NULL AND deleted = 0"),
        ),
        Index(
            "checklist_item_renews",
            "code",
            "evidence_on",
            sqlite_where=text("expires_on IS NULL AND evidence_on IS NOT NULL AND deleted = 0"),
        ),
    )

    enterprise_id: str = Field(index=True)
    code: str
    state: str
    reason: str
    approver_id: str
    said_by: str
    evidence_ref: str
    evidence_on: date | None = None
    expires_on: date | None = None
    files: tuple[str, ...] = Field(sa_type=Texts)
    checked_by_id: str
    checked_on: date | None = None
    note: str


class EntityDecisionRow(RecordRow, table=True):
    """How a legal form was chosen."""

    __tablename__ = "entity_decision"

    enterprise_id: str = Field(index=True)
    decided_on: date
    answers: dict[str, Any] = Field(sa_type=Mapped)
    ruleset_version: str
    ranked: dict[str, Any] = Field(sa_type=Mapped)
    chosen: str
    chosen_why: str
    advised_to_seek: tuple[str, ...] = Field(sa_type=Texts)
    information_not_advice: bool
    by_id: str


class FormResponseRow(RecordRow, table=True):
    """A filled form."""

    __tablename__ = "form_response"

    form_id: str
    form_version: str
    enterprise_id: str = Field(index=True)
    state: str
    supersedes: str
    instance_xml: str
    opened_at: datetime | None = None
    finalised_at: datetime | None = None
    by_id: str
    reason: str = Field(sa_column_kwargs={"server_default": text("''")})


class AttachmentRow(RecordRow, table=True):
    """A file, as far as records name it."""

    __tablename__ = "attachment"
    __table_args__ = (not_negative("size"),)

    enterprise_id: str = Field(index=True)
    sha256: str
    size: int
    mime: str
    name: str
    caption: str
    given_by: str
    added_on: date | None = None
    scan_status: str
    small_sha256: str = Field(sa_column_kwargs={"server_default": text("''")})
    small_size: int = Field(sa_column_kwargs={"server_default": text("0")})


class SignatureRow(RecordRow, table=True):
    """Somebody put their name to words."""

    __tablename__ = "signature"

    enterprise_id: str = Field(index=True)
    about: str
    about_id: str
    wording: str
    wording_sha256: str
    name: str
    way: str
    strokes: tuple[str, ...] = Field(sa_type=Texts)
    signed_at: datetime | None = None
    device: str
    witness_id: str
