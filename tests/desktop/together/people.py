"""Two hundred enterprises whose names could not be taken for anything else, and Mary Thorne."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from forms.facts.casework import (
    Action,
    Attachment,
    ChecklistItem,
    CoachingSession,
    EntityDecision,
    FormResponse,
    Signature,
    StageEvent,
)
from forms.facts.listing import Concern
from forms.facts.people import Colleague, Enquiry, Enterprise, Leader
from forms.values import Actor, Role, derived_id
from storage.keys import Cost
from storage.vault import Vault

NOW = datetime(2026, 11, 19, 10, 0, tzinfo=UTC)
TODAY = NOW.date()
COACH = Actor("coach-1", "Robin Aldous", Role.COACH)
MARY = "mary"
PIN = "8265"
OTHERS = 199
PRIVATE = "Zzprivateword"  # in everything that is the coach's own
FACTS = {
    "svc": ["befr"], "prem": ["clienthome"], "one_to_one": True, "adults_at_risk": False,
    "vol": 0, "online": True, "carries": False, "food": False, "keys": False, "money": False,
    "child": False, "dp": True, "income": 9000,
}  # fmt: skip


def first(number):
    return f"Qx{number:03}first"


def names():
    """Every word that names somebody who is not at the table."""
    out = []
    for number in range(OTHERS):
        out += [first(number), f"Wv{number:03}last", f"Jk{number:03}trade", f"Hf{number:03}place"]
    return out


def crowd(folder, clock, others=OTHERS):
    """The vault, with so many others in it."""
    vault, _ = Vault.create(folder, practice=True, clock=clock)
    planned = [each for each in _mary() if isinstance(each, CoachingSession)]
    with vault.change(by=COACH.id, at=clock.now() - timedelta(days=1)) as unit:
        unit.add_all(planned)
    with vault.change(by=COACH.id, at=clock.now()) as unit:
        unit.add(Colleague(id=COACH.id, name=COACH.name, role="coach"))
        for number in range(others):
            unit.add_all(_other(number))
        unit.add_all([each for each in _mary() if not isinstance(each, CoachingSession)])
    vault.leaving_pin.choose(PIN, cost=Cost(memory=8, passes=1))
    vault.drafts.keep("coachs-card", "01632 960001, Monday to Thursday")
    vault.drafts.keep("note:other", names()[0])
    return vault


def _other(number):
    one, name = f"e-{number:03}", f"{first(number)} Wv{number:03}last"
    yield Enterprise(
        id=one, name=f"Jk{number:03}trade", place=f"Hf{number:03}place", coach_id=COACH.id,
        entity_form="SOLE", employee_count=0, facts=FACTS,
    )  # fmt: skip
    yield Leader(id=f"l-{number:03}", enterprise_id=one, name=name)
    yield StageEvent(id=f"s-{number:03}", enterprise_id=one, stage="SET_UP", on=date(2026, 10, 1))
    yield Action(id=f"a-{number:03}", enterprise_id=one, text=f"Ring {name}", owner="leader")
    yield ChecklistItem(
        id=derived_id(one, "C07"), enterprise_id=one, code="C07", state="done", note=name,
        files=(f"f-{number:03}",),
    )  # fmt: skip
    yield Attachment(
        id=f"f-{number:03}", enterprise_id=one, sha256=f"{number:064}", size=1, mime="text/plain",
        name=f"{name}.txt", caption=name, given_by=name, added_on=TODAY,
    )  # fmt: skip
    yield Signature(
        id=f"g-{number:03}", enterprise_id=one, about="visit", wording=name, name=name,
        signed_at=NOW,
    )  # fmt: skip
    yield CoachingSession(id=f"c-{number:03}", enterprise_id=one, on=TODAY, note=name)
    yield EntityDecision(
        id=f"d-{number:03}", enterprise_id=one, decided_on=TODAY, chosen="SOLE", chosen_why=name
    )
    yield FormResponse(
        id=f"r-{number:03}", form_id="outcome_questionnaire", form_version="1", enterprise_id=one
    )


def _mary():
    yield Enquiry(id="q", created_on=TODAY, name="Mary Thorne", enterprise_id=MARY)
    yield Enterprise(
        id=MARY, name="Mary's Helping Hands", coach_id=COACH.id, place="Ashwick",
        entity_form="SOLE", employee_count=0, enquiry_id="q", service_types=("befr",), facts=FACTS,
    )  # fmt: skip
    yield Leader(id="lm", enterprise_id=MARY, name="Mary Thorne", private_note=PRIVATE)
    yield StageEvent(
        id="sm", enterprise_id=MARY, stage="SET_UP", on=date(2026, 10, 1), note=PRIVATE
    )
    yield CoachingSession(
        id="cm", enterprise_id=MARY, on=TODAY, at=NOW, kind="visit", private_note=PRIVATE,
        note=f"{PRIVATE} {names()[4]}",
    )  # fmt: skip
    yield Concern(id="km", enterprise_id=MARY, raised_on=TODAY, reference=PRIVATE)
    yield Action(id="am", enterprise_id=MARY, text=f"{PRIVATE}: ask {names()[8]}", owner="coach")
    yield Action(
        id="bm", enterprise_id=MARY, text="Ring the bank", owner="leader", due_on=date(2026, 11, 28)
    )
    yield ChecklistItem(
        id=derived_id(MARY, "C02"), enterprise_id=MARY, code="C02", state="done",
        said_by="told us", note=PRIVATE, reason=PRIVATE,
    )  # fmt: skip
    yield Attachment(
        id="fm", enterprise_id=MARY, sha256="f" * 64, size=1, mime="text/plain",
        name=f"{PRIVATE}.txt", caption=PRIVATE,
    )  # fmt: skip


def answered_to_its_end(guide):
    """The guide, each question answered by its last choice, at the page of what fits."""
    for ask in guide.asks:
        guide.answer(ask.id, ask.choices[-1][0] if ask.choices else "1")
    guide.go(len(guide.asks))
    return guide
