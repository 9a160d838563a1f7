"""A claim after it was agreed: changes, money asked back, second looks; every state is reached."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.facts.money import ClaimEvent, ClaimLine, SeedClaim
from forms.rules.claims import EVENT_WORDS, STATE_WORDS, STEPS, States, open_to, reviews_open
from forms.rules.decisions import Granted
from forms.rules.envelopes import available_pence, envelope_report
from forms.values import Role
from tests.forms.rules.making import ANN, BEN, FIN, KENT, LEA, LOU, QUI, claim, line
from tests.forms.rules.world import ON, World


@pytest.fixture
def world():
    return World(claim(), line(cost_on=ON), line(id="l2", invoice_no="B-2", pence=1200, cost_on=ON))


def to_agreed(world):
    world.granted("claim.submit", ANN)
    world.granted("claim.check", QUI, lines={"l1": "", "l2": ""})
    world.granted("claim.recommend", QUI)
    world.granted("claim.approve", LEA)
    world.granted("claim.agree", ANN)


def to_paid(world):
    to_agreed(world)
    world.granted("claim.commit", LEA)
    for n, line_id in enumerate(("l1", "l2")):
        told = {"line_id": line_id, "paid_on": ON.isoformat(), "reference": f"F-{n}"}
        world.granted("claim.pay", FIN, **told)
    assert world.state == States.PAID


def events(world):
    return world.records.all(ClaimEvent)


def test_a_change_is_asked_for_agreed_and_the_claim_goes_on(world):
    to_agreed(world)
    assert world.refused("claim.vary", ANN) == ("INCOMPLETE",)
    world.granted("claim.vary", ANN, note="A smaller kit does as well.")
    assert world.state == States.VARIATION
    assert world.refused("claim.commit", LEA) == ("WRONG_STATE",)
    change = {"line_id": "l2", "pence": 900, "what": "Small first-aid kit", "note": "Agreed."}
    world.granted("claim.vary_agree", LEA, **change)
    assert world.state == States.AGREED
    changed = world.records.get(ClaimLine, "l2")
    assert (changed.pence, changed.what) == (900, "Small first-aid kit")
    world.granted("claim.commit", LEA)
    world.granted("claim.vary", ANN, note="Another shop.")
    world.granted("claim.vary_refuse", LEA, note="The first shop was the one with a quote.")
    assert world.state == States.COMMITTED


@pytest.mark.parametrize(
    ("pence", "code"),
    [
        (1201, "NO_INCREASE"),
        (0, "NOT_AN_AMOUNT"),
        (True, "NOT_AN_AMOUNT"),
        ("900", "NOT_AN_AMOUNT"),
    ],
)
def test_the_amount_of_an_offer_does_not_go_up(world, pence, code):
    to_agreed(world)
    world.granted("claim.vary", ANN, note="It costs more now.")
    asked = {"line_id": "l2", "pence": pence, "note": "Agreed."}
    assert world.refused("claim.vary_agree", LEA, **asked) == (code,)
    assert world.records.get(ClaimLine, "l2").pence == 1200


def test_a_change_is_agreed_by_none_who_drafted_checked_or_coached(world):
    to_agreed(world)
    world.granted("claim.vary", ANN, note="Another shop.")
    assert "SAME_PERSON" in world.refused("claim.vary_agree", QUI, note="Fine.")
    assert "NOT_YOUR_ROLE" in world.refused("claim.vary_agree", ANN, note="Fine.")
    assert world.refused("claim.vary", BEN, note="x")[0] in ("WRONG_STATE", "NOT_YOUR_CASE")


def test_what_is_paid_is_not_changed(world):
    to_agreed(world)
    world.granted("claim.commit", LEA)
    told = {"line_id": "l1", "paid_on": ON.isoformat(), "reference": "F-1"}
    world.granted("claim.pay", FIN, **told)
    world.granted("claim.vary", ANN, note="Another shop.")
    asked = {"line_id": "l1", "pence": 1, "note": "Agreed."}
    assert world.refused("claim.vary_agree", LEA, **asked) == ("ALREADY_PAID",)


def ask_back(world, line_id, actor=LEA):
    return world.ask("claim.clawback", actor, line_id=line_id, note="Used for something else.")


def come_back(world, line_id, **more):
    told = {"line_id": line_id, "on": ON.isoformat(), "reference": "R-1"} | more
    return world.ask("claim.recover", FIN, also=told)


def test_money_comes_back_cost_by_cost_and_may_be_spent_again(world):
    to_paid(world)
    before = left(world)
    assert isinstance(ask_back(world, "l1"), Granted)
    assert isinstance(ask_back(world, "l2"), Granted)
    assert world.state == States.CLAWBACK_OPEN
    assert isinstance(come_back(world, "l1"), Granted)
    assert world.state == States.CLAWBACK_OPEN
    assert left(world) == before + world.records.get(ClaimLine, "l1").pence
    assert isinstance(come_back(world, "l2"), Granted)
    assert world.state == States.RECOVERED
    report = envelope_report(KENT, lines(world), ON, claims(world), events(world))
    assert report[0].returned == sum(one.pence for one in lines(world))
    assert report[0].available == left(world)


def lines(world):
    return world.records.all(ClaimLine)


def claims(world):
    return world.records.all(SeedClaim)


def left(world):
    return available_pence(KENT, lines(world), claims(world), ON, events=events(world))


def test_what_does_not_come_back_is_written_off_by_somebody_else(world):
    to_paid(world)
    ask_back(world, "l1", LOU)
    ask_back(world, "l2", LOU)
    note = {"line_id": "l1", "note": "She has moved away and cannot be found."}
    assert world.refused("claim.write_off", LOU, **note) == ("SAME_PERSON",)  # asked it back
    assert world.refused("claim.write_off", LEA, **note) == ("SAME_PERSON",)  # approved it
    assert "NOT_YOUR_ROLE" in world.refused("claim.write_off", FIN, **note)
    other = type(LOU)("max", "Max Lead", Role.LEAD)
    world.granted("claim.write_off", other, **note)
    assert world.state == States.CLAWBACK_OPEN
    come_back(world, "l2")
    assert world.state == States.WRITTEN_OFF  # something was lost, and the claim says so
    assert left(world) < KENT.envelopes[0].pence


def test_money_is_asked_back_once_and_settled_once(world):
    to_paid(world)
    assert world.refused("claim.recover", FIN, line_id="l1", on=ON.isoformat(), reference="R")[
        0
    ] == ("WRONG_STATE")
    ask_back(world, "l1")
    assert ask_back(world, "l1").codes == ("ASKED_ALREADY",)
    assert come_back(world, "l2").codes == ("NOT_ASKED_BACK",)
    late = (ON + timedelta(days=1)).isoformat()
    assert come_back(world, "l1", on=late).codes == ("IN_FUTURE",)
    early = (ON - timedelta(days=9)).isoformat()
    assert come_back(world, "l1", on=early).codes == ("BEFORE_PAYMENT",)
    assert isinstance(come_back(world, "l1"), Granted)
    assert world.state == States.RECOVERED
    assert "WRONG_STATE" in come_back(world, "l1").codes


def test_signals_open_a_review_and_refuse_nothing(world):
    twin = line(id="t1", claim_id="c9", enterprise_id="e9")  # the same invoice and amount
    world.records.put(claim(id="c9", enterprise_id="e9", state="PAID"))
    world.records.put(twin)
    world.granted("claim.submit", ANN)
    assert ("SAME_INVOICE", "l1") in reviews_open(events(world))
    assert "claim.look" in open_to(
        world.records.get(SeedClaim, "c1"), lines(world), QUI, None, events(world)
    )
    world.granted("claim.check", QUI, lines={"l1": "", "l2": ""})
    wanted = [e for e in events(world) if e.to_state == "REVIEW" and e.code == "SAME_INVOICE"]
    assert len(wanted) == 1  # said once
    world.granted("claim.recommend", QUI)
    assert world.refused("claim.look", ANN, note="x") == ("NOT_YOUR_ROLE",)
    assert world.refused("claim.look", FIN) == ("INCOMPLETE",)
    world.granted("claim.look", FIN, note="Two people bought from the same shop on one day.")
    assert not reviews_open(events(world))
    assert world.refused("claim.look", LEA, note="x") == ("NOTHING_OPEN",)
    world.granted("claim.approve", LEA)  # it never refused by itself


def test_every_state_of_a_claim_is_reached_by_some_decision():
    reached = {str(step.to_state) for step in STEPS.values() if step.to_state is not None}
    assert reached == {str(s) for s in States} - {"DRAFT"}
    assert set(STATE_WORDS) == set(States)
    assert not set(EVENT_WORDS) & {str(s) for s in States}


ACTORS = (ANN, BEN, QUI, LEA, LOU, FIN)
MOVE = st.tuples(
    st.sampled_from(sorted(STEPS)), st.sampled_from(ACTORS), st.sampled_from(["l1", "l2"])
)


@given(st.lists(MOVE, max_size=40))
def test_no_walk_through_the_states_breaks_a_duty_or_the_fund(walk):
    world = World(
        claim(), line(cost_on=ON), line(id="l2", invoice_no="B-2", pence=1200, cost_on=ON)
    )
    for name, actor, line_id in walk:
        before = world.records.get(SeedClaim, "c1")
        payload = {
            "note": "Because.", "code": "POOR_VFM", "line_id": line_id, "on": ON.isoformat(),
            "paid_on": ON.isoformat(), "reference": "R", "pence": 500,
            "lines": {"l1": "", "l2": ""},
        }  # fmt: skip
        answer = world.ask(name, actor, also=payload)
        now = world.records.get(SeedClaim, "c1")
        if not isinstance(answer, Granted):
            assert now == before
            continue
        assert before.state in STEPS[name].from_states
        for field in STEPS[name].apart_from:
            assert getattr(before, field) != actor.id
        assert 0 <= left(world) <= KENT.envelopes[0].pence
        four = [now.drafted_by_id, now.checked_by_id, now.approved_by_id]
        if now.approved_by_id:
            assert len(set(four)) == 3
