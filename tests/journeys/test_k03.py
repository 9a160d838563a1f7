"""K03 Riverside Rhythm: three people, a hall, and a company before the lease."""

from dataclasses import replace
from datetime import date


def test_a_community_interest_company_comes_first(lead):
    assert lead.first_form("K03") == "CICG"
    assert lead.enterprise("K03").entity_form == "CICG"


def test_being_paid_and_locking_the_assets_speak_for_it(lead):
    rules = {reason.rule for reason in lead.ranked("K03", "CICG").reasons_for}
    assert {"E10", "E13"} <= rules


def test_an_unincorporated_group_falls_behind_because_of_the_lease(lead):
    with_lease = lead.ranked("K03", "UNI")
    without = lead.ranked("K03", "UNI", Q5="no")
    against = {reason.rule: reason.because for reason in with_lease.reasons_against}
    assert "E16" in against
    assert "lease" in against["E16"]
    assert with_lease.score < without.score


def test_the_fee_is_paid_a_week_before_the_company_exists(lead):
    fee = lead.line("K03", "company", "cic-fee")
    assert (fee.category, fee.paid_on) == ("LICENCE_REG", date(2022, 9, 5))
    assert lead.enterprise("K03").established_on == date(2022, 9, 12)
    assert lead.judged("K03", fee, date(2022, 8, 30)) == ""


def test_anything_else_before_the_start_would_be_turned_down(lead):
    rent = replace(lead.line("K03", "hall", "rent"), cost_on=date(2022, 9, 5))
    assert lead.judged("K03", rent, date(2022, 9, 27)) == "PRE_START"


def test_equipment_over_250_needs_a_quote_and_the_hall_needs_its_price_list(lead):
    sound = lead.line("K03", "hall", "pa")
    assert sound.quotes == 1
    assert lead.judged("K03", replace(sound, quotes=0), date(2022, 9, 27)) == "QUOTE_MISSING"
    rent = lead.line("K03", "hall", "rent")
    assert rent.months == 3
    bare = replace(rent, files=(), invoice_no="")
    assert lead.judged("K03", bare, date(2022, 9, 27)) == "QUOTE_MISSING"
    assert lead.judged("K03", replace(rent, months=4), date(2022, 9, 27)) == "NOT_ELIGIBLE_COST"


def test_what_was_paid(lead):
    assert lead.paid("K03") == [
        (date(2022, 9, 5), "27.00"),
        (date(2022, 10, 1), "540.00"),
        (date(2022, 10, 3), "420.00"),
    ]
    assert lead.paid_in("K03", "E2") == "987.00"


def test_dance_is_not_comparable_to_homecare(lead):
    assert lead.b2("K03") is None
    assert lead.returned("K03").dp_hours_week == 6
