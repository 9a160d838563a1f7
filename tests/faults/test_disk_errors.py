"""The disk refuses at the n-th step of a core operation, for every n: words, nothing lost.

Two places to fail: each statement that reaches the database driver, and each call that makes a
file durable (sync, rename). Afterwards the disk is well again, and the vault is whole.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlcipher3 import dbapi2

from forms.facts.casework import CoachingSession
from forms.facts.people import Enterprise
from forms.values import new_id
from storage import rebuild
from storage.check import problems
from storage.errors import StorageError, VaultBug, VaultFault, VaultFull, VaultUnwell
from storage.vault import Vault
from tests.faults import weak
from tests.storage.register_pages import IDENTITY, ack, page, part, state_of
from tests.storage.samples import COACH, NOON, PASSPHRASE, TINY, new_vault, reopen

PDF = b"%PDF-1.7 letter"
WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE", "COMMIT", "BEGIN")
ONE = "0190-one"


class Faults:
    """Counts what could fail and fails at the chosen one."""

    def __init__(self) -> None:
        self.at = self.seen = 0
        self.number = errno.EIO

    def step(self) -> None:
        self.seen += 1
        if self.seen == self.at:
            raise OSError(self.number, "disk")

    def statement(self, sql: str) -> None:
        if not sql.lstrip().upper().startswith(WRITES):
            return
        self.seen += 1
        if self.seen == self.at:
            full = self.number == errno.ENOSPC
            error = dbapi2.OperationalError(
                "database or disk is full" if full else "disk I/O error"
            )
            error.sqlite_errorcode = 13 if full else 10
            raise error


FAULTS = Faults()


class FailingCursor(dbapi2.Cursor):  # type: ignore[misc]
    def execute(self, sql: str, *values: Any) -> Any:
        FAULTS.statement(sql)
        return super().execute(sql, *values)

    def executemany(self, sql: str, values: Any) -> Any:
        FAULTS.statement(sql)
        return super().executemany(sql, values)


class Failing(dbapi2.Connection):  # type: ignore[misc]
    def execute(self, sql: str, *values: Any) -> Any:
        FAULTS.statement(sql)
        return super().execute(sql, *values)

    def executemany(self, sql: str, values: Any) -> Any:
        FAULTS.statement(sql)
        return super().executemany(sql, values)

    def cursor(self, *_: Any) -> Any:
        return super().cursor(FailingCursor)


def add(vault: Vault) -> None:
    with vault.change(by=COACH, at=NOON) as unit:
        one = Enterprise(id=new_id(), name="Added", phone="0777")
        unit.add(one)
        unit.add(CoachingSession(id=new_id(), enterprise_id=one.id, on=NOON.date(), note="n"))


def edit(vault: Vault) -> None:
    with vault.change(by=COACH, at=NOON) as unit:
        unit.set(Enterprise, ONE, phone="2", place="Deal")


def remove(vault: Vault) -> None:
    with vault.change(by=COACH, at=NOON) as unit:
        unit.remove(Enterprise, ONE)


def keep_draft(vault: Vault) -> None:
    vault.drafts.keep("k", "typed")


def store_file(vault: Vault) -> None:
    vault.files.store(PDF + os.urandom(4).hex().encode(), name="a.pdf")


def take_page(vault: Vault) -> None:
    vault.exchange.absorb(page(part(Enterprise, ONE, "9.7", place="Hythe"), seq=20), NOON)


def take_receipts(vault: Vault) -> None:
    ack(vault)


def copy(vault: Vault) -> None:
    vault.back_up()


def change_words(vault: Vault) -> None:
    vault.access.change_passphrase(PASSPHRASE, PASSPHRASE, cost=TINY)


def export(vault: Vault) -> None:
    vault.export_to(vault.place.folder.parent / f"out-{new_id()}")


OPERATIONS = [
    add,
    edit,
    remove,
    keep_draft,
    store_file,
    take_page,
    take_receipts,
    copy,
    change_words,
    export,
]


def prepared(folder: Path) -> Vault:
    vault = new_vault(folder)
    vault.exchange.adopt(IDENTITY)
    vault.exchange.absorb(page(state_of(Enterprise(id=ONE, name="One", phone="1"))), NOON)
    edit_first = {"phone": "before"}
    with vault.change(by=COACH, at=NOON) as unit:
        unit.set(Enterprise, ONE, **edit_first)
    vault.drafts.keep("old", "kept text")
    return vault


def state(vault: Vault) -> dict[str, Any]:
    """What a person would miss."""
    return {
        "records": rebuild.kept(vault._db),
        "unsent": vault.exchange.unsent(),
        "draft": vault.drafts.read("old"),
    }


def fail_everywhere(
    folder: Path,
    operation: Callable[[Vault], None],
    number: int,
    monkeypatch: pytest.MonkeyPatch,
    every: int = 1,
) -> int:
    """Fail at each step in turn; at which the operation got through."""
    weak.use(monkeypatch, Failing)
    for name in ("fsync", "rename", "replace", "link"):
        real = getattr(os, name)

        def may_fail(*given: Any, _real: Any = real, **named: Any) -> Any:
            FAULTS.step()
            return _real(*given, **named)

        monkeypatch.setattr(os, name, may_fail)
    FAULTS.number, FAULTS.at = number, 0
    vault = prepared(folder)
    at = 1 - every
    try:
        while True:
            at += every
            before = state(vault)
            FAULTS.seen, FAULTS.at = 0, at
            fault = outcome(vault, operation)
            FAULTS.at = 0
            if fault is None:
                return at - 1
            assert isinstance(fault, VaultFault), f"step {at}: {fault!r}"
            assert str(fault).endswith(".")
            assert isinstance(fault, VaultFull if number == errno.ENOSPC else VaultUnwell)
            assert state(vault) == before, f"step {at}"
            assert rebuild.differences(vault._db) == []
            assert problems(vault._db) == []
    finally:
        FAULTS.at = 0
        vault.close()


def outcome(vault: Vault, operation: Callable[[Vault], None]) -> StorageError | None:
    try:
        operation(vault)
    except StorageError as fault:
        return fault
    return None


@pytest.mark.parametrize("number", [errno.EIO, errno.ENOSPC], ids=["error", "full"])
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.__name__)
def test_wherever_the_disk_refuses_it_is_said_and_nothing_is_half_done(
    tmp_path: Path,
    operation: Callable[[Vault], None],
    number: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    every = 9 if operation in (copy, export) else 1  # these write file after file
    fail_everywhere_and_go_on(tmp_path / "v", operation, number, monkeypatch, every)


@pytest.mark.long
@pytest.mark.parametrize("number", [errno.EIO, errno.ENOSPC], ids=["error", "full"])
@pytest.mark.parametrize("operation", [copy, export], ids=lambda operation: operation.__name__)
def test_wherever_a_copy_or_an_export_is_refused(
    tmp_path: Path,
    operation: Callable[[Vault], None],
    number: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fail_everywhere_and_go_on(tmp_path / "v", operation, number, monkeypatch, 1)


def fail_everywhere_and_go_on(
    folder: Path,
    operation: Callable[[Vault], None],
    number: int,
    monkeypatch: pytest.MonkeyPatch,
    every: int,
) -> None:
    assert fail_everywhere(folder, operation, number, monkeypatch, every) >= 1
    monkeypatch.undo()
    with reopen(folder) as vault:  # and the next day all is well
        add(vault)
        assert [check.name for check in vault.check().checks if not check.ok] == []


def test_without_one_transaction_a_refusal_leaves_halves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from storage.database import Database
    from tests.faults.writer import _no_transaction

    monkeypatch.setattr(Database, "transaction", _no_transaction)
    with pytest.raises(AssertionError):
        fail_everywhere(tmp_path / "v", add, errno.EIO, monkeypatch)


def test_an_unknown_error_is_called_a_bug() -> None:
    from storage.errors import classified

    assert isinstance(classified(ValueError("x")), VaultBug)
