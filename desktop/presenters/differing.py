"""Which words of a value differ from what stood there before: for marks that lead the eye.

Compares whole words, signs apart. Refuses to mark anything where no word stood before: a mark on
all of them says nothing.
"""

from __future__ import annotations

import re
from difflib import SequenceMatcher

Marked = tuple[tuple[str, bool], ...]  # pieces of the text in order, and whether they differ
MOST = 400  # pieces; beyond, comparing costs more than it tells


def marked(before: str, now: str) -> Marked:
    """`now` in pieces; joined they are `now` again."""
    if not now:
        return ()
    old, new = _pieces(before), _pieces(now)
    if not before.strip() or len(old) > MOST or len(new) > MOST:
        return ((now, False),)
    out: list[tuple[str, bool]] = []
    for verb, _, _, first, end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        text = "".join(new[first:end])
        if text:
            out.append((text, verb != "equal" and bool(text.strip())))
    if all(differs or not text.strip() for text, differs in out):
        return ((now, False),)  # nothing of it is as it was: marks on all of it say nothing
    return tuple(out)


def _pieces(text: str) -> list[str]:
    return re.findall(r"\w+|\W", text)
