"""Looking for an enterprise in the directory: place, service, when, how paid, and words.

The same rule for the public page, the open feed and the laptop without signal. Every condition
narrows what the others left. Refuses to rank one enterprise above another: the order is the name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import time

from forms.rules.listing import PublicEntry
from forms.rules.listing_words import MODES, PAYABLE, words_for
from forms.rules.opening_times import OpeningTimes, read_times
from forms.rules.pack import Pack

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
    fits = [entry for entry in entries if _fits(entry, wanted, pack)]
    return sorted(fits, key=lambda e: (text(e, "trading_name").casefold(), e.entry_id))


def _fits(entry: PublicEntry, wanted: Wanted, pack: Pack) -> bool:
    for name, code in (
        ("districts", wanted.place),
        ("services", wanted.service),
        ("modes", wanted.mode),
        ("payable_by", wanted.payable),
    ):
        if code and code not in texts(entry, name):
            return False
    return _fits_time(entry, wanted) and _fits_words(entry, wanted.words, pack)


def _fits_time(entry: PublicEntry, wanted: Wanted) -> bool:
    if not (wanted.day or wanted.starts or wanted.ends):
        return True
    times = times_of(entry)
    if times is None or (wanted.day and wanted.day not in times.days):
        return False
    if wanted.starts is not None and (times.opens is None or times.opens > wanted.starts):
        return False
    return wanted.ends is None or (times.closes is not None and times.closes >= wanted.ends)


def _fits_words(entry: PublicEntry, words: str, pack: Pack) -> bool:
    typed = re.findall(r"[^\W_]+", words.casefold())
    if not typed:
        return True
    labels = {choice.code: choice.label for choice in pack.service_types}
    parts = [text(entry, name) for name in _TEXTS]
    parts += [labels.get(code, code) for code in texts(entry, "services")]
    parts += [words_for(MODES, code) for code in texts(entry, "modes")]
    parts += [words_for(PAYABLE, code) for code in texts(entry, "payable_by")]
    parts += [place.name for code in texts(entry, "districts") if (place := pack.place(code))]
    parts += texts(entry, "languages")
    said = re.findall(r"[^\W_]+", " ".join(parts).casefold())
    return all(any(one.startswith(word) for one in said) for word in typed)
