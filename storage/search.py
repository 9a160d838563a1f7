"""The search box: names, places, phone digits and notes, as words are typed.

Refuses to need exact spelling: every word typed may be the beginning of a word, and one slip in a
long word is forgiven.
"""

from __future__ import annotations

from dataclasses import dataclass

from storage.caseload import match_words, words_of
from storage.database import Database

_PEOPLE_FIRST = (
    "CASE f.kind WHEN 'enterprise' THEN 0 WHEN 'leader' THEN 1 WHEN 'enquiry' THEN 2 ELSE 3 END"
)
_LONG = 5
_MOST_NEAR = 20
_MOST_COMPARED = 4000  # words looked at for "Did you mean"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One record found. `title` is what to show; open the enterprise it belongs to."""

    kind: str
    record_id: str
    enterprise_id: str
    title: str


def search(db: Database, typed: str, limit: int) -> list[Hit]:
    """Records in which every typed word begins a word; people first. One slip is forgiven.

    Only when nothing begins like that, words of five letters and more may have one letter wrong,
    missing, doubled or two swapped after the first letter.
    """
    match = match_words(typed)
    if not match:
        return []
    return _found(db, match, limit) or _forgiving(db, typed, limit)


def near_words(db: Database, typed: str) -> str:
    """What was perhaps meant: each unknown word as the nearest one that is indexed, or ''."""
    words = words_of(typed)
    meant = [word if _is_known(db, word) else _nearest(db, word) for word in words]
    return " ".join(meant) if all(meant) and meant != words else ""


def _is_known(db: Database, word: str) -> bool:
    row = db.row(
        "SELECT 1 FROM find_terms WHERE term >= ? AND term < ? LIMIT 1", (word, word + "\U0010ffff")
    )
    return row is not None


def _nearest(db: Database, word: str) -> str:
    """The indexed word most like this one; '' when none is much like it."""
    from difflib import get_close_matches

    rows = db.rows(
        "SELECT term FROM find_terms WHERE substr(term, 1, 1) IN (?, ?) "
        "AND length(term) BETWEEN ? AND ? LIMIT ?",
        (word[0], word[1:2] or word[0], len(word) - 2, len(word) + 2, _MOST_COMPARED),
    )
    close = get_close_matches(word, [term for (term,) in rows if not term.isdigit()], 1, 0.7)
    return close[0] if close else ""


def _forgiving(db: Database, typed: str, limit: int) -> list[Hit]:
    words = words_of(typed)
    if not any(len(word) >= _LONG for word in words):
        return []
    parts = []
    for word in words:
        near = _near(db, word) if len(word) >= _LONG else []
        parts.append("(" + " OR ".join(f'"{one}"*' for one in (word, *near)) + ")")
    return _found(db, " AND ".join(parts), limit)


def _near(db: Database, word: str) -> list[str]:
    """Indexed words one slip away that begin with the same letter."""
    rows = db.rows(
        "SELECT term FROM find_terms WHERE term >= ? AND term < ? AND length(term) BETWEEN ? AND ?",
        (word[0], word[0] + "\U0010ffff", len(word) - 1, len(word) + 1),
    )
    return [term for (term,) in rows if one_slip(word, term)][:_MOST_NEAR]


def one_slip(typed: str, meant: str) -> bool:
    """Whether one letter wrong, missing, doubled, or two neighbours swapped, tells them apart."""
    if len(typed) < len(meant):
        typed, meant = meant, typed
    first = next((n for n, (a, b) in enumerate(zip(typed, meant, strict=False)) if a != b), None)
    if first is None:
        return len(typed) - len(meant) <= 1
    if len(typed) > len(meant):
        return typed[first + 1 :] == meant[first:]
    swapped = typed[first : first + 2] == meant[first : first + 2][::-1]
    return typed[first + 1 :] == meant[first + 1 :] or (
        swapped and typed[first + 2 :] == meant[first + 2 :]
    )


def _found(db: Database, match: str, limit: int) -> list[Hit]:
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
