"""The register of enterprises people can choose from: entries, checks, concerns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from forms.facts.field import decided, fact


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterEntry:
    """A listing. Words are drafted offline; its status is the register's. No home address."""

    id: str
    enterprise_id: str
    trading_name: str = fact("")
    contact: str = fact("")  # the contact the person chose to publish
    districts: tuple[str, ...] = fact(())
    services: tuple[str, ...] = fact(())
    modes: tuple[str, ...] = fact(())  # 1:1 | group | virtual
    who_for: str = fact("")
    times: str = fact("")
    languages: tuple[str, ...] = fact(())
    access: str = fact("")
    price_words: str = fact("")
    payable_by: tuple[str, ...] = fact(())
    cqc_words: str = fact("")
    capacity: str = fact("")
    words: str = fact("")
    consent_id: str = fact("")
    status: str = decided("draft")  # forms.rules.listing.Status
    published_on: date | None = decided()
    reviewed_by_id: str = decided("")
    suspended_on: date | None = decided()
    suspension_reason: str = decided("")  # private: never in the public directory
    review_on: date | None = decided()


@dataclass(frozen=True, slots=True, kw_only=True)
class QACheck:
    """One check behind a listing: what was seen, how, by whom, until when."""

    id: str
    enterprise_id: str
    kind: str  # identity | dbs | insurance | safeguarding | ...
    level: str = fact("")
    seen_how: str = fact("")
    seen_by_id: str = fact("")
    seen_on: date | None = fact()
    expires_on: date | None = fact()
    reference: str = fact("")  # number only, never content


@dataclass(frozen=True, slots=True, kw_only=True)
class Concern:
    """A safeguarding or quality concern: reference only, never the story."""

    id: str
    enterprise_id: str
    kind: str = fact("quality")  # complaint | quality | safeguarding | cqc
    raised_on: date | None = fact()
    told_whom: str = fact("")
    reference: str = fact("")
    immediate_action: str = fact("")
    closed_on: date | None = fact()
    by_id: str = fact("")
