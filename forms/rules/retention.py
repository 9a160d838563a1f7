"""How long records are kept, as data, and when the words of a claim have been kept long enough.

`retention.toml` holds the schedule. Laptop and register read the same one: the laptop to list what
is due, the register to judge whether words may go. Refuses to guess a day: where nothing was
decided or paid there is none.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from forms.facts.money import ClaimEvent, ClaimLine, SeedClaim
from forms.rules.calendar import add_calendar_months
from forms.rules.claims import FINISHED, States

CLAIM = "seed_claim"
CLAIM_WORDS = ("applicant", "barrier", "interest_declared")
LINE_WORDS = ("justification",)
# A claim that was paid and never closed is over for this purpose too, or its words stayed for ever.
OVER = FINISHED | {States.PAID, States.EVIDENCED}


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

    def due_on(self, since: date) -> date:
        """The day on which something counted from `since` has been kept long enough."""
        return add_calendar_months(since, self.months)


@cache
def schedule() -> tuple[Rule, ...]:
    """The whole schedule, for people to read too."""
    text = Path(__file__).with_name("retention.toml").read_text(encoding="utf-8")
    return tuple(Rule(**body) for body in tomllib.loads(text)["rule"])


def rule(name: str) -> Rule:
    """One line of the schedule. Raises KeyError."""
    return {each.name: each for each in schedule()}[name]


def has_words(claim: SeedClaim, lines: Iterable[ClaimLine]) -> bool:
    """Whether anything that the applicant said is left in a claim."""
    return any(getattr(claim, name) for name in CLAIM_WORDS) or any(
        getattr(line, name) for line in lines for name in LINE_WORDS
    )


def claim_kept_since(
    claim: SeedClaim, lines: Iterable[ClaimLine], events: Iterable[ClaimEvent]
) -> date | None:
    """The end of the financial year of the last payment or decision; None while a claim goes on."""
    if claim.state not in OVER:
        return None
    days = [claim.submitted_on, claim.approved_on, *(line.paid_on for line in lines)]
    last = max((day for day in [*days, *(event.on for event in events)] if day), default=None)
    return None if last is None else _end_of_year(last)


def _end_of_year(day: date) -> date:
    """The 31 March on which the financial year of that day ends."""
    return date(day.year + (day.month > 3), 3, 31)
