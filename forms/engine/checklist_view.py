"""A checklist form as rows: how each step stands, who said so, what shows it, when it runs out.

Reads a session and changes nothing: a screen answers by the refs given here. `expiries` is plain
data that storage keeps beside the response, so that reminders never need the form opened.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from forms.engine.session import FormSession
    from forms.engine.views import NodeView

WARN_DAYS = 30  # when the template names none
SETTLED = frozenset({"done", "not_needed", "waived"})


@dataclass(frozen=True, slots=True)
class Step:
    """One row of a checklist, as it stands."""

    code: str
    ref: str  # of its group
    label: str
    help: str
    owner: str
    link: str
    state: str  # todo, doing, done, not_needed, waived
    reason: str
    approver: str
    source: str  # told, saw, document
    evidence: str  # the name of the file
    evidence_wanted: str  # none, optional, required
    expires_on: date | None
    warn_on: date | None
    finished: bool
    refs: dict[str, str]  # state, why, approver, source, evidence, expires -> what to answer
    problems: tuple[str, ...]  # what is still missing, in words


@dataclass(frozen=True, slots=True)
class Expiry:
    """A step that runs out, with the day to begin saying so."""

    code: str
    label: str
    expires_on: date
    warn_on: date


@dataclass(frozen=True, slots=True)
class Tally:
    """How far a checklist is."""

    finished: int
    total: int


def steps_of(session: FormSession) -> tuple[Step, ...]:
    """The steps that apply, in order. Empty for a form that is no checklist."""
    found: list[Step] = []
    queue = [session.root]
    while queue:
        node = queue.pop(0)
        if not node.relevant:
            continue
        if "item" in node.marks:
            found.append(_step(node))
        else:
            queue[:0] = node.all_nodes
    return tuple(found)


def tally_of(steps: tuple[Step, ...]) -> Tally:
    """How many steps are finished, of how many."""
    return Tally(sum(step.finished for step in steps), len(steps))


def expiries(session: FormSession) -> tuple[Expiry, ...]:
    """Every step that is done and runs out, soonest first."""
    found = [
        Expiry(step.code, step.label, step.expires_on, step.warn_on)
        for step in steps_of(session)
        if step.state == "done" and step.expires_on is not None and step.warn_on is not None
    ]
    return tuple(sorted(found, key=lambda each: (each.expires_on, each.code)))


def _step(group: NodeView) -> Step:
    marks = group.marks
    code = marks["item"]
    parts = {node.name.removeprefix(f"{code}_"): node for node in group.all_nodes}

    def value(name: str) -> str:
        node = parts.get(name)
        return node.value if node is not None and node.relevant else ""

    expires_on = _day(value("expires"))
    warn_on = None if expires_on is None else _warn_on(expires_on, marks.get("warn-days", ""))
    return Step(
        code=code,
        ref=group.ref,
        label=group.label,
        help=parts["state"].hint if "state" in parts else "",
        owner=marks.get("owner", ""),
        link=marks.get("link", ""),
        state=value("state") or "todo",
        reason=value("why"),
        approver=value("approver"),
        source=value("source"),
        evidence=value("evidence"),
        evidence_wanted=marks.get("evidence", "").lower() or "none",
        expires_on=expires_on,
        warn_on=warn_on,
        finished=value("ok") == "1",
        refs={name: node.ref for name, node in parts.items() if name != "ok"},
        problems=_missing(parts),
    )


def _missing(parts: dict[str, NodeView]) -> tuple[str, ...]:
    missing = (node.label for node in parts.values() if node.violation == "required")
    return tuple(f"Not answered yet: {label.rstrip('?')}." for label in missing)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _warn_on(expires_on: date, days: str) -> date:
    return expires_on - timedelta(days=int(days) if days.isdigit() else WARN_DAYS)
