"""A first pull: the records as they stand, not the story of how they came to.

Pages go through a caseload in the order of its index while the register goes on working; they all
name the place of the feed where the first one stood, and what changed since then follows from
there. A record costs the same however long its history is. Refuses roles whose sight is by claim:
what they see is in no index, so they read the feed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sync.protocol import StateGroup, WireState
from sync.register.in_columns import InColumns
from sync.register.people import Sight, sees_fields
from sync.register.rows import Person, Row
from sync.register.sql_store import Tx
from sync.register.stored import Kept

Key = tuple[str, str]  # (owner, id): where in the order of the index


@dataclass(slots=True)
class Part:
    """One page: where the next begins, "" for the last."""

    groups: list[StateGroup]
    states: list[WireState]
    after: str


def serves(seen: Sight) -> bool:
    """Whether a sight is one that an index knows."""
    return seen.everything or (bool(seen.audiences) and len(seen.owners) > 1)


def part(
    tx: Tx,
    person: Person,
    seen: Sight,
    after: str,
    page: int,
    tell: Callable[[Row], WireState | None],
) -> Part:
    """The next records of a sight; `tell` says what a person may see of one that is not plain."""
    kept, last = _next(tx, seen, _key(after), page)
    columns = InColumns(person, tx.people.incarnations_of(person.id))
    states: list[WireState] = []
    for one in kept:
        if not sees_fields(person.role, one.kind):
            continue
        if not columns.took(one):
            told = tell(one.row())
            if told is not None:
                states.append(told)
    return Part(columns.groups(), states, _text(last) if last is not None else "")


def _next(tx: Tx, seen: Sight, after: Key, page: int) -> tuple[list[Kept], Key | None]:
    """The records of one page, and the last one's key when more may follow."""
    if seen.everything:
        kept = tx.records.kept_after(after[1], page)
        return kept, ("", kept[-1].id) if len(kept) == page else None
    found: list[Kept] = []
    for owner in sorted(seen.owners):
        if owner < after[0]:
            continue
        start = after[1] if owner == after[0] else ""
        some = tx.records.kept_after(start, page - len(found), owner)
        found += some
        if len(found) == page:
            return found, (owner, found[-1].id)
    return found, None


def _text(key: Key) -> str:
    owner, record_id = key
    return f"{len(owner)}:{owner}{record_id}"


def _key(text: str) -> Key:
    """Where to go on from; the beginning for what is not ours."""
    size, _, rest = text.partition(":")
    if not size.isdecimal() or int(size) > len(rest):
        return "", ""
    return rest[: int(size)], rest[int(size) :]
