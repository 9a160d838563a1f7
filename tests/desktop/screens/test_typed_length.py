"""How long it took, as people type it."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.presenters.typed_length import MOST, read_minutes
from desktop.presenters.words import NotThat


@pytest.mark.parametrize(
    ("typed", "minutes"),
    [
        ("45", 45), (" 45 min ", 45), ("45m", 45), ("90 minutes", 90), ("1h", 60), ("1 hour", 60),
        ("1.5 hours", 90), ("1,5h", 90), ("1h30", 90), ("1h 5m", 65), ("2 hrs 15 mins", 135),
        ("1 hour and 20 minutes", 80), ("1:30", 90), ("0:45", 45), ("An hour", 60),
        ("half an hour", 30), ("about an hour", 60), ("~ 20", 20), ("hour and a half", 90),
        ("1440", 1440), ("24h", 1440), ("", None), ("   ", None),
    ],
)  # fmt: skip
def test_a_length_is_read_as_people_type_it(typed: str, minutes: int | None) -> None:
    assert read_minutes(typed) == minutes


@pytest.mark.parametrize(
    "typed", ["0", "0h", "1441", "25 hours", "a while", "1:75", "-5", "1.01h", "²", "٣", "=1+1"]
)
def test_what_is_no_length_is_said_with_an_example(typed: str) -> None:
    with pytest.raises(NotThat, match="like 45"):
        read_minutes(typed)


@given(st.text(max_size=60))
def test_any_text_is_minutes_of_a_day_or_is_said_to_be_none(typed: str) -> None:
    found: int | None = None
    with suppress(NotThat):  # what it says is looked at above
        found = read_minutes(typed)
    assert found is None or 1 <= found <= MOST


@given(st.integers(0, 23), st.integers(0, 59))
def test_hours_and_minutes_are_the_same_in_every_shape(hours: int, minutes: int) -> None:
    whole = hours * 60 + minutes
    if not whole:
        return
    said = (
        f"{whole}",
        f"{hours}h{minutes}",
        f"{hours} hours {minutes} min",
        f"{hours}:{minutes:02}",
    )
    assert {read_minutes(each) for each in said} == {whole}
