"""A whole county of invented enterprises, fast: what the benchmarks open, filter and report on.

Refuses to be pretty: names repeat with a number, notes repeat. Practice vaults only.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from itertools import islice
from typing import TYPE_CHECKING, Any

from desktop.devtools.cast import Idea, cast, words
from forms.facts.casework import Action, ChecklistItem, CoachingSession, StageEvent
from forms.facts.listing import QACheck, RegisterEntry
from forms.facts.money import ClaimLine, SeedClaim
from forms.facts.people import ActivityReturn, Dpia, Enquiry, Enterprise, Leader
from forms.values import derived_id, london_day

if TYPE_CHECKING:
    from datetime import date

    from forms.values import Clock
    from storage.vault import Vault

COACH_ID = "practice-coach"
REVIEWER_ID = "practice-reviewer"
BATCH = 500
_COSTS = (
    ("First year of insurance", "LICENCE_REG", "public_liability"),
    ("Tablet for bookings", "EQUIP", "tablet"),
)
_STAGES = (
    "ENQUIRY",
    "FIRST_CONVERSATION",
    "IDEA_CHECK",
    "SET_UP",
    "READY",
    "LISTED",
    "TRADING",
)


def fill_county(vault: Vault, clock: Clock, count: int = 10_000, notes_per: int = 3) -> None:
    """Put so many enterprises into a practice vault, each with notes, items, actions, a return."""
    now = clock.now()
    today = london_day(now)
    people = cast(count, seed="county")
    with vault.change(by=COACH_ID, at=now) as unit:
        unit.add(
            Dpia(
                id="dpia-1",
                version="1",
                signed_by="Practice Director",
                signed_on=today - timedelta(days=2000),
            )
        )
    while batch := list(islice(people, BATCH)):
        with vault.change(by=COACH_ID, at=now) as unit:
            unit.add_all(record for idea in batch for record in _records(idea, today, notes_per))


def _records(idea: Idea, today: date, notes_per: int) -> Iterator[Any]:
    reached = len(_STAGES) if idea.number % 2 else 1 + idea.number % len(_STAGES)
    begun = today - timedelta(days=200 + idea.number % 700)
    trading = reached == len(_STAGES)
    key, told = idea.id("enterprise"), idea.told
    yield Enquiry(
        id=idea.id("enquiry"),
        created_on=begun,
        coach_id=COACH_ID,
        channel="phone",
        district=idea.district,
        name=idea.leader,
        phone=idea.phone,
        privacy_notice_on=begun,
        enterprise_id=key,
    )
    yield Enterprise(
        id=key,
        name=f"{idea.name} {idea.number}",
        coach_id=COACH_ID,
        enquiry_id=idea.id("enquiry"),
        district=idea.district,
        place=idea.place,
        strand=told["strand"],
        entity_form="SOLE",
        employee_count=0,
        service_types=tuple(told["services"]),
        target_groups=tuple(told["groups"]),
        established_on=begun + timedelta(days=60) if trading else None,
        first_delivery_on=begun + timedelta(days=80) if trading else None,
        comparable_to_homecare=bool(told["comparable"]),
        price_pence=told["price_pence"],
        phone=idea.phone,
        email=idea.email,
        facts=idea.facts,
    )
    yield Leader(id=idea.id("leader"), enterprise_id=key, name=idea.leader, phone=idea.phone)
    for number, stage in enumerate(_STAGES[:reached]):
        yield StageEvent(
            id=idea.id("stage", stage),
            enterprise_id=key,
            stage=stage,
            on=begun + timedelta(days=12 * number),
            by_id=COACH_ID,
        )
    yield from _work(idea, key, begun, today, notes_per)
    if trading:
        yield _return(idea, key, today)
        yield from _listing_and_money(idea, key, begun + timedelta(days=60))


def _listing_and_money(idea: Idea, key: str, established: date) -> Iterator[Any]:
    """A published entry with two checks, and one claim of two paid lines."""
    yield RegisterEntry(
        id=idea.id("entry"),
        enterprise_id=key,
        trading_name=f"{idea.name} {idea.number}",
        districts=(idea.district,),
        services=tuple(idea.told["services"]),
        status="published",
        published_on=established,
        reviewed_by_id=REVIEWER_ID,
    )
    for kind in ("insurance", "safeguarding"):
        yield QACheck(
            id=idea.id("check", kind),
            enterprise_id=key,
            kind=kind,
            seen_how="document",
            seen_by_id=REVIEWER_ID,
            seen_on=established,
            expires_on=established + timedelta(days=1095),
        )
    claim = idea.id("claim")
    yield SeedClaim(
        id=claim,
        enterprise_id=key,
        drafted_by_id=COACH_ID,
        drafted_on=established,
        barrier="Needed to begin",
        applicant=idea.leader,
        state="CLOSED",
        submitted_on=established,
        approved_by_id=REVIEWER_ID,
        approved_on=established + timedelta(days=9),
    )
    for number, (what, category, kind) in enumerate(_COSTS):
        yield ClaimLine(
            id=idea.id("line", str(number)),
            claim_id=claim,
            enterprise_id=key,
            what=what,
            category=category,
            cost_kind=kind,
            pence=4500 + 100 * (idea.number % 90),
            cost_on=established,
            outcome="accepted",
            paid_on=established + timedelta(days=20),
            payment_reference=f"F-{idea.number}-{number}",
        )


def _work(idea: Idea, key: str, begun: date, today: date, notes_per: int) -> Iterator[Any]:
    notes = words()["visit_notes"]
    for number in range(notes_per):
        yield CoachingSession(
            id=idea.id("note", str(number)),
            enterprise_id=key,
            on=begun + timedelta(days=5 + number * 7),
            kind="visit",
            minutes=40,
            note=notes[(idea.number + number) % len(notes)],
            by_id=COACH_ID,
        )
    for number, code in enumerate(("C07", "C10", "C21", "C37")):
        yield ChecklistItem(
            id=derived_id(key, code),
            enterprise_id=key,
            code=code,
            state="done" if (idea.number + number) % 3 else "doing",
            said_by="document",
            evidence_on=begun + timedelta(days=30),
        )
    yield Action(
        id=idea.id("action"),
        enterprise_id=key,
        text=words()["actions"][idea.number % len(words()["actions"])],
        owner="coach" if idea.number % 2 else "leader",
        start_on=begun,
        due_on=today + timedelta(days=idea.number % 60),
        by_id=COACH_ID,
    )


def _return(idea: Idea, key: str, today: date) -> ActivityReturn:
    hours = Decimal(int(idea.told["hours"]) + idea.number % 5)
    share = hours / 4 if idea.told["comparable"] else Decimal(0)
    return ActivityReturn(
        id=idea.id("return"),
        enterprise_id=key,
        period_from=today - timedelta(days=110),
        period_to=today - timedelta(days=20),
        received_on=today - timedelta(days=10),
        hours_week=hours,
        comparable_hours_week=hours if idea.told["comparable"] else Decimal(0),
        dp_hours_week=share,
        dp_comparable_hours_week=share,
        people=int(idea.told["people"]),
        people_self_funding=int(idea.told["people"]) - 1,
        price_pence=idea.told["price_pence"],
        employees=0,
        paid_people=1,
        paid_hours_week=hours,
    )
