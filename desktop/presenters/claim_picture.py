"""One claim as it is shown: its costs with what the policy says of each, its history, its moves.

Pure: takes records, gives frozen words. Refuses to decide: a finding is shown, never acted on.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from desktop.operations.claims import EDITABLE
from desktop.presenters import words
from desktop.presenters.claims import STATE_WORDS, Everything, around, in_order, is_complete, who_of
from desktop.presenters.claims_fund import left_words
from desktop.presenters.people import Names
from forms.change import Verb
from forms.facts.casework import Attachment, StageEvent
from forms.facts.money import ClaimEvent, ClaimLine, SeedClaim
from forms.facts.people import Enterprise, Leader
from forms.rules.claims import EVENT_WORDS, States, may, reviews_open
from forms.rules.decisions import DECISIONS, refuse_offline
from forms.rules.finding import Finding, Verdict, Weight
from forms.rules.fraud_signals import Papers, signals
from forms.rules.pack import Pack
from forms.rules.seed_fund import REJECTIONS, SeedContext, judge, window_ends
from forms.values import Actor, london_day

CATEGORY_WORDS = {
    "EQUIP": "equipment",
    "LICENCE_REG": "licence or registration",
    "VENUE_INITIAL": "first months of a venue",
    "OTHER_BARRIER": "another barrier taken away",
}
_WRITTEN = frozenset(Verb)  # of the story: what a person did, not what came or was decided
REASONS = tuple((code, said) for code, said in REJECTIONS.items())


@dataclass(frozen=True, slots=True)
class ClaimCase:
    """The records a claim is judged with, kept so that typing can be judged at once."""

    claim: SeedClaim
    lines: tuple[ClaimLine, ...]
    enterprise: Enterprise
    context: SeedContext
    today: date
    signs: tuple[Finding, ...] = ()  # that deserve a second look; typing changes none of them
    events: tuple[ClaimEvent, ...] = ()  # of this claim
    writers: frozenset[str] = frozenset()  # who wrote in it on this laptop


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One finding in words with its shape."""

    rule: str
    words: str
    look: str
    stops: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LineRow:
    """One cost."""

    id: str
    what: str
    cost_kind: str
    amount: str
    cost_on: date | None
    supplier: str
    invoice_no: str
    quotes: int
    months: int | None
    already_funded_by: str
    justification: str
    papers: tuple[str, ...]
    asks_months: bool
    asks_quotes: bool
    outcome: str  # words of the checker's answer and the payment
    outcome_look: str
    accepted: bool
    paid: bool
    evidenced: bool
    complete: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A decision that this person could ask for now."""

    name: str
    title: str
    needs: tuple[str, ...]  # note | code | lines | line | paid_on | reference | on
    stops: tuple[str, ...]  # why not, in words; empty = it may be asked
    online_only: str  # why it cannot wait, or nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One line of the claim's history."""

    words: str
    when: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimPicture:
    """Everything the claim page shows."""

    claim_id: str
    enterprise_id: str
    who: str
    state: str
    look: str
    with_whom: str
    can_edit: bool
    barrier: str
    interest: str
    total: str
    lines: tuple[LineRow, ...]
    kinds: tuple[tuple[str, str], ...]
    papers: tuple[tuple[str, str], ...]
    window: str
    left: str
    moves: tuple[Move, ...]
    history: tuple[Step, ...]
    asked: tuple[str, ...]  # decisions asked for and their answers
    today: date  # what a typed day without a year is near to


_NEEDS = {
    "claim.withdraw": ("note",),
    "claim.check": ("lines", "note"),
    "claim.return": ("note",),
    "claim.reject": ("code", "note"),
    "claim.refer": ("note",),
    "claim.decline": ("code", "note"),
    "claim.pay": ("line", "paid_on", "reference"),
    "claim.evidence": ("line", "on"),
    "claim.vary": ("note",),
    "claim.vary_agree": ("line", "what", "pence", "note"),
    "claim.vary_refuse": ("note",),
    "claim.clawback": ("line", "note"),
    "claim.recover": ("line", "on", "reference"),
    "claim.write_off": ("line", "note"),
    "claim.look": ("note",),
}


def read_case(reader: Any, pack: Pack, claim_id: str, today: date) -> ClaimCase | None:
    """The records around a claim, or None when it is not on this laptop."""
    claim = reader.get(SeedClaim, claim_id)
    enterprise = reader.get(Enterprise, claim.enterprise_id) if claim else None
    if claim is None or enterprise is None:
        return None
    everything = Everything(reader)
    lines = tuple(reader.all(ClaimLine, claim_id=claim_id))
    return ClaimCase(
        claim=claim,
        lines=lines,
        enterprise=enterprise,
        context=around(reader, claim.enterprise_id, everything),
        today=today,
        signs=tuple(signals(pack, claim, _papers(reader, enterprise, lines, everything))),
        events=tuple(reader.all(ClaimEvent, claim_id=claim_id)),
        writers=_writers(reader, claim_id, lines),
    )


def _writers(reader: Any, claim_id: str, lines: tuple[ClaimLine, ...]) -> frozenset[str]:
    """Who wrote in the claim or its costs here: what came from elsewhere names its newest only."""
    gone = reader.removed(ClaimLine, claim_id=claim_id)
    story = (one for each in (*lines, *gone) for one in reader.history(each.id))
    both = (*reader.history(claim_id), *story)
    return frozenset(one.by_id for one in both if one.verb in _WRITTEN)


def _papers(
    reader: Any, here: Enterprise, lines: tuple[ClaimLine, ...], everything: Everything
) -> Papers:
    """What signals compare: all that is here; the register compares the whole programme.

    Of files and enterprises only those that can be like this one's: a county has thousands.
    """
    closed = {
        event.enterprise_id: event.on
        for event in reader.all(StageEvent, enterprise_id=here.id)
        if event.stage == "CLOSED"
    }
    own = reader.get_all(Attachment, {each for line in lines for each in line.files})
    prints = {each.sha256 for each in own}
    alike = {here.id: here}
    for same in ({"phone": here.phone}, {"email": here.email}):
        if all(same.values()):
            alike |= {each.id: each for each in reader.all(Enterprise, **same)}
    return Papers(
        claims=everything.claims,
        lines=everything.lines,
        files=tuple(each for print_ in prints for each in reader.all(Attachment, sha256=print_)),
        enterprises=tuple(alike.values()),
        leaders=tuple(reader.all(Leader, enterprise_id=here.id)),
        closed_on=closed,
    )


def claim_picture(reader: Any, pack: Pack, actor: Actor, case: ClaimCase) -> ClaimPicture:
    """The page of one claim."""
    claim, names = case.claim, Names(reader, actor)
    _, state, look, with_whom = STATE_WORDS.get(claim.state, ("", claim.state, "info", ""))
    kinds = pack.seed_policy.cost_kinds
    files = reader.all(Attachment, enterprise_id=claim.enterprise_id)
    papers = {each.id: each.name or "No name" for each in files}
    ends = window_ends(pack, case.enterprise)
    return ClaimPicture(
        claim_id=claim.id,
        enterprise_id=claim.enterprise_id,
        who=who_of(reader, claim.enterprise_id),
        state=state,
        look=look,
        with_whom=f"With {names.who(claim.drafted_by_id)}" if claim.state == "DRAFT" else with_whom,
        can_edit=claim.state in EDITABLE,
        barrier=claim.barrier,
        interest=claim.interest_declared,
        total=words.money(sum(each.pence for each in case.lines) or None, "Not written yet"),
        lines=tuple(line_row(pack, each, papers) for each in case.lines),
        kinds=tuple((each.id, each.title) for each in kinds),
        papers=tuple(papers.items()),
        window=f"Costs up to {words.day(ends)} count." if ends else "Not established yet.",
        left=left_words(
            pack,
            claim,
            case.lines,
            case.context.lines,
            case.context.claims,
            case.context.events,
            case.today,
        ),
        moves=moves(case, actor),
        history=_history(reader, claim, names),
        asked=_asked(reader, claim, case.today),
        today=case.today,
    )


def line_row(pack: Pack, line: ClaimLine, papers: dict[str, str]) -> LineRow:
    """One cost in words."""
    kind = pack.seed_policy.cost_kind(line.cost_kind)
    outcome, look = _outcome(line)
    return LineRow(
        id=line.id,
        what=line.what,
        cost_kind=line.cost_kind,
        amount=words.money(line.pence) if line.pence else "",
        cost_on=line.cost_on,
        supplier=line.supplier,
        invoice_no=line.invoice_no,
        quotes=line.quotes,
        months=line.months,
        already_funded_by=line.already_funded_by,
        justification=line.justification,
        papers=tuple(papers.get(each, "A file") for each in line.files),
        asks_months=kind is not None and kind.category == "VENUE_INITIAL",
        asks_quotes=kind is not None and (kind.needs_quotes or kind.needs_price_list),
        outcome=outcome,
        outcome_look=look,
        accepted=line.outcome == "accepted",
        paid=line.paid_on is not None,
        evidenced=line.evidenced_on is not None,
        complete=is_complete(line),
    )


def _outcome(line: ClaimLine) -> tuple[str, str]:
    if line.evidenced_on is not None:
        return f"Paid {words.day(line.paid_on)}; proof seen {words.day(line.evidenced_on)}", "done"
    if line.paid_on is not None:
        return f"Paid {words.day(line.paid_on)}, reference {line.payment_reference}", "done"
    if line.outcome == "accepted":
        return "Accepted", "done"
    if line.outcome == "rejected":
        return f"Turned down. {REJECTIONS.get(line.code, '')}".strip(), "stop"
    return "", ""


def findings_of(pack: Pack, case: ClaimCase) -> dict[str, tuple[Said, ...]]:
    """What the policy says of the claim ("") and of each cost, the stopping ones first."""
    found = judge(pack, case.claim, case.lines, case.enterprise, case.context, case.today)
    found += case.signs
    said: dict[str, list[Said]] = {"": []}
    for line in case.lines:
        said[line.id] = []
    for finding in found:
        subject = "" if finding.subject == case.claim.id else finding.subject
        said.setdefault(subject, []).append(_said(finding))
    return {key: tuple(sorted(each, key=_worst_first)) for key, each in said.items()}


def _worst_first(said: Said) -> int:
    return {"stop": 0, "info": 1, "warn": 2}.get(said.look, 3)


def _said(finding: Finding) -> Said:
    look = "done"
    if finding.verdict is Verdict.UNMET:
        look = "stop" if finding.weight is Weight.BLOCKS else "warn"
    elif finding.verdict is Verdict.UNKNOWN:
        look = "info"
    because = words.say_days(finding.because)
    for code, plain in CATEGORY_WORDS.items():
        because = because.replace(code, plain)
    return Said(rule=finding.rule, words=because, look=look, stops=finding.blocks)


def moves(case: ClaimCase, actor: Actor) -> tuple[Move, ...]:
    """Decisions that fit the claim's state and this person's role, with what stands against."""
    out = []
    looks = reviews_open(case.events)
    for name, decision in DECISIONS.items():
        if not name.startswith("claim.") or case.claim.state not in decision.from_states:
            continue
        if actor.role not in decision.roles or (name == "claim.look" and not looks):
            continue
        stops = may(name, case.claim, case.lines, actor, case.enterprise, case.writers)
        offline = refuse_offline(name)
        out.append(
            Move(
                name=name,
                title=decision.title,
                needs=_NEEDS.get(name, ()),
                stops=tuple(words.say_days(each.because) for each in stops),
                online_only=offline.because if offline else "",
            )
        )
    return tuple(out)


def _history(reader: Any, claim: SeedClaim, names: Names) -> tuple[Step, ...]:
    steps = []
    lines = {each.id: each.what for each in reader.all(ClaimLine, claim_id=claim.id)}
    if claim.drafted_on is not None:
        who = names.who(claim.drafted_by_id)
        steps.append(Step(words=f"Draft begun by {who}", when=words.day(claim.drafted_on)))
    for event in in_order(reader.all(ClaimEvent, claim_id=claim.id)):
        said = (
            EVENT_WORDS.get(event.to_state)
            or STATE_WORDS.get(event.to_state, ("", event.to_state, "", ""))[1]
        )
        parts = [said, f"by {names.who(event.by_id)}" if event.by_id else ""]
        if event.line_id:
            parts.append(f"({lines.get(event.line_id, 'a cost')})")
        head = " ".join(part for part in parts if part)
        reason = REJECTIONS.get(event.code, "")
        reference = f"Reference {event.reference}." if event.reference else ""
        more = " ".join(part for part in (reason, words.say_days(event.note), reference) if part)
        steps.append(
            Step(words=f"{head}. {more}".strip() if more else head, when=words.day(event.on))
        )
    return tuple(reversed(steps))


def _asked(reader: Any, claim: SeedClaim, today: date) -> tuple[str, ...]:
    """The last word on each kind of decision that waits or was refused, with its day.

    Once the claim is over a refusal is news for the day it came, then no more.
    """
    said: dict[str, str] = {}
    is_over = claim.state == States.CLOSED or STATE_WORDS.get(claim.state, ("",))[0] == "ended"
    for request in reader.decisions():
        if request.subject_id != claim.id:
            continue
        said.pop(request.name, None)
        title = DECISIONS[request.name].title if request.name in DECISIONS else request.name
        on = london_day(request.answered_at or request.asked_at)
        if request.state == "waiting":
            said[request.name] = f"{title}: asked {words.day(on)}, waits for a signal."
        elif request.state == "refused" and (on == today or not is_over):
            because = words.say_days(request.words)
            said[request.name] = f"{title}: not granted, {words.day(on)}. {because}"
    return tuple(said.values())
