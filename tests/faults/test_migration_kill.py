"""Killed -9 at each statement of each migration: old vault or new vault, never between.

Every step there is, and every step that will be, from the schema before it, with records in it
where there can be any. Without one transaction a step is found half way.
"""

from __future__ import annotations

import os
import shutil
import signal
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from storage import connection as encrypted
from storage import migrations
from storage.keys import SecretKey
from tests.support.goals import Tell

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
KEY = b"k" * 32
STEPS = migrations.steps()


class Dying:
    """A connection whose process is killed just before its n-th statement; 0 for never."""

    def __init__(self, inner: Any, at: int, *, careless: bool = False) -> None:
        self.inner, self.at, self.careless, self.seen = inner, at, careless, 0

    def execute(self, sql: str) -> Any:
        if not sql.startswith("PRAGMA user_version") or "=" in sql:
            self.seen += 1
        if self.seen == self.at:
            os.kill(os.getpid(), signal.SIGKILL)
        if self.careless and sql in ("BEGIN IMMEDIATE", "COMMIT"):
            return None
        return self.inner.execute(sql)

    @property
    def in_transaction(self) -> bool:
        return bool(self.inner.in_transaction)


@dataclass(frozen=True, slots=True)
class Seen:
    """A vault's schema: its number and every statement that made it."""

    number: int
    made: tuple[str, ...]


def before(home: Path, number: int) -> Path:
    """A file at the schema before this step."""
    path = home / "before.db"
    encrypted.create(path, SecretKey(KEY)).close()
    connection = encrypted.connect(path, SecretKey(KEY))
    try:
        for one, name in STEPS:
            if one < number:
                migrations._run(connection, one, name)
        if number > 1:
            connection.execute("INSERT INTO meta(key, value) VALUES ('kept', 'all the while')")
    finally:
        connection.close()
    return path


def seen(path: Path) -> Seen:
    connection = encrypted.connect(path, SecretKey(KEY))
    try:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        made = connection.execute("SELECT sql FROM sqlite_master ORDER BY name, sql").fetchall()
        number = migrations.stored(connection)
        if number > 1:
            kept = connection.execute("SELECT value FROM meta WHERE key = 'kept'").fetchone()
            assert kept == ("all the while",)
        return Seen(number, tuple(str(row[0]) for row in made))
    finally:
        connection.close()


def run_to(path: Path, step: tuple[int, str], at: int, *, careless: bool = False) -> None:
    """The step in a child that is killed just before its n-th statement."""
    child = os.fork()
    if child == 0:
        connection = encrypted.connect(path, SecretKey(KEY))
        migrations._run(Dying(connection, at, careless=careless), *step)
        os._exit(0)
    os.waitpid(child, 0)


def statements(step: tuple[int, str]) -> int:
    """How many statements the step sends, begin, number and commit among them."""
    return len(migrations.split(import_module(f"storage.migrations.{step[1]}").SQL)) + 3


def between(home: Path, step: tuple[int, str], every: int, *, careless: bool = False) -> int:
    """In how many of its kills the step left neither the old vault nor the new one."""
    start = before(home, step[0])
    old = seen(start)
    new_file = Path(shutil.copyfile(start, home / "new.db"))
    run_to(new_file, step, 0)
    new = seen(new_file)
    assert new.number == step[0] > old.number
    odd = 0
    last = statements(step)
    for at in sorted({*range(1, last + 1, every), last, last + 1}):
        path = Path(shutil.copyfile(start, home / f"at{at}.db"))
        run_to(path, step, at, careless=careless)
        left = seen(path)
        odd += left != (new if at > last else old)
        if left == old:  # and the next start brings it up
            run_to(path, step, 0)
            odd += seen(path) != new
        path.unlink()
    return odd


@pytest.mark.parametrize(
    "every", [9, pytest.param(1, marks=pytest.mark.long)], ids=["some", "every"]
)
@pytest.mark.parametrize("step", STEPS, ids=lambda step: step[1])
def test_killed_anywhere_it_is_old_or_new(
    tmp_path: Path, step: tuple[int, str], every: int, goal: Tell
) -> None:
    odd = between(tmp_path, step, every)
    goal(7, f"killed in {step[1]}", runs=statements(step) // every + 1, failures=odd)
    assert odd == 0


def test_without_one_transaction_it_is_found_between(tmp_path: Path) -> None:
    assert between(tmp_path, STEPS[0], 20, careless=True) > 0
