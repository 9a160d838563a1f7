"""Decisions on a listing: who publishes, what keeps it back, and that anybody may stop harm."""

from dataclasses import replace
from datetime import date

import pytest

from forms.facts.listing import RegisterEntry
from forms.facts.people import Enterprise
from tests.forms.rules.making import ANN, BEN, LEA, QUI, enterprise
from tests.forms.rules.world import LISTING, ON, READY, World, checks, entry


@pytest.fixture
def listed():
    return World(entry(), LISTING, READY, *checks())


def the_entry(world):
    return world.records.get(RegisterEntry, "r1")


def test_a_reviewer_who_is_not_the_coach_publishes(listed):
    listed.granted("listing.publish", QUI, subject="r1")
    shown = the_entry(listed)
    assert (shown.status, shown.published_on, shown.reviewed_by_id) == ("published", ON, "qui")
    own = World(entry(), LISTING, READY, *checks(), enterprise(coach_id="lea"))
    assert own.refused("listing.publish", LEA, subject="r1") == ("SAME_PERSON",)
    assert own.refused("listing.publish", ANN, subject="r1") == ("NOT_YOUR_ROLE",)


@pytest.mark.parametrize(
    ("records", "code"),
    [
        ([entry(), READY, *checks()], "NO_CONSENT"),
        ([entry(), READY, *checks(), replace(LISTING, withdrawn_on=ON)], "NO_CONSENT"),
        ([entry(), LISTING, *checks()], "NOT_READY"),
        ([entry(), LISTING, READY, *checks()[1:]], "CHECK_MISSING"),
        ([entry(services=()), LISTING, READY, *checks()], "INCOMPLETE"),
        ([entry(contact=" "), LISTING, READY, *checks()], "INCOMPLETE"),
        ([entry(), LISTING, READY, *checks(expires_on=date(2021, 1, 1))], "HIDE"),
        ([entry(), LISTING, READY, *checks(), enterprise(employee_count=5)], "NOT_MICRO"),
        ([entry(), LISTING, READY, *checks(), enterprise(suspended_on=ON)], "SUSPENDED"),
        ([entry(status="draft"), LISTING, READY, *checks()], "WRONG_STATE"),
    ],
)
def test_what_keeps_a_listing_from_being_published(records, code):
    assert code in World(*records).refused("listing.publish", QUI, subject="r1")


def test_a_coach_sends_a_listing_for_review_before_ready():
    world = World(entry(status="draft"), LISTING)
    world.granted("listing.submit", ANN, subject="r1")
    assert the_entry(world).status == "ready_for_review"


@pytest.mark.parametrize(
    "status", ["draft", "ready_for_review", "published", "hidden", "withdrawn"]
)
@pytest.mark.parametrize("actor", [ANN, QUI, LEA])
def test_anybody_may_stop_harm_at_once_and_it_reaches_the_enterprise(status, actor):
    world = World(entry(status=status))
    world.granted("listing.suspend", actor, subject="r1", reason="Concern raised", on=ON)
    stopped = the_entry(world)
    assert (stopped.status, stopped.suspended_on) == ("suspended", ON)
    assert stopped.review_on == date(2022, 3, 15)  # ten working days
    assert world.records.get(Enterprise, "e1").suspended_on == ON


def test_a_suspension_needs_a_reason_and_ends_by_a_reviewer(listed):
    assert listed.refused("listing.suspend", ANN, subject="r1") == ("INCOMPLETE",)
    listed.granted("listing.publish", QUI, subject="r1")
    listed.granted("listing.suspend", ANN, subject="r1", reason="Concern raised")
    assert listed.refused("listing.reinstate", BEN, subject="r1") == ("NOT_YOUR_ROLE",)
    assert listed.refused("listing.publish", QUI, subject="r1")[0] == "WRONG_STATE"
    listed.granted("listing.reinstate", QUI, subject="r1")
    assert the_entry(listed).status == "published"
    assert listed.records.get(Enterprise, "e1").suspended_on is None


def test_what_lapsed_meanwhile_stays_hidden_after_a_suspension():
    gone = checks(expires_on=date(2022, 2, 28))
    stopped = entry(status="suspended", suspended_on=ON, reviewed_by_id="qui")
    world = World(stopped, LISTING, READY, *gone)
    world.granted("listing.reinstate", QUI, subject="r1")
    assert the_entry(world).status == "hidden"


@pytest.mark.parametrize("status", ["draft", "ready_for_review", "hidden", "withdrawn"])
def test_the_end_of_a_suspension_publishes_nothing_that_was_not_public_before_it(status):
    """Nobody reviewed it as it is, or somebody took it away, the leader perhaps."""
    world = World(entry(status=status, reviewed_by_id="qui"), LISTING, READY, *checks())
    for _ in range(2):  # a second voice says the same
        world.granted("listing.suspend", ANN, subject="r1", reason="Concern raised")
    answer = world.granted("listing.reinstate", QUI, subject="r1")
    assert (the_entry(world).status, the_entry(world).suspended_on) == ("hidden", None)
    assert "stays hidden" in answer.words
    assert world.records.get(Enterprise, "e1").suspended_on is None
    world.granted("listing.publish", QUI, subject="r1")
    assert the_entry(world).status == "published"


def test_while_another_listing_of_theirs_is_suspended_the_enterprise_stays_so(listed):
    listed.granted("listing.publish", QUI, subject="r1")
    listed.records.put(entry(id="r2", status="published", reviewed_by_id="qui"))
    for number in ("r1", "r2"):
        listed.granted("listing.suspend", ANN, subject=number, reason="Concern raised")
    listed.granted("listing.reinstate", QUI, subject="r1")
    assert listed.records.get(Enterprise, "e1").suspended_on == ON  # so neither is shown
    listed.granted("listing.reinstate", QUI, subject="r2")
    assert listed.records.get(Enterprise, "e1").suspended_on is None


def test_hide_remove_and_withdraw(listed):
    listed.records.put(entry(status="published"))
    assert listed.refused("listing.hide", QUI, subject="r1") == ("INCOMPLETE",)
    listed.granted("listing.hide", QUI, subject="r1", reason="Insurance ran out")
    listed.granted("listing.withdraw", ANN, subject="r1")
    assert listed.refused("listing.remove", ANN, subject="r1") == ("NOT_YOUR_ROLE",)
    listed.granted("listing.remove", QUI, subject="r1", reason="False papers")
    assert "WRONG_STATE" in listed.refused("listing.suspend", QUI, subject="r1", reason="x")
    assert listed.refused("listing.hide", QUI, subject="r404", reason="x") == ("NOT_FOUND",)


def test_a_listing_whose_enterprise_is_not_there():
    world = World(entry(enterprise_id="e404"), LISTING, READY, *checks())
    assert world.refused("listing.publish", QUI, subject="r1") == ("NOT_FOUND",)
    world.granted("listing.suspend", QUI, subject="r1", reason="Concern raised")
    assert the_entry(world).status == "suspended"


def test_a_second_suspension_keeps_the_first_day():
    first = date(2022, 2, 1)
    world = World(entry(status="published"), enterprise(suspended_on=first))
    world.granted("listing.suspend", QUI, subject="r1", reason="Another concern")
    assert world.records.get(Enterprise, "e1").suspended_on == first
