"""Patterns that cannot run for ever: Python's `re` cannot be interrupted, so they are judged first.

Refused: a repeat inside a repeat, and alternatives inside a repeat. The more open repeats follow
one another, the shorter the text may be; a longer text never fits.
"""

from __future__ import annotations

import re
from functools import lru_cache

from forms.engine.xpath.errors import FormulaFault

_LONGEST = (1_000, 1_000, 1_000, 200, 60)  # letters, by how many open repeats there are
_CLASS = re.compile(r"\[\^?\]?(?:\\.|[^\]\\])*\]")
_BOUND = re.compile(r"\{(\d*)(,?)(\d*)\}")
_WORDS = "this pattern repeats a repeat, which can take for ever"


@lru_cache(maxsize=256)
def pattern_of(pattern: str) -> tuple[re.Pattern[str], int]:
    """A checked pattern and the longest text it is tried on. Raises FormulaFault."""
    try:
        compiled = re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as fault:
        raise FormulaFault(f"this pattern cannot be read: {fault}") from fault
    open_repeats = _open_repeats(pattern)
    return compiled, _LONGEST[min(open_repeats, len(_LONGEST) - 1)]


def fits(text: str, pattern: str) -> bool:
    """Whether a pattern is found in a text."""
    compiled, longest = pattern_of(pattern)
    return len(text) <= longest and compiled.search(text) is not None


def _open_repeats(pattern: str) -> int:
    """How many repeats without an end there are. Raises FormulaFault for nested ones."""
    plain = _CLASS.sub("x", re.sub(r"\\\d", "x*", pattern))  # a reference back is a repeat too
    plain = re.sub(r"\\.", "x", plain)
    groups: list[bool] = [False]  # whether each open group holds a repeat or alternatives
    count, at = 0, 0
    while at < len(plain):
        char = plain[at]
        at += 1
        if char == "(":
            groups.append(False)
        elif char == "|":
            groups[-1] = True
        elif char == ")" and len(groups) > 1:
            repeated = _repeat_at(plain, at)
            held = groups.pop()
            if held and repeated > 1:
                raise FormulaFault(_WORDS)
            groups[-1] = groups[-1] or held
        elif _repeat_at(plain, at - 1) > 1 and plain[at - 2 : at - 1] != "(":
            count += 1
            groups[-1] = True
    return count


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
