"""10,000 enterprises in an encrypted vault: first rows, filter, opening a record, memory.

Everything runs in a process of its own, through the real window offscreen, so that its peak memory
is the app's. Times are from the event to the paint that shows its result.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.bench.measure import Figure, Report

ENTERPRISES = 10_000
ROOT = Path(__file__).parent.parent.parent


def run(report: Report) -> None:
    """Fill a vault, then drive the window in a child process and collect what it measured."""
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home) / "records"
        _child("tests.bench.county_vault", str(folder), str(ENTERPRISES))
        shown = json.loads(_child("tests.bench.drive_window", str(folder)))
    for name, unit in (
        ("key accepted to first rows", "ms"),
        ("filter keystroke p50", "ms"),
        ("filter keystroke p95", "ms"),
        ("opening a record p50", "ms"),
        ("opening a record p95", "ms"),
        ("worst event-loop gap", "ms"),
        ("peak memory of the app", "MB"),
    ):
        value, runs = shown[name]
        report.add(Figure(name, value, unit, runs, note=f"{ENTERPRISES} enterprises"))


def _child(module: str, *arguments: str) -> str:
    environment = {
        **os.environ,
        "QT_QPA_PLATFORM": os.environ.get("QT_QPA_PLATFORM", "offscreen"),
        "QT_LOGGING_RULES": "default.warning=false",
    }
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        timeout=900,
    )
    return done.stdout.splitlines()[-1] if done.stdout else ""
