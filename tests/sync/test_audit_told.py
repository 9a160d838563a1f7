"""What leaves an entry in the audit log, and what a stranger cannot make it say."""

from __future__ import annotations

import json

import pytest

from forms.facts.casework import Attachment
from sync import envelope, errors
from sync.client.enrol import enrol
from sync.client.wire import Line
from sync.protocol import EnrolAsk
from sync.register import admin
from tests.sync.laptop import Laptop
from tests.sync.test_audit import entries, look
from tests.sync.test_photos import photo
from tests.sync.world import enterprise

WRONG = "AAAA-BBBB-CCCC-DDDD"


def of(world, act):
    return [entry for entry in entries(world) if entry["act"] == act]


def join(world, code):
    return enrol(Laptop(world.clock), world.line, code, world.clock)


def test_the_first_choice_of_a_pack_is_told_once(world):
    assert [(one["pack"], one["first"]) for one in of(world, "pack")] == [("kent", True)]
    admin.init(world.store, "kent", clock=world.clock)
    admin.init(world.store, clock=world.clock)
    assert len(of(world, "pack")) == 1


def test_whose_laptop_was_closed_is_told(world):
    world.laptop("ann")
    (device,) = admin.devices(world.store, "ann")
    assert admin.revoke(world.store, device.id, world.clock, retired=True)
    (told,) = of(world, "revoke")
    assert (told["closed"], told["of"], told["retired"]) == (device.id, "ann", True)
    assert not admin.revoke(world.store, "nobody's", world.clock)
    assert len(of(world, "revoke")) == 1


def test_a_code_that_was_used_or_ran_out_tells_whose_it_was_and_never_itself(world):
    code = world.code("ann")
    join(world, code)
    with pytest.raises(errors.CodeRefused):
        join(world, code)
    late = world.code("ben")
    world.later(minutes=11)
    with pytest.raises(errors.CodeRefused):
        join(world, late)
    told = of(world, "code refused")
    assert [(one["person"], one["by"]) for one in told] == [("ann", ""), ("ben", "")]
    groups = {part for each in (code, late) for part in each.split("-")}
    assert not [part for part in groups if part in json.dumps(told)]
    assert look(world).ok


def test_whoever_tries_codes_for_hours_makes_the_log_hardly_longer(quick):
    code = quick.code("ann")
    locator = code.split("-")[0]

    def tries(first, count):
        ask = EnrolAsk(locator=first, public_key=b"x" * 32, proof=b"y" * 32, label="")
        for _ in range(count):
            answer = quick.line.send("POST", "/v1/enrol", *_sent(ask))
            assert answer.status == 401

    tries(locator, 30)
    assert len(of(quick, "code refused")) == 5 + 2  # its five tries; then the first and the tenth
    tries("ZZZZ", 120)
    assert [one["in_hour"] for one in of(quick, "code refused") if "in_hour" in one] == [1, 10, 100]
    quick.later(hours=1)
    tries("ZZZZ", 2)
    assert len(of(quick, "code refused")) == 5 + 4


def _sent(ask):
    return {"content-type": envelope.CONTENT_TYPE}, envelope.pack(ask)


def test_a_file_that_came_whole_is_told_once(world):
    ann = world.laptop("ann")
    stored = photo(ann, ann.add(enterprise()))
    world.settle_down(ann)
    (paper,) = ann.all(Attachment)
    (told,) = of(world, "file")
    assert (told["file"], told["bytes"], told["by"]) == (paper.id, stored.size, "ann")
    assert told["device"] == admin.devices(world.store, "ann")[0].id
    line = Line(world.line, ann.identity(), world.clock)
    for _ in range(3):
        line.raw("PATCH", f"/v1/blob/{stored.sha256}?for={paper.id}&start=0", b"A receipt.\n")
    assert len(of(world, "file")) == 1
    assert look(world).ok
