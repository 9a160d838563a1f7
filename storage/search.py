"""The search box: names, places, phone digits and notes, as words are typed.

Refuses to need exact spelling: every word typed may be the beginning of a word.
"""

from __future__ import annotations

from dataclasses import dataclass

from storage.caseload import match_words
from storage.database import Database

_PEOPLE_FIRST = (
    "CASE f.kind WHEN 'enterprise' THEN 0 WHEN 'leader' THEN 1 WHEN 'enquiry' THEN 2 ELSE 3 END"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One record found. `title` is what to show; open the enterprise it belongs to."""

    kind: str
    record_id: str
    enterprise_id: str
    title: str


def search(db: Database, typed: str, limit: int) -> list[Hit]:
    """Records in which every typed word begins a word; people first."""
    match = match_words(typed)
    if not match:
        return []
    found = db.rows(
        "SELECT f.kind, f.record_id, f.enterprise_id, f.title FROM find_words w "  # noqa: S608
        "JOIN find f ON f.n = w.rowid WHERE find_words MATCH ? "
        f"ORDER BY {_PEOPLE_FIRST}, f.title COLLATE NOCASE, f.record_id LIMIT ?",
        (match, limit),
    )
    return [
        Hit(kind=kind, record_id=record_id, enterprise_id=enterprise_id, title=title)
        for kind, record_id, enterprise_id, title in found
    ]
