"""Seed-fund envelopes: what each held, what was paid, what is promised, what is left.

A line counts in the envelope of the day it was paid. A promise that is not paid yet counts in the
envelope of the day it is looked at, for it cannot be paid earlier. What is unspent after a
`spend_by` day lapses and never rolls on. Refuses to mix marketing or contract money in.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from forms.facts.money import ClaimEvent, ClaimLine, SeedClaim
from forms.rules.calendar import funding_period
from forms.rules.pack import Envelope, Pack
from forms.values import pounds

# states in which an accepted, unpaid line holds money back
APPROVED_STATES = frozenset({"APPROVED", "AGREED", "VARIATION"})
COMMITTED_STATES = frozenset({"COMMITTED"})
RESERVED_STATES = APPROVED_STATES | COMMITTED_STATES


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvelopeLine:
    """One envelope on a day. All amounts in pence; the ids say which lines they add up."""

    envelope: Envelope
    as_of: date
    budget: int
    approved: int  # approved, not yet committed
    committed: int
    paid: int
    evidenced: int  # of paid: shown to have been spent
    returned: int
    available: int
    lapsed: int | None  # None = this envelope cannot lapse, or not yet
    at_risk: int  # promised, unpaid, and the deadline is near
    forecast: int  # paid and promised by the deadline
    paid_lines: tuple[str, ...] = ()
    promised_lines: tuple[str, ...] = ()

    @property
    def within_budget(self) -> bool:
        """Whether what was paid and promised fits."""
        return self.paid - self.returned + self.approved + self.committed <= self.budget


def is_lapsed(envelope: Envelope, as_of: date) -> bool:
    """Whether the deadline to spend is behind."""
    return envelope.spend_by is not None and as_of > envelope.spend_by


def envelope_report(
    pack: Pack,
    lines: Sequence[ClaimLine],
    as_of: date,
    claims: Iterable[SeedClaim] = (),
    events: Iterable[ClaimEvent] = (),
) -> list[EnvelopeLine]:
    """Every envelope on a day. `claims` say what is promised, `events` what came back."""
    states = {claim.id: claim.state for claim in claims}
    came_back = {event.line_id for event in events if event.to_state == "RECOVERED"}
    return [_one(pack, envelope, lines, as_of, states, came_back) for envelope in pack.envelopes]


def _one(
    pack: Pack,
    envelope: Envelope,
    lines: Sequence[ClaimLine],
    as_of: date,
    states: dict[str, str],
    came_back: set[str],
) -> EnvelopeLine:
    paid = [line for line in lines if _paid_in(envelope, line, as_of)]
    promised = [line for line in lines if _promised_in(pack, envelope, line, as_of, states)]
    approved = _sum(line for line in promised if states.get(line.claim_id) in APPROVED_STATES)
    committed = _sum(promised) - approved
    returned = _sum(line for line in paid if line.id in came_back)
    left = envelope.pence - _sum(paid) + returned - approved - committed
    lapsed = is_lapsed(envelope, as_of)
    near = envelope.spend_by is not None and not lapsed
    near = near and as_of + timedelta(days=pack.seed_policy.at_risk_days) >= _deadline(envelope)
    return EnvelopeLine(
        envelope=envelope,
        as_of=as_of,
        budget=envelope.pence,
        approved=approved,
        committed=committed,
        paid=_sum(paid),
        evidenced=_sum(
            line for line in paid if line.evidenced_on is not None and line.evidenced_on <= as_of
        ),
        returned=returned,
        available=0 if lapsed else left,
        lapsed=left if lapsed else None,
        at_risk=approved + committed if near else 0,
        forecast=_sum(paid) - returned + approved + committed,
        paid_lines=tuple(line.id for line in paid),
        promised_lines=tuple(line.id for line in promised),
    )


def what_is_left(pack: Pack, day: date, left: int) -> str:
    """What is left on a day, in words; a day on which no fund is open has no amount, never zero."""
    if funding_period(pack, day) is None:
        return f"no fund is open on {day}"
    return f"£{pounds(left)} is left for this period"


def available_pence(
    pack: Pack,
    lines: Sequence[ClaimLine],
    claims: Iterable[SeedClaim],
    day: date,
    *,
    leave_out: frozenset[str] = frozenset(),
    events: Iterable[ClaimEvent] = (),
) -> int:
    """What may still be promised or paid on a day; 0 when no envelope holds that day.

    `leave_out` names lines that are about to be judged and must not count against themselves;
    `events` say what came back, which may be spent again in the same envelope.
    """
    envelope = funding_period(pack, day)
    if envelope is None:
        return 0
    others = [line for line in lines if line.id not in leave_out]
    # later payments out of the same envelope count too: money is spent once, whatever the order
    last = max([day, *(line.paid_on for line in others if line.paid_on is not None)])
    states = {claim.id: claim.state for claim in claims}
    back = {event.line_id for event in events if event.to_state == "RECOVERED"}
    spent = sum(
        line.pence for line in others if _paid_in(envelope, line, last) and line.id not in back
    )
    held = sum(line.pence for line in others if _promised_in(pack, envelope, line, day, states))
    return max(0, envelope.pence - spent - held)


def crosses_deadline(pack: Pack, line: ClaimLine) -> bool:
    """Whether a line was bought before a deadline and paid after it (it counts in the later)."""
    if line.cost_on is None or line.paid_on is None:
        return False
    return any(
        envelope.spend_by is not None and line.cost_on <= envelope.spend_by < line.paid_on
        for envelope in pack.envelopes
    )


def _deadline(envelope: Envelope) -> date:
    return envelope.spend_by or envelope.ends


def _paid_in(envelope: Envelope, line: ClaimLine, as_of: date) -> bool:
    day = line.paid_on
    return day is not None and envelope.starts <= day <= envelope.ends and day <= as_of


def _promised_in(
    pack: Pack, envelope: Envelope, line: ClaimLine, as_of: date, states: dict[str, str]
) -> bool:
    if line.outcome != "accepted" or states.get(line.claim_id) not in RESERVED_STATES:
        return False
    if line.paid_on is not None and line.paid_on <= as_of:
        return False
    return funding_period(pack, as_of) == envelope


def _sum(lines: Iterable[ClaimLine]) -> int:
    return sum(line.pence for line in lines)
