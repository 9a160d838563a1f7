"""Money and duties at the register, on both databases: never over, never alone, never silent."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from forms.facts.casework import Attachment
from forms.facts.decisions import DecisionRequest
from forms.facts.money import ClaimEvent, ClaimLine, SeedClaim
from forms.facts.people import Enterprise
from forms.rules.claims import reviews_open
from forms.values import new_id
from sync.client.decide import ask_now
from sync.client.transport import in_process
from sync.register.store import open_store
from tests.sync.claims import a_case, a_claim, recommended
from tests.sync.world import claim, enterprise, leader, line_of

FUND = 3_000_000  # pence in Kent's first envelope


def test_a_hundred_press_at_once_for_the_last_pounds_and_it_is_never_overspent(world):
    """A hundred approvals of £1,000 each, at once, by two workers; £30,000 are there."""
    ann = world.laptop("ann")
    claims = [recommended(world, ann, 100_000)[0] for _ in range(100)]
    approvers = [world.laptop("lee"), world.laptop("kay")]
    other_store = open_store(world.url)
    apps = [world.app, world.new_app(other_store)]
    lines = [in_process(apps[n % 2]) for n in range(16)]

    def press(place):
        who = approvers[place % 2]
        request = DecisionRequest(
            id=new_id(), name="claim.approve", subject_id=claims[place].id,
            asked_by_id=who.identity().actor_id, asked_at=world.clock.now(),
        )  # fmt: skip
        return ask_now(who, lines[place % 16], request, world.clock).state

    try:
        with ThreadPoolExecutor(16) as pool:
            states = list(pool.map(press, range(100)))
    finally:
        for line in lines:
            line.close()
        other_store.close()
    assert states.count("granted") == 30
    rows = world.rows(*(one.id for one in claims)).values()
    promised = sum(row.fields["state"] == "APPROVED" for row in rows) * 100_000
    assert promised == FUND


def test_one_payment_pressed_many_times_is_paid_once(world):
    ann, fay = world.laptop("ann"), world.laptop("fay")
    one, cost = recommended(world, ann, 2300)
    world.system("seed_claim", one.id, {"state": "COMMITTED", "approved_by_id": "lee"})
    lines = [in_process(world.app) for _ in range(8)]

    def press(place):
        request = DecisionRequest(
            id=new_id(), name="claim.pay", subject_id=one.id, asked_by_id="fay",
            asked_at=world.clock.now(),
            payload={"line_id": cost.id, "paid_on": "2022-03-01", "reference": f"B{place}"},
        )  # fmt: skip
        return ask_now(fay, lines[place], request, world.clock).state

    try:
        with ThreadPoolExecutor(8) as pool:
            states = list(pool.map(press, range(8)))
    finally:
        for line in lines:
            line.close()
    assert states.count("granted") == 1
    paid = [
        e
        for e in world.log()
        if e.kind == "claim_line" and "paid_on" in e.names and e.verb == "set"
    ]
    assert len(paid) == 1


def test_money_that_was_paid_is_asked_back_and_comes_back(world):
    ann, lee, fay = (world.laptop(who) for who in ("ann", "lee", "fay"))
    one, cost = recommended(world, ann, 2300)
    world.system("seed_claim", one.id, {"state": "PAID", "approved_by_id": "kay"})
    world.system("claim_line", cost.id, {"paid_on": "2022-03-01"})
    steps = [
        (lee, "claim.clawback", {"line_id": cost.id, "note": "It was sold on."}),
        (fay, "claim.recover", {"line_id": cost.id, "on": "2022-03-01", "reference": "R1"}),
    ]
    for who, name, payload in steps:
        answer = world.ask(who, name, one.id, **payload)
        assert answer.state == "granted", answer.words
    world.settle_down()
    for laptop in (ann, lee, fay):
        assert laptop.get(SeedClaim, one.id).state == "RECOVERED"
        assert [e.to_state for e in laptop.all(ClaimEvent, claim_id=one.id)].count("RECOVERED") == 1


def with_receipt(world, who, data):
    """A claim whose cost has this very photo of a receipt."""
    coach = world.laptop(who)
    case = a_case(coach)
    held = coach.files.store(data)
    photo = Attachment(
        id=new_id(), enterprise_id=case.id, sha256=held.sha256, size=held.size, mime="image/jpeg"
    )
    coach.add(photo)
    one = coach.add(claim(case, who))
    coach.add(line_of(one, files=(photo.id,)))
    world.round(coach)
    return one


def test_the_same_photo_in_two_claims_opens_a_review_and_refuses_nothing(world):
    first, second = (with_receipt(world, who, b"one receipt") for who in ("ann", "ben"))
    ann, ben, quin = (world.laptop(who) for who in ("ann", "ben", "quin"))
    assert world.ask(ann, "claim.submit", first.id).state == "granted"
    assert world.ask(ben, "claim.submit", second.id).state == "granted"
    world.settle_down()
    wanted = reviews_open(quin.all(ClaimEvent, claim_id=second.id))
    assert "SAME_RECEIPT" in {code for code, _ in wanted}
    (cost,) = quin.all(ClaimLine, claim_id=second.id)
    for name, payload in (("claim.check", {"lines": {cost.id: ""}}), ("claim.recommend", {})):
        assert world.ask(quin, name, second.id, **payload).state == "granted"
    assert world.ask(world.laptop("fay"), "claim.look", second.id, note="Seen.").state == "granted"
    world.settle_down()
    assert not reviews_open(quin.all(ClaimEvent, claim_id=second.id))


def test_another_coach_asks_for_nothing_in_this_case(world):
    ann, ben = world.laptop("ann"), world.laptop("ben")
    _, one, _ = a_claim(world, ann)
    answer = world.ask(ben, "claim.submit", one.id)
    assert (answer.state, answer.codes) == ("refused", ("NOT_YOUR_CASE",))
    assert world.row(one.id).fields["state"] == "DRAFT"


@pytest.mark.parametrize("second", ["lee", "quin"])
def test_an_erasure_is_asked_for_by_one_and_done_by_another(world, second):
    ann, other = world.laptop("ann"), world.laptop(second)
    case = ann.add(enterprise())
    ann.add(leader(case))
    gone = ann.add(leader(case, name="Mary Fenn before she married"))
    held, small = ann.files.store(b"her face"), ann.files.store(b"her face, small")
    photo = ann.add(Attachment(
        id=new_id(), enterprise_id=case.id, sha256=held.sha256, size=held.size, mime="image/jpeg",
        name="Mary Fenn.jpg", caption="Mary Fenn at work",
        small_sha256=small.sha256, small_size=small.size,
    ))  # fmt: skip
    world.round(ann, with_files=False)  # the small copy first, then all of it
    world.settle_down()
    kept = world.store.read(lambda tx: tx.blobs.complete([held.sha256, small.sha256]))
    assert kept == {held.sha256, small.sha256}
    ann.remove(gone.id)
    world.settle_down()
    assert world.ask(ann, "person.erase", case.id).state == "granted"
    world.settle_down()
    assert ann.get(Enterprise, case.id).name == "Weald Companions"  # nothing has gone yet
    assert other.get(Enterprise, case.id).erasure_asked_by_id == "ann"  # and the other sees it
    assert world.ask(ann, "person.erase", case.id).codes == ("SAME_PERSON",)
    answer = world.ask(other, "person.erase", case.id)
    assert answer.state == "granted", answer.words
    world.settle_down()
    assert ann.get(Enterprise, case.id).name == ""
    row = world.row(gone.id)
    assert (row.deleted, row.fields["name"], row.heads) == (True, "", {})
    row = world.row(photo.id)
    assert (row.deleted, row.fields["name"], row.fields["caption"]) == (True, "", "")
    assert not world.store.read(lambda tx: tx.blobs.complete([held.sha256, small.sha256]))
    bodies = world.store.read(
        lambda tx: tx.connection.exec_driver_sql("SELECT body FROM op").scalars().all()
    )
    assert not [body for body in bodies if "Mary Fenn" in body or "Weald Companions" in body]


def test_words_of_an_old_claim_go_from_the_register_and_from_laptops(world):
    ann, lee = world.laptop("ann"), world.laptop("lee")
    _, one, cost = a_claim(world, ann)
    said = "Marlene has no tablet of her own"
    ann.set(cost.id, justification=said)
    taken_off = ann.add(line_of(one, justification=said))
    world.settle_down()
    ann.remove(taken_off.id)
    world.settle_down()
    world.system(
        "seed_claim",
        one.id,
        {"state": "CLOSED", "submitted_on": world.clock.now().date().isoformat()},
    )
    assert world.ask(lee, "claim.forget", one.id).codes == ("NOT_DUE",)
    world.clock.moment += timedelta(days=7 * 366)
    answer = world.ask(lee, "claim.forget", one.id)
    assert answer.state == "granted", answer.words
    world.settle_down()
    for laptop in (ann, lee):
        assert laptop.get(ClaimLine, cost.id).justification == ""
        assert laptop.get(ClaimLine, cost.id).pence == cost.pence
        assert laptop.get(ClaimLine, taken_off.id) is None
    row = world.row(taken_off.id)
    assert (row.deleted, row.fields["justification"], row.heads) == (True, "", {})
    assert row.fields["pence"] == taken_off.pence
    bodies = world.store.read(
        lambda tx: tx.connection.exec_driver_sql("SELECT body FROM op").scalars().all()
    )
    assert not [body for body in bodies if said in body]
    assert world.ask(lee, "claim.forget", one.id).codes == ("GONE",)
