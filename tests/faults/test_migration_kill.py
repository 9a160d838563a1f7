"""Killed -9 at each statement of a migration: old vault or new vault, never between."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

import pytest

from storage import connection as encrypted
from storage import migrations
from storage.keys import SecretKey
from storage.migrations import m0001_initial

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
STATEMENTS = len(migrations.split(m0001_initial.SQL)) + 3  # begin, number, commit


class Dying:
    """A connection whose process is killed just before its n-th statement."""

    def __init__(self, inner: Any, at: int, *, careless: bool) -> None:
        self.inner, self.left, self.careless = inner, at, careless

    def execute(self, sql: str) -> Any:
        if not sql.startswith("PRAGMA user_version") or "=" in sql:
            self.left -= 1
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        if self.careless and sql in ("BEGIN IMMEDIATE", "COMMIT"):
            return None
        return self.inner.execute(sql)

    @property
    def in_transaction(self) -> bool:
        return bool(self.inner.in_transaction)


def killed_at(home: Path, at: int, *, careless: bool = False) -> tuple[int, int]:
    """(schema, number of tables) of what is left."""
    path, key = home / f"v{at}.db", SecretKey(b"k" * 32)
    encrypted.create(path, key).close()
    child = os.fork()
    if child == 0:
        migrations.bring_up(Dying(encrypted.connect(path, key), at, careless=careless))
        os._exit(0)
    os.waitpid(child, 0)
    connection = encrypted.connect(path, key)
    try:
        tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        schema = migrations.stored(connection)
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        if not careless:
            migrations.bring_up(connection)
            assert migrations.stored(connection) == migrations.newest()
    finally:
        connection.close()
    return schema, int(tables)


def whole_tables(home: Path) -> int:
    return killed_at(home, STATEMENTS + 1)[1]


@pytest.mark.parametrize(
    "every", [9, pytest.param(1, marks=pytest.mark.long)], ids=["some", "every"]
)
def test_killed_anywhere_it_is_old_or_new(tmp_path: Path, every: int) -> None:
    old, new = (0, 0), (1, whole_tables(tmp_path))
    seen = {killed_at(tmp_path, at) for at in range(1, STATEMENTS + 1, every)}
    assert seen == {old}  # before the commit it is the old one
    assert killed_at(tmp_path, STATEMENTS + 2) == new


def test_without_one_transaction_it_is_found_between(tmp_path: Path) -> None:
    schema, tables = killed_at(tmp_path, STATEMENTS // 2, careless=True)
    assert schema == 0
    assert tables > 0
