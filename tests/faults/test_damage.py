"""One bit wrong on any page, a file cut anywhere: noticed, said as damage, and nothing deleted."""

from __future__ import annotations

import random
from datetime import timedelta
from pathlib import Path

import pytest

from forms.facts.casework import CoachingSession
from forms.facts.people import Enterprise
from forms.values import SetClock, new_id
from storage.errors import VaultDamaged, VaultMissing, VaultTooNew, WrongPassphrase
from storage.vault import Vault
from tests.faults import weak
from tests.storage.samples import COACH, NOON, PASSPHRASE, TINY, new_vault, reopen

PAGE = 4096


def filled(folder: Path) -> Path:
    """A closed vault with some hundred pages; the path of its records."""
    vault = new_vault(folder)
    with vault.change(by=COACH, at=NOON) as unit:
        for number in range(60):
            one = Enterprise(id=new_id(), name=f"Enterprise {number}")
            unit.add(one)
            unit.add(
                CoachingSession(id=new_id(), enterprise_id=one.id, on=NOON.date(), note="n" * 900)
            )
    vault.close()
    return folder / "records.db"


def is_noticed(folder: Path, by: str = "every page") -> bool:
    """Whether opening, or this one check, says in known words that the file is damaged."""
    try:
        with reopen(folder) as vault:
            (check,) = (check for check in vault.check().checks if check.name == by)
            return not check.ok
    except VaultDamaged:
        return True


def flips_unnoticed(folder: Path, records: Path, every: int) -> tuple[int, int]:
    """(pages tried, pages where one flipped bit was not noticed)."""
    whole = records.read_bytes()
    chance = random.Random(3)  # noqa: S311 - a seed, not a secret
    tried = missed = 0
    for start in range(0, len(whole), PAGE * every):
        bad = bytearray(whole)
        bad[start + chance.randrange(PAGE)] ^= 1 << chance.randrange(8)
        records.write_bytes(bad)
        tried += 1
        missed += not is_noticed(folder)
    records.write_bytes(whole)
    return tried, missed


def test_a_flipped_bit_on_any_page_is_noticed(tmp_path: Path) -> None:
    records = filled(tmp_path / "v")
    tried, missed = flips_unnoticed(tmp_path / "v", records, every=3)
    assert tried > 40
    assert missed == 0
    assert not is_noticed(tmp_path / "v")  # and the whole file is well


@pytest.mark.long
def test_a_flipped_bit_on_every_page_is_noticed(tmp_path: Path) -> None:
    records = filled(tmp_path / "v")
    tried, missed = flips_unnoticed(tmp_path / "v", records, every=1)
    assert tried == records.stat().st_size // PAGE
    assert missed == 0


def test_without_page_seals_the_check_of_pages_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    weak.use(monkeypatch, weak.NoSeal)
    filled(tmp_path / "v")
    assert is_noticed(tmp_path / "v")


def test_without_page_seals_flipped_bits_pass(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    weak.use(monkeypatch, weak.NoSeal)
    records = filled(tmp_path / "v")
    whole = bytearray(records.read_bytes())
    unnoticed = 0
    for start in range(40 * PAGE, len(whole), PAGE * 3):  # past the pages that say what is where
        whole[start + 3000] ^= 1
        records.write_bytes(whole)
        unnoticed += not is_noticed(tmp_path / "v", by="records file")
        whole[start + 3000] ^= 1
    assert unnoticed > 0


@pytest.mark.parametrize("part", [0, 0.001, 0.25, 0.5, 0.9, 0.999])
def test_a_file_cut_short_is_noticed_and_left_as_it_is(tmp_path: Path, part: float) -> None:
    records = filled(tmp_path / "v")
    whole = records.read_bytes()
    cut = whole[: int(len(whole) * part)]
    records.write_bytes(cut)
    assert is_noticed(tmp_path / "v")
    assert records.read_bytes() == cut


def test_the_right_passphrase_on_a_damaged_file_is_never_called_wrong(tmp_path: Path) -> None:
    records = filled(tmp_path / "v")
    data = bytearray(records.read_bytes())
    data[:PAGE] = bytes(PAGE)
    records.write_bytes(data)
    with pytest.raises(VaultDamaged, match="Nothing has been deleted"):
        reopen(tmp_path / "v")
    with pytest.raises(WrongPassphrase):
        reopen(tmp_path / "v", passphrase="something else")  # noqa: S106


def test_a_wrong_passphrase_is_never_called_damage(tmp_path: Path) -> None:
    new_vault(tmp_path / "v").close()
    clock = SetClock(NOON)
    for number in range(200):
        clock.moment += timedelta(seconds=60)
        with pytest.raises(WrongPassphrase, match="did not open"):
            Vault.open(tmp_path / "v", passphrase=f"guess {number}", clock=clock)
    reopen(tmp_path / "v").close()


def test_a_damaged_header_is_damage_and_never_opens(tmp_path: Path) -> None:
    new_vault(tmp_path / "v").close()
    header = tmp_path / "v" / "vault.json"
    whole = header.read_bytes()
    chance = random.Random(4)  # noqa: S311 - a seed, not a secret
    for _ in range(150):
        bad = bytearray(whole)
        bad[chance.randrange(len(bad))] ^= 1 << chance.randrange(8)
        header.write_bytes(bad)
        with pytest.raises((VaultDamaged, VaultTooNew)):
            reopen(tmp_path / "v")
    header.write_bytes(whole)
    reopen(tmp_path / "v").close()


def test_the_records_of_another_vault_are_not_taken(tmp_path: Path) -> None:
    new_vault(tmp_path / "a").close()
    new_vault(tmp_path / "b").close()
    (tmp_path / "a" / "records.db").write_bytes((tmp_path / "b" / "records.db").read_bytes())
    with pytest.raises(VaultDamaged):
        reopen(tmp_path / "a")


@pytest.mark.parametrize("lost", ["vault.json", "records.db"])
def test_a_missing_part_is_said_and_nothing_is_made_in_its_place(tmp_path: Path, lost: str) -> None:
    new_vault(tmp_path / "v").close()
    (tmp_path / "v" / lost).unlink()
    with pytest.raises(VaultMissing, match="Nothing was made in their place"):
        reopen(tmp_path / "v")
    assert not (tmp_path / "v" / lost).exists()


def test_a_creation_that_never_ended_is_put_aside(tmp_path: Path) -> None:
    new_vault(tmp_path / "v").close()
    (tmp_path / "v" / "vault.json").unlink()
    old = (tmp_path / "v" / "records.db").read_bytes()
    Vault.create(tmp_path / "v", passphrase=PASSPHRASE, cost=TINY)[0].close()
    assert (tmp_path / "v" / "unfinished-1-records.db").read_bytes() == old
