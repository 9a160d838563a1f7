"""Stages: where a case is, where it may go, and when an enterprise counts as active."""

from dataclasses import replace
from datetime import date

import pytest

from forms.facts.casework import StageEvent
from forms.facts.people import Leader
from forms.rules.finding import Finding, Verdict, blocking
from forms.rules.pathway import (
    Around,
    current_stage,
    days_in_stages,
    days_to,
    is_active,
    is_established,
    may_move,
    reached_on,
    why_not_active,
)
from tests.forms.rules.making import KENT, cases, enterprise

STORY = cases("twelve_cases.toml")


def moved(stage, day, number=0, **more):
    return StageEvent(id=f"s{number:03}", enterprise_id="e1", stage=stage, on=day, **more)


PATH = [
    moved("ENQUIRY", date(2022, 1, 14), 1),
    moved("FIRST_CONVERSATION", date(2022, 1, 20), 2),
    moved("IDEA_CHECK", date(2022, 1, 20), 3),
    moved("SET_UP", date(2022, 2, 1), 4),
    moved("READY", date(2022, 2, 10), 5),
]


def stops(events, move, around=None):
    return [finding.code for finding in blocking(may_move(KENT, events, move, around))]


def test_the_stage_is_worked_out_from_events_in_any_order():
    assert current_stage(reversed(PATH)) == "READY"
    assert current_stage(PATH, date(2022, 1, 20)) == "IDEA_CHECK"
    assert current_stage(PATH, date(2022, 1, 13)) == ""
    assert reached_on(PATH, "SET_UP") == date(2022, 2, 1)
    assert days_to(PATH, "ENQUIRY", "READY") == 27
    assert days_to(PATH, "ENQUIRY", "TRADING") is None
    assert days_in_stages(PATH[:2], date(2022, 1, 25)) == [
        ("ENQUIRY", 6),
        ("FIRST_CONVERSATION", 5),
    ]


def test_a_case_may_go_back():
    assert stops(PATH, moved("SET_UP", date(2022, 3, 1), 9)) == []


@pytest.mark.parametrize(
    ("move", "code"),
    [
        (moved("READY", date(2022, 3, 1), 9), "SAME_STAGE"),
        (moved("SET_UP", date(2022, 2, 9), 9), "OUT_OF_ORDER"),
        (moved("NOWHERE", date(2022, 3, 1), 9), "UNKNOWN_STAGE"),
        (moved("CLOSED", date(2022, 3, 1), 9), "NO_REASON"),
        (moved("CLOSED", date(2022, 3, 1), 9, reason="BORED"), "NO_REASON"),
        (moved("PAUSED", date(2022, 3, 1), 9, reason="ill"), "NO_REVIEW"),
        (moved("PAUSED", date(2022, 3, 1), 9, review_on=date(2022, 4, 1)), "NO_REASON"),
        (moved("LISTED", date(2022, 3, 1), 9), "NOT_PUBLISHED"),
        (moved("TRADING", date(2022, 3, 1), 9), "NO_DELIVERY"),
    ],
)
def test_what_stops_a_move(move, code):
    assert code in stops(PATH, move)


def test_listed_needs_ready():
    move = moved("LISTED", date(2022, 3, 1), 9)
    assert stops(PATH[:4], move, Around(published=True)) == ["NOT_READY"]
    assert stops(PATH, move, Around(published=True)) == []


def test_ready_needs_the_must_items():
    open_item = Finding(rule="C07", code="TO_DO", verdict=Verdict.UNMET, because="Insurance.")
    move = moved("READY", date(2022, 3, 1), 9)
    assert stops(PATH[:4], move, Around(readiness=(open_item,))) == ["TO_DO"]
    assert stops(PATH[:4], move) == []


def test_closing_and_pausing_with_their_papers():
    assert stops(PATH, moved("CLOSED", date(2022, 3, 1), 9, reason="OUT_OF_SCOPE")) == []
    pause = moved("PAUSED", date(2022, 3, 1), 9, reason="ill", review_on=date(2022, 4, 1))
    assert stops(PATH, pause) == []


def test_a_first_event_is_an_enquiry_or_a_warning():
    found = may_move(KENT, [], moved("SET_UP", date(2022, 3, 1)))
    assert [f.code for f in found] == ["NO_ENQUIRY"]
    assert blocking(found) == []


def test_trading_without_a_listing_is_allowed_and_said():
    person = enterprise(first_delivery_on=date(2022, 2, 15))
    move = moved("TRADING", date(2022, 3, 1), 9)
    found = may_move(KENT, PATH, move, Around(enterprise=person))
    assert [f.code for f in found] == ["NOT_LISTED"]
    assert blocking(found) == []


def test_sustained_means_six_months_and_a_return():
    person = enterprise(first_delivery_on=date(2022, 8, 31))
    early, late = date(2023, 2, 27), date(2023, 2, 28)
    around = Around(enterprise=person, return_in_last_quarter=True)
    assert stops(PATH, moved("SUSTAINED", early, 9), around) == ["TOO_SOON"]
    assert stops(PATH, moved("SUSTAINED", late, 9), around) == []
    assert stops(PATH, moved("SUSTAINED", late, 9), Around(enterprise=person)) == ["NO_RETURN"]


def test_a_visa_that_is_not_confirmed_stops_after_the_idea_check():
    leader = Leader(id="p", enterprise_id="e1", self_employment_permission="not confirmed")
    around = Around(leaders=(leader,))
    assert stops(PATH[:1], moved("IDEA_CHECK", date(2022, 3, 1), 9), around) == []
    assert stops(PATH[:3], moved("SET_UP", date(2022, 3, 1), 9), around) == [
        "PERMISSION_NOT_CONFIRMED"
    ]
    closing = moved("CLOSED", date(2022, 3, 1), 9, reason="IMMIGRATION")
    assert stops(PATH[:3], closing, around) == []


@pytest.mark.parametrize(
    ("changes", "events", "active"),
    [
        ({}, PATH, True),
        ({"first_delivery_on": None}, PATH, False),
        ({"first_delivery_on": date(2022, 3, 31)}, PATH, True),
        ({"first_delivery_on": date(2022, 4, 1)}, PATH, False),
        ({"suspended_on": date(2022, 3, 31)}, PATH, False),
        ({"suspended_on": date(2022, 4, 1)}, PATH, True),
        ({}, [*PATH, moved("CLOSED", date(2022, 3, 31), 9)], False),
        ({}, [*PATH, moved("CLOSED", date(2022, 4, 1), 9)], True),
        ({}, [*PATH, moved("PAUSED", date(2022, 3, 1), 9)], False),
        ({}, [*PATH, moved("PAUSED", date(2022, 3, 1), 8), moved("TRADING", date(2022, 3, 2), 9)],
         True),
    ],
)  # fmt: skip
def test_active_on_a_day(changes, events, active):
    person, day = enterprise(**changes), date(2022, 3, 31)
    assert is_active(person, events, day) is active
    assert bool(why_not_active(person, events, day)) is not active


def test_the_twelve_cases_count_ten_active_and_eleven_established():
    expected = STORY["expected"]
    day = expected["as_of"]
    people = [
        replace(
            enterprise(id=told["case"]),
            established_on=told["established_on"],
            first_delivery_on=told["first_delivery_on"],
            suspended_on=told.get("suspended_on"),
        )
        for told in STORY["enterprise"]
    ]
    assert sum(is_active(one, [], day) for one in people) == expected["active"]
    assert sum(is_established(one, day) for one in people) == expected["established"]
    active = [t for t in STORY["enterprise"] if "suspended_on" not in t]
    for key, told in (("hours", "hours_week"), ("people", "people"), ("dp_hours", "dp_hours"),
                      ("comparable_hours", "comparable_hours")):  # fmt: skip
        assert sum(int(t[key]) for t in active) == expected[told]
