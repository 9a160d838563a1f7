"""A damaged vault comes back from its last good copy, with what was typed since."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from forms.facts.casework import Attachment
from forms.facts.kinds import KINDS
from forms.facts.people import Enterprise
from forms.values import new_id
from storage import outbox
from storage.errors import VaultDamaged, VaultInUse, VaultMissing, WrongPassphrase
from storage.restore import PutBack
from storage.vault import Vault
from tests.faults import disk
from tests.faults.dark import Platter
from tests.faults.disk import Event
from tests.storage.register_pages import IDENTITY, LATER
from tests.storage.samples import COACH, NOON, PASSPHRASE, TINY, full_record, new_vault, reopen
from tests.support.goals import Tell

PAGE = 4096


def lived_in(folder: Path) -> tuple[Enterprise, Enterprise]:
    """A vault with one record in its copy and one typed later; both were then changed."""
    early = Enterprise(id=new_id(), name="Early")
    late = Enterprise(id=new_id(), name="Late")
    with new_vault(folder) as vault:
        with vault.change(by=COACH, at=NOON) as unit:
            unit.add(early)
        vault.back_up()
        with vault.change(by=COACH, at=NOON) as unit:
            unit.add(late)
            unit.set(Enterprise, early.id, phone="01")
    return early, late


def damage_drafts(folder: Path) -> None:
    """Break a page that is not the journal's: where half-typed text would lie."""
    damage_table(folder, "draft")


def damage_table(folder: Path, name: str) -> None:
    """Break the first page of a table."""
    with reopen(folder) as vault:
        (number,) = vault._db.row("SELECT rootpage FROM sqlite_master WHERE name = ?", (name,))
    damage_page(folder, number)
    with reopen(folder) as vault:
        assert not vault.check().ok


def damage_page(folder: Path, number: int) -> None:
    """Flip one bit of a page; again, and it is well."""
    records = folder / "records.db"
    data = bytearray(records.read_bytes())
    data[(number - 1) * PAGE + 100] ^= 1
    records.write_bytes(data)


def break_the_journal(folder: Path) -> None:
    """Break a late page of the journal: one after which the first ops can still be read."""
    for number in range((folder / "records.db").stat().st_size // PAGE, 1, -1):
        damage_page(folder, number)
        with reopen(folder, passphrase=PASSPHRASE, read_only=True) as vault:
            if 20 < len(outbox.as_far_as_it_goes(vault._db)) < 60:
                return
        damage_page(folder, number)
    raise AssertionError("no page of the journal was found")


def test_what_was_typed_since_the_copy_comes_back_too(tmp_path: Path) -> None:
    early, late = lived_in(tmp_path / "v")
    damage_drafts(tmp_path / "v")
    done = Vault.put_back(tmp_path / "v", passphrase=PASSPHRASE)
    assert (done.taken_at, done.later_changes) == (NOON, 2)
    assert done.aside is not None
    assert done.aside.exists()
    with reopen(tmp_path / "v") as vault:
        assert vault.check().ok
        now = vault.reader.get(Enterprise, early.id)
        assert now is not None
        assert (now.name, now.phone) == ("Early", "01")
        assert vault.reader.get(Enterprise, late.id) == late
        assert [op.dot for op in vault.exchange.unsent()] == ["0.1", "0.2", "0.3"]
        with vault.change(by=COACH, at=NOON) as unit:
            unit.set(Enterprise, late.id, phone="02")
        assert vault.exchange.unsent()[-1].dot == "0.4"
        assert vault.reader.caseload("late").ids == (late.id,)


def test_a_file_that_tells_nothing_gives_way_to_the_copy(tmp_path: Path) -> None:
    early, _ = lived_in(tmp_path / "v")
    records = tmp_path / "v" / "records.db"
    records.write_bytes(bytes(len(records.read_bytes())))
    with pytest.raises(VaultDamaged):
        reopen(tmp_path / "v")
    done = Vault.put_back(tmp_path / "v", passphrase=PASSPHRASE)
    assert done.later_changes == 0
    with reopen(tmp_path / "v") as vault:
        assert vault.reader.all(Enterprise) == [early]


def test_a_missing_file_gives_way_to_the_copy(tmp_path: Path) -> None:
    early, _ = lived_in(tmp_path / "v")
    (tmp_path / "v" / "records.db").unlink()
    with pytest.raises(VaultMissing):
        reopen(tmp_path / "v")
    Vault.put_back(tmp_path / "v", passphrase=PASSPHRASE)
    with reopen(tmp_path / "v") as vault:
        assert vault.reader.all(Enterprise) == [early]


def test_nothing_is_put_back_without_a_good_copy_or_the_key(tmp_path: Path) -> None:
    lived_in(tmp_path / "v")
    before = (tmp_path / "v" / "records.db").read_bytes()
    with pytest.raises(WrongPassphrase):
        Vault.put_back(tmp_path / "v", passphrase="no")  # noqa: S106
    (copy,) = (tmp_path / "v" / "copies").iterdir()
    bad = bytearray((copy / "records.db").read_bytes())
    bad[3 * PAGE] ^= 1
    (copy / "records.db").write_bytes(bad)
    with pytest.raises(VaultMissing, match="no good copy"):
        Vault.put_back(tmp_path / "v", passphrase=PASSPHRASE)
    assert (tmp_path / "v" / "records.db").read_bytes() == before
    with reopen(tmp_path / "v"), pytest.raises(VaultInUse):
        Vault.put_back(tmp_path / "v", passphrase=PASSPHRASE)


def test_what_only_this_laptop_knows_comes_back_too(tmp_path: Path) -> None:
    early, _ = lived_in(tmp_path / "v")
    request = full_record(KINDS["decision_request"])
    with reopen(tmp_path / "v") as vault:
        vault.drafts.keep("note", "half typed, not saved yet")
        with vault._db.transaction():  # a form that somebody is filling in
            vault._db.do(
                "INSERT INTO form_sheet(response_id, enterprise_id, instance_xml, saved_at, by_id) "
                "VALUES ('r-1', ?, '<data>half filled</data>', '2026', 'coach-1')",
                (early.id,),
            )
        stored = vault.files.store(b"%PDF-1.7 photographed yesterday", name="a.pdf")
        with vault.change(by=COACH, at=NOON) as unit:
            unit.ask(request)  # type: ignore[arg-type]
            unit.add(
                Attachment(
                    id=new_id(),
                    enterprise_id=early.id,
                    sha256=stored.sha256,
                    size=stored.size,
                    mime=stored.mime,
                )
            )
    damage_table(tmp_path / "v", "caseload")
    Vault.put_back(tmp_path / "v", passphrase=PASSPHRASE)
    with reopen(tmp_path / "v") as vault:
        assert vault.check().ok
        assert vault.drafts.read("note") == "half typed, not saved yet"
        sheets = vault._db.rows("SELECT response_id, instance_xml FROM form_sheet")
        assert sheets == [("r-1", "<data>half filled</data>")]
        assert vault.files.read(stored.sha256) == b"%PDF-1.7 photographed yesterday"
        assert [one.sha256 for one in vault.files.unsent()] == [stored.sha256]
        assert vault.exchange.waiting_decisions() == [request]


def test_of_a_broken_journal_what_is_before_the_break_comes_back(tmp_path: Path) -> None:
    with new_vault(tmp_path / "v") as vault:
        vault.back_up()
        for number in range(60):
            with vault.change(by=COACH, at=NOON) as unit:
                unit.add(Enterprise(id=f"e{number:03d}", name="n" * 900))
    break_the_journal(tmp_path / "v")
    done = Vault.put_back(tmp_path / "v", passphrase=PASSPHRASE)
    with reopen(tmp_path / "v") as vault:
        assert vault.check().ok
        back = [one.id for one in vault.reader.all(Enterprise)]
    assert back == [f"e{number:03d}" for number in range(done.later_changes)]
    assert 20 < done.later_changes < 60


@pytest.mark.parametrize("harm", ["gone", "damaged"])
def test_a_lost_header_is_found_again_in_a_copy_and_nothing_else_is_touched(
    tmp_path: Path, harm: str
) -> None:
    folder = tmp_path / "v"
    early, late = lived_in(folder)
    header = folder / "vault.json"
    if harm == "gone":
        header.unlink()
    else:
        header.write_bytes(header.read_bytes().replace(b"wrapped", b"wropped"))
    with pytest.raises((VaultMissing, VaultDamaged)):
        reopen(folder)
    with pytest.raises(WrongPassphrase):
        Vault.put_back(folder, passphrase="no")  # noqa: S106
    seen = Vault.what_can_be_put_back(folder, passphrase=PASSPHRASE)
    assert seen == PutBack(None, 0, 0, None)  # of the records nothing comes out of a copy
    assert header.exists() == (harm == "damaged")  # only looked at
    assert Vault.put_back(folder, passphrase=PASSPHRASE) == seen
    with reopen(folder) as vault:
        assert vault.check().ok
        assert {one.id for one in vault.reader.all(Enterprise)} == {early.id, late.id}
    assert len(list(folder.glob("damaged-*-vault.json"))) == (harm == "damaged")


def test_a_lost_header_and_damaged_records_come_back_together(tmp_path: Path) -> None:
    early, late = lived_in(tmp_path / "v")
    damage_drafts(tmp_path / "v")
    (tmp_path / "v" / "vault.json").unlink()
    seen = Vault.what_can_be_put_back(tmp_path / "v", passphrase=PASSPHRASE)
    assert (seen.taken_at, seen.later_changes) == (NOON, 2)
    assert Vault.put_back(tmp_path / "v", passphrase=PASSPHRASE).later_changes == 2
    with reopen(tmp_path / "v") as vault:
        assert vault.check().ok
        assert {one.id for one in vault.reader.all(Enterprise)} == {early.id, late.id}


def test_without_the_copies_a_lost_header_is_said_and_none_is_made(tmp_path: Path) -> None:
    new_vault(tmp_path / "v").close()
    (tmp_path / "v" / "vault.json").unlink()
    with pytest.raises(VaultMissing, match="Nothing was made in their place"):
        Vault.put_back(tmp_path / "v", passphrase=PASSPHRASE)
    assert not (tmp_path / "v" / "vault.json").exists()


def after_the_lights(folder: Path) -> set[str]:
    """Who is there when the program is started again, and a copy put back where it is offered."""
    try:
        with reopen(folder) as vault:
            whole = vault.check().ok
    except (VaultDamaged, VaultMissing):
        whole = False
    if not whole:
        Vault.put_back(folder, passphrase=PASSPHRASE)
    with reopen(folder) as vault:
        assert vault.check().ok
        return {one.id for one in vault.reader.all(Enterprise)}


@pytest.mark.skipif(bool(disk.why_not()), reason=disk.why_not())
@pytest.mark.parametrize("every", [7, pytest.param(1, marks=pytest.mark.long)])
def test_the_lights_may_go_out_while_a_copy_is_put_back(
    tmp_path: Path, every: int, goal: Tell
) -> None:
    home = tmp_path / "day"
    home.mkdir()
    with disk.laid(home) as under:
        under.recording = True
        early, late = lived_in(home / "v")
        damage_drafts(home / "v")
        records = home / "v" / "records.db"
        under.tell(Event("whole", str(records), data=records.read_bytes()))
        under.tell(Event("sync", str(records)))
        begun = len(under.events)
        Vault.put_back(home / "v", passphrase=PASSPHRASE)
    platter, done, bad, runs = Platter(home), 0, 0, 0
    for moment in range(begun, len(under.events) + 1, every):
        for event in under.events[done:moment]:
            platter.happen(event)
        done = moment
        left = tmp_path / f"left{moment}"
        platter.left(left, random.Random(moment))  # noqa: S311 - a seed, not a secret
        runs += 1
        bad += after_the_lights(left / "v") != {early.id, late.id}
    goal(2, "power loss while a copy is put back", runs=runs, failures=bad, seed="moment")
    assert runs > 10
    assert bad == 0


def joined_since(folder: Path) -> Enterprise:
    """A vault that joined its register after its only copy, with work from before and after."""
    with new_vault(folder) as vault:
        early = Enterprise(id=new_id(), name="Before it joined")
        with vault.change(by=COACH, at=NOON) as unit:
            unit.add(early)
        vault.back_up()
        vault.exchange.adopt(IDENTITY)
        with vault.change(by=COACH, at=LATER) as unit:
            unit.set(Enterprise, early.id, phone="02")
    return early


@pytest.mark.parametrize("harm", ["a page", "all of it", "the file is gone"])
def test_a_laptop_that_joined_after_its_copy_is_still_itself(tmp_path: Path, harm: str) -> None:
    folder = tmp_path / "v"
    early = joined_since(folder)
    records = folder / "records.db"
    if harm == "a page":
        damage_drafts(folder)
    elif harm == "all of it":
        records.write_bytes(bytes(records.stat().st_size))
    else:
        records.unlink()
    shown = Vault.what_can_be_put_back(folder, passphrase=PASSPHRASE)
    done = Vault.put_back(folder, passphrase=PASSPHRASE)
    # The op that the copy has under its old dot is no later change.
    assert shown.later_changes == done.later_changes == (1 if harm == "a page" else 0)
    with reopen(folder) as vault:
        assert vault.exchange.identity() == IDENTITY
        now = vault.reader.get(Enterprise, early.id)
        assert now is not None
        assert now.phone == ("02" if harm == "a page" else "")
        inc = IDENTITY.incarnation
        told = [op.dot for op in vault.exchange.unsent()]
        # What was renumbered when it joined is one op, not two: the copy has it under its old dot.
        assert told == ([f"{inc}.1", f"{inc}.2"] if harm == "a page" else [f"{inc}.1"])
        with vault.change(by=COACH, at=LATER) as unit:
            unit.set(Enterprise, early.id, place="Deal")
        assert vault.exchange.unsent()[-1].inc == inc
        assert vault.check().ok


def test_without_the_sealed_file_a_lost_file_takes_the_joining_with_it(tmp_path: Path) -> None:
    folder = tmp_path / "v"
    joined_since(folder)
    (folder / "records.db").unlink()
    (folder / "enrolment.sealed").unlink()
    Vault.put_back(folder, passphrase=PASSPHRASE)
    with reopen(folder) as vault:
        assert vault.exchange.identity() is None


def test_a_new_key_seals_who_the_laptop_is_anew(tmp_path: Path) -> None:
    folder = tmp_path / "v"
    joined_since(folder)
    sealed = (folder / "enrolment.sealed").read_bytes()
    Vault.re_key(folder, passphrase=PASSPHRASE, new_passphrase=PASSPHRASE, cost=TINY)
    assert not (folder / "enrolment.sealed").exists()
    reopen(folder).close()
    assert (folder / "enrolment.sealed").read_bytes() != sealed
    (folder / "records.db").unlink()
    Vault.put_back(folder, passphrase=PASSPHRASE)
    with reopen(folder) as vault:
        assert vault.exchange.identity() == IDENTITY
