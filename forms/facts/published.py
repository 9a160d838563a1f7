"""A form that a project lead published, as it reaches every laptop of the programme.

The compiled form travels packed (`forms.engine.versions.packed`): a hundred kilobytes become ten.
Refuses nothing here: whoever takes it in checks it first.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from forms.facts.field import fact


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedForm:
    """One version of a form. What it asks never changes; whether it is offered may."""

    id: str
    form_id: str
    version: str
    xform: str  # packed
    fingerprint: str  # of the form unpacked
    title: str = fact("")
    state: str = fact("published")  # published | retired
    compiler: str = fact("")
    published_at: datetime | None = fact()
    by_id: str = fact("")
