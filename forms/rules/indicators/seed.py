"""I-25 to I-27: the seed fund. A paid line counts in the envelope of the day it was paid.

Refuses to move money between envelopes, and to call money lapsed before its spend-by day.
"""

from __future__ import annotations

from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class Money:
    """One envelope on the date, in pence: budget = paid - came back + lapsed or not yet paid.

    Outside every envelope there is no budget, and nothing lapses.
    """

    paid: int
    came_back: int  # of what was paid
    # the rest once its spend-by day is behind; None before it, without one, and for one district:
    # a budget is the whole programme's, so what one district did not spend did not lapse by that
    lapsed: int | None

    @property
    def kept(self) -> int:
        """Paid, and not come back."""
        return self.paid - self.came_back


def money_of(world: World, envelope: Envelope) -> Money:
    """What became of an envelope's money by the date."""
    line = world.envelope_lines[envelope.id]
    return Money(line.paid, line.returned, None if world.area else line.lapsed)


def returned_lines(world: World) -> list[ClaimLine]:
    """Paid lines whose money came back to the fund by the date."""
    events = (event for events in world.events_of.values() for event in events)
    back = {event.line_id for event in events if event.to_state == "RECOVERED"}
    return [line for line in world.paid_lines if line.id in back]


def money_outside(world: World) -> Money:
    """What became of the money paid on a day that no envelope holds."""
    back = {line.id for line in returned_lines(world)}
    lines = outside(world)
    return Money(
        paid=sum(line.pence for line in lines),
        came_back=sum(line.pence for line in lines if line.id in back),
        lapsed=None,
    )


def paid(world: World) -> tuple[Figure, ...]:
    """I-25: in all, then pounds and share of budget for each envelope."""
    label = "Seed money paid in all"
    if not world.lines:
        return (missing(label, Unit.POUNDS, "No claim is recorded."),)
    left = _unpaid(world)
    every = [row(line, money(line.pence)) for line in world.paid_lines]
    back = [row(line, money(line.pence)) for line in returned_lines(world)]
    came_back = figure("Came back to the fund", Shape.SUM, Unit.POUNDS, back, key="returned")
    note = f"Of it, {came_back.shown} came back to the fund later." if back else ""
    figures = [figure(label, Shape.SUM, Unit.POUNDS, every, left_out=left, note=note)]
    figures += [came_back] if back else []
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


def outside(world: World) -> list[ClaimLine]:
    """The lines paid on a day that no envelope holds."""
    inside = {line.id for e in world.pack.envelopes for line in paid_in(world, e)}
    return [line for line in world.paid_lines if line.id not in inside]


def _outside(world: World) -> list[Figure]:
    stray = [row(line, money(line.pence)) for line in outside(world)]
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
        reason = _not_of_period(world, claim)
        if reason or claim.submitted_on is None:
            left.append(out(claim, reason))
        elif claim.approved_on is None or claim.approved_on > world.as_of:
            left.append(out(claim, "Not approved by the date."))
        else:
            kept.append(row(claim, (claim.approved_on - claim.submitted_on).days))
    label = "Median days to approval"
    if not kept:
        return missing(label, Unit.DAYS, f"No claim{_whose(world)} has been approved.")
    return figure(label, Shape.MEDIAN, Unit.DAYS, kept, left_out=left)


def _whose(world: World) -> str:
    """Of before the period there may be some: they are no part of what is said."""
    return "" if world.since is None else " of the period"


def _not_of_period(world: World, claim: SeedClaim) -> str:
    """Why a claim is not one of those submitted in the period, '' when it is."""
    if claim.submitted_on is None or claim.submitted_on > world.as_of:
        return "Not submitted by the date."
    return world.outside(claim.submitted_on)


def _approved(world: World) -> Figure:
    away = {c.id: why for c in world.claims if (why := _not_of_period(world, c))}
    granted, refused = [], []
    for claim in world.claims:
        state = "" if claim.id in away else claim_state(world, claim)
        if state in _GRANTED:
            granted.append(claim)
        elif state in _REFUSED:
            refused.append(claim)
    label = "Claims approved, of those decided"
    if not granted and not refused:
        return missing(
            label, Unit.PERCENT, f"No claim{_whose(world)} has been decided.", "approved"
        )
    decided = {c.id for c in granted + refused}
    left = [
        out(c, away.get(c.id, "Not decided by the date."))
        for c in world.claims
        if c.id not in decided
    ]
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


def _rejected(world: World) -> tuple[list[ClaimLine], list[LeftOut]]:
    """Rejected lines of the claims of the period, and the others with the reason."""
    away = {c.id: why for c in world.claims if (why := _not_of_period(world, c))}
    kept = [x for x in world.rejected_lines if x.claim_id not in away]
    left = [out(x, away[x.claim_id]) for x in world.rejected_lines if x.claim_id in away]
    return kept, left


def _rejected_money(world: World) -> Figure:
    kept, left = _rejected(world)
    lost = [row(x, money(x.pence), x.code) for x in kept]
    label = "Money in rejected lines"
    return figure(label, Shape.SUM, Unit.POUNDS, lost, left_out=left, key="rejected_pounds")


def _codes(world: World) -> list[Figure]:
    codes: dict[str, list[ClaimLine]] = {}
    for line in _rejected(world)[0]:
        codes.setdefault(line.code or "no code", []).append(line)
    return [
        figure(f"Lines rejected: {code}", Shape.COUNT, Unit.NUMBER, rows(lines), key=code)
        for code, lines in sorted(codes.items())
    ]
