"""The council's own way in: opens with its private key alone, and never leaves one way only."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from storage import escrow, slots
from storage.errors import ChangeRefused, VaultBug, WrongPassphrase
from storage.place import Place
from storage.slots import Header
from storage.vault import Vault
from tests.storage.samples import PASSPHRASE, TINY, new_vault, reopen

NEW = "harbour kettle moss"


def pair() -> tuple[bytes, bytes]:
    """(private, public) of a council."""
    key = X25519PrivateKey.generate()
    return key.private_bytes_raw(), key.public_key().public_bytes_raw()


def test_the_council_opens_with_its_private_key_and_nobody_else(tmp_path: Path) -> None:
    private, public = pair()
    with new_vault(tmp_path / "v") as vault:
        vault.access.use_escrow(public)
        assert vault.access.ways() == ("escrow", "passphrase", "recovery")
    reopen(tmp_path / "v", council=private).close()
    for wrong in (pair()[0], public, b"short", bytes(32)):
        with pytest.raises(WrongPassphrase):
            reopen(tmp_path / "v", council=wrong)
    with reopen(tmp_path / "v") as vault:
        vault.access.stop_escrow()
    with pytest.raises(WrongPassphrase):
        reopen(tmp_path / "v", council=private)


def test_two_sheets_together_are_the_key_and_one_is_nothing(tmp_path: Path) -> None:
    made = escrow.fresh_council_key()
    first, second = (" ".join(sheet) for sheet in made.sheets)
    with new_vault(tmp_path / "v") as vault:
        vault.access.use_escrow(escrow.public_of(made.public.upper()))
    with reopen(tmp_path / "v", council=escrow.private_of(first, second)) as vault:
        vault.access.change_by_council(escrow.private_of(second, first), NEW, cost=TINY)
        with pytest.raises(WrongPassphrase):
            vault.access.change_by_council(bytes(32), NEW, cost=TINY)
    reopen(tmp_path / "v", passphrase=NEW).close()
    other = " ".join(escrow.fresh_council_key().sheets[1])
    for pair_of in ((first, first), (first, other)):
        header = slots.read(Place(tmp_path / "v"))
        with pytest.raises(WrongPassphrase):
            header.opened_by_council(escrow.private_of(*pair_of))
    with pytest.raises(WrongPassphrase, match="33 words"):
        escrow.private_of(first, second[:-9])


def test_a_slip_in_the_public_key_makes_no_way_in_that_nobody_has(tmp_path: Path) -> None:
    typed = escrow.fresh_council_key().public
    for at in range(0, len(typed), 3):
        wrong = typed[:at] + ("0" if typed[at] != "0" else "1") + typed[at + 1 :]
        with pytest.raises(ChangeRefused, match="letter of it is wrong"):
            escrow.public_of(wrong)
    for wrong in ("", typed[:-1], typed + " 00", "not a key"):
        with pytest.raises(ChangeRefused):
            escrow.public_of(wrong)


def test_the_words_of_a_key_are_its_own() -> None:
    one, two = (escrow.public_of(escrow.fresh_council_key().public) for _ in range(2))
    assert len(escrow.words_of(one)) == 8
    assert escrow.words_of(one) == escrow.words_of(bytes(one))
    assert escrow.words_of(one) != escrow.words_of(two)


def test_a_new_council_key_ends_the_old_one(tmp_path: Path) -> None:
    (old, first), (new, second) = pair(), pair()
    with new_vault(tmp_path / "v") as vault:
        vault.access.use_escrow(first)
        vault.access.use_escrow(second)
    with pytest.raises(WrongPassphrase):
        reopen(tmp_path / "v", council=old)
    reopen(tmp_path / "v", council=new).close()


@pytest.mark.parametrize("bad", [b"", b"x" * 31, bytes(32)])
def test_what_is_no_key_is_refused_in_words(vault: Vault, bad: bytes) -> None:
    with pytest.raises(ChangeRefused, match="not the council's public key"):
        vault.access.use_escrow(bad)
    assert vault.access.ways() == ("passphrase", "recovery")


def test_a_slot_moved_to_another_vault_does_not_open(tmp_path: Path) -> None:
    private, public = pair()
    with new_vault(tmp_path / "v") as vault:
        vault.access.use_escrow(public)
    header = slots.read(Place(tmp_path / "v"))
    with pytest.raises(WrongPassphrase):
        Header("other", practice=False, slots=header.slots).opened_by_council(private)


def test_two_of_passphrase_recovery_and_escrow_are_always_left(tmp_path: Path) -> None:
    private, public = pair()
    with new_vault(tmp_path / "v") as vault:
        assert vault.access.is_safe
        header = slots.read(vault.place)
        with pytest.raises(VaultBug, match="two of"):
            header.without(slots.RECOVERY)
        vault.access.use_escrow(public)
        fewer = slots.read(vault.place).without(slots.RECOVERY)
        assert fewer.is_safe
        assert fewer.opened(slots.PASSPHRASE, PASSPHRASE).raw == vault._key.raw
        with pytest.raises(VaultBug):
            fewer.without(slots.ESCROW)
        assert fewer.opened_by_council(private).raw == vault._key.raw
