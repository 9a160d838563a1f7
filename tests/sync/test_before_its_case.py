"""A record that came before its case counts from the moment that the case comes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy

import pytest

from forms.facts.casework import Action, ChecklistItem, CoachingSession
from forms.facts.people import Enterprise, Leader
from forms.values import new_id
from sync import errors
from sync.client.transport import in_process
from sync.register import admin
from sync.register.batch import Batch
from tests.sync.world import START, World, enterprise, leader, take_in


def session(case, **fields):
    return CoachingSession(id=new_id(), enterprise_id=case.id, on=START.date(), **fields)


def of_another(world, case, *records):
    """The records of a case on a second laptop of Ann's, which sends them before the case came."""
    other = world.laptop("ann", "ann's other")
    for one in records:
        other.add(one)
    world.round(other)
    return other


def results(laptop):
    return [
        row[0] for row in laptop.vault._db.rows("SELECT result FROM outbox ORDER BY hlc, inc, seq")
    ]


def assert_level(world, *laptops):
    """The daily comparison finds nothing to put right."""
    world.later(days=2)
    for one in laptops:
        report = world.round(one)
        assert (report.mended, report.uneven) == (0, "")
        world.later(days=2)
        before = world.round(one)
        assert (before.mended, before.uneven) == (0, "")


def test_the_case_comes_from_another_laptop_and_what_waited_is_told_to_everybody(vaults):
    ann, lee = vaults.laptop("ann"), vaults.laptop("lee")
    case = ann.add(enterprise())
    note, person = session(case, note="Rang her."), leader(case)
    other = of_another(vaults, case, note, person)
    other.set(note.id, note="Rang her twice.")
    vaults.round(other)
    vaults.round(lee)
    assert results(other) == ["held:unknown_record"] * 3
    assert vaults.row(note.id) is None
    vaults.round(ann)
    row = vaults.row(note.id)
    assert (row.fields["note"], row.owner_id, row.heads) == ("Rang her twice.", "ann", {})
    vaults.settle_down()
    for laptop in (ann, lee):
        assert laptop.get(CoachingSession, note.id).note == "Rang her twice."
        assert laptop.get(Leader, person.id).name == "Mary Fenn"
    assert results(other) == ["ok"] * 3
    assert other.vault.ledger("refused").counts.refused == 0
    assert_level(vaults, ann, lee, other)


def test_without_the_release_it_would_be_held_for_ever(vaults, monkeypatch):
    monkeypatch.setattr(Batch, "_release_case", lambda *_: None)
    ann = vaults.laptop("ann")
    case = ann.add(enterprise())
    note = session(case)
    other = of_another(vaults, case, note)
    vaults.round(ann)
    vaults.settle_down()
    assert vaults.row(note.id) is None
    assert results(other)[0] == "held:unknown_record"


def test_an_edit_after_the_release_and_before_its_news_opens_nothing_to_check(vaults):
    ann = vaults.laptop("ann")
    case = ann.add(enterprise())
    note = session(case, note="First.")
    other = of_another(vaults, case, note)
    vaults.round(ann)
    other.set(note.id, note="Second.")  # it has not heard that the note was let in
    vaults.settle_down()
    assert vaults.row(note.id).fields["note"] == "Second."
    assert not other.clashes
    assert ann.get(CoachingSession, note.id).note == "Second."


def test_a_lead_who_takes_in_the_case_of_a_closed_laptop_lets_in_what_waited(vaults):
    ann = vaults.laptop("ann")
    vaults.round(ann)
    case = ann.add(enterprise())
    note = session(case, note="Rang her.")
    other = of_another(vaults, case, note)
    (device,) = [d for d in admin.devices(vaults.store, "ann") if d.label == "ann"]
    admin.revoke(vaults.store, device.id, vaults.clock, retired=True)
    with pytest.raises(errors.DeviceRevoked):
        vaults.round(ann)
    assert list(take_in(vaults).values()) == ["ok"]
    assert vaults.row(note.id).fields["note"] == "Rang her."
    vaults.settle_down(other)
    assert other.get(Enterprise, case.id).name == case.name
    assert results(other) == ["ok"]
    assert_level(vaults, other)


def test_what_waited_is_judged_as_its_writers(vaults):
    """A coach's record for a case that turns out to be another coach's does not count."""
    ann, ben = vaults.laptop("ann"), vaults.laptop("ben")
    case = ann.add(enterprise())
    foreign = session(case, note="Not his.")
    ben.add(foreign)
    vaults.round(ben)
    vaults.round(ann)
    assert vaults.row(foreign.id) is None
    vaults.settle_down()
    assert results(ben) == ["held:unknown_record"], "it stays with its author"
    assert ben.get(CoachingSession, foreign.id).note == "Not his."
    assert_level(vaults, ann, ben)


def test_later_ops_of_the_same_batch_find_what_was_let_in(quick):
    ann = quick.laptop("ann")
    case = ann.add(enterprise())
    action = Action(id=new_id(), enterprise_id=case.id, text="Ring the insurer")
    other = quick.laptop("ann", "second")
    other.add(action)
    ann.records[action.id] = other.records[action.id]
    quick.round(other)
    ann.set(action.id, text="Ring them by Friday")
    quick.round(ann)
    assert quick.row(action.id).fields["text"] == "Ring them by Friday"


def test_many_cases_in_one_batch_ask_once_what_waits(quick, monkeypatch):
    from sync.register.sql_log import LogTable

    asked, real = [], LogTable.held_births
    monkeypatch.setattr(LogTable, "held_births", lambda self: (asked.append(1), real(self))[1])
    ann = quick.laptop("ann")
    for _ in range(20):
        ann.add(enterprise())
    quick.round(ann)
    assert asked == [1]


def test_edits_that_waited_go_together_as_any_two_do(world):
    """Each under its author's name, though both are let in by somebody else's push."""
    ann, lee = world.laptop("ann"), world.laptop("lee")
    other = world.laptop("ann", "second")
    case = ann.add(enterprise())
    world.settle_down()
    item = ChecklistItem(id=new_id(), enterprise_id=case.id, code="C01")
    ann.add(item)
    for laptop, file in ((other, "a"), (lee, "b")):
        laptop.records[item.id] = deepcopy(ann.records[item.id])
        laptop.set(item.id, files=(file,))
        world.round(laptop)
    assert world.row(item.id) is None
    world.round(ann)
    row = world.row(item.id)
    assert (row.heads, row.fields["files"]) == ({}, ["a", "b"])
    (dot,) = row.versions["files"]
    who, _ = world.store.read(lambda tx: tx.log.authors([dot]))[dot]
    assert who == "lee"
    world.settle_down()
    assert ann.get(ChecklistItem, item.id).files == ("a", "b")


def at_once(world, monkeypatch, first, second):
    """Two laptops send at the same moment: neither transaction sees what the other does."""
    real, nested = Batch.let_in_what_missed, []

    def meanwhile(self):
        if not nested:
            nested.append(1)
            line = in_process(world.app)
            with ThreadPoolExecutor(1) as beside:
                beside.submit(world.round, second, line).result(60)
            line.close()
        real(self)

    monkeypatch.setattr(Batch, "let_in_what_missed", meanwhile)
    world.round(first)
    assert nested


def missed(world, monkeypatch, *, edit):
    """A record that came at the same moment as its case, or an edit at that of its record."""
    ann, other = world.laptop("ann"), world.laptop("ann", "second")
    case = enterprise()
    note = session(case, note="First.")
    ann.add(case)
    if edit:
        world.settle_down()
        ann.add(note)
        other.records[note.id] = deepcopy(ann.records[note.id])
        other.set(note.id, note="Second.")
    else:
        other.add(note)
    at_once(world, monkeypatch, other, ann)
    return note


@pytest.mark.postgres
@pytest.mark.parametrize(("edit", "words"), [(False, "First."), (True, "Second.")])
def test_two_that_come_at_the_same_moment_find_each_other(postgres_url, monkeypatch, edit, words):
    with World(postgres_url) as world:
        lee = world.laptop("lee")
        note = missed(world, monkeypatch, edit=edit)
        assert lost(world, note, words)
        world.round(lee)
        lee.add(enterprise())
        world.round(lee)
        assert not lost(world, note, words)
        world.settle_down()
        for laptop in world.laptops.values():
            assert laptop.get(CoachingSession, note.id).note == words


@pytest.mark.postgres
@pytest.mark.parametrize(("edit", "words"), [(False, "First."), (True, "Second.")])
def test_without_a_second_look_they_never_would(postgres_url, monkeypatch, edit, words):
    with World(postgres_url) as world:
        note = missed(world, monkeypatch, edit=edit)
        monkeypatch.setattr(Batch, "let_in_what_missed", lambda _: None)
        world.laptop("lee").add(enterprise())
        world.settle_down()
        assert lost(world, note, words)


def lost(world, note, words):
    row = world.row(note.id)
    return row is None or row.fields["note"] != words
