"""Check the arithmetic: every figure of the papers, and verdicts that are never read."""

import json
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.rules.arithmetic import (
    FiguresError,
    FormulaError,
    check_rows,
    compute,
    recompute_file,
    verdict,
)
from tests.forms.rules.making import cases

ROWS = cases("arithmetic.toml")["row"]
DOMAIN = Path(__file__).resolve().parents[4] / "shared" / "domain" / "arithmetic.json"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_figure_of_a_paper(row):
    told = {key: value for key, value in row.items() if key not in ("verdict", "recomputed")}
    (checked,) = check_rows([told])
    assert (checked.recomputed, checked.verdict) == (row["recomputed"], row["verdict"])
    assert checked.stated == row["stated"]


def test_a_verdict_in_the_file_is_never_read():
    lying = [row | {"verdict": "EXACT", "recomputed": "0.00"} for row in ROWS]
    assert check_rows(lying) == check_rows(ROWS)


def test_another_stated_figure_gives_another_verdict():
    row = next(row for row in ROWS if row["id"] == "A04")
    assert check_rows([row])[0].verdict == "INCONSISTENT"
    assert check_rows([row | {"stated": "938774.25"}])[0].verdict == "EXACT"
    assert check_rows([row | {"stated": "938774"}])[0].verdict == "NEAR"
    assert check_rows([row | {"stated": ""}])[0].verdict == "DERIVED"


def test_our_copy_is_the_same_as_the_file_it_was_taken_from():
    if not DOMAIN.is_file():
        pytest.skip("the file the rows were copied from is not on this machine")
    rows = json.loads(DOMAIN.read_text(encoding="utf-8"))
    assert [{k: str(v) for k, v in row.items()} for row in rows] == ROWS
    checked = recompute_file(DOMAIN)
    assert [one.verdict for one in checked] == [row["verdict"] for row in rows]


@pytest.mark.parametrize(
    ("kind", "stated", "recomputed", "unit", "expected"),
    [
        ("equal", "100", "100.0049", "", "EXACT"),
        ("equal", "100", "100.005", "", "INCONSISTENT"),
        ("equal", "100000", "100001", "", "NEAR"),
        ("equal", "100000", "100001.01", "", "INCONSISTENT"),
        ("equal", "0", "0.01", "", "INCONSISTENT"),
        ("equal", "£1,464,226", "1464226", "", "EXACT"),
        ("scope", "5", "9", "", "DIFFERENT_SCOPE"),
        ("scope", "5", "5", "", "EXACT"),
        ("at_least", "5", "6", "", "CONSISTENT"),
        ("at_least", "5", "4", "", "INCONSISTENT"),
        ("about", "7", "6.5", "1", "ROUNDED"),
        ("about", "6", "6.8", "1", "TRUNCATED"),
        ("about", "8", "6.8", "1", "INCONSISTENT"),
        ("about", "6", "6.8", "", "INCONSISTENT"),
        ("equal", "-2", "-2", "", "EXACT"),
    ],
)
def test_verdict(kind, stated, recomputed, unit, expected):
    assert verdict(kind, stated, Decimal(recomputed), unit) == expected


@pytest.mark.parametrize(
    ("formula", "value"),
    [("1+2*3", "7"), ("(1+2)*3", "9"), ("10-4-3", "3"), ("8/4/2", "1"), ("-3+5", "2"),
     ("2*-3", "-6"), (" 1.5 * 2 ", "3.0"), ("0.1+0.2", "0.3"), ("--4", "4")],
)  # fmt: skip
def test_formula(formula, value):
    assert compute(formula) == Decimal(value)


@pytest.mark.parametrize(
    "formula",
    ["", "1+", "1/0", "2**3", "__import__('os')", "1 2", "(1", "1)", "1e9", "a", "1,000", "0x10",
     "(" * 99 + "1" + ")" * 99, "1+" * 600 + "1", "٣+1", "1//2"],
)  # fmt: skip
def test_a_formula_that_is_not_one_says_so_and_stops_no_other_row(formula):
    with pytest.raises(FormulaError):
        compute(formula)
    bad, good = check_rows([{"formula": formula}, {"id": "B", "formula": "1+1"}])
    assert (bad.id, bad.recomputed, bad.verdict) == ("row 1", "", "CANNOT BE WORKED OUT")
    assert bad.note
    assert (good.recomputed, good.verdict) == ("2.00", "DERIVED")


def test_a_stated_figure_that_is_words():
    (row,) = check_rows([{"id": "X", "stated": "about four million", "formula": "4"}])
    assert (row.verdict, row.note) == (
        "CANNOT BE WORKED OUT",
        "“about four million” is not a figure.",
    )


def test_a_result_beyond_all_bounds():
    (row,) = check_rows([{"formula": "*".join(["9" * 30] * 20)}])
    assert row.verdict == "CANNOT BE WORKED OUT"


def test_a_file_of_figures(tmp_path):
    good = tmp_path / "figures.json"
    good.write_text('[{"id": "A", "stated": 7, "kind": "equal", "formula": "3+4"}]')
    (row,) = recompute_file(good)
    assert row.as_json()["verdict"] == "EXACT"
    assert "note" not in row.as_json()


@pytest.mark.parametrize("text", ["not json", '{"a": 1}', "[1, 2]", "\ufeff{", "[" * 5000])
def test_a_file_that_is_not_of_figures_says_what_to_do(tmp_path, text):
    path = tmp_path / "figures.json"
    path.write_text(text)
    with pytest.raises(FiguresError) as refused:
        recompute_file(path)
    assert str(refused.value).startswith("The file figures.json ")
    with pytest.raises(FiguresError, match="cannot be opened"):
        recompute_file(tmp_path / "absent.json")


NUMBERS = st.integers(1, 9999).map(str)


@given(st.recursive(
    NUMBERS,
    lambda inner: st.tuples(inner, st.sampled_from("+-*"), inner).map(
        lambda t: f"({t[0]}{t[1]}{t[2]})"
    ),
    max_leaves=6,
))  # fmt: skip
def test_it_reckons_as_python_does(formula):
    # literals and + - * only, made just above: safe to reckon with the language itself
    whole = eval(formula, {"__builtins__": {}})  # noqa: S307
    assert compute(formula) == Decimal(whole)
