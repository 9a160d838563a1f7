"""Rows of what is published to every laptop: forms of a project lead, rules of the council.

See `storage.tables.columns` for the columns that every row has. Values are checked before they
come here.
"""

# No `from __future__ import annotations` in table modules: SQLModel reads real types.
from datetime import date, datetime

from sqlmodel import Field

from storage.tables.columns import RecordRow


class PublishedFormRow(RecordRow, table=True):
    """One version of a form, packed."""

    __tablename__ = "published_form"

    form_id: str = Field(index=True)
    version: str
    xform: str
    fingerprint: str
    title: str
    state: str
    compiler: str
    published_at: datetime | None = None
    by_id: str


class PublishedPackRow(RecordRow, table=True):
    """One version of the programme pack, packed and signed."""

    __tablename__ = "published_pack"

    pack_id: str
    version: str
    title: str
    agreed_by: str
    agreed_on: date | None = None
    body: str
    fingerprint: str
    published_at: datetime | None = None
    signature: str
