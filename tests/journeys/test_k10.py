"""K10 Dean Hartley Support: a concern, a suspension, and a late laptop that does not undo it."""

from dataclasses import fields
from datetime import date

from forms.facts.casework import StageEvent
from forms.facts.listing import Concern
from forms.rules import listing, pathway
from tests.support.story import END, moved, play_on, played, steps

SUSPENDED = date(2023, 2, 12)


def test_the_numbers_to_ring_need_no_signal():
    with played("K10", until=date(2023, 2, 10)) as story:
        for step in steps(story, "K10", "lose-signal") + steps(story, "K10", "concern"):
            play_on(story, step)
        laptop = story.scene.crew.laptop("coach")
        assert not laptop.online
        assert laptop.vault.reader.unsent_count() == 1
        numbers = dict(story.pack.safeguarding_numbers)
        assert {"999", "03000 41 61 61", "03000 41 91 91"} == set(numbers.values())
        told = story.told("K10")
        assert all(number in told for number in numbers.values())
        assert story.on("lead").all(Concern, "K10") == []


def test_only_a_reference_is_kept_of_the_concern(lead):
    (concern,) = lead.all(Concern, "K10")
    assert concern.kind == "safeguarding"
    assert concern.reference == "KCC-SG-23-0211"
    assert not {"note", "story", "details"} & {field.name for field in fields(Concern)}


def test_the_suspension_wins_on_every_laptop(whole):
    for device in ("lead", "qa", "coach", "coach-2"):
        there = whole.on(device)
        assert there.entry("K10").status == "suspended"
        assert there.entry("K10").suspended_on == SUSPENDED
        assert there.enterprise("K10").suspended_on == SUSPENDED


def test_the_late_laptop_keeps_its_words_and_is_told_why_it_is_not_listed(whole):
    entry = whole.entry("K10")
    assert entry.capacity == "Space for two more"
    asked = whole.on("coach-2").reader.decisions(state="refused")
    assert [request.name for request in asked] == ["listing.submit"]
    assert "suspended" in asked[0].words


def test_it_wins_as_well_when_the_late_laptop_comes_first():
    with played("K10", until=date(2023, 2, 11)) as story:
        back = steps(story, "K10", "find-signal")[-1]
        (suspend,) = steps(story, "K10", "suspend")
        play_on(story, moved(back, on=SUSPENDED))
        play_on(story, moved(suspend, at=steps(story, "K10", "relist")[0].at))
        for laptop in story.scene.crew.laptops.values():
            story.scene.crew.bring_level(laptop)
        assert story.on("coach-2").entry("K10").status == "suspended"
        assert story.on("coach-2").entry("K10").capacity == "Space for two more"


def test_the_public_directory_drops_him(lead):
    shown = (lead.entry("K10"), lead.enterprise("K10"), lead.checks("K10"), lead.consents("K10"))
    assert listing.public_view(*shown, END) is None
    other = (lead.entry("K02"), lead.enterprise("K02"), lead.checks("K02"), lead.consents("K02"))
    assert listing.public_view(*other, END) is not None


def test_he_is_established_but_not_active_any_more(lead):
    enterprise, events = lead.enterprise("K10"), lead.all(StageEvent, "K10")
    assert pathway.is_established(enterprise, END)
    assert pathway.is_active(enterprise, events, date(2023, 2, 11))
    assert not pathway.is_active(enterprise, events, END)
    assert lead.returned("K10").period_to == date(2022, 12, 31)


def test_what_was_paid_stays_paid(lead):
    assert lead.paid("K10") == [(date(2022, 5, 20), "38.00"), (date(2022, 8, 2), "275.00")]
    assert lead.paid_in("K10", "E2") == "313.00"
    assert {lead.claim("K10", name).state for name in ("dbs", "aid")} == {"CLOSED"}
    assert not [e for e in lead.events("K10") if e.to_state in ("CLAWBACK_OPEN", "RECOVERED")]
