"""The records of one programme as of one day, with the selections every indicator shares.

Refuses to look past its day: a record dated later is not seen. Builds no numbers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import TypeVar

from forms.facts.casework import ChecklistItem, EntityDecision, StageEvent
from forms.facts.listing import Concern, QACheck, RegisterEntry
from forms.facts.market import MarketGap, Signpost
from forms.facts.money import ClaimEvent, ClaimLine, SeedClaim
from forms.facts.people import ActivityReturn, Dpia, Enquiry, Enterprise, Tally
from forms.rules import pathway
from forms.rules.envelopes import EnvelopeLine, envelope_report
from forms.rules.indicators.answered import Answered
from forms.rules.pack import Pack

FRESH_DAYS = 92
_JUDGED = ("CHECKED", "REJECTED", "DECLINED")
T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class World:
    """Facts of a programme on `as_of`. Everything below is derived from them and cached."""

    pack: Pack
    as_of: date
    enquiries: tuple[Enquiry, ...] = ()
    tallies: tuple[Tally, ...] = ()
    enterprises: tuple[Enterprise, ...] = ()
    stage_events: tuple[StageEvent, ...] = ()
    returns: tuple[ActivityReturn, ...] = ()
    claims: tuple[SeedClaim, ...] = ()
    lines: tuple[ClaimLine, ...] = ()
    claim_events: tuple[ClaimEvent, ...] = ()
    entries: tuple[RegisterEntry, ...] = ()
    checks: tuple[QACheck, ...] = ()
    concerns: tuple[Concern, ...] = ()
    decisions: tuple[EntityDecision, ...] = ()
    dpias: tuple[Dpia, ...] = ()
    gaps: tuple[MarketGap, ...] = ()
    signposts: tuple[Signpost, ...] = ()
    items: tuple[ChecklistItem, ...] = ()
    answers: tuple[Answered, ...] = ()
    since: date | None = None  # first day of the period; None = from the beginning
    area: str = ""  # place code when only one district is looked at

    def in_period(self, on: date | None) -> bool:
        """Whether something of that day belongs to the period. What has no day does."""
        return on is None or (on <= self.as_of and (self.since is None or on >= self.since))

    def outside(self, on: date | None) -> str:
        """Why something of that day is left out, '' when it is not."""
        if self.in_period(on) or on is None:
            return ""
        return "After the date." if on > self.as_of else "Before the period."

    @cached_property
    def by_id(self) -> Mapping[str, Enterprise]:
        """Enterprises by id."""
        return {enterprise.id: enterprise for enterprise in self.enterprises}

    @cached_property
    def stages(self) -> Mapping[str, tuple[StageEvent, ...]]:
        """Stage events by enterprise, oldest first, none after the date."""
        seen = [event for event in self.stage_events if event.on <= self.as_of]
        seen.sort(key=lambda event: (event.on, event.id))
        return grouped(seen, lambda event: event.enterprise_id)

    def stage_at(self, enterprise_id: str, on: date) -> str:
        """The stage an enterprise was in on a day, '' before its first event."""
        return pathway.current_stage(self.stages.get(enterprise_id, ()), on)

    def first(self, enterprise_id: str, stage: str) -> StageEvent | None:
        """The first time an enterprise reached a stage."""
        events = self.stages.get(enterprise_id, ())
        return next((event for event in events if event.stage == stage), None)

    def why_not_active(self, enterprise: Enterprise, on: date) -> str:
        """Why an enterprise is not active on a day, '' when it is."""
        return pathway.why_not_active(enterprise, self.stages.get(enterprise.id, ()), on)

    def is_active(self, enterprise: Enterprise, on: date) -> bool:
        """Trading on a day: first delivery made, not closed, paused or suspended."""
        return not self.why_not_active(enterprise, on)

    @cached_property
    def active(self) -> tuple[Enterprise, ...]:
        """Enterprises active on the date."""
        return tuple(e for e in self.enterprises if self.is_active(e, self.as_of))

    @cached_property
    def active_ids(self) -> frozenset[str]:
        """Ids of the enterprises active on the date."""
        return frozenset(enterprise.id for enterprise in self.active)

    @cached_property
    def latest_returns(self) -> Mapping[str, ActivityReturn]:
        """The latest usable return of each enterprise: received, and at most 92 days old."""
        latest: dict[str, ActivityReturn] = {}
        for item in sorted(
            self.returns, key=lambda r: (r.period_to, r.received_on or r.period_to, r.id)
        ):
            if not self.why_not_usable(item):
                latest[item.enterprise_id] = item
        return latest

    def why_not_usable(self, item: ActivityReturn) -> str:
        """Why a return cannot be used on the date, '' when it can."""
        if item.received_on is None or item.received_on > self.as_of:
            return "not received by the date"
        if item.period_to > self.as_of:
            return "its period ends after the date"
        if item.period_to < self.as_of - timedelta(days=FRESH_DAYS):
            return f"its period ended more than {FRESH_DAYS} days before the date"
        return ""

    @cached_property
    def reporting(self) -> tuple[tuple[Enterprise, ActivityReturn], ...]:
        """Active enterprises with their latest usable return."""
        latest = self.latest_returns
        return tuple((e, latest[e.id]) for e in self.active if e.id in latest)

    @cached_property
    def returns_of(self) -> Mapping[str, tuple[ActivityReturn, ...]]:
        """All returns by enterprise."""
        return grouped(self.returns, lambda item: item.enterprise_id)

    @cached_property
    def checks_of(self) -> Mapping[str, tuple[QACheck, ...]]:
        """Checks seen by the date, by enterprise."""
        seen = (c for c in self.checks if c.seen_on is None or c.seen_on <= self.as_of)
        return grouped(seen, lambda check: check.enterprise_id)

    @cached_property
    def lines_of(self) -> Mapping[str, tuple[ClaimLine, ...]]:
        """Claim lines by claim."""
        return grouped(self.lines, lambda line: line.claim_id)

    @cached_property
    def events_of(self) -> Mapping[str, tuple[ClaimEvent, ...]]:
        """Claim events by claim, oldest first, none after the date."""
        seen = [e for e in self.claim_events if e.on is not None and e.on <= self.as_of]
        seen.sort(key=lambda e: (e.on or self.as_of, e.id))
        return grouped(seen, lambda event: event.claim_id)

    def has_later_events(self, claim_id: str) -> bool:
        """Whether a claim has dated steps, all after the date."""
        return bool(self._all_events_of.get(claim_id)) and claim_id not in self.events_of

    @cached_property
    def envelope_lines(self) -> Mapping[str, EnvelopeLine]:
        """The seed-fund envelopes on the date, by id."""
        seen = [event for events in self.events_of.values() for event in events]
        found = envelope_report(self.pack, self.lines, self.as_of, self.claims, seen)
        return {line.envelope.id: line for line in found}

    @cached_property
    def paid_lines(self) -> tuple[ClaimLine, ...]:
        """Claim lines paid on or before the date."""
        return tuple(x for x in self.lines if x.paid_on is not None and x.paid_on <= self.as_of)

    @cached_property
    def rejected_lines(self) -> tuple[ClaimLine, ...]:
        """Claim lines rejected on or before the date."""
        return tuple(x for x in self.lines if x.outcome == "rejected" and self._decided(x))

    def _decided(self, line: ClaimLine) -> bool:
        """Whether the line's rejection had happened: its claim was checked by the date."""
        about = [
            event.on
            for event in self._all_events_of.get(line.claim_id, ())
            if event.on is not None and (event.line_id == line.id or event.to_state in _JUDGED)
        ]
        return not about or min(about) <= self.as_of

    @cached_property
    def _all_events_of(self) -> Mapping[str, tuple[ClaimEvent, ...]]:
        return grouped(self.claim_events, lambda event: event.claim_id)


def grouped(items: Iterable[T], key: Callable[[T], str]) -> dict[str, tuple[T, ...]]:
    """Items by key, in the order they came."""
    groups: defaultdict[str, list[T]] = defaultdict(list)
    for item in items:
        groups[key(item)].append(item)
    return {name: tuple(members) for name, members in groups.items()}
