"""Real encrypted vaults against a real register: the same stories as with laptops in memory."""

from __future__ import annotations

import pytest

from forms.change import DELETED
from forms.facts.casework import Attachment, CoachingSession
from forms.facts.people import Enterprise
from forms.values import new_id
from storage import clashes
from tests.sync.laptop import Laptop
from tests.sync.vaults import VaultLaptop
from tests.sync.world import START, World, enterprise


def test_an_edit_travels_between_vaults(vaults):
    ann, lee = vaults.laptop("ann"), vaults.laptop("lee")
    case = ann.add(enterprise())
    vaults.settle_down()
    assert lee.get(Enterprise, case.id) == case
    assert ann.reader.unsent_count() == 0
    assert vaults.round(ann).requests == 1


def test_both_numbers_are_kept_until_a_person_settles(vaults):
    ann, lee = vaults.laptop("ann"), vaults.laptop("lee")
    case = ann.add(enterprise(phone="1"))
    vaults.settle_down()
    ann.set(case.id, phone="2")
    lee.set(case.id, phone="3")
    vaults.settle_down()
    for laptop in (ann, lee):
        assert sorted(h.value for h in laptop.clashes[case.id, "phone"]) == ["2", "3"]
        assert laptop.get(Enterprise, case.id).phone == "2"
    lee.settle(case.id, "phone", "3")
    vaults.settle_down()
    for laptop in (ann, lee):
        assert not laptop.clashes
        assert laptop.get(Enterprise, case.id).phone == "3"


def test_a_delete_beside_an_edit_is_a_thing_to_check(vaults):
    ann, lee = vaults.laptop("ann"), vaults.laptop("lee")
    case = ann.add(enterprise())
    vaults.settle_down()
    ann.set(case.id, place="Tenterden")
    lee.remove(case.id)
    vaults.round(ann)
    vaults.settle_down()
    for laptop in (ann, lee):
        assert (case.id, DELETED) in laptop.clashes
        assert laptop.get(Enterprise, case.id) is not None
    ann.settle(case.id, DELETED, value=False)
    vaults.settle_down()
    for laptop in (ann, lee):
        assert not laptop.clashes
        assert laptop.get(Enterprise, case.id).place == "Tenterden"


@pytest.mark.parametrize("laptop", [VaultLaptop, Laptop])
def test_a_third_who_was_shown_both_settles_it_by_removing(database, laptop):
    with World(database, laptop=laptop) as world:
        ann, lee, too = world.laptop("ann"), world.laptop("lee"), world.laptop("ann", "second")
        try:
            kept, case = ann.add(enterprise()), ann.add(enterprise())
            world.settle_down()
            for one in (kept, case):
                ann.set(one.id, place="Tenterden")
                lee.remove(one.id)
            world.round(ann)
            world.settle_down()
            lee.settle(kept.id, DELETED, value=False)
            world.settle_down()
            assert set(too.clashes) == {(case.id, DELETED)}
            too.remove(case.id)
            too.remove(kept.id)  # which somebody had said stays
            assert not too.clashes
            world.settle_down()
            assert not any(row.heads for row in world.rows(kept.id, case.id).values())
            for laptop_of in (ann, lee, too):
                assert not laptop_of.clashes
                assert laptop_of.get(Enterprise, case.id) is None
                assert laptop_of.get(Enterprise, kept.id) is None
        finally:
            for laptop_of in (ann, lee, too):
                getattr(laptop_of, "close", bool)()


def removed_again_beside_an_edit(world):
    """Removed by one, edited by another, then removed by who was shown both."""
    ann, lee = world.laptop("ann"), world.laptop("lee")
    try:
        case = ann.add(enterprise())
        world.settle_down()
        ann.set(case.id, place="Tenterden")
        lee.remove(case.id)
        world.round(ann)
        world.settle_down()
        assert all((case.id, DELETED) in one.clashes for one in (ann, lee))
        lee.remove(case.id)
        world.settle_down()
        assert not world.rows(case.id)[case.id].heads
        assert ann.get(Enterprise, case.id) is lee.get(Enterprise, case.id) is None
        return ann.clashes, lee.clashes
    finally:
        for one in (ann, lee):
            getattr(one, "close", bool)()


@pytest.mark.parametrize("laptop", [VaultLaptop, Laptop])
def test_whoever_removes_what_somebody_had_removed_has_settled_it(database, laptop):
    with World(database, laptop=laptop) as world:
        assert removed_again_beside_an_edit(world) == ({}, {})


def test_without_it_a_thing_to_check_stays_with_whoever_removed_the_record(database, monkeypatch):
    """The register does not tell a laptop again of a removal that it made itself."""
    monkeypatch.setattr(clashes, "_settled_by_removal", lambda *_: False)
    with World(database, laptop=VaultLaptop) as world:
        closed, still_open = removed_again_beside_an_edit(world)
        assert not closed
        assert still_open


def test_a_file_follows_its_record_and_can_be_fetched(vaults):
    from sync.client.files import fetch

    ann, lee = vaults.laptop("ann"), vaults.laptop("lee")
    case = ann.add(enterprise())
    text = b"A receipt for 89 pounds.\n" * 100_000
    stored = ann.files.store(text, name="receipt.txt")
    ann.add(
        Attachment(
            id=new_id(),
            enterprise_id=case.id,
            sha256=stored.sha256,
            size=stored.size,
            mime=stored.mime,
            name="receipt.txt",
        )
    )
    report = vaults.round(ann)
    assert report.files_sent == 1
    vaults.settle_down()
    assert fetch(lee, vaults.line, vaults.clock, stored.sha256) == text
    assert vaults.round(ann).requests == 1


def test_a_private_note_goes_back_to_its_coach_only(vaults):
    ann, lee = vaults.laptop("ann"), vaults.laptop("lee")
    case = ann.add(enterprise())
    note = ann.add(
        CoachingSession(
            id=new_id(),
            enterprise_id=case.id,
            on=START.date(),
            note="Went well.",
            private_note="Worried about money.",
        )
    )
    vaults.settle_down()
    second = vaults.laptop("ann", "ann's other laptop")
    vaults.settle_down()
    assert second.get(CoachingSession, note.id).private_note == "Worried about money."
    assert lee.get(CoachingSession, note.id).note == "Went well."
    assert lee.get(CoachingSession, note.id).private_note == ""


def test_what_was_sent_is_taken_back_by_a_new_change_that_travels(vaults):
    ann, lee = vaults.laptop("ann"), vaults.laptop("lee")
    case = ann.add(enterprise(phone="1"))
    note = CoachingSession(id=new_id(), enterprise_id=case.id, on=START.date(), note="Rang")

    def named(work):
        with ann.vault.change(by=ann._me(), at=ann.clock.now(), name="named") as unit:
            work(unit)

    def turn(how, find):
        with ann.change() as unit:
            how(unit, find().n)

    steps = ann.vault.steps
    named(lambda unit: unit.add(note))
    named(lambda unit: unit.set(Enterprise, case.id, phone="2"))
    vaults.settle_down()
    assert lee.get(Enterprise, case.id).phone == "2"
    for phone, there, how, find in (
        ("1", True, steps.take_back, steps.to_undo),
        ("1", False, steps.take_back, steps.to_undo),
        ("1", True, steps.do_again, steps.to_redo),
        ("2", True, steps.do_again, steps.to_redo),
    ):
        turn(how, find)
        vaults.settle_down()
        for laptop in (ann, lee):
            assert laptop.get(Enterprise, case.id).phone == phone
            assert (laptop.get(CoachingSession, note.id) is not None) == there
            assert not laptop.clashes
