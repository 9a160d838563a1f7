"""Impact over 10,000 enterprises: first paint, figures, second look, and who had to wait.

In a process of its own, through the real window offscreen.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from tests.bench.caseload import ENTERPRISES, _child
from tests.bench.measure import Figure, Report

NAMES = (
    "impact: first paint",
    "impact: a vault job in between waited",
    "impact: all figures",
    "impact: months and districts too",
    "impact: the second look",
    "figure: first paint",
    "figure: everything",
    "figure: Stop in its months until nothing is under way",
    "impact: worst event-loop gap",
)


def run(report: Report, count: int = ENTERPRISES) -> None:
    """Fill a vault, open Impact in a child process and collect what it measured."""
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home) / "records"
        _child("tests.bench.county_vault", str(folder), str(count))
        shown = json.loads(_child("tests.bench.drive_impact", str(folder)))
    for name in NAMES:
        value, runs = shown[name]
        report.add(Figure(name, value, "ms", runs, note=f"{count} enterprises"))
