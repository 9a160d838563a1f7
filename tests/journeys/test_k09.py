"""K09 Sheppey Steps: what another fund has paid is not paid again."""

from dataclasses import replace
from datetime import date


def test_a_charity_of_its_trustees_ranks_first(lead):
    assert lead.first_form("K09") == "CIO-F"
    assert lead.enterprise("K09").established_on == date(2023, 1, 9)
    assert len(lead.leaders("K09")) == 3


def test_the_insurance_was_paid_by_another_fund(lead):
    assert lead.refused("K09") == [("130.00", "DOUBLE_FUNDED")]
    insurance = lead.line("K09", "walks", "insurance")
    on = date(2023, 3, 7)
    assert lead.judged("K09", insurance, on) == "DOUBLE_FUNDED"
    assert lead.judged("K09", replace(insurance, already_funded_by=""), on) == ""


def test_the_poles_are_paid_all_the_same(lead):
    assert lead.paid("K09") == [(date(2023, 3, 16), "164.40")]
    assert lead.paid_in("K09", "E3") == "164.40"
    assert lead.claim("K09", "walks").state == "CLOSED"


def test_eighteen_people_four_hours(lead):
    told = lead.returned("K09")
    assert (told.hours_week, told.people) == (4, 18)
    assert lead.b2("K09") is None
