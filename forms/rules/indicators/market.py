"""I-36, I-37 and I-42: gaps, signposts, training. Counts of what was written down, never a guess.

Refuses zero where nobody has written anything: no gap recorded is not the same as no gap.
"""

from __future__ import annotations

from forms.facts.market import MarketGap
from forms.rules.indicators.model import Figure, Shape, Unit, figure, missing
from forms.rules.indicators.rows import out, row, rows
from forms.rules.indicators.world import World

OPEN, MATCHED, CLOSED = "open", "matched", "closed"


def gap_state(gap: MarketGap, world: World) -> str:
    """Open, matched or closed on the date."""
    if gap.closed_on is not None and gap.closed_on <= world.as_of:
        return CLOSED
    if gap.matched_on is not None and gap.matched_on <= world.as_of:
        return MATCHED
    return OPEN


def gaps(world: World) -> tuple[Figure, ...]:
    """I-36: opened in the period, how they stand, days to close."""
    label = "Gaps opened"
    if not world.gaps:
        return (missing(label, Unit.NUMBER, "No market gap is recorded."),)
    inside = [g for g in world.gaps if world.in_period(g.opened_on)]
    left = [
        out(g, world.outside(g.opened_on)) for g in world.gaps if not world.in_period(g.opened_on)
    ]
    main = figure(label, Shape.COUNT, Unit.NUMBER, rows(inside), left_out=left)
    parts = []
    for state, words in ((OPEN, "Still open"), (MATCHED, "Matched"), (CLOSED, "Closed")):
        here = [g for g in inside if gap_state(g, world) == state]
        parts.append(figure(words, Shape.COUNT, Unit.NUMBER, rows(here), key=state))
    if world.since is not None:
        parts.append(_closed_then(world))
    done = [g for g in inside if gap_state(g, world) == CLOSED and g.closed_on]
    days = "Median days to close"
    if not done:
        return (main, *parts, missing(days, Unit.DAYS, "None is closed.", "days"))
    kept = [row(g, ((g.closed_on or g.opened_on) - g.opened_on).days) for g in done]
    still = [out(g, "Not closed by the date.") for g in inside if gap_state(g, world) != CLOSED]
    last = figure(days, Shape.MEDIAN, Unit.DAYS, kept, left_out=still, key="days")
    return (main, *parts, last)


def _closed_then(world: World) -> Figure:
    """What was closed in the period, also of the gaps that were opened earlier."""
    done = [g for g in world.gaps if gap_state(g, world) == CLOSED]
    here = [g for g in done if world.in_period(g.closed_on)]
    left = [out(g, "Closed before the period.") for g in done if not world.in_period(g.closed_on)]
    left += [out(g, "Not closed by the date.") for g in world.gaps if gap_state(g, world) != CLOSED]
    label = "Closed in the period, whenever it was opened"
    return figure(label, Shape.COUNT, Unit.NUMBER, rows(here), left_out=left, key="closed_then")


def signposts(world: World) -> tuple[Figure, ...]:
    """I-37."""
    label = "Started with what they were shown"
    if not world.signposts:
        return (missing(label, Unit.PERCENT, "No signposting is recorded."),)
    inside = [s for s in world.signposts if world.in_period(s.on)]
    left = [out(s, world.outside(s.on)) for s in world.signposts if not world.in_period(s.on)]
    known = [
        s for s in inside if s.outcome and (s.outcome_on is None or s.outcome_on <= world.as_of)
    ]
    known_ids = {s.id for s in known}
    unknown = [s for s in inside if s.id not in known_ids]
    shown = figure(
        "Times that options were shown", Shape.COUNT, Unit.NUMBER, rows(inside), left_out=left,
        key="shown",
    )  # fmt: skip
    if not known:
        return (missing(label, Unit.PERCENT, "Nobody has written what came of it."), shown)
    above = rows(s for s in known if s.outcome == "started")
    left += [out(s, "Not known yet what came of it.") for s in unknown]
    main = figure(label, Shape.SHARE, Unit.PERCENT, above, denominator=rows(known), left_out=left)
    return (main, shown)


def training(world: World) -> tuple[Figure, ...]:
    """I-42: training that was done, then what runs out in 60 days, then each topic."""
    codes = {rule.code: rule.title for rule in world.pack.checklist if rule.training}
    seen = [item for item in world.items if item.code in codes]
    label = "Training done"
    if not seen:
        return (missing(label, Unit.NUMBER, "No training is on a checklist yet."),)
    done, left = [], []
    for item in seen:
        why = _why_not_done(item.state, item.reason)
        if why:
            left.append(out(item, why))
        elif item.evidence_on is not None and item.evidence_on > world.as_of:
            left.append(out(item, "Seen after the date."))
        else:
            done.append(item)
    named = [row(i, note=codes[i.code]) for i in done]
    main = figure(label, Shape.COUNT, Unit.NUMBER, named, left_out=left)
    again = [i for i in done if i.expires_on is not None and (i.expires_on - world.as_of).days < 60]
    due = figure(
        "Due again within 60 days, or run out",
        Shape.COUNT,
        Unit.NUMBER,
        [row(i, note=codes[i.code]) for i in again],
        left_out=[out(i, "No end date is written.") for i in done if i.expires_on is None],
        key="due",
    )
    parts = [
        figure(words, Shape.COUNT, Unit.NUMBER, rows(i for i in done if i.code == code), key=code)
        for code, words in sorted(codes.items())
        if any(i.code == code for i in done)
    ]
    return (main, due, *parts)


def _why_not_done(state: str, reason: str) -> str:
    if state == "done":
        return ""
    if state in ("not needed", "waived"):
        return f"{state.capitalize()}: {reason or 'no reason written'}."
    return "Not done yet."
