"""A full disk: said as a full disk, nothing half written, reading goes on, and later saving too."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

import pytest
from sqlcipher3 import dbapi2

from forms.facts.people import Enterprise
from forms.values import new_id
from storage import database, errors, rebuild, reserve
from storage.errors import VaultBug, VaultFull, VaultUnwell, classified
from storage.vault import Vault
from tests.storage.samples import COACH, NOON, PASSPHRASE, TINY, reopen


def limit_pages(vault: Vault, more: int) -> None:
    used = vault._db.row("PRAGMA page_count")[0]
    vault._db.rows(f"PRAGMA max_page_count = {used + more}")


def add(vault: Vault, name: str) -> str:
    record = Enterprise(id=new_id(), name=name, access_needs="x" * 3000)
    with vault.change(by=COACH, at=NOON) as unit:
        unit.add(record)
    return record.id


def saved_until_full(vault: Vault) -> list[str]:
    saved: list[str] = []

    def save_on() -> None:
        for number in range(1000):
            saved.append(add(vault, f"n{number}"))

    with pytest.raises(VaultFull, match="This laptop is full"):
        save_on()
    return saved


@pytest.mark.parametrize("room", range(0, 24, 2))
def test_wherever_the_disk_fills_up_all_or_nothing_is_saved(vault: Vault, room: int) -> None:
    first = add(vault, "first")
    limit_pages(vault, room)
    saved = [first, *saved_until_full(vault)]
    kept = {record.id for record in vault.reader.all(Enterprise)}
    assert kept == set(saved)
    assert {op.record_id for op in vault.exchange.unsent()} == kept
    assert rebuild.differences(vault._db) == []
    limit_pages(vault, 10_000)
    saved.append(add(vault, "after"))
    assert vault.reader.count(Enterprise) == len(saved)
    assert [op.seq for op in vault.exchange.unsent()] == list(range(1, len(saved) + 1))


def test_without_the_guards_a_full_disk_is_called_a_bug(
    vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    def roll_back_blindly(db: Any) -> None:
        try:
            db._raw.execute("ROLLBACK")
        except dbapi2.Error as error:
            raise classified(error) from None

    monkeypatch.setattr(database.Database, "_roll_back", roll_back_blindly)
    monkeypatch.setattr(errors, "_chain", lambda error: [error])
    limit_pages(vault, 4)
    with pytest.raises(VaultBug, match="no transaction is active"):
        list(map(add, [vault] * 1000, map(str, range(1000))))


def test_the_true_reason_is_found_behind_a_failed_rollback() -> None:
    class Failed(Exception):
        sqlite_errorcode = 1

    full = Exception("database or disk is full")
    hidden = Failed("cannot rollback - no transaction is active")
    hidden.__context__ = full
    assert isinstance(classified(hidden), VaultFull)


@pytest.mark.parametrize(("number", "fault"), [(errno.ENOSPC, VaultFull), (errno.EIO, VaultUnwell)])
def test_a_file_that_cannot_be_written_is_not_half_kept(
    vault: Vault, monkeypatch: pytest.MonkeyPatch, number: int, fault: type[Exception]
) -> None:
    def fails(_: int) -> None:
        raise OSError(number, "disk")

    monkeypatch.setattr(os, "fsync", fails)
    with pytest.raises(fault):
        vault.files.store(b"%PDF-1.7 letter", name="letter.pdf")
    assert list(vault.place.files.iterdir()) == []
    assert vault._db.rows("SELECT * FROM stored_file") == []


def test_a_passphrase_change_that_cannot_be_written_leaves_the_old_one(
    vault: Vault, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def fails(_: int) -> None:
        raise OSError(errno.ENOSPC, "disk")

    monkeypatch.setattr(os, "fsync", fails)
    with pytest.raises(VaultFull):
        vault.access.change_passphrase(PASSPHRASE, "three new words", cost=TINY)
    monkeypatch.undo()
    vault.close()
    reopen(tmp_path / "vault").close()


def test_bytes_that_the_disk_does_not_let_go_are_said(
    vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    (vault.place.files / "loose").write_bytes(b"nobody has a key for this")

    def fails(*_: object, **__: object) -> None:
        raise OSError(errno.EIO, "disk")

    monkeypatch.setattr(os, "unlink", fails)
    with pytest.raises(VaultUnwell):
        vault.files.sweep()
    monkeypatch.undo()
    assert vault.files.sweep() == 1


def test_a_reserve_that_can_neither_be_made_nor_taken_away_stops_nobody(
    vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise OSError(errno.EIO, "disk")

    monkeypatch.setattr(os, "unlink", fails)
    monkeypatch.setattr(os, "fsync", fails)
    assert not reserve.keep(vault.place.folder)
