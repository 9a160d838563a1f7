"""Columns and rows say the same, whatever is in them."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forms.change import Verb
from sync import envelope
from sync.columns import ops_in_groups, ops_of, states_in_groups, states_of
from sync.protocol import PullReply, PushAsk, WireHead, WireOp, WireState

NOON = datetime(2022, 3, 1, 12, tzinfo=UTC)
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


@settings(suppress_health_check=[HealthCheck.too_slow])  # a busy machine is no fault
@given(st.lists(OPS, max_size=8))
def test_ops_come_out_of_their_groups_as_they_went_in(ops):
    groups, rows = ops_in_groups(ops)
    body = envelope.pack(PushAsk(inc=1, ops=rows, groups=groups))
    back = envelope.unpack(body, PushAsk)
    texts = sorted(envelope.canonical(op) for op in [*ops_of(back.groups), *back.ops])
    assert texts == sorted(envelope.canonical(op) for op in ops)


@settings(suppress_health_check=[HealthCheck.too_slow])  # a busy machine is no fault
@given(st.lists(STATES, max_size=8))
def test_states_come_out_of_their_groups_as_they_went_in(states):
    states = [*states, sole(phone="1"), sole("b", datetime(2022, 1, 1, tzinfo=UTC), phone="2")]
    groups, rows = states_in_groups(states)
    assert groups
    reply = PullReply(epoch="e", seq=1, chain="c", states=rows, groups=groups, now=NOON)
    back = envelope.unpack(envelope.pack(reply), PullReply)
    texts = sorted(envelope.canonical(s) for s in [*states_of(back.groups), *back.states])
    assert texts == sorted(envelope.canonical(state) for state in states)


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
