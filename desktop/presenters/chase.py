"""What to chase, for Today: claims that wait for the coach, returns that are overdue.

Looks at every trading enterprise, in a few reads for all of them. Refuses blame, and refuses to
ask twice: a return that was asked for waits under "Waiting on others" and is not listed here again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from desktop.operations.casework import ASKED_FOR_RETURN
from desktop.presenters import words
from forms.facts.casework import Action
from forms.facts.money import ClaimEvent, SeedClaim
from forms.facts.people import ActivityReturn, Enterprise

if TYPE_CHECKING:
    from storage.reader import Reader

MOST = 8
FRESH_DAYS = 92  # a return speaks of a quarter; the figures count it for as long
_CLAIMS = {
    "RETURNED": "Claim sent back: mend it and send it again",
    "APPROVED": "Claim approved: the offer waits to be signed",
    "PAID": "Claim paid: proof of spending is due",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Chase:
    """One thing to chase: a claim to open, or a return to ask for."""

    enterprise_id: str
    name: str
    text: str
    when: str
    claim_id: str = ""  # "" for a return


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    enterprise_id: str
    text: str
    since: date | None
    claim_id: str = ""


def to_chase(reader: Reader, today: date) -> tuple[tuple[Chase, ...], int]:
    """The ones that have waited longest, and how many more there are."""
    found = sorted(
        [*_claims(reader), *_returns(reader, today)],
        key=lambda each: (each.since or date.min, each.text, each.enterprise_id),
    )
    rows = {row.id: row for row in reader.caseload_rows({each.enterprise_id for each in found})}
    live = [each for each in found if each.enterprise_id in rows]
    shown = tuple(
        Chase(
            enterprise_id=each.enterprise_id,
            name=rows[each.enterprise_id].leader or rows[each.enterprise_id].name,
            text=each.text,
            when=_when(each.since, today),
            claim_id=each.claim_id,
        )
        for each in live[:MOST]
    )
    return shown, len(live) - len(shown)


def _claims(reader: Reader) -> list[_Found]:
    found = []
    for state, said in _CLAIMS.items():
        for claim in reader.all(SeedClaim, state=state):
            moved = [e.on for e in reader.all(ClaimEvent, claim_id=claim.id) if e.on]
            found.append(
                _Found(
                    enterprise_id=claim.enterprise_id,
                    text=said,
                    since=max(moved, default=claim.drafted_on),
                    claim_id=claim.id,
                )
            )
    return found


def _returns(reader: Reader, today: date) -> list[_Found]:
    ids = reader.caseload(view="trading", limit=reader.caseload_counts()["trading"]).ids
    told = reader.under(ActivityReturn, ids)
    asked = {
        action.enterprise_id
        for actions in reader.under(Action, ids).values()
        for action in actions
        if action.text == ASKED_FOR_RETURN and action.done_on is None
    }
    oldest = today - timedelta(days=FRESH_DAYS)
    found = []
    for each in reader.get_all(Enterprise, ids):
        last = max((r.period_to for r in told.get(each.id, ())), default=each.first_delivery_on)
        if each.id not in asked and last is not None and last < oldest:
            found.append(
                _Found(enterprise_id=each.id, text="Activity return is overdue", since=last)
            )
    return found


def _when(since: date | None, today: date) -> str:
    if since is None:
        return ""
    days = (today - since).days
    return f"since {words.day(since)}, {words.counted(days, 'day')}" if days > 0 else "since today"
