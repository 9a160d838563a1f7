"""The log of ops in SQL: gapless, in the order of commit, chained; and who may see what since when.

`append` takes the counter row, so it comes last in a transaction: from there to the commit nothing
slow happens, and a reader that sees op n sees every op before it. Refuses to change an op.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import fields as dataclass_fields
from datetime import datetime
from functools import lru_cache
from typing import Any

import msgspec
from sqlalchemy import (
    Connection,
    Select,
    bindparam,
    case,
    func,
    insert,
    literal_column,
    or_,
    select,
    update,
)
from sqlalchemy.sql.elements import ColumnElement

from forms.change import DELETED, Json, Op
from sync.envelope import canonical
from sync.protocol import WireOp, op_from_wire
from sync.register import sql_steps
from sync.register.rows import BESIDE, ERASED, LET_GO, Arrived, Entry, Logged, Move, Step
from sync.register.sql_many import among, insert_many
from sync.register.sql_said import Said, is_among, listed
from sync.register.tables import feed, op, scope_log
from sync.signing import hash_of

GENESIS = "genesis"
_STILL = ("", "held", "quarantine")  # what has not been looked at, or released, yet
_DOT = re.compile(r"[0-9]{1,10}\.[0-9]{1,16}")  # what an op can be called
_MAX_HLC = 1 << 62  # a clock that claims more is nobody's
_decode_op = msgspec.json.Decoder(WireOp).decode
_decode_names = msgspec.json.Decoder(tuple[str, ...]).decode
_LOGGED = (
    op.c.feed_seq,
    op.c.inc,
    op.c.seq,
    op.c.verb,
    op.c.kind,
    op.c.record_id,
    op.c.names,
    op.c.hash,
    op.c.result,
    op.c.words,
    op.c.actor_id,
    op.c.later,
    op.c.chain,
)
_TOP = Said(select(feed.c.n, feed.c.chain))
_LINK = Said(select(op.c.chain).where(op.c.feed_seq == bindparam("place")))
_TAKE = Said(update(feed).values(n=feed.c.n + bindparam("more")).returning(feed.c.n, feed.c.chain))
_CHAIN = Said(update(feed).values(chain=bindparam("newest")))
_HELD: ColumnElement[str] = literal_column(
    "'held'"
)  # said, not bound: or the index over such ops is not seen
_ANY_WAITS = Said(select(op.c.feed_seq).where(op.c.later == _HELD).limit(1))
_HERE = op.c.feed_seq > bindparam("after"), op.c.feed_seq <= bindparam("upto")
_NOT_ECHOED = Said(
    select(op.c.feed_seq)
    .where(
        *_HERE,
        or_(
            op.c.inc != bindparam("inc"),
            op.c.seq > bindparam("acked"),
            op.c.result != "ok",
            op.c.later == BESIDE,
        ),
    )
    .order_by(op.c.feed_seq)
    .limit(1)
)


def _moves_of(dialect: str) -> Select[Any]:
    place = scope_log.c.feed_seq
    between = place > bindparam("after"), place <= bindparam("upto")
    some = is_among(dialect, scope_log.c.audience)
    return select(*_MOVE).where(some, *between).order_by(scope_log.c.feed_seq)


_MOVE_NAMES = tuple(f.name for f in dataclass_fields(Move))
_MOVE = tuple(scope_log.c[name] for name in _MOVE_NAMES)
_MOVES = Said(_moves_of)


def arrived(wire: WireOp) -> Arrived:
    """An op with its hash and its text as the log keeps it: one text for one op."""
    body = canonical(wire)
    return Arrived(wire, hash_of(body), body.decode())


def value_hash(value: Json) -> str:
    """What tells two values of a field apart."""
    return hashlib.blake2b(canonical(value), digest_size=8).hexdigest()


def link(chain: str, dot: str, hashed: str, result: str) -> str:
    """The next link of the chain: it names everything that came before it.

    By a hash that PostgreSQL has too: there the server ties what few ops bring (`sql_tail`).
    """
    return hashlib.sha256((chain + tail(dot, hashed, result)).encode()).hexdigest()[:32]


def earlier_link(chain: str, dot: str, hashed: str, result: str) -> str:
    """The next link as it was tied before 2026-11-27: a log may begin with such ones."""
    text = chain + tail(dot, hashed, result)
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def tail(dot: str, hashed: str, result: str) -> str:
    """What a link says beside the one before it."""
    return f"|{dot}|{hashed}|{result}"


@dataclass(frozen=True, slots=True, kw_only=True)
class FullOp:
    """One op of the log with its words, for whoever checks the log."""

    feed_seq: int
    inc: int
    seq: int
    actor_id: str
    verb: str
    kind: str
    record_id: str
    names: str
    hash: str
    body: str
    result: str
    chain: str


_FULL = tuple(op.c[f.name] for f in dataclass_fields(FullOp))


@dataclass(frozen=True, slots=True)
class Came:
    """What came from one device: how many ops, when the newest, how many still wait."""

    count: int
    last_at: str
    held: int


@dataclass(frozen=True, slots=True)
class NotTaken:
    """One op that was refused, taken in part or held."""

    at: str
    kind: str
    record_id: str
    result: str
    words: str


def names_of(fields: Mapping[str, Json], verb: str) -> str:
    """The fields that an op speaks of, as the log keeps them."""
    return _names(tuple(fields), verb)


@lru_cache(maxsize=1024)
def _names(fields: tuple[str, ...], verb: str) -> str:
    names = sorted({*fields, DELETED} if verb == "delete" else fields)
    return canonical(names).decode()


class LogTable:
    """Ops in the order of their commit. Binds every value."""

    def __init__(self, connection: Connection) -> None:
        self._c = connection

    def top(self) -> tuple[int, str]:
        """The newest place in the feed and its link."""
        ((top, chain),) = _TOP.rows(self._c)
        return int(top), str(chain)

    def link_at(self, feed_seq: int) -> str | None:
        """The link at a place, or None if the feed never got there."""
        if feed_seq == 0:
            return GENESIS
        found = _LINK.one(self._c, place=feed_seq)
        return None if found is None else str(found[0])

    def append(self, entries: Sequence[Entry]) -> tuple[int, str]:
        """Take the counter, the last lock, and write the entries with their places and links.

        Returns the newest place and its link.
        """
        if not entries:
            return self.top()
        ((top, chain),) = _TAKE.rows(self._c, more=len(entries))
        links = Links(int(top) - len(entries), chain)
        insert_many(self._c, op, links.rows(entries))
        _CHAIN.changed(self._c, newest=links.chain)
        return int(top), links.chain

    def of(self, inc: int, first: int, last: int) -> dict[int, Logged]:
        """Ops of one incarnation by their number."""
        query = select(*_LOGGED).where(op.c.inc == inc, op.c.seq.between(first, last))
        return {found.seq: found for found in self._logged(query)}

    def between(self, after: int, limit: int) -> list[Logged]:
        """The next ops of the feed after a place."""
        query = select(*_LOGGED).where(op.c.feed_seq > after).order_by(op.c.feed_seq).limit(limit)
        return self._logged(query)

    def full(self, after: int, limit: int) -> list[FullOp]:
        """The next ops with their words."""
        query = select(*_FULL).where(op.c.feed_seq > after).order_by(op.c.feed_seq).limit(limit)
        return [FullOp(**found) for found in self._c.execute(query).mappings()]

    def steps(self, after: int, top: int, owners: Sequence[str] | None, limit: int) -> list[Step]:
        """The next ops of the feed up to the top: see `sql_steps.steps`."""
        return sql_steps.steps(self._c, after, top, owners, limit)

    def first_not_echoed(self, after: int, inc: int, acked: int, top: int) -> int:
        """The first place after one that is not of this incarnation, receipted, plain and alone.

        One past the top when there is none.
        """
        at = {"after": after, "upto": top, "inc": inc, "acked": acked}
        found = _NOT_ECHOED.one(self._c, **at)
        return top + 1 if found is None else int(found[0])

    def authors(self, dots: Iterable[str]) -> dict[str, tuple[str, int]]:
        """(actor, hybrid clock) of ops by dot."""
        wanted: dict[int, list[int]] = {}
        for dot in set(dots):
            if _DOT.fullmatch(dot):  # nobody wrote under any other
                inc, seq = dot.split(".")
                wanted.setdefault(int(inc), []).append(int(seq))
        out: dict[str, tuple[str, int]] = {}
        for incarnation, seqs in sorted(wanted.items()):
            query = select(op.c.seq, op.c.actor_id, op.c.hlc).where(
                op.c.inc == incarnation, among(self._c, op.c.seq, sorted(seqs))
            )
            for seq, actor_id, hlc in self._c.execute(query):
                out[f"{incarnation}.{seq}"] = (actor_id, int(hlc))
        return out

    def was(self, dot: str) -> dict[str, Json]:
        """The values that the author of an op saw before it, as far as they are kept."""
        if not _DOT.fullmatch(dot):
            return {}
        inc, seq = dot.split(".")
        body = self._c.execute(
            select(op.c.body).where(op.c.inc == int(inc), op.c.seq == int(seq))
        ).scalar()
        return _decode_op(body).was if body else {}

    def knows(self, dot: str) -> bool:
        """Whether an op of this name is in the log."""
        return bool(self.authors([dot]))

    def held(self, record_id: str) -> list[tuple[int, Op]]:
        """Ops that wait for this record, in the order they came."""
        rows = self._c.execute(
            select(op.c.feed_seq, op.c.inc, op.c.body)
            .where(op.c.record_id == record_id, op.c.later == "held")
            .order_by(op.c.feed_seq)
        )
        return [
            (int(r.feed_seq), op_from_wire(int(r.inc), _decode_op(r.body))) for r in rows if r.body
        ]

    def held_births(self) -> dict[str, list[tuple[int, Op]]]:
        """Records that wait for their case, by the case, in the order they came: nearly none."""
        rows = self._c.execute(
            select(op.c.feed_seq, op.c.inc, op.c.body)
            .where(op.c.later == "held", op.c.verb == "new")
            .order_by(op.c.feed_seq)
        )
        out: dict[str, list[tuple[int, Op]]] = {}
        for found in rows:
            if found.body:
                held = op_from_wire(int(found.inc), _decode_op(found.body))
                case = str(held.fields.get("enterprise_id") or "")
                out.setdefault(case, []).append((int(found.feed_seq), held))
        return out

    def later_as(self, later: str) -> list[tuple[int, Op, datetime]]:
        """(place, op, when it came) of the ops that are marked so, in the order they came."""
        rows = self._c.execute(
            select(op.c.feed_seq, op.c.inc, op.c.body, op.c.received_at)
            .where(op.c.later == later)
            .order_by(op.c.feed_seq)
        )
        return [
            (
                int(r.feed_seq),
                op_from_wire(int(r.inc), _decode_op(r.body)),
                datetime.fromisoformat(r.received_at),
            )
            for r in rows
            if r.body
        ]

    def waited_for(self) -> set[str]:
        """The records with ops that wait for them or for their case: nearly always none."""
        if _ANY_WAITS.one(self._c) is None:
            return set()
        return set(self._c.execute(select(op.c.record_id).where(op.c.later == "held")).scalars())

    def came_from(self, numbers: Collection[int]) -> Came:
        """How much came under these numbers, and when the newest."""
        held = case((op.c.result.like("held%") & op.c.later.in_(_STILL), 1), else_=0)
        query = select(
            func.count(), func.coalesce(func.max(op.c.received_at), ""), func.sum(held)
        ).where(op.c.inc.in_(sorted(numbers)))
        count, last, kept = self._c.execute(query).one()
        return Came(count=int(count), last_at=str(last), held=int(kept or 0))

    def made_by(self, numbers: Collection[int], kind: str) -> list[str]:
        """Records of a kind that were made under these numbers."""
        query = select(op.c.record_id).where(
            op.c.inc.in_(sorted(numbers)), op.c.kind == kind, op.c.verb == "new"
        )
        return list(self._c.execute(query).scalars())

    def not_taken(self, numbers: Collection[int], limit: int) -> list[NotTaken]:
        """What was not taken as it was written, newest first."""
        query = (
            select(op.c.received_at, op.c.kind, op.c.record_id, op.c.result, op.c.words)
            .where(op.c.inc.in_(sorted(numbers)), op.c.result.not_in(("ok", "clash")))
            .order_by(op.c.feed_seq.desc())
            .limit(limit)
        )
        return [NotTaken(*found) for found in self._c.execute(query)]

    def let_go(self, feed_seq: int, later: str, *, erase: bool = False) -> None:
        """A held op waits no longer; the log keeps what it was first told, and its words or not."""
        values = {"later": later} | ({"body": ""} if erase else {})
        self._c.execute(update(op).where(op.c.feed_seq == feed_seq).values(values))

    def with_bodies(self, record_ids: Sequence[str]) -> set[str]:
        """Which of these records have ops whose words are still here."""
        some = among(self._c, op.c.record_id, sorted(record_ids))
        query = select(op.c.record_id).where(some, op.c.body != "").distinct()
        return set(self._c.execute(query).scalars())

    def erase_bodies(self, record_ids: Sequence[str]) -> int:
        """Take the words out of old ops; names, hashes and chain stay, so the log still adds up."""
        some = among(self._c, op.c.record_id, sorted(record_ids))
        waits = op.c.later.in_(("held", "quarantine"))  # without words there is nothing to wait for
        values = {"body": "", "later": case((waits, ERASED), else_=op.c.later)}
        values["words"] = case((waits, LET_GO), else_=op.c.words)
        return self._c.execute(update(op).where(some, op.c.body != "").values(values)).rowcount

    def note_move(self, move: Move) -> None:
        """An enterprise enters or leaves what an audience sees."""
        self._c.execute(
            insert(scope_log).values(
                feed_seq=move.feed_seq,
                enterprise_id=move.enterprise_id,
                audience=move.audience,
                way=move.way,
            )
        )

    def moves(self, audiences: Sequence[str], after: int, upto: int) -> list[Move]:
        """Moves between two places, in order."""
        found = _MOVES.rows(self._c, some=listed(self._c, audiences), after=after, upto=upto)
        return [Move(**dict(zip(_MOVE_NAMES, one, strict=True))) for one in found]

    def left_at(self, enterprise_id: str, audience: str) -> datetime | None:
        """When an enterprise last left what an audience sees, or None."""
        found = self._c.execute(
            select(op.c.received_at)
            .join(scope_log, scope_log.c.feed_seq == op.c.feed_seq)
            .where(
                scope_log.c.audience == audience,
                scope_log.c.enterprise_id == enterprise_id,
                scope_log.c.way == "leave",
            )
            .order_by(op.c.feed_seq.desc())
            .limit(1)
        ).scalar()
        return None if found is None else datetime.fromisoformat(found)

    def entered(self, audiences: Sequence[str]) -> frozenset[str]:
        """Enterprises that an audience has ever been let see (roles that never leave)."""
        rows = self._c.execute(
            select(scope_log.c.enterprise_id)
            .where(scope_log.c.audience.in_(audiences), scope_log.c.way == "enter")
            .distinct()
        )
        return frozenset(rows.scalars().all())

    def _logged(self, query: Select[Any]) -> list[Logged]:
        out = []
        for found in self._c.execute(query):
            values = list(found)
            values[6] = _decode_names(values[6])  # the names: see _LOGGED
            out.append(Logged(*values))
        return out


_text = lru_cache(maxsize=8)(datetime.isoformat)  # a batch came at one moment


@dataclass(slots=True)
class Links:
    """The end of the chain, as ops are given their places and links."""

    place: int
    chain: str

    def rows(
        self, entries: Iterable[Entry], said: Sequence[tuple[Any, ...]] = ()
    ) -> Iterator[tuple[Any, ...]]:
        """Each op as its columns, in the order of the table; `said` is what `op_said` says."""
        for entry, own in zip(entries, said or map(op_said, entries), strict=True):
            tied = self.tie(entry)
            yield (entry.feed_seq, *own, tied)

    def tie(self, entry: Entry) -> str:
        """Give an op its place; its link."""
        self.place += 1
        entry.feed_seq = self.place
        self.chain = link(self.chain, entry.dot, entry.hash, entry.result)
        return self.chain


def op_said(entry: Entry) -> tuple[Any, ...]:
    """An op as its columns, in the order of the table, without its place and its link."""
    one, verb = entry.wire, entry.wire.verb.value
    return (
        entry.inc,
        one.seq,
        one.hlc if 0 <= one.hlc <= _MAX_HLC else min(max(one.hlc, 0), _MAX_HLC),
        _text(entry.received_at),
        one.actor,
        verb,
        one.kind,
        one.record,
        names_of(one.fields, verb),
        entry.hash,
        entry.body,
        entry.result,
        entry.words,
        entry.later,
    )
