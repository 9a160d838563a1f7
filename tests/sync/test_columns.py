"""Columns and rows say the same, whatever is in them."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forms.change import Verb
from sync import envelope
from sync.columns import (
    acks_in_runs,
    acks_of,
    ops_in_groups,
    ops_of,
    receipt_bytes,
    seqs_acked,
    states_in_groups,
    states_of,
)
from sync.protocol import PullReply, PushAsk, PushReply, WireAck, WireHead, WireOp, WireState
from sync.register.push import Taken
from sync.register.rows import Entry

NOON = datetime(2022, 3, 1, 12, tzinfo=UTC)
# How quickly a busy machine draws wide values says nothing about them.
UNHURRIED = settings(suppress_health_check=[HealthCheck.too_slow])
NAMES = st.sampled_from(["phone", "place", "facts"])
VALUES = st.one_of(st.none(), st.text(), st.integers(), st.dictionaries(st.text(), st.booleans()))
DOTS = st.lists(st.sampled_from(["7.1", "7.2", "9.1"]), max_size=2).map(tuple)
IDS = st.sampled_from(["a", "b", "c"])
MOMENTS = st.none() | st.datetimes(timezones=st.just(UTC))
OPS = st.builds(
    WireOp,
    seq=st.integers(1, 1 << 53),
    hlc=st.integers(-(1 << 62), 1 << 62),
    actor=IDS,
    verb=st.sampled_from(Verb),
    kind=st.sampled_from(["enterprise", "leader"]),
    record=IDS,
    fields=st.dictionaries(NAMES, VALUES),
    base=st.dictionaries(NAMES, DOTS),
    was=st.dictionaries(NAMES, VALUES),
    note=st.sampled_from(["", "why"]),
    schema=st.integers(1, 3),
)
HEADS = st.builds(WireHead, dot=st.just("7.1"), value=VALUES, at=MOMENTS.filter(bool))
STATES = st.builds(
    WireState,
    kind=st.sampled_from(["enterprise", "leader"]),
    record=IDS,
    fields=st.dictionaries(NAMES, VALUES),
    versions=st.dictionaries(NAMES, DOTS),
    heads=st.dictionaries(NAMES, st.lists(HEADS, max_size=2).map(tuple), max_size=1),
    before=st.dictionaries(NAMES, VALUES, max_size=1),
    deleted=st.booleans(),
    actor=IDS,
    at=MOMENTS,
)


def sole(record="a", at=None, **fields):
    return WireState(
        kind="leader", record=record, fields=fields, versions=dict.fromkeys(fields, ("7.1",)), at=at
    )


@UNHURRIED
@given(st.lists(OPS, max_size=8))
def test_ops_come_out_of_their_groups_as_they_went_in(ops):
    groups, rows = ops_in_groups(ops)
    body = envelope.pack(PushAsk(inc=1, ops=rows, groups=groups))
    back = envelope.unpack(body, PushAsk)
    texts = sorted(envelope.canonical(op) for op in [*ops_of(back.groups), *back.ops])
    assert texts == sorted(envelope.canonical(op) for op in ops)


@UNHURRIED
@given(st.lists(STATES, max_size=8))
def test_states_come_out_of_their_groups_as_they_went_in(states):
    states = [*states, sole(phone="1"), sole("b", datetime(2022, 1, 1, tzinfo=UTC), phone="2")]
    groups, rows = states_in_groups(states)
    assert groups
    reply = PullReply(epoch="e", seq=1, chain="c", states=rows, groups=groups, now=NOON)
    back = envelope.unpack(envelope.pack(reply), PullReply)
    texts = sorted(envelope.canonical(s) for s in [*states_of(back.groups), *back.states])
    assert texts == sorted(envelope.canonical(state) for state in states)


ACKS = st.lists(
    st.tuples(
        st.integers(1, 12),
        st.integers(1, 3),
        st.sampled_from(["ok", "ok", "ok", "clash", "refused:X"]),
        st.sampled_from(["", "", "", "words"]),
    ),
    unique_by=lambda ack: ack[0],
    max_size=12,
)


@given(ACKS)
def test_a_receipt_says_in_runs_what_it_says_op_by_op(drawn):
    acks = [
        WireAck(seq=seq, feed_seq=seq + ahead, result=result, words=words)
        for seq, ahead, result, words in sorted(drawn)
    ]
    runs, rest = acks_in_runs(acks)
    reply = PushReply(inc=1, epoch="e", acks=rest, runs=runs)
    told = acks_of(envelope.unpack(envelope.pack(reply), PushReply))
    assert list(told) == acks
    assert len(told) == len(acks)
    assert told[-2:] == acks[-2:]
    assert seqs_acked(told) == [ack.seq for ack in acks]
    assert receipt_bytes(1, "e", told) == receipt_bytes(1, "e", acks)
    assert len(runs) + len(rest) <= len(acks)


def test_a_receipt_of_one_run_is_as_short_as_can_be():
    runs, rest = acks_in_runs(WireAck(seq=i, feed_seq=i + 40) for i in range(1, 2001))
    assert (runs, rest) == ([(1, 41, 2000)], [])


def test_a_run_without_end_is_nothing():
    reply = PushReply(inc=1, epoch="e", runs=[(1, 1, 1 << 50)])
    with pytest.raises(envelope.Unreadable):
        acks_of(reply)


@pytest.mark.parametrize("cut", ["seqs", "hlcs", "fields", "base"])
def test_columns_of_different_lengths_are_nothing(cut):
    op = WireOp(
        seq=1, hlc=1, actor="a", verb=Verb.SET, kind="leader", record="r", fields={"x": 1},
        base={"x": ("7.1",)},
    )  # fmt: skip
    (group,), _ = ops_in_groups([op, msgspec.structs.replace(op, seq=2)])
    column = getattr(group, cut)
    (column if isinstance(column, list) else column["x"]).pop()
    with pytest.raises(envelope.Unreadable):
        ops_of([group])


def test_a_number_that_no_op_can_have_is_nothing():
    op = WireOp(seq=1, hlc=1, actor="a", verb=Verb.SET, kind="leader", record="r")
    (group,), _ = ops_in_groups([op])
    group.seqs = [0]
    with pytest.raises(envelope.Unreadable):
        ops_of([group])


@given(
    st.lists(
        st.tuples(
            st.integers(1, 2),
            st.sampled_from(["ok"] * 9 + ["clash"]),
            st.sampled_from([""] * 9 + ["words"]),
        ),
        max_size=5,
    ),
    st.booleans(),
)
def test_a_batch_is_one_run_where_its_acks_are(drawn, again):
    """By what the register has written, without an ack being made of each op."""
    place, new = 40, []
    for seq, (ahead, result, words) in enumerate(drawn, 7):
        place += ahead
        wire = WireOp(seq=seq, hlc=0, actor="ann", verb=Verb.SET, kind="enquiry", record="r")
        new.append(Entry(1, f"1.{seq}", wire, "", "", NOON, result, words, feed_seq=place))
    old = [WireAck(seq=6, feed_seq=40)] if again else []
    taken = Taken(old, new)
    runs, rest = acks_in_runs(taken.acks())
    alone = len(runs) == 1 and not rest and not old
    assert taken.run() == (runs[0] if alone else None)
