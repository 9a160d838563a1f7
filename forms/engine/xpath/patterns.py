"""Patterns that cannot run for ever: Python's `re` cannot be interrupted, so they are judged first.

A repeat inside a repeat, or alternatives inside one, are told by the linter, are tried on very
short texts only, and are refused when they go deeper still. The more open repeats follow one
another, the shorter the text may be; a longer text never fits.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from forms.engine.xpath.errors import FormulaFault

_LONGEST = (1_000, 1_000, 1_000, 200, 60)  # letters, by how many open repeats there are
_NESTED_LONGEST = 20
_CLASS = re.compile(r"\[\^?\]?(?:\\.|[^\]\\])*\]")
_BOUND = re.compile(r"\{(\d*)(,?)(\d*)\}")
_NAMED = re.compile(r"(?<!\\)\(\?<(?![=!])")
_WORDS = "this pattern repeats a repeat, which can take for ever"


@dataclass(frozen=True, slots=True)
class Checked:
    """A pattern, the longest text it is tried on, and whether a repeat is inside a repeat."""

    compiled: re.Pattern[str]
    longest: int
    nested: bool


@lru_cache(maxsize=256)
def pattern_of(pattern: str) -> Checked:
    """A checked pattern. Raises FormulaFault when it cannot be read or is never safe."""
    try:
        # \d, \w and \s mean what they mean in ODK's own tools: plain letters and digits
        compiled = re.compile(_NAMED.sub("(?P<", pattern), re.ASCII)
    except (re.error, OverflowError, RecursionError) as fault:
        raise FormulaFault(f"this pattern cannot be read: {fault}") from fault
    depth, count = _repeats(pattern)
    if depth > 2:
        raise FormulaFault(_WORDS)
    if depth == 2:
        return Checked(compiled, _NESTED_LONGEST, nested=True)
    return Checked(compiled, _LONGEST[min(count, len(_LONGEST) - 1)], nested=False)


def fits(text: str, pattern: str) -> bool:
    """Whether a pattern is found in a text."""
    checked = pattern_of(pattern)
    return len(text) <= checked.longest and checked.compiled.search(text) is not None


def _repeats(pattern: str) -> tuple[int, int]:
    """How deep repeats stand in one another, and how many of them have no end."""
    plain = _CLASS.sub("x", re.sub(r"\\\d", "x*", pattern))  # a reference back is a repeat too
    plain = re.sub(r"\\.", "x", plain)
    groups: list[int] = [0]  # how deep the repeats inside each open group go
    count, at = 0, 0
    while at < len(plain):
        char = plain[at]
        at += 1
        if char == "(":
            groups.append(0)
        elif char == "|":
            groups[-1] = max(groups[-1], 1)
        elif char == ")" and len(groups) > 1:
            held = groups.pop()
            held += _repeat_at(plain, at) > 1
            groups[-1] = max(groups[-1], held)
        elif _repeat_at(plain, at - 1) > 1 and plain[at - 2 : at - 1] not in {"(", ")"}:
            count += 1
            groups[-1] = max(groups[-1], 1)
    return groups[0], count


def _repeat_at(plain: str, at: int) -> float:
    """How often what stands before this place may come: 1 when nothing repeats it."""
    char = plain[at : at + 1]
    if char in {"*", "+"}:
        return float("inf")
    bound = _BOUND.match(plain, at)
    if bound is None:
        return 1
    if bound.group(2) and not bound.group(3):
        return float("inf")
    most = int(bound.group(3) or bound.group(1) or 1)
    return most if most > 20 else 1
