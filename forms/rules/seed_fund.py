"""May this cost be paid? S01 to S14 on a claim, line by line, each with its reason.

Findings that are met are returned too, so that a screen can show them all. Refuses to decide:
the checker decides with these in hand, and the register refuses what they block.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from forms.facts.casework import ChecklistItem
from forms.facts.money import ClaimEvent, ClaimLine, SeedClaim
from forms.facts.people import Consent, Dpia, Enterprise
from forms.rules.calendar import add_calendar_months, funding_period
from forms.rules.checklist import ItemState, checklist
from forms.rules.envelopes import available_pence, what_is_left
from forms.rules.finding import Finding, Verdict, Weight
from forms.rules.gate import dpia_in_force, notice_given
from forms.rules.pack import CostKind, Pack
from forms.rules.rejections import REJECTIONS
from forms.rules.scope import in_area, size_test
from forms.values import pounds

__all__ = ["CLAIM_RULES", "REJECTIONS", "SeedContext", "code_for", "judge", "window_ends"]

CLAIM_RULES = ("S01", "S02")


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedContext:
    """What stands around a claim. What is left out makes its rule unknown, never met."""

    dpias: tuple[Dpia, ...] = ()
    consents: tuple[Consent, ...] = ()
    items: tuple[ChecklistItem, ...] = ()
    lines: tuple[ClaimLine, ...] = ()  # every seed line of the programme
    claims: tuple[SeedClaim, ...] = ()  # every claim of the programme
    events: tuple[ClaimEvent, ...] = ()  # every step of them: they say what money came back
    payee_matches: bool | None = None  # finance has verified the payee
    good_value: bool | None = None  # the checker's own judgement (S13)


@dataclass(frozen=True, slots=True)
class _Case:
    pack: Pack
    claim: SeedClaim
    enterprise: Enterprise
    around: SeedContext
    lines: tuple[ClaimLine, ...]
    on: date

    def says(
        self,
        rule: str,
        verdict: Verdict,
        because: str,
        *,
        code: str = "",
        subject: str = "",
        source: str = "",
        weight: Weight = Weight.BLOCKS,
    ) -> Finding:
        return Finding(
            rule=rule,
            code=code if verdict is not Verdict.MET else "",
            verdict=verdict,
            because=because,
            source=source or f"Seed policy {self.pack.seed_policy.version}",
            as_of=self.on,
            weight=weight,
            subject=subject or self.claim.id,
        )


def judge(
    pack: Pack,
    claim: SeedClaim,
    lines: Sequence[ClaimLine],
    enterprise: Enterprise,
    context: SeedContext,
    on: date,
) -> list[Finding]:
    """Every rule on the claim and on each of its lines, in order."""
    case = _Case(pack, claim, enterprise, context, tuple(lines), on)
    found = [_s01(case), *_s02(case)]
    for line in lines:
        kind = pack.seed_policy.cost_kind(line.cost_kind)
        found += [
            _s03(case, line, kind),
            _s04(case, line, kind),
            *_s05_s06(case, line, kind),
            _s07(case, line),
            _s08(case, line, kind),
            _s09(case, line),
            *_s10(case, line),
            _s11(case, line),
            _s12(case, line, kind),
            _s13(case, line),
            _s14(case, line),
        ]
    return found


def code_for(findings: Iterable[Finding], line_id: str) -> str:
    """The code that a line would be turned down with, or '' when nothing unmet stops it."""
    for finding in findings:
        if finding.subject == line_id and finding.blocks and finding.verdict is Verdict.UNMET:
            return finding.code
    return ""


def window_ends(pack: Pack, enterprise: Enterprise) -> date | None:
    """The last day a cost may have, or None while the enterprise is not established."""
    if enterprise.established_on is None:
        return None
    return add_calendar_months(enterprise.established_on, pack.seed_policy.window_months)


def _s01(case: _Case) -> Finding:
    signed = dpia_in_force(case.around.dpias, case.on)
    notice = notice_given(case.around.consents, case.on)
    if signed is None:
        because = "The data protection assessment is not signed off, so no claim may be kept."
        return case.says("S01", Verdict.UNMET, because, code="NOT_RECORDABLE", source="S0 7.1")
    if notice.verdict is not Verdict.MET:
        return case.says("S01", Verdict.UNMET, notice.because, code="NOT_RECORDABLE")
    because = f"The assessment is signed off and the notice was given. {notice.because}"
    return case.says("S01", Verdict.MET, because, source="S0 7.1")


def _s02(case: _Case) -> list[Finding]:
    parts = (
        size_test(case.pack, case.enterprise.employee_count, case.on),
        in_area(case.pack, case.enterprise.district, case.on),
    )
    return [
        case.says("S02", part.verdict, part.because, code=part.code, source="S0 1.8")
        for part in parts
    ]


def _pre_start(case: _Case, line: ClaimLine, kind: CostKind | None) -> bool:
    allowed = line.category in case.pack.seed_policy.pre_start_categories
    return allowed or (kind is not None and kind.needed_to_start)


def _s03(case: _Case, line: ClaimLine, kind: CostKind | None) -> Finding:
    last = window_ends(case.pack, case.enterprise)
    by_submission = case.pack.seed_policy.window_basis == "submitted"
    day = (case.claim.submitted_on or case.on) if by_submission else line.cost_on
    if day is None:
        because = f"{line.what or 'This cost'} has no date."
        return case.says("S03", Verdict.UNKNOWN, because, code="INCOMPLETE", subject=line.id)
    if last is None:
        if _pre_start(case, line, kind):
            because = "Not established yet; this is a cost that may come before."
            return case.says("S03", Verdict.MET, because, subject=line.id, source="S0 4.4")
        because = "The day it was established is not written down, so the six months are unknown."
        return case.says("S03", Verdict.UNKNOWN, because, code="INCOMPLETE", subject=line.id)
    months = case.pack.seed_policy.window_months
    if day > last:
        because = (
            f"The cost is of {day}. The {months} months from {case.enterprise.established_on} "
            f"ended on {last}."
        )
        return case.says(
            "S03",
            Verdict.UNMET,
            because,
            code="OUT_OF_WINDOW",
            subject=line.id,
            source="S0 4.4",
        )
    because = f"The cost is of {day}, inside the {months} months that end on {last}."
    return case.says("S03", Verdict.MET, because, subject=line.id, source="S0 4.4")


def _s04(case: _Case, line: ClaimLine, kind: CostKind | None) -> Finding:
    start = case.enterprise.established_on
    before = line.cost_on is not None and (start is None or line.cost_on < start)
    if not before:
        because = "The cost is not from before the start."
        return case.says("S04", Verdict.MET, because, subject=line.id)
    if _pre_start(case, line, kind):
        because = "From before the start, and needed to start."
        return case.says("S04", Verdict.MET, because, subject=line.id)
    because = f"The cost of {line.cost_on} is from before the start ({start or 'not known'})."
    return case.says("S04", Verdict.UNMET, because, code="PRE_START", subject=line.id)


def _s05_s06(case: _Case, line: ClaimLine, kind: CostKind | None) -> list[Finding]:
    if kind is None:
        because = "The kind of cost is not chosen."
        verdict = Verdict.UNKNOWN
        if line.cost_kind:
            because = f"“{line.cost_kind}” is not in the policy's list of costs."
            verdict = Verdict.UNMET
        return [case.says("S05", verdict, because, code="NOT_ELIGIBLE_COST", subject=line.id)]
    excluded = kind.code == "EXCLUDED_COST"
    s06 = case.says(
        "S06",
        Verdict.UNMET if excluded else Verdict.MET,
        f"{kind.title}: {kind.because}" if excluded else "Not on the list of excluded costs.",
        code="EXCLUDED_COST",
        subject=line.id,
    )
    return [_s05(case, line, kind), s06] if not excluded else [s06]


def _s05(case: _Case, line: ClaimLine, kind: CostKind) -> Finding:
    def no(because: str) -> Finding:
        return case.says(
            "S05",
            Verdict.UNMET,
            because,
            code="NOT_ELIGIBLE_COST",
            subject=line.id,
            source="S0 4.4",
        )

    if not kind.category:
        return no(f"{kind.title}: {kind.because}")
    if line.category and line.category != kind.category:
        return no(f"{kind.title} is {kind.category}, not {line.category}.")
    limit = case.pack.seed_policy.venue_months
    if kind.category == "VENUE_INITIAL":
        if line.months is None:
            because = "How many months of the venue is not written down."
            return case.says("S05", Verdict.UNKNOWN, because, code="INCOMPLETE", subject=line.id)
        if line.months > limit:
            return no(f"{line.months} months of a venue; the fund pays for the first {limit}.")
    barrier = line.justification.strip() or case.claim.barrier.strip()
    if kind.category == "OTHER_BARRIER" and not barrier:
        return no("Say in writing which barrier this takes away.")
    because = f"{kind.title} is start-up help ({kind.category})."
    return case.says("S05", Verdict.MET, because, subject=line.id, source="S0 4.4")


def _s07(case: _Case, line: ClaimLine) -> Finding:
    if line.already_funded_by.strip():
        because = f"Already paid for by {line.already_funded_by}."
        return case.says("S07", Verdict.UNMET, because, code="DOUBLE_FUNDED", subject=line.id)
    because = "Nobody else has paid for it, as far as is known."
    return case.says("S07", Verdict.MET, because, subject=line.id)


def _s08(case: _Case, line: ClaimLine, kind: CostKind | None) -> Finding:
    def missing(because: str) -> Finding:
        return case.says("S08", Verdict.UNMET, because, code="QUOTE_MISSING", subject=line.id)

    shown = bool(line.files or line.invoice_no or line.quotes)
    if kind is not None and kind.needs_price_list and not shown:
        return missing("The venue's price list is missing.")
    if kind is None or not kind.needs_quotes:
        return case.says("S08", Verdict.MET, "No quotes are needed.", subject=line.id)
    steps = [n for over, n in case.pack.seed_policy.quote_steps if line.pence > over]
    needed = steps[-1] if steps else 0
    if line.quotes < needed:
        return missing(
            f"£{pounds(line.pence)} of equipment needs {needed} quote(s); there are {line.quotes}."
        )
    if not shown:
        return missing("Something that shows the price is missing.")
    because = f"{line.quotes} quote(s) for £{pounds(line.pence)}; {needed} needed."
    return case.says("S08", Verdict.MET, because, subject=line.id)


def _s09(case: _Case, line: ClaimLine) -> Finding:
    approved = case.claim.approved_on
    if case.pack.seed_policy.retrospective_allowed:
        because = "The policy allows start-up costs inside the window to be paid back."
        return case.says("S09", Verdict.MET, because, subject=line.id)
    if line.cost_on is not None and line.cost_on < (approved or case.on):
        because = f"It was bought on {line.cost_on}, before it was approved."
        return case.says("S09", Verdict.UNMET, because, code="RETROSPECTIVE", subject=line.id)
    because = "Nothing was bought before approval."
    return case.says("S09", Verdict.MET, because, subject=line.id)


def _s10(case: _Case, line: ClaimLine) -> list[Finding]:
    cap = case.pack.seed_policy.cap_pence
    whole = sum(one.pence for one in case.lines if one.outcome != "rejected")
    if line.pence <= 0:
        because = "The amount is not written down."
        return [case.says("S10", Verdict.UNKNOWN, because, code="INCOMPLETE", subject=line.id)]
    if cap is not None and whole > cap:
        because = f"The claim is £{pounds(whole)}; the most is £{pounds(cap)}."
        return [case.says("S10", Verdict.UNMET, because, code="OVER_CAP", subject=line.id)]
    if line.paid_on is not None:
        because = f"Paid on {line.paid_on}."
        return [case.says("S10", Verdict.MET, because, subject=line.id)]
    around = case.around
    left = available_pence(  # exactly as the register counts when it approves and when it pays
        case.pack,
        around.lines,
        around.claims,
        case.on,
        leave_out=frozenset(one.id for one in case.lines if one.paid_on is None),
        events=around.events,
    )
    enough = line.pence <= left
    because = f"£{pounds(line.pence)} is asked for; {what_is_left(case.pack, case.on, left)}."
    verdict = Verdict.MET if enough else Verdict.UNMET
    return [case.says("S10", verdict, because, code="NO_FUNDS", subject=line.id)]


def _s11(case: _Case, line: ClaimLine) -> Finding:
    envelope = funding_period(case.pack, case.on)
    if envelope is None or envelope.spend_by is None:
        because = "No day by which the money has to be spent is near."
        return case.says("S11", Verdict.MET, because, subject=line.id)
    late = line.cost_on is not None and line.cost_on > envelope.spend_by
    because = f"The money of this period has to be spent by {envelope.spend_by}."
    verdict = Verdict.UNMET if late else Verdict.MET
    return case.says("S11", verdict, because, code="TOO_LATE", subject=line.id, source="S0 4.1")


def _s12(case: _Case, line: ClaimLine, kind: CostKind | None) -> Finding:
    minimum = frozenset(case.pack.seed_policy.checklist_minimum)
    if kind is not None and (kind.needed_to_start or minimum & set(kind.for_checklist)):
        because = "The cost is for one of the things that have to come first."
        return case.says("S12", Verdict.MET, because, subject=line.id)
    claimed = _claimed_for(case)
    open_items, unknown = [], []
    for status in checklist(case.pack, case.enterprise, case.around.items, case.on):
        if status.code not in minimum or status.code in claimed:
            continue
        if status.state is ItemState.NOT_ASKED:
            unknown.append(status.rule.title)
        elif status.applies and not (status.settled or status.state is ItemState.DONE):
            open_items.append(status.rule.title)
    if open_items:
        because = f"These come first: {', '.join(open_items)}."
        return case.says("S12", Verdict.UNMET, because, code="NOT_READY", subject=line.id)
    if unknown:
        because = f"It is not known whether these are needed: {', '.join(unknown)}."
        return case.says("S12", Verdict.UNKNOWN, because, code="NOT_READY", subject=line.id)
    because = "Insurance and DBS are in hand, or not needed."
    return case.says("S12", Verdict.MET, because, subject=line.id)


def _claimed_for(case: _Case) -> frozenset[str]:
    """Checklist items that this enterprise has claimed for, here or before."""
    same = [line for line in case.around.lines if line.enterprise_id == case.enterprise.id]
    codes: set[str] = set()
    for line in (*case.lines, *same):
        kind = case.pack.seed_policy.cost_kind(line.cost_kind)
        if kind is not None and line.outcome != "rejected" and not line.already_funded_by:
            codes |= set(kind.for_checklist)
    return frozenset(codes)


def _s13(case: _Case, line: ClaimLine) -> Finding:
    if case.around.good_value is False:
        because = "The checker does not find it good value."
        return case.says("S13", Verdict.UNMET, because, code="POOR_VFM", subject=line.id)
    why = line.justification.strip() or case.claim.barrier.strip()
    if not why:
        because = "Nobody has written what this cost changes."
        return case.says(
            "S13",
            Verdict.UNKNOWN,
            because,
            code="POOR_VFM",
            subject=line.id,
            weight=Weight.WARNS,
        )
    return case.says("S13", Verdict.MET, f"What it changes: {why}", subject=line.id)


def _s14(case: _Case, line: ClaimLine) -> Finding:
    matches = case.around.payee_matches
    verdict = Verdict.UNKNOWN
    if matches is not None:
        verdict = Verdict.MET if matches else Verdict.UNMET
    because = {
        Verdict.MET: "Finance has verified the payee.",
        Verdict.UNMET: "Finance finds that the payee is not the applicant.",
        Verdict.UNKNOWN: "Finance verifies the payee before it pays.",
    }[verdict]
    weight = Weight.BLOCKS if verdict is Verdict.UNMET else Weight.WARNS
    return case.says("S14", verdict, because, code="PAYEE_MISMATCH", subject=line.id, weight=weight)
