"""Moments as people type them: a year is no time of day."""

from datetime import UTC, date, datetime

import pytest

from desktop.presenters.typed_when import day_or_moment_rule, read_day_or_moment, rule
from desktop.presenters.words import NotThat
from forms.values import LONDON

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)


def kept(typed):
    return rule("datetime", NOW).understood(typed).kept


@pytest.mark.parametrize(
    "typed",
    ["28 nov 2026", "nov 28 2026", "28/11 2026", "28 11 2026", "2026 28 nov", "29 feb 2026"],
)
def test_a_day_with_its_year_has_no_time_yet(typed):
    with pytest.raises(NotThat):
        kept(typed)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("28/11/2026 2030", "2026-11-28T20:30:00"),
        ("28 nov 2026 2030", "2026-11-28T20:30:00"),
        ("28 nov 2026, 20:26", "2026-11-28T20:26:00"),
        ("28/11/26 2030", "2026-11-28T20:30:00"),
        ("today 2030", "2026-11-26T20:30:00"),
        ("yesterday at 1945", "2026-11-25T19:45:00"),
        ("28 nov 2025 1430", "2025-11-28T14:30:00"),
    ],
)
def test_with_a_day_of_its_own_four_figures_are_a_time(typed, meant):
    assert kept(typed) == meant


def test_four_figures_that_are_no_year_are_a_time():
    assert kept("28 nov 1430").endswith("-11-28T14:30:00")


def test_the_calendar_keeps_a_time_and_no_year():
    when = rule("datetime", NOW)
    assert when.of_day(date(2026, 11, 20), "28 nov 2026") == "20/11/2026 "
    assert when.of_day(date(2026, 11, 20), "28 nov 2026 2030") == "20/11/2026 20:30"


def test_a_weekday_that_is_another_day_is_asked_about_with_its_time_too():
    with pytest.raises(NotThat, match=r"3 November 2026 is a Tuesday\. Which did you mean\?"):
        kept("mon 3 nov 14:30")
    assert kept("tue 3 nov 14:30") == "2026-11-03T14:30:00"


def test_a_day_outside_what_is_allowed_is_that_day_and_no_question_about_another_year():
    when = rule("date", NOW, date(2026, 11, 1), date(2027, 12, 31))
    assert when.day("thu 1 oct") == date(2026, 10, 1)  # 1 October 2027 is a Friday
    assert when.day("1 oct") == date(2027, 10, 1)


@pytest.mark.parametrize(
    ("typed", "day", "clock"),
    [
        ("yesterday 4pm", date(2026, 11, 25), (16, 0)),
        ("last tue", date(2026, 11, 24), None),
        ("3/2", date(2026, 2, 3), None),
        ("tomorrow at 9.30", date(2026, 11, 27), (9, 30)),
        ("28/11/2026", date(2026, 11, 28), None),
        ("2pm yesterday", date(2026, 11, 25), (14, 0)),
        ("20/11 1430", date(2026, 11, 20), (14, 30)),
        ("20 nov 0930", date(2026, 11, 20), (9, 30)),
        ("20 11 1800", date(2026, 11, 20), (18, 0)),
        ("20/11 2130", date(2026, 11, 20), (21, 30)),
        ("20/11 2025", date(2025, 11, 20), None),
        ("", None, None),
    ],
)
def test_what_happened_has_a_day_and_may_have_a_time(typed, day, clock):
    found, at = read_day_or_moment(typed, NOW.date())
    assert found == day
    assert at == (datetime(day.year, day.month, day.day, *clock, tzinfo=LONDON) if clock else None)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("31 feb 4pm", "There is no 31 February"),
        ("31 feb 1430", "There is no 31 February"),
        ("soonish", "Write a day"),
        ("4pm", "Write a day"),
        ("20/11 2570", "Write a day and a time"),
        ("20/11/1430", "20 November 1430 is too far away"),
    ],
)
def test_what_is_no_day_is_no_moment_either(typed, said):
    with pytest.raises(NotThat, match=said):
        read_day_or_moment(typed, NOW.date())


def test_a_day_from_the_calendar_keeps_the_time_beside_it():
    both = day_or_moment_rule(NOW.date())
    assert both.of_day(date(2026, 11, 20), "yesterday 4pm") == "20/11/2026 16:00"
    assert both.of_day(date(2026, 11, 20), "yesterday") == "20/11/2026"
