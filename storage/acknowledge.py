"""Receipts: the register has an op in its log, and says what became of it.

What it took stays as the person typed it. What it did not take goes back to the register's value,
with a word in the trail. Refuses to clear an op without a receipt, and to lose a newer edit of the
same field that is still unsent.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from operator import attrgetter

from forms.change import DELETED, Ack, Changes, Json, Op, TakenRuns, Verb
from forms.facts.kinds import KINDS, fields_of
from storage import clashes, erase, forgotten, late_receipts, leave, outbox, rows, shadow, trail
from storage import meta as m
from storage.absorb import Pending, pending_in
from storage.books import Books
from storage.database import Database
from storage.meta import Meta, stamp
from storage.rows import Stored, as_text
from storage.shadow import Shadow
from storage.trail import TrailEntry

_CHUNK = 1000
_SETTLED = ("ok", "partly", "refused")  # not what is held, or has become a thing to check
# What makes an op that was taken as it was written a matter of judgement all the same.
_ANY = "SELECT EXISTS(SELECT 1 FROM shadow) OR EXISTS(SELECT 1 FROM leaving)"
_MARK = "UPDATE outbox SET acked_at = coalesce(acked_at, ?)"
_SAID = (  # an op that was emptied with a person's words stays so, whatever becomes of the rest
    "result = CASE result WHEN 'erased' THEN result ELSE ? END, "
    "words = CASE result WHEN 'erased' THEN '' ELSE ? END"
)
_number = attrgetter("seq")
Place = tuple[str, str]  # (record id, field)


def acknowledge(db: Database, incarnation: int, acks: Sequence[Ack], at: datetime) -> Changes:
    """Store receipts, inside the caller's transaction."""
    books = Books(db, at)
    if _as_runs(db, incarnation, acks, at):
        return books.changes()
    taken = _taken(db, incarnation, acks)
    for start in range(0, len(acks), _CHUNK):
        _chunk(books, incarnation, acks[start : start + _CHUNK])
    books.write()
    forgotten.follow(db, taken)
    erase.after_refusal(books, _not_taken(db, incarnation, acks))
    return books.changes()


def _as_runs(db: Database, incarnation: int, acks: Sequence[Ack], at: datetime) -> bool:
    """Whether nothing is to be said but "taken", and the ops are marked afterwards.

    Not of kinds whose words go one day: whether they go now is asked at once.
    """
    runs, rest = _in_runs(acks)
    if rest or db.row(_ANY)[0]:
        return False
    return late_receipts.keep(db, incarnation, runs, at, but=f"kind IN ({forgotten.NAMED})")


def _not_taken(db: Database, incarnation: int, acks: Sequence[Ack]) -> list[tuple[str, str]]:
    """(kind, id) of the records of which something was refused, or waits for what was refused."""
    words = ("refused", "partly", "held")
    amiss = [ack.seq for ack in acks if ack.result.partition(":")[0] in words]
    if not amiss:
        return []
    found = db.rows(
        "SELECT DISTINCT kind, record_id FROM outbox WHERE inc = ? "
        "AND seq IN (SELECT value FROM json_each(?))",
        (incarnation, as_text(amiss)),
    )
    return [(kind, one) for kind, one in found if kind in KINDS]


def _taken(db: Database, incarnation: int, acks: Sequence[Ack]) -> list[tuple[str, str]]:
    """(kind, id) of the records of which the register says what it has: taken, or given back.

    Of kinds whose words go one day. The register does not tell a laptop what it wrote itself.
    """
    settled = [ack.seq for ack in acks if ack.result.partition(":")[0] in _SETTLED]
    found = db.rows(
        "SELECT DISTINCT kind, record_id FROM outbox WHERE inc = ? "  # noqa: S608 - constants
        f"AND seq IN (SELECT value FROM json_each(?)) AND kind IN ({forgotten.NAMED})",
        (incarnation, as_text(settled)),
    )
    return [(kind, one) for kind, one in found]


def refused_fields(op: Op, result: str) -> set[str]:
    """Which fields of an op the register did not take."""
    word, _, rest = result.partition(":")
    names = set(op.fields) if op.verb is not Verb.DELETE else {DELETED}
    if word == "refused":
        return names
    if word == "partly":
        return names & {name.strip() for name in rest.split(",")}
    return set()


def _chunk(books: Books, incarnation: int, acks: Sequence[Ack]) -> None:
    db = books.db
    judged = _to_judge(db, incarnation, acks)
    if not judged:
        _mark(db, incarnation, acks, books.at)
        return
    fresh = _news(db, incarnation, [ack for ack in acks if ack.seq in judged])
    _mark(db, incarnation, acks, books.at)
    ops = outbox.named(db, incarnation, list(judged))
    ids = list({op.record_id for op in ops.values()})
    # A field that a newer op writes, unsent or later in this very batch, is judged by that one.
    newest = pending_in(ops[seq] for seq in sorted(ops))
    newest |= pending_in(outbox.unsent_of(db, ids))
    reply = _Reply(books, newest, shadow.of_records(db, ids), _bookmark_seq(db))
    for ack in sorted(acks, key=_number):
        if ack.seq in ops and ack.seq in fresh:
            reply.judge(ops[ack.seq], ack)
    books.write()
    books.records.clear()
    books.entries.clear()
    leave.leave_if_sent(books, ids)


def _to_judge(db: Database, incarnation: int, acks: Sequence[Ack]) -> set[int]:
    """The ops that a receipt says more of than "taken", and the rest of their records' ops.

    An op that was taken as it was written changes nothing here, unless the register told another
    value of one of its fields meanwhile, or its record waits to leave.
    """
    amiss = [ack.seq for ack in acks if ack.result not in ("ok", "clash")]
    if not amiss and not db.row(_ANY)[0]:
        return set()
    return {
        row[0]
        for row in db.rows(
            "SELECT seq FROM outbox WHERE inc = ?1 AND seq IN (SELECT value FROM json_each(?2)) "
            "AND result <> 'erased' "
            "AND record_id IN (SELECT record_id FROM outbox WHERE inc = ?1 "
            "AND seq IN (SELECT value FROM json_each(?3)) "
            "UNION SELECT record_id FROM shadow UNION SELECT record_id FROM leaving)",
            (incarnation, as_text([ack.seq for ack in acks]), as_text(amiss)),
        )
    }


def _news(db: Database, incarnation: int, acks: Sequence[Ack]) -> set[int]:
    """The seqs of which another result is known so far, or none."""
    known = dict(
        db.rows(
            "SELECT seq, result FROM outbox WHERE inc = ? AND acked_at IS NOT NULL "
            "AND seq IN (SELECT value FROM json_each(?))",
            (incarnation, as_text([ack.seq for ack in acks])),
        )
    )
    return {ack.seq for ack in acks if known.get(ack.seq) != ack.result}


def _mark(db: Database, incarnation: int, acks: Sequence[Ack], at: datetime) -> None:
    """Write the receipts that are news: one statement for a row of ops taken as written."""
    runs, rest = _in_runs(acks)
    when = stamp(at)
    db.do_many(
        late_receipts.MARK,
        [(when, ahead, incarnation, first, last) for first, last, ahead in runs],
    )
    db.do_many(
        f"{_MARK}, feed_seq = ?, {_SAID} "
        "WHERE inc = ? AND seq = ? AND (acked_at IS NULL OR result <> ?)",
        [
            (when, ack.feed_seq, ack.result, ack.words, incarnation, ack.seq, ack.result)
            for ack in rest
        ],
    )


def _in_runs(acks: Sequence[Ack]) -> tuple[list[late_receipts.Run], list[Ack]]:
    """([first seq, last seq, how far the place in the feed is ahead of it], acks by themselves)."""
    if isinstance(acks, TakenRuns):
        return [(seq, seq + count - 1, at - seq) for seq, at, count in acks.runs], []
    runs: list[late_receipts.Run] = []
    rest: list[Ack] = []
    for ack in sorted(acks, key=_number):
        ahead = ack.feed_seq - ack.seq
        if ack.result != "ok" or ack.words:
            rest.append(ack)
        elif runs and runs[-1][1:] == (ack.seq - 1, ahead):
            runs[-1] = (runs[-1][0], ack.seq, ahead)
        else:
            runs.append((ack.seq, ack.seq, ahead))
    return runs, rest


class _Reply:
    """One batch of receipts against what this laptop knows."""

    def __init__(
        self, books: Books, newest: Pending, remembered: dict[Place, Shadow], upto: int
    ) -> None:
        self._books, self._newest, self._remembered = books, newest, remembered
        self._upto = upto  # the register's feed is known here up to this number

    def judge(self, op: Op, ack: Ack) -> None:
        """Each field of one op: stays, goes back, or takes the value told meanwhile."""
        refused = refused_fields(op, ack.result)
        for name in op.fields if op.verb is not Verb.DELETE else {DELETED: True}:
            place = (op.record_id, name)
            kept = self._remembered.get(place)
            if self._newest.get(place) != op.dot:
                if name in refused and kept is None and op.verb is not Verb.NEW:
                    self._remembered[place] = _before(op, name)
                    shadow.keep(self._books.db, self._remembered[place])
                continue
            if name in refused:
                self._use(op, kept or _before(op, name), trail.RETURNED, ack.words)
            elif kept is not None and kept.touched and ack.feed_seq <= self._upto:
                self._use(op, kept, trail.RECEIVED, "")
            if kept is not None:
                shadow.forget(self._books.db, op.kind, op.record_id, name)
                del self._remembered[place]

    def _use(self, op: Op, kept: Shadow, verb: str, note: str) -> None:
        held = self._held(op)
        if held is None or (op.verb is Verb.NEW and not kept.touched):
            return  # a record that the register did not take stays here for its author
        name = kept.field
        before = _shown(held, name)
        if not self._books.take_value(held, name, kept.value, kept.versions):
            return
        self._books.clash(held, name, kept.heads, kept.versions, kept.before)
        if op.verb is not Verb.SET and not kept.touched:  # told meanwhile, its heads say it all
            chosen = {*op.base.get(name, ()), *kept.versions}
            clashes.reopen(self._books.db, op.kind, op.record_id, name, chosen)
        if before != kept.value:
            self._books.tell(
                TrailEntry(
                    at=self._books.at,
                    by_id="register",
                    verb=verb,
                    kind=op.kind,
                    record_id=op.record_id,
                    before={name: before},
                    after={name: kept.value},
                    note=note,
                )
            )

    def _held(self, op: Op) -> Stored | None:
        found = self._books.records.get((op.kind, op.record_id))
        if found is not None:
            return found
        return rows.load(self._books.db, KINDS[op.kind], [op.record_id]).get(op.record_id)


def _before(op: Op, name: str) -> Shadow:
    """What the register held before this op, as far as this laptop knows."""
    return Shadow(
        kind=op.kind,
        record_id=op.record_id,
        field=name,
        value=False if name == DELETED else op.was.get(name),
        versions=op.base.get(name, ()),
        touched=False,
    )


def _shown(held: Stored, name: str) -> Json:
    return held.deleted if name == DELETED else fields_of(held.record)[name]


def _bookmark_seq(db: Database) -> int:
    text = Meta(db).text(m.BOOKMARK)
    return int(json.loads(text)["seq"]) if text else 0
