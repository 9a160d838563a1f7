"""Rows of the forms that a project lead published.

See `storage.tables.columns` for the columns that every row has. Values are checked before they
come here.
"""

# No `from __future__ import annotations` in table modules: SQLModel reads real types.
from datetime import datetime

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
