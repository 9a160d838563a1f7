"""Forms: definitions that never change, the sheet being filled in, each answer, days that come.

Private to storage. Of this laptop: the record `form_response` is what travels.
"""

# No `from __future__ import annotations` in table modules: SQLModel reads real types.
from sqlalchemy import Index, LargeBinary
from sqlmodel import Field

from storage.tables.columns import VaultRow, one_of


class FormDefinitionRow(VaultRow, table=True):
    """One version of one form, as it was compiled; kept for ever (triggers refuse a change)."""

    __tablename__ = "form_definition"
    __table_args__ = (one_of("state", "shipped", "published", "retired"),)

    form_id: str = Field(primary_key=True)
    version: str = Field(primary_key=True)
    title: str
    state: str
    xform: str
    fingerprint: str
    source: bytes = Field(sa_type=LargeBinary)
    source_name: str
    compiler: str
    kept_at: str
    published_at: str | None = None
    by_id: str


class FormSheetRow(VaultRow, table=True):
    """A sheet that somebody is filling in here, as it stands after the last answer."""

    __tablename__ = "form_sheet"

    response_id: str = Field(primary_key=True)
    enterprise_id: str
    instance_xml: str
    saved_at: str
    by_id: str


class FormAnswerRow(VaultRow, table=True):
    """One answer: only ever added to."""

    __tablename__ = "form_answer"

    n: int | None = Field(default=None, primary_key=True)
    response_id: str = Field(index=True)
    enterprise_id: str
    at: str
    by_id: str
    ref: str
    before: str
    after: str


class FormExpiryRow(VaultRow, table=True):
    """A step of a checklist form that runs out, and the day to begin saying so."""

    __tablename__ = "form_expiry"
    __table_args__ = (Index("form_expiry_due", "warn_on"),)

    response_id: str = Field(primary_key=True)
    code: str = Field(primary_key=True)
    enterprise_id: str
    label: str
    expires_on: str
    warn_on: str
