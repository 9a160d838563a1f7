"""Outbox and journal in one table: an op waits here until the register has it, and stays.

Kept after acknowledgement, because a register put back to an older day asks for them again.
Refuses to change what an op says; only its receipt is added, and its number while it is unsent.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import msgspec

from forms.change import Op, Verb
from storage import meta as m
from storage.alike import alike
from storage.columns import NOT_TAKEN, quick
from storage.database import Database
from storage.errors import VaultBug, VaultDamaged
from storage.hearing import Tell, counted, nobody
from storage.late_receipts import UNSENT
from storage.meta import Meta
from storage.rows import as_text

_COLUMNS = "inc, seq, hlc, at, actor_id, verb, kind, record_id, fields, base, was, note, schema_no"
_INSERT = (
    f"INSERT INTO outbox({_COLUMNS}, result, words) "  # noqa: S608 - column names are ours
    "VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,'','')"
)
# The order of writing: incarnations are drawn, so their numbers say nothing about before and after.
_WRITTEN = "hlc, inc, seq"
_RUNS_SINCE = 20  # the step that made `taken_run`


_VERBS = {verb.value: verb for verb in Verb}
_decode = msgspec.json.Decoder(dict[str, Any]).decode
_decode_base = msgspec.json.Decoder(dict[str, tuple[str, ...]]).decode


class Numbers:
    """The next dot and the next hybrid clock value of this laptop; saved with the ops they name."""

    def __init__(self, meta: Meta, at: datetime) -> None:
        self._meta = meta
        known = meta.texts(m.INCARNATION, m.NEXT_SEQ, m.HLC)
        self.incarnation = int(known.get(m.INCARNATION, 0))
        self._seq = int(known.get(m.NEXT_SEQ, 1))
        self._hlc = int(known.get(m.HLC, 0))
        self._wall = int(at.timestamp() * 1000) << 16

    def take(self) -> tuple[int, int, int]:
        """(incarnation, seq, hlc) for one op."""
        seq = self._seq
        self._seq += 1
        self._hlc = max(self._wall, self._hlc + 1)
        return self.incarnation, seq, self._hlc

    def save(self, at: datetime) -> None:
        """Put the counters back, inside the transaction that writes the ops: all was saved then."""
        self._meta.put_all({m.NEXT_SEQ: self._seq, m.HLC: self._hlc, m.LAST_SAVED: m.stamp(at)})


def write(db: Database, ops: Iterable[Op], at: datetime) -> None:
    """Add ops, inside the transaction that writes their records."""
    when = m.stamp(at)
    db.do_many(
        _INSERT,
        [
            (
                op.inc,
                op.seq,
                op.hlc,
                when,
                op.actor_id,
                op.verb.value,
                op.kind,
                op.record_id,
                quick(op.fields),
                quick(op.base),
                quick(op.was),
                op.note,
                op.schema,
            )
            for op in ops
        ],
    )


def unsent(db: Database, limit: int, skip: int = 0) -> Sequence[Op]:
    """The oldest ops without a receipt, in the order they were written, after so many of them."""
    where = f"WHERE {_waiting(db)} ORDER BY {_WRITTEN} LIMIT ? OFFSET ?"
    rows = db.rows(f"SELECT {_COLUMNS} FROM outbox {where}", (limit, skip))  # noqa: S608
    return alike(rows) or [_op(row) for row in rows]


def unsent_of(db: Database, record_ids: Sequence[str]) -> list[Op]:
    """Ops without a receipt on these records, oldest first."""
    return _ops(
        db,
        # else by the index of all ops, and each that has its receipt is read for nothing
        "INDEXED BY outbox_unsent_record WHERE acked_at IS NULL "  # noqa: S608
        "AND record_id IN (SELECT value FROM json_each(?)) "
        f"ORDER BY {_WRITTEN}",
        (as_text(list(record_ids)),),
    )


def named(db: Database, incarnation: int, seqs: Sequence[int]) -> dict[int, Op]:
    """Ops of one incarnation by their seq."""
    found = _ops(
        db,
        "WHERE inc = ? AND seq IN (SELECT value FROM json_each(?))",
        (incarnation, as_text(list(seqs))),
    )
    return {op.seq: op for op in found}


def receipted(db: Database, incarnation: int, after: int, limit: int, but: str) -> list[Op]:
    """The next ops of one incarnation with a receipt, except some: `but` is a condition in SQL."""
    return _ops(
        db,
        f"WHERE inc = ? AND seq > ? AND acked_at IS NOT NULL AND NOT ({but}) ORDER BY seq LIMIT ?",
        (incarnation, after, limit),
    )


def journal(db: Database) -> list[Op]:
    """Every op ever written here, in order."""
    return _ops(db, f"ORDER BY {_WRITTEN}", ())


def numbers(db: Database, tell: Tell = nobody) -> frozenset[tuple[int, int]]:
    """(incarnation, seq) of every op ever written here."""
    there = int(db.row("SELECT count(*) FROM outbox")[0])
    found = db.each("SELECT inc, seq FROM outbox")
    return frozenset(counted(found, tell, "Changes in the copy", there))


def as_far_as_it_goes(
    db: Database, known: Collection[tuple[int, int]] = (), tell: Tell = nobody
) -> list[Op]:
    """The journal of a damaged file: the ops before the first that cannot be read, in order.

    What comes after a gap would build on what is lost, and the register refuses gaps. Those that
    are `known` elsewhere, by (incarnation, seq), are left out: they leave no gap.
    """
    found: list[Op] = []
    whole = db.each(f"SELECT {_COLUMNS} FROM outbox ORDER BY inc, seq")  # noqa: S608
    told = counted(whole, tell, "Changes looked through", 0)
    with suppress(VaultDamaged, VaultBug, ValueError):  # what is found is what there is
        found.extend(_op(row) for row in told if (row[0], row[1]) not in known)
    return sorted(found, key=lambda op: (op.hlc, op.inc, op.seq))


def told_of(db: Database, record_ids: Iterable[str]) -> frozenset[tuple[int, str]]:
    """(clock value, record) of every op on these records: what they are named by anywhere."""
    found = db.rows(
        "SELECT hlc, record_id FROM outbox WHERE record_id IN (SELECT value FROM json_each(?))",
        (as_text(sorted(set(record_ids))),),
    )
    return frozenset((int(hlc), str(one)) for hlc, one in found)


def unsent_count(db: Database) -> int:
    """How many ops have no receipt."""
    return int(db.row(f"SELECT count(*) FROM outbox WHERE {_waiting(db)}")[0])  # noqa: S608


def newest(db: Database) -> dict[int, int]:
    """Every incarnation that ops were written under -> its last seq."""
    # From one to the next by the key: a journal of years is not gone through for it.
    return dict(
        db.rows(
            "WITH RECURSIVE one(inc) AS (SELECT min(inc) FROM outbox UNION ALL "
            "SELECT (SELECT min(inc) FROM outbox WHERE inc > one.inc) FROM one "
            "WHERE one.inc IS NOT NULL) "
            "SELECT inc, (SELECT max(seq) FROM outbox WHERE outbox.inc = one.inc) "
            "FROM one WHERE inc IS NOT NULL ORDER BY inc"
        )
    )


def oldest_unsent_at(db: Database) -> datetime | None:
    """When the oldest op without a receipt was written."""
    return m.unstamp(db.row(f"SELECT min(at) FROM outbox WHERE {_waiting(db)}")[0])  # noqa: S608


def _waiting(db: Database) -> str:
    """What has no receipt. A vault opened for looking, as an older version left it, has no runs."""
    older = db.read_only and db.schema() < _RUNS_SINCE
    return "acked_at IS NULL" if older else UNSENT


@dataclass(frozen=True, slots=True)
class NotTaken:
    """An op that the register did not take as it was, or holds until something else arrives."""

    op: Op
    result: str  # refused:... | partly:... | held:...
    words: str


def not_taken(db: Database, limit: int) -> list[NotTaken]:
    """What the register refused or holds, newest first: its author's list of things to look at."""
    found = db.rows(
        f"SELECT {_COLUMNS}, result, words FROM outbox WHERE {NOT_TAKEN} "  # noqa: S608
        "ORDER BY hlc DESC, inc DESC, seq DESC LIMIT ?",
        (limit,),
    )
    return [NotTaken(_op(row[:-2]), row[-2], row[-1]) for row in found]


def moment_of(op: Op) -> datetime:
    """When an op was written, by this laptop's clock: for people, never for order."""
    return datetime.fromtimestamp((op.hlc >> 16) / 1000, UTC)


def _ops(db: Database, where: str, values: Sequence[Any]) -> list[Op]:
    sql = f"SELECT {_COLUMNS} FROM outbox {where}"  # noqa: S608 - both are constants of this module
    return [_op(row) for row in db.rows(sql, values)]


def _op(row: Sequence[Any]) -> Op:
    inc, seq, hlc, _, actor_id, verb, kind, record_id, fields, base, was, note, schema = row
    return Op(
        inc=inc,
        seq=seq,
        hlc=hlc,
        actor_id=actor_id,
        verb=_VERBS.get(verb) or Verb(verb),
        kind=kind,
        record_id=record_id,
        fields=_decode(fields),
        base=_decode_base(base),
        was=_decode(was),
        note=note,
        schema=schema,
    )
