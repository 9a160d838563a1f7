"""A page of the register need not wait for the disk; whatever else a vault does, does.

What a power cut may take is the page with its place in the feed, and the next round brings both.
"""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from forms.change import DELETED
from forms.facts.listing import QACheck
from forms.facts.money import SeedClaim
from forms.facts.people import Enquiry, Enterprise, Leader
from storage.atomic import sync_file
from storage.database import Database
from storage.errors import VaultDamaged, VaultUnwell
from storage.exchange import Exchange
from storage.log_again import FRAME, HEAD
from storage.vault import Vault
from tests.faults import disk, operations
from tests.faults.dark import Platter
from tests.storage.register_pages import IDENTITY, page, part, state_of
from tests.storage.samples import COACH, NOON, new_vault, reopen

pytestmark = pytest.mark.skipif(bool(disk.why_not()), reason=disk.why_not())
LOG = "records.db-wal"


def erase_on_two_pages(vault: Vault) -> None:
    """The second says only what is empty now: whose it was, the first has said."""
    told = Leader(id="named", enterprise_id=operations.TWO, name="Rosa Hill")
    vault.exchange.absorb(page(state_of(told), seq=22), NOON)
    operations.erase(vault)
    vault.exchange.absorb(page(part(Leader, "named", "9.9", name=""), seq=24), NOON)


def forget_a_claim(vault: Vault) -> None:
    claim = SeedClaim(
        id="claim", enterprise_id=operations.ONE, state="CLOSED", applicant="Rosa", barrier="Cost"
    )
    vault.exchange.absorb(page(state_of(claim), seq=22), NOON)
    words = {"applicant": "", "barrier": "", "interest_declared": ""}
    vault.exchange.absorb(page(part(SeedClaim, "claim", "9.9", **words), seq=23), NOON)


def forget_a_certificate(vault: Vault) -> None:
    check = QACheck(
        id="dbs", enterprise_id=operations.ONE, kind="dbs", level="enhanced", seen_how="post"
    )
    vault.exchange.absorb(page(state_of(check), seq=22), NOON)
    gone = {"level": "", "seen_how": ""}
    vault.exchange.absorb(page(part(QACheck, "dbs", "9.9", **gone), seq=23), NOON)


def remove_elsewhere(vault: Vault) -> None:
    gone = replace(part(Enterprise, operations.TWO, "9.9"), deleted=True)
    versions = {DELETED: ("9.9",)}
    vault.exchange.absorb(page(replace(gone, versions=versions), seq=22), NOON)


def take_new(vault: Vault) -> None:
    """Whole records, with the names of all their fields."""
    asked = Enquiry(id="q", name="N", created_on=NOON.date())
    states = (state_of(one) for one in (asked, Enterprise(id="new", name="N")))
    vault.exchange.absorb(page(*states, seq=22), NOON)


def read_a_file(vault: Vault) -> None:
    """As `sync.client.carry` ends."""
    operations.take_page(vault)
    vault.exchange.witness("")


WAIT = (
    operations.let_go,
    operations.take_whole,
    operations.erase,
    erase_on_two_pages,
    forget_a_claim,
    forget_a_certificate,
    remove_elsewhere,
    operations.take_receipts,
    read_a_file,
    operations.take_answer,
    operations.keep_draft,
    operations.edit,
)


def ends_synced(folder: Path, operation: Callable[[Vault], None]) -> bool:
    """Whether the disk had the whole log when an operation came back."""
    with disk.laid(folder) as under, operations.lived(folder / "v") as vault:
        vault._db.make_sure()
        under.recording = True
        operation(vault)
        done = [event.what for event in under.events if event.path.endswith(LOG)]
    assert "write" in done
    return done[-1] == "sync"


@pytest.mark.parametrize("operation", WAIT, ids=lambda one: one.__name__)
def test_what_is_the_persons_own_or_takes_away_waits_for_the_disk(
    tmp_path: Path, operation: Callable[[Vault], None]
) -> None:
    assert ends_synced(tmp_path, operation)


@pytest.mark.parametrize("operation", [operations.take_page, take_new])
def test_a_page_does_not_wait(tmp_path: Path, operation: Callable[[Vault], None]) -> None:
    assert not ends_synced(tmp_path, operation)


def fetched(vault: Vault, number: int) -> None:
    state = part(Enterprise, "r1", f"9.{number}", name="R", phone=str(number))
    vault.exchange.absorb(page(state, seq=number), NOON)


def three_pages(vault: Vault, _: disk.Disk) -> None:
    for number in range(1, 4):
        fetched(vault, number)


def nights(tmp_path: Path, day: Callable[[Vault, disk.Disk], None] = three_pages) -> Iterator[Path]:
    """Forty times what is left of a vault after a day and a power cut."""
    home = tmp_path / "day"
    home.mkdir()
    with disk.laid(home) as under:
        under.recording = True
        vault = new_vault(home / "v")
        vault.exchange.adopt(IDENTITY)
        with vault.change(by=COACH, at=NOON) as unit:
            unit.add(Enterprise(id="e1", name="Own", phone="7"))
        day(vault, under)
        events = [*under.events]
        vault.close()
    shutil.rmtree(home)
    platter = Platter(home)
    for event in events:
        platter.happen(event)
    for run in range(40):
        platter.left(tmp_path / "left", random.Random(run))  # noqa: S311
        yield tmp_path / "left" / "v"
        shutil.rmtree(tmp_path / "left")


def test_what_is_lost_is_the_page_alone_and_the_next_round_brings_it(tmp_path: Path) -> None:
    seen = set()
    for left in nights(tmp_path):
        with reopen(left) as vault:
            phones = {one.id: one.phone for one in vault.reader.all(Enterprise)}
            assert phones["e1"] == "7"
            assert phones["r1"] == str(vault.exchange.bookmark().seq)
            seen.add(phones["r1"])
            fetched(vault, 3)
            assert {one.phone for one in vault.reader.all(Enterprise)} == {"7", "3"}
    assert seen == {"2", "3"}  # the lights took the newest, or left it


def test_bytes_go_only_when_the_disk_knows_that_nothing_names_them(tmp_path: Path) -> None:
    with disk.laid(tmp_path) as under, operations.lived(tmp_path / "v") as vault:
        loose = vault.place.files / os.urandom(16).hex()
        vault._db.make_sure()
        loose.write_bytes(b"no row names these")
        under.recording = True
        operations.take_page(vault)
    done = [event.what for event in under.events if event.path.endswith((LOG, loose.name))]
    assert "sync" in done[: done.index("drop")]


def test_one_that_fails_to_reach_the_disk_is_said_before_anything_more_is_written(
    tmp_path: Path,
) -> None:
    with disk.laid(tmp_path) as under, operations.lived(tmp_path / "v") as vault:
        operations.take_page(vault)
        before = vault._db.row("PRAGMA wal_checkpoint(NOOP)")[1]
        under.fail(1)
        with pytest.raises(VaultUnwell):
            operations.edit(vault)
        under.heal()
        assert vault._db.row("PRAGMA wal_checkpoint(NOOP)")[1] == before
        operations.edit(vault)


def save(vault: Vault) -> None:
    with vault.change(by=COACH, at=NOON) as unit:
        unit.set(Enterprise, "e1", phone="8")


@pytest.mark.parametrize("asked", [save, Vault.checkpoint], ids=["save", "fold"])
def test_one_that_failed_once_is_written_again_before_anything_is_saved_behind_it(
    tmp_path: Path, asked: Callable[[Vault], None]
) -> None:
    def day(vault: Vault, under: disk.Disk) -> None:
        fetched(vault, 1)
        under.fail(1)
        with pytest.raises(VaultUnwell):
            asked(vault)
        under.heal()
        save(vault)

    for left in nights(tmp_path, day):
        with reopen(left) as vault:
            phones = {one.id: one.phone for one in vault.reader.all(Enterprise)}
            assert phones == {"e1": "8", "r1": "1"}


def test_a_sync_that_failed_and_is_merely_asked_again_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def believed(log: Path, _: int) -> bool:
        sync_file(log)
        return True

    monkeypatch.setattr("storage.database.write_again", believed)
    with pytest.raises(AssertionError):
        test_one_that_failed_once_is_written_again_before_anything_is_saved_behind_it(
            tmp_path, save
        )


def test_nothing_is_saved_behind_what_cannot_be_read_as_it_was_written(tmp_path: Path) -> None:
    with disk.laid(tmp_path) as under, operations.lived(tmp_path / "v") as vault:
        operations.take_page(vault)
        log = vault.place.folder / LOG
        frames = vault._db.row("PRAGMA wal_checkpoint(NOOP)")[1]
        under.fail(1)
        with pytest.raises(VaultUnwell):
            operations.edit(vault)
        under.heal()
        was = log.read_bytes()
        for at in (20, HEAD.size + 1, HEAD.size + FRAME.size + 7, len(was) - 1):
            flipped(log, at)
            for _ in range(2):
                with pytest.raises(VaultUnwell, match="open it again"):
                    operations.edit(vault)
            flipped(log, at)
        assert vault._db.row("PRAGMA wal_checkpoint(NOOP)")[1] == frames
        assert log.read_bytes() == was
        operations.edit(vault)


def flipped(log: Path, at: int) -> None:
    """One bit of a log the other way round; twice is not at all."""
    with log.open("r+b") as file:
        file.seek(at)
        (byte,) = file.read(1)
        file.seek(at)
        file.write(bytes([byte ^ 1]))


def test_a_receipt_that_does_not_wait_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Exchange.acknowledge

    def hasty(self: Exchange, *said: Any, **named: Any) -> Any:
        with self._db.transaction(waits=False):
            return real(self, *said, **named)

    monkeypatch.setattr(Exchange, "acknowledge", hasty)
    assert not ends_synced(tmp_path, operations.take_receipts)


def test_pages_upon_pages_that_the_disk_has_not_would_look_like_damage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Database, "make_sure", lambda self: None)
    refused = 0
    for left in nights(tmp_path):
        try:
            reopen(left).close()
        except VaultDamaged:
            refused += 1
    assert refused > 0
