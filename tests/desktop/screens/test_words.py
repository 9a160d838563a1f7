"""Days, money and numbers, typed and said."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.presenters import words
from desktop.presenters.field_words import can_be_typed, read_value, value_words

TODAY = date(2026, 11, 19)


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2999, 12, 31)))
def test_a_day_typed_as_shown_is_the_same_day(day):
    assert words.read_day(words.typed_day(day), TODAY) == day


@given(st.integers(min_value=0, max_value=100_000_000))
def test_money_typed_as_shown_is_the_same_money(pence):
    assert words.read_money(words.money(pence)) == pence


@pytest.mark.parametrize("typed", ["28/11/2026", "28-11-2026", "28.11.2026", " 28 / 11 / 2026 "])
def test_a_day_may_be_typed_with_any_mark_between(typed):
    assert words.read_day(typed, TODAY) == date(2026, 11, 28)


@pytest.mark.parametrize("typed", ["31/02/2026", "2026-11-31", "soon", "28/13/2026", "3"])
def test_a_day_that_cannot_be_is_refused_with_what_to_type(typed):
    with pytest.raises(words.NotThat, match="28/11/2026"):
        words.read_day(typed, TODAY)


@pytest.mark.parametrize("typed", ["-1", "1e9", "NaN", "1.234", "ten", "2000000"])
def test_money_that_cannot_be_is_refused(typed):
    with pytest.raises(words.NotThat):
        words.read_money(typed)


def test_empty_is_nothing_and_never_an_error():
    assert words.read_day("  ", TODAY) is None
    assert words.read_whole("") is None
    assert words.read_money("") == 0


def test_saved_is_said_in_london_time():
    assert words.saved_at(datetime(2026, 7, 1, 13, 32, tzinfo=UTC)) == "Saved on this laptop 14:32"


def test_a_rules_days_are_said_as_people_say_them():
    said = words.say_days("The cost is of 2022-12-14, after 2022-12-01; version 2022-99-99.")
    assert said == "The cost is of 14 Dec 2022, after 1 Dec 2022; version 2022-99-99."


def test_values_are_said_in_words():
    assert words.plain(None) == "empty"
    assert words.plain(["a", "b"]) == "a, b"
    assert words.plain(value=True) == "yes"
    assert value_words("pence", 24900) == "£249.00"
    assert value_words("expires_on", "2026-11-28") == "28 Nov 2026"


def test_a_new_value_is_read_as_its_field_wants_it():
    assert read_value("claim_line", "pence", "£249", TODAY) == 24900
    assert read_value("enterprise", "established_on", "1/2/2022", TODAY) == "2022-02-01"
    assert read_value("enterprise", "phone", " 01233 ", TODAY) == "01233"
    late = date(2026, 11, 27)  # a day that was is not put into next year, one to come is
    assert read_value("claim_line", "paid_on", "3 oct", late) == "2026-10-03"
    assert read_value("checklist_item", "evidence_on", "3 oct", late) == "2026-10-03"
    assert read_value("checklist_item", "expires_on", "3 oct", late) == "2027-10-03"
    assert read_value("action", "due_on", "3 oct", late) == "2027-10-03"
    assert not can_be_typed("enterprise", "facts")
    with pytest.raises(words.NotThat):
        read_value("enterprise", "facts", "x", TODAY)
    with pytest.raises(words.NotThat):
        read_value("activity_return", "hours_week", "many", TODAY)
