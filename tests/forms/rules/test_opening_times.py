"""Days and hours out of people's own words."""

from __future__ import annotations

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.rules.opening_times import DAYS, read_times

WEEK = ("MO", "TU", "WE", "TH", "FR")


@pytest.mark.parametrize(
    ("said", "days", "opens", "closes"),
    [
        ("Weekdays, 9 to 4", WEEK, time(9), time(16)),
        ("Every day, 7 to 3", DAYS, time(7), time(15)),
        ("Tuesday and Thursday mornings", ("TU", "TH"), None, None),
        ("Thursdays, noon to three", ("TH",), time(12), time(15)),
        ("Monday to Thursday", WEEK[:4], None, None),
        ("Mon-Fri 9:30am - 5.15pm", WEEK, time(9, 30), time(17, 15)),
        ("Sat & Sun, 1 to 4", ("SA", "SU"), time(13), time(16)),
        ("Friday to Monday", ("MO", "FR", "SA", "SU"), None, None),
        ("WEEKENDS", ("SA", "SU"), None, None),
        ("Fri between 10am and 14:00", ("FR",), time(10), time(14)),
    ],
)
def test_what_people_write(said, days, opens, closes):
    times = read_times(said)
    assert (times.days, times.opens, times.closes) == (days, opens, closes)


@pytest.mark.parametrize(
    "said",
    [
        "",
        "By arrangement",
        "Not Mondays",
        "Weekdays except Friday",
        "9 to 5",
        "Mondays 25 to 30",
        "Mon 10pm to 2am",
        "Weekdays from 9",
        "Mon, 9 to 4, Tue, 10 to 2",
        "Mon 9 to 13pm",
    ],
)
def test_nothing_is_guessed(said):
    assert read_times(said) is None


@given(st.text(alphabet="mondaytuesf 0123456789to-,&:.ap\u2013é", max_size=40))
def test_any_text_has_an_answer(said):
    times = read_times(said)
    assert times is None or (times.days and set(times.days) <= set(DAYS))
