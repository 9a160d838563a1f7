"""Codes that did not work, told in the audit log: never the code, nor where it was tried from.

A try at a code that was given tells whose it is, five times at most. All others are counted in an
hour, whoever makes them, and told at the first, the tenth, the hundredth: so nobody who is not let
in makes the log long. Refuses to tell a stranger anything: see `auth.refuse_code`.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sync.register import audit
from sync.register.sql_store import Tx

HOUR = timedelta(hours=1)


def note(tx: Tx, person_id: str, now: datetime) -> None:
    """A code was refused: one of this person's, or, without one, any that nobody can say of."""
    if person_id:
        _tell(tx, {"person": person_id}, now)
        return
    begun = now.replace(minute=0, second=0, microsecond=0)
    count = tx.limits.count(f"c||{begun:%Y-%m-%dT%H:%M}", 1, begun + HOUR, now)
    if str(count).strip("0") == "1":
        _tell(tx, {"in_hour": count}, now)


def _tell(tx: Tx, about: dict[str, object], now: datetime) -> None:
    act = audit.Act(act="code refused", by=audit.STRANGER, about=about)
    audit.note(tx, act, now)
