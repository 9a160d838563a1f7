"""How long things are kept, as data, and the list of what is due on a day.

`retention.toml` holds the schedule; here is only how each day is found. Refuses to remove anything:
a due line is a task for a person, and erasing is the register's decision.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from forms.facts.casework import StageEvent
from forms.facts.listing import QACheck
from forms.facts.money import ClaimLine, SeedClaim
from forms.facts.people import Consent, Enquiry, Enterprise
from forms.rules.calendar import add_calendar_months
from storage.reader import Reader

_OVER = ("CLOSED", "WITHDRAWN", "REJECTED", "DECLINED", "PAID")


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of the schedule. No months: only the council can say."""

    name: str
    kind: str
    months: int
    counts_from: str
    action: str
    basis: str
    source: str


@dataclass(frozen=True, slots=True)
class Due:
    """One record that has been kept long enough."""

    rule: Rule
    record_id: str
    enterprise_id: str
    since: date
    due_on: date


@cache
def schedule() -> tuple[Rule, ...]:
    """The whole schedule, for people to read too."""
    text = Path(__file__).with_name("retention.toml").read_text(encoding="utf-8")
    return tuple(Rule(**body) for body in tomllib.loads(text)["rule"])


def due_list(reader: Reader, on: date) -> list[Due]:
    """What is due on that day, longest first."""
    out: list[Due] = []
    for rule in schedule():
        days = _DAYS.get(rule.name)
        if not rule.months or days is None:
            continue
        for record, since in days(reader):
            due_on = add_calendar_months(since, rule.months)
            if due_on <= on:
                enterprise = record.id if rule.kind == "enterprise" else record.enterprise_id
                out.append(Due(rule, record.id, enterprise, since, due_on))
    return sorted(out, key=lambda due: (due.due_on, due.record_id))


def _enquiries(reader: Reader) -> Iterator[tuple[Any, date]]:
    for one in reader.all(Enquiry, enterprise_id="", anonymised_on=None):
        yield one, max(one.created_on, one.closed_on or one.created_on)


def _cases(reader: Reader) -> Iterator[tuple[Any, date]]:
    last: dict[str, StageEvent] = {}
    for event in sorted(reader.all(StageEvent), key=lambda event: (event.on, event.id)):
        last[event.enterprise_id] = event
    closed = {one: event.on for one, event in last.items() if event.stage == "CLOSED"}
    for one in reader.get_all(Enterprise, closed):
        if one.anonymised_on is None:
            yield one, closed[one.id]


def _claims(reader: Reader) -> Iterator[tuple[Any, date]]:
    paid: dict[str, date] = {}
    for line in reader.all(ClaimLine):
        if line.paid_on:
            paid[line.claim_id] = max(line.paid_on, paid.get(line.claim_id, line.paid_on))
    for claim in reader.all(SeedClaim):
        words = claim.applicant or claim.barrier or claim.interest_declared
        last = _latest((claim.submitted_on, claim.approved_on, paid.get(claim.id)))
        if claim.state in _OVER and words and last:
            yield claim, _end_of_year(last)


def _dbs(reader: Reader) -> Iterator[tuple[Any, date]]:
    for check in reader.all(QACheck, kind="dbs"):
        if check.seen_on and (check.level or check.seen_how):
            yield check, check.seen_on


def _consents(reader: Reader) -> Iterator[tuple[Any, date]]:
    for consent in reader.all(Consent):
        if consent.withdrawn_on:
            yield consent, consent.withdrawn_on


def _latest(days: Iterable[date | None]) -> date | None:
    return max((day for day in days if day), default=None)


def _end_of_year(day: date) -> date:
    """The 31 March on which the financial year of that day ends."""
    return date(day.year + (day.month > 3), 3, 31)


_DAYS: dict[str, Callable[[Reader], Iterator[tuple[Any, date]]]] = {
    "enquiry_not_taken_up": _enquiries,
    "case_closed": _cases,
    "seed_claim": _claims,
    "dbs_details": _dbs,
    "consent_ended": _consents,
}
