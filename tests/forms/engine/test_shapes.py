"""Formulas compiled by their shape mean what they mean compiled by themselves."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forms.engine import graph
from forms.engine.session import FormSession
from forms.engine.shapes import Shapes, forget_shapes
from forms.engine.xform_reader import read_form
from forms.values import SetClock
from tests.forms.engine.test_session_properties import state

CLOCK = SetClock(datetime(2026, 11, 20, 12, tzinfo=UTC))
VALUES = ("", "0", "7", "-2", "2.50", "a", "a b", "b", "2026-11-20", "2026-11-21", "NaN", "1e3")
SINGLES = st.sampled_from(("/data/a", "/data/g/b", "/data/g", "/data/c", "."))
NUMBERS = st.sampled_from(("0", "7", "2.5", "-3", "007", ".5"))
TEXTS = st.sampled_from(("''", "'a'", '"b"', "' or '", "'it and (that'", "'7'", "'2026-11-20'"))
TRUTHS = st.recursive(
    st.one_of(
        st.builds(
            "{} {} {}".format,
            st.one_of(SINGLES, TEXTS),
            st.sampled_from(("=", "!=", "<", "<=", ">", ">=")),
            st.one_of(SINGLES, NUMBERS, TEXTS),
        ),
        st.builds("selected({}, {})".format, SINGLES, TEXTS),
        st.builds("{} <= today()".format, SINGLES),
        st.builds("string-length({}) > {}".format, SINGLES, NUMBERS),
        st.builds("count({}) = {}".format, SINGLES, NUMBERS),
        SINGLES,
    ),
    lambda inner: st.one_of(
        st.builds("{} or {}".format, inner, inner),
        st.builds("{} and {}".format, inner, inner),
        st.builds("({} or {}) and {}".format, inner, inner, inner),
        st.builds("not({})".format, inner),
    ),
    max_leaves=5,
)
SUMS = st.one_of(
    st.builds("coalesce({}, {}) + coalesce({}, {}, {})".format, *[SINGLES, NUMBERS] * 2, SINGLES),
    st.builds("round({} * {} div 3, 2)".format, SINGLES, NUMBERS),
    st.builds("concat({}, {}, {}, 1 = 1)".format, SINGLES, TEXTS, NUMBERS),
    st.builds("if({}, {}, if({}, {}, {}))".format, TRUTHS, TEXTS, TRUTHS, NUMBERS, SINGLES),
    st.builds("{} + {}".format, SINGLES, TEXTS),
    st.builds("max({}, {}, -{})".format, SINGLES, NUMBERS, SINGLES),
)


def escaped(text):
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


def form_of(truth, other, total):
    return (
        '<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml">'
        "<h:head><model><instance><data id='s'><a/><g><b/></g><c/><shown/><also/><t/></data>"
        f'</instance><bind nodeset="/data/shown" relevant="{escaped(truth)}"/>'
        f'<bind nodeset="/data/also" relevant="{escaped(other)}" constraint="{escaped(truth)}"/>'
        f'<bind nodeset="/data/t" calculate="{escaped(total)}"/></model></h:head><h:body>'
        + "".join(f'<input ref="/data/{n}"/>' for n in ("a", "g/b", "c", "shown", "also"))
        + "</h:body></h:html>"
    )


def played(xform, answers):
    session = FormSession(read_form(xform), clock=CLOCK)
    found = []
    for ref, text in answers:
        session.answer(ref, text)
        seen = state(session, problems=True)
        seen.pop(("/data/meta/instanceID", "calculate"))
        found.append(seen)
    return found


ANSWERS = st.lists(
    st.tuples(
        st.sampled_from(("/data/a", "/data/g/b", "/data/c", "/data/also")),
        st.sampled_from(VALUES),
    ),
    min_size=1,
    max_size=8,
)


@settings(max_examples=150, deadline=None)
@given(TRUTHS, TRUTHS, SUMS, ANSWERS)
def test_a_shape_means_what_the_formula_means_by_itself(truth, other, total, answers):
    xform = form_of(truth, other, total)
    by_shape = played(xform, answers)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Shapes, "of", lambda *_: None)
        by_itself = played(xform, answers)
    assert by_shape == by_itself


def program_of(*formulas):
    forget_shapes()
    binds = "".join(
        f'<bind nodeset="/data/q{at}" relevant="{escaped(formula)}"/>'
        for at, formula in enumerate(formulas)
    )
    names = "".join(f"<q{at}/>" for at in range(len(formulas)))
    xform = (
        '<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml">'
        f"<h:head><model><instance><data id='s'><a/><b/><line><n/></line>{names}</data></instance>"
        f"{binds}</model></h:head><h:body><input ref='/data/a'/><input ref='/data/b'/>"
        "<group ref='/data/line'><repeat nodeset='/data/line'><input ref='/data/line/n'/></repeat>"
        "</group></h:body></h:html>"
    )
    return read_form(xform).program


def test_what_differs_in_names_and_constants_alone_is_compiled_once():
    program = program_of("/data/a > 3", "/data/b > 17", "/data/a > 2.5", "/data/a >= 3")
    runs = {computation.formula: computation.run for computation in program.computations}
    assert runs["/data/a > 3"] is runs["/data/b > 17"] is runs["/data/a > 2.5"]
    assert runs["/data/a >= 3"] is not runs["/data/a > 3"]


@pytest.mark.parametrize(
    "formula",
    [
        "/data/line/n > 3", "count(/data/line) > 3", "/data/line[1]/n > 3", "../a > 3",
        "position(..) > 3", "/data/nobody > 3", "current()/../a > 3", "//a > 3", "/data/* > 3",
        "/data/a/.. > 3", "count(/data/a | /data/b) > 3",
    ],
)  # fmt: skip
def test_what_looks_further_is_compiled_by_itself(formula, monkeypatch):
    seen = []
    real = graph._Formulas._by_itself
    monkeypatch.setattr(graph._Formulas, "_by_itself", lambda *a: seen.append(a[-1]) or real(*a))
    program_of(formula)
    assert seen == [formula]


def test_the_comparison_would_notice_a_param_that_is_mixed_up(monkeypatch):
    """The proof: with two params changed round, the same form ends otherwise."""
    xform = form_of("/data/a = 'a' or /data/c = 'b'", "1 = 1", "/data/a")
    answers = [("/data/a", "a"), ("/data/c", "7")]
    right = played(xform, answers)
    real = Shapes.of

    def mixed(self, kind, formula):
        found = real(self, kind, formula)
        if found is None or not found.shape.parts:
            return found
        (first, (one, word)), (second, (other, wanted)) = found.params
        return found._replace(params=((first, (other, word)), (second, (one, wanted))))

    monkeypatch.setattr(Shapes, "of", mixed)
    assert played(xform, answers) != right
