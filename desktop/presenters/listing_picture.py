"""A listing as it is shown: its state and since when, the public words, what is still missing.

Pure: takes records, gives frozen words. What the public would see comes from the rule that the
directory uses. Refuses to decide, and to show the reason for a suspension as if it were public.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from desktop.operations.errors import NothingWritten
from desktop.presenters import words
from desktop.presenters.overview_picture import Editable
from desktop.presenters.people import Names
from forms.facts.decisions import DecisionRequest
from forms.facts.listing import QACheck, RegisterEntry
from forms.facts.people import Consent, Enterprise
from forms.rules.decision import Refused
from forms.rules.decisions import DECISIONS, decide
from forms.rules.finding import Finding
from forms.rules.gate import live_consent
from forms.rules.listing import (
    DISCLAIMER,
    PublicEntry,
    Status,
    effective_status,
    lapse_findings,
    latest_checks,
    public_view,
    publish_findings,
)
from forms.rules.listing_words import CHECKS as CHECK_WORDS
from forms.rules.listing_words import MODES, PAYABLE
from forms.rules.pack import Pack
from forms.rules.public_contact import addresses, is_public_place
from forms.values import LONDON, Actor, Role

CHECKS = CHECK_WORDS  # for the view, which knows no rules
SEEN_HOW = (
    ("document", "Document"),
    ("original", "Original, in person"),
    ("video", "On a video call"),
    ("online", "Looked up online"),
    ("told us", "They told us"),
)
ASKED = {
    "trading_name": "Trading name",
    "contact": "Contact to publish",
    "districts": "Where they work",
    "services": "Services",
    "modes": "How",
    "who_for": "Who it is for",
    "times": "Times",
    "languages": "Languages",
    "access": "Access",
    "price_words": "Price",
    "payable_by": "Can be paid with",
    "cqc_words": "Registered with CQC?",
    "capacity": "Space for new people",
    "words": "In their own words",
    "published_on": "In the directory since",
}
HINTS = {
    "contact": "The contact they chose. Never a home address.",
    "languages": "With a comma between.",
    "price_words": "What it costs and what is in it, like: £16 an hour, travel in it.",
    "cqc_words": "Registered, or: not registered, arranged by the person.",
}
STATES: dict[Status, tuple[str, str]] = {
    Status.DRAFT: ("Draft", "doing"),
    Status.READY_FOR_REVIEW: ("Waits for a review", "waiting"),
    Status.APPROVED: ("Approved", "done"),
    Status.PUBLISHED: ("Published", "done"),
    Status.HIDDEN: ("Hidden", "warn"),
    Status.SUSPENDED: ("Suspended", "stop"),
    Status.REMOVED: ("Removed", "stop"),
    Status.WITHDRAWN: ("Withdrawn", "none"),
}
REASONED = frozenset({"listing.hide", "listing.suspend", "listing.remove"})
MAIN = ("listing.submit", "listing.publish", "listing.reinstate")
SOON_DAYS = 60
_WRITE_WORDS = frozenset({Role.COACH, Role.LEAD})
_SEE_PROOF = frozenset({Role.COACH, Role.QA, Role.LEAD})


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """One thing that keeps it from being published, or will; or that a person has to look at."""

    words: str
    look: str
    state: str = ""  # what stands before it, where that is not how it looks


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A decision that this person could ask for."""

    name: str
    title: str
    stops: tuple[str, ...]  # why not, in words; empty = it may be asked


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRow:
    """One check behind the listing."""

    kind: str
    about: str  # "Document seen 1 Sep 2022 by Lee Marsh. Runs out 1 Sep 2025."
    look: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What the public sees, or would see."""

    heading: str
    lines: tuple[tuple[str, str], ...]
    ticks: tuple[str, ...]
    footer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingPicture:
    """Everything on the tab."""

    entry_id: str  # "" = not begun
    state: str
    look: str
    since: str  # "since 3 Oct 2022, reviewed by Lee Marsh"
    private: str  # the reason for a suspension: for staff
    asked: tuple[str, ...]
    fields: tuple[Editable, ...]
    consent: str
    has_consent: bool
    missing: tuple[Missing, ...]
    preview: Preview
    moves: tuple[Move, ...]
    checks: tuple[CheckRow, ...]
    may_write: bool
    may_check: bool


@dataclass(frozen=True, slots=True)
class _Case:
    pack: Pack
    actor: Actor
    names: Names
    entry: RegisterEntry
    enterprise: Enterprise
    checks: list[QACheck]
    consents: list[Consent]
    requests: list[DecisionRequest]
    now: datetime

    @property
    def today(self) -> date:
        return self.now.astimezone(LONDON).date()


def listing_picture(
    reader: Any, pack: Pack, actor: Actor, enterprise_id: str, now: datetime
) -> ListingPicture:
    """The listing of one enterprise as this person sees it. Raises NothingWritten."""
    enterprise = reader.get(Enterprise, enterprise_id)
    if enterprise is None:
        raise NothingWritten("This record is not on this laptop.")
    entry = entry_of(reader.all(RegisterEntry, enterprise_id=enterprise_id))
    shown = entry or RegisterEntry(id="", enterprise_id=enterprise_id)
    requests = [each for each in reader.decisions() if entry and each.subject_id == entry.id]
    case = _Case(
        pack=pack,
        actor=actor,
        names=Names(reader, actor),
        entry=shown,
        enterprise=enterprise,
        checks=reader.all(QACheck, enterprise_id=enterprise_id),
        consents=reader.all(Consent, enterprise_id=enterprise_id),
        requests=requests,
        now=now,
    )
    state, look, since = _state(case)
    consent = live_consent(case.consents, "listing", case.today)
    return ListingPicture(
        entry_id=shown.id,
        state=state,
        look=look,
        since=since,
        private=shown.suspension_reason,
        asked=_asked(case),
        fields=_fields(case) if entry and actor.role in _WRITE_WORDS else (),
        consent=_consent_words(consent),
        has_consent=consent is not None,
        missing=_missing(case),
        preview=_preview(case),
        moves=_moves(case, reader) if entry else (),
        checks=_checks(case),
        may_write=actor.role in _WRITE_WORDS,
        may_check=actor.role in _SEE_PROOF,
    )


def entry_of(entries: Sequence[RegisterEntry]) -> RegisterEntry | None:
    """The entry that counts: the last one that was not removed, else the last."""
    living = [each for each in entries if each.status != Status.REMOVED]
    found = living or list(entries)
    return found[-1] if found else None


def suspension_asked(requests: Sequence[DecisionRequest], entry_id: str) -> DecisionRequest | None:
    """A suspension that was asked for on this laptop and has not been answered yet."""
    waiting = [
        each
        for each in requests
        if each.name == "listing.suspend"
        and each.state == "waiting"
        and each.subject_id == entry_id
    ]
    return waiting[-1] if waiting else None


def _state(case: _Case) -> tuple[str, str, str]:
    entry = case.entry
    if not entry.id:
        return "Not begun", "todo", ""
    asked = suspension_asked(case.requests, entry.id)
    if asked is not None:
        when = f"{words.day(_day_of(asked))} {words.clock_time(asked.asked_at)}"
        who = case.names.who(asked.asked_by_id)
        return "Suspended, as asked", "stop", f"asked by {who} {when}; goes to the council next"
    status = effective_status(entry, case.enterprise, case.checks, case.today)
    said, look = STATES[status]
    if status is Status.HIDDEN and entry.status == Status.PUBLISHED:
        return said, look, "because a check ran out"
    return said, look, _since(case, status)


def _since(case: _Case, status: Status) -> str:
    entry = case.entry
    reviewer = case.names.who(entry.reviewed_by_id)
    if status is Status.PUBLISHED and entry.published_on:
        by = f", reviewed by {reviewer}" if reviewer else ""
        return f"since {words.day(entry.published_on)}{by}"
    if status is Status.SUSPENDED:
        since = entry.suspended_on or case.enterprise.suspended_on
        review = f", to be looked at by {words.day(entry.review_on)}" if entry.review_on else ""
        return f"since {words.day(since)}{review}" if since else ""
    answered = [
        each
        for each in case.requests
        if each.state == "granted"
        and each.answered_at is not None
        and each.name in DECISIONS
        and DECISIONS[each.name].to_state == status
    ]
    if not answered:
        return ""
    last = answered[-1]
    at = (last.answered_at or last.asked_at).astimezone(LONDON).date()
    return f"since {words.day(at)}, asked by {case.names.who(last.asked_by_id)}"


def _day_of(request: DecisionRequest) -> date:
    return request.asked_at.astimezone(LONDON).date()


def _asked(case: _Case) -> tuple[str, ...]:
    out = []
    for request in case.requests:
        title = DECISIONS[request.name].title if request.name in DECISIONS else request.name
        if request.state == "waiting":
            out.append(
                f"{title}: asked {words.day(_day_of(request))}. "
                "It waits here until there is a connection."
            )
    refused = [each for each in case.requests if each.state == "refused"][-1:]
    for request in refused:
        title = DECISIONS[request.name].title if request.name in DECISIONS else request.name
        out.append(f"{title}: not agreed. {words.say_days(request.words)}")
    return tuple(out)


def _fields(case: _Case) -> tuple[Editable, ...]:
    places = tuple((each.code, each.name) for each in case.pack.places)
    services = tuple((each.code, each.label) for each in case.pack.service_types)
    several = {"districts": places, "services": services, "modes": MODES, "payable_by": PAYABLE}
    out = []
    for name, asked in ASKED.items():
        if name == "published_on":
            continue
        value = getattr(case.entry, name)
        if name in several:
            made = Editable(
                key=name, words=asked, kind="choices", values=value, choices=several[name]
            )
        else:
            text = ", ".join(value) if isinstance(value, tuple) else value
            kind = "long" if name == "words" else "text"
            made = Editable(key=name, words=asked, kind=kind, value=text)
        out.append(replace(made, hint=HINTS.get(name, "")))
    return tuple(out)


def _consent_words(consent: Consent | None) -> str:
    if consent is None:
        return "They have not agreed to be listed yet."
    how = f", {consent.channel}" if consent.channel else ""
    return f"{consent.given_by or 'The leader'} agreed on {words.day(consent.given_on)}{how}."


def _missing(case: _Case) -> tuple[Missing, ...]:
    if not case.entry.id:
        return ()
    found = publish_findings(
        case.pack, case.entry, case.enterprise, case.checks, case.consents, case.today
    )
    soon = [each for each in lapse_findings(case.entry, case.checks, case.today) if not each.blocks]
    return (
        *(_said(each, "stop") for each in found),
        *(_said(each, "warn") for each in soon),
        *(Missing(words=each, look="warn", state="Check it") for each in _address_words(case)),
    )


def _quoted(found: Sequence[str]) -> str:
    return " and ".join(f"“{each}”" for each in found)


def _address_words(case: _Case) -> tuple[str, ...]:
    """What is said to whoever writes or reviews a contact that looks like an address."""
    found = addresses(case.entry.contact)
    if not found:
        return ()
    said = f"The contact to publish holds {_quoted(found)}. "
    if is_public_place(case.enterprise.facts):
        return (said + "This will be public. If it is a home address, take it out.",)
    return (
        said + "If it is a home address, take it out. The directory leaves it out for now, because "
        "this record does not say that the work happens in a hired place and not at home.",
    )


def _said(finding: Finding, look: str) -> Missing:
    return Missing(words=_plain(finding.because), look=look)


def _plain(because: str) -> str:
    said = words.say_days(because)
    for status, (plain, _look) in STATES.items():
        said = said.replace(f"The listing is {status.value}.", f"It is now: {plain.lower()}.")
    return said.replace(": dbs.", ": criminal record check (DBS).")


def _preview(case: _Case) -> Preview:
    entry, today = case.entry, case.today
    if not entry.id:
        return Preview(heading="", lines=(), ticks=(), footer="")
    now = public_view(entry, case.enterprise, case.checks, case.consents, today)
    if now is not None:
        asked = suspension_asked(case.requests, entry.id)
        heading = (
            "The public sees this until the council has your suspension"
            if asked
            else "The public sees this now"
        )
        return _preview_of(case, now, heading)
    would = public_view(
        replace(
            entry,
            status=Status.PUBLISHED.value,
            suspended_on=None,
            published_on=entry.published_on or today,
        ),
        replace(case.enterprise, suspended_on=None),
        [each for each in case.checks if not _has_lapsed(each, today)],
        (*case.consents, Consent(id="", enterprise_id="", purpose="listing", given_on=today)),
        today,
    )
    if would is None:
        return Preview(heading="The public sees nothing of it", lines=(), ticks=(), footer="")
    return _preview_of(case, would, "The public sees nothing now. Published, it would read:")


def _has_lapsed(check: QACheck, today: date) -> bool:
    return check.expires_on is not None and check.expires_on < today


def _preview_of(case: _Case, public: PublicEntry, heading: str) -> Preview:
    choices = {
        "districts": {each.code: each.name for each in case.pack.places},
        "services": {each.code: each.label for each in case.pack.service_types},
        "modes": dict(MODES),
        "payable_by": dict(PAYABLE),
    }
    lines = []
    for name, asked in ASKED.items():
        value = public.fields.get(name)
        if isinstance(value, tuple):
            named = choices.get(name, {})
            value = ", ".join(named.get(str(each)) or str(each) for each in value)
        elif isinstance(value, date):
            value = words.day(value)
        if value:
            lines.append((asked, str(value)))
    kinds = dict(CHECKS)
    ticks = tuple(f"{kinds.get(kind, kind)}, seen {_month(month)}" for kind, month in public.ticks)
    return Preview(heading=heading, lines=tuple(lines), ticks=ticks, footer=DISCLAIMER)


def _month(month: str) -> str:
    year, number = month.split("-")
    return words.day(date(int(year), int(number), 1)).partition(" ")[2]


def _moves(case: _Case, reader: Any) -> tuple[Move, ...]:
    waiting = {each.name for each in case.requests if each.state == "waiting"}
    out = []
    for name, decision in DECISIONS.items():
        if not name.startswith("listing.") or name in waiting:
            continue
        fits = case.entry.status in decision.from_states and case.actor.role in decision.roles
        if not fits:
            continue
        request = DecisionRequest(
            id="",
            name=name,
            subject_id=case.entry.id,
            asked_by_id=case.actor.id,
            asked_at=case.now,
            payload={"reason": "as asked"} if name in REASONED else {},
        )
        answer = decide(case.pack, request, reader, case.actor, case.today)
        stops: tuple[str, ...] = ()
        if isinstance(answer, Refused):
            stops = tuple(dict.fromkeys(_plain(each.because) for each in answer.findings))
        out.append(Move(name=name, title=decision.title, stops=stops))
    return tuple(out)


def _checks(case: _Case) -> tuple[CheckRow, ...]:
    newest = {each.id for each in latest_checks(case.checks, case.today).values()}
    kinds = [kind for kind, _said in CHECKS]
    rows = sorted(
        case.checks,
        key=lambda c: (
            c.id not in newest,
            kinds.index(c.kind) if c.kind in kinds else len(kinds),
            c.id,
        ),
    )
    return tuple(_check_row(case, each, newest=each.id in newest) for each in rows)


def _check_row(case: _Case, check: QACheck, *, newest: bool) -> CheckRow:
    how = dict(SEEN_HOW).get(check.seen_how, check.seen_how) or "Seen"
    who = case.names.who(check.seen_by_id)
    by = f" by {who}" if who else ""
    until, look = "No end date.", "done"
    if check.expires_on is not None:
        ran_out = check.expires_on < case.today
        until = f"{'Ran out' if ran_out else 'Runs out'} {words.day(check.expires_on)}."
        look = (
            "stop"
            if ran_out
            else "warn"
            if (check.expires_on - case.today).days <= SOON_DAYS
            else look
        )
    more = " ".join(
        part
        for part in (
            f"{check.level}." if check.level else "",
            f"Number {check.reference}." if check.reference else "",
        )
        if part
    )
    kind = dict(CHECKS).get(check.kind, check.kind.replace("_", " ").capitalize())
    return CheckRow(
        kind=kind if newest else f"{kind} (an earlier one)",
        about=f"{how}, seen {words.day(check.seen_on, 'some day')}{by}. {until} {more}".strip(),
        look=look if newest else "none",
    )
