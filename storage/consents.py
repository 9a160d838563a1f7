"""Who agreed to what: the gate that every export to somebody else goes through.

A purpose is agreed to from the day it is given until the day it is taken back. Refuses to take one
purpose for another, and silence for a yes.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from storage.database import Database
from storage.errors import ConsentMissing
from storage.rows import as_text

PURPOSES = ("listing", "sharing", "case_study", "photo", "privacy_notice")


def agreed(db: Database, enterprise_ids: Collection[str], purpose: str, on: date) -> frozenset[str]:
    """Those of these enterprises whose leaders have agreed to the purpose on that day."""
    found = db.rows(
        "SELECT DISTINCT enterprise_id FROM consent WHERE deleted = 0 AND purpose = :purpose "
        "AND given_on <= :day AND (withdrawn_on IS NULL OR withdrawn_on > :day) "
        "AND enterprise_id IN (SELECT value FROM json_each(:ids)) "
        # whoever takes it back ends all they gave for it on the days before: `live_consent`
        "AND NOT EXISTS (SELECT 1 FROM consent AS other WHERE other.deleted = 0 "
        "AND other.enterprise_id = consent.enterprise_id AND other.purpose = :purpose "
        "AND other.given_on IS NOT NULL "
        "AND other.withdrawn_on > consent.given_on AND other.withdrawn_on <= :day)",
        {"purpose": purpose, "day": on.isoformat(), "ids": as_text(sorted(enterprise_ids))},
    )
    return frozenset(row[0] for row in found)


def require(db: Database, enterprise_ids: Collection[str], purpose: str, on: date) -> None:
    """Raise ConsentMissing unless every one of them has agreed."""
    missing = sorted(set(enterprise_ids) - agreed(db, enterprise_ids, purpose, on))
    if missing:
        raise ConsentMissing(purpose, missing)
