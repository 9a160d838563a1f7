"""Every decision that only the register takes: who may ask, when, and what granting it changes.

`decide` is pure. The register calls it inside its transaction and writes what it says; the
desktop calls it to show what would happen. Refuses to write, and to trust what the request says
about who is asking.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from forms.facts.decisions import DecisionRequest
from forms.rules import (
    claim_after,
    claim_decisions,
    handover_decisions,
    listing_decisions,
    programme_decisions,
)
from forms.rules.claims import STEPS, stop
from forms.rules.decision import Answer, Asked, Granted, Refused, refuse
from forms.rules.finding import Finding, Verdict
from forms.rules.listing import LISTING_STEPS
from forms.rules.pack import Pack
from forms.rules.records import Records
from forms.values import Actor, Role

__all__ = ["DECISIONS", "Decision", "Granted", "Refused", "decide", "may_wait", "refuse_offline"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One decision by name: who may ask, from which states, to which, and the words for it."""

    name: str
    title: str
    roles: frozenset[Role]
    from_states: frozenset[str] = frozenset()
    to_state: str = ""
    online_only: bool = False
    judge: Callable[[Asked], Answer]


_TITLES = {
    "claim.submit": "Submit the claim",
    "claim.withdraw": "Take the claim back",
    "claim.check": "Check the claim, cost by cost",
    "claim.return": "Return the claim for a correction",
    "claim.reject": "Reject the claim",
    "claim.recommend": "Recommend the claim",
    "claim.refer": "Refer the claim back",
    "claim.approve": "Approve the claim",
    "claim.decline": "Decline the claim",
    "claim.agree": "Note that the offer is signed",
    "claim.commit": "Commit the money",
    "claim.pay": "Note a payment",
    "claim.evidence": "Accept proof of spending",
    "claim.close": "Close the claim",
    "claim.vary": "Ask for a change of the offer",
    "claim.vary_agree": "Agree to the change",
    "claim.vary_refuse": "Turn the change down",
    "claim.clawback": "Ask money back",
    "claim.recover": "Note that money came back",
    "claim.write_off": "Write the money off",
    "claim.look": "Note a second look",
    "listing.submit": "Ask for a review of the listing",
    "listing.publish": "Publish the listing",
    "listing.hide": "Hide the listing",
    "listing.suspend": "Suspend the listing",
    "listing.reinstate": "Reinstate the listing",
    "listing.remove": "Remove the listing",
    "listing.withdraw": "Withdraw the listing",
}
_ONLINE_ONLY = frozenset({"claim.approve", "claim.pay"})
_HAND_OVER = "Hand the case to another coach"
_LEAD = frozenset({Role.LEAD})
_COACHES = frozenset({Role.COACH, Role.LEAD})
_CLAIMS = dict(claim_decisions.JUDGES) | dict(claim_after.AFTER)
assert set(_CLAIMS) == set(STEPS)  # noqa: S101  (a step without a judge cannot ship)


def _table() -> dict[str, Decision]:
    table = {
        name: Decision(
            name=name,
            title=_TITLES[name],
            roles=step.roles,
            from_states=frozenset(step.from_states),
            to_state=step.to_state or "",
            online_only=name in _ONLINE_ONLY,
            judge=_CLAIMS[name],
        )
        for name, step in STEPS.items()
    }
    for name, listing_step in LISTING_STEPS.items():
        table[name] = Decision(
            name=name,
            title=_TITLES[name],
            roles=listing_step.roles,
            from_states=frozenset(listing_step.from_states),
            to_state=listing_step.to_state,
            judge=listing_decisions.judge,
        )
    two = frozenset({Role.COACH, Role.LEAD, Role.QA})  # one asks, a lead or QA agrees
    for name, title, roles, judge in (
        ("dpia.sign", "Sign off the assessment", _LEAD, programme_decisions.sign_dpia),
        (
            "case.transfer",
            "Hand the case to another coach",
            _LEAD,
            handover_decisions.transfer_case,
        ),
        ("case.offer", "Offer the case to another coach", _COACHES, handover_decisions.offer_case),
        ("case.accept", "Accept the case", _COACHES, handover_decisions.answer_offer),
        ("case.decline", "Decline the case", _COACHES, handover_decisions.answer_offer),
        ("case.recall", "Take the offer back", _COACHES, handover_decisions.answer_offer),
        ("person.erase", "Erase the person", two, programme_decisions.erase_person),
        (
            "claim.forget",
            "Remove the applicant's words",
            two,
            programme_decisions.forget_claim_words,
        ),
    ):
        table[name] = Decision(name=name, title=title, roles=roles, judge=judge)
    return table


DECISIONS: Mapping[str, Decision] = _table()


def may_wait(name: str) -> bool:
    """Whether a decision may be asked for offline and wait. Unknown names may not."""
    return name in DECISIONS and not DECISIONS[name].online_only


def refuse_offline(name: str) -> Finding | None:
    """Why a decision cannot wait for a signal, or None when it can."""
    if may_wait(name):
        return None
    title = DECISIONS[name].title if name in DECISIONS else name
    return Finding(
        rule="ONLINE",
        code="ONLY_ONLINE",
        verdict=Verdict.UNMET,
        because=f"{title}: this needs a connection, because it is judged against what is left in "
        "the fund at that moment. Nothing was changed. Try again when you are connected.",
        source="Seed fund: approval and payment only online",
    )


def decide(
    pack: Pack, request: DecisionRequest, records: Records, actor: Actor, on: date
) -> Granted | Refused:
    """Grant with the changes to write, or refuse with the reasons. Changes nothing itself."""
    decision = DECISIONS.get(request.name)
    if decision is None:
        because = f"“{request.name}” is not a decision that this programme knows."
        return refuse([stop(request.subject_id, "DECISION", "UNKNOWN_DECISION", because)])
    if request.asked_by_id != actor.id:
        because = "It was asked for in somebody else's name."
        return refuse([stop(request.subject_id, "DECISION", "ASKED_BY_OTHER", because)])
    if actor.role not in decision.roles:
        wanted = " or ".join(sorted(role.value for role in decision.roles))
        because = f"{decision.title}: this is for {wanted}; {actor.name} is {actor.role.value}."
        return refuse([stop(request.subject_id, "ROLE", "NOT_YOUR_ROLE", because)])
    return decision.judge(Asked(pack=pack, request=request, records=records, actor=actor, on=on))
