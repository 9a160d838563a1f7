"""Days as people type them, and days there are not."""

import re
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.presenters import words
from desktop.presenters.typed_day import FarYear, NoSuchDay, read

TODAY = date(2026, 11, 19)  # a Thursday

AHEAD = {
    "today": date(2026, 11, 19),
    "Tomorrow": date(2026, 11, 20),
    "yesterday": date(2026, 11, 18),
    "fri": date(2026, 11, 20),
    "tue": date(2026, 11, 24),
    "Thursday": date(2026, 11, 26),
    "next fri": date(2026, 11, 27),
    "next tue": date(2026, 11, 24),
    "last tue": date(2026, 11, 17),
    "in 2 weeks": date(2026, 12, 3),
    "next week": date(2026, 11, 26),
    "3 days ago": date(2026, 11, 16),
    "a month": date(2026, 12, 19),
    "3 oct": date(2027, 10, 3),
    "10 nov": date(2026, 11, 10),
    "3rd October 2026": date(2026, 10, 3),
    "oct 3": date(2027, 10, 3),
    "tue 24 nov": date(2026, 11, 24),
    "03/10/26": date(2026, 10, 3),
    "3.10.2026": date(2026, 10, 3),
    "28/11": date(2026, 11, 28),
    "2026-10-03": date(2026, 10, 3),
    "by fri": date(2026, 11, 20),
    "29 feb": date(2028, 2, 29),
}
BEHIND = {
    "tue": date(2026, 11, 17),
    "thu": date(2026, 11, 12),
    "3 oct": date(2026, 10, 3),
    "24 dec": date(2025, 12, 24),
    "2 weeks": date(2026, 11, 5),
    "29 feb": date(2024, 2, 29),
}


@pytest.mark.parametrize(("text", "day"), AHEAD.items())
def test_a_day_that_lies_ahead(text, day):
    assert read(text, TODAY) == day


@pytest.mark.parametrize(("text", "day"), BEHIND.items())
def test_a_day_that_lies_behind(text, day):
    assert read(text, TODAY, ahead=False) == day


@pytest.mark.parametrize("text", ["31 feb", "31/11/2026", "32/1/2026", "1/13/2026", "30 feb 2028"])
def test_a_day_the_calendar_does_not_have_is_named(text):
    with pytest.raises(NoSuchDay):
        read(text, TODAY)
    with pytest.raises(words.NotThat, match=r"There is no .*\. Write a real day"):
        words.read_day(text, TODAY)


@pytest.mark.parametrize("text", ["99/99/9999", "3/25/2026"])
def test_a_month_there_is_not_is_named_in_words(text):
    month = text.split("/")[1]
    with pytest.raises(words.NotThat, match=rf"There is no month {month}\. Write a real day"):
        words.read_day(text, TODAY)


@pytest.mark.parametrize(
    "text", ["28/11 1430", "28 nov 0930", "1/2/1899", "1899-12-31", "1 jan 3000", "999 years ago"]
)
def test_a_year_that_nobody_means_is_refused_in_words(text):
    with pytest.raises(FarYear):
        read(text, TODAY)
    with pytest.raises(words.NotThat, match=r"is too far away\. Write the day with its own year"):
        words.read_day(text, TODAY)


def test_31_feb_is_refused_in_words():
    with pytest.raises(words.NotThat, match="There is no 31 February"):
        words.read_day("31 feb", TODAY)


@pytest.mark.parametrize(
    "text", ["mon 3 nov", "Monday 3/11/2026", "on mon 3 nov 2026", "mon, nov 3", "mon 2026-11-03"]
)
def test_a_day_that_is_not_the_weekday_beside_it_is_asked_about(text):
    asked = r"3 November 2026 is a Tuesday\. Which did you mean\?"
    with pytest.raises(words.NotThat, match=asked):
        words.read_day(text, TODAY, ahead=False)


@given(day=st.dates(date(2000, 1, 1), date(2099, 12, 31)), other=st.integers(1, 6))
def test_no_wrong_weekday_is_read_as_a_day(day, other):
    beside = day + timedelta(days=other)
    with pytest.raises(NoSuchDay, match=f"is a {day:%A}"):
        read(f"{beside:%a} {day:%d/%m/%Y}", TODAY)


@pytest.mark.parametrize("text", ["3", "mo", "soon", "marchish", "12 12 12 12", "10 mary"])
def test_what_says_no_day_is_not_guessed(text):
    assert read(text, TODAY) is None


@given(day=st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_every_full_way_to_write_a_day_is_read_back(day):
    for text in (
        f"{day:%d/%m/%Y}", f"{day:%Y-%m-%d}",
        f"{day.day} {day:%b} {day.year}", f"{day:%A} {day.day} {day:%B} {day.year}",
        words.typed_day(day), words.day(day), words.weekday(day),
    ):  # fmt: skip
        assert read(text, TODAY) == day


@given(day=st.dates(date(1947, 1, 1), date(2046, 12, 31)))
def test_two_digits_of_a_year_are_the_year_near_us(day):
    assert read(f"{day.day}/{day.month}/{day:%y}", TODAY) == day


@given(days=st.integers(0, 6))
def test_a_weekday_alone_is_within_a_week(days):
    day = TODAY + timedelta(days=days)
    assert 1 <= (read(f"{day:%a}", TODAY) - TODAY).days <= 7
    assert 1 <= (TODAY - read(f"{day:%a}", TODAY, ahead=False)).days <= 7


@given(text=st.text(max_size=40))
def test_paste_of_anything_is_a_day_or_a_sentence(text):
    try:
        said = str(words.read_day(text, TODAY) or "nothing.")
    except words.NotThat as error:
        said = str(error)
    assert re.fullmatch(r"\d{4}-\d\d-\d\d|.+\.", said)
