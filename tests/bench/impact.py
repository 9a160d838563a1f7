"""Impact over 10,000 enterprises: first paint, figures, second look, and who had to wait.

In a process of its own, through the real window offscreen.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from tests.bench.caseload import ENTERPRISES, _child
from tests.bench.measure import Figure, Report

GOALS = {
    "impact: first paint": 1000,
    "impact: a vault job in between waited": None,
    "impact: all figures": None,
    "impact: months and districts too": None,
    "impact: the second look": 1000,
    "figure: first paint": 1000,
    "figure: everything": None,
    "figure: Stop in its months until nothing is under way": 1000,
    "impact: worst event-loop gap": 100,
}


def run(report: Report, count: int = ENTERPRISES) -> None:
    """Fill a vault, open Impact in a child process and collect what it measured."""
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home) / "records"
        _child("tests.bench.county_vault", str(folder), str(count))
        shown = json.loads(_child("tests.bench.drive_impact", str(folder)))
    for name, goal in GOALS.items():
        value, runs = shown[name]
        report.add(Figure(name, value, "ms", runs, goal=goal, note=f"{count} enterprises"))
