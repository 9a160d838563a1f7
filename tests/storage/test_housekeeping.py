"""Where a vault may lie, what waits after wrong secrets, text that cannot be written down."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forms.facts.people import Enterprise
from forms.values import SetClock, new_id
from storage import place, recovery, reserve, slots, tries
from storage.errors import (
    TriedTooSoon,
    VaultFull,
    VaultPlaceRefused,
    VaultReadOnly,
    WrongPassphrase,
)
from storage.vault import Vault
from tests.storage.samples import COACH, NOON, PASSPHRASE, TINY, new_vault, reopen

MOUNTS = """/dev/sda1 / ext4 rw 0 0
server:/home /home/jo nfs4 rw 0 0
//server/share /mnt/my\\040files cifs rw 0 0
jo@far: /mnt/far fuse.sshfs rw 0 0
/dev/sdb1 /mnt/usb fuseblk rw 0 0
/dev/sda2 /home/jo/own ext4 rw 0 0
"""


@pytest.mark.parametrize(
    ("folder", "network"),
    [
        ("/srv/v", False),
        ("/home/jo/v", True),
        ("/home/jo/own/v", False),
        ("/home/joanna/v", False),
        ("/mnt/my files/v", True),
        ("/mnt/far/v", True),
        ("/mnt/usb/v", False),
    ],
)
def test_a_network_disk_is_known_by_the_nearest_mount(folder: str, network: bool) -> None:
    assert place.is_network(Path(folder), MOUNTS) is network


def test_a_vault_is_not_made_on_a_network_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(place, "_mounts", lambda: f"far:/x {tmp_path} nfs rw 0 0\n")
    with pytest.raises(VaultPlaceRefused, match="network drive"):
        new_vault(tmp_path / "v")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["\\\\server\\share\\v", "//server/share/v"])
def test_a_share_by_its_name_is_refused(name: str) -> None:
    with pytest.raises(VaultPlaceRefused):
        place.refuse_copied_folders(Path(name))


@pytest.mark.parametrize("mark", [".dropbox", ".stfolder", ".nextcloudsync.log"])
def test_a_folder_marked_by_a_copying_program_is_refused(tmp_path: Path, mark: str) -> None:
    (tmp_path / mark).touch()
    with pytest.raises(VaultPlaceRefused):
        new_vault(tmp_path / "deep" / "down" / "v")


def test_a_link_into_a_copied_folder_is_seen_through(tmp_path: Path) -> None:
    (tmp_path / "Dropbox").mkdir()
    (tmp_path / "mine").symlink_to(tmp_path / "Dropbox")
    with pytest.raises(VaultPlaceRefused):
        new_vault(tmp_path / "mine" / "v")


def test_a_vault_that_was_moved_there_can_be_looked_at_but_not_written(tmp_path: Path) -> None:
    new_vault(tmp_path / "v").close()
    (tmp_path / "OneDrive").mkdir()
    (tmp_path / "v").rename(tmp_path / "OneDrive" / "v")
    with pytest.raises(VaultPlaceRefused):
        reopen(tmp_path / "OneDrive" / "v")
    reopen(tmp_path / "OneDrive" / "v", passphrase=PASSPHRASE, read_only=True).close()


@contextmanager
def holding_one(folder: Path) -> Iterator[tuple[Vault, Enterprise]]:
    """A vault with one record, which is that."""
    one = Enterprise(id=new_id(), name="Mary's")
    with new_vault(folder) as vault:
        with vault.change(by=COACH, at=NOON) as unit:
            unit.add(one)
        yield vault, one


def test_a_folder_that_cannot_be_written_is_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with holding_one(tmp_path / "v") as (vault, one):
        records = vault.place.records
    before = sorted(path.name for path in (tmp_path / "v").iterdir())
    real, allowed = os.open, os.access

    def refuse(path: str, flags: int, *rest: int) -> int:
        if flags & (os.O_RDWR | os.O_WRONLY | os.O_CREAT) and "v" in Path(path).parts:
            raise PermissionError(13, "no right to write")
        return real(path, flags, *rest)

    monkeypatch.setattr(os, "open", refuse)
    monkeypatch.setattr(os, "access", lambda path, how: how != os.W_OK and allowed(path, how))
    with pytest.raises(VaultReadOnly, match="looked at but not changed"):
        reopen(tmp_path / "v")
    with reopen(tmp_path / "v", passphrase=PASSPHRASE, read_only=True) as vault:
        assert vault.reader.all(Enterprise) == [one]
        assert sorted(path.name for path in (tmp_path / "v").iterdir()) == before
    assert not records.with_name("records.db-wal").exists()


def test_a_log_that_cannot_be_read_there_is_said_and_nothing_older_is_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with holding_one(tmp_path / "v") as (_vault, one):
        shutil.copytree(tmp_path / "v", tmp_path / "stick")  # as the power would leave it
    (tmp_path / "stick" / "records.db-shm").unlink()
    looks = {"passphrase": PASSPHRASE, "read_only": True}
    with monkeypatch.context() as stick:
        allowed = os.access
        stick.setattr(os, "access", lambda path, how: how != os.W_OK and allowed(path, how))
        with pytest.raises(VaultReadOnly, match="Copy the whole folder"):
            reopen(tmp_path / "stick", **looks)
    with reopen(tmp_path / "stick", **looks) as vault:
        assert vault.reader.all(Enterprise) == [one]


def attempt(folder: Path, clock: SetClock, typed: str) -> type[Exception] | None:
    try:
        Vault.open(folder, passphrase=typed, clock=clock).close()
    except WrongPassphrase as error:
        return type(error)
    return None


def test_wrong_secrets_wait_longer_and_longer_by_the_given_clock(tmp_path: Path) -> None:
    clock = SetClock(NOON)
    new_vault(tmp_path / "v", clock=clock).close()
    assert attempt(tmp_path / "v", clock, "slip") is WrongPassphrase
    waits, held = [], place.Place(tmp_path / "v")
    for _ in range(9):
        assert attempt(tmp_path / "v", clock, "slip") is WrongPassphrase
        began = clock.moment
        while tries.seconds_to_wait(slots.read(held).tries, clock.moment):
            assert attempt(tmp_path / "v", clock, PASSPHRASE) is TriedTooSoon
            clock.moment += timedelta(seconds=1)
        waits.append(int((clock.moment - began).total_seconds()))
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert attempt(tmp_path / "v", clock, PASSPHRASE) is None
    assert slots.read(held).tries.count == 0
    assert attempt(tmp_path / "v", clock, "slip") is WrongPassphrase  # the count began anew
    assert attempt(tmp_path / "v", clock, PASSPHRASE) is None


def test_a_clock_set_back_locks_nobody_out(tmp_path: Path) -> None:
    clock = SetClock(NOON)
    new_vault(tmp_path / "v", clock=clock).close()
    for _ in range(2):
        attempt(tmp_path / "v", clock, "slip")
    assert attempt(tmp_path / "v", clock, PASSPHRASE) is TriedTooSoon
    clock.moment -= timedelta(days=700)
    assert attempt(tmp_path / "v", clock, PASSPHRASE) is None


def test_a_wrong_guess_beside_an_open_window_leaves_its_ways_in_alone(tmp_path: Path) -> None:
    with new_vault(tmp_path / "v") as vault:
        before = (tmp_path / "v" / "vault.json").read_bytes()
        assert attempt(tmp_path / "v", SetClock(NOON), "slip") is WrongPassphrase
        assert (tmp_path / "v" / "vault.json").read_bytes() == before
        assert vault.is_open


def test_a_misread_sheet_is_no_guess(tmp_path: Path) -> None:
    new_vault(tmp_path / "v").close()
    for _ in range(5):
        with pytest.raises(WrongPassphrase, match="were typed"):
            reopen(tmp_path / "v", recovery="one two")
    wrong = " ".join(recovery.words_of(bytes(16)))
    for expected in (WrongPassphrase, WrongPassphrase, TriedTooSoon):
        with pytest.raises(WrongPassphrase) as told:
            reopen(tmp_path / "v", recovery=wrong)
        assert told.type is expected


HALF = "\ud83d"


@pytest.mark.parametrize(
    ("typed", "kept"), [(f"a{HALF}b", "a\ufffdb"), ("\ud83d\ude00!", "😀!"), ("Zoë", "Zoë")]
)
def test_half_a_sign_never_reaches_the_books(vault: Vault, typed: str, kept: str) -> None:
    one = Enterprise(id=new_id(), name=typed, service_types=(typed,), facts={"x": [typed]})
    with vault.change(by=COACH, at=NOON) as unit:
        unit.add(one)
        unit.set(Enterprise, one.id, place=typed)
        unit.remove(Enterprise, one.id, why=typed)
    first, second, last = vault.exchange.unsent()
    assert (first.fields["name"], first.fields["service_types"]) == (kept, [kept])
    assert first.fields["facts"] == {"x": [kept]}
    assert (second.fields, last.note) == ({"place": kept}, kept)
    vault.drafts.keep("d", typed)
    assert vault.drafts.read("d") == kept
    assert vault.reader.search(typed) is not None
    assert vault.reader.caseload(typed).ids == ()


@settings(max_examples=60, suppress_health_check=list(HealthCheck), deadline=None)
@given(st.text(st.characters(exclude_characters="\x00"), max_size=12))
def test_any_text_that_can_be_typed_can_be_sent(vault: Vault, typed: str) -> None:
    one = Enterprise(id=new_id(), name=typed)
    with vault.change(by=COACH, at=NOON) as unit:
        unit.add(one)
    op = vault.exchange.unsent(10**6)[-1]
    assert len(op.fields["name"].encode()) >= len(op.fields["name"])
    found = vault.reader.get(Enterprise, one.id)
    assert found is not None
    assert found.name == op.fields["name"]


def test_a_reserve_is_taken_with_a_copy_and_given_up_on_a_full_disk(vault: Vault) -> None:
    held = vault.place.folder / "reserve.bin"
    vault.back_up()
    assert held.stat().st_size == reserve.BYTES
    assert held.stat().st_blocks * 512 >= reserve.BYTES  # room, not a hole
    used = vault._db.row("PRAGMA page_count")[0]
    vault._db.rows(f"PRAGMA max_page_count = {used}")
    with pytest.raises(VaultFull), vault.change(by=COACH, at=NOON) as unit:
        unit.add_all(Enterprise(id=new_id(), name="x" * 900) for _ in range(20))
    assert not held.exists()
    vault._db.rows("PRAGMA max_page_count = 100000")
    vault.back_up()
    assert held.exists()


def test_no_room_for_a_reserve_is_no_trouble(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "full")

    monkeypatch.setattr(reserve, "_fill", full)
    assert not reserve.keep(tmp_path)
    assert list(tmp_path.iterdir()) == []
    assert not reserve.give_up(tmp_path)


def test_practice_opens_without_a_count(tmp_path: Path) -> None:
    Vault.create(tmp_path / "p", practice=True, cost=TINY)[0].close()
    Vault.open(tmp_path / "p").close()
