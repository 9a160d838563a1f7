"""A claim that a decision is asked about: what belongs to it, and the answer as it grows.

Refuses to write: it gathers the changes that a granted decision makes, and the reasons against.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from forms.facts.casework import Attachment, ChecklistItem, StageEvent
from forms.facts.money import ClaimEvent, ClaimLine, SeedClaim
from forms.facts.people import Consent, Dpia, Enterprise, Leader
from forms.rules.claims import STEPS, is_apart_from_writers, may
from forms.rules.decision import Answer, Asked, Granted, Sets, refuse
from forms.rules.finding import Finding, blocking
from forms.rules.fraud_signals import Papers, signals
from forms.rules.seed_fund import SeedContext, judge
from forms.values import derived_id


class ClaimAsked:
    """The claim asked about, with what belongs to it, and the answer as it grows."""

    def __init__(self, asked: Asked, claim: SeedClaim) -> None:
        self.asked = asked
        self.claim = claim
        # one that names the claim out of another case is not its own: nobody here is shown it
        self.lines = [
            line
            for line in asked.records.all(ClaimLine, claim_id=claim.id)
            if line.enterprise_id == claim.enterprise_id
        ]
        self.past: list[ClaimEvent] = [
            event
            for event in asked.records.all(ClaimEvent, enterprise_id=claim.enterprise_id)
            if event.claim_id == claim.id
        ]
        self.enterprise = asked.records.get(Enterprise, claim.enterprise_id)
        self.sets: list[Sets] = []
        self.events: list[ClaimEvent] = []
        self.problems = asked.problems
        self.problems += may(
            asked.request.name, claim, self.lines, asked.actor, self.enterprise, self._writers()
        )

    def _writers(self) -> frozenset[str]:
        """Who wrote in the claim or in a cost of it, also in one that was removed."""
        if not is_apart_from_writers(STEPS[self.asked.request.name]):
            return frozenset()
        records, case = self.asked.records, self.claim.enterprise_id
        gone = records.removed(ClaimLine, enterprise_id=case, claim_id=self.claim.id)
        return records.writers({self.claim.id, *(line.id for line in (*self.lines, *gone))})

    def no(self, rule: str, code: str, because: str) -> None:
        """Add a reason to refuse."""
        self.problems.append(self.asked.no(rule, code, because))

    def findings(self) -> list[Finding]:
        """S01 to S14 as things stand in the register."""
        if self.enterprise is None:
            return []
        records, parent = self.asked.records, self.enterprise.id
        around = SeedContext(
            dpias=tuple(records.all(Dpia)),
            consents=tuple(records.all(Consent, enterprise_id=parent)),
            items=tuple(records.all(ChecklistItem, enterprise_id=parent)),
            lines=tuple(records.all(ClaimLine)),
            claims=tuple(records.all(SeedClaim)),
            events=tuple(records.all(ClaimEvent)),
        )
        return judge(
            self.asked.pack, self.claim, self.lines, self.enterprise, around, self.asked.on
        )

    def set_claim(self, **fields: Any) -> None:
        """Fields of the claim to write."""
        self.sets.append(Sets(kind=SeedClaim, record_id=self.claim.id, fields=fields))

    def set_line(self, line_id: str, **fields: Any) -> None:
        """Fields of a line to write."""
        self.sets.append(Sets(kind=ClaimLine, record_id=line_id, fields=fields))

    def event(self, to_state: str, **more: Any) -> None:
        """One step for the claim's history."""
        asked = self.asked
        values: dict[str, Any] = {
            "id": derived_id("claim_event", asked.request.id, str(len(self.events))),
            "claim_id": self.claim.id,
            "enterprise_id": self.claim.enterprise_id,
            "from_state": self.claim.state,
            "to_state": str(to_state),  # a plain text travels, a member of States does not
            "by_id": asked.actor.id,
            "on": asked.on,
        }
        self.events.append(ClaimEvent(**(values | more)))

    def answer(self, words: str, warnings: Sequence[Finding] = ()) -> Answer:
        """Refuse when anything stands in the way, else grant what was gathered."""
        stopped = blocking(self.problems)
        if stopped:
            return refuse(stopped)
        return Granted(
            words=words,
            sets=tuple(self.sets),
            adds=tuple(self.events),
            findings=tuple(warnings),
        )


def on_claim(judge_it: Callable[[ClaimAsked], Answer]) -> Callable[[Asked], Answer]:
    """A judge that is handed the claim, or refuses when the register does not have it."""

    def judged(asked: Asked) -> Answer:
        claim = asked.records.get(SeedClaim, asked.subject)
        if claim is None:
            because = "The register does not have this claim yet. Send your work first."
            return refuse([asked.no("CLAIM", "NOT_FOUND", because)])
        return judge_it(ClaimAsked(asked, claim))

    return judged


def line_of(it: ClaimAsked) -> ClaimLine | None:
    """The accepted cost that the payload names; a reason to refuse when there is none."""
    line_id = it.asked.text("line_id", needed="Say which cost.")
    line = next((one for one in it.lines if one.id == line_id), None)
    if line is None:
        it.no("PAY", "NOT_FOUND", "That cost is not in this claim.")
    elif line.outcome != "accepted":
        it.no("PAY", "NOT_ACCEPTED", f"“{line.what}” was not accepted.")
    return line


def open_review(it: ClaimAsked) -> None:
    """Each signal is put into the claim's history, once; somebody looks, and nothing is refused."""
    known = {(event.code, event.line_id) for event in it.past if event.to_state == "REVIEW"}
    for signal in signals(it.asked.pack, it.claim, _papers(it)):
        line_id = "" if signal.subject == it.claim.id else signal.subject
        if (signal.code, line_id) not in known:
            it.event("REVIEW", code=signal.code, line_id=line_id, note=signal.because)


def _papers(it: ClaimAsked) -> Papers:
    records = it.asked.records
    closed = {
        event.enterprise_id: event.on
        for event in records.all(StageEvent, enterprise_id=it.claim.enterprise_id)
        if event.stage == "CLOSED"
    }
    return Papers(
        claims=tuple(records.all(SeedClaim)),
        lines=tuple(records.all(ClaimLine)),
        files=tuple(records.all(Attachment)),
        enterprises=tuple(records.all(Enterprise)),
        leaders=tuple(records.all(Leader, enterprise_id=it.claim.enterprise_id)),
        closed_on=closed,
    )
