"""The disk refuses at the n-th step of a core operation, for every n: words, nothing lost.

A step is a write, a sync or a cut of SQLCipher's own files, or a call of Python that changes a
file or a name. It is refused once, or from there on, or the disk is full from there on and takes
half of a write. Afterwards the disk is well again, and the vault is whole.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from forms.facts.people import Enterprise
from storage import backup, database, import_export, rebuild, slots
from storage.check import problems
from storage.database import Database
from storage.errors import (
    ChangeRefused,
    StorageError,
    VaultBug,
    VaultExists,
    VaultFull,
    VaultUnwell,
    classified,
)
from storage.place import Place
from storage.vault import Vault
from tests.faults import disk, operations
from tests.faults.operations import INSIDE, LONG, OUTSIDE, Outside, lived
from tests.faults.writer import _no_transaction
from tests.storage.samples import reopen
from tests.support.goals import Tell

pytestmark = pytest.mark.skipif(bool(disk.why_not()), reason=disk.why_not())
KINDS: dict[str, dict[str, bool]] = {
    "once": {},
    "dead": {"goes_on": True},
    "full": {"full": True, "goes_on": True, "short": True},
}
Inside = Callable[[Vault], None]


def state(vault: Vault) -> dict[str, Any]:
    """What a person would miss. Not the receipt of an erasure: it is written ahead on purpose."""
    copies = vault.place.copies
    return {
        "records": rebuild.kept(vault._db),
        "unsent": vault.exchange.unsent(),
        "receipts": vault._db.rows(
            "SELECT inc, seq, result FROM outbox WHERE acked_at IS NOT NULL"
        ),
        "bookmark": vault.exchange.bookmark(),
        "joined": vault.exchange.identity(),
        "decisions": vault.reader.decisions(),
        "clashes": vault.reader.conflicts(open_only=False),
        "drafts": vault._db.rows("SELECT key, text FROM draft ORDER BY key"),
        "files": sorted(vault.files.read(row[0]) for row in vault._db.rows(_FILES)),
        "ways": slots.read(vault.place),
        "copies": sorted(path.name for path in copies.iterdir()) if copies.exists() else [],
        "exports": sorted(
            path.name for path in vault.place.folder.glob("out-*") if path.suffix != ".unfinished"
        ),
    }


_FILES = "SELECT sha256 FROM stored_file ORDER BY sha256"


def said(do: Callable[[], object], kind: str) -> StorageError | None:
    """What a person is told; None when it went well. Only known words will do."""
    try:
        do()
    except StorageError as fault:
        told = fault
    else:
        return None
    known = (VaultFull, VaultUnwell) if kind == "full" else (VaultUnwell,)
    assert isinstance(told, known), repr(told)
    assert str(told).endswith(".")
    return told


def prove_whole(vault: Vault, before: dict[str, Any], now: dict[str, Any]) -> None:
    """New copies and exports open from end to end; then they are as welcome as none."""
    for name in set(now["exports"]) - set(before["exports"]):
        import_export.read(vault.place.folder / name)
    for name in set(now["copies"]) - set(before["copies"]):
        backup.verify(Place(vault.place.copies / name), vault._key)
    now |= {what: before[what] for what in ("exports", "copies")}


def loose(vault: Vault) -> int:
    """Files that nothing names."""
    return len(list(vault.place.files.iterdir())) - len(vault._db.rows(_FILES))


def refuse_inside(folder: Path, operation: Inside, kind: str, every: int) -> int:
    """Refuse at each step in turn until the operation gets through; how many were refused."""
    with disk.laid(folder) as under, lived(folder) as vault:
        at, refused = 1 - every, 0
        while True:
            at += every
            before = state(vault)
            under.fail(at, **KINDS[kind])
            fault = said(lambda: operation(vault), kind)
            tried = under.seen
            under.heal()
            if fault is not None:
                now = state(vault)
                if kind == "dead":  # what is whole may stay where it cannot be taken back
                    now["ways"] = before["ways"]
                    prove_whole(vault, before, now)
                assert now == before, f"step {at}"
                assert kind == "dead" or loose(vault) == 0, f"step {at}"
                assert rebuild.differences(vault._db) == []
            assert problems(vault._db) == [], f"step {at}"
            if fault is None and tried < at:
                return refused
            refused += 1


def refuse_outside(home: Path, operation: Outside, kind: str, every: int) -> int:
    """The same for what is done to a folder: afterwards it is done again, and all is there."""
    ready, folder = home / "ready", home / "v"
    operation.ready(ready)
    at, refused = 1 - every, 0
    while True:
        at += every
        if ready.exists():
            shutil.copytree(ready, folder)
        with disk.laid(folder) as under:
            under.fail(at, **KINDS[kind])
            fault = said(lambda: operation.run(folder), kind)
            tried = under.seen
            under.heal()
            if fault is not None:
                with suppress(VaultExists, ChangeRefused):  # done before the refusal was said
                    operation.run(folder)
            with reopen(folder) as vault:
                assert len(vault.reader.all(Enterprise)) == operation.people, f"step {at}"
                assert problems(vault._db) == []
                assert rebuild.differences(vault._db) == []
        shutil.rmtree(folder)
        if fault is None and tried < at:
            return refused
        refused += 1


def tell(goal: Tell, kind: str, refused: int) -> None:
    if kind == "full":
        goal(4, "full disk at a write of a core operation", runs=refused, failures=0)
    else:
        goal(3, "disk error at a step of a core operation", runs=refused, failures=0)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("operation", INSIDE, ids=lambda operation: operation.__name__)
def test_wherever_the_disk_refuses_nothing_is_half_done(
    tmp_path: Path, operation: Inside, kind: str, goal: Tell
) -> None:
    refused = refuse_inside(tmp_path / "v", operation, kind, 41 if operation in LONG else 5)
    tell(goal, kind, refused)
    assert refused or operation is operations.fold


@pytest.mark.long
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("operation", INSIDE, ids=lambda operation: operation.__name__)
def test_at_every_step_that_the_disk_refuses_nothing_is_half_done(
    tmp_path: Path, operation: Inside, kind: str, goal: Tell
) -> None:
    tell(goal, kind, refuse_inside(tmp_path / "v", operation, kind, 1))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("operation", OUTSIDE, ids=lambda operation: operation.name)
def test_wherever_the_disk_refuses_a_vault_is_made_opened_or_mended_later(
    tmp_path: Path, operation: Outside, kind: str, goal: Tell
) -> None:
    refused = refuse_outside(tmp_path, operation, kind, operation.stride)
    tell(goal, kind, refused)
    assert refused


@pytest.mark.long
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("operation", OUTSIDE, ids=lambda operation: operation.name)
def test_at_every_step_that_the_disk_refuses_a_vault_is_mended_later(
    tmp_path: Path, operation: Outside, kind: str, goal: Tell
) -> None:
    tell(goal, kind, refuse_outside(tmp_path, operation, kind, 1))


def test_without_one_transaction_a_refusal_leaves_halves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Database, "transaction", _no_transaction)
    with pytest.raises(AssertionError):
        refuse_inside(tmp_path / "v", operations.add, "once", 1)


def test_without_known_words_a_refusal_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "classified", lambda error: VaultBug(str(error)))
    with pytest.raises(AssertionError, match="VaultBug"):
        refuse_inside(tmp_path / "v", operations.edit, "once", 1)


def test_an_unknown_error_is_called_a_bug() -> None:
    assert isinstance(classified(ValueError("x")), VaultBug)
