"""The whole desk over 10,000 enterprises with 200,000 timeline entries: every screen, by clicks.

Laps through all screens, tabs, filters and Ctrl+K in a process of its own, offscreen; then the
report as PDF, web page and workbook, internal and published, which the memory counts.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from tests.bench.caseload import _child
from tests.bench.measure import Figure, Report

ENTERPRISES = 10_000
NOTES = 20  # of each: 200,000 timeline entries
LAPS = 8
UNITS = {
    "first unlock to Today, everything read": "ms",
    "unlock to Today, everything read": "ms",
    "click to first paint p95": "ms",
    "click to everything painted p50": "ms",
    "click to everything painted p95": "ms",
    "filter and find keystroke p95": "ms",
    "the window's own work a click, p95": "ms",
    "the window's own work a keystroke, p95": "ms",
    "worst event-loop gap": "ms",
    "memory of the app, peak": "MB",
    "memory of the process of the figures, peak": "MB",
    "memory of both together, over the laps": "MB",
    "memory of all together, at most": "MB",
    "memory of all together, at one moment": "MB",
    "memory of all together, each page once": "MB",
    "memory of the process that draws a report, peak": "MB",
    "kinds of things that grew": "",
}


def run(report: Report) -> None:
    """Fill the county, walk the window in a child process, and collect what it measured."""
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home) / "records"
        _child("tests.bench.county_vault", str(folder), str(ENTERPRISES), str(NOTES))
        shown = json.loads(_child("tests.bench.drive_desk", str(folder), str(LAPS)))
    for name, unit in UNITS.items():
        value, runs = shown[name]
        note = f"{ENTERPRISES} enterprises, {ENTERPRISES * NOTES} timeline entries"
        report.add(Figure(name, value, unit, runs, note=note))
