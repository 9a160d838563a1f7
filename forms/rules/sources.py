"""Where a fact was read, in words: the codes of a pack's `source` fields turned into names.

`P22 3.8` means nothing to a coach; "Bracknell Forest, Support With Confidence, part 3.8" does. What
is written in words already stays as it is. Refuses to show a code that it has no name for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from forms.rules.pack import Pack

_CODE = re.compile(r"[PS]\d+[a-z]?(?![\w-])")
_LEADS = re.compile(rf"({_CODE.pattern})\s*:?\s*(.*)")
# A comma parts only before a code or a mark: it may be one of a number. Not inside brackets.
_APART = re.compile(r"(?:;|,(?=\s*(?:[PS]\d|\[)))\s*(?![^(]*\))")
_MARK = re.compile(r"\s*\[([A-Z])\]")
_SURE = {  # how well it is known, as the tables mark it
    "K": "general knowledge, to be checked",
    "U": "not confirmed",
    "D": "our own suggestion",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cited:
    """One source as a person reads it."""

    words: str
    page: str = ""
    read_on: date | None = None

    @property
    def site_only(self) -> bool:
        """Whether only the site is known: its front page is not what was read."""
        address = urlsplit(self.page)
        return bool(self.page) and address.path in ("", "/") and not address.query


def codes_in(text: str) -> tuple[str, ...]:
    """The codes a `source` names."""
    return tuple(found[1] for part in _APART.split(text) if (found := _LEADS.match(part.strip())))


def cited(pack: Pack, text: str) -> tuple[Cited, ...]:
    """The sources of a `source` field, each once, in the order written."""
    return tuple(dict.fromkeys(_cited(pack, text)))


def in_words(pack: Pack, text: str) -> str:
    """The same as one line, for a note under a figure; "" when nothing is known."""
    return "; ".join(each.words for each in cited(pack, text))


def as_sentence(pack: Pack, text: str) -> str:
    """The same with a stop at its end, to stand among sentences."""
    words = in_words(pack, text)
    return f"{words}." if words and not words.endswith((".", "!", "?")) else words


def _cited(pack: Pack, text: str) -> Iterator[Cited]:
    names = {source.id: source for source in pack.sources}
    for written in _APART.split(text):
        found = _LEADS.match(written.strip())
        if found is None:
            words = _marks_in_words(written.strip())
            if words:
                yield Cited(words=words[0].upper() + words[1:])
            continue
        source = names.get(found[1])
        if source is None:
            continue
        where = _marks_in_words(found[2])
        if where[:1].isdigit():
            part = "paragraph" if source.paper else "part"
            where = f"{part}{'s' if '-' in where else ''} {where}"
        joined = " " if where.startswith("(") else ", " if where else ""
        yield Cited(words=f"{source.name}{joined}{where}", page=source.page, read_on=source.read_on)


def _marks_in_words(text: str) -> str:
    marks = [_SURE[mark] for mark in _MARK.findall(text) if mark in _SURE]
    plain = _MARK.sub("", text).strip()
    if not marks:
        return plain
    return f"{plain} ({', '.join(marks)})" if plain else ", ".join(marks)
