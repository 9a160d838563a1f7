"""Decisions are the register's: who, when, once, never more than there is. On both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest

from forms.facts.casework import CoachingSession
from forms.facts.decisions import DecisionRequest
from forms.facts.listing import RegisterEntry
from forms.facts.money import SeedClaim
from forms.facts.people import Dpia, Enquiry, Enterprise
from forms.values import new_id
from sync import errors
from sync.client.decide import ask_now
from sync.client.transport import Answer, in_process
from tests.sync.claims import a_case, a_claim, recommended
from tests.sync.listings import agreed
from tests.sync.world import START, World, claim, enterprise, line_of


def test_asked_twice_it_is_answered_once(world):
    ann = world.laptop("ann")
    _, one, _ = a_claim(world, ann)
    first = world.ask(ann, "claim.submit", one.id, _id="q-1")
    log = world.log()
    world.later(hours=1)
    again = world.ask(ann, "claim.submit", one.id, _id="q-1")
    assert (again.state, again.words, again.answered_at) == (
        first.state,
        first.words,
        first.answered_at,
    )
    assert world.log() == log
    other = world.ask(ann, "claim.withdraw", one.id, _id="q-1", note="x")
    assert other.codes == ("ASKED_ALREADY",)
    assert world.row(one.id).fields["state"] == "SUBMITTED"


def test_a_request_in_another_persons_name_is_refused(world):
    ann, ben = world.laptop("ann"), world.laptop("ben")
    _, one, _ = a_claim(world, ann)
    request = DecisionRequest(
        id=new_id(), name="claim.submit", subject_id=one.id, asked_by_id="ann",
        asked_at=world.clock.now(),
    )  # fmt: skip
    assert ask_now(ben, world.line, request, world.clock).state == "refused"
    assert world.row(one.id).fields["state"] == "DRAFT"


def test_what_waited_offline_is_asked_with_the_next_round(world):
    ann, lee = world.laptop("ann"), world.laptop("lee")
    case = a_case(ann)
    one = ann.add(claim(case))
    ann.add(line_of(one))
    request = DecisionRequest(
        id=new_id(), name="claim.submit", subject_id=one.id, asked_by_id="ann",
        asked_at=world.clock.now(),
    )  # fmt: skip
    ann.ask(request)
    report = world.round(ann)
    assert report.decisions_answered == 1
    assert ann.asked[request.id].state == "granted"
    assert ann.get(SeedClaim, one.id).state == "SUBMITTED"
    world.round(lee)
    assert lee.get(SeedClaim, one.id).state == "SUBMITTED"


def test_an_approval_never_waits_offline(world):
    """Asked without a line it says so and leaves nothing; one that waited is refused."""
    ann, lee = world.laptop("ann"), world.laptop("lee")
    one, _ = recommended(world, ann, 2300)
    request = DecisionRequest(
        id=new_id(), name="claim.approve", subject_id=one.id, asked_by_id="lee",
        asked_at=world.clock.now(),
    )  # fmt: skip

    class NoLine:
        url = "http://nowhere.invalid"

        def send(self, *_):
            raise errors.Unreachable

    with pytest.raises(errors.OnlineOnly, match="Nothing was decided"):
        ask_now(lee, NoLine(), request, world.clock)
    assert lee.waiting_decisions() == []
    lee.ask(request)
    world.round(lee)
    assert lee.asked[request.id].codes == ("ONLY_ONLINE",)
    assert world.row(one.id).fields["state"] == "RECOMMENDED"


def test_an_answer_from_something_else_is_no_answer(world):
    ann, lee = world.laptop("ann"), world.laptop("lee")
    one, _ = recommended(world, ann, 2300)

    class Portal:
        url = "http://wifi.invalid"

        def send(self, *_):
            return Answer(200, {"content-type": "text/html"}, b"<html>Welcome</html>")

    request = DecisionRequest(
        id=new_id(), name="claim.approve", subject_id=one.id, asked_by_id="lee",
        asked_at=world.clock.now(),
    )  # fmt: skip
    with pytest.raises(errors.OnlineOnly):
        ask_now(lee, Portal(), request, world.clock)
    assert lee.asked == {}


def test_the_last_pounds_are_given_once_whoever_presses_first(world):
    """£30,000 in the envelope, eight claims of £9,000, four approvers at the same moment."""
    coaches = [world.laptop("ann"), world.laptop("ben")]
    claims = [recommended(world, coaches[i % 2], 900_000)[0] for i in range(8)]
    approvers = [world.laptop(who) for who in ("lee", "kay")]
    lines = [in_process(world.app) for _ in range(4)]

    def press(place):
        request = DecisionRequest(
            id=f"approve-{place}", name="claim.approve", subject_id=claims[place].id,
            asked_by_id=approvers[place % 2].identity().actor_id, asked_at=world.clock.now(),
        )  # fmt: skip
        return ask_now(approvers[place % 2], lines[place % 4], request, world.clock)

    try:
        with ThreadPoolExecutor(4) as pool:
            answers = list(pool.map(press, range(8)))
    finally:
        for line in lines:
            line.close()
    granted = [answer for answer in answers if answer.state == "granted"]
    assert len(granted) == 3
    assert {code for a in answers if a.state == "refused" for code in a.codes} == {"NO_FUNDS"}
    states = [row.fields["state"] for row in world.rows(*(c.id for c in claims)).values()]
    assert sorted(states) == ["APPROVED"] * 3 + ["RECOMMENDED"] * 5


def test_one_claim_pressed_by_two_at_once_is_approved_once(world):
    ann = world.laptop("ann")
    one, _ = recommended(world, ann, 2300)
    approvers = [world.laptop("lee"), world.laptop("kay")]
    lines = [in_process(world.app) for _ in approvers]
    try:
        with ThreadPoolExecutor(2) as pool:
            answers = list(
                pool.map(
                    lambda pair: ask_now(
                        pair[0],
                        pair[1],
                        DecisionRequest(
                            id=new_id(), name="claim.approve", subject_id=one.id,
                            asked_by_id=pair[0].identity().actor_id, asked_at=START,
                        ),
                        world.clock,
                    ),
                    zip(approvers, lines, strict=True),
                )
            )  # fmt: skip
    finally:
        for line in lines:
            line.close()
    assert sorted(a.state for a in answers) == ["granted", "refused"]


def listed(world, coach):
    case = a_case(coach)
    coach.add(agreed(case))
    entry = coach.add(
        RegisterEntry(
            id=new_id(), enterprise_id=case.id, trading_name="Weald", contact="01303 1",
            words="Company and shopping", services=("befr",),
        )
    )  # fmt: skip
    world.round(coach)
    published = {"status": "published", "published_on": "2022-03-01", "reviewed_by_id": "quin"}
    world.system("register_entry", entry.id, published)
    return case, entry


def public(world):
    return {e.id: e.fields for e in world.directory().entries}


def test_a_suspension_always_wins(world):
    """A laptop edits the listing for a week offline; the case is suspended meanwhile."""
    ann, quin = world.laptop("ann"), world.laptop("quin")
    case, entry = listed(world, ann)
    world.settle_down()
    assert entry.id in public(world)
    ann.set(entry.id, words="New words", status="published")
    ann.set(case.id, suspended_on=None, place="Rye")
    answer = world.ask(quin, "listing.suspend", entry.id, reason="A concern was raised.")
    assert answer.state == "granted"
    world.settle_down()
    for laptop in (ann, quin):
        assert laptop.get(RegisterEntry, entry.id).status == "suspended"
        assert laptop.get(Enterprise, case.id).suspended_on == START.date()
    assert ann.get(Enterprise, case.id).place == "Rye"
    assert public(world) == {}


def test_the_public_reads_the_words_that_were_reviewed(world):
    ann = world.laptop("ann")
    _, entry = listed(world, ann)
    world.settle_down()
    ann.set(entry.id, words="Words that nobody has reviewed")
    world.settle_down()
    fields = public(world)[entry.id]
    assert fields["words"] == "Company and shopping"
    assert not set(fields) & {"suspension_reason", "consent_id", "reviewed_by_id", "enterprise_id"}


def test_a_case_moves_whole_to_another_coach(world):
    ann, ben, lee = (world.laptop(who) for who in ("ann", "ben", "lee"))
    asked = ann.add(Enquiry(id=new_id(), created_on=START.date(), coach_id="ann", name="Mary"))
    case, one, cost = a_claim(world, ann)
    ann.set(case.id, enquiry_id=asked.id)
    world.settle_down()
    assert ben.get(Enterprise, case.id) is None
    answer = world.ask(lee, "case.transfer", case.id, to_coach_id="ben")
    assert answer.state == "granted"
    world.settle_down()
    for record_id in (case.id, one.id, cost.id, asked.id):
        assert record_id in ben.records
        assert record_id not in ann.records
    assert ben.get(Enterprise, case.id).coach_id == "ben"
    assert world.ask(lee, "case.transfer", case.id, to_coach_id="ann").state == "granted"
    world.settle_down()
    assert case.id in ann.records
    assert case.id not in ben.records


def test_unsent_work_on_a_case_that_moved_goes_with_it_and_says_so(world):
    ann, ben, lee = (world.laptop(who) for who in ("ann", "ben", "lee"))
    case = a_case(ann)
    world.settle_down()
    ann.set(case.id, place="Rye")
    note = ann.add(CoachingSession(id=new_id(), enterprise_id=case.id, on=START.date(), note="?"))
    world.ask(lee, "case.transfer", case.id, to_coach_id="ben")
    report = world.round(ann)
    assert (
        report.passed_on == ["This case is with another coach now. Your change went to them."] * 2
    )
    assert report.refused == []
    assert case.id not in ann.records
    world.settle_down()
    assert ben.get(Enterprise, case.id).place == "Rye"
    assert ben.get(CoachingSession, note.id) is not None
    assert world.row(note.id).owner_id == "ben"


def test_work_of_long_ago_on_a_case_that_moved_is_held_for_the_lead(world):
    ann, ben, lee = (world.laptop(who) for who in ("ann", "ben", "lee"))
    case = a_case(ann)
    world.settle_down()
    ann.set(case.id, place="Rye")
    world.ask(lee, "case.transfer", case.id, to_coach_id="ben")
    world.later(days=31)
    world.round(ann)
    (late,) = [ack for ack in ann.receipts.values() if ack.result != "ok"]
    assert (late.result, late.words[:33]) == ("held:late", "This case is with another coach n")
    bodies = world.store.read(
        lambda tx: tx.connection.exec_driver_sql("SELECT body FROM op").scalars().all()
    )
    assert any('"Rye"' in body for body in bodies)
    assert case.id not in ann.records
    world.settle_down()
    assert ben.get(Enterprise, case.id).place == case.place


def test_only_a_lead_signs_the_dpia_and_it_opens_the_gate(database):
    with World(database, dpia=False) as world:
        ann, lee = world.laptop("ann"), world.laptop("lee")
        signed = {"version": "1", "signed_by": "Corporate Director", "signed_on": "2022-01-14"}
        assert world.ask(ann, "dpia.sign", "dpia-1", **signed).state == "refused"
        assert world.ask(lee, "dpia.sign", "dpia-1", **signed).state == "granted"
        case = ann.add(enterprise())
        world.settle_down()
        assert ann.get(Dpia, "dpia-1").signed_on == date(2022, 1, 14)
        assert world.row(case.id) is not None


def test_an_erased_person_is_gone_from_rows_log_and_listing(world):
    ann, lee = world.laptop("ann"), world.laptop("lee")
    case, _ = listed(world, ann)
    ann.set(case.id, phone="01303 654321")
    world.settle_down()
    ann.set(case.id, email="mary@example.org")
    for who in (lee, world.laptop("kay")):  # one asks, another agrees
        answer = world.ask(who, "person.erase", case.id)
        assert answer.state == "granted", answer.words
    world.settle_down()
    tables = world.store.read(
        lambda tx: [
            *tx.connection.exec_driver_sql("SELECT body FROM op").scalars().all(),
            *tx.connection.exec_driver_sql("SELECT body FROM record").scalars().all(),
            *tx.connection.exec_driver_sql("SELECT heads FROM record").scalars().all(),
        ]
    )
    text = "\n".join(tables)
    assert "01303 654321" not in text
    assert "mary@example.org" not in text
    assert "Weald Companions" not in text
    assert world.row(case.id).fields["anonymised_on"]
    assert public(world) == {}


def test_a_register_without_a_programme_decides_nothing(world):
    ann = world.laptop("ann")
    _, one, _ = a_claim(world, ann)
    world.store.write(lambda tx: tx.people.set_setting("pack", "nowhere"))
    with pytest.raises(errors.OnlineOnly, match="Nothing was decided"):
        world.ask(ann, "claim.submit", one.id)
    assert world.row(one.id).fields["state"] == "DRAFT"


def test_a_decision_that_breaks_half_way_leaves_nothing(database):
    """The rules grant, then one effect cannot be written: no effect is."""
    from forms.rules.decision import Granted, Sets

    def rules(_pack, request, *_):
        return Granted(
            words="Yes.",
            sets=(
                Sets(kind=SeedClaim, record_id=request.subject_id, fields={"state": "PAID"}),
                Sets(kind=SeedClaim, record_id=request.subject_id, fields={"state": object()}),
            ),
        )

    with World(database, rules=rules) as world:
        ann = world.laptop("ann")
        _, one, _ = a_claim(world, ann)
        log = world.log()
        with pytest.raises(errors.OnlineOnly):
            world.ask(ann, "claim.submit", one.id)
        assert world.log() == log
        assert world.row(one.id).fields["state"] == "DRAFT"
        world.expected_faults = world.faults.seen
        assert len(world.faults.seen) == 1
