"""The topics of Help, so that the Ctrl+K box finds them by any of their words.

Refuses a second copy of the words: they are those of the Help page.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from desktop.presenters.help_words import HOW_TO, LIMITS, PROMISES, STATEMENT


@dataclass(frozen=True, slots=True)
class Topic:
    """One thing to read: where it stands on the page, its heading and its words."""

    key: str
    words: str
    text: str


def topics() -> list[Topic]:
    """Every topic, in the order of the page."""
    out = [Topic(f"how-{n}", words, text) for n, (words, text) in enumerate(HOW_TO)]
    out += [Topic(f"promise-{n}", words, text) for n, (words, text) in enumerate(PROMISES)]
    out.append(Topic("limits", "What it cannot protect against", " ".join(LIMITS)))
    out.append(Topic("accessibility", "Accessibility statement", " ".join(STATEMENT)))
    return out


def matching(typed: str) -> list[Topic]:
    """Topics in which every typed word begins a word; those whose heading does first."""
    words = re.findall(r"[\w+]+", typed.casefold())
    if not words or max(map(len, words)) < 3:
        return []
    found = [each for each in topics() if _has(f"{each.words} {each.text}", words)]
    return sorted(found, key=lambda each: not _has(each.words, words))


def _has(text: str, words: list[str]) -> bool:
    there = re.findall(r"[\w+]+", text.casefold())
    return all(any(one.startswith(word) for one in there) for word in words)
