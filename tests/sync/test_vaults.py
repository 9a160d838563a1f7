"""Real encrypted vaults against a real register: the same stories as with laptops in memory."""

from __future__ import annotations

from forms.change import DELETED
from forms.facts.casework import Attachment, CoachingSession
from forms.facts.people import Enterprise
from forms.values import new_id
from tests.sync.world import START, enterprise


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
