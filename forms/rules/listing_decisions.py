"""What granting each decision on a listing changes. A suspension reaches the enterprise too.

What was not public when it was suspended is not public after it: its end is no review. Refuses a
reviewer who is the case's own coach, and a removal judged by whoever suspended.
"""

from __future__ import annotations

from typing import Any

from forms.facts.casework import StageEvent
from forms.facts.listing import QACheck, RegisterEntry
from forms.facts.people import Consent, Enterprise
from forms.rules.calendar import add_working_days
from forms.rules.decision import Answer, Asked, Granted, Sets, refuse
from forms.rules.finding import Finding, blocking
from forms.rules.listing import LISTING_STEPS, Status, publish_findings
from forms.rules.pathway import reached_on
from forms.values import Role

_REASONED = frozenset({"listing.hide", "listing.suspend", "listing.remove"})
_REVIEWED = frozenset({"listing.publish", "listing.reinstate", "listing.remove"})
_OWN = frozenset({"listing.submit", "listing.withdraw"})  # the leader's own wish, by their coach
_WORDS = {
    "listing.submit": "The listing waits for a review.",
    "listing.publish": "The listing is published.",
    "listing.hide": "The listing is hidden.",
    "listing.suspend": "The listing is suspended.",
    "listing.reinstate": "The listing is reinstated.",
    "listing.remove": "The listing is removed.",
    "listing.withdraw": "The listing is withdrawn.",
}
_STAYS_HIDDEN = "The suspension is over. It stays hidden until it is reviewed and published."


def judge(asked: Asked) -> Answer:
    """Grant or refuse one decision on a register entry."""
    entry = asked.records.get(RegisterEntry, asked.subject)
    if entry is None:
        because = "The register does not have this listing yet. Send your work first."
        return refuse([asked.no("LISTING", "NOT_FOUND", because)])
    enterprise = asked.records.get(Enterprise, entry.enterprise_id)
    name = asked.request.name
    step = LISTING_STEPS[name]
    problems = asked.problems
    if entry.status not in step.from_states:
        problems.append(asked.no("STATE", "WRONG_STATE", f"The listing is {entry.status}."))
    reason = asked.text("reason", needed="Give the reason." if name in _REASONED else "")
    if name in _REVIEWED and enterprise is not None and enterprise.coach_id == asked.actor.id:
        because = "The review has to be by somebody other than the case's coach."
        problems.append(asked.no("DUTIES", "SAME_PERSON", because))
    own = enterprise is None or enterprise.coach_id == asked.actor.id
    if name in _OWN and asked.actor.role is Role.COACH and not own:
        because = "This case is with another coach, who asks for it."
        problems.append(asked.no("DUTIES", "NOT_YOUR_CASE", because))
    to_state = step.to_state
    if name in ("listing.publish", "listing.submit", "listing.reinstate"):
        found = _publishable(asked, entry, enterprise)
        if name == "listing.reinstate" and (blocking(found) or not entry.reviewed_by_id):
            to_state = Status.HIDDEN  # the suspension ends; what lapsed meanwhile keeps it hidden
        elif name == "listing.publish":
            problems += found
        else:
            problems += [f for f in found if f.code in ("NO_CONSENT", "INCOMPLETE", "SUSPENDED")]
    stopped = blocking(problems)
    if stopped:
        return refuse(stopped)
    fields = _fields(asked, entry, to_state, reason)
    sets = [Sets(kind=RegisterEntry, record_id=entry.id, fields=fields)]
    changed = _enterprise_fields(asked, entry, enterprise)
    if enterprise is not None and changed:
        sets.append(Sets(kind=Enterprise, record_id=enterprise.id, fields=changed))
    hidden = name == "listing.reinstate" and to_state is Status.HIDDEN
    return Granted(words=_STAYS_HIDDEN if hidden else _WORDS[name], sets=tuple(sets))


def _publishable(
    asked: Asked, entry: RegisterEntry, enterprise: Enterprise | None
) -> list[Finding]:
    if enterprise is None:
        because = "The register does not have this enterprise yet. Send your work first."
        return [asked.no("LISTING", "NOT_FOUND", because)]
    parent = entry.enterprise_id
    found = publish_findings(
        asked.pack,
        entry,
        enterprise,
        asked.records.all(QACheck, enterprise_id=parent),
        asked.records.all(Consent, enterprise_id=parent),
        asked.on,
    )
    stages = asked.records.all(StageEvent, enterprise_id=parent)
    if asked.request.name == "listing.publish" and reached_on(stages, "READY", asked.on) is None:
        because = "Only a case that is ready can be published."
        found.append(asked.no("PATHWAY", "NOT_READY", because))
    if asked.request.name == "listing.reinstate":
        return [finding for finding in found if finding.code != "SUSPENDED"]
    return found


def _fields(asked: Asked, entry: RegisterEntry, to_state: Status, reason: str) -> dict[str, Any]:
    name = asked.request.name
    fields: dict[str, Any] = {"status": to_state.value}
    if name == "listing.publish":
        fields |= {"published_on": asked.on, "reviewed_by_id": asked.actor.id}
    if name == "listing.suspend":
        days = asked.pack.service_standards.get("suspension_review_working_days", 10)
        fields |= {
            "suspended_on": asked.on,
            "suspension_reason": reason,
            "review_on": add_working_days(asked.on, days),
        }
        if entry.status not in (Status.PUBLISHED, Status.SUSPENDED):
            fields["reviewed_by_id"] = ""  # as it is nobody has let it be shown
    if name == "listing.reinstate":
        fields |= {"suspended_on": None, "suspension_reason": "", "review_on": None}
        if to_state is Status.PUBLISHED:
            fields["reviewed_by_id"] = asked.actor.id
    return fields


def _enterprise_fields(
    asked: Asked, entry: RegisterEntry, enterprise: Enterprise | None
) -> dict[str, Any]:
    name = asked.request.name
    if enterprise is None:
        return {}
    if name == "listing.suspend" and enterprise.suspended_on is None:
        return {"suspended_on": asked.on}
    if name == "listing.reinstate":
        others = asked.records.all(
            RegisterEntry, enterprise_id=enterprise.id, status=Status.SUSPENDED.value
        )
        return {} if any(one.id != entry.id for one in others) else {"suspended_on": None}
    return {}
