"""No copy brings back whom the register has erased: not its own, not a laptop's."""

from __future__ import annotations

import pytest

from forms.facts.people import Enterprise
from forms.rules.decisions import decide
from sync.client.carry import read_back, write_out
from sync.client.transport import in_process
from sync.register import admin, copies, journal
from sync.register.app import create_app
from sync.register.carry import take_file
from sync.register.errors import JournalFault
from sync.register.service import Register
from sync.register.store import open_store
from sync.register.verify import verify
from sync.signing import public_of
from tests.sync.test_erasure import erase, said
from tests.sync.vaults import VaultLaptop
from tests.sync.world import enterprise, kent, leader


@pytest.fixture
def erased(quick, tmp_path):
    """A person is erased after a copy was made; her coach's and a lead's laptops are vaults."""
    quick.make = VaultLaptop
    ann, kay = quick.laptop("ann"), quick.laptop("kay")
    quick.case = ann.add(enterprise(name="Weald Companions"))
    ann.add(leader(quick.case))
    quick.settle_down(ann, kay)
    copies.make_copy(quick.store, tmp_path / "copy", quick.clock)
    yield quick
    for laptop in (ann, kay):
        laptop.close()


@pytest.fixture
def lines():
    """Lines to a register, each closed at the end."""
    made = []

    def to(app):
        made.append(in_process(app))
        return made[-1]

    yield to
    for line in made:
        line.close()


@pytest.fixture
def fresh(folder):
    store = open_store(f"sqlite:///{folder / 'fresh.db'}")
    yield store
    store.close()


def adds_up(store, clock):
    key = admin.register_key(store)
    report = store.read(lambda tx: verify(tx, key, []))
    assert report.ok, report.faults


class Elsewhere:
    """The register that a copy was put into."""

    def __init__(self, store):
        self.store = store


def test_a_copy_that_is_put_back_erases_again(erased, fresh, tmp_path):
    erase(erased, erased.case)
    journal.keep(erased.store, journal.beside_copy(tmp_path / "copy"))
    assert b"Weald" not in journal.beside_copy(tmp_path / "copy").read_bytes()
    done = copies.put_back(fresh, tmp_path / "copy", erased.clock)
    assert done.erased_again == [erased.case.id]
    assert said(Elsewhere(fresh), "Weald Companions") == 0
    adds_up(fresh, erased.clock)
    held = fresh.read(lambda tx: tx.records.load([erased.case.id]))[erased.case.id].fields
    first = erased.row(erased.case.id).fields
    assert held["anonymised_on"] == first["anonymised_on"], "the day it was done, not today"
    told = journal.read(journal.beside_copy(tmp_path / "copy"), admin.register_key(fresh))
    assert journal.again(fresh, told, erased.clock) == [], "once is enough"
    kept = [one.decision for one in fresh.read(journal.told_of)]
    assert kept == [one.decision for one in told], "it goes on into the next list"


def test_without_the_list_she_would_be_back(erased, fresh, tmp_path):
    erase(erased, erased.case)
    assert copies.put_back(fresh, tmp_path / "copy", erased.clock).erased_again == []
    assert said(Elsewhere(fresh), "Weald Companions")


def test_the_list_is_written_when_the_register_erases_and_with_each_daily_copy(
    erased, lines, tmp_path
):
    beside = tmp_path / "r.db.erased"
    usual = erased.line
    key = admin.signing_key(erased.store)
    erased.line = lines(
        create_app(erased.store, erased.clock, {"kent": kent()}, key, erased=beside)
    )
    erase(erased, erased.case)
    erased.line = usual
    (one,) = journal.read(beside, public_of(key))
    assert (one.subject, one.by) == (erased.case.id, "kay")
    assert erased.case.id in one.records
    copies.make_daily(erased.store, tmp_path / "copies", 2, erased.clock)
    assert journal.read(tmp_path / "copies" / journal.NAME, public_of(key)) == [one]


def test_a_list_that_was_changed_is_refused_before_anything_is_put_back(erased, fresh, tmp_path):
    erase(erased, erased.case)
    beside = journal.beside_copy(tmp_path / "copy")
    journal.keep(erased.store, beside)
    whole = beside.read_bytes()
    other = whole.replace(erased.case.id.encode(), b"0" * len(erased.case.id))
    for bad in (other, whole + whole, whole[:-9], b"{}\n", b"\xff\n" + whole):
        beside.write_bytes(bad)
        with pytest.raises(JournalFault, match="Nothing was changed"):
            copies.put_back(fresh, tmp_path / "copy", erased.clock)
        assert not admin.is_made(fresh)
    beside.write_bytes(whole)
    with pytest.raises(JournalFault):
        journal.read(beside, public_of(bytes(range(32))))


def back_without_a_list(erased, fresh, tmp_path):
    erase(erased, erased.case)
    ann, kay = erased.laptop("ann"), erased.laptop("kay")
    erased.settle_down(ann, kay)
    assert ann.get(Enterprise, erased.case.id).name == ""
    copies.put_back(fresh, tmp_path / "copy", erased.clock)
    return ann, kay, erased.new_app(fresh)


def test_two_laptops_that_have_seen_it_bring_it_about_again(erased, fresh, lines, tmp_path):
    ann, kay, app = back_without_a_list(erased, fresh, tmp_path)
    line = lines(app)
    erased.round(ann, line)
    row = fresh.read(lambda tx: tx.records.load([erased.case.id]))[erased.case.id]
    assert row.fields["erasure_asked_by_id"] == "ann", "one laptop alone erases nobody"
    assert row.fields["name"] == "Weald Companions"
    erased.round(kay, line)
    assert said(Elsewhere(fresh), "Weald Companions") == 0
    adds_up(fresh, erased.clock)
    for _ in range(2):
        for laptop in (ann, kay):
            erased.round(laptop, line)
    for laptop, asked in ((ann, 1), (kay, 2)):  # hers was the agreement, the first time
        assert laptop.get(Enterprise, erased.case.id).name == ""
        assert len(laptop.reader.decisions()) == asked, "it is asked once"
        assert laptop.exchange.came_back() == []


def test_the_same_by_stick(erased, fresh, lines, tmp_path):
    ann, kay, app = back_without_a_list(erased, fresh, tmp_path)
    line = lines(app)
    erased.round(kay, line)
    register = Register(fresh, erased.clock, {"kent": kent()}, admin.signing_key(fresh), decide)
    from sync import errors

    def there_and_back(laptop):
        write_out(laptop, tmp_path / "out", erased.clock)
        take_file(register, tmp_path / "out", tmp_path / "back", erased.clock)
        return read_back(laptop, tmp_path / "back", erased.clock)

    with pytest.raises(errors.CarriedAgain):
        there_and_back(ann)
    there_and_back(ann)
    assert [one.state for one in ann.reader.decisions()] == ["waiting"]
    assert there_and_back(ann).decisions_answered == 1
