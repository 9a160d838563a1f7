"""Patterns in forms: what fits, and what is never let near a text."""

from __future__ import annotations

import pytest

from forms.engine.xpath.errors import FormulaFault
from forms.engine.xpath.patterns import fits, pattern_of


@pytest.mark.parametrize(
    ("pattern", "text", "fit"),
    [
        ("^[0-9]{5}$", "12345", True),
        ("^[0-9]{5}$", "1234", False),
        ("^[^@ ]+@[^@ ]+[.][^@ ]+$", "ann@example.org", True),
        ("^(yes|no)$", "no", True),
        ("^[A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][A-Z]{2}$", "CT20 1AA", True),
        (r"^\d+\.\d{2}$", "112.00", True),
        ("^([0-9]{3})-([0-9]{3})$", "123-456", True),
        (r"^\(a+\)*$", "(aa)))", True),
        ("^[(a+)+]+$", "a+(", True),
        ("^a+$", "a" * 1_001, False),
    ],
)
def test_what_fits(pattern, text, fit):
    assert fits(text, pattern) is fit


@pytest.mark.parametrize(
    "pattern",
    [
        "(a+)+$", "(a*)*$", "((a+))+$", "(a|aa)+$", "(x+x+)+y", "([a-z]+)*$", "(a{1,50}){1,50}$",
        "(?:a+)+$", "(a+){2,}$", r"(.*)\1+(b|c)*",
    ],
)  # fmt: skip
def test_what_could_run_for_ever_is_tried_on_very_short_texts_only(pattern):
    assert pattern_of(pattern).nested
    assert pattern_of(pattern).longest == 20
    assert not fits("a" * 50_000 + "!", pattern)


def test_repeats_three_deep_are_refused():
    with pytest.raises(FormulaFault, match="for ever"):
        pattern_of("(((a+)+)+)+$")


def test_a_telephone_pattern_as_people_write_them_still_works():
    pattern = "^(([0-9]{1})*[- .(]*([0-9]{3})[- .)]*[0-9]{3}[- .]*[0-9]{4})+$"
    assert fits("07700900123", pattern)
    assert not fits("none", pattern)


def test_many_repeats_in_a_row_are_tried_on_short_texts_only():
    slow = "^" + "[a-z]*" * 8 + "!$"
    assert pattern_of(slow).longest == 60
    assert fits("a" * 20 + "!", slow)
    assert not fits("a" * 100_000, slow)


@pytest.mark.parametrize("pattern", ["(", "[", "*a", "a{99999999999}"])
def test_what_is_no_pattern_says_so(pattern):
    with pytest.raises(FormulaFault, match="cannot be read"):
        pattern_of(pattern)
