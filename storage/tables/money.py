"""Rows of seed-fund claims. Amounts are whole pence.

See `storage.tables.columns` for the columns that every row has. Values are checked before they
come here.
"""

# No `from __future__ import annotations` in table modules: SQLModel reads real types.
from datetime import date

from sqlmodel import Field

from storage.tables.columns import RecordRow, Texts, not_negative


class SeedClaimRow(RecordRow, table=True):
    """A claim for start-up help."""

    __tablename__ = "seed_claim"

    enterprise_id: str = Field(index=True)
    policy_version: str
    drafted_by_id: str
    drafted_on: date | None = None
    barrier: str
    applicant: str
    interest_declared: str
    state: str
    submitted_by_id: str
    submitted_on: date | None = None
    checked_by_id: str
    recommended_by_id: str
    approved_by_id: str
    approved_on: date | None = None
    payee_reference: str


class ClaimLineRow(RecordRow, table=True):
    """One cost in a claim."""

    __tablename__ = "claim_line"
    __table_args__ = (
        not_negative("pence"),
        not_negative("months"),
        not_negative("quotes"),
    )

    claim_id: str = Field(index=True)
    enterprise_id: str = Field(index=True)
    what: str
    category: str
    cost_kind: str
    pence: int
    cost_on: date | None = None
    supplier: str
    invoice_no: str
    months: int | None = None
    quotes: int
    already_funded_by: str
    justification: str
    files: tuple[str, ...] = Field(sa_type=Texts)
    outcome: str
    code: str
    paid_on: date | None = None
    payment_reference: str
    evidenced_on: date | None = None


class ClaimEventRow(RecordRow, table=True):
    """One step of a claim, written by the register."""

    __tablename__ = "claim_event"

    claim_id: str = Field(index=True)
    enterprise_id: str = Field(index=True)
    from_state: str
    to_state: str
    by_id: str
    on: date | None = None
    line_id: str
    code: str
    note: str
    reference: str
