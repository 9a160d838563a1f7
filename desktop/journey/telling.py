"""The journey told to a person: what happened, day by day, and what it came to.

Refuses figures that are not in the outcome.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from desktop.journey.scene import Scene, Told

_LABELS = (
    ("active_enterprises", "Active enterprises"),
    ("established", "Established"),
    ("hours_per_week", "Hours of support a week"),
    ("people_supported", "People supported"),
    ("dp_hours", "of the hours, by direct payment"),
    ("dp_share_percent", "share by direct payment, per cent"),
    ("comparable_hours", "of the hours, comparable to homecare"),
    ("target_share_percent", "Share of the target, per cent"),
    ("b2_pounds", "Value against the commissioned price (B2), pounds a year"),
    ("b3_pounds", "Value on council-funded hours (B3), pounds a year; never added to B2"),
)


def tell(scene: Scene, result: Mapping[str, Any]) -> str:
    """The whole story as text."""
    return "\n".join([*_days(scene.story), "", *_figures(scene, result)])


def _days(story: list[Told]) -> Iterator[str]:
    day = None
    for line in story:
        if line.on != day:
            day = line.on
            yield f"\n{day:%A} {day.day} {day:%B %Y}"
        yield f"  {line.case:<9} {line.device:<8} {line.words}"


def _figures(scene: Scene, result: Mapping[str, Any]) -> Iterator[str]:
    day = scene.programme.report_on
    yield f"What the lead's own records say on {day.day} {day:%B %Y}"
    width = max(len(words) for _, words in _LABELS)
    for name, words in _LABELS:
        yield f"  {words:<{width}}  {result[name]}"
    for envelope, amount in result["seed_paid"].items():
        yield f"  {f'Seed fund paid from {envelope}':<{width}}  {amount}"
    for envelope, amount in result["seed_lapsed"].items():
        yield f"  {f'Seed fund lapsed from {envelope}':<{width}}  {amount}"
    for line in result["rejected_lines"]:
        words = f"Not paid: {line['case']}, {line['code']}"
        yield f"  {words:<{width}}  {line['pounds']}"
    sent = result["sync"]
    yield (
        f"  Sent {sent['pushed']} changes, received {sent['pulled']}; "
        f"{sent['conflicts_kept']} to check, {sent['conflicts_settled']} settled"
    )
    yield "The report:"
    for path in result["files"].values():
        yield f"  {path}"
