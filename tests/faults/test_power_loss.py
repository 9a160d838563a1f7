"""The lights go out under the product's own driver: nothing that was called saved is lost.

A working day is recorded below the cipher: edits, drafts, pages of the register, receipts, files,
a new passphrase, copies. Then the lights go out at any event of it, what no sync had confirmed
survives, is lost or is torn by chance, and the vault is opened. The same days recorded with the
promise of the disk turned down go red.
"""

from __future__ import annotations

import random
import shutil
from collections import Counter
from pathlib import Path

import pytest

from storage import atomic
from tests.faults import disk, weak
from tests.faults.dark import Platter
from tests.faults.diary import Day, Worker, missing
from tests.support.goals import Tell

pytestmark = pytest.mark.skipif(bool(disk.why_not()), reason=disk.why_not())
PAGES = (8, 60, 1000)  # how long the log may grow before it is folded; 1000 is the product's


def recorded(home: Path, seed: int, steps: int) -> Day:
    """One day of one vault, in a folder that is gone afterwards."""
    home.mkdir()
    with disk.laid(home) as under:
        under.recording = True
        day = Worker(home / "v", under, seed, pages=PAGES[seed % len(PAGES)]).work(steps)
    shutil.rmtree(home)
    return day


def moments(day: Day, runs: int, chance: random.Random) -> list[int]:
    """When the lights go out: half of the times just after something was called saved."""
    said = day.moments()
    near = [chance.choice(said) + chance.randrange(4) for _ in range(runs // 2)]
    far = [chance.randrange(len(day.events) + 1) for _ in range(runs - len(near))]
    return sorted(min(moment, len(day.events)) for moment in (*near, *far))


def dark_runs(home: Path, day: Day, runs: int, seed: int) -> Counter[str]:
    """How often what was found missing."""
    found: Counter[str] = Counter()
    platter, done = Platter(home / "day"), 0
    for run, moment in enumerate(moments(day, runs, random.Random(seed))):  # noqa: S311
        for event in day.events[done:moment]:
            platter.happen(event)
        done = moment
        left = home / "left"
        platter.left(left, random.Random(f"{seed}.{run}"))  # noqa: S311
        lost = missing(left / "v", day, moment)
        found["runs"] += 1
        found["lost"] += bool(lost)
        for what in lost:
            found[what.split()[0].rstrip("0123456789")] += 1
        shutil.rmtree(left)
    return found


def go_dark(home: Path, seeds: int, *, days: int, steps: int = 60) -> Counter[str]:
    """So many dark moments over so many days."""
    total: Counter[str] = Counter()
    for number in range(days):
        day = recorded(home / "day", number, steps)
        total += dark_runs(home, day, seeds // days, number)
    return total


def test_no_saved_thing_is_lost_when_the_lights_go_out(tmp_path: Path, goal: Tell) -> None:
    found = go_dark(tmp_path, 120, days=3)
    goal(2, "power loss below the cipher", runs=120, failures=found["lost"], seed="0-2")
    assert found == {"runs": 120}


@pytest.mark.long
@pytest.mark.timeout(2400)
def test_no_saved_thing_is_lost_in_five_thousand_dark_moments(tmp_path: Path, goal: Tell) -> None:
    found = go_dark(tmp_path, 5000, days=50)
    goal(2, "power loss below the cipher", runs=5000, failures=found["lost"], seed="0-49")
    assert found == {"runs": 5000}


@pytest.mark.parametrize("careless", [weak.Hasty, weak.Careless])
def test_with_less_than_full_the_same_moments_lose_saved_things(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, careless: type
) -> None:
    weak.use(monkeypatch, careless)
    assert go_dark(tmp_path, 40, days=2)["lost"] > 0


def test_without_syncing_folders_files_and_copies_are_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(atomic, "sync_folder", lambda _: None)
    assert go_dark(tmp_path, 40, days=2)["lost"] > 0
