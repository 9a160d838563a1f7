"""Seed-fund claims. Amounts are whole pence. States and payments are the register's to write."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from forms.facts.field import decided, fact


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedClaim:
    """A claim for start-up help. Drafted offline; every later state is a register decision."""

    id: str
    enterprise_id: str
    policy_version: str = fact("")
    drafted_by_id: str = fact("")
    drafted_on: date | None = fact()
    barrier: str = fact("")  # what this removes, in the applicant's words (S05, S13)
    applicant: str = fact("")
    interest_declared: str = fact("")  # who is related to whom, or empty
    state: str = decided("DRAFT")  # forms.rules.claims.States
    submitted_by_id: str = decided("")
    submitted_on: date | None = decided()
    checked_by_id: str = decided("")
    recommended_by_id: str = decided("")
    approved_by_id: str = decided("")
    approved_on: date | None = decided()
    payee_reference: str = decided("")  # finance's own reference; never bank details


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimLine:
    """One cost in a claim. The window looks at cost_on, the envelope at paid_on."""

    id: str
    claim_id: str
    enterprise_id: str
    what: str = fact("")
    category: str = fact("")  # EQUIP | LICENCE_REG | VENUE_INITIAL | OTHER_BARRIER
    cost_kind: str = fact("")  # pack's cost list: what decides S05/S06, e.g. "van_insurance"
    pence: int = fact(0)
    cost_on: date | None = fact()
    supplier: str = fact("")
    invoice_no: str = fact("")
    months: int | None = fact()  # venue rental: how many months
    quotes: int = fact(0)
    already_funded_by: str = fact("")  # another fund, DP, employer
    justification: str = fact("")
    files: tuple[str, ...] = fact(())  # attachment ids: quotes, price list, receipt
    outcome: str = decided("")  # "" | accepted | rejected
    code: str = decided("")  # rejection code, e.g. OUT_OF_WINDOW
    paid_on: date | None = decided()
    payment_reference: str = decided("")
    evidenced_on: date | None = decided()


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimEvent:
    """One step of a claim, written by the register alone. Append-only."""

    id: str
    claim_id: str
    enterprise_id: str
    from_state: str = decided("")
    to_state: str = decided("")
    by_id: str = decided("")
    on: date | None = decided()
    line_id: str = decided("")
    code: str = decided("")
    note: str = decided("")
    reference: str = decided("")
