"""Whatever is written as a formula or a workbook: a value or a problem, never a fault or a wait."""

from __future__ import annotations

import random
import warnings
from datetime import UTC, datetime
from functools import partial
from time import process_time

import pytest

from build_spec import make_workbooks
from forms.engine.compile_worker import answered
from forms.engine.lint import lint
from forms.engine.problems import FormRefused
from forms.engine.refs import FormBinder
from forms.engine.session import FormSession
from forms.engine.shapes import Shapes, run_of
from forms.engine.sources import read_workbook
from forms.engine.xform_reader import read_form
from forms.engine.xpath.closures import Compiler
from forms.engine.xpath.dates import Calendar
from forms.engine.xpath.errors import FormulaError
from forms.engine.xpath.parser import parse
from forms.engine.xpath.patterns import fits
from forms.engine.xpath.tree import ELEMENT, ROOT, Node
from forms.engine.xpath.types import Here, Surroundings
from forms.values import LONDON, SetClock
from tests.forms.engine.garble import damaged, damaged_archive, damaged_table, formula

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
SLOWEST = 5.0  # seconds for one formula, on a machine that does other things too
WORKBOOK_SLOWEST = 30.0
KNOWN = (
    FormulaError,
    ArithmeticError,
    ValueError,
    RecursionError,
)  # what a session turns into a problem


def _node(parent, name, text=""):
    node = parent.add(Node(ELEMENT, name))
    node.text = text
    return node


def _place():
    top = Node(ROOT)
    data = _node(top, "data")
    _node(data, "a", "3")
    here = _node(data, "b", "yes no")
    for text in ("1", "", "2026-11-20"):
        _node(_node(data, "line"), "q", text)
    lists = Node(ELEMENT, "instance")
    items = _node(lists, "root")
    for name in ("1", "3", "x"):
        item = _node(items, "item")
        _node(item, "name", name)
        _node(item, "label", f"Item {name}")
    around = Surroundings(Calendar(LONDON), lambda: NOON)
    around.root, around.instances = top, {"l": lists}
    return Here(here, around)


def _outcome(way, text, here):
    """The value of a formula, or the fault that a session shows as a problem."""
    try:
        return way(parse(text))(here)
    except KNOWN as fault:
        return fault


def _formulas(count, seed):
    here = _place()
    dice = random.Random(seed)  # noqa: S311 - the same formulas every time
    compiler = Compiler({})
    ways = (compiler.value, compiler.text, compiler.number, compiler.truth, compiler.nodes)
    good = 0
    for number in range(count):
        text = formula(dice)
        if number % 3 == 0:
            text = damaged(dice, text)
        begun = process_time()
        try:
            found = _outcome(ways[number % 5], text, here)
        except Exception as fault:
            raise AssertionError(f"seed {seed}, number {number}: {text!r}") from fault
        assert process_time() - begun < SLOWEST, text
        assert isinstance(found, float | str | bool | list) or str(found), text
        good += not isinstance(found, Exception)
        parse.cache_clear()
    return good


def test_a_random_formula_gives_a_value_or_a_problem():
    assert _formulas(10_000, 1) > 2_000


@pytest.mark.long
@pytest.mark.timeout(1_200)
def test_a_hundred_thousand_random_formulas():
    good = _formulas(100_000, 2)
    print(f"formulas: 100000, of them {good} with a value, the others with a problem")


def _by_shape_and_by_itself(count, seed):
    """How many random formulas have a shape; every one of them comes to the same both ways."""
    form = read_form(_xform("1"))
    session = FormSession(form, clock=SetClock(NOON))
    session.answer("/data/a", "3")
    node, around = session._live("/data/b"), session._around
    node.text = "yes no"
    around.new_id = lambda: "0" * 36  # else no id is like another
    shapes, binder = Shapes(form.prefixes, form.root), FormBinder(node.d, form.root)
    dice = random.Random(seed)  # noqa: S311 - the same formulas every time
    shaped = 0
    for number in range(count):
        text = formula(dice, 3)
        if number % 3 == 0:
            text = damaged(dice, text)
        kind = ("calculate", "relevant", "count", "constraint")[number % 4]
        found = shapes.of(kind, text)
        parse.cache_clear()
        if found is None:
            continue
        shaped += 1
        here = Here(node, around, params=found.params)
        one = _outcome(lambda _, run=found.shape.run: run, text, here)
        way = partial(run_of, Compiler(form.prefixes, binder), kind=kind)
        other = _outcome(way, text, Here(node, around))
        if isinstance(one, Exception) and isinstance(other, Exception):
            continue
        same = one == other or (one != one and other != other)
        assert same, (text, one, other)
        assert type(one) is type(other), (text, one, other)
    return shaped


def test_a_random_formula_comes_to_the_same_by_its_shape():
    assert _by_shape_and_by_itself(6_000, 7) > 1_000


@pytest.mark.long
@pytest.mark.timeout(1_200)
def test_a_hundred_thousand_random_formulas_come_to_the_same_by_their_shapes():
    shaped = _by_shape_and_by_itself(100_000, 8)
    print(f"formulas: 100000, of them {shaped} with a shape, which means the same")


def _xform(text):
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    binds = f'<bind nodeset="/data/c" calculate="{escaped}"/><bind nodeset="/data/a" '
    binds += f'relevant="{escaped}" constraint="{escaped}" required="{escaped}"/>'
    return (
        '<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml">'
        "<h:head><model><instance><data id='f'><a/><b/><c/><line><q/></line></data></instance>"
        f"{binds}</model></h:head><h:body><input ref='/data/a'><label>A</label></input>"
        "<group ref='/data/line'><repeat nodeset='/data/line'><input ref='/data/line/q'/></repeat>"
        "</group></h:body></h:html>"
    )


def _opened(text):
    try:
        return FormSession(read_form(_xform(text)), clock=SetClock(NOON))
    except FormRefused as refusal:
        return refusal


LONG = tuple(
    sign.join([term] * 3_000)
    for sign, term in (
        (" + ", "/data/b"), (" and ", "/data/b = 1"), (" or ", "/data/b = 1"), (" | ", "/data/b"),
        (" - ", "/data/b"), (" = ", "1"), (" * ", "/data/line/q"),
    )
)  # fmt: skip


@pytest.mark.parametrize("text", [*LONG, "-" * 3_000 + "1"], ids=range(len(LONG) + 1))
def test_a_form_with_a_very_long_formula_opens_and_is_told_what_is_too_deep(text):
    session = _opened(text)
    if isinstance(session, FormRefused):
        assert all(problem.message for problem in session.problems)
        return
    session.answer("/data/b", "2")
    cell = text.replace(" | ", " + ").replace("/data/line/q", "1").replace("/data/b", "2")
    book = f"| survey | | | |\n| | type | name | calculation |\n| | calculate | c | {cell} |\n"
    told = {problem.code for problem in lint(read_workbook(book.encode(), "long.md"))}
    assert ("formula-too-deep" in told) == bool(session.faults)


def test_a_form_with_a_random_formula_opens_and_takes_answers():
    dice = random.Random(3)  # noqa: S311 - the same formulas every time
    opened = 0
    for number in range(300):
        text = formula(dice, 3).replace("\x00", "")
        if number % 3 == 0:
            text = damaged(dice, text).replace("\x00", "")
        session = _opened(text)
        if isinstance(session, FormRefused):
            assert all(problem.message for problem in session.problems)
            continue
        opened += 1
        for ref, said in (("/data/a", "7"), ("/data/b", "x"), ("/data/line[1]/q", "2")):
            session.answer(ref, said)
        session.add_repeat("/data/line")
        session.undo()
        session.validate()
        assert session.node("/data/b").value == "x"
    assert opened > 100


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("^(a+)+$", "a" * 40 + "!"),
        ("^(a|a)*$", "a" * 40 + "!"),
        ("^(a*)*b", "a" * 40),
        ("^(.*)(.*)(.*)(.*)(.*)x$", "a" * 3_000),
        ("(x+x+)+y", "x" * 60),
        ("^([a-zA-Z0-9])(([-.]|[_]+)?([a-zA-Z0-9]+))*$", "a" * 50 + "!"),
    ],
)
def test_a_pattern_that_would_run_for_ever_is_stopped(pattern, text):
    begun = process_time()
    found = _outcome(lambda _: lambda _: fits(text, pattern), "1", None)
    assert found is False or "for ever" in str(found)
    assert process_time() - begun < SLOWEST


def _workbooks(count, seed):
    dice = random.Random(seed)  # noqa: S311 - the same workbooks every time
    sources = sorted(make_workbooks.LIBRARY.glob("*.md"))
    texts = [source.read_text("utf-8") for source in sources]
    kent = sorted((make_workbooks.PACKS / "kent" / "forms").glob("*.xlsx"))
    archives = [path.read_bytes() for path in kent]
    made = 0
    for number in range(count):
        if number % 4 == 3:
            data, name = damaged_archive(dice, dice.choice(archives)), "a.xlsx"
        else:
            data, name = damaged_table(dice, dice.choice(texts)).encode(), "a.md"
        begun = process_time()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl's remarks on damaged files
            try:
                answer = answered(data, name)
            except Exception as fault:
                raise AssertionError(f"seed {seed}, number {number}, {name}") from fault
        assert process_time() - begun < WORKBOOK_SLOWEST
        assert answer["form"] is not None or answer["problems"]
        assert all(problem["message"] for problem in answer["problems"])
        made += answer["form"] is not None
    return made


def test_a_damaged_workbook_gives_a_form_or_problems():
    _workbooks(150, 4)


@pytest.mark.long
@pytest.mark.timeout(3_000)
def test_two_thousand_damaged_workbooks():
    made = _workbooks(2_000, 5)
    print(f"workbooks: 2000, of them {made} still a form, the others told in words")


EXTREMES = (
    "(" * 5_000, "(" * 60 + "1" + ")" * 60, "(" * 3_000 + "1" + ")" * 3_000, "-" * 5_000 + "1",
    "not(" * 2_000 + "true()" + ")" * 2_000, "if(" * 500 + "1,1,1" + ",1,1)" * 500,
    " + ".join(["1"] * 20_000), " and ".join(["1 = 1"] * 10_000), " = ".join(["1"] * 5_000),
    "/".join(["a"] * 5_000), "/data" + "[1]" * 3_000, "a" + "[a" * 1_500 + "]" * 1_500,
    "9" * 5_000, "string(" + "9" * 400 + ")", "1." + "1" * 5_000, "'" + "x" * 99_000 + "'",
    "x" * 99_999, "y" * 100_001, "//" * 3_000 + "a", "|".join(["//q"] * 2_000),
    "round(" + "9" * 308 + ", 300)", "round(1, 9999999999)", "round(1.5, -400)", "exp10(400)",
    "pow(10, 400)", "pow(-1, 0.5)", "substr('abc', 1, 1e300)", "substr('abc', -99999999999)",
    "selected-at('a b', 99999999999999999999)", "format-date('0000-00-00', '%Y')", "date(1e9)",
    "date(-1000000000)", "decimal-date-time('9999-12-31T23:59:59.999-14:00')", "int('-Infinity')",
    "format-date(date(99999999), '%Y-%m-%d')", "translate('abc', 'abc', '')", "concat()",
    "indexed-repeat(/data/line/q, /data/line, 99999999999)", "indexed-repeat(1, 2, 3)",
    "/data/line[99999999999999999999]/q", "/data/line[-1]/q", "/data/line[0.5]/q",
    "randomize(/data/line/q, 'seed')", "digest('x', 'MD9')", "digest('x', 'SHA-256', 'base9')",
    "base64-decode('%%%')", "join(',', /data/line/q, //q, 'x')", "area('1 1;2 2;91 3')",
    "geofence('1 1', '1 1')", "checklist(-1, 2, 1, 1)", "weighted-checklist(-1, 2, 1)",
    "regex('aaaa', '(?P<a>x)(?P=a)(?R)')", "regex('a', '(((((((((((a)))))))))))\\12')",
    "regex('a', 'a{99999}{99999}')", "regex('x', '(?<=a*)b')", "uuid(99999999)", "uuid(-1)",
    "date(1000000000)", "number('٣')", "substr('😀😀', 1)", "'\ud800'", "string-length('\ud800')",
    "\ufeff1", "1\u00a0+ 1",
    "once(once(once(1)))", "current()/current()", "position(1)", "last(1)", "count(1)", "sum('a')",
    "1 div 0 mod 0", "-(1 div 0) mod 3", "0 * (1 div 0)", "jr:itext(/data)",
    "jr:choice-name(1, 2)",
    "pulldata('none', 'a', 'b', 'c')", "instance('none')/root", "self::node()", "namespace::*",
    "comment()", "processing-instruction('x')", "text()", "child::text()/..", "@*", "*:*", "a:b:c",
)  # fmt: skip


@pytest.mark.parametrize("text", EXTREMES, ids=range(len(EXTREMES)))
def test_an_extreme_formula_gives_a_value_or_a_problem(text):
    here = _place()
    compiler = Compiler({})
    for way in (compiler.value, compiler.nodes):
        begun = process_time()
        found = _outcome(way, text, here)
        assert isinstance(found, float | str | bool | list) or str(found)
        assert process_time() - begun < SLOWEST
