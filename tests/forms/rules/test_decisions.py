"""Decisions: the whole life of a claim, who may do what, and what is refused."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.facts.kinds import fields_of, kind_of, record_from
from forms.facts.money import ClaimEvent, ClaimLine, SeedClaim
from forms.facts.people import Consent, Dpia
from forms.rules.claims import EDITABLE, STATE_WORDS, STEPS, States, open_to
from forms.rules.decisions import DECISIONS, Granted, Refused, decide, may_wait, refuse_offline
from forms.values import Role
from tests.forms.rules.making import (
    ANN,
    AUD,
    BEN,
    FIN,
    KENT,
    LEA,
    LOU,
    NOTICE,
    QUI,
    SIGNED,
    claim,
    enterprise,
    line,
    request,
)
from tests.forms.rules.world import LISTING, ON, READY, World, checks, entry


@pytest.fixture
def world():
    return World(claim(), line(cost_on=ON), line(id="l2", what="Leaflets", cost_kind="leaflets",
                                                category="", pence=9500, cost_on=ON))  # fmt: skip


def to_committed(world):
    world.granted("claim.submit", ANN)
    world.granted("claim.check", QUI, lines={"l1": "", "l2": "NOT_ELIGIBLE_COST"})
    world.granted("claim.recommend", QUI)
    world.granted("claim.approve", LEA)
    world.granted("claim.agree", ANN)
    world.granted("claim.commit", LEA)


def pay(world, actor=FIN, on=ON, **payload):
    told = {"line_id": "l1", "paid_on": on.isoformat(), "reference": "F-1"} | payload
    return world.ask("claim.pay", actor, on=on, **told)


def test_a_claim_goes_all_the_way_through_four_pairs_of_hands(world):
    to_committed(world)
    assert isinstance(pay(world), Granted)
    assert world.state == States.PAID
    paid = world.records.get(ClaimLine, "l1")
    assert (paid.paid_on, paid.payment_reference, paid.outcome) == (ON, "F-1", "accepted")
    turned_down = world.records.get(ClaimLine, "l2")
    assert (turned_down.outcome, turned_down.code) == ("rejected", "NOT_ELIGIBLE_COST")
    answer = decide(
        KENT,
        request("claim.evidence", "c1", QUI, line_id="l1", on="2022-03-01"),
        world.records,
        QUI,
        ON,
    )
    assert isinstance(answer, Granted)
    whole = world.records.get(SeedClaim, "c1")
    hands = (whole.submitted_by_id, whole.checked_by_id, whole.approved_by_id)
    assert hands == ("ann", "qui", "lea")
    steps = [event.to_state for event in world.records.all(ClaimEvent, claim_id="c1")]
    assert set(steps) >= {"SUBMITTED", "CHECKED", "RECOMMENDED", "APPROVED", "AGREED", "PAID"}


@pytest.mark.parametrize(
    ("name", "state", "payload"),
    [
        ("claim.check", "SUBMITTED", {"lines": {"l1": "", "l2": "NOT_ELIGIBLE_COST"}}),
        ("claim.return", "SUBMITTED", {"note": "n"}),
        ("claim.reject", "SUBMITTED", {"code": "POOR_VFM"}),
        ("claim.recommend", "CHECKED", {}),
    ],
)
def test_whoever_drafted_or_submitted_does_not_check(world, name, state, payload):
    for field in ("drafted_by_id", "submitted_by_id"):
        mine = {"drafted_by_id": "ben", "submitted_by_id": "ben", field: "ann", "state": state}
        world.records.put(claim(**mine))
        assert "SAME_PERSON" in world.refused(name, ANN, **payload)


@pytest.mark.parametrize(
    "field", ["drafted_by_id", "submitted_by_id", "checked_by_id", "recommended_by_id"]
)
@pytest.mark.parametrize("name", ["claim.approve", "claim.decline", "claim.refer"])
def test_the_approver_did_nothing_before(world, name, field):
    world.records.put(claim(state="RECOMMENDED", **{field: "lea"}))
    world.records.put(line(outcome="accepted"))
    codes = world.refused(name, LEA, note="n", code="POOR_VFM")
    assert codes == ("SAME_PERSON",)
    assert isinstance(world.ask(name, LOU, note="n", code="POOR_VFM"), Granted)


@pytest.mark.parametrize("wrote", [claim(state="RECOMMENDED"), line(pence=9900)])
def test_the_approver_wrote_nothing_in_it_or_in_a_cost_that_went(world, wrote):
    world.records.put(wrote, by="lea")
    if isinstance(wrote, ClaimLine):
        world.records.drop(ClaimLine, wrote.id)
    world.records.put(line(outcome="accepted", id="l3"))
    world.records.put(claim(state="RECOMMENDED"))
    assert world.refused("claim.approve", LEA) == ("SAME_PERSON",)
    assert isinstance(world.ask("claim.approve", LOU), Granted)


@pytest.mark.parametrize(
    "field",
    ["drafted_by_id", "submitted_by_id", "checked_by_id", "recommended_by_id", "approved_by_id"],
)
def test_the_payer_did_nothing_before(world, field):
    world.records.put(claim(state="COMMITTED", **{field: "fin"}))
    world.records.put(line(outcome="accepted"))
    assert pay(world).codes == ("SAME_PERSON",)


@pytest.mark.parametrize("name", sorted(STEPS))
@pytest.mark.parametrize("actor", [ANN, QUI, LEA, FIN, AUD], ids=lambda a: a.role.value)
def test_only_the_named_roles_may_ask(name, actor):
    step = STEPS[name]
    world = World(claim(state=min(step.from_states), drafted_by_id="someone"), line())
    answer = world.ask(name, actor)
    if actor.role not in step.roles:
        assert answer.codes == ("NOT_YOUR_ROLE",)
    elif isinstance(answer, Refused):
        assert "NOT_YOUR_ROLE" not in answer.codes


@pytest.mark.parametrize("name", sorted(STEPS))
def test_a_move_from_the_wrong_state_is_refused(name):
    step = STEPS[name]
    actor = {Role.COACH: BEN, Role.LEAD: LEA, Role.FINANCE: FIN, Role.QA: QUI}[min(step.roles)]
    for state in set(States) - step.from_states:
        world = World(claim(state=state, drafted_by_id="someone"), line(outcome="accepted"))
        assert "WRONG_STATE" in world.refused(name, actor)


def test_what_the_policy_rules_out_nobody_accepts(world):
    world.granted("claim.submit", ANN)
    codes = world.refused("claim.check", QUI, lines={"l1": "", "l2": ""})
    assert codes == ("NOT_ELIGIBLE_COST",)
    assert world.state == States.SUBMITTED


def test_a_checker_may_turn_down_what_the_policy_allows(world):
    world.granted("claim.submit", ANN)
    answer = world.granted("claim.check", QUI, lines={"l1": "POOR_VFM", "l2": "NOT_ELIGIBLE_COST"})
    assert world.state == States.REJECTED
    assert "rejected" in answer.words


@pytest.mark.parametrize(
    "lines", [None, {}, {"l1": ""}, {"l1": "", "l2": "X", "l3": ""}, "l1", {"l1": "", "l2": "HA"}]
)
def test_a_check_answers_every_cost_with_a_known_reason(world, lines):
    world.granted("claim.submit", ANN)
    assert set(world.refused("claim.check", QUI, lines=lines)) & {"INCOMPLETE", "UNKNOWN_CODE"}


def test_a_claim_is_not_submitted_before_the_gate_or_with_holes(world):
    world.records.drop(Dpia, SIGNED.id)
    assert "NOT_RECORDABLE" in world.refused("claim.submit", ANN)
    world.records.put(SIGNED)
    world.records.drop(Consent, NOTICE.id)
    assert "NOT_RECORDABLE" in world.refused("claim.submit", ANN)
    world.records.put(NOTICE)
    world.records.put(line(pence=0))
    assert "INCOMPLETE" in world.refused("claim.submit", ANN)
    world.records.put(line(cost_on=ON))
    world.records.put(enterprise(employee_count=6))
    assert world.refused("claim.submit", ANN) == ("NOT_MICRO",)


def test_an_empty_claim_is_not_submitted():
    assert "INCOMPLETE" in World(claim()).refused("claim.submit", ANN)


def test_a_returned_claim_starts_over(world):
    world.granted("claim.submit", ANN)
    world.granted("claim.check", QUI, lines={"l1": "", "l2": "NOT_ELIGIBLE_COST"})
    assert world.refused("claim.return", QUI) == ("INCOMPLETE",)  # say what to put right
    world.granted("claim.return", QUI, note="The receipt is missing")
    assert world.state in EDITABLE
    world.granted("claim.submit", ANN)
    again = world.records.get(SeedClaim, "c1")
    assert (again.checked_by_id, world.records.get(ClaimLine, "l2").code) == ("", "")


def test_approval_takes_the_envelopes_money_and_no_more(world):
    to_recommended = world
    to_recommended.granted("claim.submit", ANN)
    to_recommended.granted("claim.check", QUI, lines={"l1": "", "l2": "NOT_ELIGIBLE_COST"})
    to_recommended.granted("claim.recommend", QUI)
    full = line(id="l9", claim_id="c9", pence=2_980_000, outcome="accepted", paid_on=ON)
    world.records.put(claim(id="c9", state="PAID"))
    world.records.put(full)
    assert world.refused("claim.approve", LEA) == ("NO_FUNDS",)
    assert world.state == States.RECOMMENDED
    world.records.put(replace(full, pence=2_975_100))  # exactly £249.00 is left
    world.granted("claim.approve", LEA)


def test_a_payment_is_noted_once_on_a_day_that_can_be(world):
    to_committed(world)
    assert pay(world, paid_on="2022-03-02").codes == ("IN_FUTURE",)
    assert pay(world, paid_on="2022-02-28").codes == ("BEFORE_APPROVAL",)
    assert pay(world, paid_on="30 March").codes == ("NOT_A_DAY",)
    assert pay(world, paid_on="2023-02-30").codes == ("NOT_A_DAY",)
    assert pay(world, reference=" ").codes == ("INCOMPLETE",)
    assert pay(world, line_id="nope").codes == ("NOT_FOUND",)
    assert pay(world, line_id="l2").codes == ("NOT_ACCEPTED",)
    assert isinstance(pay(world), Granted)
    assert "WRONG_STATE" in pay(world).codes


def test_each_cost_is_paid_by_itself_and_once():
    world = World(
        claim(state="COMMITTED", approved_on=ON),
        line(outcome="accepted"),
        line(id="l2", outcome="accepted"),
    )
    first = pay(world)
    assert "1 cost(s) still to pay" in first.words
    assert world.state == States.COMMITTED
    assert pay(world).codes == ("ALREADY_PAID",)
    pay(world, line_id="l2")
    assert world.state == States.PAID


def test_the_coach_does_not_accept_the_proof(world):
    world.records.put(claim(state="PAID", drafted_by_id="ben"))
    world.records.put(line(outcome="accepted", paid_on=ON))
    asked = request("claim.evidence", "c1", ANN, line_id="l1", on="2022-03-01")
    answer = decide(KENT, asked, world.records, ANN, ON)
    assert answer.codes == ("SAME_PERSON",)  # ann coaches this enterprise


def test_a_declared_interest_keeps_a_person_out(world):
    world.records.put(claim(state="RECOMMENDED", interest_declared="Lea Lead is my cousin"))
    world.records.put(line(outcome="accepted"))
    assert world.refused("claim.approve", LEA) == ("CONFLICT_OF_INTEREST",)
    world.records.put(claim(state="RECOMMENDED", applicant="lea lead"))
    assert world.refused("claim.approve", LEA) == ("CONFLICT_OF_INTEREST",)
    assert isinstance(world.ask("claim.approve", LOU), Granted)


def test_a_claim_may_be_taken_back_until_something_is_paid(world):
    world.records.put(claim(state="COMMITTED"))
    world.records.put(line(outcome="accepted", paid_on=ON))
    assert world.refused("claim.withdraw", ANN) == ("PARTLY_PAID",)
    world.records.put(line(outcome="accepted"))
    world.granted("claim.withdraw", ANN, note="Not needed any more")
    assert world.state == States.WITHDRAWN


def test_approval_and_payment_happen_only_online():
    waits = {name: may_wait(name) for name in DECISIONS}
    assert [name for name, may in waits.items() if not may] == ["claim.approve", "claim.pay"]
    assert not may_wait("claim.invent")
    finding = refuse_offline("claim.approve")
    assert finding.code == "ONLY_ONLINE"
    assert "Nothing was changed" in finding.because
    assert refuse_offline("claim.submit") is None


def test_strangers_to_the_table_are_refused(world):
    assert world.refused("claim.invent", LEA) == ("UNKNOWN_DECISION",)
    assert world.refused("claim.submit", ANN, subject="c404") == ("NOT_FOUND",)
    asked = request("claim.submit", "c1", ANN)
    assert decide(KENT, asked, world.records, BEN, ON).codes == ("ASKED_BY_OTHER",)


def test_granting_twice_adds_nothing_twice(world):
    asked = request("claim.submit", "c1", ANN)
    one = decide(KENT, asked, world.records, ANN, ON)
    two = decide(KENT, asked, world.records, ANN, ON)
    assert one == two
    assert [event.id for event in one.adds] == [event.id for event in two.adds]


def test_every_state_has_words_and_every_move_a_title():
    assert set(STATE_WORDS) == set(States)
    assert all(decision.title for decision in DECISIONS.values())
    assert len(DECISIONS) == 36


def test_what_is_open_to_a_person_now(world):
    whole = claim(state="SUBMITTED", submitted_by_id="ann")
    assert open_to(whole, [line()], QUI) == ["claim.check", "claim.return", "claim.reject"]
    assert open_to(whole, [line()], ANN) == ["claim.withdraw"]
    assert open_to(whole, [line()], AUD) == []


def test_the_case_coach_decides_nothing_on_the_claim(world):
    world.records.put(claim(state="SUBMITTED", drafted_by_id="ben"))
    assert "SAME_PERSON" in world.refused("claim.check", ANN, lines={"l1": "", "l2": "POOR_VFM"})
    world.records.put(enterprise(coach_id="lea"))
    world.records.put(claim(state="RECOMMENDED", drafted_by_id="ben"))
    world.records.put(line(outcome="accepted"))
    assert world.refused("claim.approve", LEA) == ("SAME_PERSON",)


LEAVES = st.sampled_from(
    [None, True, 0, -1, "", " ", "x", "l1", "POOR_VFM", "2022-03-01", "31 May"]
)
JSON = LEAVES | st.lists(LEAVES, max_size=2) | st.dictionaries(LEAVES.map(str), LEAVES, max_size=2)
NAMED = st.sampled_from(
    ["lines", "note", "code", "line_id", "paid_on", "reference", "on", "reason", "version",
     "signed_by", "signed_on", "review_on", "to_coach_id"]
)  # fmt: skip


@given(
    name=st.sampled_from(sorted(DECISIONS)),
    actor=st.sampled_from([ANN, BEN, QUI, LEA, FIN, AUD]),
    subject=st.sampled_from(["c1", "r1", "e1", "dpia-1", "nothing", ""]),
    state=st.sampled_from([state.value for state in States]),
    status=st.sampled_from(["draft", "ready_for_review", "published", "suspended", "removed"]),
    payload=st.dictionaries(NAMED, JSON | st.just({"l1": ["x"]}), max_size=5),
)
def test_whatever_a_device_sends_it_gets_an_answer(name, actor, subject, state, status, payload):
    """Granted or refused in words, never an exception; and what is granted fits its records."""
    records = [
        claim(state=state, drafted_by_id="x"),
        line(outcome="accepted"),
        entry(status=status),
    ]
    world = World(*records, LISTING, READY, *checks())
    asked = replace(request(name, subject, actor), payload=payload)
    answer = decide(KENT, asked, world.records, actor, ON)
    assert isinstance(answer, Granted | Refused)
    assert answer.words
    if isinstance(answer, Refused):
        assert answer.codes
        assert all(answer.codes)
        return
    for change in answer.sets:
        record = world.records.get(change.kind, change.record_id)
        changed = replace(record, **change.fields)
        assert record_from(kind_of(changed), changed.id, fields_of(changed)) == changed
    for record in answer.adds:
        assert record_from(kind_of(record), record.id, fields_of(record)) == record


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"cost_kind": "venue_hire", "category": "VENUE_INITIAL"}, "How many months"),
        ({"cost_kind": ""}, "kind of cost is not chosen"),
        ({"cost_on": None}, "has no date"),
        ({"pence": 0}, "amount is not written down"),
    ],
)
def test_what_is_missing_has_to_be_found_out_before_a_cost_is_accepted(changes, words):
    world = World(claim(state="SUBMITTED"), line(cost_on=ON))
    world.records.put(replace(line(cost_on=ON), **changes))
    answer = world.ask("claim.check", QUI, lines={"l1": ""})
    assert isinstance(answer, Refused)
    assert words in answer.words
    assert "cannot be accepted yet" in answer.words
    world.granted("claim.return", QUI, note="One thing is missing")


def test_a_recommendation_needs_something_to_recommend():
    world = World(claim(state="CHECKED"), line(outcome="rejected", code="POOR_VFM"))
    assert world.refused("claim.recommend", QUI) == ("INCOMPLETE",)


def test_a_rejection_names_a_reason_of_the_policy(world):
    world.records.put(claim(state="SUBMITTED"))
    assert world.refused("claim.reject", QUI, code="BORED") == ("UNKNOWN_CODE",)
    assert world.refused("claim.reject", QUI) == ("INCOMPLETE",)
    world.granted("claim.reject", QUI, code="POOR_VFM", note="Too dear")
    whole = world.records.get(SeedClaim, "c1")
    assert (whole.state, whole.checked_by_id) == ("REJECTED", "qui")
    assert {one.code for one in world.records.all(ClaimLine)} == {"POOR_VFM"}


def test_proof_is_accepted_for_what_is_paid_and_on_a_day_that_can_be(world):
    def ask(on="2022-03-01", line_id="l1"):
        payload = {"line_id": line_id, "on": on}
        asked = replace(request("claim.evidence", "c1", QUI), payload=payload)
        return decide(KENT, asked, world.records, QUI, ON)

    world.records.put(claim(state="COMMITTED"))
    world.records.put(line(outcome="accepted"))
    assert ask().codes == ("NOT_PAID",)
    world.records.put(line(outcome="accepted", paid_on=ON))
    assert ask("2022-03-02").codes == ("IN_FUTURE",)
    assert ask(line_id="l404").codes == ("NOT_FOUND",)
    assert ask("").codes == ("INCOMPLETE",)
    world.records.put(line(id="l2", outcome="accepted", paid_on=ON))
    answer = ask()
    assert answer.sets[-1].fields == {"state": "COMMITTED"}  # the other cost still needs its proof


def test_a_claim_whose_enterprise_is_not_there_is_not_submitted():
    world = World(claim(enterprise_id="e404"), line(cost_on=ON))
    assert "INCOMPLETE" in world.refused("claim.submit", ANN)
