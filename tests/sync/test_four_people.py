"""A claim goes through four different people, and nobody who wrote in it judges it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from forms.facts.money import ClaimEvent, ClaimLine, SeedClaim
from tests.sync.claims import a_case, a_claim, recommended
from tests.sync.world import claim, line_of


def test_a_claim_goes_from_draft_to_paid_through_four_pairs_of_hands(world):
    ann, lee, quin, fay = (world.laptop(who) for who in ("ann", "lee", "quin", "fay"))
    _, one, cost = a_claim(world, ann)
    steps = [
        (ann, "claim.submit", {}),
        (quin, "claim.check", {"lines": {cost.id: ""}, "note": ""}),
        (quin, "claim.recommend", {}),
        (lee, "claim.approve", {}),
        (ann, "claim.agree", {}),
        (lee, "claim.commit", {}),
        (fay, "claim.pay", {"line_id": cost.id, "paid_on": "2022-03-01", "reference": "B1"}),
    ]
    for who, name, payload in steps:
        answer = world.ask(who, name, one.id, **payload)
        assert (answer.state, answer.words) == ("granted", answer.words)
    world.settle_down()
    for laptop in (ann, lee, quin, fay):
        assert laptop.get(SeedClaim, one.id).state == "PAID"
        assert laptop.get(ClaimLine, cost.id).paid_on == date(2022, 3, 1)
        assert [e.to_state for e in laptop.all(ClaimEvent)].count("PAID") == 1
    assert quin.get(SeedClaim, one.id).approved_by_id == "lee"


@pytest.mark.parametrize(
    ("who", "codes"),
    [
        ("ann", "NOT_YOUR_ROLE"),  # drafter
        ("quin", "SAME_PERSON"),  # checker
        ("fay", "NOT_YOUR_ROLE"),  # payer
        ("abe", "NOT_YOUR_ROLE"),
    ],
)
def test_no_pair_of_hands_twice(world, who, codes):
    ann = world.laptop("ann")
    one, _ = recommended(world, ann, 2300)
    answer = world.ask(world.laptop(who), "claim.approve", one.id)
    assert answer.state == "refused"
    assert codes in answer.codes
    assert world.row(one.id).fields["state"] == "RECOMMENDED"


def test_an_approver_who_drafted_is_refused(world):
    """A lead who drafted a claim themselves."""
    lee = world.laptop("lee")
    one, _ = recommended(world, lee, 2300)
    answer = world.ask(lee, "claim.approve", one.id)
    assert answer.codes == ("SAME_PERSON",)


@pytest.mark.parametrize("named", ["ann", ""])
def test_who_drafted_is_who_says_so(world, named):
    """A lead drafts, names the coach or nobody, has it submitted, and would approve it."""
    ann, lee = world.laptop("ann"), world.laptop("lee")
    case = a_case(ann)
    world.settle_down(ann, lee)
    mine = replace(claim(case), drafted_by_id=named)
    one, cost = lee.add(mine), lee.add(line_of(mine))
    world.settle_down(ann, lee)
    assert world.row(one.id).fields["drafted_by_id"] == ""
    assert "INCOMPLETE" in world.ask(ann, "claim.submit", one.id).codes
    lee.set(one.id, drafted_by_id="lee")
    world.settle_down(ann, lee)
    for laptop, other in ((lee, "ann"), (lee, ""), (ann, "ann")):
        laptop.set(one.id, drafted_by_id=other)
        world.settle_down(ann, lee)
        assert world.row(one.id).fields["drafted_by_id"] == "lee"
    assert world.ask(ann, "claim.submit", one.id).state == "granted"
    quin = world.laptop("quin")
    world.ask(quin, "claim.check", one.id, lines={cost.id: ""}, note="")
    assert world.ask(quin, "claim.recommend", one.id).state == "granted"
    assert world.ask(lee, "claim.approve", one.id).codes == ("SAME_PERSON",)


def test_a_cost_that_another_coach_puts_into_a_claim_is_none_of_its_costs(world):
    """It is of another case, nobody who judges the claim is shown it, and none would pay it."""
    ann, ben, quin = (world.laptop(who) for who in ("ann", "ben", "quin"))
    _, one, cost = a_claim(world, ann)
    theirs = a_case(ben)
    stray = ben.add(replace(line_of(one, pence=900_000), enterprise_id=theirs.id))
    world.round(ben)
    assert world.ask(ann, "claim.submit", one.id).state == "granted"
    answer = world.ask(quin, "claim.check", one.id, lines={cost.id: ""}, note="")
    assert (answer.state, answer.codes) == ("granted", ())
    assert world.row(stray.id) is None or not world.row(stray.id).fields["outcome"]


def amount(laptop, one, cost):
    laptop.set(cost.id, pence=9900)


def slip(laptop, one, cost):
    laptop.set(one.id, barrier="No insurance yet, so no customers")


def put_over(laptop, one, cost):
    amount(laptop, one, cost)
    laptop.set(cost.id, pence=2300)


def removed(laptop, one, cost):
    laptop.remove(laptop.add(line_of(one, pence=500)).id)


@pytest.mark.parametrize("wrote", [amount, slip, put_over, removed])
def test_who_wrote_in_a_claim_drafted_it_and_neither_checks_nor_approves_it(world, wrote):
    """A slip put right counts as well, also in a claim of before: nobody can tell it from more.

    It is no dead end: a lead or QA who wrote nothing decides, and what was decided stays decided.
    """
    ann, lee = world.laptop("ann"), world.laptop("lee")
    _, one, cost = a_claim(world, ann)
    world.settle_down(ann, lee)
    wrote(lee, one, cost)
    world.settle_down(ann, lee)
    assert world.ask(ann, "claim.submit", one.id).state == "granted"
    quin = world.laptop("quin")
    check = {"lines": {cost.id: ""}, "note": ""}
    answer = world.ask(lee, "claim.check", one.id, **check)
    assert answer.codes == ("SAME_PERSON",)
    assert "wrote in this claim or its costs" in answer.words
    assert "somebody of council QA" in answer.words
    assert world.ask(quin, "claim.check", one.id, **check).state == "granted"
    assert world.ask(quin, "claim.recommend", one.id).words == "The claim is recommended."
    assert world.ask(lee, "claim.approve", one.id).codes == ("SAME_PERSON",)
    assert world.ask(world.laptop("kay"), "claim.approve", one.id).state == "granted"


def test_who_was_refused_or_only_decided_wrote_nothing(world):
    ann, lee, quin = (world.laptop(who) for who in ("ann", "lee", "quin"))
    _, one, cost = a_claim(world, ann)
    world.settle_down(ann, lee)
    assert world.ask(ann, "claim.submit", one.id).state == "granted"
    lee.set(cost.id, pence=9900)  # here it is a draft still
    world.settle_down(lee)
    assert world.row(cost.id).fields["pence"] == 2300
    check = {"lines": {cost.id: ""}, "note": ""}
    assert world.ask(quin, "claim.check", one.id, **check).state == "granted"
    assert world.ask(quin, "claim.recommend", one.id).state == "granted"
    assert world.ask(lee, "claim.approve", one.id).state == "granted"
