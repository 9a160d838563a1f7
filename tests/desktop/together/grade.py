"""The reading grade of a text, after Flesch and Kincaid, with a plain count of syllables."""

from __future__ import annotations

import re

_VOWELS = re.compile(r"[aeiouy]+")
_SILENT = re.compile(r"(?:[^laeiouy]es|[^td]ed|[^aeiouyl]e)$")


def syllables(word):
    """How many a word has; letters said one by one (HMRC, DBS) count as one word of one."""
    plain = re.sub(r"[^a-z]", "", word.lower())
    if not plain or word.isupper():
        return 1
    count = len(_VOWELS.findall(plain))
    if len(plain) > 2 and _SILENT.search(plain):
        count -= 1
    return max(1, count)


def grade(text):
    """US school grade; about five years less than the age of a reader."""
    sentences = [s for s in re.split(r"[.!?:;]+\s|[.!?]$|\n", text) if re.search("[a-zA-Z]", s)]
    words = re.findall(r"[A-Za-z][A-Za-z'’-]*", text)
    if not words or not sentences:
        return 0.0
    spoken = sum(syllables(word) for word in words)
    return 0.39 * len(words) / len(sentences) + 11.8 * spoken / len(words) - 15.59
