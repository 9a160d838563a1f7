"""The business-setup checklist for one enterprise: what applies, how far it is, what runs out.

Conditions look at the enterprise and at `Enterprise.facts` (the pack's `checklist_facts`):
`ent` legal form, `emp` employees, `svc` services, `pa`; from `facts`: prem (list of clienthome,
hired, own, outdoor, virtual), one_to_one, adults_at_risk, vol, online, drives, carries, minibus,
food, food_regular, keys, money, child, waste, music, public_music, alcohol, hoist, dp, uc, visa,
grant (true or false), income (whole pounds a year); worked out: income_over_mtd.
A fact that nobody has answered makes a condition unknown, never false. *Verified* and *expired*
are worked out here and never stored. Refuses to ask: it says which answer is missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from forms.facts.casework import ChecklistItem
from forms.facts.people import Enterprise
from forms.rules import conditions
from forms.rules.calendar import add_calendar_months
from forms.rules.finding import Finding, Verdict, Weight
from forms.rules.pack import ChecklistRule, Pack
from forms.rules.rates import rate_on

WARN_DAYS = (60, 30, 7)
FOOD_NOTICE_DAYS = 28


class ItemState(StrEnum):
    """How far an item is."""

    NOT_ASKED = "answer needed"  # a fact that decides is missing
    DOES_NOT_APPLY = "does not apply"
    TO_DO = "to do"
    DOING = "doing"
    DONE = "done"  # said to be done; a second person has not checked it
    VERIFIED = "verified"
    EXPIRED = "expired"
    NOT_NEEDED = "not needed"
    WAIVED = "waived"


_SETTLED = frozenset({ItemState.VERIFIED, ItemState.NOT_NEEDED, ItemState.WAIVED})


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemStatus:
    """One item on one day."""

    rule: ChecklistRule
    state: ItemState
    must: bool
    because: str
    item: ChecklistItem | None = None
    missing: frozenset[str] = frozenset()  # facts to ask for
    due_on: date | None = None
    expires_on: date | None = None
    days_left: int | None = None  # to expiry; negative once it is past

    @property
    def code(self) -> str:
        """C01 ... C72."""
        return self.rule.code

    @property
    def applies(self) -> bool:
        """Whether the item applies, as far as is known."""
        return self.state not in (ItemState.DOES_NOT_APPLY, ItemState.NOT_ASKED)

    @property
    def settled(self) -> bool:
        """Whether nothing is left to do for READY."""
        return self.state in _SETTLED


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """“9 of 14 done”: of the items that must be. A tick counts at once; READY wants `settled`."""

    done: int
    settled: int  # of them: verified by a second person, not needed, or waived
    total: int
    questions: int  # facts that are not answered yet

    def __str__(self) -> str:
        """As a row shows it."""
        return f"{self.done} of {self.total}"


def condition_facts(pack: Pack, enterprise: Enterprise, on: date) -> dict[str, object]:
    """The facts that conditions look at. What nobody answered is left out."""
    facts = {name: value for name, value in enterprise.facts.items() if value is not None}
    if enterprise.entity_form:
        facts["ent"] = enterprise.entity_form
    if enterprise.employee_count is not None:
        facts["emp"] = enterprise.employee_count
    if enterprise.service_types:
        facts["svc"] = enterprise.service_types
    facts["pa"] = enterprise.is_pa
    income, line = facts.get("income"), rate_on(pack, "mtd_threshold", on)
    if isinstance(income, int) and not isinstance(income, bool) and line is not None:
        facts["income_over_mtd"] = income > line.value
    return facts


def checklist(
    pack: Pack, enterprise: Enterprise, items: Iterable[ChecklistItem], on: date
) -> list[ItemStatus]:
    """Every item of the pack's checklist for this enterprise on that day, in the pack's order."""
    facts = condition_facts(pack, enterprise, on)
    held = {item.code: item for item in items if item.enterprise_id == enterprise.id}
    return [
        _status(rule, facts, held.get(rule.code), enterprise, on)
        for rule in pack.checklist
        if _in_force(rule, on)
    ]


def _in_force(rule: ChecklistRule, on: date) -> bool:
    return (rule.valid_from is None or rule.valid_from <= on) and (
        rule.valid_to is None or on <= rule.valid_to
    )


def _status(
    rule: ChecklistRule,
    facts: dict[str, object],
    item: ChecklistItem | None,
    enterprise: Enterprise,
    on: date,
) -> ItemStatus:
    judged = conditions.judge(rule.applies_when, facts)
    must, unsure = _must(rule, facts)
    if judged.verdict is Verdict.UNMET:
        because = "Nothing here calls for it."
        return ItemStatus(
            rule=rule, state=ItemState.DOES_NOT_APPLY, must=False, because=because, item=item
        )
    touched = item is not None and item.state != "to do"
    if judged.verdict is Verdict.UNKNOWN and not touched:
        because = f"It depends on an answer that is missing: {', '.join(sorted(judged.missing))}."
        return ItemStatus(
            rule=rule,
            state=ItemState.NOT_ASKED,
            must=must,
            because=because,
            item=item,
            missing=judged.missing | unsure,
        )
    state, because = _progress(rule, item, enterprise, on)
    expires = _expires(rule, item)
    return ItemStatus(
        rule=rule,
        state=state,
        must=must,
        because=because,
        item=item,
        missing=unsure,
        due_on=_due(rule, enterprise),
        expires_on=expires,
        days_left=(expires - on).days if expires is not None else None,
    )


def _must(rule: ChecklistRule, facts: dict[str, object]) -> tuple[bool, frozenset[str]]:
    if not rule.must_for_ready or not rule.must_when:
        return rule.must_for_ready, frozenset()
    judged = conditions.judge(rule.must_when, facts)
    return judged.verdict is not Verdict.UNMET, judged.missing


def _progress(  # one return for each state, in the order they win
    rule: ChecklistRule, item: ChecklistItem | None, enterprise: Enterprise, on: date
) -> tuple[ItemState, str]:
    if item is None or item.state == "to do":
        return ItemState.TO_DO, "Not started."
    if item.state == "doing":
        return ItemState.DOING, "Started."
    if item.state == "not needed":
        if item.reason:
            return ItemState.NOT_NEEDED, item.reason
        return ItemState.TO_DO, "Marked as not needed, but no reason is given."
    if item.state == "waived":
        if item.reason and item.approver_id and item.approver_id != enterprise.coach_id:
            return ItemState.WAIVED, item.reason
        return ItemState.TO_DO, "Marked as waived: it needs a reason and another person's yes."
    return _done(rule, item, enterprise, on)


def _done(
    rule: ChecklistRule, item: ChecklistItem, enterprise: Enterprise, on: date
) -> tuple[ItemState, str]:
    expires = _expires(rule, item)
    if expires is not None and expires < on:
        return ItemState.EXPIRED, f"It ran out on {expires}."
    if not item.checked_by_id or (item.checked_on is not None and item.checked_on > on):
        return ItemState.DONE, "Done. A second person has not checked it yet."
    if item.checked_by_id == enterprise.coach_id:
        return ItemState.DONE, "Done. The check has to be by somebody other than the coach."
    if not (item.evidence_ref or item.files or item.said_by in ("saw it", "document")):
        return ItemState.DONE, "Done and checked, but nothing is noted that was seen."
    return ItemState.VERIFIED, "Done, seen and checked by a second person."


def _expires(rule: ChecklistRule, item: ChecklistItem | None) -> date | None:
    if item is None or item.state != "done":
        return None
    if item.expires_on is not None:
        return item.expires_on
    if rule.renew_months and item.evidence_on is not None:
        return add_calendar_months(item.evidence_on, rule.renew_months)
    return None


def _due(rule: ChecklistRule, enterprise: Enterprise) -> date | None:
    if rule.code == "C18" and enterprise.first_delivery_on is not None:
        return food_registration_latest(enterprise.first_delivery_on)
    if rule.code == "C01" and enterprise.established_on is not None:
        return self_assessment_deadline(enterprise.established_on)
    return None


def food_registration_latest(first_service: date) -> date:
    """The last day to register a food business: 28 days before food is first served."""
    return first_service - timedelta(days=FOOD_NOTICE_DAYS)


def self_assessment_deadline(started: date) -> date:
    """5 October after the end of the tax year (to 5 April) in which trading started."""
    ends = date(started.year, 4, 5)
    year = started.year if started <= ends else started.year + 1
    return date(year, 10, 5)


def readiness(statuses: Sequence[ItemStatus]) -> list[Finding]:
    """What keeps a case from READY: must-items that are not settled, and answers missing."""
    found = []
    for status in statuses:
        if not status.must or status.settled or status.state is ItemState.DOES_NOT_APPLY:
            continue
        unknown = status.state is ItemState.NOT_ASKED
        found.append(
            Finding(
                rule=status.code,
                code="ANSWER_MISSING" if unknown else status.state.upper().replace(" ", "_"),
                verdict=Verdict.UNKNOWN if unknown else Verdict.UNMET,
                because=f"{status.rule.title}: {status.because}",
                source=status.rule.source,
                subject=status.item.id if status.item else "",
            )
        )
    return found


def warnings(statuses: Sequence[ItemStatus], on: date) -> list[Finding]:
    """What has run out or soon will (60, 30 and 7 days), and what is due."""
    found = []
    for status in statuses:
        if status.days_left is not None and status.days_left <= WARN_DAYS[0]:
            gone = status.days_left < 0
            because = (
                f"{status.rule.title} ran out on {status.expires_on}."
                if gone
                else f"{status.rule.title} runs out on {status.expires_on}, "
                f"in {status.days_left} days."
            )
            found.append(_warn(status, "EXPIRED" if gone else _how_soon(status), because, on))
        elif (
            status.due_on is not None and not status.settled and status.state is not ItemState.DONE
        ):
            late = status.due_on < on
            because = f"{status.rule.title}: " + (
                f"the last day was {status.due_on}." if late else f"by {status.due_on}."
            )
            found.append(_warn(status, "LATE" if late else "DUE", because, on))
    return found


def _how_soon(status: ItemStatus) -> str:
    left = status.days_left or 0
    return f"EXPIRES_{min(days for days in WARN_DAYS if left <= days)}"


def _warn(status: ItemStatus, code: str, because: str, on: date) -> Finding:
    return Finding(
        rule=status.code,
        code=code,
        verdict=Verdict.UNMET,
        because=because,
        source=status.rule.source,
        as_of=on,
        weight=Weight.WARNS,
        subject=status.item.id if status.item else "",
    )


def progress(statuses: Sequence[ItemStatus]) -> Progress:
    """How many of the must-items that apply are done, and how many are settled as well."""
    musts = [s for s in statuses if s.must and s.applies]
    asked = frozenset().union(*(s.missing for s in statuses))
    settled = sum(s.settled for s in musts)
    ticked = sum(s.state is ItemState.DONE for s in musts)
    return Progress(done=settled + ticked, settled=settled, total=len(musts), questions=len(asked))


def must_codes(pack: Pack, enterprise: Enterprise, on: date) -> list[str]:
    """The codes of the must-items that apply, in order: what has to be verified for READY."""
    return [s.code for s in checklist(pack, enterprise, (), on) if s.must and s.applies]
