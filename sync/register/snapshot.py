"""A first pull: the records as they stand, not the story of how they came to.

Pages go through a caseload in the order of its index while the register goes on working; they all
name the place of the feed where the first one stood, and what changed since then follows from
there. A record costs the same however long its history is. Plain records go from their row into
columns without being made into anything between. Refuses roles whose sight is by claim: what they
see is in no index, so they read the feed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import Any

import msgspec

from forms.values import Role
from sync.protocol import Json, StateGroup, WireState
from sync.register.people import ALL, Sight, private_fields, sees_fields
from sync.register.rows import Person, Row
from sync.register.sql_records import Kept
from sync.register.sql_store import Tx

_decode = msgspec.json.Decoder(dict[str, Any]).decode
_WHOLE = '{"*":["', '"]}'  # versions of a record whose fields all stand under one dot
Key = tuple[str, str]  # (owner, id): where in the order of the index


@dataclass(slots=True)
class _Alike:
    """Records of one kind, author and set of fields."""

    records: list[str] = field(default_factory=list)
    dots: list[tuple[int, int]] = field(default_factory=list)
    ats: list[datetime | None] = field(default_factory=list)
    rows: list[dict[str, Json]] = field(default_factory=list)


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
    mine = tx.people.incarnations_of(person.id)
    alike: dict[tuple[str, ...], _Alike] = {}
    states: list[WireState] = []
    for one in kept:
        if not sees_fields(person.role, one.kind):
            continue
        if not _plain(one, person, mine, alike):
            told = tell(one.row())
            if told is not None:
                states.append(told)
    groups = [_group(key, some) for key, some in alike.items()]
    return Part(groups, states, _text(last) if last is not None else "")


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


def _plain(
    one: Kept, person: Person, mine: frozenset[int], alike: dict[tuple[str, ...], _Alike]
) -> bool:
    """Whether a record could be told in columns, and has been."""
    begin, end = _WHOLE
    dot = one.versions[len(begin) : -len(end)]
    if (
        one.heads
        or one.deleted
        or sees_fields(person.role, one.kind) != ALL
        or not (one.versions.startswith(begin) and one.versions.endswith(end))
    ):
        return False
    inc, _, seq = dot.partition(".")
    if not (inc.isdecimal() and seq.isdecimal()):
        return False
    fields = _decode(one.body)
    private = private_fields(one.kind)
    if private and not (person.role is Role.COACH and int(inc) in mine):
        for name in private:
            fields.pop(name, None)
    if not fields:
        return False
    names = sorted(fields)
    some = alike.get(key := (one.kind, one.last_actor_id, *names))
    if some is None:
        some = alike[key] = _Alike()
    some.records.append(one.id)
    some.dots.append((int(inc), int(seq)))
    some.ats.append(datetime.fromisoformat(one.last_at) if one.last_at else None)
    some.rows.append(fields)
    return True


def _group(key: tuple[str, ...], some: _Alike) -> StateGroup:
    kind, actor, *names = key
    return StateGroup(
        kind=kind,
        actor=actor,
        records=some.records,
        incs=_steps(inc for inc, _ in some.dots),
        seqs=_steps(seq for _, seq in some.dots),
        ats=some.ats,
        fields={name: [row[name] for row in some.rows] for name in names},
    )


def _steps(numbers: Iterable[int]) -> list[int]:
    return [after - before for before, after in pairwise((0, *numbers))]


def _text(key: Key) -> str:
    owner, record_id = key
    return f"{len(owner)}:{owner}{record_id}"


def _key(text: str) -> Key:
    """Where to go on from; the beginning for what is not ours."""
    size, _, rest = text.partition(":")
    if not size.isdecimal() or int(size) > len(rest):
        return "", ""
    return rest[: int(size)], rest[int(size) :]
