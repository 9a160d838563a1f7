"""Asking the register to decide. A request may wait offline; only the register answers it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from forms.facts.field import fact


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionRequest:
    """A decision asked for. `id` makes it safe to ask twice. Kept beside the outbox, not in it.

    `name` is one of the decisions that forms.rules.decisions lists (claim.submit, claim.pay,
    listing.publish, dpia.sign, ...); `payload` holds JSON values only.
    """

    id: str
    name: str
    subject_id: str
    asked_by_id: str
    asked_at: datetime
    payload: dict[str, object] = fact(factory=dict)
    state: str = fact("waiting")  # waiting | granted | refused
    answered_at: datetime | None = fact()
    codes: tuple[str, ...] = fact(())  # why refused
    words: str = fact("")  # the register's answer in plain words
