"""Looking for an enterprise in the directory: place, service, when, how paid, and words.

The same rule for the public page, the open feed and the laptop without signal. Every condition
narrows what the others left. People write whole sentences: "somebody who sits with my mother on
Tuesdays" asks for sit and for a Tuesday; the pack says what kinds of support sitting may be.
Refuses to rank one enterprise above another: the order is the name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import time

from forms.rules.listing import PublicEntry
from forms.rules.listing_words import MODES, PAYABLE, words_for
from forms.rules.opening_times import DAY_WORDS, DAYS, OpeningTimes, read_times
from forms.rules.pack import Pack

# What says nothing about who could give it: small words always, and what else a sentence has.
_SMALL = frozenset(("a", "an", "and", "at", "for", "in", "of", "on", "or", "the", "to", "with"))
_AROUND = _SMALL.union(
    ("any", "anybody", "anyone", "are", "be", "can", "could", "dad", "do", "father", "from"),
    ("give", "gives", "have", "he", "her", "him", "his", "im", "is", "it", "like", "look"),
    ("looking", "me", "mother", "mum", "my", "need", "needs", "one", "our", "please", "she"),
    ("some", "somebody", "someone", "that", "their", "them", "there", "they", "us", "want"),
    ("wants", "we", "who", "would", "you", "your"),
)
_SENTENCE = 4  # words
_DAY_OF = dict(zip((word.casefold() for word in DAY_WORDS), DAYS, strict=True))

_TEXTS = ("trading_name", "words", "who_for", "access", "times", "price_words", "capacity")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What somebody is looking for; what is empty does not narrow."""

    words: str = ""
    place: str = ""  # place code
    service: str = ""  # service type code
    mode: str = ""  # 1:1 | group | virtual
    payable: str = ""  # private | direct payment | ISF | council
    day: str = ""  # MO ... SU
    starts: time | None = None  # open at or before
    ends: time | None = None  # open until or after


@dataclass(frozen=True, slots=True)
class _Word:
    forms: tuple[str, ...]  # as typed, and without an s
    kinds: frozenset[str]  # of support, that it may mean


def texts(entry: PublicEntry, name: str) -> tuple[str, ...]:
    """A field that holds several codes."""
    value = entry.fields.get(name) or ()
    return tuple(str(one) for one in value) if isinstance(value, list | tuple) else ()


def text(entry: PublicEntry, name: str) -> str:
    """A field that holds words; empty where there are none."""
    return str(entry.fields.get(name) or "").strip()


def times_of(entry: PublicEntry) -> OpeningTimes | None:
    """Days and hours where the words of the listing say them."""
    return read_times(text(entry, "times"))


def find(entries: Iterable[PublicEntry], wanted: Wanted, pack: Pack) -> list[PublicEntry]:
    """The entries that fit, by name."""
    words = [_Word(_forms(each), _kinds(each, pack)) for each in asked_for(wanted.words)]
    fits = [entry for entry in entries if _fits(entry, wanted, pack, words)]
    return sorted(fits, key=lambda e: (text(e, "trading_name").casefold(), e.entry_id))


def _fits(entry: PublicEntry, wanted: Wanted, pack: Pack, words: list[_Word]) -> bool:
    for name, code in (
        ("districts", wanted.place),
        ("services", wanted.service),
        ("modes", wanted.mode),
        ("payable_by", wanted.payable),
    ):
        if code and code not in texts(entry, name):
            return False
    return _fits_time(entry, wanted) and _fits_words(entry, words, pack)


def _fits_time(entry: PublicEntry, wanted: Wanted) -> bool:
    if not (wanted.day or wanted.starts or wanted.ends):
        return True
    times = times_of(entry)
    if times is None or (wanted.day and wanted.day not in times.days):
        return False
    if wanted.starts is not None and (times.opens is None or times.opens > wanted.starts):
        return False
    return wanted.ends is None or (times.closes is not None and times.closes >= wanted.ends)


def _fits_words(entry: PublicEntry, words: list[_Word], pack: Pack) -> bool:
    if not words:
        return True
    labels = {choice.code: choice.label for choice in pack.service_types}
    parts = [text(entry, name) for name in _TEXTS]
    parts += [labels.get(code, code) for code in texts(entry, "services")]
    parts += [words_for(MODES, code) for code in texts(entry, "modes")]
    parts += [words_for(PAYABLE, code) for code in texts(entry, "payable_by")]
    parts += [place.name for code in texts(entry, "districts") if (place := pack.place(code))]
    parts += texts(entry, "languages")
    said = re.findall(r"[^\W_]+", " ".join(parts).casefold())
    times = times_of(entry)
    days = times.days if times is not None else ()
    return all(
        not word.kinds.isdisjoint(texts(entry, "services"))
        or any(one.startswith(word.forms) for one in said)
        or any(_DAY_OF.get(form) in days for form in word.forms)
        for word in words
    )


def asked_for(words: str) -> tuple[str, ...]:
    """The words that decide, as typed and each once; all of them when none would be left."""
    typed = tuple(dict.fromkeys(re.findall(r"[^\W_]+", words.replace("’", "'").casefold())))
    around = _AROUND if len(typed) >= _SENTENCE else _SMALL
    return tuple(word for word in typed if word not in around and len(word) > 1) or typed


def _forms(word: str) -> tuple[str, ...]:
    """The word, and without the s of "sits" and "Tuesdays"."""
    plain = word[:-1] if len(word) > 3 and word.endswith("s") and word[-2] != "s" else word
    return (word,) if plain == word else (word, plain)


def _kinds(word: str, pack: Pack) -> frozenset[str]:
    forms = _forms(word)
    return frozenset(row.service for row in pack.like_words if not set(forms).isdisjoint(row.words))
