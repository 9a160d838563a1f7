"""Formulas by themselves: reading, types, dates as days, faults with their place."""

from __future__ import annotations

import math
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forms.engine.xpath.closures import Compiler
from forms.engine.xpath.dates import Calendar
from forms.engine.xpath.errors import FormulaError, FormulaFault, FormulaSyntax
from forms.engine.xpath.parser import parse
from forms.engine.xpath.tree import ELEMENT, Node
from forms.engine.xpath.types import Here, Surroundings, text_of_number, text_of_value
from forms.values import LONDON

NOON = datetime(2026, 6, 1, 23, 30, tzinfo=UTC)  # 00:30 on 2 June in London


def worked_out(formula):
    around = Surroundings(Calendar(LONDON), lambda: NOON)
    node = Node(ELEMENT, "data")
    return Compiler({}).value(parse(formula))(Here(node, around))


EXAMPLES = [
    ("1 + 2 * 3", "7"),
    ("(1 + 2) * 3", "9"),
    ("-2 - -3", "1"),
    ("7 mod 3", "1"),
    ("1 div 0", "Infinity"),
    ("0 div 0", "NaN"),
    ("round(2.345, 2)", "2.35"),
    ("round(-1.5)", "-2"),
    ("round(1234, -2)", "1200"),
    ("round('14,6')", "15"),
    ("round(2.5, 400)", "2.5"),
    ("round(2.5, -400)", "0"),
    ("round(12345678901234, 15)", "12345678901234"),
    ("number('1,200')", "NaN"),
    ("string(0.1 + 0.2)", "0.30000000000000004"),
    ("string(1000000 * 1000000)", "1000000000000"),
    ("today()", "2026-06-02"),
    ("string(today())", "2026-06-02"),
    ("today() - date('2026-06-01')", "1"),
    ("date('2026-03-29') - date('2026-03-28')", "1"),
    ("date('2026-02-28') + 1 = date('2026-03-01')", "true"),
    ("date(today() + 10)", "2026-06-12"),
    ("'2026-06-01' < today()", "true"),
    ("number('1970-01-02')", "1"),
    ("format-date('2026-06-02', '%e %b %Y')", "2 Jun 2026"),
    ("if(1 > 2, 'a', 'b')", "b"),
    ("coalesce('', 'x')", "x"),
    ("concat('a', 1, true())", "a1true"),
    ("selected('a b c', 'b')", "true"),
    ("selected-at('a b c', 2)", "c"),
    ("count-selected('a b')", "2"),
    ("substr('hello', 1, 3)", "el"),
    ("translate('bar', 'abc', 'AB')", "BAr"),
    ("normalize-space('  a  b ')", "a b"),
    ("regex('AB1', '^[A-Z]+[0-9]$')", "true"),
    ("true() and not(false())", "true"),
    ("'' = false()", "true"),
    ("checklist(1, 2, true(), false())", "true"),
    ("max(1, 3, 2)", "3"),
    ("join('-', 'a', 'b')", "a-b"),
    ("intersects('0 0;1 1;1 0;0 1')", "true"),
    ("intersects('0 0;1 0;1 1;0 1;0 0')", "false"),
    ("intersects('0 0;0 2;0 1')", "false"),
    ("distance('0 0;0 90')", "10018696.05"),
    ("geofence('0.5 0.5', '0 0;0 1;1 1;1 0;0 0')", "true"),
    ("boolean-from-string('1')", "true"),
    ("digest('abc', 'MD5', 'hex')", "900150983cd24fb0d6963f7d28e17f72"),
]  # fmt: skip


@pytest.mark.parametrize(("formula", "wanted"), EXAMPLES)
def test_examples(formula, wanted):
    assert text_of_value(worked_out(formula)) == wanted


@pytest.mark.parametrize(
    ("formula", "start", "words"),
    [
        ("1 +", 3, "ends"),
        ("1 == 2", 3, "expected a name, found '='"),
        ("(1", 2, "ends where ')'"),
        ("'abc", 0, "never closed"),
        ("a b", 2, "expected the end"),
        ("1 & 2", 2, "means nothing"),
        ("", 0, "empty"),
        ("a[1", 3, "']'"),
        ("wrong::a", 0, "no axis"),
        ("$x", 0, "variable"),
    ],
)
def test_what_cannot_be_read_says_where(formula, start, words):
    with pytest.raises(FormulaSyntax) as caught:
        parse(formula)
    assert caught.value.start == start
    assert words in caught.value.message


def test_nesting_has_an_end_and_chains_do_not():
    with pytest.raises(FormulaSyntax, match="too deep"):
        parse("(" * 200 + "1" + ")" * 200)
    assert worked_out(" + ".join(["1"] * 900)) == 900
    assert worked_out(" and ".join(["1 = 1"] * 900)) is True


def test_a_formula_that_meets_the_wrong_thing_is_a_fault():
    for formula in ("count('a')", "nothing()", "substr('a')", "date('never')", "regex('a', '(')"):
        with pytest.raises(FormulaFault):
            worked_out(formula)


def test_an_untaken_branch_does_no_harm():
    assert worked_out("if(true(), 1, nothing())") == 1


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="ab1 '\"()[]/.@*+-=<>!|,$:orandiv", max_size=30))
def test_any_text_is_a_formula_or_a_fault_with_words(text):
    fault = None
    try:
        worked_out(text)
    except FormulaError as caught:
        fault = caught
    assert fault is None or (fault.message and 0 <= fault.start <= len(text))


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e14, max_value=1e14))
def test_a_number_survives_being_written(number):
    written = text_of_number(number)
    assert "e" not in written
    assert math.isclose(float(written), number, rel_tol=1e-15, abs_tol=1e-300)


def test_a_text_of_the_form_can_be_taken_as_a_list():
    around = Surroundings(Calendar(LONDON), lambda: NOON)
    node = Node(ELEMENT, "data")
    count = Compiler({}).value(parse("count(jr:itext('x'))"))
    with pytest.raises(FormulaFault, match="cannot be taken as a list"):
        count(Here(node, around))
    around.itext_nodes = lambda name: [node] if name == "x" else []
    assert count(Here(node, around)) == 1.0
