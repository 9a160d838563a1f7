"""The checklist: each of the seventy-two items applies when it should, and says how far it is."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from forms.rules.checklist import (
    ItemState,
    checklist,
    food_registration_latest,
    must_codes,
    progress,
    readiness,
    self_assessment_deadline,
    warnings,
)
from tests.forms.rules.making import CAMBS, KENT, cases, done_item, enterprise, from_facts

TABLE = cases("checklist.toml")
ON = date(2026, 11, 20)


def status_of(facts, code, on=ON, items=()):
    found = {s.code: s for s in checklist(KENT, from_facts(facts), items, on)}
    return found.get(code)


def test_every_item_has_a_case():
    assert [row.code for row in KENT.checklist] == [f"C{n:02}" for n in range(1, 73)]
    assert sorted(case["code"] for case in TABLE["case"]) == [row.code for row in KENT.checklist]
    assert CAMBS.checklist == KENT.checklist  # shared data, read once for both


@pytest.mark.parametrize("case", TABLE["case"], ids=lambda case: case["code"])
def test_item_applies(case):
    status = status_of(case["applies"], case["code"])
    assert status.state is ItemState.TO_DO
    assert status.must is case["must"]


@pytest.mark.parametrize(
    "case", [c for c in TABLE["case"] if "does_not" in c], ids=lambda case: case["code"]
)
def test_item_does_not_apply(case):
    status = status_of(case["does_not"], case["code"])
    assert status.state is ItemState.DOES_NOT_APPLY
    assert not status.must


@pytest.mark.parametrize(
    "case", [c for c in TABLE["case"] if "does_not" in c], ids=lambda case: case["code"]
)
def test_item_is_asked_about_when_nothing_is_known(case):
    status = status_of({}, case["code"])
    assert status.state is ItemState.NOT_ASKED
    assert status.missing


@pytest.mark.parametrize("case", TABLE["begins"], ids=lambda case: case["code"])
def test_item_begins_on_its_day(case):
    assert status_of(case["facts"], case["code"], case["on"]).state is ItemState.TO_DO
    assert status_of(case["facts"], case["code"], case["on"] - timedelta(days=1)) is None


@pytest.mark.parametrize("case", TABLE["level"], ids=lambda case: case["code"])
def test_level_with_two_letters(case):
    assert status_of(case["advised"], case["code"]).must is False
    assert status_of(case["must"], case["code"]).must is True


def test_first_employee_brings_insurance_and_payroll():
    alone = must_codes(KENT, from_facts({"emp": 0}), ON)
    employing = must_codes(KENT, from_facts({"emp": 1}), ON)
    assert set(employing) - set(alone) == {"C09", "C45", "C46"}


def test_done_is_not_verified_until_a_second_person_has_seen_it():
    item = done_item("C21", checked_by_id="")
    assert status_of({}, "C21", items=[item]).state is ItemState.DONE
    own_coach = replace(item, checked_by_id="ann")
    assert status_of({}, "C21", items=[own_coach]).state is ItemState.DONE
    nothing_seen = replace(item, checked_by_id="qui", evidence_ref="", said_by="told us")
    assert status_of({}, "C21", items=[nothing_seen]).state is ItemState.DONE
    assert status_of({}, "C21", items=[done_item("C21")]).state is ItemState.VERIFIED


def test_evidence_runs_out():
    item = done_item("C07", expires_on=ON)
    facts = {"prem": ["hired"]}
    assert status_of(facts, "C07", ON, [item]).state is ItemState.VERIFIED
    after = status_of(facts, "C07", ON + timedelta(days=1), [item])
    assert (after.state, after.days_left) == (ItemState.EXPIRED, -1)


def test_renewal_counts_from_the_day_of_the_evidence():
    item = done_item("C10", evidence_on=date(2024, 2, 29))
    status = status_of({"prem": ["clienthome"]}, "C10", items=[item])
    assert status.expires_on == date(2027, 2, 28)


@pytest.mark.parametrize(
    ("days", "code"),
    [(60, "EXPIRES_60"), (30, "EXPIRES_30"), (7, "EXPIRES_7"),
     (0, "EXPIRES_7"), (-1, "EXPIRED")],
)  # fmt: skip
def test_warnings_before_insurance_ends(days, code):
    item = done_item("C07", expires_on=ON + timedelta(days=days))
    statuses = checklist(KENT, from_facts({"prem": ["hired"]}), [item], ON)
    assert [w.code for w in warnings(statuses, ON) if w.rule == "C07"] == [code]


def test_no_warning_while_there_is_time():
    item = done_item("C07", expires_on=ON + timedelta(days=61))
    statuses = checklist(KENT, from_facts({"prem": ["hired"]}), [item], ON)
    assert not [w for w in warnings(statuses, ON) if w.rule == "C07"]


def test_not_needed_wants_a_reason_and_waived_another_person():
    without = done_item("C21", state="not needed", reason="")
    assert status_of({}, "C21", items=[without]).state is ItemState.TO_DO
    given = done_item("C21", state="not needed", reason="Did it at her last job")
    assert status_of({}, "C21", items=[given]).state is ItemState.NOT_NEEDED
    by_coach = done_item("C21", state="waived", reason="later", approver_id="ann")
    assert status_of({}, "C21", items=[by_coach]).state is ItemState.TO_DO
    by_lead = done_item("C21", state="waived", reason="later", approver_id="lea")
    assert status_of({}, "C21", items=[by_lead]).state is ItemState.WAIVED


def test_ready_needs_every_must_item_verified():
    answered = {fact.id: False for fact in KENT.checklist_facts if fact.kind == "yes_no"}
    person = enterprise(facts=answered | {"prem": ["clienthome"], "income": 9000})
    codes = must_codes(KENT, person, ON)
    items = [done_item(code) for code in codes]
    assert readiness(checklist(KENT, person, items, ON)) == []
    short = checklist(KENT, person, items[1:], ON)
    assert [finding.rule for finding in readiness(short)] == [codes[0]]
    assert str(progress(short)) == f"{len(codes) - 1} of {len(codes)}"
    assert progress(short).questions == 0


def test_a_missing_answer_keeps_a_case_from_ready():
    found = readiness(checklist(KENT, from_facts({}), [], ON))
    assert {f.rule for f in found if f.code == "ANSWER_MISSING"} >= {"C07", "C10", "C13", "C60"}
    assert all(finding.blocks for finding in found)


def test_food_is_registered_28_days_before_the_first_lunch():
    assert food_registration_latest(date(2022, 11, 24)) == date(2022, 10, 27)
    group = enterprise(
        facts={"food_regular": True}, first_delivery_on=date(2022, 11, 24), entity_form="UNI"
    )
    on = date(2022, 10, 20)
    statuses = checklist(KENT, group, [], on)
    food = next(s for s in statuses if s.code == "C18")
    assert food.due_on == date(2022, 10, 27)
    assert [w.code for w in warnings(statuses, on) if w.rule == "C18"] == ["DUE"]
    late = date(2022, 10, 28)
    assert [
        w.code for w in warnings(checklist(KENT, group, [], late), late) if w.rule == "C18"
    ] == ["LATE"]


@pytest.mark.parametrize(
    ("started", "by"),
    [(date(2022, 4, 5), date(2022, 10, 5)), (date(2022, 4, 6), date(2023, 10, 5)),
     (date(2022, 2, 1), date(2022, 10, 5))],
)  # fmt: skip
def test_hmrc_is_told_by_5_october_after_the_tax_year(started, by):
    assert self_assessment_deadline(started) == by


def test_making_tax_digital_line_moves_with_the_year():
    facts = {"ent": "SOLE", "income": 40000}
    assert status_of(facts, "C03", date(2027, 4, 5)).state is ItemState.DOES_NOT_APPLY
    assert status_of(facts, "C03", date(2027, 4, 6)).state is ItemState.TO_DO


def test_a_tick_counts_as_done_at_once_and_as_settled_when_it_is_checked():
    person = enterprise(facts={"prem": ["clienthome"], "income": 9000})
    codes = must_codes(KENT, person, ON)
    ticked = [done_item(code, checked_by_id="") for code in codes[:3]]
    counted = progress(checklist(KENT, person, ticked, ON))
    assert (counted.done, counted.settled, counted.total) == (3, 0, len(codes))
    checked = [*ticked[:2], done_item(codes[2])]
    counted = progress(checklist(KENT, person, checked, ON))
    assert (counted.done, counted.settled) == (3, 1)
