"""A change as data: what a laptop did, what the register made of it, what came back.

`Op` travels up, `RecordState` travels down. Versions of a field are *dots* "incarnation.seq",
the name of the op that wrote it. Storage writes these, sync carries them, neither owns them.
Refuses to order anything by wall clock: `hlc` is shown to people, never compared.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, overload

Json = Any
DELETED = "_deleted"  # the mark of removal has versions, heads and clashes like a field


class Verb(StrEnum):
    """What an op does to one record."""

    NEW = "new"  # first op of a record: all fields
    SET = "set"  # some fields
    DELETE = "delete"  # a mark, never a removal; an edit beside it is a thing to check
    SETTLE = "settle"  # a person chose between two values: replaces every head of the field


@dataclass(frozen=True, slots=True, kw_only=True)
class Op:
    """One change of one record by one person on one device. Never altered after it is written."""

    inc: int  # incarnation of the device, given by the register
    seq: int  # 1, 2, 3 ... without gaps within the incarnation
    hlc: int  # milliseconds since 1970 << 16 | counter
    actor_id: str
    verb: Verb
    kind: str
    record_id: str
    fields: dict[str, Json]  # field -> new value, as it travels
    base: dict[str, tuple[str, ...]]  # field -> dots this op replaces
    was: dict[str, Json] = field(default_factory=dict)  # field -> value before, for people to read
    note: str = ""  # why, for a settle or a delete
    schema: int = 1

    @property
    def dot(self) -> str:
        """The op's name, for people too: 'laptop 17, edit 1042' is 17.1042."""
        return f"{self.inc}.{self.seq}"


@dataclass(frozen=True, slots=True, kw_only=True)
class AlikeOps(Sequence[Op]):
    """Ops that differ in their values only, none with a note: read, kept and sent as columns.

    Every column, and `seqs`, `hlcs` and `ids`, is equally long. An op is made when it is asked for.
    """

    inc: int
    actor_id: str
    verb: Verb
    kind: str
    schema: int
    seqs: Sequence[int]
    hlcs: Sequence[int]
    ids: Sequence[str]
    fields: Mapping[str, Sequence[Json]]
    base: Mapping[str, Sequence[tuple[str, ...]]]
    was: Mapping[str, Sequence[Json]]

    def __len__(self) -> int:
        return len(self.seqs)

    @overload
    def __getitem__(self, place: int) -> Op: ...
    @overload
    def __getitem__(self, place: slice) -> list[Op]: ...
    def __getitem__(self, place: int | slice) -> Op | list[Op]:
        if isinstance(place, slice):
            return [self._op(i) for i in range(*place.indices(len(self)))]
        return self._op(place)

    def _op(self, place: int) -> Op:
        return Op(
            inc=self.inc,
            seq=self.seqs[place],
            hlc=self.hlcs[place],
            actor_id=self.actor_id,
            verb=self.verb,
            kind=self.kind,
            record_id=self.ids[place],
            fields={name: column[place] for name, column in self.fields.items()},
            base={name: column[place] for name, column in self.base.items()},
            was={name: column[place] for name, column in self.was.items()},
            schema=self.schema,
        )


def seqs_of(ops: Sequence[Op]) -> Sequence[int]:
    """The numbers of ops, in their order."""
    return ops.seqs if isinstance(ops, AlikeOps) else [op.seq for op in ops]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ack:
    """The register's receipt for one op: it is in the log at `feed_seq` whatever `result` says."""

    seq: int  # of the op, within its incarnation
    feed_seq: int
    result: str  # ok | clash | partly:<fields> | held:<why> | refused:<why>
    words: str = ""


@dataclass(frozen=True, slots=True)
class TakenRuns(Sequence[Ack]):
    """Receipts of ops that were all taken as they were written, one after the other.

    Each run is (seq of the first op, its place in the feed, how many), in order of the ops.
    """

    runs: Sequence[tuple[int, int, int]]

    def __len__(self) -> int:
        return sum(count for _, _, count in self.runs)

    @overload
    def __getitem__(self, place: int) -> Ack: ...
    @overload
    def __getitem__(self, place: slice) -> list[Ack]: ...
    def __getitem__(self, place: int | slice) -> Ack | list[Ack]:
        return list(self)[place]

    def __iter__(self) -> Iterator[Ack]:
        for seq, at, count in self.runs:
            for i in range(count):
                yield Ack(seq=seq + i, feed_seq=at + i, result="ok")


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """One of the values that a field has at the same time."""

    dot: str
    value: Json
    actor_id: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordState:
    """Fields of one record as the register holds them now (only fields that changed)."""

    kind: str
    record_id: str
    fields: dict[str, Json]
    versions: dict[str, tuple[str, ...]]  # field -> dots of its heads; more than one = open clash
    heads: dict[str, tuple[Head, ...]] = field(default_factory=dict)  # only for open clashes
    before: dict[str, Json] = field(default_factory=dict)  # clash: the value both started from
    deleted: bool = False
    last_actor_id: str = ""
    last_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Like states of one kind, told as columns: each record's fields all stand under one dot.

    Every column, and `ids`, `dots` and `ats`, is equally long; the rest of a state is empty.
    """

    kind: str
    actor_id: str
    ids: Sequence[str]
    dots: Sequence[str]
    ats: Sequence[datetime | None]
    fields: Mapping[str, Sequence[Json]]

    def some(self, places: Sequence[int]) -> Columns:
        """The records at these places."""
        return Columns(
            kind=self.kind,
            actor_id=self.actor_id,
            ids=[self.ids[i] for i in places],
            dots=[self.dots[i] for i in places],
            ats=[self.ats[i] for i in places],
            fields={name: [column[i] for i in places] for name, column in self.fields.items()},
        )

    def part(self, start: int, end: int | None = None) -> Columns:
        """The records from one place to another, or to the end."""
        return Columns(
            kind=self.kind,
            actor_id=self.actor_id,
            ids=self.ids[start:end],
            dots=self.dots[start:end],
            ats=self.ats[start:end],
            fields={name: column[start:end] for name, column in self.fields.items()},
        )

    def states(self) -> list[RecordState]:
        """The same, record by record."""
        names = tuple(self.fields)
        rows = zip(*self.fields.values(), strict=True)
        return [
            RecordState(
                kind=self.kind,
                record_id=one,
                fields=dict(zip(names, values, strict=True)),
                versions=dict.fromkeys(names, (dot,)),
                last_actor_id=self.actor_id,
                last_at=at,
            )
            for one, dot, at, values in zip(self.ids, self.dots, self.ats, rows, strict=True)
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bookmark:
    """Where a laptop is in the register's feed, fenced by the hash chain at that place.

    With `after`, a first pull of what stood at that place is under way and has come so far.
    """

    epoch: str = ""
    seq: int = 0
    chain: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Part of a pull: applied in short steps, the last of them together with its bookmark."""

    states: tuple[RecordState, ...]
    left: tuple[str, ...]  # record ids that left this laptop's scope
    bookmark: Bookmark
    whole: bool = False  # a snapshot: what it does not name is not in scope
    columns: tuple[Columns, ...] = ()  # more states, no record of which is among `states`

    @property
    def count(self) -> int:
        """How many records it tells of."""
        return len(self.states) + sum(len(block.ids) for block in self.columns)


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """A field with two values: a thing to check. The register's value is in use meanwhile."""

    id: str
    kind: str
    record_id: str
    field: str
    before: Json
    heads: tuple[Head, ...]
    in_use: str  # dot of the head in use
    opened_at: datetime
    settled_at: datetime | None = None
    settled_by_id: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class EarlierKey:
    """A key that a register signed by before it took another."""

    key: bytes  # Ed25519 public key, raw 32 bytes
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who this laptop is to a register. The signing key stays in the encrypted vault."""

    register_url: str
    device_id: str
    incarnation: int
    actor_id: str
    actor_name: str
    role: str
    signing_key: bytes = field(repr=False)  # Ed25519 private key, raw 32 bytes
    register_key: bytes = b""  # Ed25519 public key that signs receipts: the newest that was seen
    earlier_keys: tuple[EarlierKey, ...] = ()  # those before it, the oldest first


@dataclass(frozen=True, slots=True)
class Changed:
    """One record that a commit touched, and which fields."""

    kind: str
    record_id: str
    fields: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What one commit changed. Returned only after the commit is on disk."""

    at: datetime
    by: str
    records: tuple[Changed, ...] = ()
    conflicts: int = 0  # conflicts opened or settled
    decisions: int = 0  # decision requests added or answered

    def touches(self, *kinds: str) -> bool:
        """Whether any record of these kinds changed."""
        return any(changed.kind in kinds for changed in self.records)
