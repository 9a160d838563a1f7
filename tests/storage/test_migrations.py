"""Migrations make the tables that the classes say, each step whole or not at all."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine
from sqlcipher3 import dbapi2

from forms.facts.kinds import KINDS
from forms.facts.people import Enterprise
from forms.values import new_id
from storage import migrations
from storage.errors import VaultReadOnly, VaultTooNew
from storage.tables import VaultRow
from tests.storage.samples import COACH, NOON, PASSPHRASE, new_vault, reopen

ROOT = Path(__file__).parents[2]


def plain() -> Any:
    return dbapi2.connect(":memory:", isolation_level=None)


def shape(connection: Any) -> dict[str, str]:
    """Name -> statement, spacing aside; word indexes and their triggers apart."""
    found = connection.execute(
        "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND type IN ('table', 'index')"
    )
    return {
        name: re.sub(r"\s+", " ", re.sub(r"\s*([(),])\s*", r"\1", sql)).strip()
        for name, sql in found
        if not name.startswith(("find_people", "find_notes", "caseload_words"))
    }


def up_to(number: int) -> Any:
    """A fresh vault that only the first steps have run on."""
    made = plain()
    for step, name in migrations.steps():
        if step <= number:
            migrations._run(made, step, name)
    return made


def test_migrations_make_the_tables_of_the_classes() -> None:
    migrated, made = plain(), plain()
    migrations.bring_up(migrated)
    engine = create_engine("sqlite://", module=dbapi2, creator=lambda: made)
    VaultRow.metadata.create_all(engine)
    assert shape(migrated) == shape(made)
    assert set(KINDS) <= set(shape(migrated))


def test_steps_are_numbered_without_gaps_and_say_what_they_do() -> None:
    numbers = [number for number, _ in migrations.steps()]
    assert numbers == list(range(1, len(numbers) + 1))
    for _, name in migrations.steps():
        step = __import__(f"storage.migrations.{name}", fromlist=["INFO"])
        assert step.INFO


class FailsAt:
    """A connection that breaks at the n-th statement."""

    def __init__(self, inner: Any, at: int) -> None:
        self.inner, self.left = inner, at

    def execute(self, sql: str) -> Any:
        self.left -= 1
        if self.left == 0:
            raise dbapi2.OperationalError("disk I/O error")
        return self.inner.execute(sql)

    @property
    def in_transaction(self) -> bool:
        return bool(self.inner.in_transaction)


def test_a_step_that_breaks_anywhere_leaves_the_old_vault() -> None:
    modules = [import_module(f"storage.migrations.{name}") for _, name in migrations.steps()]
    statements = sum(len(migrations.split(step.SQL)) + 3 for step in modules)
    broken = 0
    for at in range(2, statements + 2, 3):
        inner = plain()
        try:
            migrations.bring_up(FailsAt(inner, at))
        except dbapi2.OperationalError:
            broken += 1
            reached = migrations.stored(inner)  # a whole step, never half of one
            assert reached < migrations.newest()
            assert shape(inner) == shape(up_to(reached))
            migrations.bring_up(inner)
        assert migrations.stored(inner) == migrations.newest()
    assert broken > 20


def test_a_vault_of_a_newer_version_is_looked_at_and_not_written(tmp_path: Path) -> None:
    one = Enterprise(id=new_id(), name="Mary's")
    with new_vault(tmp_path / "v") as vault:
        with vault.change(by=COACH, at=NOON) as unit:
            unit.add(one)
        with vault._db.transaction():
            vault._db.do("ALTER TABLE enterprise ADD COLUMN colour VARCHAR NOT NULL DEFAULT ''")
            vault._db.do("PRAGMA user_version = 99")
    records = tmp_path / "v" / "records.db"
    before = hashlib.sha256(records.read_bytes()).hexdigest()
    with pytest.raises(VaultTooNew, match="You can look but not change"):
        reopen(tmp_path / "v")
    with reopen(tmp_path / "v", passphrase=PASSPHRASE, read_only=True) as vault:
        assert vault.reader.all(Enterprise) == [one]
        with pytest.raises(VaultReadOnly), vault.change(by=COACH, at=NOON) as unit:
            unit.set(Enterprise, one.id, name="x")
    assert hashlib.sha256(records.read_bytes()).hexdigest() == before


def test_the_unlock_screen_needs_neither_mapper_nor_cipher() -> None:
    code = (
        "import sys, storage, storage.vault, storage.errors\n"
        "heavy = {'sqlalchemy', 'sqlmodel', 'pydantic', 'sqlcipher3', 'cryptography', 'keyring'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
        "storage.vault.warm()\n"
        "print(sorted(heavy & set(sys.modules)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    light, warm = done.stdout.splitlines()
    assert light == "[]"
    assert "sqlcipher3" in warm
    assert "sqlalchemy" not in warm  # 43 MB of a mapper that no statement needs
    assert "keyring" not in warm
