"""Two windows, or ten: exactly one writes, and a dead one holds nobody up."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from forms.facts.people import Enterprise
from forms.values import new_id
from storage.errors import VaultInUse, VaultReadOnly
from storage.vault import Vault
from tests.storage.samples import COACH, NOON, PASSPHRASE, new_vault, reopen
from tests.support.goals import Tell

ROOT = Path(__file__).parents[2]
needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")


def test_a_second_opener_is_told_so_and_changes_nothing(vault: Vault, tmp_path: Path) -> None:
    with pytest.raises(VaultInUse, match="already open"):
        reopen(tmp_path / "vault")
    with vault.change(by=COACH, at=NOON) as unit:
        unit.add(Enterprise(id=new_id(), name="Still writing"))
    vault.close()
    reopen(tmp_path / "vault").close()


def test_a_reader_may_look_while_another_writes(vault: Vault, tmp_path: Path) -> None:
    with vault.change(by=COACH, at=NOON) as unit:
        unit.add(Enterprise(id=new_id(), name="Seen"))
    with reopen(tmp_path / "vault", passphrase=PASSPHRASE, read_only=True) as looking:
        assert [e.name for e in looking.reader.all(Enterprise)] == ["Seen"]
        with pytest.raises(VaultReadOnly), looking.change(by=COACH, at=NOON) as unit:
            unit.add(Enterprise(id=new_id()))
        with pytest.raises(VaultReadOnly):
            looking.drafts.keep("a", "b")


def raced(folder: Path, races: int, *more: str) -> dict[str, int]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.races", str(folder), str(races), *more],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


RUNS = [8, pytest.param(500, marks=[pytest.mark.long, pytest.mark.timeout(1800)])]


@needs_fork
@pytest.mark.parametrize("races", RUNS)
def test_of_eight_at_once_one_writes_after_each_kill_too(
    tmp_path: Path, races: int, goal: Tell
) -> None:
    seen = raced(tmp_path / "v", races, "vault")
    goal(12, "eight open one vault, the winner is killed", runs=races, failures=seen["odd"])
    assert seen == {"races": races, "odd": 0, "silent": 0}


@needs_fork
@pytest.mark.parametrize("races", RUNS)
def test_of_four_starts_one_has_the_window_and_the_others_raise_it(
    tmp_path: Path, races: int, goal: Tell
) -> None:
    seen = raced(tmp_path / "v", races, "window")
    bad = seen["odd"] + seen["silent"]
    goal(12, "four starts, one window, raised by the others", runs=races, failures=bad)
    assert seen == {"races": races, "odd": 0, "silent": 0}


@needs_fork
@pytest.mark.parametrize("what", ["vault", "window"])
def test_without_the_lock_more_than_one_would(tmp_path: Path, what: str) -> None:
    assert raced(tmp_path / "v", 3, what, "unlocked")["odd"] > 0


def test_a_killed_window_holds_nobody_up(tmp_path: Path) -> None:
    new_vault(tmp_path / "v").close()
    code = (
        "import sys\nfrom pathlib import Path\nfrom tests.storage.samples import reopen\n"
        "vault = reopen(Path(sys.argv[1]))\nprint('open', flush=True)\nsys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path / "v")],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "open\n"
        with pytest.raises(VaultInUse):
            reopen(tmp_path / "v")
        other.send_signal(signal.SIGKILL)
        other.wait()
    reopen(tmp_path / "v").close()
