"""A decision letter for one seed-fund claim: what was decided, why, what would change it.

It says how to appeal, in plain English, to the leader. Refuses to decide: it prints what the
register decided.
"""

from __future__ import annotations

from decimal import Decimal

from evidence.blocks import (
    Block,
    Bullets,
    Column,
    Document,
    Format,
    Heading,
    Para,
    Table,
    Value,
    WriteLine,
    apart,
    long_date,
    short_date,
)
from evidence.dossier import Dossier
from evidence.reports.reasons import reason_of
from forms.facts.money import ClaimEvent, ClaimLine, SeedClaim
from forms.rules.indicators.seed import claim_state
from forms.values import pounds

_GRANTED = {"APPROVED", "AGREED", "COMMITTED", "PAID", "EVIDENCED", "CLOSED"}
_DONE = {"PAID", "EVIDENCED", "CLOSED"}
_REFUSED = {"REJECTED", "DECLINED"}


def build(dossier: Dossier, claim_id: str) -> Document:
    """The letter. Raises KeyError when there is no such claim."""
    claim = {c.id: c for c in dossier.claims}[claim_id]
    lines = dossier.lines_of.get(claim_id, ())
    state = claim_state(dossier, claim)
    blocks: list[Block] = [
        *_opening(dossier, claim),
        *_decision(dossier, lines, state),
        *_costs(lines),
        *_reasons(dossier, claim, lines),
        *_next(dossier, state),
        *_appeal(dossier, lines, state),
    ]
    return Document(
        title="Your seed-fund claim",
        subtitle=dossier.name_of(claim.enterprise_id),
        council=dossier.pack.council,
        as_of=dossier.as_of,
        reference="",
        provenance="",
        published=False,
        blocks=tuple(blocks),
        mark="Practice data" if dossier.provenance.practice else "",
        point_size=Decimal(12),
        cover=False,
    )


def _opening(dossier: Dossier, claim: SeedClaim) -> list[Block]:
    leaders = [x.name for x in dossier.leaders if x.enterprise_id == claim.enterprise_id and x.name]
    names = ", ".join(map(apart, leaders)) if leaders else dossier.name_of(claim.enterprise_id)
    return [
        Para(dossier.pack.council),
        Para(long_date(dossier.as_of)),
        Heading(1, "Your seed-fund claim: what was decided"),
        Para(f"Dear {names}"),
    ]


def _decision(dossier: Dossier, lines: tuple[ClaimLine, ...], state: str) -> list[Block]:
    accepted = [line for line in lines if line.outcome == "accepted"]
    refused = [line for line in lines if line.outcome == "rejected"]
    if state in _REFUSED or (refused and not accepted):
        return [Para("We cannot pay this claim. This letter says why, and what you can do.")]
    if state in _GRANTED:
        words = f"We will pay £{_sum(accepted)}"
        if state in _DONE:
            words = f"We have paid £{_sum([x for x in accepted if _is_paid(dossier, x)])}"
        rest = " We cannot pay the rest; the reasons are below." if refused else ""
        return [Para(f"{words} of your claim for £{_sum(lines)}.{rest}")]
    return [
        Para(f"Your claim for £{_sum(lines)} has not been decided yet. This is where it stands.")
    ]


def _is_paid(dossier: Dossier, line: ClaimLine) -> bool:
    return line.paid_on is not None and line.paid_on <= dossier.as_of


def _sum(lines: tuple[ClaimLine, ...] | list[ClaimLine]) -> str:
    return f"{Decimal(pounds(sum(line.pence for line in lines))):,}"


def _costs(lines: tuple[ClaimLine, ...]) -> list[Block]:
    rows: list[tuple[Value, ...]] = []
    for line in lines:
        answer = {"accepted": "Yes", "rejected": "No"}.get(line.outcome, "Not decided yet")
        paid = f"Paid {short_date(line.paid_on)}" if line.paid_on else ""
        rows.append((line.what or "A cost", Decimal(line.pence) / 100, answer, paid))
    return [
        Table(
            key="costs",
            caption="Your costs, one by one",
            columns=(
                Column("Cost", row_header=True, width=1.6),
                Column("Amount", Format.POUNDS),
                Column("Will we pay?"),
                Column("When"),
            ),
            rows=tuple(rows),
        )
    ]


def _reasons(dossier: Dossier, claim: SeedClaim, lines: tuple[ClaimLine, ...]) -> list[Block]:
    refused = [line for line in lines if line.outcome == "rejected"]
    blocks: list[Block] = []
    for line in refused:
        reason = reason_of(line.code)
        blocks += [
            Heading(2, f"{line.what or 'A cost'}, £{_sum([line])}"),
            Para(reason.why, lead="Why not:"),
            *_note(dossier.events_of.get(claim.id, ()), line.id),
            Para(reason.change, lead="What would change it:"),
        ]
    if not refused:
        blocks += _whole_claim(dossier.events_of.get(claim.id, ()))
    return blocks


def _note(events: tuple[ClaimEvent, ...], line_id: str) -> list[Block]:
    notes = [e.note for e in events if e.line_id == line_id and e.note]
    return [Para(notes[-1], lead="The checker wrote:")] if notes else []


def _whole_claim(events: tuple[ClaimEvent, ...]) -> list[Block]:
    """A claim turned down as a whole carries its code on the step itself."""
    for event in reversed(events):
        if event.to_state in _REFUSED and event.code:
            reason = reason_of(event.code)
            return [
                Para(reason.why, lead="Why not:"),
                *([Para(event.note, lead="The decision says:")] if event.note else []),
                Para(reason.change, lead="What would change it:"),
            ]
    return []


def _next(dossier: Dossier, state: str) -> list[Block]:
    if state not in _GRANTED:
        return []
    days = dossier.pack.seed_policy.evidence_days
    return [
        Heading(2, "What you do next"),
        Bullets(
            (
                "Keep every receipt and the bank line that shows what you paid.",
                f"Send us the receipts within {days} days of being paid.",
                "Use the money only for the costs above. Ask us first if something changes.",
            )
        ),
    ]


def _appeal(dossier: Dossier, lines: tuple[ClaimLine, ...], state: str) -> list[Block]:
    if state not in _REFUSED and not any(line.outcome == "rejected" for line in lines):
        return []
    days = dossier.pack.seed_policy.appeal_days
    return [
        Heading(2, "If you think this is wrong"),
        Para(
            f"You can appeal within {days} working days of this letter. Write to the programme and "
            "say which cost and why. Somebody who did not decide on this claim looks at it again "
            "and writes to you. Your coach can help you write it."
        ),
        WriteLine("Signed for the programme"),
    ]
