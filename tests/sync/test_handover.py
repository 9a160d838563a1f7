"""A case goes to another coach when that coach has accepted, and not before. On both databases."""

from __future__ import annotations

from dataclasses import replace

import pytest

from forms.facts.decisions import DecisionRequest
from forms.facts.handover import Handover
from forms.facts.people import Colleague, Enquiry, Enterprise
from forms.rules import decisions
from forms.values import new_id
from tests.sync.claims import a_case
from tests.sync.mutants import instead
from tests.sync.world import START, enterprise


@pytest.fixture
def people(world):
    return tuple(world.laptop(who) for who in ("ann", "ben", "lee"))


def offered(world, people):
    """Ann's case, offered to Ben; everybody has heard of it."""
    ann, ben, _lee = people
    asked = ann.add(Enquiry(id=new_id(), created_on=START.date(), coach_id="ann", name="Mary"))
    case = a_case(ann, enquiry_id=asked.id)
    world.settle_down()
    answer = world.ask(ann, "case.offer", case.id, to_coach_id="ben")
    assert answer.state == "granted"
    assert answer.words == "Offered to Ben Hurst. The case stays where it is until they accept."
    world.settle_down()
    (offer,) = ben.all(Handover)
    return case, asked, offer


def test_an_offer_moves_nothing_and_names_nobody(world, people):
    ann, ben, _lee = people
    case, _, offer = offered(world, people)
    assert (offer.state, offer.from_coach_id, offer.to_coach_id) == ("offered", "ann", "ben")
    assert ben.get(Enterprise, case.id) is None
    assert ann.get(Enterprise, case.id).coach_id == "ann"
    for laptop in people:
        assert laptop.all(Handover) == [offer]
    told = {str(value) for value in ben.records[offer.id].fields.values()}
    assert not told & {case.name, "Mary", case.phone}
    ann.set(case.id, place="Rye")  # it is still hers
    assert world.round(ann).passed_on == []


def test_accepted_it_goes_whole_and_what_was_not_sent_goes_with_it(world, people):
    ann, ben, _lee = people
    case, asked, offer = offered(world, people)
    ann.set(case.id, place="Rye")
    answer = world.ask(ben, "case.accept", offer.id)
    assert answer.words == "The case is yours now. It comes with the next exchange."
    report = world.round(ann)
    assert report.passed_on == ["This case is with another coach now. Your change went to them."]
    world.settle_down()
    assert ben.get(Enterprise, case.id).place == "Rye"
    assert ben.get(Enquiry, asked.id).coach_id == "ben"
    assert case.id not in ann.records
    for laptop in people:
        assert laptop.get(Handover, offer.id).state == "accepted"


@pytest.mark.parametrize("kind", ["enquiry", "enterprise"])
def test_a_case_takes_nothing_of_another_coach_with_it(world, people, kind):
    """Whoever names somebody else's record in their own case does not get it moved by that."""
    ann, ben, lee = people
    hers = ann.add(
        enterprise()
        if kind == "enterprise"
        else Enquiry(id=new_id(), created_on=START.date(), coach_id="ann", name="Joe")
    )
    case = ben.add(enterprise("ben", enquiry_id=hers.id))
    world.settle_down()
    world.ask(ben, "case.offer", case.id, to_coach_id="kay")
    world.settle_down()
    (offer,) = ben.all(Handover)
    kay = world.laptop("kay")
    assert world.ask(kay, "case.accept", offer.id).state == "granted"
    world.settle_down()
    assert world.row(case.id).owner_id == "kay"
    assert (world.row(hers.id).owner_id, world.row(hers.id).fields["coach_id"]) == ("ann", "ann")
    assert hers.id in ann.records
    assert world.ask(lee, "case.transfer", case.id, to_coach_id="ben").state == "granted"
    world.settle_down()
    assert hers.id not in ben.records
    assert hers.id in ann.records


def test_nobody_is_erased_because_somebody_else_names_them(world, people):
    """The other half of a person is theirs where each names the other, or one coach has both."""
    ann, ben, _ = people
    hers = ann.add(Enquiry(id=new_id(), created_on=START.date(), coach_id="ann", name="Joe"))
    kept = ann.add(enterprise(name="Joe's Meals"))
    case = ben.add(enterprise("ben", enquiry_id=hers.id))
    asked = ben.add(Enquiry(id=new_id(), created_on=START.date(), coach_id="ben", name="Jo"))
    world.settle_down()
    ben.set(asked.id, enterprise_id=kept.id)
    world.settle_down()
    quin = world.laptop("quin")
    for subject in (case.id, asked.id):
        assert world.ask(ben, "person.erase", subject).state == "granted"
        assert world.ask(quin, "person.erase", subject).state == "granted"
    world.settle_down()
    assert (world.row(hers.id).fields["name"], world.row(kept.id).fields["name"]) == (
        "Joe",
        "Joe's Meals",
    )
    assert {world.row(one.id).fields["name"] for one in (case, asked)} == {""}


def test_declined_it_stays_and_can_be_offered_again(world, people):
    ann, ben, _lee = people
    case, _, offer = offered(world, people)
    again = world.ask(ann, "case.offer", case.id, to_coach_id="lee")
    assert again.codes == ("OFFERED_ALREADY",)
    assert world.ask(ben, "case.decline", offer.id).state == "granted"
    world.settle_down()
    assert ann.get(Handover, offer.id).state == "declined"
    assert ann.get(Enterprise, case.id).coach_id == "ann"
    assert case.id not in ben.records
    assert world.ask(ben, "case.accept", offer.id).codes == ("ANSWERED_ALREADY",)
    assert world.ask(ann, "case.offer", case.id, to_coach_id="ben").state == "granted"


def test_taken_back_it_cannot_be_accepted(world, people):
    ann, ben, _lee = people
    case, _, offer = offered(world, people)
    assert world.ask(ben, "case.recall", offer.id).codes == ("NOT_YOUR_CASE",)
    assert world.ask(ann, "case.recall", offer.id).state == "granted"
    assert world.ask(ben, "case.accept", offer.id).codes == ("ANSWERED_ALREADY",)
    world.settle_down()
    assert ann.get(Enterprise, case.id).coach_id == "ann"


def test_only_the_coach_it_was_offered_to_accepts(world, people):
    ann, _ben, lee = people
    case, _, offer = offered(world, people)
    for who in (ann, lee):
        assert world.ask(who, "case.accept", offer.id).codes == ("NOT_YOURS",)
        assert world.ask(who, "case.decline", offer.id).codes == ("NOT_YOURS",)
    assert world.row(case.id).owner_id == "ann"


def test_a_coach_offers_their_own_cases_only_and_to_coaches_only(world, people):
    ann, ben, lee = people
    case = a_case(ann)
    world.settle_down()
    ask = world.ask
    assert ask(ben, "case.offer", case.id, to_coach_id="ben").codes == ("NOT_YOUR_CASE",)
    assert ask(ann, "case.offer", case.id, to_coach_id="fay").codes == ("NOT_A_COACH",)
    assert ask(ann, "case.offer", case.id, to_coach_id="ann").codes == ("THEIRS_ALREADY",)
    assert ask(ann, "case.offer", case.id).codes == ("INCOMPLETE",)
    assert ask(ann, "case.offer", "nothing", to_coach_id="ben").codes == ("NOT_FOUND",)
    assert ask(lee, "case.offer", case.id, to_coach_id="ben").state == "granted"


def test_a_lead_moves_it_at_once_and_the_offer_is_over(world, people):
    _ann, ben, lee = people
    case, _, offer = offered(world, people)
    assert world.ask(lee, "case.transfer", case.id, to_coach_id="lee").state == "granted"
    assert world.ask(ben, "case.accept", offer.id).codes == (
        "ANSWERED_ALREADY",
        "MOVED_MEANWHILE",
    )
    world.settle_down()
    assert ben.get(Handover, offer.id).state == "recalled"
    assert world.row(case.id).owner_id == "lee"


def test_asked_without_a_line_it_waits_and_is_answered_with_the_next_round(world, people):
    _ann, ben, _lee = people
    case, _, offer = offered(world, people)
    asked = DecisionRequest(
        id=new_id(), name="case.accept", subject_id=offer.id, asked_by_id="ben",
        asked_at=world.clock.now(),
    )  # fmt: skip
    ben.ask(asked)
    assert world.round(ben).decisions_answered == 1
    assert ben.asked[asked.id].state == "granted"
    assert ben.get(Enterprise, case.id) is not None


def test_a_laptop_cannot_write_an_offer_by_itself(world, people):
    ann, _ben, _lee = people
    case = a_case(ann)
    made = Handover(
        id=new_id(), case_id=case.id, from_coach_id="ann", to_coach_id="ben", state="accepted"
    )
    ann.add(made)
    report = world.round(ann)
    assert report.refused == ["Your role does not change this kind of record."]
    assert world.row(made.id) is None


def test_without_the_check_of_whom_it_was_offered_to_anybody_takes_it(world, people):
    _ann, _ben, lee = people
    case, _, offer = offered(world, people)
    row = decisions.DECISIONS["case.accept"]

    def anybody(asked):
        """Whoever asks is taken for the coach it was offered to."""
        return row.judge(replace(asked, actor=replace(asked.actor, id=offer.to_coach_id)))

    unchecked = dict(decisions.DECISIONS) | {"case.accept": replace(row, judge=anybody)}
    with instead(decisions, "DECISIONS", unchecked):
        assert world.ask(lee, "case.accept", offer.id).state == "granted"
    assert world.row(case.id).owner_id == "ben"


def test_everybody_who_can_be_offered_a_case_is_known_to_a_laptop(world, people):
    ann, _, _ = people
    world.settle_down()
    names = {one.id: one.role for one in ann.all(Colleague) if one.active}
    assert names["ben"] == "coach"
