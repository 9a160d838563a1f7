"""Rows of market gaps and signposts.

See `storage.tables.columns` for the columns that every row has. Values are checked before they
come here.
"""

# No `from __future__ import annotations` in table modules: SQLModel reads real types.
from datetime import date

from sqlmodel import Field

from storage.tables.columns import RecordRow, Texts, not_negative


class MarketGapRow(RecordRow, table=True):
    """Support that was asked for and not found."""

    __tablename__ = "market_gap"
    __table_args__ = (not_negative("asked"),)

    opened_on: date
    district: str = Field(index=True)
    place: str
    service_type: str
    target_group: str
    times: str
    heard_from: str
    asked: int | None = None
    words: str
    matched_id: str
    matched_on: date | None = None
    closed_on: date | None = None
    closed_why: str
    by_id: str


class SignpostRow(RecordRow, table=True):
    """One time that options were shown."""

    __tablename__ = "signpost"

    on: date
    district: str
    service_type: str
    shown: tuple[str, ...] = Field(sa_type=Texts)
    came_by: str
    outcome: str
    outcome_on: date | None = None
    gap_id: str
    by_id: str
