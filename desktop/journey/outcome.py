"""What the journey came to: figures and reports from the lead's own vault, and how it was sent.

Every figure is `evidence.headline` of what the register gave the lead's laptop back. Refuses to
round, add or correct one.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from desktop.journey.scene import Scene
from evidence.dossier import Dossier, gather
from evidence.figures import headline

FIGURES = (
    "active_enterprises",
    "established",
    "hours_per_week",
    "people_supported",
    "dp_hours",
    "dp_share_percent",
    "comparable_hours",
    "b2_pounds",
    "b3_pounds",
    "seed_paid",
    "seed_lapsed",
    "rejected_lines",
    "target_share_percent",
)


def outcome(scene: Scene, out: Path) -> dict[str, Any]:
    """The one object that the journey prints."""
    lead = scene.crew.laptop("lead")
    dossier = gather(lead.vault.reader, scene.pack, scene.programme.report_on)
    figures = headline(dossier)
    result: dict[str, Any] = {name: figures[name] for name in FIGURES}
    rejected = [
        {**line, "case": scene.case_code(line["case"])} for line in result["rejected_lines"]
    ]
    result["rejected_lines"] = sorted(rejected, key=lambda line: str(line["case"]))
    result["sync"] = _sync(scene)
    result["files"] = _files(dossier, out)
    return result


def _sync(scene: Scene) -> Mapping[str, int]:
    coach = scene.crew.laptop("coach").vault.reader
    kept = coach.conflicts(open_only=False)
    totals = scene.crew.totals
    return {
        "pushed": totals.pushed,
        "pulled": totals.pulled,
        "conflicts_kept": len(kept),
        "conflicts_settled": sum(1 for conflict in kept if conflict.settled_at is not None),
    }


def _files(dossier: Dossier, out: Path) -> Mapping[str, str]:
    from evidence.html import render_html
    from evidence.pdf import render_pdf
    from evidence.reports import impact_assessment
    from evidence.xlsx import render_xlsx

    document = impact_assessment.build(dossier)
    out.mkdir(parents=True, exist_ok=True)
    drawn = {
        "pdf": render_pdf(document),
        "html": render_html(document),
        "xlsx": render_xlsx(document),
    }
    written = {}
    for kind, data in drawn.items():
        path = (out / f"impact-assessment.{kind}").resolve()
        path.write_bytes(data)
        written[kind] = str(path)
    return written
