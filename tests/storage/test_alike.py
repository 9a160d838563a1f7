"""Ops that differ in their values only come out of the outbox as they went in, columns or not."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forms.change import AlikeOps, Op, TakenRuns, Verb, seqs_of
from storage import acknowledge, outbox
from storage import alike as alike_module
from storage.alike import FEWEST, alike
from storage.columns import quick
from sync.client.receipt import Receipt
from sync.columns import batch_in_groups, ops_in_groups, ops_of
from sync.envelope import canonical
from sync.protocol import PushReply, WireAck, acks_from_wire, op_to_wire
from tests.sync.test_columns import DOTS, VALUES

NAMES = ["phone", "place", "_deleted"]
SOME = st.sets(st.sampled_from(NAMES))
ODD = st.sampled_from(["none", "none", "verb", "actor", "note", "schema", "inc", "names"])


def op(seq, fields, base=None, was=None, **other):
    return Op(
        **{
            "inc": 7, "seq": seq, "hlc": seq << 16, "actor_id": "ann", "verb": Verb.SET,
            "kind": "enquiry", "record_id": f"r{seq}", "fields": fields, "base": base or {},
            "was": was or {}, **other,
        }
    )  # fmt: skip


def row(one):
    return (
        one.inc, one.seq, one.hlc, "2022-03-01", one.actor_id, one.verb.value, one.kind,
        one.record_id, quick(one.fields), quick(one.base), quick(one.was), one.note, one.schema,
    )  # fmt: skip


@st.composite
def batches(draw):
    """Ops of one shape, one of them perhaps not like the others."""
    names, known, before = draw(SOME), draw(SOME), draw(SOME)
    ops = [
        op(
            seq,
            {name: draw(VALUES) for name in names},
            {name: draw(DOTS) for name in known},
            {name: draw(VALUES) for name in before},
        )
        for seq in range(1, draw(st.integers(FEWEST, FEWEST + 3)) + 1)
    ]
    odd = draw(ODD)
    if odd != "none":
        seq = draw(st.integers(1, len(ops)))
        other = {
            "verb": {"verb": Verb.SETTLE}, "actor": {"actor_id": "ben"}, "note": {"note": "why"},
            "schema": {"schema": 2}, "inc": {"inc": 8}, "names": {},
        }[odd]  # fmt: skip
        fields = {"heard_via": "x"} if odd == "names" else ops[seq - 1].fields
        ops[seq - 1] = op(seq, fields, ops[seq - 1].base, ops[seq - 1].was, **other)
    return odd, ops


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=60)
@given(batches())
def test_columns_say_what_the_rows_say_to_the_last_letter(drawn):
    odd, ops = drawn
    found = alike([row(one) for one in ops])
    if odd != "none":
        assert found is None
        return
    assert isinstance(found, AlikeOps)
    assert list(found) == ops == [outbox._op(row(one)) for one in ops]
    assert (found[-1], found[2:5], len(found)) == (ops[-1], ops[2:5], len(ops))
    assert list(seqs_of(found)) == list(seqs_of(ops))
    wires = [op_to_wire(one) for one in ops]
    assert canonical(batch_in_groups(found)) == canonical(ops_in_groups(wires))
    groups, rest = batch_in_groups(found)
    assert (rest, ops_of(groups)) == ([], wires)


def test_few_rows_are_read_one_by_one():
    assert alike([row(op(seq, {"phone": "1"})) for seq in range(1, FEWEST)]) is None


@pytest.mark.parametrize(
    "text",
    [
        '{"phone":"1","place":"Deal"}',  # one name more
        "{}",  # one less
        '{"phone":"1"},{"phone":"2"}',  # two in a row
    ],
)
def test_a_row_that_says_more_or_less_is_not_alike(text):
    rows = [list(row(op(seq, {"phone": "1"}))) for seq in range(1, FEWEST + 1)]
    assert alike(rows) is not None
    rows[3][8] = text
    assert alike(rows) is None


def test_names_that_no_kind_has_are_read_row_by_row():
    rows = [row(op(seq, {"two words": "1"})) for seq in range(1, FEWEST + 1)]
    assert alike(rows) is None


def test_rows_taken_for_alike_without_a_look_are_noticed(monkeypatch):
    ops = [op(seq, {"phone": "1"}) for seq in range(1, FEWEST + 1)]
    ops[3] = op(4, {"phone": "1"}, actor_id="ben")
    assert alike([row(one) for one in ops]) is None
    monkeypatch.setattr(alike_module, "_same", lambda _: True)
    found = alike([row(one) for one in ops])
    assert list(found or ops) != ops  # what the look keeps from being sent


RUNS = st.lists(st.tuples(st.integers(1, 30), st.integers(0, 90)), min_size=1, max_size=4)


@given(RUNS)
def test_runs_of_receipts_say_what_the_receipts_say_one_by_one(drawn):
    runs, seq = [], 1
    for count, place in drawn:
        runs.append((seq, 1_000 * len(runs) + place, count))
        seq += count
    reply = PushReply(inc=7, epoch="e", runs=runs[::-1])
    whole = Receipt.of(reply)
    told, one_by_one = whole.told(), acks_from_wire(whole.acks)
    assert isinstance(told, TakenRuns)
    assert (tuple(told), len(told)) == (one_by_one, len(one_by_one))
    assert (told[-1], told[1:3]) == (one_by_one[-1], list(one_by_one[1:3]))
    assert acknowledge._in_runs(told) == acknowledge._in_runs(one_by_one)


def test_a_receipt_that_says_more_is_told_one_by_one():
    reply = PushReply(
        inc=7, epoch="e", runs=[(1, 5, 2)], acks=[WireAck(seq=3, feed_seq=9, words="x")]
    )
    assert Receipt.of(reply).told() == acks_from_wire(Receipt.of(reply).acks)
