"""A signature is whole only with its own words, their hash, a name, a time and a hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.facts.casework import Signature
from forms.rules.signatures import (
    MAX_STROKES,
    faults,
    stroke_points,
    stroke_text,
    wording_hash,
)

WORDS = "We talked about these things today."
SIGNED = Signature(
    id="s-1",
    enterprise_id="e-1",
    about="visit",
    wording=WORDS,
    wording_sha256=wording_hash(WORDS),
    name="Mary Thorne",
    signed_at=datetime(2026, 11, 20, 14, tzinfo=UTC),
)
points = st.lists(st.tuples(st.integers(0, 1000), st.integers(0, 1000)), min_size=1, max_size=40)


@given(points)
def test_a_stroke_comes_back_as_it_was_drawn(drawn: list[tuple[int, int]]) -> None:
    assert stroke_points(stroke_text(drawn)) == drawn


@given(st.text(), st.text())
def test_other_words_have_another_hash(one: str, other: str) -> None:
    whole = replace(SIGNED, wording=one, wording_sha256=wording_hash(one))
    assert ("There are no words to sign." in faults(whole)) is not bool(one.strip())
    changed = replace(whole, wording=other)
    assert ("The words are not the ones that were signed." in faults(changed)) is (one != other)


def test_a_whole_signature_has_no_faults() -> None:
    assert faults(SIGNED) == []
    assert faults(replace(SIGNED, way="drawn", strokes=("1,2 3,4",))) == []


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        ({"name": "  "}, "name"),
        ({"signed_at": None}, "time"),
        ({"way": "guessed"}, "how"),
        ({"way": "drawn"}, "drawn"),
        ({"way": "drawn", "strokes": ("1,2; drop",)}, "drawn"),
        ({"strokes": ("1,2",) * (MAX_STROKES + 1)}, "too long"),
    ],
)
def test_what_is_missing_is_said(changed: dict[str, object], word: str) -> None:
    (said,) = faults(replace(SIGNED, **changed))  # type: ignore[arg-type]
    assert word in said


def test_what_is_no_stroke_gives_no_points() -> None:
    assert stroke_points("1,2 3") == stroke_points("") == stroke_points("-1,2") == []
