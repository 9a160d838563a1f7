"""K01 Weald & Wander Companions: she rings four days before the DPIA is signed."""

from datetime import date

from forms.facts.people import Dpia, Enquiry, Enterprise, Leader, Tally
from forms.rules import gate, scope
from forms.rules.finding import Verdict
from forms.values import new_id
from tests.support.story import played

RANG, SIGNED = date(2022, 1, 10), date(2022, 1, 14)


def test_before_the_dpia_only_an_anonymous_count_is_kept():
    with played("K01", until=RANG) as story:
        for device in ("coach", "coach-2", "lead"):
            reader = story.on(device).reader
            assert not any(reader.all(kind) for kind in (Enquiry, Enterprise, Leader))
        tallies = story.reader.all(Tally)
        assert [(t.on, t.channel, t.count) for t in tallies] == [(RANG, "phone", 1)]
        assert "not signed" in story.told("K01")


def test_the_gate_says_so_for_every_personal_kind_and_opens_on_the_day(lead):
    signed = lead.reader.all(Dpia)
    for kind in ("enquiry", "enterprise", "leader", "session", "consent"):
        assert gate.may_record(signed, kind, RANG).verdict is Verdict.UNMET
        assert gate.may_record(signed, kind, SIGNED).verdict is Verdict.MET
    assert gate.may_record(signed, "tally", RANG).verdict is Verdict.MET


def test_the_register_takes_no_personal_record_before_the_dpia_either():
    with played("K01", until=RANG) as story:
        laptop = story.scene.crew.laptop("coach")
        name = "Somebody Too Early"
        with laptop.vault.change(by="bridget", at=story.scene.clock.now()) as unit:
            unit.add(Enquiry(id=new_id(), created_on=RANG, coach_id="bridget", name=name))
        story.scene.crew.bring_level(laptop)
        story.scene.crew.something_new()
        for device in ("lead", "coach-2"):
            story.scene.crew.bring_level(story.scene.crew.laptop(device))
            assert story.on(device).reader.all(Enquiry) == []


def test_her_record_begins_on_the_day_of_the_signature(lead):
    assert lead.enquiry("K01").created_on == SIGNED
    assert lead.stages("K01")[0] == ("ENQUIRY", SIGNED)


def test_a_basic_check_was_all_a_sole_trader_alone_could_get(lead):
    services = lead.enterprise("K01").service_types
    answer = scope.dbs_level(lead.pack, services, date(2022, 2, 14), handles_money=True)
    assert answer.can_get is scope.DbsLevel.BASIC
    assert str(answer.fee) in ("23", "23.00")
    assert lead.line("K01", "first", "dbs").pence == 2300


def test_what_was_paid_and_from_which_envelope(lead):
    assert lead.paid("K01") == [
        (date(2022, 2, 14), "23.00"),
        (date(2022, 3, 21), "89.00"),
        (date(2022, 4, 4), "249.00"),
    ]
    assert lead.paid_in("K01", "E1") == "112.00"
    assert lead.paid_in("K01", "E2") == "249.00"


def test_the_tablet_counts_by_the_day_it_was_paid_and_its_window_by_the_invoice(lead):
    tablet = lead.line("K01", "tablet", "tablet")
    assert (tablet.cost_on, tablet.paid_on) == (date(2022, 3, 30), date(2022, 4, 4))
    assert lead.judged("K01", tablet, date(2022, 3, 31)) == ""


def test_her_price_gap(lead):
    assert lead.b2("K01") == "3444.48"
