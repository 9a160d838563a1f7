"""What must hold of any session whatever is answered: the same as from scratch, and undoable."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from forms.engine.library import load_form
from forms.engine.session import FormSession
from forms.values import SetClock

CLOCK = SetClock(datetime(2026, 11, 20, 12, tzinfo=UTC))
FORMS = ("seed_claim", "idea_check", "activity_return", "first_conversation", "enquiry")
SAMPLES = ("", "0", "3", "12.50", "2026-11-20", "x", "yes", "31/02/2026", "-1", "999999999999")
ACTIONS = st.lists(st.tuples(st.integers(0, 400), st.integers(0, 400)), max_size=25)


def state(session, *, problems=False):
    found = {}
    queue = [session.root]
    while queue:
        node = queue.pop()
        queue.extend(node.all_nodes)
        choices = tuple(choice.value for choice in node.choices) if node.relevant else ()
        shown = problems and node.problem is not None
        problem = node.problem.message if shown else ""
        flags = (node.relevant, problem, node.required, node.readonly, node.violation)
        found[node.ref, node.kind] = (node.value, node.label, *flags, choices)
    return found


def nodes_of(session):
    found = []
    queue = [session.root]
    while queue:
        node = queue.pop(0)
        queue.extend(node.all_nodes)
        if node.kind not in {"root", "group", "note", "calculate"} and "/meta" not in node.ref:
            found.append(node)
    return found


def act(session, first, second):
    nodes = nodes_of(session)
    node = nodes[first % len(nodes)]
    if node.kind == "repeat":
        if len(node.all_nodes) < 4:
            session.add_repeat(node.ref)
    elif node.kind == "instance":
        if second % 2:
            session.remove_repeat(node.ref)
    elif node.choices and second % 3:
        session.answer(node.ref, node.choices[second % len(node.choices)].value)
    else:
        session.answer(node.ref, SAMPLES[second % len(SAMPLES)])


def without_ids(xml):
    return re.sub(r"uuid:[0-9a-f-]+", "", xml)


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(FORMS), ACTIONS)
def test_step_by_step_comes_to_the_same_as_from_scratch(form, actions):
    session = FormSession(load_form("kent", form), clock=CLOCK)
    for first, second in actions:
        act(session, first, second)
    again = FormSession(load_form("kent", form), clock=CLOCK, instance_xml=session.to_xml())
    assert state(again) == state(session)
    assert again.to_xml() == session.to_xml()


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(FORMS), ACTIONS)
def test_undo_takes_everything_back(form, actions):
    session = FormSession(load_form("kent", form), clock=CLOCK)
    before, xml = state(session), session.to_xml()
    for first, second in actions:
        act(session, first, second)
    for _ in range(len(actions)):
        session.undo()
    assert without_ids(session.to_xml()) == without_ids(xml)
    assert state(session) == before


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(FORMS), ACTIONS)
def test_a_change_set_names_every_node_that_changed(form, actions):
    session = FormSession(load_form("kent", form), clock=CLOCK)
    session.validate()
    for first, second in actions:
        before = state(session, problems=True)
        nodes = nodes_of(session)
        node = nodes[first % len(nodes)]
        if node.kind in {"repeat", "instance"} or node.choices:
            continue
        changes = session.answer(node.ref, SAMPLES[second % len(SAMPLES)])
        after = state(session, problems=True)
        told = set(changes.refs())
        for key in after:
            if before[key] != after[key]:
                assert key[0] in told
