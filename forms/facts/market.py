"""What is asked for and not there, and who was shown what: counts of people, never a person.

A gap is opened when somebody asks for support that nobody nearby gives; a signpost is one time that
options were shown. Refuses names: the words say what is missing, not for whom.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from forms.facts.field import fact


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketGap:
    """Support that was asked for and not found (R091), until an enterprise gives it."""

    id: str
    opened_on: date
    district: str = fact("")  # place code of the pack
    place: str = fact("")  # village or town, as people say it
    service_type: str = fact("")  # code in the pack's service types
    target_group: str = fact("")  # code in the pack's target groups
    times: str = fact("")  # "Tuesday evenings"
    heard_from: str = fact("")  # code in the pack's channels
    asked: int | None = fact()  # how many people asked; None = not counted
    words: str = fact("")  # what is missing; no names
    matched_id: str = fact("")  # the enterprise that fills it
    matched_on: date | None = fact()
    closed_on: date | None = fact()
    closed_why: str = fact("")  # filled | not needed | cannot be filled
    by_id: str = fact("")


@dataclass(frozen=True, slots=True, kw_only=True)
class Signpost:
    """One time that somebody was shown options, and what came of it. Nobody is named."""

    id: str
    on: date
    district: str = fact("")
    service_type: str = fact("")
    shown: tuple[str, ...] = fact(())  # trading names as they were listed
    came_by: str = fact("")  # code in the pack's channels
    outcome: str = fact("")  # "" = not known yet | started | not taken up
    outcome_on: date | None = fact()
    gap_id: str = fact("")  # the gap that was opened because nothing fitted
    by_id: str = fact("")
