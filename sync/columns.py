"""Many like things as columns: what every row repeats is said once, and squeezes far better.

Ops of one verb, kind and set of fields travel as one group; so do states of records whose fields
all stand under one name. What does not fit a group travels as before, row by row. Pure: groups to
rows and back, equal to the last byte. Refuses a group whose columns differ in length.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from typing import overload

from forms.change import AlikeOps, Columns, Op
from sync import signing
from sync.envelope import Unreadable
from sync.protocol import (
    BATCH_OPS,
    MOST_SEQ,
    Json,
    OpGroup,
    PushReply,
    StateGroup,
    WireAck,
    WireOp,
    WireState,
    op_to_wire,
)

Run = tuple[int, int, int]  # first seq, its place in the feed, how many


def ops_in_groups(ops: Sequence[WireOp]) -> tuple[list[OpGroup], list[WireOp]]:
    """(groups, ops that go row by row) of one batch."""
    alike: dict[tuple[object, ...], list[WireOp]] = {}
    rows: list[WireOp] = []
    for op in ops:
        if op.note:
            rows.append(op)
            continue
        key = (op.verb, op.kind, op.actor, op.schema, *map(tuple, (op.fields, op.base, op.was)))
        alike.setdefault(key, []).append(op)
    return [_op_group(some) for some in alike.values()], rows


def batch_in_groups(ops: Sequence[Op]) -> tuple[list[OpGroup], list[WireOp]]:
    """The same of ops as a laptop has them; those that it has in columns go as they are."""
    if not isinstance(ops, AlikeOps):
        return ops_in_groups([op_to_wire(op) for op in ops])
    group = OpGroup(
        verb=ops.verb,
        kind=ops.kind,
        actor=ops.actor_id,
        schema=ops.schema,
        seqs=_steps(ops.seqs),
        hlcs=_steps(ops.hlcs),
        records=list(ops.ids),
        fields={name: list(column) for name, column in ops.fields.items()},
        base={name: list(column) for name, column in ops.base.items()},
        was={name: list(column) for name, column in ops.was.items()},
    )
    return [group], []


def ops_of(groups: Iterable[OpGroup]) -> list[WireOp]:
    """The ops of groups, as they were. Raises Unreadable."""
    return [op for group in groups for op in _ops(group)]


def states_in_groups(states: Sequence[WireState]) -> tuple[list[StateGroup], list[WireState]]:
    """(groups, states that go row by row) of one page."""
    alike: dict[tuple[object, ...], list[WireState]] = {}
    rows: list[WireState] = []
    for state in states:
        if _is_plain(state):
            key = (state.kind, state.actor, *state.fields)
            alike.setdefault(key, []).append(state)
        else:
            rows.append(state)
    return [_state_group(some) for some in alike.values()], rows


def states_of(groups: Iterable[StateGroup]) -> list[WireState]:
    """The states of groups, as they were. Raises Unreadable."""
    return [state for group in groups for state in _states(group)]


def check_groups(groups: Iterable[StateGroup]) -> None:
    """Raises Unreadable when the columns of a group differ in length, or no dot fits."""
    for group in groups:
        count = len(group.records)
        _even(count, group.incs, group.seqs, group.ats, *group.fields.values())
        if not group.fields:
            raise Unreadable("records that say nothing")


def blocks_of(groups: Iterable[StateGroup]) -> tuple[Columns, ...]:
    """Groups that were checked, as the vault takes them in."""
    return tuple(
        Columns(
            kind=group.kind,
            actor_id=group.actor,
            ids=group.records,
            dots=[
                f"{inc}.{seq}"
                for inc, seq in zip(accumulate(group.incs), accumulate(group.seqs), strict=True)
            ],
            ats=group.ats,
            fields=dict(group.fields),
        )
        for group in groups
    )


def acks_in_runs(acks: Iterable[WireAck]) -> tuple[list[Run], list[WireAck]]:
    """(runs, acks that go one by one) of a receipt: most ops are taken as they were written."""
    runs: list[Run] = []
    rest: list[WireAck] = []
    for ack in acks:
        if ack.result != "ok" or ack.words:
            rest.append(ack)
            continue
        if runs:
            seq, place, count = runs[-1]
            if ack.seq - seq == ack.feed_seq - place == count:
                runs[-1] = (seq, place, count + 1)
                continue
        runs.append((ack.seq, ack.feed_seq, 1))
    return runs, rest


class AcksInRuns(Sequence[WireAck]):
    """The acks of ops that were all taken as they were written, made when somebody looks at one."""

    __slots__ = ("runs",)

    def __init__(self, runs: Iterable[Run]) -> None:
        self.runs = sorted(runs)

    def __len__(self) -> int:
        return sum(count for _, _, count in self.runs)

    @overload
    def __getitem__(self, place: int) -> WireAck: ...
    @overload
    def __getitem__(self, place: slice) -> list[WireAck]: ...
    def __getitem__(self, place: int | slice) -> WireAck | list[WireAck]:
        return list(self)[place]

    def __iter__(self) -> Iterator[WireAck]:
        for seq, place, count in self.runs:
            for i in range(count):
                yield WireAck(seq=seq + i, feed_seq=place + i)


def acks_of(reply: PushReply) -> Sequence[WireAck]:
    """The acks of a receipt one by one, as they are signed: beside runs in order of their numbers.

    Raises Unreadable for more than a batch can hold.
    """
    if not reply.runs:
        return reply.acks
    counts = [count for _, _, count in reply.runs]
    if min(counts) < 1 or sum(counts) > BATCH_OPS:
        raise Unreadable("a receipt for more than a batch")
    told = AcksInRuns(reply.runs)
    return sorted([*told, *reply.acks], key=lambda ack: ack.seq) if reply.acks else told


def seqs_acked(acks: Sequence[WireAck]) -> list[int]:
    """The numbers of the ops of a receipt, sorted."""
    if isinstance(acks, AcksInRuns):
        return [seq + i for seq, _, count in acks.runs for i in range(count)]
    return sorted(ack.seq for ack in acks)


def receipt_bytes(inc: int, epoch: str, acks: Iterable[WireAck]) -> bytes:
    """What a receipt signs: see `sync.signing.receipt_bytes`."""
    if isinstance(acks, AcksInRuns):
        runs = acks.runs
        rows = [(seq + i, at + i, "ok") for seq, at, count in runs for i in range(count)]
    else:
        rows = [(ack.seq, ack.feed_seq, ack.result) for ack in acks]
    return signing.receipt_bytes(inc, epoch, rows)


def _op_group(ops: list[WireOp]) -> OpGroup:
    first = ops[0]
    return OpGroup(
        verb=first.verb,
        kind=first.kind,
        actor=first.actor,
        schema=first.schema,
        seqs=_steps([op.seq for op in ops]),
        hlcs=_steps([op.hlc for op in ops]),
        records=[op.record for op in ops],
        fields={name: [op.fields[name] for op in ops] for name in first.fields},
        base={name: [op.base[name] for op in ops] for name in first.base},
        was={name: [op.was[name] for op in ops] for name in first.was},
    )


def _ops(group: OpGroup) -> list[WireOp]:
    count = len(group.records)
    _even(count, group.seqs, group.hlcs, *group.fields.values())
    _even(count, *group.base.values(), *group.was.values())
    seqs = list(accumulate(group.seqs))
    if not all(1 <= seq <= MOST_SEQ for seq in seqs):
        raise Unreadable("a number that no op can have")
    fields, base, was = (_rows(columns, count) for columns in (group.fields, group.base, group.was))
    return [
        WireOp(
            seq=seq,
            hlc=hlc,
            actor=group.actor,
            verb=group.verb,
            kind=group.kind,
            record=record,
            fields=fields[i],
            base=base[i],
            was=was[i],
            schema=group.schema,
        )
        for i, (seq, hlc, record) in enumerate(
            zip(seqs, accumulate(group.hlcs), group.records, strict=True)
        )
    ]


def _is_plain(state: WireState) -> bool:
    """Whether all fields of a record stand under one name, and nothing else is to be said."""
    if state.heads or state.before or state.deleted or not state.fields:
        return False
    if state.versions.keys() != state.fields.keys():
        return False
    found = set(state.versions.values())
    return len(found) == 1 and len(next(iter(found))) == 1


def _state_group(states: list[WireState]) -> StateGroup:
    first = states[0]
    dots = [next(iter(state.versions.values()))[0].split(".") for state in states]
    return StateGroup(
        kind=first.kind,
        actor=first.actor,
        records=[state.record for state in states],
        incs=_steps([int(inc) for inc, _ in dots]),
        seqs=_steps([int(seq) for _, seq in dots]),
        ats=[state.at for state in states],
        fields={name: [state.fields[name] for state in states] for name in first.fields},
    )


def _states(group: StateGroup) -> list[WireState]:
    count = len(group.records)
    _even(count, group.incs, group.seqs, group.ats, *group.fields.values())
    fields = _rows(group.fields, count)
    dots = zip(accumulate(group.incs), accumulate(group.seqs), strict=True)
    return [
        WireState(
            kind=group.kind,
            record=record,
            fields=values,
            versions=dict.fromkeys(values, (f"{inc}.{seq}",)),
            actor=group.actor,
            at=at,
        )
        for record, values, at, (inc, seq) in zip(
            group.records, fields, group.ats, dots, strict=True
        )
    ]


def _rows(columns: dict[str, list[Json]], count: int) -> list[dict[str, Json]]:
    if not columns:
        return [{} for _ in range(count)]
    names = tuple(columns)
    return [dict(zip(names, values, strict=True)) for values in zip(*columns.values(), strict=True)]


def _steps(numbers: Sequence[int]) -> list[int]:
    return [number - before for number, before in zip(numbers, (0, *numbers[:-1]), strict=True)]


def _even(count: int, *columns: Sequence[object]) -> None:
    if any(len(column) != count for column in columns):
        raise Unreadable("columns of different lengths")
