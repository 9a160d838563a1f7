"""Random forms: the order of answers never matters, and working out again changes nothing."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from forms.engine.evaluation import Evaluation
from forms.engine.session import FormSession
from forms.engine.xform_reader import read_form
from forms.values import SetClock
from tests.forms.engine.test_session_properties import state, without_ids

CLOCK = SetClock(datetime(2026, 11, 20, 12, tzinfo=UTC))
VALUES = ("", "0", "1", "3", "7", "yes", "2026-11-20")
QUESTIONS = 7
LINES = 3

# what a formula may read: earlier questions, calculations and lines, so that nothing waits for
# itself; {0} and {1} are two of them
SHAPES = (
    "{0} > 2", "{0} = 'yes' or {1} != ''", "{0} != '' and {1} < 5", "not({0} = {1})",
    "count(/data/line[n > 1]) > 1", "coalesce({0}, {1}) != '3'", "{0} < {1}",
)  # fmt: skip
SUMS = (
    "{0} + {1}", "concat({0}, '-', {1})", "if({0} > 2, {1}, 'none')", "coalesce({0}, {1})",
    "sum(/data/line/twice)", "count-non-empty(/data/line/n)", "round({0} div 3, 1)",
)  # fmt: skip


def pair(known):
    return st.tuples(st.sampled_from(known), st.sampled_from(known))


@st.composite
def forms(draw):
    """A form of questions, conditions on some, calculations between them, and a repeat."""
    names, binds, body, known = "", "", "", ["1"]
    for number in range(QUESTIONS):
        path = f"/data/q{number}"
        names += f"<q{number}/>"
        relevant = ""
        if draw(st.booleans()):
            shape = draw(st.sampled_from(SHAPES)).format(*draw(pair(known)))
            relevant = f' relevant="{escaped(shape)}"'
        binds += f'<bind nodeset="{path}"{relevant} constraint=". != \'7\'"/>'
        body += f'<input ref="{path}"><label>Q</label></input>'
        known.append(path)
        if draw(st.booleans()):
            shape = draw(st.sampled_from(SUMS)).format(*draw(pair(known)))
            names += f"<c{number}/>"
            binds += f'<bind nodeset="/data/c{number}" calculate="{escaped(shape)}"/>'
            known.append(f"/data/c{number}")
    shown = draw(st.sampled_from(("", f' relevant="{escaped(draw(st.sampled_from(known)))} = 1"')))
    if "/data/" in shown:  # the lines are read by what may decide whether they are shown
        shown = shown if "line" not in binds else ""
    line = "<line><n/><twice/><first/></line>"
    binds += f'<bind nodeset="/data/line"{shown}/>'
    binds += '<bind nodeset="/data/line/twice" calculate="../n * 2 + position(..)"/>'
    binds += '<bind nodeset="/data/line/first" relevant="../n &gt; /data/line[1]/n"/>'
    body += (
        '<group ref="/data/line"><repeat nodeset="/data/line"><input ref="/data/line/n"/>'
        '<input ref="/data/line/first"/></repeat></group>'
    )
    return (
        '<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml">'
        f"<h:head><model><instance><data id='r'>{names}{line}</data></instance>{binds}</model>"
        f"</h:head><h:body>{body}</h:body></h:html>"
    )


def escaped(text):
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def opened(xform, xml=None):
    session = FormSession(read_form(xform), clock=CLOCK, instance_xml=xml)
    while xml is None and len(session.node("/data/line").all_nodes) < LINES:
        session.add_repeat("/data/line")
    return session


def everything(session):
    """Work out every formula again, at every node."""
    session._evaluation.sweep()
    return session._close()


REFS = tuple(
    [f"/data/q{number}" for number in range(QUESTIONS)]
    + [f"/data/line[{place}]/{name}" for place in range(1, LINES + 1) for name in ("n", "first")]
)
ANSWERS = st.dictionaries(st.sampled_from(REFS), st.sampled_from(VALUES), min_size=2)


@settings(max_examples=60, deadline=None)
@given(forms(), ANSWERS, st.randoms(use_true_random=False))
def test_the_order_of_answers_never_matters(xform, answers, dice):
    one, other = opened(xform), opened(xform)
    items = list(answers.items())
    for ref, text in items:
        one.answer(ref, text)
    dice.shuffle(items)
    for ref, _ in items:
        other.answer(ref, dice.choice(VALUES))  # an answer changed later leaves no trace either
    for ref, text in items:
        other.answer(ref, text)
    assert without_ids(one.to_xml()) == without_ids(other.to_xml())
    first, second = state(one), state(other)
    for each in (first, second):
        each.pop(("/data/meta/instanceID", "calculate"))
    assert first == second


@settings(max_examples=60, deadline=None)
@given(forms(), st.lists(st.tuples(st.sampled_from(REFS), st.sampled_from(VALUES)), max_size=20))
def test_working_out_again_changes_nothing(xform, answers):
    session = opened(xform)
    for ref, text in answers:
        session.answer(ref, text)
        before = state(session)
        assert not everything(session)
        assert state(session) == before


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("answer"), st.sampled_from(REFS), st.sampled_from(VALUES)),
        st.tuples(st.just("add"), st.integers(1, 4), st.just("")),
        st.tuples(st.just("remove"), st.integers(1, 4), st.just("")),
        st.tuples(st.just("undo"), st.just(0), st.just("")),
    ),
    max_size=20,
)


def act(session, what, where, text):
    lines = len(session.node("/data/line").all_nodes)
    if what == "undo":
        session.undo()
    elif what == "add" and lines < 5:
        session.add_repeat("/data/line", place=min(where, lines + 1))
    elif what == "remove" and where <= lines:
        session.remove_repeat(f"/data/line[{where}]")
    elif what == "answer" and (not where.startswith("/data/line") or int(where[11]) <= lines):
        session.answer(where, text)


@settings(max_examples=60, deadline=None)
@given(forms(), STEPS)
def test_step_by_step_equals_from_scratch(xform, steps):
    session = opened(xform)
    for step in steps:
        act(session, *step)
        assert not everything(session)
    again = opened(xform, session.to_xml())
    assert state(again) == state(session)


def test_the_properties_would_notice_a_reader_that_is_forgotten(monkeypatch):
    """The proof: with the spreading of changes off, working out again does change something."""
    xform = (
        '<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml">'
        "<h:head><model><instance><data id='f'><a/><b/></data></instance>"
        "<bind nodeset='/data/b' calculate='/data/a + 1'/></model></h:head>"
        "<h:body><input ref='/data/a'/></h:body></h:html>"
    )
    session = FormSession(read_form(xform), clock=CLOCK)
    session.answer("/data/a", "1")
    assert not everything(session)
    monkeypatch.setattr(Evaluation, "changed", lambda _self, _node: None)
    session.answer("/data/a", "2")
    assert everything(session)
