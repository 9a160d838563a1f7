"""Every way in opens alone; losing one locks nobody out; a wrong secret never opens."""

from __future__ import annotations

from pathlib import Path

import keyring
import keyring.backend
import keyring.backends.fail
import keyring.backends.null
import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage import keys, keystore, recovery, slots
from storage.errors import (
    ChangeRefused,
    KeyringRefused,
    VaultBug,
    VaultExists,
    VaultPlaceRefused,
    WrongPassphrase,
)
from storage.keys import FLOOR, Cost, SecretKey
from storage.passphrases import weakness
from storage.slots import Header
from storage.vault import Vault
from tests.storage.samples import PASSPHRASE, TINY, new_vault, reopen

NEW = "harbour kettle moss"


class Remembering(keyring.backend.KeyringBackend):
    """A key store in memory, as good as the system's for these tests."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Remembering:
    backend = Remembering()
    monkeypatch.setattr(keyring, "get_keyring", lambda: backend)
    return backend


def test_passphrase_and_sheet_each_open_alone(tmp_path: Path) -> None:
    vault, sheet = Vault.create(tmp_path / "v", passphrase=PASSPHRASE, cost=TINY)
    assert vault.access.ways() == ("passphrase", "recovery")
    vault.close()
    assert len(sheet) == 17
    for how in ({"passphrase": PASSPHRASE}, {"recovery": " ".join(sheet)}):
        reopen(tmp_path / "v", **how).close()


def test_a_sheet_is_read_from_a_shaky_hand(tmp_path: Path) -> None:
    vault, sheet = Vault.create(tmp_path / "v", passphrase=PASSPHRASE, cost=TINY)
    vault.close()
    typed = ",\n ".join(f"{n}. {word[:4].upper()}xx" for n, word in enumerate(sheet, start=1))
    reopen(tmp_path / "v", recovery=typed).close()


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda w: w[:-1], "16 were typed"),
        (lambda w: ["zzzzzz", *w[1:]], "Word 1"),
        (lambda w: [w[1], w[0], *w[2:]] if w[0] != w[1] else [w[-1], *w[1:]], "belong together"),
    ],
)
def test_a_misread_sheet_says_what_is_wrong(spoil: object, words: str) -> None:
    sheet = list(recovery.words_of(bytes(range(16))))
    with pytest.raises(WrongPassphrase, match=words):
        recovery.secret_of(" ".join(spoil(sheet)))  # type: ignore[operator]


@given(st.binary(min_size=16, max_size=16))
def test_any_entropy_survives_the_sheet(entropy: bytes) -> None:
    assert recovery.secret_of(" ".join(recovery.words_of(entropy))) == entropy.hex()


def test_the_words_can_be_told_apart() -> None:
    words = recovery.word_list()
    assert len(words) == 256
    assert len({word[:4] for word in words}) == 256


def test_changing_the_passphrase_writes_one_slot_and_not_the_records(tmp_path: Path) -> None:
    vault, sheet = Vault.create(tmp_path / "v", passphrase=PASSPHRASE, cost=TINY)
    vault._db.checkpoint()
    before = (tmp_path / "v" / "records.db").read_bytes()
    with pytest.raises(WrongPassphrase):
        vault.access.change_passphrase("not it", NEW, cost=TINY)
    vault.access.change_passphrase(PASSPHRASE, NEW, cost=TINY)
    assert (tmp_path / "v" / "records.db").read_bytes() == before
    vault.close()
    with pytest.raises(WrongPassphrase):
        reopen(tmp_path / "v")
    reopen(tmp_path / "v", passphrase=NEW).close()
    with reopen(tmp_path / "v", recovery=" ".join(sheet)) as again:
        again.access.change_passphrase(" ".join(sheet), PASSPHRASE, with_recovery=True, cost=TINY)
    reopen(tmp_path / "v").close()


def test_a_new_sheet_ends_the_old_one(tmp_path: Path) -> None:
    vault, old = Vault.create(tmp_path / "v", passphrase=PASSPHRASE, cost=TINY)
    new = vault.access.new_sheet()
    vault.close()
    with pytest.raises(WrongPassphrase):
        reopen(tmp_path / "v", recovery=" ".join(old))
    reopen(tmp_path / "v", recovery=" ".join(new)).close()


def test_the_key_store_opens_only_where_it_was_asked_to(tmp_path: Path, store: Remembering) -> None:
    vault = new_vault(tmp_path / "v")
    vault.access.use_keyring()
    key = vault._key.raw.hex()
    vault.close()
    assert key not in store.kept.values()  # a wrap key, never the data key
    reopen(tmp_path / "v", keyring=True).close()
    with reopen(tmp_path / "v") as again:
        again.access.stop_keyring()
        assert again.access.ways() == ("passphrase", "recovery")
    assert store.kept == {}
    with pytest.raises(KeyringRefused):
        reopen(tmp_path / "v", keyring=True)


def test_a_changed_key_store_locks_nobody_out(tmp_path: Path, store: Remembering) -> None:
    with new_vault(tmp_path / "v") as vault:
        vault.access.use_keyring()
    store.kept = dict.fromkeys(store.kept, "something else")
    with pytest.raises(WrongPassphrase):
        reopen(tmp_path / "v", keyring=True)
    reopen(tmp_path / "v").close()


class PlaintextKeyring(Remembering):
    """By its name, one that keeps secrets readable."""


@pytest.mark.parametrize(
    "backend",
    [
        keyring.backends.fail.Keyring(),  # type: ignore[no-untyped-call]
        keyring.backends.null.Keyring(),  # type: ignore[no-untyped-call]
        PlaintextKeyring(),
    ],
    ids=lambda backend: type(backend).__module__,
)
def test_an_unsafe_key_store_is_refused_in_words(
    vault: Vault, monkeypatch: pytest.MonkeyPatch, backend: object
) -> None:
    monkeypatch.setattr(keyring, "get_keyring", lambda: backend)
    with pytest.raises(KeyringRefused, match="still open with your passphrase"):
        vault.access.use_keyring()
    assert vault.access.ways() == ("passphrase", "recovery")


def test_the_key_store_is_never_the_only_way_in() -> None:
    key = SecretKey.fresh()
    header = Header("id", practice=False, slots=()).sealed(slots.KEYRING, key, "s")
    header = header.sealed(slots.RECOVERY, key, "r")
    with pytest.raises(VaultBug):
        header.without(slots.RECOVERY)
    assert keystore.is_safe(Remembering())


def test_a_slot_moved_to_another_vault_or_type_does_not_open() -> None:
    key = SecretKey.fresh()
    header = Header("id", practice=False, slots=()).sealed(slots.RECOVERY, key, "secret")
    assert header.opened(slots.RECOVERY, "secret").raw == key.raw
    moved = Header("other", practice=False, slots=header.slots)
    with pytest.raises(WrongPassphrase):
        moved.opened(slots.RECOVERY, "secret")


@given(st.text(max_size=40))
def test_no_other_secret_opens(guess: str) -> None:
    key = SecretKey(bytes(32))
    header = Header("id", practice=False, slots=()).sealed(slots.PASSPHRASE, key, PASSPHRASE, TINY)
    if guess == PASSPHRASE:
        return
    with pytest.raises(WrongPassphrase):
        header.opened(slots.PASSPHRASE, guess)


def test_a_header_survives_its_bytes() -> None:
    header = Header("id", practice=True, slots=()).sealed(
        slots.PASSPHRASE, SecretKey.fresh(), "p", TINY
    )
    assert slots.from_bytes(slots.to_bytes(header)) == header


def test_the_cost_is_never_under_the_floor(monkeypatch: pytest.MonkeyPatch) -> None:
    assert keys.calibrated().is_enough()
    monkeypatch.setattr(keys, "_seconds", lambda cost: 60.0)
    assert keys.calibrated() == FLOOR
    monkeypatch.setattr(keys, "_seconds", lambda cost: 0.01 * cost.passes)
    assert keys.calibrated().passes > Cost().passes


def test_a_vault_is_never_written_over(tmp_path: Path) -> None:
    new_vault(tmp_path / "v").close()
    before = (tmp_path / "v" / "records.db").read_bytes()
    with pytest.raises(VaultExists, match="left as they are"):
        new_vault(tmp_path / "v")
    assert (tmp_path / "v" / "records.db").read_bytes() == before


@pytest.mark.parametrize("name", ["OneDrive - Kent", "Dropbox", "iCloudDrive", "Google Drive"])
def test_folders_that_are_copied_about_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(VaultPlaceRefused, match="Choose a folder"):
        new_vault(tmp_path / name / "v")
    assert not (tmp_path / name).exists()


def test_a_vault_needs_a_passphrase_and_practice_does_not(tmp_path: Path) -> None:
    with pytest.raises(ChangeRefused, match="passphrase is needed"):
        Vault.create(tmp_path / "v", passphrase="")
    Vault.create(tmp_path / "p", practice=True)[0].close()
    with Vault.open(tmp_path / "p") as vault:
        assert vault.is_practice


@pytest.mark.parametrize(
    "weak", ["short", "password password", "111111111111111", "kent kent kent"]
)
def test_weak_passphrases_are_told_why(weak: str) -> None:
    assert weakness(weak).endswith(".")


@pytest.mark.parametrize("good", [PASSPHRASE, "gh3#kkLp09!zWqqT", "my aunt grows blue leeks"])
def test_good_passphrases_pass(good: str) -> None:
    assert weakness(good) == ""


def test_destroyed_slots_open_for_nobody(tmp_path: Path) -> None:
    vault, sheet = Vault.create(tmp_path / "v", passphrase=PASSPHRASE, cost=TINY)
    vault.access.destroy()
    vault.close()
    for how in ({"passphrase": PASSPHRASE}, {"recovery": " ".join(sheet)}):
        with pytest.raises(WrongPassphrase):
            reopen(tmp_path / "v", **how)
