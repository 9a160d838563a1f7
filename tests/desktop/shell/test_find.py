"""The Ctrl+K box: people of this week first, notes, days, amounts, help, and what was meant."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop.actions import Action, Actions
from desktop.presenters.find import FindPresenter
from desktop.presenters.help_topics import matching, topics
from forms.facts.casework import ChecklistItem, CoachingSession
from forms.facts.money import ClaimLine, SeedClaim
from forms.facts.people import Enterprise, Leader
from forms.values import derived_id, new_id
from tests.desktop.shell.world import COACH, NOW, TODAY

MARY = "ent-0"


class Box:
    def __init__(self):
        self.offers, self.text = [], ""

    def show_offers(self, offers):
        self.offers = offers

    def put(self, words):
        self.text = words

    @property
    def words(self):
        return [offer.words for offer in self.offers]


@pytest.fixture
def find(context):
    actions = Actions()
    ran = []
    actions.add(Action("go.impact", "Go to Impact", lambda: ran.append("impact")))
    box = Box()
    made = FindPresenter(box, context, actions)
    made.box, made.ran = box, ran
    return made


def test_nothing_typed_shows_who_was_seen_this_week(find, vault):
    find.began()
    assert find.box.words == ["Mary Thorne"]
    assert find.box.offers[0].beside == "seen this week"
    find.picked(find.box.offers[0].key)
    assert find._context.goes.places == [("enterprise", {"id": MARY})]


def test_a_slip_in_the_name_of_an_action_still_offers_it(find):
    find.typed("go to impcat")
    assert "Go to Impact" in find.box.words
    assert find.box.words[0].startswith("No match for")


def test_of_two_people_with_one_name_neither_is_guessed_for_a_note(find, vault):
    with vault.change(by=COACH.id, at=NOW) as unit:
        for one, place in (("b1", "Deal"), ("b2", "Hythe")):
            unit.add(Enterprise(id=one, name="", coach_id=COACH.id, place=place))
            unit.add(Leader(id=f"l-{one}", enterprise_id=one, name="Ann Brown"))
    find.typed("ann brown")
    notes = [each for each in find.box.offers if each.words == "New note for Ann Brown"]
    assert {each.key for each in notes} == {"note:b1", "note:b2"}
    assert len({each.beside for each in notes}) == 2


def test_a_very_long_text_is_not_said_back_in_full(find):
    find.typed("x" * 100_000)
    assert all(len(words) < 100 for words in find.box.words)


def test_people_seen_this_week_stand_first(find, vault):
    with vault.change(by=COACH.id, at=NOW) as unit:
        for number, name in enumerate(("Alan Marsh", "Zoe Marsh")):
            one = f"marsh-{number}"
            unit.add(Enterprise(id=one, name="", coach_id=COACH.id))
            unit.add(Leader(id=f"l-{one}", enterprise_id=one, name=name))
        unit.add(
            CoachingSession(id=new_id(), enterprise_id="marsh-1", on=TODAY, kind="visit", note="x")
        )
    find.typed("marsh")
    assert find.box.words[:2] == ["Zoe Marsh", "Alan Marsh"]


def test_a_note_for_somebody(find):
    find.typed("new note for mary")
    assert find.box.words[0] == "New note for Mary Thorne"
    find.picked(find.box.offers[0].key)
    assert find._context.goes.places == [("quick_note", {"enterprise": MARY})]
    find.typed("mary")
    assert "New note for Mary Thorne" in find.box.words


def test_a_day_is_understood_and_31_feb_is_refused_in_words(find):
    find.typed("3 dec")
    assert "Visits and promises on Thu 3 Dec 2026" in find.box.words
    find.picked("day:2026-12-03")
    assert find._context.goes.places == [("today", {"day": "2026-12-03"})]
    find.typed("31 feb")
    assert find.box.words[0].startswith("There is no 31 February")


def test_an_amount_finds_its_cost(find, vault):
    with vault.change(by=COACH.id, at=NOW) as unit:
        unit.add(SeedClaim(id="c1", enterprise_id=MARY))
        unit.add(ClaimLine(id="l1", claim_id="c1", enterprise_id=MARY, what="Oven", pence=118_50))
    find.typed("£118.50")
    assert find.box.words[0] == "Oven, £118.50"
    find.picked(find.box.offers[0].key)
    assert find._context.goes.places == [("claim", {"id": "c1"})]


def test_actions_and_help_are_found(find):
    find.typed("impact")
    assert "Go to Impact" in find.box.words
    find.picked("action:go.impact")
    assert find.ran == ["impact"]
    find.typed("passphrase")
    assert "Get a lost passphrase back" in find.box.words


def test_did_you_mean_and_add_as_new(find):
    find.typed("whitkombd")
    assert find.box.words == [
        "No match for “whitkombd”.",
        "Did you mean whitcombe?",
        "Add whitkombd as a new enquiry",
    ]
    find.picked(find.box.offers[1].key)
    assert find.box.text == "whitcombe"
    assert any("Whitcombe" in words for words in find.box.words)


@pytest.mark.parametrize("typed", ["\u05e9\u05dc\u05d5\u05dd", "zzzz\u200f", "zzzz\u202e"])
def test_words_from_the_right_do_not_turn_the_line_about_them(find, typed):
    find.typed(typed)
    assert find.box.words[0] == f"No match for “\u2068{typed}\u2069”."
    assert find.box.offers[-1].words == f"Add \u2068{typed}\u2069 as a new enquiry"
    assert find.box.offers[-1].key == f"new:{typed}"


def test_a_day_beside_the_wrong_weekday_is_asked_about(find):
    find.typed("mon 3 nov")
    assert find.box.words[0].startswith("3 November 2026 is a Tuesday. Which did you mean?")
    assert not [offer for offer in find.box.offers if offer.key.startswith("day:")]


def test_every_topic_is_found_by_its_own_heading():
    for topic in topics():
        assert topic.key in [found.key for found in matching(topic.words.rstrip("."))]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=80))
def test_paste_of_anything_gives_offers_and_no_error(find, text):
    find.typed(text)
    assert not find._context.tell.errors


def test_a_hit_in_a_record_is_named_in_words_and_opens_where_it_stands(find, vault):
    with vault.change(by=COACH.id, at=NOW) as unit:
        unit.set(ChecklistItem, derived_id(MARY, "C07"), note="Schedule names quilting")
    find.typed("quilting")
    (offer,) = [each for each in find.box.offers if each.beside.startswith("checklist")]
    assert offer.words == "Public liability insurance"
    find.picked(offer.key)
    assert find._context.goes.places == [("enterprise", {"id": MARY, "tab": "checklist"})]
