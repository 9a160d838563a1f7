"""Room in a row for what its next edits add, so that they find it on its own page.

Rows that come one after the other fill their pages to the end. An edit adds the name under which a
field stands now, and a few words: of a few rows one no longer fits then, and SQLite lays its page
and both neighbours out anew. So what comes in columns keeps blanks behind its versions, where JSON
says nothing, and later news takes of them what it adds elsewhere in the row. Refuses to give room
again to a row that has used it up, and to be needed: without it there are more pages to seal.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from forms.facts.kinds import KINDS

EACH = 5  # blanks for each field of the kind: a sixth of a long row, whatever its letters


@cache
def of(kind: str) -> str:
    """What stands behind the versions of a new row."""
    return " " * (EACH * len(KINDS[kind].specs))


def kept(versions: str, before: str, were: Iterable[object], are: Iterable[object]) -> str:
    """New versions of a row with what room is left, so that the row stays as long as it was.

    `before` are its versions until now, with their room; `were` and `are` its other values.
    """
    more = 0  # bytes of texts: numbers and empty fields hardly change theirs
    for one in are:
        if type(one) is str:
            more += len(one) if one.isascii() else len(one.encode())
    for one in were:
        if type(one) is str:
            more -= len(one) if one.isascii() else len(one.encode())
    return versions.ljust(len(before) - more)
