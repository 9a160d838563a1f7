"""K06 Gurpreet and Harjit Bains: two sole traders, not one partnership."""

from dataclasses import replace
from datetime import date

from forms.facts.casework import StageEvent
from forms.rules import pathway, scope
from tests.support.story import END


def test_two_sole_traders_come_above_a_partnership(lead):
    sole, partnership = lead.ranked("K06a", "SOLE"), lead.ranked("K06a", "PART")
    assert sole.score > partnership.score
    assert "E04" in {reason.rule for reason in sole.reasons_for}
    assert "E04" in {reason.rule for reason in partnership.reasons_against}


def test_a_partnership_would_need_the_cqc_question_first(lead):
    assert lead.ranked("K06a", "PART").red
    together = replace(lead.enterprise("K06a"), entity_form="PART")
    leaders = lead.leaders("K06a") + lead.leaders("K06b")
    found = scope.cqc_screen(scope.care_facts(together, leaders))
    assert found.light is scope.Light.RED
    alone = scope.care_facts(lead.enterprise("K06a"), lead.leaders("K06a"))
    assert scope.cqc_screen(alone).light is scope.Light.GREEN


def test_one_enquiry_two_enterprises(lead):
    first, second = lead.enterprise("K06a"), lead.enterprise("K06b")
    assert first.enquiry_id == second.enquiry_id
    for key in ("K06a", "K06b"):
        enterprise = lead.enterprise(key)
        events = lead.all(StageEvent, key)
        assert enterprise.established_on == date(2022, 12, 1)
        assert pathway.is_active(enterprise, events, END)


def test_a_noticeboard_is_not_digital(lead):
    enquiry = lead.enquiry("K06")
    channel = next(c for c in lead.pack.channels if c.code == enquiry.channel)
    assert channel.digital is False
    assert "gurdwara" in enquiry.heard_via


def test_translation_and_insurance_from_the_third_envelope(lead):
    assert lead.paid("K06a") == [(date(2023, 2, 8), "120.00")]
    assert lead.paid("K06b") == [(date(2023, 2, 10), "96.00")]
    assert (lead.paid_in("K06a", "E3"), lead.paid_in("K06b", "E3")) == ("120.00", "96.00")


def test_a_price_gap_for_each(lead):
    assert (lead.b2("K06a"), lead.b2("K06b")) == ("3637.92", "2480.40")
    assert lead.returned("K06a").dp_hours_week == 15
    assert lead.returned("K06b").dp_hours_week == 10
