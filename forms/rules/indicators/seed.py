"""I-25 to I-27: the seed fund. A paid line counts in the envelope of the day it was paid.

Refuses to move money between envelopes, and to call money lapsed before its spend-by day.
"""

from __future__ import annotations

from forms.facts.money import ClaimLine, SeedClaim
from forms.rules.indicators.model import Figure, LeftOut, Row, Shape, Unit, figure, missing
from forms.rules.indicators.pathway_counts import sustained
from forms.rules.indicators.rows import money, out, row, rows
from forms.rules.indicators.world import World
from forms.rules.pack import Envelope

_GRANTED = {
    "APPROVED",
    "AGREED",
    "COMMITTED",
    "PAID",
    "EVIDENCED",
    "CLOSED",
    "VARIATION",
    "CLAWBACK_OPEN",
    "RECOVERED",
    "WRITTEN_OFF",
}
_REFUSED = {"REJECTED", "DECLINED"}


def paid_in(world: World, envelope: Envelope) -> list[ClaimLine]:
    """The lines paid on a day of this envelope."""
    ids = set(world.envelope_lines[envelope.id].paid_lines)
    return [line for line in world.paid_lines if line.id in ids]


def lapsed_pence(world: World, envelope: Envelope) -> int | None:
    """The unpaid rest, once the spend-by day is behind. None before it, or without one."""
    return world.envelope_lines[envelope.id].lapsed


def paid(world: World) -> tuple[Figure, ...]:
    """I-25: in all, then pounds and share of budget for each envelope."""
    label = "Seed money paid"
    if not world.lines:
        return (missing(label, Unit.POUNDS, "No claim is recorded."),)
    left = _unpaid(world)
    every = [row(line, money(line.pence)) for line in world.paid_lines]
    figures = [figure(label, Shape.SUM, Unit.POUNDS, every, left_out=left)]
    for envelope in world.pack.envelopes:
        here = _envelope(world, envelope)
        figures += here[:1] if world.area else here  # a budget is never one district's
    figures += _outside(world)
    return tuple(figures)


def _envelope(world: World, envelope: Envelope) -> list[Figure]:
    here = [row(line, money(line.pence)) for line in paid_in(world, envelope)]
    budget = Row(kind="envelope", record_id=envelope.id, value=money(envelope.pence))
    title = f"{envelope.id} {envelope.title}".strip()
    return [
        figure(f"Paid in {title}", Shape.SUM, Unit.POUNDS, here, key=f"paid_{envelope.id}"),
        figure(
            f"Share of the budget of {title}",
            Shape.SHARE,
            Unit.PERCENT,
            here,
            denominator=[budget],
            key=f"share_{envelope.id}",
        ),
    ]


def _outside(world: World) -> list[Figure]:
    inside = {line.id for e in world.pack.envelopes for line in paid_in(world, e)}
    stray = [row(x, money(x.pence)) for x in world.paid_lines if x.id not in inside]
    if not stray:
        return []
    label = "Paid on a day outside every envelope"
    return [figure(label, Shape.SUM, Unit.POUNDS, stray, key="outside")]


def _unpaid(world: World) -> list[LeftOut]:
    settled = {line.id for line in world.paid_lines}
    rejected = {line.id for line in world.rejected_lines}
    left = []
    for line in world.lines:
        if line.id in settled:
            continue
        reason = f"Rejected: {line.code}." if line.id in rejected else "Not paid by the date."
        left.append(out(line, reason))
    return left


def per_sustained(world: World) -> tuple[Figure, ...]:
    """I-26."""
    label = "Seed money per sustained enterprise"
    if not world.paid_lines:
        return (missing(label, Unit.POUNDS, "No seed money has been paid."),)
    six = sustained(world)[0]
    if not six.rows:
        return (missing(label, Unit.POUNDS, "No enterprise has been active for six months."),)
    above = [row(line, money(line.pence)) for line in world.paid_lines]
    return (figure(label, Shape.RATE, Unit.POUNDS, above, denominator=six.rows),)


def turnaround(world: World) -> tuple[Figure, ...]:
    """I-27: median days, approval share, then rejected lines by code."""
    if not world.claims:
        return (missing("Median days to approval", Unit.DAYS, "No claim is recorded."),)
    return (_days(world), _approved(world), _rejected_money(world), *_codes(world))


def _days(world: World) -> Figure:
    kept, left = [], []
    for claim in world.claims:
        if claim.submitted_on is None or claim.submitted_on > world.as_of:
            left.append(out(claim, "Not submitted by the date."))
        elif not world.in_period(claim.submitted_on):
            left.append(out(claim, world.outside(claim.submitted_on)))
        elif claim.approved_on is None or claim.approved_on > world.as_of:
            left.append(out(claim, "Not approved by the date."))
        else:
            kept.append(row(claim, (claim.approved_on - claim.submitted_on).days))
    label = "Median days to approval"
    if not kept:
        return missing(label, Unit.DAYS, "No claim has been approved.")
    return figure(label, Shape.MEDIAN, Unit.DAYS, kept, left_out=left)


def _approved(world: World) -> Figure:
    granted = [c for c in world.claims if claim_state(world, c) in _GRANTED]
    refused = [c for c in world.claims if claim_state(world, c) in _REFUSED]
    label = "Claims approved, of those decided"
    if not granted and not refused:
        return missing(label, Unit.PERCENT, "No claim has been decided.", "approved")
    decided = {c.id for c in granted + refused}
    left = [out(c, "Not decided by the date.") for c in world.claims if c.id not in decided]
    return figure(
        label,
        Shape.SHARE,
        Unit.PERCENT,
        rows(granted),
        denominator=rows(granted + refused),
        left_out=left,
        key="approved",
    )


def claim_state(world: World, claim: SeedClaim) -> str:
    """The claim's state on the date: from its dated steps, else as the register holds it now."""
    events = world.events_of.get(claim.id, ())
    moved = [event.to_state for event in events if event.to_state]
    if moved:
        return moved[-1]
    return "DRAFT" if world.has_later_events(claim.id) else claim.state


def _rejected_money(world: World) -> Figure:
    lost = [row(x, money(x.pence), x.code) for x in world.rejected_lines]
    return figure("Money in rejected lines", Shape.SUM, Unit.POUNDS, lost, key="rejected_pounds")


def _codes(world: World) -> list[Figure]:
    codes: dict[str, list[ClaimLine]] = {}
    for line in world.rejected_lines:
        codes.setdefault(line.code or "no code", []).append(line)
    return [
        figure(f"Lines rejected: {code}", Shape.COUNT, Unit.NUMBER, rows(lines), key=code)
        for code, lines in sorted(codes.items())
    ]
