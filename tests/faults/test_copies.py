"""Two hundred lives of a vault and its ladder: damage costs no good copy, and all comes back."""

from __future__ import annotations

import shutil
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from forms.facts.people import Enterprise
from forms.values import SetClock, new_id
from storage import backup, connection, migrations, rescue, reserve
from storage.backup import Backup
from storage.check import problems
from storage.database import Database
from storage.errors import StorageError, VaultDamaged, VaultFault
from storage.place import Place
from storage.rescue import Rescued
from storage.slots import PASSPHRASE as BY_WORDS
from storage.slots import read
from storage.vault import Vault
from tests.faults.test_put_back import damage_drafts, lived_in
from tests.storage.golden import VAULTS
from tests.storage.samples import COACH, NOON, PASSPHRASE, new_vault, reopen
from tests.support.goals import Tell

PDF = b"%PDF-1.7 letter"
PAGE = 4096
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("edit"), st.integers(1, 9)),
        st.tuples(
            st.just("wait"), st.sampled_from([1, 30, 60, 24 * 60, 7 * 24 * 60, 40 * 24 * 60])
        ),
        st.tuples(st.just("copy"), st.just(0)),
        st.tuples(st.just("damage"), st.integers(1, 10**6)),
    ),
    min_size=3,
    max_size=14,
)


def sound(folder: Path) -> set[str]:
    """Copies that open and check, by name."""
    place, good = Place(folder), set()
    key = read(place).opened(BY_WORDS, PASSPHRASE)
    for path in place.copies.glob("*Z"):
        try:
            backup.verify(Place(path), key)
        except StorageError:
            continue
        good.add(path.name)
    return good


def live(folder: Path, steps: list[tuple[str, int]]) -> None:
    """Work, wait, copy, damage; after damage the good copies may not get fewer."""
    clock = SetClock(NOON)
    vault = new_vault(folder, clock=clock)
    vault.back_up()
    damaged = False
    try:
        for what, number in steps:
            before = sound(folder) if damaged else set()
            if what == "wait":
                clock.moment += timedelta(minutes=number)
            elif what == "damage" and not damaged:
                quiet = page_of_drafts(vault) if number % 2 else None
                vault.close()
                damage(folder / "records.db", number, quiet)
                damaged = True
                try:
                    vault = Vault.open(folder, passphrase=PASSPHRASE, clock=clock)
                except VaultDamaged:
                    break
            elif what != "damage":
                act(vault, what, number)
            assert not damaged or before <= sound(folder), "a good copy went"
    finally:
        vault.close()
    assert sound(folder)
    if damaged:
        Vault.put_back(folder, passphrase=PASSPHRASE, clock=clock)
        with Vault.open(folder, passphrase=PASSPHRASE, clock=clock) as again:
            assert [c.name for c in again.check().checks if not c.ok] in ([], ["changes to send"])


def act(vault: Vault, what: str, number: int) -> None:
    try:
        if what == "copy":
            vault.back_up()
            return
        with vault.change(by=COACH, at=NOON) as unit:
            unit.add_all(Enterprise(id=new_id(), name="n" * 300) for _ in range(number))
    except VaultFault:
        return


def page_of_drafts(vault: Vault) -> int:
    """A page that opening and editing never look at."""
    return int(vault._db.row("SELECT rootpage FROM sqlite_master WHERE name = 'draft'")[0]) - 1


def damage(records: Path, number: int, only: int | None = None) -> None:
    data = bytearray(records.read_bytes())
    every = range(number % 40, len(data) // PAGE, 5)
    for page in every if only is None else (only,):
        data[page * PAGE + number % PAGE] ^= 1
    records.write_bytes(data)


def many(examples: int) -> settings:
    return settings(
        max_examples=examples,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )


def lives(examples: int) -> None:
    @many(examples)
    @given(STEPS)
    def any_life(steps: list[tuple[str, int]]) -> None:
        with tempfile.TemporaryDirectory() as home:
            live(Path(home) / "v", steps)

    any_life()


def test_damage_never_costs_a_good_copy(goal: Tell) -> None:
    lives(25)
    goal(11, "lives with damage that cost no good copy", runs=25, failures=0)


@pytest.mark.long
@pytest.mark.timeout(900)
def test_damage_never_costs_a_good_copy_in_two_hundred_lives(goal: Tell) -> None:
    lives(200)
    goal(11, "lives with damage that cost no good copy", runs=200, failures=0)


def test_copying_without_looking_costs_good_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    def blindly(self: Backup, folder: Path, *_: object, **__: object) -> None:
        shutil.copyfile(self._place.records, folder / "records.db")
        shutil.copyfile(self._place.header, folder / "vault.json")

    monkeypatch.setattr(Backup, "_copy_into", blindly)
    days = [("edit", 9), ("damage", 39), *[("wait", 40 * 24 * 60), ("copy", 0)] * 14]
    with tempfile.TemporaryDirectory() as home, pytest.raises(AssertionError, match="good copy"):
        live(Path(home) / "v", days)


def test_without_the_check_of_a_copy_a_damaged_one_is_put_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lived_in(tmp_path / "v")
    with Vault.open(tmp_path / "v", passphrase=PASSPHRASE, clock=later(1)) as vault:
        newest = vault.back_up()
    damage(newest / "records.db", 10)
    damage_drafts(tmp_path / "v")
    kept = shutil.copytree(tmp_path / "v", tmp_path / "w")
    assert Vault.put_back(tmp_path / "v", passphrase=PASSPHRASE).taken_at == NOON
    with reopen(tmp_path / "v") as vault:
        assert vault.check().ok
    monkeypatch.setattr(backup, "verify", lambda *_: None)
    with pytest.raises(VaultDamaged):
        came_back_whole(kept)


def test_without_the_later_changes_what_was_typed_is_missed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, late = lived_in(tmp_path / "v")
    damage_drafts(tmp_path / "v")
    monkeypatch.setattr(rescue, "from_damaged", lambda *_: Rescued())
    Vault.put_back(tmp_path / "v", passphrase=PASSPHRASE)
    with reopen(tmp_path / "v") as vault:
        assert vault.reader.get(Enterprise, late.id) is None


def came_back_whole(folder: Path) -> None:
    Vault.put_back(folder, passphrase=PASSPHRASE)
    with reopen(folder) as vault:
        if not vault.check().ok:
            raise VaultDamaged


def later(minutes: int) -> SetClock:
    return SetClock(NOON + timedelta(minutes=minutes))


def test_files_are_in_each_copy_and_come_back(tmp_path: Path) -> None:
    folder = tmp_path / "v"
    with new_vault(folder, clock=SetClock(NOON)) as vault:
        stored = vault.files.store(PDF, name="a.pdf")
        other = vault.files.store(PDF + b" two", name="b.pdf")
        first = vault.back_up()
    with Vault.open(folder, passphrase=PASSPHRASE, clock=later(40)) as vault:
        second = vault.back_up()
    one, two = ({p.name: p.stat().st_ino for p in (c / "files").iterdir()} for c in (first, second))
    assert one == two  # the same bytes, once
    assert not set(one.values()) & {p.stat().st_ino for p in (folder / "files").iterdir()}
    with reopen(second) as copy:
        assert copy.files.read(stored.sha256) == PDF
    gone, spoiled = sorted((folder / "files").iterdir())
    gone.unlink()
    spoiled.write_bytes(b"HGF1 nothing")
    done = Vault.put_back(folder, passphrase=PASSPHRASE)
    assert done.files == 2
    with reopen(folder) as vault:
        assert vault.files.read(other.sha256) == PDF + b" two"


def test_a_file_damaged_in_the_vault_never_replaces_its_good_copy(tmp_path: Path) -> None:
    folder = tmp_path / "v"
    clock = SetClock(NOON)
    with new_vault(folder, clock=clock) as vault:
        stored = vault.files.store(PDF, name="a.pdf")
        vault.back_up()
        (file,) = (folder / "files").iterdir()
        file.write_bytes(file.read_bytes()[:-1] + b"\x00")
        for _ in range(30):
            clock.moment += timedelta(days=31)
            vault.back_up()
    assert len(list((folder / "copies").iterdir())) < 20
    Vault.put_back(folder, passphrase=PASSPHRASE, clock=clock)
    with Vault.open(folder, passphrase=PASSPHRASE, clock=clock) as vault:
        assert vault.files.read(stored.sha256) == PDF


def test_a_copy_is_due_every_half_hour(tmp_path: Path) -> None:
    clock = SetClock(NOON)
    with new_vault(tmp_path / "v", clock=clock) as vault:
        assert vault.back_up_if_due() is not None
        clock.moment += timedelta(minutes=29)
        assert vault.back_up_if_due() is None
        clock.moment += timedelta(minutes=1)
        assert vault.back_up_if_due() is not None
        clock.moment -= timedelta(days=3)  # a clock set back must not end the copying
        assert vault.back_up_if_due() is not None


def test_a_new_version_copies_before_it_changes_the_vault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    new_vault(tmp_path / "v").close()
    ran: list[str] = []

    def bring_up(connection: object) -> list[str]:
        ran.append(",".join(path.name for path in (tmp_path / "v" / "copies").iterdir()))
        return []

    newer = migrations.newest() + 1
    monkeypatch.setattr(migrations, "newest", lambda: newer)
    monkeypatch.setattr(migrations, "bring_up", bring_up)
    reopen(tmp_path / "v").close()
    assert ran == ["2026-03-02T12-00-00Z"]


def test_the_copy_before_a_new_version_is_looked_through_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(VAULTS / "0.1.0", tmp_path / "v")
    seen: list[Path] = []

    def looked(db: Database, *told: Any) -> list[str]:
        seen.append(db.path)
        return problems(db, *told)

    monkeypatch.setattr(backup, "problems", looked)
    reopen(tmp_path / "v").close()
    (copy,) = (tmp_path / "v" / "copies").iterdir()
    assert [path.name for path in seen] == ["records.db"], "one look, at the copy"
    assert sorted(path.name for path in copy.iterdir()) == ["files", "records.db", "vault.json"]
    (copy / "records.db").chmod(0o400)  # a stick that may only be read
    assert Vault.put_back(tmp_path / "v", passphrase=PASSPHRASE).later_changes == 0
    with reopen(tmp_path / "v") as vault:
        assert vault.reader.search("Zoë")
        assert problems(vault._db) == []


def test_a_new_version_copies_what_only_the_log_has_while_somebody_reads_along(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    newer = migrations.newest() + 1
    monkeypatch.setattr(connection, "_BUSY_MS", 1)  # nobody is waited for
    with new_vault(tmp_path / "v") as vault:
        cipher = vault._header.cipher
        key = read(vault.place).opened(BY_WORDS, PASSPHRASE)
        beside = Database(tmp_path / "v" / "records.db", key, cipher, read_only=True)
        with beside.one_moment():
            assert beside.rows("SELECT count(*) FROM enterprise") == [(0,)]
            with vault.change(by=COACH, at=NOON) as unit:
                unit.add(Enterprise(id="e-late", name="Late"))
            vault.close()
            monkeypatch.setattr(migrations, "newest", lambda: newer)
            monkeypatch.setattr(migrations, "bring_up", lambda _: [])
            reopen(tmp_path / "v").close()
        beside.close()
    (copy,) = (tmp_path / "v" / "copies").iterdir()
    held = Database(copy / "records.db", key, cipher, read_only=True)
    assert held.rows("SELECT id FROM enterprise") == [("e-late",)]
    held.close()


def test_a_damaged_file_is_neither_copied_nor_brought_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lived_in(tmp_path / "v")
    before = sound(tmp_path / "v")
    damage_drafts(tmp_path / "v")
    newer = migrations.newest() + 1
    monkeypatch.setattr(migrations, "newest", lambda: newer)
    monkeypatch.setattr(migrations, "bring_up", lambda _: pytest.fail("it is damaged"))
    with pytest.raises(VaultDamaged):
        reopen(tmp_path / "v")
    assert sound(tmp_path / "v") == before
    assert {path.name for path in (tmp_path / "v" / "copies").iterdir()} == before
    monkeypatch.setattr(backup, "verify", lambda *_: None)
    monkeypatch.setattr(migrations, "bring_up", lambda _: [])
    reopen(tmp_path / "v").close()
    assert len(list((tmp_path / "v" / "copies").iterdir())) > len(before), "without the look"


def test_a_copy_that_does_not_fit_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "full")

    with new_vault(tmp_path / "v") as vault:
        good = vault.back_up()
        monkeypatch.setattr(backup, "sync_file", full)
        with pytest.raises(VaultFault, match="laptop is full"):
            vault.back_up()
        assert list(vault.place.copies.iterdir()) == [good]
    assert reserve.BYTES < 10**6


def test_a_clock_that_jumps_by_years_does_not_cost_the_ladder(tmp_path: Path) -> None:
    clock = SetClock(NOON)
    with new_vault(tmp_path / "v", clock=clock) as vault:
        for _ in range(12):
            vault.back_up()
            clock.moment += timedelta(days=1)
        ladder = sound(tmp_path / "v")
        clock.moment += timedelta(days=3650)
        vault.back_up()
        assert len(ladder - sound(tmp_path / "v")) <= 2
