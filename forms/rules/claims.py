"""The life of a seed-fund claim: its states, who may move it, and who may not because of before.

Drafter, checker, approver and payer are four different people; nobody decides on money for
themselves or for a relative. Refuses to judge costs: that is seed_fund.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from forms.facts.money import ClaimEvent, ClaimLine, SeedClaim
from forms.facts.people import Enterprise
from forms.rules.finding import Finding, Verdict
from forms.values import Actor, Role


class States(StrEnum):
    """Where a claim is."""

    DRAFT = "DRAFT"
    SUBMITTED = "SUBMITTED"
    CHECKED = "CHECKED"
    RETURNED = "RETURNED"
    REJECTED = "REJECTED"
    RECOMMENDED = "RECOMMENDED"
    APPROVED = "APPROVED"
    DECLINED = "DECLINED"
    REFERRED = "REFERRED"
    AGREED = "AGREED"
    COMMITTED = "COMMITTED"
    PAID = "PAID"
    EVIDENCED = "EVIDENCED"
    CLOSED = "CLOSED"
    WITHDRAWN = "WITHDRAWN"
    VARIATION = "VARIATION"
    CLAWBACK_OPEN = "CLAWBACK_OPEN"
    RECOVERED = "RECOVERED"
    WRITTEN_OFF = "WRITTEN_OFF"


FINISHED = frozenset(
    {
        States.REJECTED,
        States.DECLINED,
        States.WITHDRAWN,
        States.CLOSED,
        States.RECOVERED,
        States.WRITTEN_OFF,
    }
)


# the coach may change the claim and its lines only here
EDITABLE = frozenset({States.DRAFT, States.RETURNED})

STATE_WORDS: Mapping[str, str] = {
    States.DRAFT: "Draft",
    States.SUBMITTED: "Submitted, waits for a check",
    States.CHECKED: "Checked",
    States.RETURNED: "Returned for a correction",
    States.REJECTED: "Rejected",
    States.RECOMMENDED: "Recommended, waits for approval",
    States.APPROVED: "Approved, waits for the signed offer",
    States.DECLINED: "Declined",
    States.REFERRED: "Referred back",
    States.AGREED: "Offer signed",
    States.COMMITTED: "Money committed, waits for payment",
    States.PAID: "Paid, waits for proof of spending",
    States.EVIDENCED: "Spending shown",
    States.CLOSED: "Closed",
    States.WITHDRAWN: "Taken back",
    States.VARIATION: "A change is being agreed",
    States.CLAWBACK_OPEN: "Money is being asked back",
    States.RECOVERED: "Money came back",
    States.WRITTEN_OFF: "Written off",
}
# steps in a claim's history that leave its state as it is
EVENT_WORDS: Mapping[str, str] = {
    "REVIEW": "A second look is wanted",
    "REVIEWED": "Looked at again",
    "VARIATION_AGREED": "The change is agreed",
    "VARIATION_REFUSED": "The change is not agreed",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One move of a claim: who may make it, from where, to where, apart from whom."""

    roles: frozenset[Role]
    from_states: frozenset[States]
    to_state: States | None  # None: the claim stays where it is
    apart_from: tuple[str, ...] = ()  # fields of the claim that may not name the actor


_COACHES = frozenset({Role.COACH, Role.LEAD})
_CHECKERS = frozenset({Role.QA, Role.LEAD, Role.COACH})
_HOLDERS = frozenset({Role.LEAD, Role.QA})
_FINANCE = frozenset({Role.FINANCE})
_DRAFTED = ("drafted_by_id", "submitted_by_id")
_CHECKED = (*_DRAFTED, "checked_by_id", "recommended_by_id")
_UNPAID = frozenset(
    {
        States.DRAFT,
        States.SUBMITTED,
        States.CHECKED,
        States.RETURNED,
        States.RECOMMENDED,
        States.REFERRED,
        States.APPROVED,
        States.AGREED,
        States.COMMITTED,
    }
)


def _step(
    roles: frozenset[Role],
    from_states: Iterable[States],
    to_state: States | None,
    apart_from: tuple[str, ...] = (),
) -> Step:
    return Step(
        roles=roles,
        from_states=frozenset(from_states),
        to_state=to_state,
        apart_from=apart_from,
    )


STEPS: Mapping[str, Step] = {
    "claim.submit": _step(_COACHES, {States.DRAFT, States.RETURNED}, States.SUBMITTED),
    "claim.withdraw": _step(_COACHES, _UNPAID, States.WITHDRAWN),
    "claim.check": _step(_CHECKERS, {States.SUBMITTED}, States.CHECKED, _DRAFTED),
    "claim.return": _step(
        _CHECKERS,
        {States.SUBMITTED, States.CHECKED, States.REFERRED},
        States.RETURNED,
        _DRAFTED,
    ),
    "claim.reject": _step(
        _CHECKERS,
        {States.SUBMITTED, States.CHECKED, States.REFERRED},
        States.REJECTED,
        _DRAFTED,
    ),
    "claim.recommend": _step(
        _CHECKERS, {States.CHECKED, States.REFERRED}, States.RECOMMENDED, _DRAFTED
    ),
    "claim.refer": _step(_HOLDERS, {States.RECOMMENDED}, States.REFERRED, _CHECKED),
    "claim.approve": _step(_HOLDERS, {States.RECOMMENDED}, States.APPROVED, _CHECKED),
    "claim.decline": _step(_HOLDERS, {States.RECOMMENDED}, States.DECLINED, _CHECKED),
    "claim.agree": _step(_COACHES, {States.APPROVED}, States.AGREED),
    "claim.commit": _step(
        frozenset({Role.LEAD, Role.QA, Role.FINANCE}), {States.AGREED}, States.COMMITTED, _DRAFTED
    ),
    "claim.pay": _step(_FINANCE, {States.COMMITTED}, States.PAID, (*_CHECKED, "approved_by_id")),
    "claim.evidence": _step(
        frozenset({Role.QA, Role.LEAD, Role.FINANCE, Role.COACH}),
        {States.COMMITTED, States.PAID},
        States.EVIDENCED,
        _DRAFTED,
    ),
    "claim.close": _step(
        frozenset({Role.QA, Role.LEAD, Role.FINANCE}), {States.EVIDENCED}, States.CLOSED
    ),
    # a change needs written consent before the money is spent another way
    "claim.vary": _step(_COACHES, {States.AGREED, States.COMMITTED}, States.VARIATION),
    "claim.vary_agree": _step(_HOLDERS, {States.VARIATION}, None, _CHECKED),
    "claim.vary_refuse": _step(_HOLDERS, {States.VARIATION}, None, _CHECKED),
    # money that has to come back: asked for by one, noted by finance, given up by another
    "claim.clawback": _step(
        frozenset({Role.QA, Role.LEAD, Role.FINANCE}),
        {States.PAID, States.EVIDENCED, States.CLOSED, States.CLAWBACK_OPEN},
        States.CLAWBACK_OPEN,
        _DRAFTED,
    ),
    "claim.recover": _step(_FINANCE, {States.CLAWBACK_OPEN}, States.RECOVERED, _DRAFTED),
    "claim.write_off": _step(
        frozenset({Role.LEAD}),
        {States.CLAWBACK_OPEN},
        States.WRITTEN_OFF,
        (*_CHECKED, "approved_by_id"),
    ),
    # somebody looked at the signals that opened a review
    "claim.look": _step(
        frozenset({Role.QA, Role.LEAD, Role.FINANCE}),
        frozenset(States) - {States.DRAFT, States.RETURNED},
        None,
        _DRAFTED,
    ),
}

_WHO = {
    "drafted_by_id": "drafted it",
    "submitted_by_id": "submitted it",
    "checked_by_id": "checked it",
    "recommended_by_id": "recommended it",
    "approved_by_id": "approved it",
}

_ROLE_WORDS = {
    Role.COACH: "another coach",
    Role.LEAD: "a lead",
    Role.QA: "somebody of council QA",
    Role.FINANCE: "somebody of finance",
}


def stop(claim_id: str, rule: str, code: str, because: str) -> Finding:
    """A finding that stops a move of a claim."""
    return Finding(
        rule=rule,
        code=code,
        verdict=Verdict.UNMET,
        because=because,
        source="Seed fund: who may do what",
        subject=claim_id,
    )


def may(
    name: str,
    claim: SeedClaim,
    lines: Sequence[ClaimLine],
    actor: Actor,
    enterprise: Enterprise | None = None,
    writers: Collection[str] = (),
) -> list[Finding]:
    """What stops this person from making this move now. Costs are judged elsewhere.

    `writers` are those who wrote in the claim or its costs, as far as that is known.
    """
    step = STEPS[name]
    found = role_findings(claim.id, step.roles, actor)
    if claim.state not in step.from_states:
        because = f"The claim is {claim.state.lower()}; this can be done only when it is " + (
            " or ".join(sorted(state.lower() for state in step.from_states)) + "."
        )
        found.append(stop(claim.id, "STATE", "WRONG_STATE", because))
    found += _apart(claim, step, actor) or _wrote(claim, step, actor, writers)
    if name not in _ASKED_FOR:
        found += _interest(claim, actor)
    elif actor.role is Role.COACH and enterprise is not None and enterprise.coach_id != actor.id:
        because = "This case is with another coach, who asks for it."
        found.append(stop(claim.id, "DUTIES", "NOT_YOUR_CASE", because))
    if name == "claim.withdraw" and any(line.paid_on for line in lines):
        because = "Part of it is paid already, so it cannot be taken back."
        found.append(stop(claim.id, "STATE", "PARTLY_PAID", because))
    if name not in _ASKED_FOR and enterprise is not None and enterprise.coach_id == actor.id:
        because = f"{actor.name} is the coach of this case; this has to be a different person."
        found.append(stop(claim.id, "DUTIES", "SAME_PERSON", because))
    if name in _HELD and enterprise is not None and enterprise.suspended_on is not None:
        because = f"The listing was suspended on {enterprise.suspended_on}; money waits."
        found.append(stop(claim.id, "HOLD", "SAFEGUARDING_HOLD", because))
    return found


# asking, taking back and signing are the applicant's own acts: no interest to declare
_ASKED_FOR = frozenset({"claim.submit", "claim.withdraw", "claim.agree", "claim.vary"})
_HELD = frozenset({"claim.approve", "claim.commit", "claim.pay", "claim.vary_agree"})


def reviews_open(events: Iterable[ClaimEvent]) -> set[tuple[str, str]]:
    """Signals that nobody has looked at: (code, cost or '')."""
    told = list(events)
    wanted = {(e.code, e.line_id) for e in told if e.to_state == "REVIEW"}
    return wanted - {(e.code, e.line_id) for e in told if e.to_state == "REVIEWED"}


def open_to(
    claim: SeedClaim,
    lines: Sequence[ClaimLine],
    actor: Actor,
    enterprise: Enterprise | None = None,
    events: Iterable[ClaimEvent] = (),
) -> list[str]:
    """The names of the moves this person could make now, in the order of a claim's life."""
    open_now = [name for name in STEPS if not may(name, claim, lines, actor, enterprise)]
    return open_now if reviews_open(events) else [n for n in open_now if n != "claim.look"]


def role_findings(subject: str, roles: frozenset[Role], actor: Actor) -> list[Finding]:
    """Whether the actor's role may make this move at all."""
    if actor.role in roles:
        return []
    wanted = " or ".join(sorted(role.value for role in roles))
    because = f"This is for {wanted}; {actor.name} is {actor.role.value}."
    return [stop(subject, "ROLE", "NOT_YOUR_ROLE", because)]


def _apart(claim: SeedClaim, step: Step, actor: Actor) -> list[Finding]:
    did = [_WHO[field] for field in step.apart_from if getattr(claim, field) == actor.id]
    if not did:
        return []
    because = f"{actor.name} {' and '.join(did)}; this has to be a different person."
    return [stop(claim.id, "DUTIES", "SAME_PERSON", because)]


def _wrote(claim: SeedClaim, step: Step, actor: Actor, writers: Collection[str]) -> list[Finding]:
    """Whoever wrote in a claim drafted it too, be it one word: nobody can tell a slip from more."""
    if actor.id not in writers or not is_apart_from_writers(step):
        return []
    *others, last = [words for role, words in _ROLE_WORDS.items() if role in step.roles]
    who = f"{', '.join(others)} or {last}" if others else last
    because = (
        f"{actor.name} wrote in this claim or its costs before it was sent, so this has to be a "
        f"different person: {who} who wrote nothing in it."
    )
    return [stop(claim.id, "DUTIES", "SAME_PERSON", because)]


def is_apart_from_writers(step: Step) -> bool:
    """Whether a move is not for those who drafted the claim."""
    return set(_DRAFTED) <= set(step.apart_from)


def _interest(claim: SeedClaim, actor: Actor) -> list[Finding]:
    declared = claim.interest_declared.casefold()
    names = [actor.id.casefold(), actor.name.casefold()]
    payee = claim.applicant.casefold().strip() == actor.name.casefold().strip()
    if not payee and not any(name and name in declared for name in names):
        return []
    because = f"{actor.name} is the payee or has a declared interest, so somebody else decides."
    return [stop(claim.id, "DUTIES", "CONFLICT_OF_INTEREST", because)]
