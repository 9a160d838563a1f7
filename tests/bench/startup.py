"""Process start to painted: our unlock screen against a bare PySide6 window, taken in turn."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from forms.values import SystemClock
from storage.keys import Cost
from storage.vault import Vault
from tests.bench.measure import Figure, Report, median

RUNS = 15
BARE = Path(__file__).with_name("bare_window.py")
ROOT = Path(__file__).parent.parent.parent


def run(report: Report) -> None:
    """Alternate the two so that a drifting machine touches both alike."""
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home) / "Hedgerow" / "records"
        vault, _sheet = Vault.create(
            folder,
            passphrase="three fictional hedges",  # noqa: S106 -- a vault for this run alone
            clock=SystemClock(),
            cost=Cost(memory=8, passes=1),
        )
        vault.close()
        ours = ("-m", "desktop")
        bare = (str(BARE),)
        _painted(ours, home), _painted(bare, home)  # warm the page cache
        pairs = [(_painted(ours, home), _painted(bare, home)) for _ in range(RUNS)]
    mine, theirs = zip(*pairs, strict=True)
    ratios = [a / b for a, b in pairs]
    report.add(Figure("bare window, start to painted", median(theirs), "ms", RUNS))
    report.add(Figure("unlock screen, start to painted", median(mine), "ms", RUNS))
    spread = (min(ratios), max(ratios))
    report.add(Figure("unlock screen / bare window", median(ratios), "x", RUNS, spread=spread))


def _painted(arguments: tuple[str, ...], home: str) -> float:
    environment = {
        **os.environ,
        "QT_QPA_PLATFORM": os.environ.get("QT_QPA_PLATFORM", "offscreen"),
        "QT_LOGGING_RULES": "default.warning=false",
        "XDG_DATA_HOME": home,
        "HEDGEROW_TIME_TO_PAINT": "1",
        "START": repr(time.time()),
        "PYTHONPATH": str(ROOT),
    }
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # both as installed: with byte code
    done = subprocess.run(
        [sys.executable, *arguments],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return float(done.stdout.split()[-1])
