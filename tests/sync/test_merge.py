"""How two edits of one field meet: named cases, then laws for all cases."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.change import Head
from sync.merge import clashes, meet, meet_birth, same_value, three_way, unseen

AT = datetime(2022, 3, 1, tzinfo=UTC)


def head(dot, value):
    return Head(dot=dot, value=value, actor_id="ann", at=AT)


def heads(*pairs):
    return tuple(head(dot, value) for dot, value in pairs)


def values(meeting):
    return [(h.dot, h.value) for h in meeting.heads]


A, B, C = ("1.1", "a"), ("2.1", "b"), ("3.1", "c")

MEETINGS = {
    # name: (heads before, new, base, heads after, clash, settled)
    "first value of a field": ((), A, (), [A], False, False),
    "edit of what was seen": ((A,), B, ("1.1",), [B], False, False),
    "edit without having seen it": ((A,), B, (), [A, B], True, False),
    "equal edit without having seen it": ((A,), ("2.1", "a"), (), [A, ("2.1", "a")], False, False),
    "third voice": ((A, B), C, (), [A, B, C], True, False),
    "settled to the first": ((A, B), ("1.2", "a"), ("1.1", "2.1"), [("1.2", "a")], False, True),
    "settled to the second": ((A, B), ("1.2", "b"), ("1.1", "2.1"), [("1.2", "b")], False, True),
    "settled to something new": ((A, B), ("1.2", "z"), ("1.1", "2.1"), [("1.2", "z")], False, True),
    "settled without seeing the third": ((A, B, C), ("1.2", "a"), ("1.1", "2.1"),
                                         [("1.2", "a"), C], True, False),
    "edit of the one in use keeps its place": ((A, B), ("1.2", "x"), ("1.1",),
                                               [("1.2", "x"), B], True, False),
    "edit of the other keeps its place": ((A, B), ("2.2", "x"), ("2.1",),
                                          [A, ("2.2", "x")], True, False),
    "edit that comes to agree": ((A, B), ("2.2", "a"), ("2.1",), [A, ("2.2", "a")], False, True),
    "the same op again": ((A,), A, (), [A], False, False),
    "the same op again in a clash": ((A, B), B, ("9.9",), [A, B], True, False),
    "base that nobody knows": ((A,), B, ("9.9",), [A, B], True, False),
    "base with one known, one not": ((A,), B, ("1.1", "9.9"), [B], False, False),
    "two equal heads replaced together": ((A, ("2.1", "a")), C, ("1.1", "2.1"), [C], False, False),
    "one of two equal heads replaced": ((A, ("2.1", "a")), C, ("1.1",), [C, ("2.1", "a")],
                                        True, False),
    "empty is a value": ((A,), ("2.1", ""), (), [A, ("2.1", "")], True, False),
    "none is a value": ((A,), ("2.1", None), (), [A, ("2.1", None)], True, False),
    "one is not true": ((("1.1", 1),), ("2.1", True), (), [("1.1", 1), ("2.1", True)], True, False),
    "lists are equal by their order": ((("1.1", ["x", "y"]),), ("2.1", ["y", "x"]), (),
                                       [("1.1", ["x", "y"]), ("2.1", ["y", "x"])], True, False),
    "answers are equal in any order of keys": ((("1.1", {"p": 1, "q": 2}),),
                                               ("2.1", {"q": 2, "p": 1}), (),
                                               [("1.1", {"p": 1, "q": 2}),
                                                ("2.1", {"q": 2, "p": 1})], False, False),
}  # fmt: skip


@pytest.mark.parametrize("name", MEETINGS)
def test_meeting(name):
    before, new, base, after, clash, settled = MEETINGS[name]
    meeting = meet(heads(*before), head(*new), base)
    assert values(meeting) == after
    assert (meeting.clash, meeting.settled) == (clash, settled)


def test_a_superseded_op_adds_nothing_but_still_replaces():
    meeting = meet(heads(A, B), head("1.2", "x"), ("1.1",), superseded=True)
    assert values(meeting) == [B]


def test_a_superseded_op_never_takes_the_last_value():
    meeting = meet(heads(A), head("1.2", "x"), ("1.1",), superseded=True)
    assert values(meeting) == [A]


BIRTHS = {
    # name: (heads, new, default, born dots, after, clash)
    "made twice, nothing said": ((("1.1", ""),), ("2.1", ""), "", ["1.1"], [("1.1", "")], False),
    "made twice, the second says something": ((("1.1", ""),), B, "", ["1.1"], [B], False),
    "made twice, the first said something": ((A,), ("2.1", ""), "", ["1.1"], [A], False),
    "made twice, both said the same": ((A,), ("2.1", "a"), "", ["1.1"], [A, ("2.1", "a")], False),
    "made twice, both said something else": ((A,), B, "", ["1.1"], [A, B], True),
    "an edit back to the default stays": ((("1.2", ""),), B, "", ["1.1"], [("1.2", ""), B], True),
}  # fmt: skip


@pytest.mark.parametrize("name", BIRTHS)
def test_birth(name):
    before, new, default, born, after, clash = BIRTHS[name]
    meeting = meet_birth(heads(*before), head(*new), default, born)
    assert values(meeting) == after
    assert meeting.clash is clash


def test_a_delete_that_saw_everything_meets_nothing():
    assert unseen({"phone": ["1.1"]}, {"phone": ["1.1"]}) == []


def test_a_delete_meets_the_edit_it_had_not_seen():
    assert unseen({"phone": ["2.1"], "name": ["1.1"]}, {"phone": ["1.1"], "name": ["1.1"]}) == [
        "phone"
    ]


def test_a_field_that_the_deleter_did_not_know_counts_as_unseen():
    assert unseen({"colour": ["2.1"]}, {"phone": ["1.1"]}) == ["colour"]


THREE = {
    "different answers": ({"a": 1}, {"a": 1, "b": 2}, {"a": 1, "c": 3}, {"a": 1, "b": 2, "c": 3}),
    "one changed, one left": ({"a": 1}, {"a": 2}, {"a": 1}, {"a": 2}),
    "both changed to the same": ({"a": 1}, {"a": 2}, {"a": 2}, {"a": 2}),
    "one took away, one left": ({"a": 1, "b": 1}, {"b": 1}, {"a": 1, "b": 1}, {"b": 1}),
    "both took away": ({"a": 1}, {}, {}, {}),
    "lists: both added": (["x"], ["x", "y"], ["x", "z"], ["x", "y", "z"]),
    "lists: one took away, one added": (["x", "y"], ["y"], ["x", "y", "z"], ["y", "z"]),
    "lists: from nothing": ([], ["x"], ["y"], ["x", "y"]),
}
APART = {
    "the same answer twice": ({"a": 1}, {"a": 2}, {"a": 3}),
    "changed here, taken away there": ({"a": 1}, {"a": 2}, {}),
    "added here and there": ({}, {"a": 1}, {"a": 2}),
    "two texts": ("a", "b", "c"),
    "two numbers": (1, 2, 3),
    "a list that repeats itself": (["x"], ["x", "x"], ["y"]),
    "a list and a text": (["x"], "x", ["y"]),
}


@pytest.mark.parametrize("name", THREE)
def test_three_way_goes_together(name):
    before, one, two, both = THREE[name]
    assert three_way(before, one, two) == (True, both)


@pytest.mark.parametrize("name", APART)
def test_three_way_stays_apart(name):
    before, one, two = APART[name]
    assert three_way(before, one, two) == (False, None)
    assert three_way(before, two, one) == (False, None)


@given(st.dictionaries(st.sampled_from("abcd"), st.integers(0, 2)), st.data())
def test_three_way_takes_every_answer_somebody_changed(before, data):
    change = st.dictionaries(st.sampled_from("abcd"), st.integers(0, 2))
    one, two = before | data.draw(change), before | data.draw(change)
    fits, both = three_way(before, one, two)
    for key in set(one) | set(two):
        changed = {d.get(key) for d in (one, two) if d.get(key) != before.get(key)}
        if len(changed) == 2:
            assert not fits
        elif fits:
            assert both[key] == (changed.pop() if changed else before[key])


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 9), st.sets(st.integers(0, 9)))))
def test_heads_are_exactly_what_nobody_replaced(story):
    """For any story: an op's value is a head if and only if no op in the log names it."""
    now, log = (), []
    for place, (value, _, seen) in enumerate(story):
        base = {log[i].dot for i in seen if i < len(log)}
        new = head(f"1.{place + 1}", value)
        now = meet(now, new, base).heads
        log.append(new)
    replaced = {log[i].dot for place, (_, _, seen) in enumerate(story) for i in seen if i < place}
    assert {h.dot for h in now} == {h.dot for h in log} - replaced


@given(st.lists(st.integers(0, 3), min_size=2, max_size=4))
def test_the_order_of_arrival_changes_no_value(drawn):
    ops = [head(f"{place}.1", value) for place, value in enumerate(drawn, start=1)]
    ends = set()
    for order in permutations(ops):
        now = ()
        for one in order:
            now = meet(now, one, ()).heads
        ends.add(frozenset((h.dot, h.value) for h in now))
    assert len(ends) == 1


def test_clash_is_about_values_not_about_dots():
    assert not clashes(heads(A, ("2.1", "a")))
    assert clashes(heads(A, B))
    assert same_value({"a": 1, "b": 2}, {"b": 2, "a": 1})
