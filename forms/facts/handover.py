"""A case that is offered to another coach, until it is accepted, declined or taken back.

The laptops of coaches, leads and auditors hold it, so it says no more than a district and a strand:
who the case is about is seen by whoever has it. Refuses to move anything: the case goes when the offer is accepted.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from forms.facts.field import decided


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """An offer. Only the register writes it, by the decisions case.offer, accept, decline, recall."""

    id: str
    case_id: str = decided("")  # the enterprise; not a parent: it does not follow the case
    from_coach_id: str = decided("")
    to_coach_id: str = decided("")
    district: str = decided("")  # place code of the pack
    strand: str = decided("")  # code in the pack's strands
    offered_on: date | None = decided()
    offered_by_id: str = decided("")
    state: str = decided("offered")  # offered | accepted | declined | recalled
    answered_on: date | None = decided()
