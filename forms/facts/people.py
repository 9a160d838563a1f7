"""Enquiries, enterprises, the people who lead them, consents, and the DPIA gate."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from forms.facts.field import Policy, decided, fact


@dataclass(frozen=True, slots=True, kw_only=True)
class Dpia:
    """One version of the data protection impact assessment (R080). Decided by the register."""

    id: str
    version: str = decided("")
    dpo_comments: str = decided("")
    signed_by: str = decided("")  # name and office, e.g. the Corporate Director ASCH
    signed_on: date | None = decided()
    review_on: date | None = decided()


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """An anonymous count: all that may be kept before the DPIA is signed. No personal data."""

    id: str
    on: date
    channel: str = fact("")
    district: str = fact("")
    count: int = fact(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Colleague:
    """A person of the programme, as far as a laptop needs to know: a name beside a decision."""

    id: str
    name: str = decided("")
    role: str = decided("")
    active: bool = decided(True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Enquiry:
    """Somebody got in touch (R021). Kept 12 months if it goes nowhere, then anonymised."""

    id: str
    created_on: date
    coach_id: str = fact("")
    channel: str = fact("")  # code in the pack's channels; digital or not is there
    heard_via: str = fact("")
    district: str = fact("")
    name: str = fact("")
    phone: str = fact("")
    email: str = fact("")
    idea: str = fact("")
    language_needs: str = fact("")
    access_needs: str = fact("")
    privacy_notice_on: date | None = fact()
    enterprise_id: str = fact("")  # set when it becomes a case
    closed_on: date | None = fact()
    closed_reason: str = fact("")  # code in the pack's closing reasons
    anonymised_on: date | None = decided()
    erasure_asked_by_id: str = decided("")  # it is done when a second person agrees
    erasure_asked_on: date | None = decided()


@dataclass(frozen=True, slots=True, kw_only=True)
class Enterprise:
    """A micro-provider, from idea to trading. `facts` holds the checklist's conditions."""

    id: str
    name: str = fact("")
    coach_id: str = fact("")
    enquiry_id: str = fact("")
    district: str = fact("")  # place code of the pack, e.g. "E07000105"
    place: str = fact("")  # village or town, as people say it
    strand: str = fact("")  # home_support | community_activity | both
    origin: str = fact("new")  # new | existing_adapting | advice_only
    is_pa: bool = fact(False)
    entity_form: str = fact("")  # SOLE, CICG, ... of the legal-entity guide
    employee_count: int | None = fact()
    service_types: tuple[str, ...] = fact(())
    target_groups: tuple[str, ...] = fact(())
    established_on: date | None = fact()
    first_delivery_on: date | None = fact()
    comparable_to_homecare: bool = fact(False)
    price_pence: int | None = fact()  # usual price an hour
    phone: str = fact("")
    email: str = fact("")
    access_needs: str = fact("")
    facts: dict[str, object] = fact(factory=dict)  # condition -> answer, see rules.checklist
    suspended_on: date | None = decided()
    anonymised_on: date | None = decided()
    erasure_asked_by_id: str = decided("")  # it is done when a second person agrees
    erasure_asked_on: date | None = decided()


@dataclass(frozen=True, slots=True, kw_only=True)
class Leader:
    """A person who runs an enterprise (never 'client' or 'user')."""

    id: str
    enterprise_id: str
    name: str = fact("")
    phone: str = fact("")
    email: str = fact("")
    self_employment_permission: str = fact("")  # "" | not needed | confirmed | not confirmed
    private_note: str = fact("", policy=Policy.PRIVATE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """One purpose, agreed to in exact words, by one person, until withdrawn."""

    id: str
    enterprise_id: str
    purpose: str  # listing | sharing | case_study | photo | privacy_notice
    wording_version: str = fact("")
    given_by: str = fact("")
    given_on: date | None = fact()
    channel: str = fact("")
    withdrawn_on: date | None = fact()


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityReturn:
    """What an enterprise did in a quarter, per week on average, told by its leader."""

    id: str
    enterprise_id: str
    period_from: date
    period_to: date
    received_on: date | None = fact()
    hours_week: Decimal | None = fact()
    comparable_hours_week: Decimal | None = fact()  # of hours_week, comparable to homecare
    dp_hours_week: Decimal | None = fact()  # of hours_week, paid by direct payment
    dp_comparable_hours_week: Decimal | None = fact()
    people: int | None = fact()  # distinct within this enterprise
    people_self_funding: int | None = fact()
    price_pence: int | None = fact()  # weighted price an hour, comparable work
    employees: int | None = fact()
    paid_people: int | None = fact()
    paid_hours_week: Decimal | None = fact()
    source: str = fact("told us")  # told us | seen
    local_hours_week: Decimal | None = fact()  # of hours_week, within five miles of home
    on_foot_hours_week: Decimal | None = fact()  # of hours_week, reached on foot or by cycle
