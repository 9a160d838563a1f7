"""Rows of the register of enterprises.

See `storage.tables.columns` for the columns that every row has. Values are checked before they
come here.
"""

# No `from __future__ import annotations` in table modules: SQLModel reads real types.
from datetime import date

from sqlmodel import Field

from storage.tables.columns import RecordRow, Texts


class RegisterEntryRow(RecordRow, table=True):
    """A listing."""

    __tablename__ = "register_entry"

    enterprise_id: str = Field(index=True)
    trading_name: str
    contact: str
    districts: tuple[str, ...] = Field(sa_type=Texts)
    services: tuple[str, ...] = Field(sa_type=Texts)
    modes: tuple[str, ...] = Field(sa_type=Texts)
    who_for: str
    times: str
    languages: tuple[str, ...] = Field(sa_type=Texts)
    access: str
    price_words: str
    payable_by: tuple[str, ...] = Field(sa_type=Texts)
    cqc_words: str
    capacity: str
    words: str
    consent_id: str
    status: str
    published_on: date | None = None
    reviewed_by_id: str
    suspended_on: date | None = None
    suspension_reason: str
    review_on: date | None = None


class QACheckRow(RecordRow, table=True):
    """One check behind a listing."""

    __tablename__ = "qa_check"

    enterprise_id: str = Field(index=True)
    kind: str
    level: str
    seen_how: str
    seen_by_id: str
    seen_on: date | None = None
    expires_on: date | None = None
    reference: str


class ConcernRow(RecordRow, table=True):
    """A concern: reference only."""

    __tablename__ = "concern"

    enterprise_id: str = Field(index=True)
    kind: str
    raised_on: date | None = None
    told_whom: str
    reference: str
    immediate_action: str
    closed_on: date | None = None
    by_id: str
