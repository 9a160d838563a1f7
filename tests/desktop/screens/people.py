"""Fictional people for screen tests: one enterprise in full, a claim, a thing to check."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from forms.change import Conflict, Head
from forms.facts.casework import Action, ChecklistItem, CoachingSession, StageEvent
from forms.facts.money import ClaimEvent, ClaimLine, SeedClaim
from forms.facts.people import ActivityReturn, Colleague, Consent, Dpia, Enterprise, Leader
from forms.values import derived_id
from tests.desktop.screens.memory import MemoryVault

MARY = "01-mary"
CLAIM = "02-claim"


def at(day: int, hour: int = 10, minute: int = 0) -> datetime:
    """A moment in November 2022."""
    return datetime(2022, 11, day, hour, minute, tzinfo=UTC)


def colleagues():
    return (
        Colleague(id="coach-1", name="Sam Reed", role="coach"),
        Colleague(id="lead-1", name="Priya Shah", role="lead"),
        Colleague(id="qa-1", name="Lee Marsh", role="qa"),
        Colleague(id="finance-1", name="Ola Bright", role="finance"),
    )


def signed_dpia():
    return Dpia(
        id="dpia-2",
        version="2",
        signed_by="J. Adeyemi, Corporate Director",
        signed_on=date(2022, 1, 14),
    )


def item(code, **fields):
    """One of Mary's checklist items."""
    return ChecklistItem(id=derived_id(MARY, code), enterprise_id=MARY, code=code, **fields)


def mary():
    """Mary Thorne, sole trader in the making, with some of the checklist done."""
    return (
        Enterprise(
            id=MARY,
            name="Mary's Helping Hands",
            coach_id="coach-1",
            district="E07000105",
            place="Tenterden",
            entity_form="SOLE",
            employee_count=0,
            strand="home_support",
            established_on=date(2022, 6, 1),
            first_delivery_on=date(2022, 7, 1),
            comparable_to_homecare=True,
            phone="01233 000000",
            access_needs="Hard of hearing: face her when you speak",
            facts={"svc": ["befr", "dom"], "prem": ["clienthome"], "drives": True, "vol": 0},
        ),
        Leader(id="01-leader", enterprise_id=MARY, name="Mary Thorne", phone="01233 000000"),
        Consent(
            id="01-consent",
            enterprise_id=MARY,
            purpose="privacy_notice",
            given_by="Mary Thorne",
            given_on=date(2022, 10, 3),
        ),
        StageEvent(id="s1", enterprise_id=MARY, stage="ENQUIRY", on=date(2022, 5, 4)),
        StageEvent(
            id="s2", enterprise_id=MARY, stage="SET_UP", on=date(2022, 5, 20), by_id="coach-1"
        ),
        CoachingSession(
            id="n1",
            enterprise_id=MARY,
            on=date(2022, 11, 13),
            at=at(13, 14, 10),
            kind="visit",
            minutes=50,
            note="Mary has two people waiting. She showed the policy, but the schedule does not "
            "name shopping yet; she will ring the insurer and ask them to add it before Friday.",
            by_id="coach-1",
        ),
        CoachingSession(
            id="n2",
            enterprise_id=MARY,
            on=date(2022, 11, 10),
            at=at(10, 9, 30),
            kind="call",
            note="Rang about the bank account.",
            by_id="coach-1",
        ),
        Action(
            id="a1",
            enterprise_id=MARY,
            text="Show public liability insurance",
            owner="leader",
            due_on=date(2022, 11, 28),
            start_on=date(2022, 11, 6),
        ),
        Action(
            id="a2",
            enterprise_id=MARY,
            text="Quote for the tablet",
            owner="other",
            waiting_on="the insurer",
            start_on=date(2022, 11, 6),
        ),
        item(
            "C01",
            state="done",
            said_by="saw it",
            evidence_ref="HMRC letter, 3 Oct",
            evidence_on=date(2022, 10, 3),
        ),
        item("C07", state="doing", note="Schedule must name shopping"),
        item(
            "C10",
            state="done",
            said_by="document",
            evidence_ref="Basic, certificate ending 441",
            evidence_on=date(2022, 9, 1),
            expires_on=date(2025, 9, 1),
            checked_by_id="qa-1",
            checked_on=date(2022, 9, 8),
        ),
        item("C14", state="done", said_by="saw it", evidence_on=date(2022, 10, 3)),
        item("C31", state="not needed", reason="Always works with her sister"),
        ActivityReturn(
            id="r1",
            enterprise_id=MARY,
            period_from=date(2022, 7, 1),
            period_to=date(2022, 9, 30),
            received_on=date(2022, 10, 10),
            hours_week=Decimal(18),
            comparable_hours_week=Decimal(18),
            dp_hours_week=Decimal(4),
            dp_comparable_hours_week=Decimal(4),
            people=5,
            price_pence=1600,
        ),
    )


def marys_claim():
    """A draft with two lines, one of them outside the window."""
    return (
        SeedClaim(
            id=CLAIM,
            enterprise_id=MARY,
            policy_version="kent-1",
            drafted_by_id="coach-1",
            drafted_on=date(2022, 11, 18),
            barrier="Cannot take bookings on the road",
            applicant="Mary Thorne",
        ),
        ClaimLine(
            id="02-line-1",
            claim_id=CLAIM,
            enterprise_id=MARY,
            what="First year of cover",
            category="LICENCE_REG",
            cost_kind="public_liability",
            pence=8900,
            cost_on=date(2022, 11, 21),
            supplier="Weald Insurance",
        ),
        ClaimLine(
            id="02-line-2",
            claim_id=CLAIM,
            enterprise_id=MARY,
            what="Tablet for bookings",
            category="EQUIP",
            cost_kind="tablet",
            pence=24900,
            cost_on=date(2022, 12, 14),
            supplier="",
        ),
    )


def paid_claim():
    """A claim that went all the way."""
    return (
        SeedClaim(
            id="03-claim",
            enterprise_id=MARY,
            policy_version="kent-1",
            drafted_by_id="coach-1",
            drafted_on=date(2022, 6, 10),
            applicant="Mary Thorne",
            state="PAID",
        ),
        ClaimLine(
            id="03-line",
            claim_id="03-claim",
            enterprise_id=MARY,
            what="Basic DBS check",
            category="LICENCE_REG",
            cost_kind="basic_dbs",
            pence=2300,
            cost_on=date(2022, 6, 9),
            outcome="accepted",
            paid_on=date(2022, 6, 30),
        ),
        ClaimEvent(
            id="e1",
            claim_id="03-claim",
            enterprise_id=MARY,
            from_state="DRAFT",
            to_state="SUBMITTED",
            by_id="coach-1",
            on=date(2022, 6, 11),
        ),
        ClaimEvent(
            id="e2",
            claim_id="03-claim",
            enterprise_id=MARY,
            from_state="COMMITTED",
            to_state="PAID",
            by_id="finance-1",
            on=date(2022, 6, 30),
            reference="FIN-88",
        ),
    )


def phone_clash(conflict_id: str = "c1") -> Conflict:
    """Two people wrote another phone number."""
    return Conflict(
        id=conflict_id,
        kind="enterprise",
        record_id=MARY,
        field="phone",
        before="01233 000000",
        heads=(
            Head(dot="2.9", value="01233 111111", actor_id="lead-1", at=at(18, 16, 20)),
            Head(dot="1.7", value="01233 222222", actor_id="coach-1", at=at(18, 14, 5)),
        ),
        in_use="2.9",
        opened_at=at(19),
    )


def amount_clash() -> Conflict:
    """Two amounts on a claim line."""
    return Conflict(
        id="c2",
        kind="claim_line",
        record_id="02-line-2",
        field="pence",
        before=24900,
        heads=(
            Head(dot="2.11", value=25900, actor_id="lead-1", at=at(18, 16, 25)),
            Head(dot="1.8", value=23900, actor_id="coach-1", at=at(18, 14, 9)),
        ),
        in_use="2.11",
        opened_at=at(19, 11),
    )


def full_vault() -> MemoryVault:
    """Everything above in one vault."""
    vault = MemoryVault().hold(*colleagues(), signed_dpia(), *mary(), *marys_claim(), *paid_claim())
    vault.open_conflicts = [phone_clash(), amount_clash()]
    return vault
