"""The register of enterprises: status, checks and what their lapse does, what the public may see.

A listing means that documents were seen and standards agreed; the council supports, it does not
inspect or recommend. A suspension always wins. Refuses to publish anything not named as public.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from forms.facts.listing import QACheck, RegisterEntry
from forms.facts.people import Consent, Enterprise
from forms.rules.finding import Finding, Verdict, Weight
from forms.rules.gate import live_consent
from forms.rules.pack import Pack
from forms.rules.public_contact import public_contact
from forms.rules.scope import size_test
from forms.values import Role


class Status(StrEnum):
    """Where a listing is."""

    DRAFT = "draft"
    READY_FOR_REVIEW = "ready_for_review"
    APPROVED = "approved"
    PUBLISHED = "published"
    HIDDEN = "hidden"
    SUSPENDED = "suspended"
    REMOVED = "removed"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingStep:
    """One move of a listing: who, from where, to where."""

    roles: frozenset[Role]
    from_states: frozenset[Status]
    to_state: Status


_ALL = frozenset(Status)
_REVIEWERS = frozenset({Role.QA, Role.LEAD})
_STAFF = frozenset({Role.COACH, Role.QA, Role.LEAD})
LISTING_STEPS: Mapping[str, ListingStep] = {
    "listing.submit": ListingStep(
        roles=frozenset({Role.COACH, Role.LEAD}),
        from_states=frozenset({Status.DRAFT, Status.HIDDEN, Status.WITHDRAWN}),
        to_state=Status.READY_FOR_REVIEW,
    ),
    "listing.publish": ListingStep(
        roles=_REVIEWERS,
        from_states=frozenset({Status.READY_FOR_REVIEW, Status.APPROVED, Status.HIDDEN}),
        to_state=Status.PUBLISHED,
    ),
    "listing.hide": ListingStep(
        roles=_STAFF,
        from_states=frozenset({Status.PUBLISHED, Status.APPROVED, Status.READY_FOR_REVIEW}),
        to_state=Status.HIDDEN,
    ),
    # anybody in the programme may stop harm at once, from any state; only reviewers undo it
    "listing.suspend": ListingStep(
        roles=_STAFF, from_states=_ALL - {Status.REMOVED}, to_state=Status.SUSPENDED
    ),
    "listing.reinstate": ListingStep(
        roles=_REVIEWERS, from_states=frozenset({Status.SUSPENDED}), to_state=Status.PUBLISHED
    ),
    "listing.remove": ListingStep(
        roles=_REVIEWERS, from_states=_ALL - {Status.REMOVED}, to_state=Status.REMOVED
    ),
    "listing.withdraw": ListingStep(
        roles=frozenset({Role.COACH, Role.LEAD}),
        from_states=_ALL - {Status.REMOVED, Status.WITHDRAWN, Status.SUSPENDED},
        to_state=Status.WITHDRAWN,
    ),
}

DISCLAIMER = (
    "The council has seen the documents named here in the month shown. It does not inspect, "
    "regulate or recommend the enterprises listed. Meet them, ask for references, and decide "
    "for yourself."
)

# what a lapse does: days of grace, and what goes
_BLOCKS, _HIDES, _SERVICE, _NOTE = "blocks", "hides", "service", "note"
_EFFECTS: Mapping[str, tuple[str, int]] = {
    "identity": (_BLOCKS, 0),
    "dbs": (_HIDES, 30),
    "insurance": (_HIDES, 0),
    "safeguarding": (_SERVICE, 0),
    "moving_handling": (_SERVICE, 0),
    "medication": (_SERVICE, 0),
    "first_aid": (_SERVICE, 0),
    "food": (_SERVICE, 0),
    "registration": (_SERVICE, 0),
    "references": (_HIDES, 60),
    "declaration": (_HIDES, 60),
    "agreement": (_HIDES, 60),
    "policies": (_HIDES, 60),
    "size": (_NOTE, 0),
    "cqc": (_NOTE, 0),
    "feedback": (_NOTE, 0),
}
_SERVICES_OF = {
    "moving_handling": frozenset({"pc", "mh"}),
    "medication": frozenset({"med"}),
    "first_aid": frozenset({"group"}),
    "food": frozenset({"meal"}),
    "registration": frozenset({"meal", "garden"}),
    "safeguarding": frozenset({"pc"}),
}
NEEDED = ("identity", "insurance", "safeguarding", "declaration")
PUBLIC_WORDS = (  # what a person drafted and a reviewer saw: no home address, no names behind it
    "trading_name",
    "contact",
    "districts",
    "services",
    "modes",
    "who_for",
    "times",
    "languages",
    "access",
    "price_words",
    "payable_by",
    "cqc_words",
    "capacity",
    "words",
)


def latest_checks(checks: Iterable[QACheck], on: date) -> dict[str, QACheck]:
    """The newest check of each kind that was seen by that day."""
    seen: dict[str, QACheck] = {}
    for check in sorted(checks, key=lambda c: (c.seen_on or date.min, c.id)):
        if check.seen_on is not None and check.seen_on <= on:
            seen[check.kind] = check
    return seen


def lapse_findings(entry: RegisterEntry, checks: Iterable[QACheck], on: date) -> list[Finding]:
    """What has lapsed or will within 60 days, and what that does to the listing."""
    return [
        _lapse(entry, check, on)
        for check in latest_checks(checks, on).values()
        if check.expires_on is not None and check.expires_on - on <= timedelta(days=60)
    ]


def _lapse(entry: RegisterEntry, check: QACheck, on: date) -> Finding:
    expires = check.expires_on or on
    effect, grace = _EFFECTS.get(check.kind, (_NOTE, 0))
    if check.kind == "dbs" and "pc" in entry.services:
        grace = 0
    code, words, weight = "EXPIRES_SOON", f"runs out on {expires}", Weight.WARNS
    if expires < on:
        over = (on - expires).days > grace
        words = f"ran out on {expires}"
        if effect in (_BLOCKS, _HIDES):
            code = "HIDE" if over else "GRACE"
            weight = Weight.BLOCKS if over else Weight.WARNS
            words += "; the listing is hidden" if over else f"; hidden after {grace} days"
        elif effect == _SERVICE:
            code = "REMOVE_SERVICE"
            words += "; the services that need it are taken off"
            if "pc" in entry.services and check.kind in ("moving_handling", "safeguarding"):
                words += ", personal care first"
    return Finding(
        rule="LAPSE",
        code=code,
        verdict=Verdict.UNMET,
        because=f"{check.kind.replace('_', ' ').capitalize()} {words}.",
        source="Register and quality",
        as_of=on,
        weight=weight,
        subject=check.id,
    )


def services_shown(entry: RegisterEntry, checks: Iterable[QACheck], on: date) -> tuple[str, ...]:
    """The services that may be shown: those whose check has not lapsed."""
    gone: set[str] = set()
    for kind, check in latest_checks(checks, on).items():
        if check.expires_on is not None and check.expires_on < on:
            gone |= _SERVICES_OF.get(kind, frozenset())
    return tuple(service for service in entry.services if service not in gone)


def publish_findings(
    pack: Pack,
    entry: RegisterEntry,
    enterprise: Enterprise,
    checks: Sequence[QACheck],
    consents: Sequence[Consent],
    on: date,
) -> list[Finding]:
    """What keeps an entry from being published: consent, checks, words, size, suspension."""
    found: list[Finding] = []

    def stop(code: str, because: str) -> None:
        found.append(
            Finding(
                rule="PUBLISH",
                code=code,
                verdict=Verdict.UNMET,
                because=because,
                source="Register and quality",
                as_of=on,
                subject=entry.id,
            )
        )

    if live_consent(consents, "listing", on) is None:
        stop("NO_CONSENT", "The leader has not agreed to be listed, or took it back.")
    contact = public_contact(entry.contact, enterprise.facts)
    no_home = " that is no address of a home" * bool(entry.contact.strip())
    for said, words in ((entry.trading_name, "a trading name"), (contact, f"a contact{no_home}")):
        if not said.strip():
            stop("INCOMPLETE", f"The listing needs {words}.")
    if not entry.services:
        stop("INCOMPLETE", "The listing needs at least one service.")
    seen = latest_checks(checks, on)
    for kind in NEEDED:
        if kind not in seen:
            stop("CHECK_MISSING", f"Not seen yet: {kind.replace('_', ' ')}.")
    found += [f for f in lapse_findings(entry, checks, on) if f.blocks]
    size = size_test(pack, enterprise.employee_count, on, entry.id)
    if size.verdict is Verdict.UNMET:
        found.append(size)
    if enterprise.suspended_on is not None:
        stop("SUSPENDED", f"It is suspended since {enterprise.suspended_on}.")
    return found


def effective_status(
    entry: RegisterEntry, enterprise: Enterprise | None, checks: Iterable[QACheck], on: date
) -> Status:
    """The status that counts on a day: suspension first, then lapse, then what was decided."""
    suspended = enterprise is not None and enterprise.suspended_on is not None
    if entry.status != Status.REMOVED and (
        suspended or entry.suspended_on is not None or entry.status == Status.SUSPENDED
    ):
        return Status.SUSPENDED
    status = Status(entry.status)
    if status is Status.PUBLISHED and any(f.blocks for f in lapse_findings(entry, checks, on)):
        return Status.HIDDEN
    return status


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicEntry:
    """What the public directory may hold of an entry, and nothing else."""

    entry_id: str
    fields: Mapping[str, object]
    ticks: tuple[tuple[str, str], ...]  # what was seen, and the month: ("insurance", "2023-03")
    checked_as_at: date
    disclaimer: str = DISCLAIMER


def public_view(
    entry: RegisterEntry,
    enterprise: Enterprise | None,
    checks: Sequence[QACheck],
    consents: Sequence[Consent],
    on: date,
) -> PublicEntry | None:
    """An entry as the public may see it, or None: not published, suspended, or no consent."""
    if effective_status(entry, enterprise, checks, on) is not Status.PUBLISHED:
        return None
    if live_consent(consents, "listing", on) is None:
        return None
    fields = {name: getattr(entry, name) for name in (*PUBLIC_WORDS, "published_on")}
    fields["services"] = services_shown(entry, checks, on)
    fields["contact"] = public_contact(entry.contact, enterprise.facts if enterprise else None)
    ticks = tuple(
        (kind, f"{check.seen_on:%Y-%m}")
        for kind, check in sorted(latest_checks(checks, on).items())
        if check.expires_on is None or check.expires_on >= on
    )
    return PublicEntry(entry_id=entry.id, fields=fields, ticks=ticks, checked_as_at=on)


def size_recheck(pack: Pack, enterprise: Enterprise, employees: int | None, on: date) -> Finding:
    """The size test again at each return: growing past the limit is looked at, not punished."""
    finding = size_test(pack, employees, on, enterprise.id)
    if finding.verdict is not Verdict.UNMET:
        return finding
    return Finding(
        rule="SIZE",
        code="SIZE_REVIEW",
        verdict=Verdict.UNMET,
        because=finding.because + " Look at the listing together.",
        source=finding.source,
        as_of=on,
        weight=Weight.WARNS,
        subject=enterprise.id,
    )
