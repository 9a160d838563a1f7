"""The list of what has been kept long enough on a day.

The schedule is `forms.rules.retention`; here is only how each day is found. Refuses to remove
anything: a due line is a task for a person, and erasing is the register's decision.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from forms.facts.casework import StageEvent
from forms.facts.listing import QACheck
from forms.facts.money import ClaimEvent, ClaimLine, SeedClaim
from forms.facts.people import Consent, Enquiry, Enterprise
from forms.rules.retention import CLAIM, OVER, Rule, claim_kept_since, has_words, schedule
from storage.reader import Reader
from storage.statements import FILLED

__all__ = ["Due", "Rule", "due_list", "schedule"]


@dataclass(frozen=True, slots=True)
class Due:
    """One record that has been kept long enough."""

    rule: Rule
    record_id: str
    enterprise_id: str
    since: date
    due_on: date


def due_list(reader: Reader, on: date) -> list[Due]:
    """What is due on that day, longest first."""
    out: list[Due] = []
    for rule in schedule():
        days = _DAYS.get(rule.name)
        if not rule.months or days is None:
            continue
        for record, since in days(reader):
            due_on = rule.due_on(since)
            if due_on <= on:
                enterprise = record.id if rule.kind == "enterprise" else record.enterprise_id
                out.append(Due(rule, record.id, enterprise, since, due_on))
    return sorted(out, key=lambda due: (due.due_on, due.record_id))


def _enquiries(reader: Reader) -> Iterator[tuple[Any, date]]:
    for one in reader.all(Enquiry, enterprise_id="", anonymised_on=None):
        yield one, max(one.created_on, one.closed_on or one.created_on)


def _cases(reader: Reader) -> Iterator[tuple[Any, date]]:
    ever = {event.enterprise_id for event in reader.all(StageEvent, stage="CLOSED")}
    closed: dict[str, date] = {}
    for case, events in reader.under(StageEvent, ever).items():
        last = max(events, key=lambda event: (event.on, event.id))
        if last.stage == "CLOSED":  # not opened again since
            closed[case] = last.on
    for one in reader.get_all(Enterprise, closed):
        if one.anonymised_on is None:
            yield one, closed[one.id]


def _claims(reader: Reader) -> Iterator[tuple[Any, date]]:
    over = {claim.id: claim for claim in reader.all(SeedClaim) if claim.state in OVER}
    lines: dict[str, list[ClaimLine]] = {}
    events: dict[str, list[ClaimEvent]] = {}
    for line in reader.all(ClaimLine) if over else ():
        lines.setdefault(line.claim_id, []).append(line)
    taken_off: dict[str, list[ClaimLine]] = {}
    for line in reader.removed(ClaimLine) if over else ():
        taken_off.setdefault(line.claim_id, []).append(line)
    for event in reader.all(ClaimEvent) if over else ():
        events.setdefault(event.claim_id, []).append(event)
    for one, claim in over.items():
        costs = lines.get(one, [])
        since = claim_kept_since(claim, costs, events.get(one, ()))
        if since is not None and has_words(claim, [*costs, *taken_off.get(one, ())]):
            yield claim, since


def _dbs(reader: Reader) -> Iterator[tuple[Any, date]]:
    for check in reader.all(QACheck, kind="dbs"):
        if check.seen_on and (check.level or check.seen_how):
            yield check, check.seen_on


def _consents(reader: Reader) -> Iterator[tuple[Any, date]]:
    for consent in reader.all(Consent, withdrawn_on=FILLED):
        if consent.withdrawn_on:
            yield consent, consent.withdrawn_on


_DAYS: dict[str, Callable[[Reader], Iterator[tuple[Any, date]]]] = {
    "enquiry_not_taken_up": _enquiries,
    "case_closed": _cases,
    CLAIM: _claims,
    "dbs_details": _dbs,
    "consent_ended": _consents,
}
