"""No copy brings back whom the register has erased: not its own, not a laptop's."""

from __future__ import annotations

import sqlite3
from copy import deepcopy
from functools import partial

import pytest
from sqlalchemy.exc import OperationalError

from desktop.command_line import main
from forms.change import DELETED
from forms.facts.decisions import DecisionRequest
from forms.facts.people import Enquiry, Enterprise
from forms.rules.decisions import decide
from forms.values import new_id
from sync.client.carry import read_back, write_out
from sync.client.transport import in_process
from sync.register import admin, copies, journal, serve
from sync.register.app import create_app
from sync.register.carry import take_file
from sync.register.errors import JournalFault
from sync.register.service import Register
from sync.register.store import open_store
from sync.register.verify import verify
from sync.signing import public_of
from tests.sync.test_before_its_case import of_another
from tests.sync.test_erasure import erase, overtaken, said
from tests.sync.vaults import VaultLaptop
from tests.sync.world import START, enterprise, kent, leader


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
    assert (done.erased_again, done.listed) == ([erased.case.id], True)
    assert said(Elsewhere(fresh), "Weald Companions") == 0
    adds_up(fresh, erased.clock)
    held = fresh.read(lambda tx: tx.records.load([erased.case.id]))[erased.case.id].fields
    first = erased.row(erased.case.id).fields
    assert held["anonymised_on"] == first["anonymised_on"], "the day it was done, not today"
    told = journal.read(journal.beside_copy(tmp_path / "copy"), admin.register_key(fresh))
    now = erased.clock.now()
    assert fresh.decide(lambda tx: journal.again(tx, told, now)) == [], "once is enough"
    kept = [one.decision for one in fresh.read(journal.told_of)]
    assert kept == [one.decision for one in told], "it goes on into the next list"


def test_without_the_list_she_would_be_back(erased, fresh, tmp_path):
    erase(erased, erased.case)
    done = copies.put_back(fresh, tmp_path / "copy", erased.clock)
    assert (done.erased_again, done.listed) == ([], False), "and it says that no list was there"
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
        with pytest.raises(JournalFault, match="nothing was put back"):
            copies.put_back(fresh, tmp_path / "copy", erased.clock)
        assert not admin.is_made(fresh)
    beside.write_bytes(whole)
    with pytest.raises(JournalFault):
        journal.read(beside, public_of(bytes(range(32))))


def test_a_list_that_was_named_and_is_not_there_is_not_an_empty_one(erased, fresh, tmp_path):
    """A name typed wrong, or a disk that is not in: nobody is brought back by it."""
    erase(erased, erased.case)
    for absent in (tmp_path / "not-in" / journal.NAME, tmp_path):
        with pytest.raises(
            copies.CopyFault, match=r"no list of erasures at .* Nothing was changed"
        ):
            copies.put_back(fresh, tmp_path / "copy", erased.clock, [absent])
        assert not admin.is_made(fresh)
    journal.keep(erased.store, tmp_path / "its-list")
    done = copies.put_back(fresh, tmp_path / "copy", erased.clock, [tmp_path / "its-list"])
    assert (done.erased_again, done.listed) == ([erased.case.id], True)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def either(request, fresh):
    """An empty register on each of the databases."""
    if request.param == "sqlite":
        yield fresh
        return
    store = open_store(request.getfixturevalue("postgres_url"))
    yield store
    store.close()


@pytest.mark.parametrize("where", ["_once_more", "_of_what_stands"])
def test_stopped_in_between_nothing_is_put_back_and_it_can_be_said_again(
    erased, either, tmp_path, monkeypatch, where
):
    erase(erased, erased.case)
    journal.keep(erased.store, journal.beside_copy(tmp_path / "copy"))

    def stop(*_, **__):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(journal, where, stop)
        with pytest.raises(KeyboardInterrupt):
            copies.put_back(either, tmp_path / "copy", erased.clock)
    assert not admin.is_made(either)
    assert said(Elsewhere(either), "Weald Companions") == 0
    done = copies.put_back(either, tmp_path / "copy", erased.clock)
    assert done.erased_again == [erased.case.id]
    assert said(Elsewhere(either), "Weald Companions") == 0
    adds_up(either, erased.clock)


def test_a_decision_that_was_made_is_answered_though_its_list_cannot_be_written(
    erased, lines, tmp_path, monkeypatch, caplog
):
    """The database was too slow, the disk full, the list another's: the next start lists it."""
    beside = tmp_path / "r.db.erased"
    key, usual = admin.signing_key(erased.store), erased.line
    erased.line = lines(
        create_app(erased.store, erased.clock, {"kent": kent()}, key, erased=beside)
    )
    cause = sqlite3.OperationalError("interrupted")
    with monkeypatch.context() as patch:
        patch.setattr(journal, "told_of", partial(fail, OperationalError("SELECT", {}, cause)))
        erase(erased, erased.case)
    erased.line = usual
    assert "erasure not listed" in caplog.messages
    assert not beside.exists()
    journal.keep_or_log(erased.store, beside)
    assert [one.subject for one in journal.read(beside, public_of(key))] == [erased.case.id]
    beside.write_bytes(b"{}")
    caplog.clear()
    journal.keep_or_log(erased.store, beside)
    assert caplog.messages == ["erasure not listed"]


def test_a_start_lists_what_an_end_in_between_left_out(erased, tmp_path, monkeypatch):
    """Killed after the decision and before its line: nothing else may be erased for months."""
    erase(erased, erased.case)
    for name in ("steady_memory", "_end_by_signal"):
        monkeypatch.setattr(serve, name, lambda: None)
    monkeypatch.setattr(serve.log, "begin", lambda: None)
    monkeypatch.setattr(serve.uvicorn.Server, "run", lambda _: None)
    beside = tmp_path / "its-list"
    serve.serve(erased.url, packs={"kent": kent()}, erased=str(beside))
    told = journal.read(beside, admin.register_key(erased.store))
    assert [one.subject for one in told] == [erased.case.id]
    beside.write_bytes(b"{}")
    serve.serve(erased.url, packs={"kent": kent()}, erased=str(beside))
    assert beside.read_bytes() == b"{}", "it is served all the same, and the log says so"


@pytest.mark.parametrize("named", [True, False])
def test_an_agreement_that_comes_by_stick_is_listed_where_the_register_keeps_its_list(
    erased, tmp_path, named
):
    kay = erased.laptop("kay")
    erased.ask(erased.laptop("lee"), "person.erase", erased.case.id)
    erased.round(kay)
    ask = DecisionRequest(
        id=new_id(),
        name="person.erase",
        subject_id=erased.case.id,
        asked_by_id="kay",
        asked_at=erased.clock.now(),
    )
    kay.ask(ask)
    write_out(kay, tmp_path / "out", erased.clock)
    beside = tmp_path / "another-disk" if named else journal.beside_database(erased.url)
    beside.unlink(missing_ok=True)
    words = ["register", "take", str(tmp_path / "out"), str(tmp_path / "back")]
    words += ["--database", erased.url, *(["--erased", str(beside)] if named else [])]
    assert main(words) == 0
    told = journal.read(beside, admin.register_key(erased.store))
    assert [(one.subject, one.by) for one in told] == [(erased.case.id, "kay")]


def test_restore_says_when_there_was_no_list_to_go_by(erased, tmp_path, capsys):
    erase(erased, erased.case)
    restore = ["register", "backups", "restore", str(tmp_path / "copy"), "--database"]
    new = f"sqlite:///{tmp_path / 'new.db'}"
    assert main([*restore, new, "--erased", str(tmp_path / "not-in")]) == 1
    assert "There is no list of erasures at" in capsys.readouterr().err
    assert main([*restore, new]) == 0
    assert "do not serve this database" in capsys.readouterr().out
    journal.keep(erased.store, tmp_path / "its-list")
    newer = f"sqlite:///{tmp_path / 'newer.db'}"
    assert main([*restore, newer, "--erased", str(tmp_path / "its-list")]) == 0
    said_now = capsys.readouterr().out
    assert (erased.case.id in said_now, "do not serve" in said_now) == (True, False)


def fail(error, *_):
    raise error


def test_a_list_that_does_not_fit_stops_no_pruning(erased, tmp_path):
    erase(erased, erased.case)
    folder = tmp_path / "copies"
    folder.mkdir()
    (folder / journal.NAME).write_bytes(b"{}")
    for _ in range(3):
        done = copies.make_daily(erased.store, folder, 2, erased.clock)
        assert done.report.ok
        assert "left as it is" in done.unlisted
        erased.later(days=1)
    assert len(list(folder.glob(f"*{copies.SUFFIX}"))) == 2
    assert (folder / journal.NAME).read_bytes() == b"{}"


def test_the_days_copy_is_told_as_good_where_the_list_does_not_fit(erased, tmp_path, capsys):
    erase(erased, erased.case)
    folder = tmp_path / "copies"
    folder.mkdir()
    (folder / journal.NAME).write_bytes(b"{}")
    daily = ["register", "backups", "daily", str(folder), "--database", erased.url]
    assert main(daily) == 1, "somebody has to look"
    told = capsys.readouterr().out
    assert "rows in register-" in told
    assert "The copy is good; the list of erasures beside it is not." in told


def test_whom_an_erasure_only_might_have_meant_is_not_erased_by_a_later_copy(
    quick, fresh, tmp_path
):
    ann, second = quick.laptop("ann"), quick.laptop("ann", "ann's other")
    case = ann.add(enterprise(name="Weald Companions"))
    quick.settle_down()
    other = ann.add(enterprise(name="Another"))  # not sent yet
    second.records[other.id] = deepcopy(ann.records[other.id])
    second.set(other.id, phone="1")
    quick.round(second)  # it waits for its record
    erase(quick, case)  # which lets it go, by name
    quick.settle_down(ann)  # the record comes, and stands
    copies.make_copy(quick.store, tmp_path / "copy", quick.clock)
    journal.keep(quick.store, journal.beside_copy(tmp_path / "copy"))
    assert copies.put_back(fresh, tmp_path / "copy", quick.clock).erased_again == []
    assert said(Elsewhere(fresh), "Another")


def test_an_edit_that_waited_in_the_copy_and_was_of_another_case_stays(quick, fresh, tmp_path):
    ann = quick.laptop("ann")
    case, other = ann.add(enterprise()), ann.add(enterprise(name="Another"))
    quick.settle_down()
    overtaken(quick, "lee", other, "Of another case.")
    copies.make_copy(quick.store, tmp_path / "copy", quick.clock)
    quick.round(quick.laptop("lee"))  # its record comes
    erase(quick, case)
    journal.keep(quick.store, journal.beside_copy(tmp_path / "copy"))
    assert copies.put_back(fresh, tmp_path / "copy", quick.clock).erased_again == [case.id]
    assert said(Elsewhere(fresh), "Of another case.")


def put_back_and_gone(world, fresh, path, subject, *words):
    """The copy is put back by its list; nothing of it is said, and the log still adds up."""
    journal.keep(world.store, journal.beside_copy(path))
    assert copies.put_back(fresh, path, world.clock).erased_again == [subject]
    for one in words:
        assert said(Elsewhere(fresh), one) == 0, one
    adds_up(fresh, world.clock)
    (told,) = fresh.read(journal.told_of)
    again = fresh.decide(lambda tx: journal.again(tx, [told], world.clock.now()))
    assert (told.subject, again) == (subject, [])


def test_a_case_that_stood_removed_in_the_copy_is_erased_again(quick, fresh, lines, tmp_path):
    """It was put back in use after the copy, and then erased."""
    ann = quick.laptop("ann")
    case = ann.add(enterprise(name="Weald Companions"))
    first = ann.add(leader(case, name="Rosa Hill"))
    for one in (first, case):
        ann.remove(one.id)
    quick.settle_down(ann)
    copies.make_copy(quick.store, tmp_path / "copy", quick.clock)
    ann.settle(case.id, DELETED, value=False)
    quick.settle_down(ann)
    erase(quick, case)
    put_back_and_gone(quick, fresh, tmp_path / "copy", case.id, "Weald Companions", "Rosa Hill")
    ben = quick.laptop("ann")
    line = lines(quick.new_app(fresh))
    quick.round(ben, line)
    assert quick.round(ben, line).refused == []


def test_an_enquiry_of_before_it_became_the_case_is_erased_again(quick, fresh, tmp_path):
    ann = quick.laptop("ann")
    asked = ann.add(Enquiry(id=new_id(), name="Rosa Hill", created_on=START.date(), coach_id="ann"))
    quick.settle_down(ann)
    copies.make_copy(quick.store, tmp_path / "copy", quick.clock)
    case = ann.add(enterprise(name="Weald Companions", enquiry_id=asked.id))
    ann.set(asked.id, enterprise_id=case.id)
    quick.settle_down(ann)
    erase(quick, case)
    put_back_and_gone(quick, fresh, tmp_path / "copy", case.id, "Rosa Hill")


def test_words_that_waited_for_a_case_which_that_copy_has_not_go_again(quick, fresh, tmp_path):
    ann = quick.laptop("ann")
    case = ann.add(enterprise(name="Weald Companions"))
    of_another(quick, case, leader(case, name="Rosa Hill"))
    copies.make_copy(quick.store, tmp_path / "copy", quick.clock)
    quick.settle_down(ann)
    erase(quick, case)
    put_back_and_gone(quick, fresh, tmp_path / "copy", case.id, "Weald Companions", "Rosa Hill")


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
