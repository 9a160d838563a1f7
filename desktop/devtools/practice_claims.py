"""Seed-fund claims in practice data: closed ones from the programme's years, fresh ones waiting.

Days keep the six months and the envelopes. Refuses an approved claim while no envelope is open.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from desktop.devtools import practice_papers
from desktop.devtools.practice_work import Work
from forms.facts.money import ClaimEvent, ClaimLine, SeedClaim
from forms.rules.calendar import funding_period
from forms.values import Actor

_WAY = ("DRAFT", "SUBMITTED", "CHECKED", "RECOMMENDED", "APPROVED", "AGREED", "COMMITTED", "PAID")
_CLOSED = (*_WAY, "EVIDENCED", "CLOSED")
# number of the enterprise -> how far its fresh claim has come
_FRESH = {
    16: ("DRAFT",),
    18: ("DRAFT", "SUBMITTED"),
    21: ("DRAFT", "SUBMITTED", "CHECKED"),
    23: ("DRAFT", "SUBMITTED", "CHECKED", "RETURNED"),
    25: ("DRAFT", "SUBMITTED", "REJECTED"),
    26: ("DRAFT", "SUBMITTED", "WITHDRAWN"),
    27: ("DRAFT",),
}


def claims(work: Work, lead: Actor, finance: Actor) -> Iterator[Any]:
    """The claim of this enterprise, if it has one."""
    established = work.enterprise.established_on
    if established is None:
        return
    paid_on = established + timedelta(days=40)
    if funding_period(work.pack, paid_on) and paid_on < work.today:
        yield from _claim(work, established, _CLOSED, lead, finance)
    elif work.idea.number in _FRESH:
        began = max(established, work.today - timedelta(days=9))
        yield from _claim(work, began, _FRESH[work.idea.number], lead, finance)


def _claim(
    work: Work, began: date, states: tuple[str, ...], lead: Actor, finance: Actor
) -> Iterator[Any]:
    days = {state: min(began + timedelta(days=_after(state)), work.today) for state in states}
    state = states[-1]
    who = {
        "SUBMITTED": work.coach,
        "AGREED": work.coach,
        "WITHDRAWN": work.coach,
        "APPROVED": lead,
        "COMMITTED": lead,
        "CLOSED": lead,
        "PAID": finance,
    }
    claim_id = work.idea.id("claim")
    yield SeedClaim(
        id=claim_id,
        enterprise_id=work.enterprise.id,
        policy_version=work.pack.seed_policy.version,
        drafted_by_id=work.coach.id,
        drafted_on=days["DRAFT"],
        barrier="I cannot begin without it and have no savings",
        applicant=work.idea.leader,
        state=state,
        submitted_by_id=work.coach.id if "SUBMITTED" in days else "",
        submitted_on=days.get("SUBMITTED"),
        checked_by_id=work.qa.id if {"CHECKED", "REJECTED"} & set(states) else "",
        recommended_by_id=work.qa.id if "RECOMMENDED" in days else "",
        approved_by_id=lead.id if "APPROVED" in days else "",
        approved_on=days.get("APPROVED"),
    )
    yield from _lines(work, claim_id, days, state)
    for before, after in pairwise(states):
        yield ClaimEvent(
            id=work.idea.id("claim event", after),
            claim_id=claim_id,
            enterprise_id=work.enterprise.id,
            from_state=before,
            to_state=after,
            by_id=who.get(after, work.qa).id,
            on=days[after],
            code="EXCLUDED_COST" if after == "REJECTED" else "",
        )


def _after(state: str) -> int:
    order = (*_CLOSED, "RETURNED", "REJECTED", "WITHDRAWN")
    if state in ("RETURNED", "REJECTED", "WITHDRAWN"):
        return 8
    return {"PAID": 40, "EVIDENCED": 60, "CLOSED": 61}.get(state, 3 * order.index(state))


def _lines(work: Work, claim_id: str, days: dict[str, date], state: str) -> Iterator[Any]:
    costs = (
        (
            ("Fuel for the first month", "", "fuel", 6000, "Corner Garage")
            if state == "REJECTED"
            else (
                "First year of public liability insurance",
                "LICENCE_REG",
                "public_liability",
                9200,
                "Oasthouse Small Trades Cover",
            )
        ),
        ("Tablet for bookings and receipts", "EQUIP", "tablet", 18900, "High Street Computers"),
    )
    checked = "CHECKED" in days or state == "REJECTED"
    for place, (what, category, kind, amount, supplier) in enumerate(costs):
        if place and state == "REJECTED":
            return
        line_id = work.idea.id("line", str(place))
        paper = practice_papers.of_cost(work.enterprise.id, kind, line_id)
        if state == "CLOSED" or (state == "DRAFT" and place):
            paper = None  # long past; or a draft that still waits for its second receipt
        if paper is not None:
            yield paper.attachment(work.idea.leader, days["DRAFT"])
        yield ClaimLine(
            id=line_id,
            files=(paper.id,) if paper is not None else (),
            claim_id=claim_id,
            enterprise_id=work.enterprise.id,
            what=what,
            category=category,
            cost_kind=kind,
            pence=amount + 100 * work.idea.number,
            cost_on=days.get("PAID", days["DRAFT"]),
            supplier=supplier,
            invoice_no=f"P-{work.idea.number}{place}",
            justification="Needed to begin",
            outcome=("rejected" if state == "REJECTED" else "accepted") if checked else "",
            code="EXCLUDED_COST" if state == "REJECTED" else "",
            paid_on=days.get("PAID"),
            payment_reference=f"PR-{work.idea.number:03}{place}" if "PAID" in days else "",
            evidenced_on=days.get("EVIDENCED"),
        )
