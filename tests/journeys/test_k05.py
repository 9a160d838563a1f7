"""K05 Romney Marsh: no signal, two laptops, one phone number changed twice, nothing lost."""

from datetime import date

import pytest

from forms.facts.casework import CoachingSession
from forms.facts.people import Enterprise
from forms.rules import seed_fund
from tests.support.story import moved, play_on, played, steps

MARSH = date(2022, 10, 18)
FIRST, SECOND, BEFORE = "01632 960515", "01632 960551", "01632 960505"


@pytest.fixture(scope="module")
def marsh():
    """Both laptops have written on the Marsh; neither has sent it yet."""
    with played("K05", until=MARSH) as story:
        yield story


def test_the_case_is_written_with_no_signal_at_all():
    with played("K05", until=date(2022, 10, 7)) as story:
        coach = story.on("coach")
        assert coach.enterprise("K05").name == "Nair-Holt Home & Digital Help"
        assert coach.reader.unsent_count() > 5
        assert story.on("lead").reader.all(Enterprise) == []


def test_each_laptop_shows_what_was_typed_on_it(marsh):
    assert marsh.on("coach").enterprise("K05").phone == FIRST
    assert marsh.on("coach-2").enterprise("K05").phone == SECOND
    assert marsh.on("lead").enterprise("K05").phone == BEFORE


def test_it_becomes_one_thing_to_check_with_all_three_values():
    with played("K05", until=MARSH) as story:
        for step in steps(story, "K05", "find-signal")[1:]:
            play_on(story, step)
        story.scene.crew.bring_level(story.scene.crew.laptop("coach"))
        for device in ("coach", "coach-2"):
            (thing,) = story.on(device).reader.conflicts()
            assert (thing.field, thing.before) == ("phone", BEFORE)
            assert {head.value for head in thing.heads} == {FIRST, SECOND}
        # what did not clash was joined without asking
        there = story.on("coach").enterprise("K05")
        assert there.access_needs == "Large print, and ring before posting"
        notes = {note.note for note in story.on("coach-2").all(CoachingSession, "K05")}
        assert {"Showed the talking screen. New number taken down."} <= notes
        assert {"Price sheet gone through by phone."} <= notes


def test_the_order_in_which_they_come_back_does_not_matter():
    with played("K05", until=MARSH) as story:
        first, second = steps(story, "K05", "find-signal")[1:]
        play_on(story, moved(second, at=first.at))
        play_on(story, moved(first, at=second.at))
        story.scene.crew.bring_level(story.scene.crew.laptop("coach-2"))
        for device in ("coach", "coach-2"):
            (thing,) = story.on(device).reader.conflicts()
            assert {head.value for head in thing.heads} == {FIRST, SECOND}


def test_it_is_settled_once_and_closed_on_every_laptop(whole):
    for device in ("coach", "coach-2", "lead"):
        there = whole.on(device)
        assert there.enterprise("K05").phone == FIRST
        assert there.reader.conflicts() == []
    (thing,) = whole.on("coach").reader.conflicts(open_only=False)
    assert thing.settled_by_id == "bridget"
    assert thing.note.startswith("Rang Priya")


def test_the_number_that_was_not_chosen_stays_in_the_story(coach):
    (thing,) = coach.reader.conflicts(open_only=False)
    assert SECOND in {head.value for head in thing.heads}


def test_the_router_is_paid_from_the_third_envelope(lead):
    assert lead.paid("K05") == [(date(2023, 1, 20), "180.00")]
    assert lead.paid_in("K05", "E3") == "180.00"


def test_the_leaflets_are_turned_down_and_sent_to_the_marketing_budget(lead):
    assert lead.refused("K05") == [("95.00", "NOT_ELIGIBLE_COST")]
    leaflets = lead.line("K05", "start", "leaflets")
    kind = lead.pack.seed_policy.cost_kind(leaflets.cost_kind)
    assert "marketing" in kind.because.lower()
    assert "NOT_ELIGIBLE_COST" in seed_fund.REJECTIONS


def test_only_ten_of_her_hours_are_comparable(lead):
    told = lead.returned("K05")
    assert (told.hours_week, told.comparable_hours_week) == (20, 10)
    assert (told.dp_hours_week, told.dp_comparable_hours_week) == (8, 4)
    assert lead.b2("K05") == "2433.60"
