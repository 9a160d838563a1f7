"""The lead sees per laptop what came, what was not taken and why, and which photos are missing."""

from __future__ import annotations

import json

import pytest

from forms.facts.casework import Attachment
from sync import errors
from sync.client.wire import Line, Told
from sync.office import CloseDeviceAsk, CloseDeviceReply, DeviceLedgerAsk, DeviceLedgerReply
from sync.register import admin
from tests.sync.test_photos import photo
from tests.sync.world import enterprise, leader, take_in


def ledger(world, who, of):
    line = Line(world.line, world.laptop(who).exchange.identity(), world.clock)
    ask = DeviceLedgerAsk(device=world.laptop(of).exchange.identity().device_id)
    return line.ask("/v1/devices/ledger", ask, DeviceLedgerReply)


def test_a_lead_reads_what_came_from_a_laptop(world):
    ann, ben = world.laptop("ann"), world.laptop("ben")
    case = ann.add(enterprise())
    ann.add(leader(case))
    photo(ann, case)
    other = ben.add(enterprise("ben"))
    world.round(ben)
    ann.records[other.id] = ben.records[other.id]
    ann.set(other.id, phone="1")  # not her case
    world.later(minutes=3)
    world.round(ann, with_files=False)
    told = ledger(world, "lee", "ann")
    assert (told.changes, told.files_missing, told.kept_apart) == (4, 1, 0)
    assert told.records == len(ann.records)
    assert told.last_at == world.clock.now().isoformat()
    (refused,) = told.not_taken
    assert (refused.record, refused.result) == (other.id, "refused:NOT_YOUR_CASE")
    assert refused.words
    world.round(ann)
    assert ledger(world, "lee", "ann").files_missing == 0
    assert ledger(world, "abe", "ben").changes == 1
    assert ledger(world, "ann", "ann").changes == 4
    assert ledger(world, "lee", "quin").records == -1  # sees what is brought before it


def test_a_photo_that_was_taken_off_or_erased_is_waited_for_no_longer(world):
    ann, lee = world.laptop("ann"), world.laptop("lee")
    case = ann.add(enterprise())
    photo(ann, case)
    photo(ann, case, b"Another.\n")
    world.round(ann, with_files=False)
    assert ledger(world, "lee", "ann").files_missing == 2
    ann.remove(next(iter(ann.all(Attachment))).id)
    world.round(ann, with_files=False)
    assert ledger(world, "lee", "ann").files_missing == 1
    world.round(lee)
    for who in (lee, world.laptop("kay")):
        world.ask(who, "person.erase", case.id)
    assert ledger(world, "lee", "ann").files_missing == 0


def test_a_coach_is_not_told_of_another_coachs_laptop(world):
    for who in ("ann", "ben"):
        world.laptop(who)
    with pytest.raises(Told) as told:
        ledger(world, "ann", "ben")
    assert told.value.trouble.trouble == "not_yours"


def test_the_last_work_of_a_retired_laptop_is_shown_as_kept_apart(world):
    ann, lee = world.laptop("ann"), world.laptop("lee")
    ann.add(enterprise())
    line = Line(world.line, lee.exchange.identity(), world.clock)
    device = ann.exchange.identity().device_id
    ask = CloseDeviceAsk(device=device, retired=True)
    assert line.ask("/v1/devices/close", ask, CloseDeviceReply).closed
    with pytest.raises(Exception, match="closed"):
        world.round(ann)
    told = ledger(world, "lee", "ann")
    assert (told.changes, told.kept_apart) == (1, 1)
    assert told.device.revoked_at
    assert list(take_in(world).values()) == ["ok"]
    assert ledger(world, "lee", "ann").kept_apart == 0


def closings(world):
    told = [json.loads(text) for _, text, _ in world.store.read(lambda t: t.audit.entries(0, 999))]
    return [(one["by"], one.get("retired", False)) for one in told if one["act"] == "revoke"]


def test_a_laptop_closed_as_lost_may_send_again_only_by_a_leads_leave(world):
    """Whoever holds it may hold another of its person's laptops, too. Each change has its entry."""
    ann, other, lee = world.laptop("ann"), world.laptop("ann", "other"), world.laptop("lee")
    ann.add(enterprise())
    device = ann.exchange.identity().device_id

    def close(laptop, *, retired):
        line = Line(world.line, laptop.exchange.identity(), world.clock)
        ask = CloseDeviceAsk(device=device, retired=retired)
        return line.ask("/v1/devices/close", ask, CloseDeviceReply).closed

    assert close(lee, retired=False)
    assert not close(other, retired=True)
    with pytest.raises(errors.DeviceRevoked):
        world.round(ann)
    assert ledger(world, "lee", "ann").changes == 0
    assert close(lee, retired=True)  # it was found again
    with pytest.raises(errors.DeviceRevoked):
        world.round(ann)
    assert ledger(world, "lee", "ann").kept_apart == 1
    assert close(other, retired=False)  # and is lost once more: that anybody may say of their own
    assert not close(lee, retired=False)
    assert closings(world) == [("lee", False), ("lee", True), ("ann", False)]


def test_at_the_command_line_a_second_closing_of_another_kind_is_no_nothing(world):
    device = world.laptop("ann").exchange.identity().device_id
    kinds = (False, False, True, False)
    done = [admin.revoke(world.store, device, world.clock, retired=kind) for kind in kinds]
    assert done == [True, False, True, True]
    assert [kind for _, kind in closings(world)] == [False, True, False]
    assert not admin.revoke(world.store, "nobody's", world.clock, retired=True)


def test_two_changes_of_one_new_record_are_taken_in_as_they_followed(world):
    ann, lee = world.laptop("ann"), world.laptop("lee")
    case = ann.add(enterprise())
    ann.set(case.id, phone="2")
    ann.set(case.id, phone="3")
    line = Line(world.line, lee.exchange.identity(), world.clock)
    device = ann.exchange.identity().device_id
    line.ask("/v1/devices/close", CloseDeviceAsk(device=device, retired=True), CloseDeviceReply)
    with pytest.raises(Exception, match="closed"):
        world.round(ann)
    assert list(take_in(world).values()) == ["ok"] * 3
    row = world.row(case.id)
    assert (row.fields["phone"], row.heads) == ("3", {})
