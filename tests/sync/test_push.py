"""A batch arrives: judged op by op, receipted once, and never lost. On both databases."""

from __future__ import annotations

import gc
from dataclasses import replace

import pytest

from forms.change import DELETED, Op, Verb
from forms.facts.casework import ChecklistItem, CoachingSession, StageEvent
from forms.facts.people import Enquiry, Enterprise, Tally
from forms.values import derived_id, new_id
from sync.client import exchange
from sync.client.exchange import Round
from sync.client.receipt import Receipt
from sync.client.wire import Line, Told
from sync.envelope import unpack
from sync.errors import Slow
from sync.protocol import PushAsk, PushReply, op_to_wire
from sync.register.batch import Batch
from sync.register.rows import Entry, Row
from tests.sync.world import START, World, claim, enterprise, leader, line_of


def result_of(laptop, op):
    return laptop.receipts[op.dot].result


def send(world, laptop, ops, epoch="", *, runs=False):
    line = Line(world.line, laptop.identity(), world.clock)
    wires = [op_to_wire(op) for op in ops]
    ask = PushAsk(inc=laptop.identity().incarnation, epoch=epoch, ops=wires, runs=runs)
    return line.ask("/v1/push", ask, PushReply)


def test_sent_again_a_batch_gets_the_same_receipt_and_changes_nothing(world):
    ann = world.laptop("ann")
    for _ in range(5):
        ann.add(enterprise())
    ops = ann.unsent(10)
    first, log = send(world, ann, ops), world.log()
    assert send(world, ann, ops).acks == first.acks
    assert send(world, ann, ops[2:4]).acks == first.acks[2:4]
    assert world.log() == log


def test_the_receipt_is_signed_and_stored_on_the_laptop(world):
    ann = world.laptop("ann")
    ann.add(enterprise())
    world.round(ann)
    (kept,) = ann.signed
    receipt = Receipt.of(unpack(kept, PushReply))
    assert receipt.is_signed(ann.identity().register_key)
    assert [ack.result for ack in receipt.acks] == ["ok"]


def test_a_laptop_that_reads_no_runs_is_told_op_by_op_and_both_receipts_are_one(world):
    ann = world.laptop("ann")
    for _ in range(8):
        ann.add(enterprise())
    ops = ann.unsent(10)
    ops[4] = replace(ops[4], actor_id="lee")  # not taken: it parts the run
    plain = send(world, ann, ops)
    short = send(world, ann, ops, runs=True)
    assert not plain.runs
    assert [(seq, count) for seq, _, count in short.runs] == [(1, 4), (6, 3)]
    assert [ack.seq for ack in short.acks] == [5]
    assert Receipt.of(short).acks == plain.acks
    assert short.signature == plain.signature


def test_nothing_of_a_batch_is_left_for_the_collector(world):
    """Two thousand ops in a circle would stop everybody for a twentieth of a second each time."""
    ann = world.laptop("ann")
    case = ann.add(enterprise())
    ann.set(case.id, phone="01303 000001")

    def here():
        return [one for one in gc.get_objects() if isinstance(one, Batch | Row | Entry)]

    gc.collect()
    before = here()  # what other tests hold on to, in a log record's error, is theirs
    gc.disable()
    try:
        assert len(send(world, ann, ann.unsent(10)).acks) == 2
        known = set(map(id, before))
        assert [one for one in here() if id(one) not in known] == []
    finally:
        gc.enable()


def test_a_gap_is_refused_with_what_the_register_holds(world):
    ann = world.laptop("ann")
    for _ in range(3):
        ann.add(enterprise())
    ops = ann.unsent(10)
    send(world, ann, ops[:1])
    with pytest.raises(Told) as told:
        send(world, ann, ops[2:])
    assert (told.value.trouble.trouble, told.value.trouble.last) == ("gap", 1)


def test_a_number_used_twice_for_different_ops_is_noticed(world):
    ann = world.laptop("ann")
    ann.add(enterprise())
    (op,) = ann.unsent(1)
    send(world, ann, [op])
    with pytest.raises(Told) as told:
        send(world, ann, [replace(op, fields=op.fields | {"name": "Another"})])
    assert told.value.trouble.trouble == "device_regressed"


def test_batches_over_the_limit_are_refused_whole(quick):
    ann = quick.laptop("ann")
    quick.round(ann)
    one = ann.add(Tally(id=new_id(), on=START.date()))
    (op,) = ann.unsent(1)
    many = [replace(op, seq=n, record_id=f"{one.id}-{n}") for n in range(1, 2002)]
    with pytest.raises(Told) as told:
        send(quick, ann, many)
    assert told.value.trouble.trouble == "too_big"


def test_the_log_is_gapless_and_its_chain_adds_up(world):
    from sync.register.sql_log import GENESIS, link

    ann, lee = world.laptop("ann"), world.laptop("lee")
    case = ann.add(enterprise())
    world.settle_down()
    lee.set(case.id, place="Lydd")
    ann.add(leader(case))
    world.settle_down()
    chain = GENESIS
    for place, op in enumerate(world.log(), start=1):
        assert op.feed_seq == place
        chain = link(chain, f"{op.inc}.{op.seq}", op.hash, op.result)
        assert op.chain == chain


# --- who may


def test_a_coach_cannot_touch_another_coachs_case(world):
    ann, ben = world.laptop("ann"), world.laptop("ben")
    case = ann.add(enterprise())
    world.settle_down()
    assert ben.get(Enterprise, case.id) is None
    ben.records[case.id] = ann.records[case.id]
    ben.set(case.id, phone="666")
    ben.add(leader(case))
    report = world.round(ben)
    assert [a.result for a in ben.receipts.values()] == ["refused:NOT_YOUR_CASE"] * 2
    assert "another coach" in report.refused[0]
    assert world.row(case.id).fields["phone"] == "01303 000001"


def test_a_coach_cannot_give_a_case_away_or_take_one(world):
    ann, ben = world.laptop("ann"), world.laptop("ben")
    case = ann.add(enterprise())
    taken = ben.add(enterprise(coach="ann"))
    world.settle_down()
    op = ann.set(case.id, coach_id="ben")
    world.round(ann)
    assert result_of(ann, op) == "partly:coach_id"
    assert ann.get(Enterprise, case.id).coach_id == "ann"
    assert world.row(taken.id).owner_id == "ben"


def test_an_op_in_another_persons_name_is_refused(world):
    ann = world.laptop("ann")
    ann.add(enterprise())
    (op,) = ann.unsent(1)
    reply = send(world, ann, [replace(op, actor_id="lee")])
    assert reply.acks[0].result == "refused:NOT_YOU"


@pytest.mark.parametrize("who", ["fay", "abe"])
def test_finance_and_auditors_write_nothing(quick, who):
    laptop = quick.laptop(who)
    quick.round(laptop)
    laptop.add(enterprise(coach=who))
    quick.round(laptop)
    assert [a.result for a in laptop.receipts.values()] == ["refused:ROLE"]


def test_fields_of_the_register_are_refused_field_by_field(world):
    ann = world.laptop("ann")
    case = ann.add(enterprise())
    world.settle_down()
    op = ann.set(case.id, suspended_on=START.date(), place="Rye")
    world.settle_down()
    assert result_of(ann, op) == "partly:suspended_on"
    row = world.row(case.id)
    assert (row.fields["suspended_on"], row.fields["place"]) == (None, "Rye")
    assert ann.get(Enterprise, case.id).suspended_on is None


def test_nobody_signs_a_dpia_or_adds_a_colleague_by_an_op(world):
    lee = world.laptop("lee")
    world.round(lee)
    for kind in ("dpia", "colleague", "claim_event"):
        op = Op(
            inc=lee.identity().incarnation, seq=1, hlc=0, actor_id="lee", verb=Verb.NEW, kind=kind,
            record_id=new_id(), fields={"name": "x"}, base={},
        )  # fmt: skip
        lee.seq[op.inc] = 0
        with_seq = replace(op, seq=len(lee.receipts) + 1)
        assert send(world, lee, [with_seq]).acks[0].result == "refused:ROLE"
        lee.receipts[with_seq.dot] = None


def test_who_checked_is_who_says_so_and_never_the_coach(world):
    ann, lee = world.laptop("ann"), world.laptop("lee")
    case = ann.add(enterprise())
    item = ann.add(
        ChecklistItem(
            id=derived_id(case.id, "C07"), enterprise_id=case.id, code="C07", state="done"
        )
    )
    world.settle_down()
    own, forged = ann.set(item.id, checked_by_id="ann"), ann.set(item.id, checked_by_id="lee")
    world.settle_down()
    assert {result_of(ann, own), result_of(ann, forged)} == {"partly:checked_by_id"}
    good = lee.set(item.id, checked_by_id="lee", checked_on=START.date())
    world.settle_down()
    assert result_of(lee, good) == "ok"
    assert ann.get(ChecklistItem, item.id).checked_by_id == "lee"


# --- what may be, and when


def test_before_the_dpia_only_a_tally_and_nothing_else_is_even_kept(database):
    with World(database, dpia=False) as world:
        ann = world.laptop("ann")
        ann.add(Tally(id=new_id(), on=START.date(), channel="phone"))
        case = ann.add(enterprise(name="Marlene Okafor-Dunn"))
        asked = ann.add(Enquiry(id=new_id(), created_on=START.date(), name="Marlene"))
        report = world.round(ann)
        assert [a.result for a in ann.receipts.values()] == [
            "ok", "refused:DPIA_NOT_SIGNED", "refused:DPIA_NOT_SIGNED"
        ]  # fmt: skip
        assert "not signed" in report.refused[0]
        assert world.row(case.id) is None
        assert world.row(asked.id) is None
        bodies = world.store.read(
            lambda tx: tx.connection.exec_driver_sql("SELECT body FROM op").scalars().all()
        )
        assert not any("Marlene" in body for body in bodies)


def test_a_dpia_signed_tomorrow_opens_nothing_today(database):
    with World(database, dpia=False) as world:
        world.sign_dpia(on="2022-03-02")
        ann = world.laptop("ann")
        ann.add(enterprise())
        world.round(ann)
        assert [a.result for a in ann.receipts.values()] == ["refused:DPIA_NOT_SIGNED"]
        world.later(days=1)
        ann.add(enterprise())
        world.round(ann)
        assert [a.result for a in ann.receipts.values()][1] == "ok"


def test_a_note_that_was_written_stays_as_it_was(world):
    ann = world.laptop("ann")
    case = ann.add(enterprise())
    step = ann.add(
        StageEvent(id=new_id(), enterprise_id=case.id, on=START.date(), stage="ENQUIRY", note="One")
    )
    world.round(ann)
    op = ann.set(step.id, note="Two")
    world.settle_down()
    assert result_of(ann, op) == "refused:WRITTEN_ONCE"
    assert ann.get(StageEvent, step.id).note == "One"


def test_a_claim_that_was_sent_does_not_change_under_its_checker(world):
    ann = world.laptop("ann")
    case = ann.add(enterprise())
    one = ann.add(claim(case))
    cost = ann.add(line_of(one))
    world.round(ann)
    world.system("seed_claim", one.id, {"state": "SUBMITTED"})
    op, new = ann.set(cost.id, pence=999_999), ann.add(line_of(one))
    world.settle_down()
    assert result_of(ann, op) == "refused:CLAIM_SENT"
    assert world.row(cost.id).fields["pence"] == 2300
    assert world.row(new.id) is None
    world.system("seed_claim", one.id, {"state": "RETURNED"})
    op = ann.set(cost.id, pence=2400)
    world.settle_down()
    assert result_of(ann, op) == "ok"


def test_values_that_cannot_be_are_refused_field_by_field(world):
    ann = world.laptop("ann")
    case = ann.add(enterprise())
    world.round(ann)
    (op,) = [ann.set(case.id, place="Rye")]
    bad = replace(op, fields={"place": "Rye", "established_on": "31 February", "price_pence": "x"})
    reply = send(world, ann, [bad])
    assert reply.acks[0].result == "partly:established_on,price_pence"
    assert world.row(case.id).fields["place"] == "Rye"


def test_a_record_without_what_it_needs_is_refused(world):
    ann = world.laptop("ann")
    case = ann.add(enterprise())
    world.round(ann)
    ann.add(leader(case))
    (op,) = ann.unsent(1)
    fields = {n: v for n, v in op.fields.items() if n != "enterprise_id"}
    reply = send(world, ann, [replace(op, fields=fields)])
    assert reply.acks[0].result == "refused:INCOMPLETE"


def test_fields_and_kinds_of_a_newer_program_are_kept_and_sent_back(world):
    ann, lee = world.laptop("ann"), world.laptop("lee")
    ann.add(enterprise())
    (op,) = ann.unsent(1)
    newer = replace(op, fields=op.fields | {"colour": "green"})
    odd = replace(op, seq=2, kind="horse", record_id=new_id(), schema=9)
    assert [a.result for a in send(world, ann, [newer, odd]).acks] == ["ok", "held:schema"]
    world.round(lee)
    assert lee.records[op.record_id].fields["colour"] == "green"


def test_an_edit_that_overtook_its_record_waits_for_it(world):
    ann = world.laptop("ann")
    case = ann.add(enterprise())
    edit = ann.set(case.id, phone="2")
    new = ann.unsent(2)[0]
    other = world.laptop("ann", "second")
    early = replace(edit, inc=other.identity().incarnation, seq=1)
    assert send(world, other, [early]).acks[0].result == "held:unknown_record"
    assert send(world, ann, [new]).acks[0].result == "ok"
    assert world.row(case.id).fields["phone"] == "2"


def test_an_edit_that_waited_is_judged_as_its_writers_and_not_as_whoever_brought_the_record(world):
    ann, quin = world.laptop("ann"), world.laptop("quin")
    case = ann.add(enterprise())
    world.round(ann)
    item = ann.add(ChecklistItem(id=new_id(), enterprise_id=case.id, code="C07", note="Ann's"))
    edit = ann.set(item.id, note="Quin's")
    new = ann.unsent(2)[0]
    early = replace(edit, inc=quin.identity().incarnation, seq=1, actor_id="quin")
    assert send(world, quin, [early]).acks[0].result == "held:unknown_record"
    assert send(world, ann, [new]).acks[0].result == "ok"
    row = world.row(item.id)  # the case was never brought before quality assurance
    assert (row.fields["note"], row.heads) == ("Ann's", {})


def test_a_refusal_does_not_fail_its_neighbours(world):
    ann = world.laptop("ann")
    case = ann.add(enterprise())
    ann.add(CoachingSession(id=new_id(), enterprise_id="nobody", on=START.date()))
    other = ann.add(enterprise(name="Second"))
    world.round(ann)
    assert [a.result for a in ann.receipts.values()] == ["ok", "held:unknown_record", "ok"]
    assert world.row(other.id).fields["name"] == "Second"
    assert world.row(case.id) is not None


# --- how edits meet


def test_the_same_item_made_on_two_laptops_is_one_item(world):
    ann, second = world.laptop("ann"), world.laptop("ann", "second")
    case = ann.add(enterprise())
    world.settle_down()
    item = {"id": derived_id(case.id, "C07"), "enterprise_id": case.id, "code": "C07"}
    ann.add(ChecklistItem(**item, state="doing"))
    second.add(ChecklistItem(**item, note="Rang the insurer"))
    world.settle_down()
    for laptop in (ann, second):
        both = laptop.get(ChecklistItem, item["id"])
        assert (both.state, both.note) == ("doing", "Rang the insurer")
        assert not laptop.clashes


def test_a_delete_without_an_edit_beside_it_is_a_delete(world):
    ann, lee = world.laptop("ann"), world.laptop("lee")
    case = ann.add(enterprise())
    person = ann.add(leader(case))
    world.settle_down()
    ann.remove(person.id)
    world.settle_down()
    assert world.row(person.id).deleted
    assert lee.records[person.id].deleted
    assert not lee.clashes


@pytest.mark.parametrize("first", ["edit", "delete"])
def test_a_delete_beside_an_edit_stays_in_sight_until_settled(world, first):
    ann, lee = world.laptop("ann"), world.laptop("lee")
    case = ann.add(enterprise())
    person = ann.add(leader(case))
    world.settle_down()
    ann.set(person.id, phone="01303 1")
    lee.remove(person.id)
    for laptop in (ann, lee) if first == "edit" else (lee, ann):
        world.round(laptop)
    world.settle_down()
    for laptop in (ann, lee):
        assert not laptop.records[person.id].deleted
        assert {h.value for h in laptop.clashes[person.id, DELETED]} == {True, False}
    lee.settle(person.id, DELETED, value=True)
    world.settle_down()
    for laptop in (ann, lee):
        assert laptop.records[person.id].deleted
        assert not laptop.clashes


def test_answers_to_different_questions_go_together(world):
    ann, lee = world.laptop("ann"), world.laptop("lee")
    case = ann.add(enterprise(facts={"vol": 0}))
    world.settle_down()
    ann.set(case.id, facts={"vol": 0, "food": True})
    lee.set(case.id, facts={"vol": 0, "drives": False})
    world.settle_down()
    for laptop in (ann, lee):
        assert laptop.get(Enterprise, case.id).facts == {"vol": 0, "food": True, "drives": False}
        assert not laptop.clashes


def test_different_answers_to_one_question_are_a_thing_to_check(world):
    ann, lee = world.laptop("ann"), world.laptop("lee")
    case = ann.add(enterprise(facts={"vol": 0}))
    world.settle_down()
    ann.set(case.id, facts={"vol": 3})
    lee.set(case.id, facts={"vol": 5})
    world.settle_down()
    assert (case.id, "facts") in lee.clashes


def test_many_batches_go_one_after_the_other_the_first_of_them_short(quick, monkeypatch):
    monkeypatch.setattr(exchange, "BATCH_OPS", 4)
    monkeypatch.setattr(exchange, "FIRST_OPS", 2)
    ann = quick.laptop("ann")
    quick.round(ann)
    made = [ann.add(enterprise()) for _ in range(11)]
    real, sent = Round.ask_push, []

    def ask(self, inc, ops, *more):
        sent.append([op.seq for op in ops])
        if len(sent) == 3:
            raise Slow
        return real(self, inc, ops, *more)

    monkeypatch.setattr(Round, "ask_push", ask)
    report = quick.round(ann)
    first = sent[0][0]
    assert [len(one) for one in sent] == [2, 4, 4, 2, 2, 1]
    taken = [seq for one in (*sent[:2], *sent[3:]) for seq in one]
    assert taken == list(range(first, first + 11))
    assert report.pushed == 11
    assert not ann.unsent(1)
    assert {one.id for one in made} <= set(
        quick.store.read(lambda tx: tx.records.load([o.id for o in made]))
    )
