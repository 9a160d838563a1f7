"""kill -9 at any moment: every edit that was called saved is there, with its op and its story."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.goals import Tell

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")


def killed(folder: Path, kills: int, *more: str) -> dict[str, int]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.writer", str(folder), str(kills), "7", *more],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


def told(goal: Tell, seen: dict[str, int]) -> None:
    bad = seen["lost"] + seen["half"] + seen["damaged"]
    goal(1, "kill -9 while edits are saved", runs=seen["kills"], failures=bad, seed=7)


def test_sixty_kills_lose_nothing(tmp_path: Path, goal: Tell) -> None:
    seen = killed(tmp_path / "v", 60)
    told(goal, seen)
    assert seen["kills"] == 60
    assert seen["edits"] > 120
    assert (seen["lost"], seen["half"], seen["damaged"]) == (0, 0, 0)


def test_without_transactions_the_same_kills_are_noticed(tmp_path: Path) -> None:
    assert killed(tmp_path / "v", 60, "mutant")["half"] > 0


@pytest.mark.long
@pytest.mark.timeout(900)
def test_a_thousand_kills_lose_nothing(tmp_path: Path, goal: Tell) -> None:
    seen = killed(tmp_path / "v", 1000)
    told(goal, seen)
    assert (seen["kills"], seen["lost"], seen["half"], seen["damaged"]) == (1000, 0, 0, 0)
