"""The laptop's own key store as it truly is: gnome-keyring on a bus of its own, started here.

Linux only: Windows and macOS have stores of their own that cannot be started for a test. Every
process is bounded in time and is looked for afterwards.
"""

from __future__ import annotations

import json
import os
import select
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
WANTED = ("dbus-run-session", "gnome-keyring-daemon")
UNLOCKED = "printf secret | gnome-keyring-daemon --unlock --components=secrets --daemonize"
LOCKED = "gnome-keyring-daemon --start --components=secrets"

pytestmark = pytest.mark.skipif(
    not all(shutil.which(name) for name in WANTED),
    reason="dbus-run-session and gnome-keyring are not on this machine",
)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """A home of its own for bus and store; nothing that knew it is left running."""
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    yield home
    for process in running_in(home):
        ended(process)
    assert running_in(home) == []


def running_in(home: Path) -> list[int]:
    """Ids of processes whose environment names this home."""
    mark = f"HOME={home}".encode()
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            if mark in (entry / "environ").read_bytes().split(b"\0"):
                found.append(int(entry.name))
        except OSError:
            continue  # it ended while we looked, or it is not ours
    return found


def ended(process: int) -> None:
    """Wait until a process has ended: a store hears of its bus's end a moment after it."""
    try:
        handle = os.pidfd_open(process)
    except ProcessLookupError:
        return  # it has
    try:
        select.select([handle], [], [], 20)
    finally:
        os.close(handle)


def seen(home: Path, before: str = "", **more: str) -> dict[str, Any]:
    """What the child saw, in a session with `before` run first; without one when it is ''."""
    child = f"exec {sys.executable} -m tests.storage.secret_service_child {home}/v"
    words = ["sh", "-c", f"{before} >/dev/null && {child}" if before else child]
    # The store ends with its bus: dbus-run-session takes it down when the child is done.
    session = ["dbus-run-session", "--"] if before else []
    env = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
    env |= {"HOME": str(home), "XDG_RUNTIME_DIR": str(home), "PYTHONPATH": str(ROOT), **more}
    done = subprocess.run(
        [*session, *words],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def test_a_real_store_opens_the_vault_and_is_never_the_only_way(home: Path) -> None:
    told = seen(home, UNLOCKED)
    assert told == {
        "backend": "keyring.backends.SecretService",
        "kept": 64,
        "is_the_key": False,
        "in_json": False,
        "opened": True,
        "changed": "WrongPassphrase",
        "gone": "KeyringRefused",
        "ways": ["passphrase", "recovery"],
        "forgotten": True,
    }


def test_a_locked_store_without_a_screen_is_refused_in_words(home: Path) -> None:
    told = seen(home, LOCKED)
    assert "passphrase or your recovery sheet" in told["refused"]
    assert told["ways"] == ["passphrase", "recovery"]
    assert told["opened"]
    assert told["seconds"] < 60


@pytest.mark.parametrize(
    "backend",
    ["", "keyring.backends.null.Keyring", "keyring.backends.fail.Keyring"],
    ids=["no bus", "null", "fail"],
)
def test_no_store_or_one_that_keeps_nothing_is_refused_in_words(home: Path, backend: str) -> None:
    told = seen(home, **({"PYTHON_KEYRING_BACKEND": backend} if backend else {}))
    assert "no safe place of its own for a key" in told["refused"]
    assert told["ways"] == ["passphrase", "recovery"]
    assert told["opened"]
