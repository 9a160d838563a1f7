"""A new key for everything: nothing is lost, the old one opens nothing, killed it is whole."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from sqlcipher3 import dbapi2

from forms.facts.people import Enterprise
from forms.values import new_id
from storage import backup, cipher, files, rebuild, slots, swap
from storage.check import problems
from storage.database import Database
from storage.errors import (
    StorageError,
    VaultDamaged,
    VaultFull,
    VaultInUse,
    VaultTooNew,
    WrongPassphrase,
)
from storage.keys import SecretKey
from storage.opening import Way, unlock
from storage.place import Place
from storage.vault import Vault
from tests.storage.golden import VAULTS
from tests.storage.rekey_kill import LETTER, NEW
from tests.storage.samples import COACH, NOON, PASSPHRASE, TINY, reopen

ROOT = Path(__file__).parents[2]


def lived(folder: Path) -> tuple[tuple[str, ...], SecretKey, bytes]:
    """A vault with records, a file, a copy, escrow. (sheet, its key, the council's private key)."""
    council = X25519PrivateKey.generate()
    vault, sheet = Vault.create(folder, passphrase=PASSPHRASE, cost=TINY)
    with vault:
        vault.access.use_escrow(council.public_key().public_bytes_raw())
        vault.files.store(LETTER, name="a.pdf")
        with vault.change(by=COACH, at=NOON) as unit:
            unit.add(Enterprise(id=new_id(), name="Mary's"))
        vault.back_up()
        vault.drafts.keep("note:1", "half")
        key = SecretKey(vault._key.raw)
    return sheet, key, council.private_bytes_raw()


def opens(path: Path, key: SecretKey) -> bool:
    for one in (cipher.FIRST, cipher.NOW):
        try:
            Database(path, key, one, read_only=True).close()
        except StorageError:
            continue
        return True
    return False


def test_everything_is_there_again_and_the_old_key_opens_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "v"
    sheet, old_key, council = lived(folder)
    with reopen(folder) as vault:
        told = rebuild.kept(vault._db)
        (old_file,) = vault._db.rows("SELECT file_name, key FROM stored_file")
    done = Vault.re_key(folder, passphrase=PASSPHRASE, new_passphrase=NEW, cost=TINY)
    assert (done.copies, done.removed, done.ended) == (1, (), ())
    header = slots.read(Place(folder))
    for way in (Way(passphrase=PASSPHRASE), Way(recovery=" ".join(sheet))):
        with pytest.raises(WrongPassphrase):
            unlock(header, way)
    for path in folder.rglob("*"):
        if path.suffix == ".db":
            assert not opens(path, old_key)
        if path.parent.name == "files":
            with pytest.raises(StorageError):
                files.unseal(path.read_bytes(), old_file[1])
    for how in ({"recovery": " ".join(done.sheet)}, {"council": council}, {"passphrase": NEW}):
        with reopen(folder, **how) as vault:
            assert rebuild.kept(vault._db) == told
            assert vault.drafts.read("note:1") == "half"
            assert vault.files.read(next(iter(vault._db.rows("SELECT sha256 FROM stored_file")))[0])
            assert vault.check().ok
            assert old_file[0] not in {path.name for path in vault.place.files.iterdir()}


@pytest.mark.parametrize("other", [cipher.FIRST, cipher.NOW])
@pytest.mark.parametrize("release", ["", "0.1.0"])
def test_what_the_driver_was_told_before_does_not_matter(
    tmp_path: Path, other: cipher.Cipher, release: str
) -> None:
    if release:
        shutil.copytree(VAULTS / release, tmp_path / "v")
    else:
        lived(tmp_path / "v")
    connection = dbapi2.connect(":memory:")
    for pragma in other.defaults():
        connection.execute(pragma)
    connection.close()
    if not release:
        Vault.re_key(tmp_path / "v", passphrase=PASSPHRASE, new_passphrase=NEW, cost=TINY)
    with reopen(tmp_path / "v", passphrase=PASSPHRASE if release else NEW) as vault:
        assert problems(vault._db) == []
        backup.verify(Place(vault.back_up()), vault._key)


def test_a_copy_locked_anew_can_be_put_back(tmp_path: Path) -> None:
    folder = tmp_path / "v"
    lived(folder)
    Vault.re_key(folder, passphrase=PASSPHRASE, new_passphrase=NEW, cost=TINY)
    (folder / "records.db").write_bytes(b"x" * 8192)
    shutil.rmtree(folder / "files")
    back = Vault.put_back(folder, passphrase=NEW)
    assert back.files == 1
    with reopen(folder, passphrase=NEW) as vault:
        assert [one.name for one in vault.reader.all(Enterprise)] == ["Mary's"]


def test_by_the_recovery_sheet_when_the_passphrase_is_forgotten(tmp_path: Path) -> None:
    sheet, _, _ = lived(tmp_path / "v")
    Vault.re_key(tmp_path / "v", recovery=" ".join(sheet), new_passphrase=NEW, cost=TINY)
    reopen(tmp_path / "v", passphrase=NEW).close()


def test_a_damaged_copy_is_named_and_an_aside_goes_with_the_old_key(tmp_path: Path) -> None:
    folder = tmp_path / "v"
    lived(folder)
    with reopen(folder) as vault:
        second = vault.back_up()
    spoilt = bytearray((second / "records.db").read_bytes())
    spoilt[9000] ^= 1
    (second / "records.db").write_bytes(spoilt)
    shutil.copyfile(folder / "records.db", folder / "damaged-1-records.db")
    done = Vault.re_key(folder, passphrase=PASSPHRASE, new_passphrase=NEW, cost=TINY)
    assert done.removed == (second.name,)
    assert done.copies == 1
    assert not (folder / "damaged-1-records.db").exists()
    assert not second.exists()


@pytest.mark.parametrize("part", ["records", "copies"])
def test_a_full_disk_leaves_everything_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    folder = tmp_path / "v"
    lived(folder)
    before = {p.relative_to(folder): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    whole = swap.write_beside

    def full(old: Database, key: SecretKey, target: Path, *rest: Any) -> None:
        whole(old, key, target, *rest)
        if part == "records" or "copies" in target.parts:
            raise VaultFull

    monkeypatch.setattr(swap, "write_beside", full)
    with pytest.raises(VaultFull):
        Vault.re_key(folder, passphrase=PASSPHRASE, new_passphrase=NEW, cost=TINY)
    after = {p.relative_to(folder): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    assert after == before
    reopen(folder).close()


def test_an_open_vault_and_a_wrong_secret_are_refused(tmp_path: Path) -> None:
    lived(tmp_path / "v")
    with pytest.raises(WrongPassphrase):
        Vault.re_key(tmp_path / "v", passphrase=NEW[::-1], new_passphrase=NEW, cost=TINY)
    with reopen(tmp_path / "v"), pytest.raises(VaultInUse):
        Vault.re_key(tmp_path / "v", passphrase=PASSPHRASE, new_passphrase=NEW, cost=TINY)


def test_a_file_that_tells_something_else_is_not_swapped_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lived(tmp_path / "v")
    honest = Database.take_over

    def forgets(self: Database, source: Path, key: SecretKey, kind: cipher.Cipher) -> None:
        honest(self, source, key, kind)
        with self.transaction():
            self.do("DELETE FROM trail")

    monkeypatch.setattr(Database, "take_over", forgets)
    with pytest.raises(VaultDamaged, match="as it was"):
        Vault.re_key(tmp_path / "v", passphrase=PASSPHRASE, new_passphrase=NEW, cost=TINY)
    reopen(tmp_path / "v").close()


def kills(home: Path, every: int, *more: str) -> dict[str, int]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.storage.rekey_kill", str(home), str(every), *more],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, int] = json.loads(done.stdout)
    return found


@pytest.mark.timeout(300)
def test_killed_at_some_steps_one_key_opens_and_nothing_is_lost(tmp_path: Path) -> None:
    found = kills(tmp_path, 9)
    assert found["wrong"] == 0
    assert found["old"] > 0
    assert found["new"] > 0


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_killed_at_every_step_one_key_opens_and_nothing_is_lost(tmp_path: Path) -> None:
    found = kills(tmp_path, 1)
    assert found["wrong"] == 0
    assert found["kills"] == found["old"] + found["new"] > 40


@pytest.mark.timeout(300)
def test_without_taking_a_swap_up_again_it_goes_red(tmp_path: Path) -> None:
    assert kills(tmp_path, 9, "careless")["wrong"] > 0


@pytest.mark.parametrize("release", ["0.1.0"])
def test_an_older_vault_gets_the_cipher_of_today(tmp_path: Path, release: str) -> None:
    shutil.copytree(VAULTS / release, tmp_path / "v")
    place = Place(tmp_path / "v")
    assert slots.read(place).cipher == cipher.FIRST
    with reopen(tmp_path / "v") as vault:
        assert slots.read(place).cipher == cipher.NOW
        here = rebuild.kept(vault._db)
        (copy,) = vault.copies()  # as it was: the way back for the older version
        assert slots.read(Place(copy.path)).cipher == cipher.FIRST
        key = SecretKey(vault._key.raw)
    Database(place.records, key, cipher.NOW, read_only=True).close()
    Database(copy.path / "records.db", key, cipher.FIRST, read_only=True).close()
    (place.records).write_bytes(b"x" * 8192)
    Vault.put_back(tmp_path / "v", passphrase=PASSPHRASE)  # from the old cipher to the new
    with reopen(tmp_path / "v") as vault:
        assert rebuild.kept(vault._db).keys() == here.keys()


def test_a_full_disk_leaves_an_older_vault_under_its_cipher(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(VAULTS / "0.1.0", tmp_path / "v")

    def full(*_: object) -> None:
        raise VaultFull

    monkeypatch.setattr(swap, "write_beside", full)
    with reopen(tmp_path / "v") as vault:
        assert slots.read(Place(tmp_path / "v")).cipher == cipher.FIRST
        with vault.change(by=COACH, at=NOON) as unit:
            unit.add(Enterprise(id=new_id(), name="After"))


def test_a_cipher_of_a_later_version_is_not_called_damage(tmp_path: Path) -> None:
    lived(tmp_path / "v")
    header = tmp_path / "v" / "vault.json"
    header.write_bytes(header.read_bytes().replace(b'"hedgerow": 2', b'"hedgerow": 3'))
    with pytest.raises(VaultTooNew):
        reopen(tmp_path / "v")


def test_a_header_under_way_survives_its_bytes() -> None:
    before = slots.Header("id", practice=False, slots=()).sealed(
        slots.PASSPHRASE, SecretKey.fresh(), "p", TINY
    )
    under_way = slots.Swap(before.slots, cipher.NOW, new_key=True)
    header = slots.Header("id", False, before.slots, cipher.FIRST, swap=under_way)
    assert slots.from_bytes(slots.to_bytes(header)) == header
    first = slots.Header("id", False, before.slots, cipher.FIRST)
    assert b'"hedgerow": 1' in slots.to_bytes(first)  # an older version still reads it
    with pytest.raises(ValueError, match="not a cipher"):
        cipher.Cipher(4096, "NONE")
