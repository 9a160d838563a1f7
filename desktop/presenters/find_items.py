"""What Ctrl+K knows of the programme itself: items of the checklist, and the legal-entity guide.

Found by the words of their titles, then by who asks for them. Leads to the item of the record in
front, else to who has it and who has not. Refuses to look into records: nothing here names anybody.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from forms.rules.pack import Pack

MOST_ITEMS = 4
LEAST = 3  # letters of the longest typed word: two find half the checklist
GUIDE = "Legal-entity guide"


def items_for(pack: Pack, typed: str) -> list[tuple[str, str]]:
    """(code, title) of the items in which every typed word begins a word, titles first."""
    words = _words(typed)
    if not words or max(map(len, words)) < LEAST:
        return []
    ranked = []
    for place, rule in enumerate(pack.checklist):
        if _begin(words, rule.title):
            whole = set(words) <= set(_words(rule.title))
            ranked.append((0 if whole else 1, place, rule))
        elif _begin(words, f"{rule.title} {rule.group} {rule.authority}"):
            ranked.append((2, place, rule))
    ranked.sort(key=lambda each: each[:2])
    return [(rule.code, rule.title) for _, _, rule in ranked[:MOST_ITEMS]]


def guide_for(pack: Pack, typed: str) -> str:
    """The guide in words when a legal form or a word of the guide is typed, else ""."""
    words = _words(typed)
    if not words or max(map(len, words)) < LEAST:
        return ""
    if _begin(words, f"{GUIDE} which legal form company"):
        return GUIDE
    forms = (each.name for each in pack.entity_forms if _begin(words, each.name))
    found = next(forms, "")
    return f"{GUIDE}: {found}" if found else ""


def _begin(typed: list[str], text: str) -> bool:
    there = _words(text)
    return all(any(one.startswith(word) for one in there) for word in typed)


def _words(text: str) -> list[str]:
    return re.findall(r"[\w+]+", text.casefold())


def places(pack: Pack, typed: str, front: str) -> Iterator[tuple[str, str, str]]:
    """(key of the offer, words, what stands beside) of everything found; `front`: the record."""
    beside = "checklist of this record" if front else "checklist: who has it"
    for code, title in items_for(pack, typed):
        yield f"item:{code}", title, beside
    guide = guide_for(pack, typed)
    if guide and front:
        yield f"guide:{front}", guide, "for this record"
