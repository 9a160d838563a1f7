"""A damaged vault comes back from its last good copy, with what was typed since."""

from __future__ import annotations

from pathlib import Path

import pytest

from forms.facts.people import Enterprise
from forms.values import new_id
from storage.errors import VaultDamaged, VaultInUse, VaultMissing, WrongPassphrase
from storage.vault import Vault
from tests.storage.samples import COACH, NOON, PASSPHRASE, new_vault, reopen

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
    with reopen(folder) as vault:
        (number,) = vault._db.row("SELECT rootpage FROM sqlite_master WHERE name = 'draft'")
    records = folder / "records.db"
    data = bytearray(records.read_bytes())
    data[(number - 1) * PAGE + 100] ^= 1
    records.write_bytes(data)
    with reopen(folder) as vault:
        assert not vault.check().ok


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
