"""Signs that a claim deserves a second look. A signal opens a review; it never refuses anything.

Each says what was seen and where, so that a person can judge it. Refuses to score people: it
looks at papers, dates and amounts.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from forms.facts.casework import Attachment
from forms.facts.money import ClaimLine, SeedClaim
from forms.facts.people import Enterprise, Leader
from forms.rules.finding import Finding, Verdict, Weight
from forms.rules.pack import Pack
from forms.values import pounds

_SOURCE = "Grant fraud risk guide (P67)"
_NEAR_PERCENT = 95  # of a quote step
_FEW = 3
_SOON = timedelta(days=14)
_ROUND = 10_000  # pence: whole hundreds of pounds
_DECIDED = 8  # decided claims of one coach before a rate says anything


@dataclass(frozen=True, slots=True, kw_only=True)
class Papers:
    """Everything in the programme that a signal may compare."""

    claims: tuple[SeedClaim, ...] = ()
    lines: tuple[ClaimLine, ...] = ()
    files: tuple[Attachment, ...] = ()
    enterprises: tuple[Enterprise, ...] = ()
    leaders: tuple[Leader, ...] = ()
    closed_on: Mapping[str, date] | None = None  # enterprise id -> day the case was closed


def signals(pack: Pack, claim: SeedClaim, papers: Papers) -> list[Finding]:
    """Every signal about this claim. All of them are notes: none stops anything."""
    own = [line for line in papers.lines if line.claim_id == claim.id]
    found: list[Finding] = []
    for look in _LOOKS:
        found += look(pack, claim, own, papers)
    return found


def _signal(claim: SeedClaim, code: str, because: str, subject: str = "") -> Finding:
    return Finding(
        rule="SIGNAL",
        code=code,
        verdict=Verdict.UNMET,
        because=f"{because} Have a second look; this decides nothing by itself.",
        source=_SOURCE,
        weight=Weight.NOTES,
        subject=subject or claim.id,
    )


def _same_receipt(
    _pack: Pack, claim: SeedClaim, own: Sequence[ClaimLine], papers: Papers
) -> list[Finding]:
    prints = {file.id: file.sha256 for file in papers.files}
    used: dict[str, set[str]] = defaultdict(set)
    for line in papers.lines:
        for file in line.files:
            used[prints.get(file, file)].add(line.id)
    return [
        _signal(
            claim,
            "SAME_RECEIPT",
            f"The same paper is with “{line.what}” and with another cost.",
            line.id,
        )
        for line in own
        if any(len(used[prints.get(file, file)]) > 1 for file in line.files)
    ]


def _same_invoice(
    _pack: Pack, claim: SeedClaim, own: Sequence[ClaimLine], papers: Papers
) -> list[Finding]:
    def key(line: ClaimLine) -> tuple[str, str, int]:
        return (line.invoice_no.casefold(), line.supplier.casefold(), line.pence)

    times = Counter(key(line) for line in papers.lines if line.invoice_no)
    return [
        _signal(
            claim,
            "SAME_INVOICE",
            f"Invoice {line.invoice_no} of {line.supplier or 'this supplier'} over "
            f"£{pounds(line.pence)} is in the fund twice.",
            line.id,
        )
        for line in own
        if line.invoice_no and times[key(line)] > 1
    ]


def _payee_elsewhere(
    _pack: Pack, claim: SeedClaim, _own: Sequence[ClaimLine], papers: Papers
) -> list[Finding]:
    reference = claim.payee_reference.strip().casefold()
    others = {
        other.enterprise_id
        for other in papers.claims
        if reference
        and other.payee_reference.strip().casefold() == reference
        and other.enterprise_id != claim.enterprise_id
    }
    if not others:
        return []
    return [_signal(claim, "PAYEE_ELSEWHERE", "The payee is used by another enterprise as well.")]


def _related_supplier(
    _pack: Pack, claim: SeedClaim, own: Sequence[ClaimLine], papers: Papers
) -> list[Finding]:
    names = {claim.applicant.strip().casefold()}
    for leader in papers.leaders:
        if leader.enterprise_id == claim.enterprise_id:
            names.add(leader.name.strip().casefold())
    names.discard("")
    return [
        _signal(claim, "RELATED_SUPPLIER", f"{line.supplier} sells to itself.", line.id)
        for line in own
        if line.supplier and line.supplier.strip().casefold() in names
    ]


def _sequential_invoices(
    _pack: Pack, claim: SeedClaim, own: Sequence[ClaimLine], papers: Papers
) -> list[Finding]:
    numbers: dict[str, set[int]] = defaultdict(set)
    for line in papers.lines:
        digits = "".join(ch for ch in line.invoice_no if ch.isdecimal())
        if digits and line.supplier and line.enterprise_id == claim.enterprise_id:
            numbers[line.supplier.casefold()].add(int(digits))
    for line in own:
        seen = numbers.get(line.supplier.casefold(), set())
        if any({n, n + 1, n + 2} <= seen for n in seen):
            because = f"Invoices of {line.supplier} follow one another without a gap."
            return [_signal(claim, "SEQUENTIAL_INVOICES", because, line.id)]
    return []


def _under_a_step(
    pack: Pack, claim: SeedClaim, _own: Sequence[ClaimLine], papers: Papers
) -> list[Finding]:
    steps = [over for over, _ in pack.seed_policy.quote_steps]
    near = [
        line
        for line in papers.lines
        if line.enterprise_id == claim.enterprise_id
        and any(over * _NEAR_PERCENT <= line.pence * 100 <= over * 100 for over in steps)
    ]
    if len(near) < _FEW:
        return []
    because = f"{len(near)} costs lie just under the amount from which quotes are needed."
    return [_signal(claim, "JUST_UNDER_A_STEP", because)]


def _after_the_end(
    _pack: Pack, claim: SeedClaim, _own: Sequence[ClaimLine], papers: Papers
) -> list[Finding]:
    asked = claim.submitted_on or claim.drafted_on
    ends = [(papers.closed_on or {}).get(claim.enterprise_id)]
    ends += [e.suspended_on for e in papers.enterprises if e.id == claim.enterprise_id]
    if asked is None or not any(end is not None and end < asked for end in ends):
        return []
    return [_signal(claim, "AFTER_THE_END", "It was claimed after closing or suspension.")]


def _shared_contact(
    _pack: Pack, claim: SeedClaim, _own: Sequence[ClaimLine], papers: Papers
) -> list[Finding]:
    here = next((e for e in papers.enterprises if e.id == claim.enterprise_id), None)
    if here is None:
        return []
    claiming = {other.enterprise_id for other in papers.claims} - {here.id}
    shared = [
        other
        for other in papers.enterprises
        if other.id in claiming
        and (
            (here.phone and other.phone == here.phone) or (here.email and other.email == here.email)
        )
    ]
    if not shared:
        return []
    because = "Its phone or email is that of another enterprise that claims."
    return [_signal(claim, "SHARED_CONTACT", because)]


def _year_end_rush(
    pack: Pack, claim: SeedClaim, own: Sequence[ClaimLine], _papers: Papers
) -> list[Finding]:
    deadlines = [e.spend_by for e in pack.envelopes if e.spend_by is not None]
    return [
        _signal(
            claim,
            "WEEKEND_BEFORE_DEADLINE",
            f"“{line.what}” was bought on a weekend just before {deadline}.",
            line.id,
        )
        for line in own
        for deadline in deadlines
        if line.cost_on is not None
        and 0 <= (deadline - line.cost_on).days <= 7
        and line.cost_on.weekday() >= 5
    ]


def _edited_invoice(
    _pack: Pack, claim: SeedClaim, own: Sequence[ClaimLine], papers: Papers
) -> list[Finding]:
    amounts: dict[tuple[str, str], set[int]] = defaultdict(set)
    for line in papers.lines:
        if line.invoice_no and line.supplier:
            amounts[line.invoice_no.casefold(), line.supplier.casefold()].add(line.pence)
    return [
        _signal(
            claim,
            "EDITED_INVOICE",
            f"Invoice {line.invoice_no} of {line.supplier} is in the fund with another amount too.",
            line.id,
        )
        for line in own
        if len(amounts[line.invoice_no.casefold(), line.supplier.casefold()]) > 1
    ]


def _quote_after_purchase(
    _pack: Pack, claim: SeedClaim, own: Sequence[ClaimLine], papers: Papers
) -> list[Finding]:
    added = {
        file.id: file.added_on
        for file in papers.files
        if file.added_on is not None and "quote" in file.caption.casefold()
    }
    found = []
    for line in own:
        quoted = max((added[file] for file in line.files if file in added), default=None)
        if quoted is not None and line.cost_on is not None and quoted > line.cost_on:
            because = (
                f"A quote for “{line.what}” is from {quoted}, after it was bought on "
                f"{line.cost_on}."
            )
            found.append(_signal(claim, "QUOTE_AFTER_PURCHASE", because, line.id))
    return found


def _round_sums(
    _pack: Pack, claim: SeedClaim, own: Sequence[ClaimLine], _papers: Papers
) -> list[Finding]:
    if sum(line.pence > 0 and line.pence % _ROUND == 0 for line in own) < _FEW:
        return []
    because = "Three or more costs are whole hundreds of pounds, which real bills seldom are."
    return [_signal(claim, "ROUND_SUMS", because)]


def _many_at_once(
    _pack: Pack, claim: SeedClaim, _own: Sequence[ClaimLine], papers: Papers
) -> list[Finding]:
    here = claim.submitted_on or claim.drafted_on
    near = [
        other
        for other in papers.claims
        if other.enterprise_id == claim.enterprise_id
        and here is not None
        and (day := other.submitted_on or other.drafted_on) is not None
        and timedelta(0) <= here - day <= _SOON
    ]
    if len(near) < _FEW:
        return []
    return [_signal(claim, "MANY_AT_ONCE", f"{len(near)} claims came within two weeks.")]


def _unusual_approvals(
    _pack: Pack, claim: SeedClaim, _own: Sequence[ClaimLine], papers: Papers
) -> list[Finding]:
    """Nobody's claims are always granted where a third of everybody else's are turned down."""
    no = frozenset({"REJECTED", "DECLINED"})
    waits = frozenset({"DRAFT", "SUBMITTED", "CHECKED", "RETURNED", "RECOMMENDED", "REFERRED"})
    decided = [c for c in papers.claims if c.state not in waits and c.state != "WITHDRAWN"]
    mine = [c for c in decided if c.drafted_by_id and c.drafted_by_id == claim.drafted_by_id]
    others = [c for c in decided if c.drafted_by_id != claim.drafted_by_id]
    refused = sum(c.state in no for c in others)
    if len(mine) < _DECIDED or len(others) < _DECIDED or any(c.state in no for c in mine):
        return []
    if refused * 3 < len(others):
        return []
    because = f"All {len(mine)} decided claims of this coach were granted; of others, many not."
    return [_signal(claim, "UNUSUAL_APPROVALS", because)]


_LOOKS: tuple[Callable[[Pack, SeedClaim, Sequence[ClaimLine], Papers], Iterable[Finding]], ...] = (
    _same_receipt,
    _same_invoice,
    _payee_elsewhere,
    _related_supplier,
    _sequential_invoices,
    _under_a_step,
    _after_the_end,
    _shared_contact,
    _year_end_rush,
    _edited_invoice,
    _quote_after_purchase,
    _round_sums,
    _many_at_once,
    _unusual_approvals,
)
