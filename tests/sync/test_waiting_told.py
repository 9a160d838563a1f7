"""The lead sees how much waits on a laptop, as of its last contact; said when it changes."""

from __future__ import annotations

import pytest

from sync import envelope, errors
from sync.client import exchange
from sync.client.wire import Line
from sync.office import DevicesAsk, DevicesReply
from sync.protocol import PullAsk, PushAsk
from tests.sync.test_photos import Counted, photo
from tests.sync.world import enterprise


def seen(world, who="lee", of="ann"):
    """What a lead is told of the laptop: how much, since when, and as of when."""
    line = Line(world.line, world.laptop(who).exchange.identity(), world.clock)
    device = world.laptop(of).exchange.identity().device_id
    found = line.ask("/v1/devices", DevicesAsk(), DevicesReply).devices
    one = next(each for each in found if each.id == device)
    return one.waiting, one.waiting_since, one.waiting_at


class Heard(Counted):
    """Notes what each question says of what waits; None where it says nothing."""

    def send(self, method, path, headers, body):
        kind = {"/v1/pull": PullAsk, "/v1/push": PushAsk}.get(path)
        if kind is not None:
            ask = envelope.unpack(body, kind)
            self.said.append((path[4:], ask.waiting if ask.waiting >= 0 else None))
        return super().send(method, path, headers, body)

    def __init__(self, world, **more):
        super().__init__(world, **more)
        self.said = []


def test_photos_that_wait_are_told_once_and_told_again_when_they_have_gone(vaults):
    ann = vaults.laptop("ann")
    vaults.laptop("lee")
    assert seen(vaults) == (-1, "", "")
    case = ann.add(enterprise())
    photo(ann, case)
    vaults.later(days=2)
    first = Heard(vaults)
    vaults.round(ann, first, with_files=False)
    assert first.said == [("push", None), ("pull", 1)]
    at = vaults.clock.now().isoformat()
    assert seen(vaults) == (1, "2022-03-01", at)
    vaults.later(days=1)
    again = Heard(vaults)
    vaults.round(ann, again, with_files=False)
    assert again.said == [("pull", None)], "it is as it was: no byte of it"
    vaults.round(ann)
    last = Heard(vaults)
    vaults.round(ann, last)
    assert last.said == [("pull", 0)]
    assert seen(vaults)[:2] == (0, "")


def test_an_ordinary_edit_costs_no_word_of_it(vaults):
    ann = vaults.laptop("ann")
    vaults.round(ann)
    case = ann.add(enterprise())
    vaults.round(ann)
    ann.set(case.id, phone="1")
    line = Heard(vaults)
    vaults.round(ann, line)
    assert line.said == [("push", None)], "the page came with the receipt"


def test_a_line_that_breaks_among_many_batches_leaves_the_lead_knowing_of_the_rest(
    vaults, monkeypatch
):
    monkeypatch.setattr(exchange, "BATCH_OPS", 3)
    ann = vaults.laptop("ann")
    vaults.laptop("lee")
    vaults.round(ann)
    for _ in range(8):
        ann.add(enterprise())
    vaults.later(days=3)
    broken = Heard(vaults, breaks=lambda _method, count: count == 1)
    with pytest.raises(errors.Unreachable):
        vaults.round(ann, broken)
    assert seen(vaults)[:2] == (8, "2022-03-01")
    assert 0 < ann.reader.unsent_count() < 8
    vaults.round(ann)
    assert seen(vaults)[:2] == (0, "")


def test_a_word_that_was_lost_on_the_way_is_said_again(vaults):
    ann = vaults.laptop("ann")
    photo(ann, ann.add(enterprise()))

    class Deaf(Heard):
        def send(self, method, path, headers, body):
            super().send(method, path, headers, body)
            raise errors.Unreachable

    with pytest.raises(errors.Unreachable):
        vaults.round(ann, Deaf(vaults), with_files=False)
    line = Heard(vaults)
    vaults.round(ann, line, with_files=False)
    assert line.said[-1] == ("pull", 1)


def test_a_coach_is_told_of_their_own_laptops_only(vaults):
    ann, ben = vaults.laptop("ann"), vaults.laptop("ben")
    photo(ann, ann.add(enterprise()))
    vaults.round(ann, with_files=False)
    line = Line(vaults.line, ben.exchange.identity(), vaults.clock)
    found = line.ask("/v1/devices", DevicesAsk(), DevicesReply).devices
    assert {one.person for one in found} == {"ben"}
    assert seen(vaults, who="ann")[0] == 1


def a_full_disk(monkeypatch, world, name):
    """What SQLite raises when nothing can be written any more."""
    import sqlite3

    from sqlalchemy.exc import OperationalError

    from sync.register import service
    from sync.register.sql_people import PeopleTable

    def full(*_args, **_more):
        raise OperationalError(None, None, sqlite3.OperationalError("database or disk is full"))

    place = PeopleTable if name == "note_waiting" else service.audit
    monkeypatch.setattr(place, name, full)


def test_a_pull_goes_on_while_the_register_cannot_note_what_waits(quick, monkeypatch):
    ann = quick.laptop("ann")
    case = ann.add(enterprise())
    quick.round(ann)
    photo(ann, case)
    with monkeypatch.context() as patch:
        a_full_disk(patch, quick, "note_waiting")
        line = Heard(quick)
        quick.round(ann, line, with_files=False)
        assert ("pull", 1) in line.said
    assert seen(quick)[0] == -1
    again = Heard(quick)
    quick.round(ann, again, with_files=False)
    assert ("pull", 1) in again.said, "it was not noted, so it is said once more"
    assert seen(quick)[0] == 1


def test_what_has_to_be_logged_is_not_read_unlogged(quick, monkeypatch):
    ann, abe = quick.laptop("ann"), quick.laptop("abe")
    ann.add(enterprise())
    quick.round(ann)
    with monkeypatch.context() as patch:
        a_full_disk(patch, quick, "note")
        with pytest.raises(errors.RegisterDown):
            quick.round(abe)
    assert not abe.records
    quick.round(abe)
    assert abe.records
