"""K04 Lunch & Memory Group: register the food four weeks before the first lunch."""

from datetime import date

from forms.facts.casework import CoachingSession
from forms.rules import checklist, scope

FIRST_LUNCH = date(2022, 11, 24)


def test_an_unincorporated_association_ranks_first(lead):
    assert lead.first_form("K04") == "UNI"
    assert "E07" in {reason.rule for reason in lead.ranked("K04", "UNI").reasons_for}


def test_the_committee_is_told_that_it_stands_behind_the_debts(lead):
    form = next(form for form in lead.pack.entity_forms if form.code == "UNI")
    assert "with their own money" in form.liability
    notes = " ".join(s.note for s in lead.all(CoachingSession, "K04"))
    assert "debts" in notes


def test_food_is_registered_at_least_28_days_before(lead):
    assert lead.enterprise("K04").first_delivery_on == FIRST_LUNCH
    latest = checklist.food_registration_latest(FIRST_LUNCH)
    assert latest == date(2022, 10, 27)
    assert lead.items("K04")["C18"].evidence_on <= latest
    assert lead.status("K04", date(2022, 11, 25))["C18"].due_on == latest


def test_volunteers_are_checked_for_nothing(lead):
    services = lead.enterprise("K04").service_types
    answer = scope.dbs_level(lead.pack, services, date(2022, 11, 2), volunteer=True)
    assert answer.fee == 0
    assert lead.items("K04")["C10"].state == "done"
    assert lead.enterprise("K04").facts["vol"] == 14


def test_what_was_paid(lead):
    assert lead.paid("K04") == [
        (date(2022, 11, 7), "360.00"),
        (date(2022, 11, 14), "118.50"),
        (date(2022, 11, 14), "36.00"),
    ]
    assert lead.paid_in("K04", "E2") == "514.50"


def test_twenty_two_people_six_hours(lead):
    told = lead.returned("K04")
    assert (told.hours_week, told.people) == (6, 22)
    assert lead.b2("K04") is None
