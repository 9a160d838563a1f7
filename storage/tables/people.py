"""Rows of enquiries, enterprises, their leaders, consents, returns and the DPIA.

See `storage.tables.columns` for the columns that every row has. Values are checked before they
come here.
"""

# No `from __future__ import annotations` in table modules: SQLModel reads real types.
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Index, text
from sqlmodel import Field

from storage.tables.columns import DecimalText, Mapped, RecordRow, Texts, not_negative


class DpiaRow(RecordRow, table=True):
    """One version of the data protection impact assessment."""

    __tablename__ = "dpia"

    version: str
    dpo_comments: str
    signed_by: str
    signed_on: date | None = None
    review_on: date | None = None


class ColleagueRow(RecordRow, table=True):
    """A name beside a decision."""

    __tablename__ = "colleague"

    name: str
    role: str
    active: bool


class HandoverRow(RecordRow, table=True):
    """An offer of a case to another coach."""

    __tablename__ = "handover"

    case_id: str = Field(index=True)
    from_coach_id: str
    to_coach_id: str
    district: str
    strand: str
    offered_on: date | None = None
    offered_by_id: str
    state: str
    answered_on: date | None = None


class TallyRow(RecordRow, table=True):
    """An anonymous count."""

    __tablename__ = "tally"
    __table_args__ = (not_negative("count"),)

    on: date
    channel: str
    district: str
    count: int


class EnquiryRow(RecordRow, table=True):
    """Somebody got in touch."""

    __tablename__ = "enquiry"
    __table_args__ = (
        Index("enquiry_anonymised", "id", sqlite_where=text("anonymised_on IS NOT NULL")),
    )

    created_on: date
    coach_id: str
    channel: str
    heard_via: str
    district: str
    name: str
    phone: str
    email: str
    idea: str
    language_needs: str
    access_needs: str
    privacy_notice_on: date | None = None
    enterprise_id: str = Field(index=True)
    closed_on: date | None = None
    closed_reason: str
    anonymised_on: date | None = None
    erasure_asked_by_id: str = Field(sa_column_kwargs={"server_default": text("''")})
    erasure_asked_on: date | None = None


class EnterpriseRow(RecordRow, table=True):
    """A micro-provider, from idea to trading."""

    __tablename__ = "enterprise"
    __table_args__ = (
        not_negative("employee_count"),
        not_negative("price_pence"),
        Index("enterprise_anonymised", "id", sqlite_where=text("anonymised_on IS NOT NULL")),
    )

    name: str
    coach_id: str
    enquiry_id: str = Field(index=True)
    district: str
    place: str
    strand: str
    origin: str
    is_pa: bool
    entity_form: str
    employee_count: int | None = None
    service_types: tuple[str, ...] = Field(sa_type=Texts)
    target_groups: tuple[str, ...] = Field(sa_type=Texts)
    established_on: date | None = None
    first_delivery_on: date | None = None
    comparable_to_homecare: bool
    price_pence: int | None = None
    phone: str
    email: str
    access_needs: str
    facts: dict[str, Any] = Field(sa_type=Mapped)
    suspended_on: date | None = None
    anonymised_on: date | None = None
    erasure_asked_by_id: str = Field(sa_column_kwargs={"server_default": text("''")})
    erasure_asked_on: date | None = None


class LeaderRow(RecordRow, table=True):
    """A person who runs an enterprise."""

    __tablename__ = "leader"

    enterprise_id: str = Field(index=True)
    name: str
    phone: str
    email: str
    self_employment_permission: str
    private_note: str


class ConsentRow(RecordRow, table=True):
    """One purpose, agreed to or withdrawn."""

    __tablename__ = "consent"

    enterprise_id: str = Field(index=True)
    purpose: str
    wording_version: str
    given_by: str
    given_on: date | None = None
    channel: str
    withdrawn_on: date | None = None


class ActivityReturnRow(RecordRow, table=True):
    """What an enterprise did in a quarter."""

    __tablename__ = "activity_return"
    __table_args__ = (
        not_negative("hours_week", exact=True),
        not_negative("comparable_hours_week", exact=True),
        not_negative("dp_hours_week", exact=True),
        not_negative("dp_comparable_hours_week", exact=True),
        not_negative("people"),
        not_negative("people_self_funding"),
        not_negative("price_pence"),
        not_negative("employees"),
        not_negative("paid_people"),
        not_negative("paid_hours_week", exact=True),
    )

    enterprise_id: str = Field(index=True)
    period_from: date
    period_to: date
    received_on: date | None = None
    hours_week: Decimal | None = Field(default=None, sa_type=DecimalText)
    comparable_hours_week: Decimal | None = Field(default=None, sa_type=DecimalText)
    dp_hours_week: Decimal | None = Field(default=None, sa_type=DecimalText)
    dp_comparable_hours_week: Decimal | None = Field(default=None, sa_type=DecimalText)
    people: int | None = None
    people_self_funding: int | None = None
    price_pence: int | None = None
    employees: int | None = None
    paid_people: int | None = None
    paid_hours_week: Decimal | None = Field(default=None, sa_type=DecimalText)
    source: str
    local_hours_week: Decimal | None = Field(default=None, sa_type=DecimalText)
    on_foot_hours_week: Decimal | None = Field(default=None, sa_type=DecimalText)
