"""Stages of a case: where it is, where it may go, and whether it counts as active on a day.

Stages are events; the present stage is worked out, never stored, and a case may go back. Refuses
to read a suspended listing as a stage: that is a matter of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from forms.facts.casework import StageEvent
from forms.facts.people import Enterprise, Leader
from forms.rules.calendar import add_calendar_months
from forms.rules.finding import Finding, Verdict, Weight, blocking
from forms.rules.pack import Pack

SUSTAINED_MONTHS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What stands around a case when it wants to move."""

    enterprise: Enterprise | None = None
    leaders: tuple[Leader, ...] = ()
    readiness: tuple[Finding, ...] = ()  # from checklist.readiness
    published: bool = False  # the register entry is published
    return_in_last_quarter: bool = False


def in_order(events: Iterable[StageEvent], on: date | None = None) -> list[StageEvent]:
    """The events up to a day, oldest first; ids break ties, and they grow with time."""
    return sorted(
        (event for event in events if on is None or event.on <= on),
        key=lambda event: (event.on, event.id),
    )


def current_stage(events: Iterable[StageEvent], on: date | None = None) -> str:
    """The stage a case is in (on a day), or '' before its first event."""
    ordered = in_order(events, on)
    return ordered[-1].stage if ordered else ""


stage_at = current_stage


def reached_on(events: Iterable[StageEvent], stage: str, on: date | None = None) -> date | None:
    """The first day a case was in this stage, or None."""
    return next((event.on for event in in_order(events, on) if event.stage == stage), None)


def days_to(events: Sequence[StageEvent], first: str, second: str) -> int | None:
    """Days from first reaching one stage to first reaching another, or None."""
    start, end = reached_on(events, first), reached_on(events, second)
    return None if start is None or end is None else (end - start).days


def days_in_stages(events: Iterable[StageEvent], on: date) -> list[tuple[str, int]]:
    """Each stay in a stage, in order, with its whole days up to `on`."""
    ordered = in_order(events, on)
    ends = [event.on for event in ordered[1:]] + [on]
    return [(event.stage, (end - event.on).days) for event, end in zip(ordered, ends, strict=True)]


def is_active(enterprise: Enterprise, events: Iterable[StageEvent], on: date) -> bool:
    """Trading on a day: first delivered by then, and not closed, paused or suspended."""
    if enterprise.first_delivery_on is None or enterprise.first_delivery_on > on:
        return False
    if enterprise.suspended_on is not None and enterprise.suspended_on <= on:
        return False
    return current_stage(events, on) not in ("CLOSED", "PAUSED")


def why_not_active(enterprise: Enterprise, events: Iterable[StageEvent], on: date) -> str:
    """Why an enterprise does not count as active on a day; '' when it does."""
    if enterprise.first_delivery_on is None:
        return "No first session is written down."
    if enterprise.first_delivery_on > on:
        return f"Its first session was after this day, on {enterprise.first_delivery_on}."
    if enterprise.suspended_on is not None and enterprise.suspended_on <= on:
        return f"Its listing was suspended on {enterprise.suspended_on}."
    stage = current_stage(events, on)
    return {"CLOSED": "The case was closed.", "PAUSED": "It was paused."}.get(stage, "")


def is_established(enterprise: Enterprise, on: date) -> bool:
    """Came into being in its chosen form on or before that day."""
    return enterprise.established_on is not None and enterprise.established_on <= on


def may_move(
    pack: Pack,
    events: Sequence[StageEvent],
    move: StageEvent,
    around: Around | None = None,
) -> list[Finding]:
    """What stands in the way of a move. An empty list or warnings alone: it may go ahead."""
    around = around or Around()
    now = current_stage(events)
    found: list[Finding] = []
    if move.stage not in {stage.code for stage in pack.stages}:
        return [_stop(move, "UNKNOWN_STAGE", f"{move.stage} is not a stage of this programme.")]
    if move.stage == now:
        found.append(_stop(move, "SAME_STAGE", "The case is in that stage already."))
    ordered = in_order(events)
    if ordered and move.on < ordered[-1].on:
        found.append(
            _stop(move, "OUT_OF_ORDER", f"The last move was on {ordered[-1].on}, after this day.")
        )
    if not ordered and move.stage != "ENQUIRY":
        found.append(_stop(move, "NO_ENQUIRY", "A case begins with an enquiry.", warns=True))
    found += _ENTRY.get(move.stage, _nothing)(pack, events, move, around)
    if move.stage in _BEYOND_IDEA:
        found += _permission(move, around.leaders)
    return found


def _nothing(
    _pack: Pack, _events: Sequence[StageEvent], _move: StageEvent, _around: Around
) -> list[Finding]:
    return []


def _stop(move: StageEvent, code: str, because: str, *, warns: bool = False) -> Finding:
    return Finding(
        rule="PATHWAY",
        code=code,
        verdict=Verdict.UNMET,
        because=because,
        source="Pathway",
        as_of=move.on,
        weight=Weight.WARNS if warns else Weight.BLOCKS,
        subject=move.enterprise_id,
    )


def _closing(
    pack: Pack, _events: Sequence[StageEvent], move: StageEvent, _around: Around
) -> list[Finding]:
    if move.reason in {reason.code for reason in pack.closing_reasons}:
        return []
    return [_stop(move, "NO_REASON", "Closing a case needs one of the reasons in the list.")]


def _pausing(
    _pack: Pack, _events: Sequence[StageEvent], move: StageEvent, _around: Around
) -> list[Finding]:
    found = []
    if move.review_on is None or move.review_on <= move.on:
        found.append(_stop(move, "NO_REVIEW", "A pause needs a day to look at it again."))
    if not move.reason:
        found.append(_stop(move, "NO_REASON", "Say why it is paused."))
    return found


def _ready(
    _pack: Pack, _events: Sequence[StageEvent], _move: StageEvent, around: Around
) -> list[Finding]:
    return blocking(around.readiness)


def _listed(
    _pack: Pack, events: Sequence[StageEvent], move: StageEvent, around: Around
) -> list[Finding]:
    found = []
    if reached_on(events, "READY", move.on) is None:
        found.append(_stop(move, "NOT_READY", "Only a case that was ready can be listed."))
    if not around.published:
        found.append(_stop(move, "NOT_PUBLISHED", "Its entry in the register is not published."))
    return found


def _trading(
    _pack: Pack, events: Sequence[StageEvent], move: StageEvent, around: Around
) -> list[Finding]:
    found = []
    first = around.enterprise.first_delivery_on if around.enterprise else None
    if first is None or first > move.on:
        found.append(_stop(move, "NO_DELIVERY", "Write down the day of the first session."))
    if reached_on(events, "LISTED", move.on) is None:
        because = "It is trading without a listing. That is allowed; the programme cannot show it."
        found.append(_stop(move, "NOT_LISTED", because, warns=True))
    return found


def _sustained(
    _pack: Pack, _events: Sequence[StageEvent], move: StageEvent, around: Around
) -> list[Finding]:
    from_day = around.enterprise.first_delivery_on if around.enterprise else None
    found = []
    if from_day is None or add_calendar_months(from_day, SUSTAINED_MONTHS) > move.on:
        because = f"Sustained means trading for {SUSTAINED_MONTHS} months or more."
        found.append(_stop(move, "TOO_SOON", because))
    if not around.return_in_last_quarter:
        found.append(_stop(move, "NO_RETURN", "There is no return for the last quarter."))
    return found


def _permission(move: StageEvent, leaders: Iterable[Leader]) -> list[Finding]:
    return [
        _stop(
            move,
            "PERMISSION_NOT_CONFIRMED",
            "Permission to be self-employed is not confirmed. Refer to an immigration adviser; "
            "the coach gives no immigration advice.",
        )
        for leader in leaders
        if leader.self_employment_permission == "not confirmed"
    ]


_BEYOND_IDEA = frozenset({"SET_UP", "READY", "LISTED", "TRADING", "SUSTAINED"})
_ENTRY = {
    "CLOSED": _closing,
    "PAUSED": _pausing,
    "READY": _ready,
    "LISTED": _listed,
    "TRADING": _trading,
    "SUSTAINED": _sustained,
}
