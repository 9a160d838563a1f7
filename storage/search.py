"""The search box: names, places, phone digits and notes, as words are typed.

People come before notes, people seen this week before others, newer notes before older. Every word
typed may be the beginning of a word; where none is, the middle of one; where that finds nothing
either, one slip in a long word is forgiven. Refuses to read every note for a word that all have:
people are all looked at, of notes the newest that match.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from storage.caseload import CONTACT, words_of
from storage.database import Database
from storage.rows import as_text

PEOPLE = frozenset({"enterprise", "leader", "enquiry"})
SEEN_DAYS = 7
_LONG = 5  # letters of a word in which one slip is forgiven
_PART = 3  # letters of the shortest middle that can be found
_MOST_NEAR = 20
_MOST_COMPARED = 4000  # words looked at for "Did you mean"
_MOST_TERMS = 20_000
_MOST_PEOPLE, _MOST_NOTES = 2_000, 300
_BY_KIND = (
    "CASE f.kind WHEN 'enterprise' THEN 0 WHEN 'leader' THEN 1 ELSE 2 END, "
    "f.title COLLATE NOCASE, f.record_id"
)
_NUMBER = re.compile(r"[\d\s()+\-./]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One record found. `title` is what to show; open the enterprise it belongs to."""

    kind: str
    record_id: str
    enterprise_id: str
    title: str


def search(
    db: Database, typed: str, limit: int, today: date, without: Collection[str] = ()
) -> list[Hit]:
    """Records that match, people first and those seen in the last seven days before others.

    Records `without` are passed over, as if the index did not know them.
    In a word of five letters and more one letter may be wrong, missing, doubled, or two swapped.
    """
    words = asked(typed)
    if not words or limit < 1:
        return []
    week = (today - timedelta(days=SEEN_DAYS)).isoformat()
    box = _Box(db, limit, today.isoformat(), week, as_text(sorted(without)), len(without))
    return (
        box.look("", " AND ".join(f'"{word}"*' for word in words))
        or box.look("_parts", _parts(words))
        or box.look("", _forgiving(db, words))
    )


def near_words(db: Database, typed: str) -> str:
    """What was perhaps meant: each unknown word as the nearest one that is indexed, or ''."""
    words = words_of(typed)
    meant = [word if _is_known(db, word) else _nearest(db, word) for word in words]
    return " ".join(meant) if all(meant) and meant != words else ""


def _is_known(db: Database, word: str) -> bool:
    row = db.row(
        "SELECT 1 FROM find_term WHERE term >= ? AND term < ? LIMIT 1", (word, word + "\U0010ffff")
    )
    return row is not None


def _nearest(db: Database, word: str) -> str:
    """The indexed word most like this one; '' when none is much like it."""
    from difflib import get_close_matches

    rows = db.rows(
        "SELECT term FROM find_term WHERE substr(term, 1, 1) IN (?, ?) "
        "AND length(term) BETWEEN ? AND ? LIMIT ?",
        (word[0], word[1:2] or word[0], len(word) - 2, len(word) + 2, _MOST_COMPARED),
    )
    close = get_close_matches(word, [term for (term,) in rows if not term.isdigit()], 1, 0.7)
    return close[0] if close else ""


def asked(typed: str) -> list[str]:
    """The words to look for; a telephone number however it is spaced is one, dialled from here."""
    if sum(sign.isdigit() for sign in typed) >= _LONG and _NUMBER.fullmatch(typed):
        return [re.sub(r"\D", "", typed.strip().replace("+44", "0").replace("(0)", ""))]
    return words_of(typed)


@dataclass(frozen=True, slots=True)
class _Box:
    """One search: where, how many, by when and since when somebody was seen, without whom."""

    db: Database
    limit: int
    today: str
    week: str
    without: str  # ids as a JSON list, and how many
    passed_over: int

    def look(self, part: str, match: str) -> list[Hit]:
        """People that match, then the newest notes that do."""
        if not match:
            return []
        people = self._of(f"find_people{part}", match, _MOST_PEOPLE, _BY_KIND)
        if len(people) >= self.limit:
            return people
        notes = self._of(f"find_notes{part}", match, _MOST_NOTES, "f.n DESC")
        return (people + notes)[: self.limit]

    def _of(self, index: str, match: str, most: int, order: str) -> list[Hit]:
        found = self.db.rows(
            f"WITH w(n) AS (SELECT rowid FROM {index} WHERE {index} MATCH :match "  # noqa: S608 - constants of this module
            "ORDER BY rowid DESC LIMIT :most) "
            "SELECT f.kind, f.record_id, f.enterprise_id, f.title FROM w "
            "JOIN find f ON f.n = w.n LEFT JOIN caseload c ON c.enterprise_id = f.enterprise_id "
            "WHERE f.record_id NOT IN (SELECT value FROM json_each(:without)) "
            f"ORDER BY coalesce({CONTACT}, '') < :week, {order} LIMIT :limit",
            {
                "today": self.today,
                "match": match,
                "most": most + self.passed_over,
                "week": self.week,
                "without": self.without,
                "limit": self.limit,
            },
        )
        return [
            Hit(kind=kind, record_id=record_id, enterprise_id=enterprise_id, title=title)
            for kind, record_id, enterprise_id, title in found
        ]


def _parts(words: Sequence[str]) -> str:
    """Every word as the three-letter pieces in it; '' when one is too short to have any."""
    if any(len(word) < _PART for word in words):
        return ""
    pieces = [word[at : at + _PART] for word in words for at in range(len(word) - _PART + 1)]
    return " AND ".join(f'"{piece}"' for piece in dict.fromkeys(pieces))


def _forgiving(db: Database, words: Sequence[str]) -> str:
    """The same with what one slip may have meant; '' when no word is long enough."""
    if not any(len(word) >= _LONG for word in words):
        return ""
    parts = []
    for word in words:
        near = (_near(db, word) or _near_first(db, word)) if len(word) >= _LONG else []
        parts.append("(" + " OR ".join(f'"{one}"*' for one in dict.fromkeys((word, *near))) + ")")
    return " AND ".join(parts)


def _near(db: Database, word: str) -> list[str]:
    """Beginnings of indexed words that are one slip away, the first letter right."""
    rows = db.rows(
        "SELECT DISTINCT substr(term, 1, :most) FROM find_term WHERE term >= :from "
        "AND term < :to AND length(term) >= :least LIMIT :rows",
        {
            "from": word[0],
            "to": word[0] + "\U0010ffff",
            "least": len(word) - 1,
            "most": len(word) + 1,
            "rows": _MOST_TERMS,
        },
    )
    return _slips(word, (term for (term,) in rows))


def _near_first(db: Database, word: str) -> list[str]:
    """The same where the slip is in the first letter: wrong, missing, one too many, or swapped."""
    swapped = word[1] + word[0] + word[2:]
    rows = db.rows(
        "SELECT DISTINCT substr(term, 1, :most) FROM find_term WHERE term LIKE :wrong "
        "OR term LIKE :missing OR term IN (SELECT value FROM json_each(:whole)) LIMIT :rows",
        {
            "most": len(word) + 1,
            "wrong": f"_{word[1:]}%",
            "missing": f"_{word}%",
            "whole": as_text([word[1:], swapped]),
            "rows": _MOST_TERMS,
        },
    )
    return _slips(word, (term for (term,) in rows))


def _slips(word: str, terms: Iterable[str]) -> list[str]:
    found: dict[str, None] = {}
    for term in terms:
        for long in (len(word), len(word) + 1, len(word) - 1):
            begun = term[:long]
            if len(begun) == long and one_slip(word, begun):
                found[begun] = None
                break
        if len(found) >= _MOST_NEAR:
            break
    return list(found)


def terms_of(words: Iterable[str]) -> set[str]:
    """The words to know for slips, as the index spells them; numbers are left out."""
    found: set[str] = set()
    for text in words:
        found.update(words_of(bare(text)))
    return {word for word in found if not word[0].isdigit()}


def bare(text: str) -> str:
    """The text without accents."""
    if text.isascii():
        return text
    spelt = unicodedata.normalize("NFKD", text)
    return "".join(sign for sign in spelt if not unicodedata.combining(sign))


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
