"""The programme pack: everything a council decides, as frozen data with dates and sources.

Packs are TOML files and XLSForm workbooks under forms/packs/<name>/; `load_pack(name)` reads one
and checks it whole. No code knows a council's name.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """A value with the days it holds for and where it was read."""

    name: str
    value: Decimal
    unit: str  # "GBP/hour", "GBP", "employees" ...
    valid_from: date
    valid_to: date | None = None  # inclusive; None = until further notice
    source: str = ""
    last_checked: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A district with its validity, neighbours (place codes) and groups it belongs to."""

    code: str
    name: str
    neighbours: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()  # ids of AreaGroup
    adults: int | None = None
    town_groups: tuple[tuple[str, str], ...] = ()  # (town, group): towns grouped apart from here
    valid_from: date = date(1974, 4, 1)
    valid_to: date | None = None
    tile: tuple[int, ...] = ()  # column and row of its tile in the cartogram, from the north-west


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """A seed-fund budget for a period. A line counts by its date_paid."""

    id: str  # E1, E2, E3
    title: str
    starts: date
    ends: date
    pence: int
    spend_by: date | None = None  # what is unpaid after this day lapses
    funding_source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetLine:
    """Money in, beside the seed fund: marketing and contract, never mixed with seed."""

    line: str  # seed | marketing | contract
    starts: date
    ends: date
    pence: int
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """How many enterprises should be active in a target year (cumulative)."""

    year: int  # 1, 2, 3
    starts: date
    ends: date
    enterprises: int | None = None
    hours_week: Decimal | None = None
    savings_pence: int | None = None
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A page or paper that facts were read in; other tables name it by its id."""

    id: str  # P1, S0
    name: str  # what a person knows it by
    page: str = ""  # https address, of the page or of the site it is on
    read_on: date | None = None
    paper: bool = False  # a council paper: what follows its id is a paragraph


@dataclass(frozen=True, slots=True, kw_only=True)
class AssumptionSet:
    """Named, dated rates for a savings figure. Never shown as current prices."""

    id: str  # e.g. "Somerset-2020"
    title: str
    priced_on: date
    commissioned_rate: Decimal | None = None  # C, GBP an hour
    dp_rate: Decimal | None = None  # GBP an hour
    own_price: Decimal | None = None
    weeks: int = 52
    low_weeks: int = 46  # low end of a range: a year less the 5.6 weeks that staff would have off
    per_enterprise_year: Decimal | None = None  # B1
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChecklistRule:
    """One row of the business-setup checklist (domain 04)."""

    code: str  # C01
    level: str  # M | P | A | M/P | M/A | P/A | A/P | note
    title: str  # short, as shown in a row
    plain: str  # what to do, in plain English
    applies_when: str  # expression of forms.rules.conditions
    authority: str = ""
    evidence: str = ""
    renew: str = ""
    renew_months: int | None = None
    cost: str = ""
    source: str = ""
    basis: str = ""  # C | K | S | U | D: how well it is known
    valid_from: date | None = None
    valid_to: date | None = None
    must_for_ready: bool = False
    must_when: str = ""  # a must only when this holds as well (levels like A/P); "" = always
    group: str = ""  # heading it is shown under, e.g. "Insurance"
    ask: str = ""  # the question as it is put to the person, in the plainest words
    ask_why: str = ""
    ask_shows: str = ""  # what shows that it is done, in the same words
    training: bool = False  # something to learn, counted as training


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityForm:
    """One legal form (domain 05)."""

    code: str
    name: str
    people: str = ""
    profit: str = ""
    liability: str = ""
    asset_lock: str = ""
    register_with: str = ""
    yearly_work: str = ""
    grants: str = ""
    good_for: str = ""
    caution: str = ""
    incorporated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question of the legal-entity guide: id Q1..Q16, kind, choices (value, label)."""

    id: str
    text: str
    kind: str  # integer | yes_no | choice
    choices: tuple[tuple[str, str], ...] = ()
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityRule:
    """One of E01-E22: when it holds, what it adds to which form, what it excludes or warns."""

    id: str
    when: str
    scores: dict[str, int] = field(default_factory=dict)
    excludes: tuple[str, ...] = ()
    warns: tuple[str, ...] = ()
    severity: str = ""  # "" | W | W-RED
    reason: str = ""
    advise: tuple[str, ...] = ()  # who to seek advice from


@dataclass(frozen=True, slots=True, kw_only=True)
class CostKind:
    """A kind of cost a claim line may be for, and what the policy says of it."""

    id: str
    title: str
    category: str = ""  # EQUIP ... ; "" = not eligible
    code: str = ""  # NOT_ELIGIBLE_COST | EXCLUDED_COST when category is ""
    because: str = ""
    needs_quotes: bool = False
    needs_price_list: bool = False
    needed_to_start: bool = False
    for_checklist: tuple[str, ...] = ()  # items the cost is *for* (S12)


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedPolicy:
    """The seed-fund policy, version by version. Every number is the council's to set."""

    version: str
    window_months: int = 6
    window_basis: str = "incurred"  # incurred | submitted
    cap_pence: int | None = None
    retrospective_allowed: bool = True  # S09 off
    venue_months: int = 3
    quote_steps: tuple[tuple[int, int], ...] = ()  # (over pence, quotes needed), ascending
    pre_start_categories: tuple[str, ...] = ("LICENCE_REG",)
    checklist_minimum: tuple[str, ...] = ()
    at_risk_days: int = 14
    cost_kinds: tuple[CostKind, ...] = ()
    offer_conditions: tuple[str, ...] = ()  # printed in the offer, agreed by the applicant
    appeal_days: int = 20  # working days
    evidence_days: int = 30  # days after payment to show how it was spent

    def cost_kind(self, kind_id: str) -> CostKind | None:
        """The cost kind with this id, or None."""
        return next((kind for kind in self.cost_kinds if kind.id == kind_id), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A coded choice with its words."""

    code: str
    label: str
    digital: bool | None = None  # channels: whether it is a digital one


@dataclass(frozen=True, slots=True, kw_only=True)
class LikeWords:
    """What people type who look for a kind of support, beside the words of its label."""

    service: str  # code of a service type
    words: tuple[str, ...]  # single words in small letters, without the s of more than one


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """One council's pack, one version, checked whole."""

    id: str  # the name of its folder
    version: str  # "2026-11"
    title: str
    council: str
    programme_starts: date
    programme_ends: date
    employee_limit: int  # size test: employees < limit
    size_basis: str
    fte_hours: Decimal
    envelopes: tuple[Envelope, ...]
    budget: tuple[BudgetLine, ...]
    targets: tuple[Target, ...]
    assumptions: tuple[AssumptionSet, ...]
    places: tuple[Place, ...]
    area_groups: tuple[Choice, ...]
    checklist: tuple[ChecklistRule, ...]
    entity_forms: tuple[EntityForm, ...]
    entity_questions: tuple[Question, ...]
    entity_rules: tuple[EntityRule, ...]
    entity_ruleset_version: str
    seed_policy: SeedPolicy
    stages: tuple[Choice, ...]
    closing_reasons: tuple[Choice, ...]
    channels: tuple[Choice, ...]
    service_types: tuple[Choice, ...]
    target_groups: tuple[Choice, ...]
    rates: tuple[Dated, ...]
    safeguarding_numbers: tuple[tuple[str, str], ...]  # (who, number), works offline
    default_assumptions: str  # AssumptionSet id used by the report
    suppress_below: int = 5
    service_standards: dict[str, int] = field(default_factory=dict)
    checklist_facts: tuple[Question, ...] = ()  # what is asked once so that the checklist fits
    sources: tuple[Source, ...] = ()
    like_words: tuple[LikeWords, ...] = ()
    budget_source: str = ""
    definitions_agreed_by: str = ""  # who put their name to the indicators, e.g. a board
    definitions_agreed_on: date | None = None

    def place(self, code: str) -> Place | None:
        """The place with this code, or None."""
        return next((p for p in self.places if p.code == code), None)

    def assumption_set(self, set_id: str) -> AssumptionSet:
        """The assumption set with this id. Raises KeyError."""
        return {a.id: a for a in self.assumptions}[set_id]

    def checklist_rule(self, code: str) -> ChecklistRule | None:
        """The checklist row with this code, or None."""
        return next((c for c in self.checklist if c.code == code), None)


def load_pack(name: str) -> Pack:
    """The pack that ships under this name, checked whole. Raises pack_file.PackError."""
    from forms.rules import pack_file

    return pack_file.load_pack(name)
