"""What is published to every laptop of the programme: a lead's forms, the council's rules.

The compiled form travels packed (`forms.engine.versions.packed`): a hundred kilobytes become ten.
A pack travels as `forms.rules.pack_travel` packs it. Refuses nothing here: whoever takes it in
checks it first.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from forms.facts.field import decided, fact


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


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedPack:
    """One version of the programme pack, signed. Only the register writes it; it never changes."""

    id: str
    pack_id: str = decided("")
    version: str = decided("")
    title: str = decided("")
    agreed_by: str = decided("")  # who put their name to its definitions
    agreed_on: date | None = decided()
    body: str = decided("")  # packed
    fingerprint: str = decided("")  # of the body unpacked
    published_at: datetime | None = decided()
    signature: str = decided("")  # base 64, of the register's key (`sync.signing.pack_bytes`)
