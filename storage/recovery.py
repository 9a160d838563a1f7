"""The recovery sheet: 128 random bits as sixteen plain words and one word that checks them.

Words come from a list of our own (words.txt): 256 words that differ in their first four letters,
so that a shaky hand can be read. Refuses a sheet with a word too many, unknown or misread before
any key is tried, and says which word it is.
"""

from __future__ import annotations

import hashlib
import os
import re
from functools import cache
from pathlib import Path

from storage.errors import WrongPassphrase

RANDOM_BYTES = 16


@cache
def word_list() -> tuple[str, ...]:
    """The 256 words, in order."""
    text = Path(__file__).with_name("words.txt").read_text(encoding="utf-8")
    return tuple(text.split())


def fresh_sheet() -> tuple[str, ...]:
    """New recovery words. Shown once; only the slot remembers what they open."""
    return words_of(os.urandom(RANDOM_BYTES))


def words_of(entropy: bytes) -> tuple[str, ...]:
    """Entropy as words, the last one a check on the others."""
    return tuple(word_list()[byte] for byte in entropy + _check(entropy))


def secret_of(typed: str) -> str:
    """The secret that a typed sheet stands for. Raises WrongPassphrase naming the word at fault."""
    return bytes_of(typed).hex()


def bytes_of(typed: str, count: int = RANDOM_BYTES) -> bytes:
    """What a typed sheet of `count` words and a check stands for. Raises as `secret_of` does."""
    words = re.findall(r"[a-z]+", typed.lower())
    if len(words) != count + 1:
        raise WrongPassphrase(
            f"This sheet has {count + 1} words; {len(words)} were typed. "
            "Your records are safe. Check the sheet and type all of them."
        )
    places = {word[:4]: place for place, word in enumerate(word_list())}
    values = bytearray()
    for number, word in enumerate(words, start=1):
        place = places.get(word[:4])
        if place is None:
            raise WrongPassphrase(
                f"Word {number} ('{word}') is not one of the words on a recovery sheet. "
                "Your records are safe. Check that word."
            )
        values.append(place)
    entropy = bytes(values[:-1])
    if values[-1:] != _check(entropy):
        raise WrongPassphrase(
            "These words do not belong together: one of them is misread or out of order. "
            "Your records are safe. Check each word against the sheet."
        )
    return entropy


def _check(entropy: bytes) -> bytes:
    return hashlib.sha256(b"hedgerow recovery sheet" + entropy).digest()[:1]
