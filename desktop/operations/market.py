"""Gaps and signposts: written down, matched, closed. Counts of people, never a person.

Refuses to close a gap without saying why, and to match one with nobody.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from desktop.operations.errors import NothingWritten
from desktop.operations.writing import Writing
from forms.facts.market import MarketGap, Signpost
from forms.values import new_id

CLOSED_WHY = (
    ("filled", "Somebody gives it now"),
    ("not needed", "Nobody needs it any more"),
    ("cannot be filled", "It cannot be filled"),
)
OUTCOMES = (("started", "Started with one of them"), ("not taken up", "Did not take it up"))


@dataclass(frozen=True, slots=True, kw_only=True)
class NewGap:
    """What is asked for and not there."""

    district: str
    place: str = ""
    service_type: str = ""
    target_group: str = ""
    times: str = ""
    heard_from: str = ""
    asked: int | None = None
    words: str = ""


def open_gap(writing: Writing, new: NewGap) -> str:
    """Write down a gap; its id."""
    if not new.district:
        raise NothingWritten("Nothing was written down: choose the district first.")
    if not new.service_type and not new.words.strip():
        raise NothingWritten("Nothing was written down: choose a kind of support, or describe it.")
    gap = MarketGap(
        id=new_id(),
        opened_on=writing.today,
        district=new.district,
        place=new.place.strip(),
        service_type=new.service_type,
        target_group=new.target_group,
        times=new.times.strip(),
        heard_from=new.heard_from,
        asked=new.asked,
        words=new.words.strip(),
        by_id=writing.actor.id,
    )
    writing.unit.add(gap)
    return gap.id


def match_gap(writing: Writing, gap_id: str, enterprise_id: str, on: date | None = None) -> None:
    """An enterprise gives it, or will."""
    if not enterprise_id:
        raise NothingWritten("Nothing was changed: choose the enterprise that gives it.")
    writing.unit.set(MarketGap, gap_id, matched_id=enterprise_id, matched_on=on or writing.today)


def close_gap(writing: Writing, gap_id: str, why: str) -> None:
    """It is a gap no more; the reason is kept."""
    if why not in {code for code, _ in CLOSED_WHY}:
        raise NothingWritten("Nothing was changed: say why it is closed.")
    writing.unit.set(MarketGap, gap_id, closed_on=writing.today, closed_why=why)


def open_again(writing: Writing, gap_id: str) -> None:
    """It was closed too soon."""
    writing.unit.set(MarketGap, gap_id, closed_on=None, closed_why="")


def signpost(
    writing: Writing,
    *,
    district: str,
    service_type: str,
    shown: tuple[str, ...],
    came_by: str = "",
) -> str:
    """Somebody was shown these listings; the record's id."""
    if not shown:
        raise NothingWritten("Nothing was written down: choose at least one listing first.")
    made = Signpost(
        id=new_id(),
        on=writing.today,
        district=district,
        service_type=service_type,
        shown=shown,
        came_by=came_by,
        by_id=writing.actor.id,
    )
    writing.unit.add(made)
    return made.id


def came_of_it(writing: Writing, signpost_id: str, outcome: str) -> None:
    """What came of showing somebody the way."""
    if outcome not in {code for code, _ in OUTCOMES}:
        raise NothingWritten("Nothing was changed: say whether they started.")
    writing.unit.set(Signpost, signpost_id, outcome=outcome, outcome_on=writing.today)
