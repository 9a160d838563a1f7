"""How two edits of one field meet. Pure: values in, values out; nothing is read or written.

A field holds heads: the values that no later edit has replaced. An op names the dots it replaces
(`base`); then heads' = (heads - base) + its own dot. One head is the value. Several heads with
different values are a thing to check, and the first stays in use: the register's own value.
Refuses to look at a clock, and to let any value go that nobody replaced.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from forms.change import DELETED, Head, Json
from sync.envelope import canonical

Heads = tuple[Head, ...]
_PLAIN = frozenset({str, int, bool, type(None)})


@dataclass(frozen=True, slots=True)
class Meeting:
    """What became of one field: its heads now, and what that means for people."""

    heads: Heads
    clash: bool  # a thing to check is open now
    settled: bool  # one was open, and is not any more


def same_value(one: Json, two: Json) -> bool:
    """Whether two wire values are equal: 1 and True differ, the order of keys does not count."""
    if type(one) in _PLAIN and type(two) in _PLAIN:
        return type(one) is type(two) and one == two
    return canonical(one) == canonical(two)


def clashes(heads: Sequence[Head]) -> bool:
    """Whether the heads hold different values."""
    return any(not same_value(heads[0].value, head.value) for head in heads[1:])


def meet(heads: Heads, new: Head, base: Collection[str], *, superseded: bool = False) -> Meeting:
    """One edit arrives at one field.

    `superseded`: a later op that replaces this one came first (a register put back from a copy
    hears them in any order); then it adds nothing but still removes what it replaced.
    """
    was_open = clashes(heads)
    if any(head.dot == new.dot for head in heads):
        return Meeting(heads, was_open, settled=False)  # the same op again changes nothing
    place = next((i for i, head in enumerate(heads) if head.dot in base), len(heads))
    rest = [head for head in heads if head.dot not in base]
    if not superseded:
        # an edit of the value in use stays in use; an edit made beside it queues behind it
        rest.insert(min(place, len(rest)), new)
    after = tuple(rest) or heads
    still = clashes(after)
    return Meeting(after, still, settled=was_open and not still)


def meet_birth(heads: Heads, new: Head, default: Json, born: Collection[str]) -> Meeting:
    """The same record was made on two laptops: a field left at its default says nothing.

    `born` are the dots of the ops that made the record; a default they wrote gives way.
    """
    if heads and same_value(new.value, default):
        return Meeting(heads, clashes(heads), settled=False)
    untouched = [head.dot for head in heads if head.dot in born and same_value(head.value, default)]
    return meet(heads, new, untouched)


def unseen(current: Mapping[str, Sequence[str]], base: Mapping[str, Sequence[str]]) -> list[str]:
    """Fields with a head that the deleter had not seen: the delete meets those edits."""
    return sorted(
        name
        for name, dots in current.items()
        if name != DELETED and any(dot not in base.get(name, ()) for dot in dots)
    )


def three_way(before: Json, one: Json, two: Json) -> tuple[bool, Json]:
    """(True, both edits together) when they touched different parts; (False, None) when not.

    Only answers by key and plain lists have parts; two texts or two numbers never mix.
    """
    if isinstance(before, dict) and isinstance(one, dict) and isinstance(two, dict):
        return _keys_together(before, one, two)
    if isinstance(before, list) and isinstance(one, list) and isinstance(two, list):
        return _lists_together(before, one, two)
    return False, None


_MISSING = object()


def _keys_together(
    before: dict[str, Json], one: dict[str, Json], two: dict[str, Json]
) -> tuple[bool, Json]:
    out: dict[str, Json] = {}
    for key in [
        *before,
        *(k for k in one if k not in before),
        *(k for k in two if k not in before and k not in one),
    ]:
        start, left, right = (d.get(key, _MISSING) for d in (before, one, two))
        if _equal(left, right) or _equal(right, start):
            value = left
        elif _equal(left, start):
            value = right
        else:
            return False, None
        if value is not _MISSING:
            out[key] = value
    return True, out


def _lists_together(before: list[Json], one: list[Json], two: list[Json]) -> tuple[bool, Json]:
    marks = [{canonical(item) for item in items} for items in (before, one, two)]
    if any(len(mark) != len(items) for mark, items in zip(marks, (before, one, two), strict=True)):
        return False, None  # a list that repeats itself is not a set of choices
    start, left, right = marks
    gone = (start - left) | (start - right)
    together = [item for item in one if canonical(item) not in gone]
    together += [i for i in two if canonical(i) not in gone and canonical(i) not in left]
    return True, together


def _equal(one: object, two: object) -> bool:
    if one is _MISSING or two is _MISSING:
        return one is two
    return same_value(one, two)
