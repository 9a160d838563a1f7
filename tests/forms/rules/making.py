"""Builders and readers for the tests of the rules: records that are whole unless told otherwise."""

import tomllib
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

from forms.facts.casework import ChecklistItem
from forms.facts.decisions import DecisionRequest
from forms.facts.money import ClaimLine, SeedClaim
from forms.facts.people import Consent, Dpia, Enterprise
from forms.rules.pack import load_pack
from forms.values import Actor, Role, SetClock

CASES = Path(__file__).resolve().parent.parent / "cases"

ANN = Actor("ann", "Ann Coach", Role.COACH)
BEN = Actor("ben", "Ben Coach", Role.COACH)
QUI = Actor("qui", "Qui Checker", Role.QA)
LEA = Actor("lea", "Lea Lead", Role.LEAD)
LOU = Actor("lou", "Lou Lead", Role.LEAD)
FIN = Actor("fin", "Fin Payer", Role.FINANCE)
AUD = Actor("aud", "Aud Auditor", Role.AUDITOR)

KENT = load_pack("kent")
CAMBS = load_pack("cambridgeshire")

SIGNED = Dpia(id="dpia-1", version="1", signed_by="Director", signed_on=date(2022, 1, 14))
NOTICE = Consent(
    id="notice-1",
    enterprise_id="e1",
    purpose="privacy_notice",
    wording_version="1",
    given_on=date(2022, 1, 20),
)


def cases(name):
    return tomllib.loads((CASES / name).read_text(encoding="utf-8"), parse_float=Decimal)


def enterprise(**changes):
    whole = Enterprise(
        id="e1",
        name="Weald Walks",
        coach_id="ann",
        district="E07000105",
        entity_form="SOLE",
        employee_count=0,
        service_types=("befr",),
        established_on=date(2022, 2, 1),
        first_delivery_on=date(2022, 2, 15),
        facts={"prem": ["clienthome"], "one_to_one": True, "adults_at_risk": True},
    )
    return replace(whole, **changes)


def from_facts(facts):
    """An enterprise as a case file names it: ent, emp and svc are its own fields."""
    rest = {key: value for key, value in facts.items() if key not in ("ent", "emp", "svc")}
    return Enterprise(
        id="e1",
        coach_id="ann",
        entity_form=facts.get("ent", ""),
        employee_count=facts.get("emp"),
        service_types=tuple(facts.get("svc", ())),
        facts=rest,
    )


def done_item(code, **changes):
    item = ChecklistItem(
        id=f"item-{code}",
        enterprise_id="e1",
        code=code,
        state="done",
        said_by="saw it",
        evidence_ref="seen",
        checked_by_id="qui",
    )
    return replace(item, **changes)


def claim(**changes):
    whole = SeedClaim(
        id="c1",
        enterprise_id="e1",
        policy_version="kent-2026-11",
        drafted_by_id="ann",
        barrier="Without it the work cannot start.",
        applicant="Marlene",
    )
    return replace(whole, **changes)


def line(**changes):
    whole = ClaimLine(
        id="l1",
        claim_id="c1",
        enterprise_id="e1",
        what="Tablet",
        category="EQUIP",
        cost_kind="tablet",
        pence=24900,
        cost_on=date(2022, 3, 30),
        supplier="Shop",
        invoice_no="A-1",
        quotes=1,
    )
    return replace(whole, **changes)


def request(name, subject, actor, **payload):
    clock = SetClock.__new__(SetClock)
    clock.set(date(2022, 3, 1))
    return DecisionRequest(
        id=f"{name}-{subject}-{actor.id}",
        name=name,
        subject_id=subject,
        asked_by_id=actor.id,
        asked_at=clock.now(),
        payload=payload,
    )
