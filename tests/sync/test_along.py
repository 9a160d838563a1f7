"""What a laptop would ask after its last batch goes with it, and is answered with the receipt."""

from __future__ import annotations

import sqlite3
from contextlib import nullcontext

import msgspec
import pytest
from sqlalchemy.exc import OperationalError

from forms.facts.decisions import DecisionRequest
from forms.facts.people import Enterprise
from sync import envelope, errors
from sync.client.exchange import Round, RoundReport, pull_all
from sync.client.question import ALONG, SLICE, after
from sync.client.wire import Line
from sync.protocol import PullAsk, PullReply, PushAsk, PushReply
from sync.register import admin, along, limits, service, sql_behind, sql_store
from tests.sync.test_photos import Counted, photo
from tests.sync.world import enterprise


class Heard(Counted):
    """Keeps the addresses that were asked, and what was said and answered."""

    def __init__(self, world, **more):
        super().__init__(world, **more)
        self.paths, self.asks, self.replies = [], [], []

    def send(self, method, path, headers, body):
        answer = super().send(method, path, headers, body)
        self.paths.append(path[4:])
        if path == "/v1/push":
            self.asks.append(envelope.unpack(body, PushAsk))
            if answer.status == 200:
                self.replies.append(envelope.unpack(answer.body, PushReply))
        return answer


def level(world, *who):
    """Laptops that have all there is."""
    laptops = [world.laptop(one) for one in who]
    world.settle_down(*laptops)
    return laptops


def both_wrote(world):
    """Ann's change waits on her laptop, lee's of the same case at the register."""
    ann, lee = level(world, "ann", "lee")
    case = ann.add(enterprise())
    world.settle_down(ann, lee)
    lee.set(case.id, district="Rye")
    world.round(lee)
    ann.set(case.id, phone="2")
    return ann, lee, case


@pytest.fixture
def by_itself(monkeypatch):
    """A register that does not know the question."""

    def switch():
        for name in ("nothing_new", "page_after"):
            monkeypatch.setattr(along, name, lambda *_: None)

    return switch


def test_what_is_sent_and_what_is_new_take_one_request(vaults):
    ann, _, case = both_wrote(vaults)
    line = Heard(vaults)
    report = vaults.round(ann, line)
    assert line.paths == ["push"]
    assert (report.requests, report.pushed, report.pulled) == (1, 1, 1)
    held = ann.get(Enterprise, case.id)
    assert (held.district, held.phone) == ("Rye", "2")
    assert vaults.round(ann).quiet


def test_a_register_that_does_not_know_it_is_asked_as_before(vaults, by_itself):
    by_itself()
    ann, lee = level(vaults, "ann", "lee")
    case = ann.add(enterprise())
    vaults.settle_down(ann, lee)
    lee.set(case.id, district="Rye")
    vaults.round(lee)
    ann.set(case.id, phone="01303 000000")
    line = Heard(vaults)
    report = vaults.round(ann, line)
    assert (line.paths, report.requests) == (["push", "pull"], 2)
    assert ann.get(Enterprise, case.id).district == "Rye"


def test_the_page_is_what_the_question_by_itself_is_answered(vaults):
    ann, lee = level(vaults, "ann", "lee")
    cases = [ann.add(enterprise()) for _ in range(3)]
    vaults.settle_down(ann, lee)
    lee.set(cases[0].id, district="Rye")
    lee.set(cases[1].id, phone="1")
    vaults.round(lee)
    ann.set(cases[1].id, phone="2")
    ann.set(cases[2].id, phone="3")
    line = Heard(vaults)
    vaults.round(ann, line)
    (ask,), (reply,) = line.asks, line.replies
    by_itself = line_of(vaults, ann).ask("/v1/pull", ask.pull, PullReply)
    assert msgspec.json.encode(reply.page) == msgspec.json.encode(by_itself)
    assert reply.page.groups or reply.page.states


def many_changed(world):
    """Ann's edits of so many cases that their records follow after the answer."""
    ann, lee = level(world, "ann", "lee")
    cases = [ann.add(enterprise(name=f"Weald {n}")) for n in range(sql_behind.FEWEST + 5)]
    world.settle_down(ann, lee)
    for number, case in enumerate(cases):
        ann.set(case.id, phone=str(number))
    return ann, lee, cases


def owing(world, monkeypatch):
    """Whether records waited each time that a page was asked for after a batch."""
    found, real = [], along.page_after

    def page_after(*values):
        found.append(world.store.owes)
        return real(*values)

    monkeypatch.setattr(along, "page_after", page_after)
    return found


def test_where_nothing_is_new_it_is_said_before_the_records_are_written(vaults, monkeypatch):
    ann, lee, cases = many_changed(vaults)
    monkeypatch.setattr(limits, "drawn", lambda _limits: False)  # else the count brings them level
    afterwards, line = owing(vaults, monkeypatch), Heard(vaults)
    real, vaults.store.catch_up = vaults.store.catch_up, lambda: None
    vaults.round(ann, line)
    assert (line.paths, afterwards, vaults.store.owes) == (["push"], [], True)
    (ask,), (reply,) = line.asks, line.replies
    vaults.store.catch_up = real
    by_itself = line_of(vaults, ann).ask("/v1/pull", ask.pull, PullReply)
    assert msgspec.json.encode(reply.page) == msgspec.json.encode(by_itself)
    vaults.round(lee)
    assert [lee.get(Enterprise, case.id).phone for case in cases[:3]] == ["0", "1", "2"]


def test_a_question_of_records_waits_for_them_and_does_not_hold_the_receipt(vaults, monkeypatch):
    """The proof: with the look switched off they are written in the batch's own transaction."""

    def news(patched):
        ann, lee, cases = many_changed(vaults)
        lee.set(cases[0].id, district="Rye")
        vaults.round(lee)
        afterwards, line = owing(vaults, patched), Heard(vaults)
        vaults.round(ann, line)
        assert line.paths == ["push"]
        assert ann.get(Enterprise, cases[0].id).district == "Rye"
        return afterwards

    with monkeypatch.context() as patched:
        assert news(patched) == [True]
    with monkeypatch.context() as patched:
        patched.setattr(along, "looking", nullcontext)
        assert news(patched) == [False]


def line_of(world, laptop):
    return Line(world.line, laptop.vault.exchange.identity(), world.clock)


def test_what_is_kept_as_receipt_is_the_receipt_alone(vaults):
    ann, _, _case = both_wrote(vaults)
    vaults.round(ann)
    *_, last = ann.vault.exchange._db.rows("SELECT body FROM receipt ORDER BY n")
    kept = msgspec.json.decode(last[0])
    assert "page" not in kept
    assert kept["signature"]


def test_a_closed_laptop_that_sends_its_last_work_is_told_nothing(vaults, monkeypatch):
    ann, lee = level(vaults, "ann", "lee")
    case = ann.add(enterprise())
    vaults.settle_down(ann, lee)
    lee.set(case.id, district="Rye")
    vaults.round(lee)
    device = ann.vault.exchange.identity().device_id
    admin.revoke(vaults.store, device, vaults.clock, retired=True)
    ann.set(case.id, phone="2")
    line = Heard(vaults)
    with pytest.raises(errors.DeviceRevoked):
        vaults.round(ann, line)
    assert line.asks[0].pull is not None
    assert line.replies[0].page is None
    assert ann.get(Enterprise, case.id).district != "Rye"


class Dripping(Heard):
    """A receipt comes by itself, or not at all."""

    def send(self, method, path, headers, body):
        answer = super().send(method, path, headers, body)
        if path == "/v1/push" and self.asks[-1].pull is not None:
            raise errors.Slow(detail="the answer drips")
        return answer


def test_on_a_line_that_does_not_bring_the_page_the_receipt_comes_by_itself(vaults):
    ann, _, case = both_wrote(vaults)
    line = Dripping(vaults)
    vaults.round(ann, line)
    assert line.paths == ["push", "push", "pull"]
    assert ann.vault.exchange.unsent_count() == 0
    assert ann.get(Enterprise, case.id).district == "Rye"


def test_a_page_along_is_short_and_what_follows_it_is_not(vaults):
    ann, _, _case = both_wrote(vaults)
    line = Heard(vaults)
    vaults.round(ann, line)
    asked, page = line.asks[0].pull, line.replies[0].page
    assert asked.limit == ALONG
    assert after(asked, page).limit == SLICE


def test_what_is_granted_after_the_batch_was_packed_is_seen_in_the_same_round(vaults):
    ann, lee = level(vaults, "ann", "lee")
    case = ann.add(enterprise())
    vaults.settle_down(ann, lee)
    ann.set(case.id, phone="2")

    class Meanwhile(Heard):
        def send(self, method, path, headers, body):
            if path == "/v1/push":
                ann.ask(
                    DecisionRequest(
                        id="d-1",
                        name="case.offer",
                        subject_id=case.id,
                        asked_by_id="ann",
                        asked_at=vaults.clock.now(),
                        payload={"to": "ben"},
                    )
                )
            return super().send(method, path, headers, body)

    line = Meanwhile(vaults)
    vaults.round(ann, line)
    assert line.paths == ["push", "decide", "pull"]
    assert line.replies[0].page is not None


def test_decisions_that_wait_are_asked_between(vaults):
    ann, lee = level(vaults, "ann", "lee")
    case = ann.add(enterprise())
    vaults.settle_down(ann, lee)
    ann.ask(
        DecisionRequest(
            id="d-1",
            name="case.offer",
            subject_id=case.id,
            asked_by_id="ann",
            asked_at=vaults.clock.now(),
            payload={"to": "ben"},
        )
    )
    ann.set(case.id, phone="2")
    line = Heard(vaults)
    vaults.round(ann, line)
    assert line.paths == ["push", "decide", "pull"]
    assert line.asks[0].pull is None


def test_where_something_waits_that_the_register_must_hear_of_it_is_asked_again(vaults):
    ann, _ = level(vaults, "ann", "lee")
    case = ann.add(enterprise())
    vaults.settle_down()
    photo(ann, case)
    line = Heard(vaults)
    vaults.round(ann, line, with_files=False)
    assert line.paths[:2] == ["push", "pull"]
    assert vaults.round(ann, with_files=False).requests == 1


@pytest.mark.parametrize(
    "fault", [OperationalError("page", {}, Exception("timeout")), RuntimeError("a bug")]
)
def test_a_page_that_fails_never_keeps_the_receipt_back(vaults, monkeypatch, fault):
    """The batch is in: without its receipt the laptop would send the same for ever."""
    ann, _, case = both_wrote(vaults)

    def fails(*_):
        raise fault

    with monkeypatch.context() as broken:
        broken.setattr(service, "pull", fails)
        with pytest.raises(errors.SyncError):
            vaults.round(ann)
    assert ann.vault.exchange.unsent() == []
    if isinstance(fault, RuntimeError):  # with the receipt, and for the question by itself
        assert len(vaults.faults.seen) >= 2
        vaults.expected_faults = vaults.faults.seen
    assert vaults.round(ann).pushed == 0
    assert ann.get(Enterprise, case.id).district == "Rye"


def a_disk_that_is_full_takes_back_the_batch(world, monkeypatch):
    """For a question that comes with it: SQLite may do so, and commits nothing without a word."""
    ann, _, _case = both_wrote(world)

    def page(_register, tx, *_):
        line = tx._connection.connection.driver_connection
        line.execute("ROLLBACK")
        raise OperationalError("page", {}, sqlite3.OperationalError("database or disk is full"))

    with monkeypatch.context() as full:
        full.setattr(service.Register, "page", page)
        with pytest.raises(errors.RegisterDown):
            world.round(ann)
    assert ann.unsent_count() == 1, "a receipt for what is nowhere"
    assert world.round(ann).pushed == 1


def test_a_disk_that_is_full_takes_back_the_batch(quick, monkeypatch):
    a_disk_that_is_full_takes_back_the_batch(quick, monkeypatch)


def test_without_that_look_there_is_a_receipt_for_nothing(quick, monkeypatch):
    """The proof."""
    monkeypatch.setattr(sql_store, "_still_going", lambda _connection: None)
    with pytest.raises((AssertionError, pytest.fail.Exception)):
        a_disk_that_is_full_takes_back_the_batch(quick, monkeypatch)


def test_a_page_of_another_place_is_not_put_away(vaults):
    """Begun again between receipt and page, the laptop asks from its start."""
    ann, _ = level(vaults, "ann", "lee")
    this = Round(ann.vault, line_of(vaults, ann), vaults.clock, RoundReport())
    mark = ann.vault.exchange.bookmark()
    stale = PullAsk(inc=1, epoch=mark.epoch, seq=mark.seq + 1, chain=mark.chain)
    this.along = (stale, PullReply(epoch=mark.epoch, seq=99, chain="x", now=vaults.clock.now()))
    pull_all(this)
    assert this.report.requests == 1
    assert ann.vault.exchange.bookmark().seq != 99
