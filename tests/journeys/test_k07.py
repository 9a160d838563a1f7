"""K07 Handy & Garden: two people are taken on, a mower is bought, van insurance is not."""

from dataclasses import replace
from datetime import date

from forms.rules import scope
from forms.rules.finding import Verdict

HIRED = date(2022, 8, 15)
EMPLOYING = {"C09", "C45", "C46"}


def test_insurance_and_payroll_appear_the_moment_somebody_is_employed(lead):
    alone = lead.status("K07", HIRED, employee_count=0)
    hiring = lead.status("K07", HIRED, employee_count=1)
    now = EMPLOYING & set(hiring)
    assert {"C09", "C45"} <= now
    assert not any(alone[code].applies for code in now)
    assert all(hiring[code].applies and hiring[code].must for code in now)


def test_he_brings_them_a_week_later(lead):
    items = lead.items("K07")
    assert items["C09"].evidence_on == items["C45"].evidence_on == date(2022, 8, 22)
    assert lead.enterprise("K07").employee_count == 2


def test_a_lower_tier_waste_carrier_costs_nothing(lead):
    status = lead.status("K07", date(2022, 6, 27))["C58"]
    assert status.applies
    assert "£0" in status.rule.cost
    assert lead.items("K07")["C58"].state == "done"


def test_the_mower_needs_two_quotes_and_has_them(lead):
    mower = lead.line("K07", "mower", "mower")
    on = date(2022, 7, 21)
    assert mower.quotes == 2
    assert lead.judged("K07", mower, on) == ""
    assert lead.judged("K07", replace(mower, quotes=1), on) == "QUOTE_MISSING"
    assert lead.paid("K07") == [(date(2022, 7, 29), "650.00")]
    assert lead.paid_in("K07", "E2") == "650.00"


def test_van_insurance_is_a_running_cost(lead):
    assert lead.refused("K07") == [("310.00", "EXCLUDED_COST")]


def test_gardening_is_not_comparable_to_homecare(lead):
    assert lead.b2("K07") is None
    assert lead.returned("K07").people == 14


def test_a_fifth_employee_ends_micro(lead):
    four, five = (scope.size_test(lead.pack, n, HIRED) for n in (4, 5))
    assert four.verdict is Verdict.MET
    assert "One more" in four.because
    assert (five.verdict, five.code) == (Verdict.UNMET, "NOT_MICRO")
    assert lead.status("K07", HIRED, employee_count=4)["C47"].applies
