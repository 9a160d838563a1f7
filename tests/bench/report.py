"""The impact report of 1,000 enterprises: records to figures to PDF, HTML and XLSX."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from tests.bench.caseload import _child
from tests.bench.measure import Figure, Report, median

ENTERPRISES = 1000
RUNS = 3


def run(report: Report) -> None:
    """Each run in a fresh process, as the app does it."""
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home) / "records"
        _child("tests.bench.county_vault", str(folder), str(ENTERPRISES))
        runs = [json.loads(_child("tests.bench.make_report", str(folder))) for _ in range(RUNS)]
    for key, words in (
        ("gather", "dossier of 1,000 enterprises"),
        ("build", "report from the dossier"),
        ("pdf", "PDF of the report"),
        ("html", "HTML of the report"),
        ("xlsx", "XLSX of the report"),
    ):
        report.add(Figure(words, median(r[key] for r in runs), "s", RUNS))
    whole = [r["gather"] + r["build"] + r["pdf"] for r in runs]
    report.add(
        Figure(
            "impact report for 1,000 enterprises (PDF)",
            median(whole),
            "s",
            RUNS,
            spread=(min(whole), max(whole)),
        )
    )
    everything = [sum(r.values()) for r in runs]
    report.add(Figure("the same with HTML and XLSX", median(everything), "s", RUNS))
