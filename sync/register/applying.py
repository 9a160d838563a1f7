"""An accepted op meets the record: heads move, clashes open and close. No judging here.

What may be written was decided by `accept`; how values meet is `sync.merge`. This file only
carries the heads between the two and the row. Refuses to drop a head that nobody replaced.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from forms.change import DELETED, Head, Json, Op, Verb
from forms.facts.kinds import defaults_of
from sync.merge import Heads, Meeting, clashes, meet, meet_birth, same_value, unseen
from sync.protocol import WireOp
from sync.register.rows import OpenClash, Row

_NOBODY = ("", datetime.min.replace(tzinfo=UTC))
AHEAD = timedelta(minutes=5)  # a laptop's clock may claim so much of the future
Author = Callable[[str], tuple[str, datetime]]  # dot -> who wrote it and when


@dataclass(slots=True)
class Applied:
    """What one op did to a record."""

    opened: list[str] = field(default_factory=list)  # fields with a thing to check now
    settled: int = 0


def moment_of(hlc: int, now: datetime) -> datetime:
    """When a person made the edit, as far as their clock can be believed."""
    try:
        claimed = datetime.fromtimestamp((hlc >> 16) / 1000, UTC)
    except (OverflowError, OSError, ValueError):
        return now
    return min(claimed, now + AHEAD)


def apply_op(
    row: Row,
    op: Op,
    values: Mapping[str, Json],
    now: datetime,
    author: Author,
    superseded: Callable[[str], bool] = lambda _field: False,
    *,
    own: bool = False,
) -> Applied:
    """Write accepted values into the record by the rule of heads.

    An op of the register's `own` replaces what it names: it was made over this very record.
    """
    done = Applied()
    at = moment_of(op.hlc, now)
    if op.verb is Verb.NEW:
        _birth(row, op, values, at, author, done)
    else:
        for name, value in values.items():
            base = op.base.get(name, ()) if own else seen_by(row, op, name)
            late = superseded(name)
            if not late and _replaces_all(row, name, op.dot, base):
                row.versions[name], row.fields[name] = (op.dot,), value
                continue
            new = Head(dot=op.dot, value=value, actor_id=op.actor_id, at=at)
            heads = heads_of(row, name, author, gone=() if late else base)
            after = meet(heads, new, base, superseded=late)
            _put(row, name, after, op.was.get(name), done)
    _mark(row, op, at, author, done)
    row.last_actor_id, row.last_at, row.touched = op.actor_id, at, True
    return done


def replace_all(row: Row, wire: WireOp, dot: str, at: datetime) -> None:
    """An edit that follows all that stands takes its fields, and meets nobody."""
    born = (dot,)
    for name, value in wire.fields.items():
        row.versions[name], row.fields[name] = born, value
    row.last_actor_id, row.last_at, row.touched = wire.actor, at, True


def _replaces_all(row: Row, name: str, dot: str, base: Collection[str]) -> bool:
    """Whether an edit follows all that stands: then it meets nobody, and takes the field."""
    if name == DELETED or name in row.heads:
        return False
    return all(one in base and one != dot for one in row.versions.get(name, ()))


def seen_by(row: Row, op: Op, name: str) -> tuple[str, ...]:
    """The dots that an edit replaces: those it names whose value is the one its author saw.

    A laptop and a register that both came back from old copies can give one name to two ops, and
    then somebody's base names an op that they never saw. A settlement has seen every value.
    """
    base = op.base.get(name, ())
    if not base or op.verb is not Verb.SET or name not in op.was:
        return base
    clash, was = row.heads.get(name), op.was[name]
    if clash is None:
        here = row.versions.get(name, ())
        if name == DELETED or same_value(row.fields.get(name), was):
            return base
        return tuple(dot for dot in base if dot not in here)
    other = {head.dot for head in clash.heads if not same_value(head.value, was)}
    return tuple(dot for dot in base if dot not in other)


def heads_of(row: Row, name: str, author: Author, gone: Collection[str] = ()) -> Heads:
    """Every head of a field, the one in use first.

    Who wrote a head that is about to go (`gone`) is not looked up: nobody will be shown it.
    """
    clash = row.heads.get(name)
    if clash is not None:
        return clash.heads
    value = row.deleted if name == DELETED else row.fields.get(name)
    return tuple(
        Head(dot=dot, value=value, actor_id=who, at=when)
        for dot in row.versions.get(name, ())
        for who, when in (_NOBODY if dot in gone else author(dot),)
    )


def _birth(
    row: Row, op: Op, values: Mapping[str, Json], at: datetime, author: Author, done: Applied
) -> None:
    plain = defaults_of(op.kind)
    if not row.born:
        row.fields = dict(plain) | row.fields | dict(values)
        row.versions = dict.fromkeys(row.fields, (op.dot,))
    else:
        for name, value in values.items():
            new = Head(dot=op.dot, value=value, actor_id=op.actor_id, at=at)
            heads = heads_of(row, name, author)
            _put(
                row, name, meet_birth(heads, new, plain.get(name), row.born), plain.get(name), done
            )
    row.born = (*row.born, op.dot)


def _mark(row: Row, op: Op, at: datetime, author: Author, done: Applied) -> None:
    """The delete mark: a delete meets edits its author had not seen, and edits meet a delete."""
    base = op.base.get(DELETED, ())
    if op.verb is Verb.DELETE:
        heads = heads_of(row, DELETED, author)
        kept = () if row.deleted or heads else _unseen_heads(row, op, author)
        new = Head(dot=op.dot, value=True, actor_id=op.actor_id, at=at)
        _put(row, DELETED, meet((*heads, *kept), new, base), False, done)
    elif op.verb is not Verb.SETTLE and row.versions.get(DELETED):
        heads = heads_of(row, DELETED, author)
        new = Head(dot=op.dot, value=False, actor_id=op.actor_id, at=at)
        if any(head.value for head in heads):
            _put(row, DELETED, meet(heads, new, base), False, done)


def _unseen_heads(row: Row, op: Op, author: Author) -> Heads:
    if not op.base:
        return ()  # the deleter says nothing of what they saw: taken as having seen it all
    dots = {d for name in unseen(row.versions, op.base) for d in row.versions[name]}
    dots -= {d for seen in op.base.values() for d in seen}
    return tuple(
        Head(dot=dot, value=False, actor_id=who, at=when)
        for dot in sorted(dots)
        for who, when in (author(dot),)
    )


def _put(row: Row, name: str, meeting: Meeting, before: Json, done: Applied) -> None:
    heads = meeting.heads
    if name == DELETED:
        # while a delete is open the record stays in sight
        heads = tuple(sorted(heads, key=lambda h: bool(h.value)))
    row.versions[name] = tuple(head.dot for head in heads)
    if name == DELETED:
        row.deleted = bool(heads) and all(head.value for head in heads)
    elif heads:
        row.fields[name] = heads[0].value
    if clashes(heads):
        known = row.heads.get(name)
        row.heads[name] = OpenClash(before=known.before if known else before, heads=heads)
        done.opened.append(name)
    else:
        row.heads.pop(name, None)
    done.settled += meeting.settled
