"""The seed-fund policy S01 to S14, and the costs of the twelve cases."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from forms.facts.money import ClaimEvent
from forms.rules.finding import Verdict
from forms.rules.rejections import WHAT_HELPS, letter_words
from forms.rules.seed_fund import REJECTIONS, SeedContext, code_for, judge, window_ends
from tests.forms.rules.making import (
    KENT,
    NOTICE,
    SIGNED,
    cases,
    claim,
    done_item,
    enterprise,
    line,
)

TABLE = cases("seed_fund.toml")
STORY = cases("twelve_cases.toml")
ON = date(2022, 3, 31)


def fields(table):
    return {key: (None if value == "" and key in _DATES else value) for key, value in table.items()}


_DATES = {"established_on", "cost_on", "employee_count"}


def judged(case):
    policy = replace(KENT.seed_policy, **case.get("policy", {}))
    items = tuple(done_item(code) for code in case.get("items", ["C07", "C10"]))
    around = SeedContext(
        dpias=(SIGNED,) if case.get("dpia", True) else (),
        consents=(NOTICE,) if case.get("notice", True) else (),
        items=items,
        payee_matches=case.get("payee_matches"),
        good_value=case.get("good_value"),
    )
    return judge(
        replace(KENT, seed_policy=policy),
        claim(**case.get("claim", {})),
        [line(**fields(case.get("line", {})))],
        enterprise(**fields(case.get("enterprise", {}))),
        around,
        case.get("on", ON),
    )


@pytest.mark.parametrize("case", TABLE["case"], ids=lambda c: f"{c['rule']} {c['name']}")
def test_rule(case):
    found = [finding for finding in judged(case) if finding.rule == case["rule"]]
    assert found
    bad = [finding for finding in found if finding.verdict is not Verdict.MET]
    if case.get("unknown"):
        assert [finding.verdict for finding in bad] == [Verdict.UNKNOWN]
    elif "code" in case:
        assert [(f.verdict, f.code) for f in bad] == [(Verdict.UNMET, case["code"])]
    else:
        assert bad == []
    assert all(f.because.endswith((".", "?")) and f.source for f in found)


def test_every_rule_has_cases_both_ways():
    rules = {f"S{n:02}" for n in range(1, 15)}
    met = {c["rule"] for c in TABLE["case"] if "code" not in c and not c.get("unknown")}
    assert met == rules
    assert {c["rule"] for c in TABLE["case"] if "code" in c} == rules


def test_every_code_of_a_line_has_words_for_the_letter():
    codes = {c["code"] for c in TABLE["case"] if "code" in c}
    assert codes <= set(REJECTIONS)
    assert all(words.endswith(".") for words in REJECTIONS.values())


@pytest.mark.parametrize("case", STORY["enterprise"], ids=lambda case: case["case"])
def test_the_costs_of_the_twelve_cases(case):
    """Each cost judged on its own day: paid ones are stopped by nothing, the others by the code."""
    person = enterprise(
        id=case["case"],
        district=case["district"],
        entity_form=case["form"],
        established_on=case["established_on"],
        facts={"prem": ["clienthome"]},
    )
    items = tuple(replace(done_item(code), enterprise_id=person.id) for code in ("C07", "C10"))
    notice = replace(NOTICE, enterprise_id=person.id)
    for number, told in enumerate(case.get("line", [])):
        kind = KENT.seed_policy.cost_kind(told["cost_kind"])
        one = line(
            id=f"{person.id}-{number}",
            enterprise_id=person.id,
            what=kind.title,
            cost_kind=kind.id,
            category=kind.category,
            pence=told["pence"],
            cost_on=told["cost_on"],
            quotes=told.get("quotes", 1),
            months=told.get("months"),
            already_funded_by=told.get("already_funded_by", ""),
        )
        # a fee before the start is judged while the start is still unknown
        known = replace(person, established_on=None) if told.get("before_start") else person
        around = SeedContext(dpias=(SIGNED,), consents=(notice,), items=items, lines=(one,))
        found = judge(KENT, claim(enterprise_id=person.id), [one], known, around, told["cost_on"])
        assert code_for(found, one.id) == told.get("code", ""), told
        assert not [f for f in found if f.blocks and f.verdict is Verdict.UNKNOWN], told


@pytest.mark.parametrize(
    ("established", "ends"),
    [(date(2022, 8, 31), date(2023, 2, 28)), (date(2023, 8, 31), date(2024, 2, 29)),
     (date(2024, 2, 29), date(2024, 8, 29)), (date(2022, 2, 1), date(2022, 8, 1))],
)  # fmt: skip
def test_the_window_ends(established, ends):
    assert window_ends(KENT, enterprise(established_on=established)) == ends
    assert window_ends(KENT, enterprise(established_on=None)) is None


def test_a_rejected_line_does_not_count_to_the_cap():
    policy = replace(KENT, seed_policy=replace(KENT.seed_policy, cap_pence=30000))
    lines = [line(), line(id="l2", pence=20000, outcome="rejected")]
    found = judge(policy, claim(), lines, enterprise(), SeedContext(), ON)
    assert not [f for f in found if f.code == "OVER_CAP"]


def test_where_no_fund_is_open_nothing_is_said_to_be_left_rather_than_zero():
    after = max(one.ends for one in KENT.envelopes) + timedelta(days=400)
    found = judge(KENT, claim(), [line()], enterprise(), SeedContext(), after)
    (told,) = [one for one in found if one.rule == "S10"]
    assert told.code == "NO_FUNDS"
    assert "no fund is open" in told.because
    assert "£0.00" not in told.because


def test_other_claims_promises_use_up_the_envelope():
    other = claim(id="c2", enterprise_id="e2", state="APPROVED")
    held = line(id="l9", claim_id="c2", enterprise_id="e2", pence=2_990_000, outcome="accepted")
    around = SeedContext(dpias=(SIGNED,), consents=(NOTICE,), lines=(held,), claims=(other,))
    found = judge(KENT, claim(), [line()], enterprise(), around, ON)
    assert code_for([f for f in found if f.rule == "S10"], "l1") == "NO_FUNDS"


def test_a_claim_for_insurance_settles_s12_for_the_rest_of_the_claim():
    insurance = line(id="l2", cost_kind="public_liability", category="LICENCE_REG", pence=8900)
    around = SeedContext(dpias=(SIGNED,), consents=(NOTICE,), items=(done_item("C10"),))
    found = judge(KENT, claim(), [line(), insurance], enterprise(), around, ON)
    assert all(f.verdict is Verdict.MET for f in found if f.rule == "S12")


def test_a_letter_gives_the_reason_what_helps_and_how_to_appeal():
    assert set(REJECTIONS) == set(WHAT_HELPS)
    for code in REJECTIONS:
        reason, helps, appeal = letter_words(KENT.seed_policy, code)
        assert reason.endswith(".")
        assert helps.endswith(".")
        assert "20 working days" in appeal


def test_a_policy_may_count_the_window_to_the_day_of_the_claim():
    policy = replace(KENT, seed_policy=replace(KENT.seed_policy, window_basis="submitted"))
    early, late = line(cost_on=date(2022, 7, 1)), date(2022, 9, 1)
    asked = claim(submitted_on=late)
    found = judge(policy, asked, [early], enterprise(), SeedContext(), late)
    assert code_for([f for f in found if f.rule == "S03"], "l1") == "OUT_OF_WINDOW"
    found = judge(KENT, asked, [early], enterprise(), SeedContext(), late)
    assert code_for([f for f in found if f.rule == "S03"], "l1") == ""


def test_a_policy_without_retrospective_costs_pays_what_is_bought_after_approval():
    policy = replace(KENT, seed_policy=replace(KENT.seed_policy, retrospective_allowed=False))
    bought = line(cost_on=date(2022, 3, 20))
    approved = claim(approved_on=date(2022, 3, 15))
    found = judge(policy, approved, [bought], enterprise(), SeedContext(), ON)
    assert code_for([f for f in found if f.rule == "S09"], "l1") == ""


def test_what_is_paid_is_not_asked_for_again():
    paid = line(paid_on=date(2022, 3, 30), outcome="accepted", pence=2_990_000, quotes=2)
    found = judge(KENT, claim(), [paid], enterprise(), SeedContext(lines=(paid,)), ON)
    assert code_for([f for f in found if f.rule == "S10"], "l1") == ""


def test_money_that_came_back_is_there_again_as_the_register_counts_it():
    gone = claim(id="c2", enterprise_id="e2", state="RECOVERED")
    spent = line(id="l9", claim_id="c2", enterprise_id="e2", pence=2_990_000, outcome="accepted",
                 paid_on=date(2022, 3, 1))  # fmt: skip
    back = ClaimEvent(id="v", claim_id="c2", enterprise_id="e2", to_state="RECOVERED", line_id="l9")
    around = SeedContext(lines=(spent,), claims=(gone,), events=(back,))
    for world, code in ((around, ""), (replace(around, events=()), "NO_FUNDS")):
        found = judge(KENT, claim(), [line()], enterprise(), world, ON)
        assert code_for([f for f in found if f.rule == "S10"], "l1") == code


def test_what_this_claim_was_paid_already_is_no_longer_there_for_the_rest_of_it():
    paid = line(id="l2", paid_on=date(2022, 3, 30), outcome="accepted", pence=2_990_000)
    both = (line(), paid)
    found = judge(KENT, claim(), both, enterprise(), SeedContext(lines=both), ON)
    assert code_for([f for f in found if f.rule == "S10"], "l1") == "NO_FUNDS"
