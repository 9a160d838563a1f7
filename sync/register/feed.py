"""What changed since a bookmark, for one person: states, what left, and the next bookmark.

One read-only snapshot. Fields a person may not see are not there, not empty. Refuses a bookmark
from another history: the chain at its place must be the chain that the laptop saw.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from forms.change import DELETED, Bookmark, RecordState
from forms.values import Role
from sync.protocol import (
    PAGE_RECORDS,
    PullAsk,
    PullReply,
    SumsAsk,
    Trouble,
    WireState,
    state_to_wire,
)
from sync.register import snapshot, sql_steps
from sync.register.errors import Troubled
from sync.register.in_columns import InColumns
from sync.register.people import ALL, EVERYBODY, Sight, private_fields, sees_fields, sight
from sync.register.rows import BESIDE, Move, Person, Row, Step
from sync.register.sql_store import Tx
from sync.register.stored import Kept

_MORE_OPS = 4  # ops looked at for one page: so many times its records


@dataclass(slots=True)
class _Wanted:
    """Records to send: which fields of each, or all."""

    fields: dict[str, frozenset[str]] = field(default_factory=dict)
    whole: set[str] = field(default_factory=set)
    left: set[str] = field(default_factory=set)


def pull(tx: Tx, person: Person, ask: PullAsk, epoch: str, now: datetime) -> PullReply:
    """One page for this person. Raises Troubled when the bookmark is not of this history."""
    fence(tx, person, ask, epoch, now)
    top, chain = tx.log.top()
    if ask.seq == top > 0 and not ask.after:  # nothing is new: the fence has looked at the rest
        now = now.replace(microsecond=0)
        return PullReply(epoch=epoch, seq=top, chain=chain, now=now)
    seen = sight(person)
    page = min(max(ask.limit, 1), PAGE_RECORDS)
    if ask.snapshot and snapshot.serves(seen) and (ask.after or not ask.seq):
        return _standing(tx, person, seen, ask, PullReply(epoch=epoch, seq=top, chain="", now=now))
    met: dict[str, Kept] = {}
    ops, upto = _ops(tx, seen, _past_echoes(tx, ask, top), top, page, met)
    wanted = _Wanted()
    echoes = _echoes(ops, ask)
    for op in ops:
        if not op.result.startswith("held") and op.record_id not in echoes:
            before = wanted.fields.get(op.record_id)
            wanted.fields[op.record_id] = op.names if before is None else before | op.names
            if op.verb == "new":
                wanted.whole.add(op.record_id)
    rows: dict[str, Row] = {}
    _moves(tx, person, seen, ask.seq, upto, wanted, rows)
    entered = tx.log.entered(seen.audiences) if _by_claim(seen) else frozenset()
    mine = tx.people.incarnations_of(person.id)
    columns = InColumns(person, mine)
    for one in sorted(_kept(tx, wanted, met), key=_order):
        if one.id in rows or one.id in wanted.left or not _visible(one, person, seen, entered):
            continue
        names = None if one.id in wanted.whole else wanted.fields[one.id]
        if not (ask.columns and columns.took(one, names)):
            rows[one.id] = one.row()
    states = [
        state_to_wire(state)
        for row in sorted(rows.values(), key=_order)
        if _visible(row, person, seen, entered)
        and (state := _state(row, person, wanted, mine)) is not None
    ]
    return PullReply(
        epoch=epoch,
        seq=upto,
        chain=chain if upto == top else tx.log.link_at(upto) or "",
        states=states,
        groups=columns.groups(),
        left=sorted(wanted.left),
        more=upto < top,
        now=now.replace(microsecond=0),
    )


def _kept(tx: Tx, wanted: _Wanted, met: dict[str, Kept]) -> list[Kept]:
    """The records that changed: most were met on the way through the log."""
    here = [met[one] for one in wanted.fields if one in met]
    if len(here) == len(wanted.fields):
        return here
    return [*here, *tx.records.kept(wanted.fields.keys() - met.keys())]


def _standing(tx: Tx, person: Person, seen: Sight, ask: PullAsk, reply: PullReply) -> PullReply:
    """One page of what stands, for a laptop that has nothing yet; `reply` is at the top."""
    mine = tx.people.incarnations_of(person.id)
    begun = ask.seq if ask.after else reply.seq  # where the first page stood

    def tell(row: Row) -> WireState | None:
        state = _state(row, person, _Wanted(whole={row.id}), mine)
        return None if state is None else state_to_wire(state)

    page = min(max(ask.limit, 1), PAGE_RECORDS)
    part = snapshot.part(tx, person, seen, ask.after, page, tell)
    if not ask.after:  # a laptop that begins again may hold cases that went meanwhile
        wanted = _Wanted()
        gone = [m for m in _last_moves(tx, seen, 0, begun) if m.way == "leave"]
        _follow_moves(tx, person, gone, wanted, {})
        reply.left = sorted(wanted.left)
    reply.groups, reply.states, reply.after = part.groups, part.states, part.after
    reply.more = bool(part.after) or begun < reply.seq
    reply.seq, reply.chain = begun, tx.log.link_at(begun) or ""
    reply.now = reply.now.replace(microsecond=0)
    return reply


def _past_echoes(tx: Tx, ask: PullAsk, top: int) -> int:
    """Where there is something to tell a laptop that has just sent: past what it wrote itself.

    What it wrote, in one piece from its bookmark on, was receipted, taken as written and stands
    alone: it would be left out of every page (`_echoes`), and is not even read.
    """
    if ask.own_too or not ask.seq:
        return ask.seq
    return tx.log.first_not_echoed(ask.seq, ask.inc, ask.acked, top) - 1


def bookmark_at_top(tx: Tx, epoch: str) -> Bookmark:
    """The newest place of the feed."""
    top, chain = tx.log.top()
    return Bookmark(epoch=epoch, seq=top, chain=chain)


def fence(tx: Tx, person: Person, ask: PullAsk | SumsAsk, epoch: str, now: datetime) -> None:
    """Raise Troubled when a bookmark, or the laptop it is on, is not of this history."""
    mine = tx.people.incarnation(ask.inc)
    if mine is None or mine.person_id != person.id:
        raise Troubled(409, Trouble(trouble="unknown_incarnation", epoch=epoch, now=now))
    if ask.epoch and ask.epoch != epoch:
        raise Troubled(409, Trouble(trouble="epoch", epoch=epoch, last=mine.last, now=now))
    if 0 <= ask.have < mine.last:
        raise Troubled(
            409, Trouble(trouble="device_regressed", epoch=epoch, last=mine.last, now=now)
        )
    if ask.acked > mine.last or (ask.seq and tx.log.link_at(ask.seq) != ask.chain):
        raise Troubled(409, Trouble(trouble="forked", epoch=epoch, last=mine.last, now=now))


def _ops(
    tx: Tx, seen: Sight, after: int, top: int, page: int, met: dict[str, Kept] | None = None
) -> tuple[list[Step], int]:
    """The ops of one page and the place it ends at; no more are read than a page is likely to take.

    A page ends before the op that would make its records too many, or after so many ops. `met` gets
    records that were met on the way.
    """
    owners = None if seen.everything or _by_claim(seen) else seen.owners
    ops: list[Step] = []
    records: set[str] = set()
    while len(ops) < page * _MORE_OPS:
        size = page + 1
        more = _steps(tx, after, top, owners, size, met)
        for op in more:
            records.add(op.record_id)
            if len(records) > page:
                return ops, ops[-1].feed_seq
            ops.append(op)
        if len(more) < size:
            return ops, top
        after = ops[-1].feed_seq
    return ops, ops[-1].feed_seq


def _steps(
    tx: Tx,
    after: int,
    top: int,
    owners: Sequence[str] | None,
    size: int,
    met: dict[str, Kept] | None,
) -> list[Step]:
    if met is None or after >= top:  # records are not asked for where nothing is to be told
        return tx.log.steps(after, top, owners, size)
    return sql_steps.steps(tx.connection, after, top, owners, size, met)  # which has them level


def _moves(
    tx: Tx,
    person: Person,
    seen: Sight,
    after: int,
    upto: int,
    wanted: _Wanted,
    rows: dict[str, Row],
) -> None:
    """Cases that came into sight are sent whole; cases that went are named."""
    _follow_moves(tx, person, _last_moves(tx, seen, after, upto), wanted, rows)


def _last_moves(tx: Tx, seen: Sight, after: int, upto: int) -> list[Move]:
    last = {m.enterprise_id: m for m in tx.log.moves(seen.audiences, after, upto)}
    return list(last.values())


def _follow_moves(
    tx: Tx, person: Person, moves: list[Move], wanted: _Wanted, rows: dict[str, Row]
) -> None:
    for move in moves:
        tree = tx.records.tree(move.enterprise_id)
        case = next((row for row in tree if row.id == move.enterprise_id), None)
        linked = str(case.fields.get("enquiry_id") or "") if case is not None else ""
        tree += list(tx.records.load([linked] if linked else []).values())
        gone = move.way == "leave" and not (case is not None and case.owner_id == person.id)
        for row in tree:
            if gone:
                wanted.left.add(row.id)
                rows.pop(row.id, None)
            else:
                wanted.whole.add(row.id)
                rows[row.id] = row


def _by_claim(seen: Sight) -> bool:
    return not seen.everything and seen.owners == (EVERYBODY,)


def _visible(row: Row | Kept, person: Person, seen: Sight, entered: frozenset[str]) -> bool:
    if seen.everything or row.owner_id in seen.owners:
        return bool(sees_fields(person.role, row.kind))
    if not sees_fields(person.role, row.kind):
        return False
    return (row.id if row.kind == "enterprise" else row.enterprise_id) in entered


def _state(row: Row, person: Person, wanted: _Wanted, mine: frozenset[int]) -> RecordState | None:
    names = _in_order(tuple(row.fields))
    if row.id not in wanted.whole:
        changed = wanted.fields.get(row.id, frozenset())
        names = tuple(n for n in names if n in changed)
    allowed, private = sees_fields(person.role, row.kind), private_fields(row.kind)
    if allowed != ALL or not private.isdisjoint(names):
        own = person.role is Role.COACH
        names = tuple(
            n
            for n in names
            if (allowed == ALL or n in allowed)
            and (n not in private or (own and _all_mine(row, n, mine)))
        )
    versions = {n: row.versions[n] for n in names if n in row.versions}
    if DELETED in row.versions:
        versions[DELETED] = row.versions[DELETED]
    clashing = {n: c for n, c in row.heads.items() if n in versions} if row.heads else {}
    return RecordState(
        kind=row.kind,
        record_id=row.id,
        fields={n: row.fields[n] for n in names},
        versions=versions,
        heads={n: c.heads for n, c in clashing.items()},
        before={n: c.before for n, c in clashing.items()},
        deleted=row.deleted,
        last_actor_id=row.last_actor_id,
        last_at=row.last_at,
    )


@lru_cache(maxsize=4096)
def _in_order(names: tuple[str, ...]) -> tuple[str, ...]:
    """Most records of a kind have the same fields: they are put in order once."""
    return tuple(sorted(names))


def _echoes(ops: list[Step], ask: PullAsk) -> set[str]:
    """Records of which these ops only say what the laptop wrote itself and was receipted.

    Nobody else may have touched the record since the bookmark: what the laptop was told before
    (another value in use, a thing to check) would otherwise stay on it.
    """
    if ask.own_too or not ask.seq:
        return set()
    own = {op.record_id for op in ops}
    for op in ops:
        stands = op.result == "ok" and op.later != BESIDE
        if op.inc != ask.inc or op.seq > ask.acked or not stands:
            own.discard(op.record_id)
    return own


def _all_mine(row: Row, name: str, mine: frozenset[int]) -> bool:
    """A coach's own note goes back to the coach who wrote it, and to nobody after them."""
    return all(int(dot.split(".")[0]) in mine for dot in row.versions.get(name, ()))


_PARENTS = {"dpia": 0, "colleague": 0, "enquiry": 1, "enterprise": 2, "seed_claim": 3}


def level(tx: Tx, person: Person, after: int) -> bool:
    """Whether nothing that concerns this person came after a place of the feed."""
    seen, (top, _) = sight(person), tx.log.top()
    ops, _ = _ops(tx, seen, after, top, 1)
    return not ops and not tx.log.moves(seen.audiences, after, top)


def everything(tx: Tx, person: Person) -> Iterator[RecordState]:
    """Every record this person may see, whole, kind by kind: a few at a time."""
    seen, mine = sight(person), tx.people.incarnations_of(person.id)
    entered = tx.log.entered(seen.audiences) if _by_claim(seen) else frozenset()
    owners = None if seen.everything or _by_claim(seen) else seen.owners
    for rows in tx.records.pages(owners, PAGE_RECORDS):
        wanted = _Wanted(whole={row.id for row in rows})
        for row in rows:
            if _visible(row, person, seen, entered):
                state = _state(row, person, wanted, mine)
                if state is not None:
                    yield state


def _order(row: Row | Kept) -> tuple[int, str]:
    """Parents before what hangs on them, so a page can be applied from the top."""
    return _PARENTS.get(row.kind, 4), row.id


def in_sight(tx: Tx, person: Person, row: Row) -> bool:
    """Whether a person may see this record at all."""
    seen = sight(person)
    entered = tx.log.entered(seen.audiences) if _by_claim(seen) else frozenset()
    return _visible(row, person, seen, entered)
