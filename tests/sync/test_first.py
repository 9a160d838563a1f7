"""The first things: a device enrols, an edit travels, a clash is kept and settled."""

from __future__ import annotations

from forms.facts.people import Colleague, Enterprise
from tests.sync.world import enterprise


def test_an_edit_travels_up_and_down(world):
    ann, lee = world.laptop("ann"), world.laptop("lee")
    case = ann.add(enterprise())
    up = world.round(ann)
    down = world.round(lee)
    assert up.pushed == 1
    assert lee.get(Enterprise, case.id) == case
    assert down.pulled >= 1
    assert lee.get(Colleague, "ann").name == "Ann Marsh"


def test_a_clash_keeps_both_values_and_the_registers_in_use(world):
    ann, lee = world.laptop("ann"), world.laptop("lee")
    case = ann.add(enterprise(phone="1"))
    world.settle_down()
    ann.set(case.id, phone="2")
    lee.set(case.id, phone="3")
    world.round(ann)
    report = world.round(lee)
    world.round(ann)
    assert report.clashes_opened == 1
    for laptop in (ann, lee):
        assert [h.value for h in laptop.clashes[case.id, "phone"]] == ["2", "3"]
        assert laptop.get(Enterprise, case.id).phone == "2"
    assert world.row(case.id).heads["phone"].before == "1"


def test_settling_closes_it_everywhere(world):
    ann, lee = world.laptop("ann"), world.laptop("lee")
    case = ann.add(enterprise(phone="1"))
    world.settle_down()
    ann.set(case.id, phone="2")
    lee.set(case.id, phone="3")
    world.settle_down()
    ann.settle(case.id, "phone", "3")
    assert world.round(ann).clashes_settled == 1
    assert world.round(lee).clashes_settled == 1
    assert not ann.clashes
    assert not lee.clashes
    assert lee.get(Enterprise, case.id).phone == "3"


def test_a_quiet_round_is_one_request(world):
    ann = world.laptop("ann")
    world.settle_down()
    assert world.round(ann).requests == 1
