"""Hand-made programmes for tests: a small pack, a reader over a list, the twelve cases' numbers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from forms.facts.casework import StageEvent
from forms.facts.listing import QACheck, RegisterEntry
from forms.facts.money import ClaimEvent, ClaimLine, SeedClaim
from forms.facts.people import ActivityReturn, Enquiry, Enterprise, Leader, Tally
from forms.rules.pack import (
    AssumptionSet,
    BudgetLine,
    Choice,
    Envelope,
    Pack,
    Place,
    SeedPolicy,
    Target,
)

END = date(2023, 3, 31)
DISTRICTS = (
    ("E07000105", "Ashford"),
    ("E07000106", "Canterbury"),
    ("E07000107", "Dartford"),
    ("E07000108", "Dover"),
    ("E07000112", "Folkestone and Hythe"),
    ("E07000109", "Gravesham"),
    ("E07000110", "Maidstone"),
    ("E07000111", "Sevenoaks"),
    ("E07000113", "Swale"),
    ("E07000114", "Thanet"),
    ("E07000115", "Tonbridge and Malling"),
    ("E07000116", "Tunbridge Wells"),
)


def a_pack(**changes) -> Pack:
    values: dict[str, Any] = {
        "id": "testshire",
        "version": "1",
        "title": "Micro-providers in Testshire",
        "council": "Testshire County Council",
        "programme_starts": date(2022, 1, 2),
        "programme_ends": date(2024, 1, 1),
        "employee_limit": 5,
        "size_basis": "employees",
        "fte_hours": Decimal(37),
        "envelopes": (
            Envelope(id="E1", title="January to March 2022", starts=date(2022, 1, 1),
                     ends=date(2022, 3, 31), pence=3_000_000, spend_by=date(2022, 3, 31),
                     funding_source="Contain Outbreak Management Fund"),
            Envelope(id="E2", title="April to December 2022", starts=date(2022, 4, 1),
                     ends=date(2022, 12, 31), pence=9_000_000),
            Envelope(id="E3", title="2023", starts=date(2023, 1, 1),
                     ends=date(2023, 12, 31), pence=12_000_000),
        ),
        "budget": tuple(
            BudgetLine(line=line, starts=date(2022, 1, 1), ends=date(2022, 3, 31), pence=pence)
            for line, pence in (
                ("seed", 3_000_000), ("marketing", 800_000), ("contract", 13_450_800))
        ),
        "targets": (
            Target(year=1, starts=date(2022, 4, 1), ends=date(2023, 3, 31), enterprises=60),
            Target(year=2, starts=date(2023, 4, 1), ends=date(2024, 3, 31), enterprises=223),
            Target(year=3, starts=date(2024, 4, 1), ends=date(2025, 3, 31), enterprises=416),
        ),
        "assumptions": (
            AssumptionSet(id="Somerset-2020", title="Somerset 2020", priced_on=date(2020, 4, 1),
                          commissioned_rate=Decimal("19.68"), dp_rate=Decimal("14.15"),
                          own_price=Decimal("15.68"), per_enterprise_year=Decimal("4209.75"),
                          source="Committee paper, paragraph 4.10"),
        ),
        "places": tuple(Place(code=c, name=n, adults=100_000) for c, n in DISTRICTS),
        "area_groups": (),
        "checklist": (),
        "entity_forms": (),
        "entity_questions": (),
        "entity_rules": (),
        "entity_ruleset_version": "1",
        "seed_policy": SeedPolicy(version="1"),
        "stages": tuple(Choice(code=c, label=c.replace("_", " ").capitalize()) for c in (
            "ENQUIRY", "FIRST_CONVERSATION", "IDEA_CHECK", "SET_UP", "READY", "LISTED",
            "TRADING", "SUSTAINED", "PAUSED", "CLOSED")),
        "closing_reasons": (Choice(code="OUT_OF_SCOPE", label="Outside the size limit"),
                            Choice(code="IMMIGRATION", label="Immigration status")),
        "channels": (Choice(code="phone", label="Phone", digital=False),
                     Choice(code="web", label="Web form", digital=True)),
        "service_types": (Choice(code="personal_care", label="Personal care"),
                          Choice(code="companionship", label="Companionship")),
        "target_groups": (Choice(code="dementia", label="People with dementia"),),
        "rates": (),
        "safeguarding_numbers": (),
        "default_assumptions": "Somerset-2020",
    }  # fmt: skip
    return Pack(**(values | changes))


@dataclass
class Listed:
    """A reader over records in a list, as a vault's read side would hand them out."""

    records: list[Any] = field(default_factory=list)
    unsent: int = 0

    def all(self, cls, **equals):
        found = [r for r in self.records if type(r) is cls]
        found = [r for r in found if all(getattr(r, k) == v for k, v in equals.items())]
        return sorted(found, key=lambda r: r.id)

    def unsent_count(self) -> int:
        return self.unsent

    def last_sent_at(self):
        return None

    def conflicts(self, open_only=True):
        return []


# case, district, name, form, established, hours, comparable, people, price, dp, dp comparable
_CASES = (
    ("K01", 0, "Weald & Wander Companions", "SOLE", date(2022, 2, 1), 18, 18, 5, 1600, 4, 4),
    ("K02", 1, "Tomasz Wilk", "SOLE", date(2022, 5, 16), 33, 33, 6, 1568, 12, 12),
    ("K03", 2, "Riverside Rhythm", "CICG", date(2022, 9, 12), 12, None, 16, None, 6, None),
    ("K04", 3, "Lunch & Memory Group", "UNI", date(2022, 10, 20), 6, None, 22, None, 0, None),
    ("K05", 4, "Priya Nair-Holt", "SOLE", date(2022, 11, 1), 20, 10, 9, 1500, 8, 4),
    ("K06a", 5, "Gurpreet Bains", "SOLE", date(2022, 12, 1), 22, 22, 4, 1650, 15, 15),
    ("K06b", 5, "Harjit Bains", "SOLE", date(2022, 12, 1), 15, 15, 3, 1650, 10, 10),
    ("K07", 6, "Handy & Garden", "SOLE", date(2022, 6, 20), 40, None, 14, 2000, 0, None),
    ("K08", 7, "Caroline Vesey Meals", "SOLE", date(2022, 8, 31), 25, None, 30, None, 0, None),
    ("K09", 8, "Sheppey Steps", "CIO-F", date(2023, 1, 9), 4, None, 18, None, 0, None),
    ("K10", 9, "Dean Hartley", "SOLE", date(2022, 5, 1), 28, 28, 5, 1600, 10, 10),
)
_PAID = (
    ("K01", "2022-02-14", 2300), ("K01", "2022-03-21", 8900), ("K01", "2022-04-04", 24900),
    ("K02", "2022-06-10", 14500), ("K02", "2022-06-12", 6000), ("K03", "2022-09-05", 2700),
    ("K03", "2022-10-01", 54000), ("K03", "2022-10-03", 42000), ("K04", "2022-11-07", 36000),
    ("K04", "2022-11-14", 11850), ("K04", "2022-11-14", 3600), ("K05", "2023-01-20", 18000),
    ("K06a", "2023-02-08", 12000), ("K06b", "2023-02-10", 9600), ("K07", "2022-07-29", 65000),
    ("K08", "2022-12-15", 21000), ("K09", "2023-03-16", 16440), ("K10", "2022-05-20", 3800),
    ("K10", "2022-08-02", 27500),
)  # fmt: skip
_REJECTED = (
    ("K05", 9500, "NOT_ELIGIBLE_COST", "Large-print leaflets"),
    ("K07", 31000, "EXCLUDED_COST", "Van insurance deposit"),
    ("K08", 14000, "OUT_OF_WINDOW", "Printer"),
    ("K09", 13000, "DOUBLE_FUNDED", "Liability insurance"),
)


def twelve_cases() -> list[Any]:
    """The twelve cases as records: invented people, the numbers of the expected totals."""
    records: list[Any] = [
        Tally(id="t1", on=date(2022, 1, 10), channel="phone", district="E07000105")
    ]
    for row in _CASES:
        records += _case(*row)
    records += _paid_and_rejected()
    for case, name, stage, reason in (
        ("K11", "Ngozi Eze and five carers", "FIRST_CONVERSATION", "OUT_OF_SCOPE"),
        ("K12", "", "IDEA_CHECK", "IMMIGRATION"),
    ):
        code = DISTRICTS[10 if case == "K11" else 11][0]
        records += [
            Enquiry(id=f"enq-{case}", created_on=date(2023, 2, 6), channel="web", district=code,
                    enterprise_id=case),
            Enterprise(id=case, name=name, district=code, origin="new",
                       anonymised_on=date(2023, 3, 1) if case == "K12" else None),
            StageEvent(id=f"{case}-s1", enterprise_id=case, stage=stage, on=date(2023, 2, 10)),
            StageEvent(id=f"{case}-s2", enterprise_id=case, stage="CLOSED", on=date(2023, 2, 20),
                       reason=reason),
        ]  # fmt: skip
    return records


def _case(case, district, name, form, established, hours, comparable, people, price, dp, dp_comp):
    suspended = date(2023, 2, 12) if case == "K10" else None
    first = date(2022, 11, 24) if case == "K04" else established + timedelta(days=14)
    quarter = (date(2022, 10, 1), date(2022, 12, 31)) if suspended else (date(2023, 1, 1), END)
    group = form in ("CICG", "UNI", "CIO-F")
    spoke = established - timedelta(days=60)
    stages = (("ENQUIRY", spoke - timedelta(days=5)), ("FIRST_CONVERSATION", spoke),
              ("SET_UP", spoke + timedelta(days=14)), ("READY", established + timedelta(days=7)),
              ("TRADING", first))  # fmt: skip
    return [
        Enquiry(id=f"enq-{case}", created_on=stages[0][1], enterprise_id=case,
                channel="phone" if district % 2 else "web", district=DISTRICTS[district][0]),
        Enterprise(id=case, name=name, coach_id="coach", district=DISTRICTS[district][0],
                   strand="community_activity" if group else "home_support", origin="new",
                   entity_form=form, established_on=established, first_delivery_on=first,
                   comparable_to_homecare=comparable is not None, price_pence=price,
                   suspended_on=suspended, employee_count=0,
                   service_types=("personal_care",) if comparable else ("companionship",),
                   target_groups=("dementia",) if case == "K04" else ()),
        Leader(id=f"lead-{case}", enterprise_id=case, name=name),
        *(StageEvent(id=f"{case}-s{n}", enterprise_id=case, stage=stage, on=on)
          for n, (stage, on) in enumerate(stages)),
        ActivityReturn(id=f"ret-{case}", enterprise_id=case, period_from=quarter[0],
                       period_to=quarter[1], received_on=quarter[1], hours_week=Decimal(hours),
                       comparable_hours_week=None if comparable is None else Decimal(comparable),
                       dp_hours_week=Decimal(dp), people=people, price_pence=price,
                       dp_comparable_hours_week=None if dp_comp is None else Decimal(dp_comp)),
        RegisterEntry(id=f"reg-{case}", enterprise_id=case, trading_name=name,
                      status="suspended" if suspended else "published",
                      published_on=first, suspended_on=suspended),
        QACheck(id=f"qa-{case}", enterprise_id=case, kind="insurance", seen_on=first,
                expires_on=first + timedelta(days=365)),
    ]  # fmt: skip


def _paid_and_rejected() -> list[Any]:
    records: list[Any] = []
    for n, (case, on, pence) in enumerate(_PAID):
        records.append(
            ClaimLine(id=f"line-{n:02d}", claim_id=f"claim-{case}", enterprise_id=case, pence=pence,
                      what=f"Cost {n}", category="EQUIP", cost_on=date.fromisoformat(on),
                      outcome="accepted", paid_on=date.fromisoformat(on))
        )  # fmt: skip
    for case, pence, code, what in _REJECTED:
        records.append(
            ClaimLine(id=f"line-{case}-no", claim_id=f"claim-{case}", enterprise_id=case, what=what,
                      pence=pence, outcome="rejected", code=code)
        )  # fmt: skip
    for case in sorted({case for case, _, _ in _PAID}):
        first = min(date.fromisoformat(on) for c, on, _ in _PAID if c == case)
        sent = first - timedelta(days=12)
        records.append(
            SeedClaim(id=f"claim-{case}", enterprise_id=case, drafted_on=sent, submitted_on=sent,
                      approved_on=first - timedelta(days=2), state="PAID")
        )  # fmt: skip
        records.append(
            ClaimEvent(id=f"ev-{case}", claim_id=f"claim-{case}", enterprise_id=case,
                       from_state="COMMITTED", to_state="PAID", on=first)
        )  # fmt: skip
    return records
