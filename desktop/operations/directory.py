"""The register's public directory, kept on this laptop so that it can be searched offline.

A copy is fetched at the end of a round when the last one is old, or when anything has changed at
the register since, and that is not the very same directory. What this laptop itself knows of a
listing always wins over the copy: a suspension, a removal and consent taken back are seen at once.
Refuses a copy it cannot read.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from forms.facts.listing import QACheck, RegisterEntry
from forms.facts.people import Consent, Enterprise
from forms.rules.gate import live_consent
from forms.rules.listing import PUBLIC_WORDS, Status, effective_status, services_shown
from forms.rules.public_contact import public_contact

if TYPE_CHECKING:
    from forms.values import Clock
    from sync.client.transport import Answer, Transport

KEY = "directory/copy"
STAMP = "directory/stamp"  # how far the register's feed was then, and the tag of its answer
FRESH = timedelta(hours=6)
PATH = "/v1/directory"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One listing that may be shown to somebody."""

    id: str
    name: str
    contact: str
    districts: tuple[str, ...]
    services: tuple[str, ...]
    modes: tuple[str, ...]
    payable_by: tuple[str, ...]
    languages: tuple[str, ...]
    who_for: str
    times: str
    access: str
    price: str
    capacity: str
    cqc: str
    words: str
    published_on: str  # ISO day
    enterprise_id: str = ""  # "" when only the copy knows it


@dataclass(frozen=True, slots=True, kw_only=True)
class Directory:
    """What can be searched, and how old the register's copy is (None: there is none)."""

    listings: tuple[Listing, ...]
    copied_at: datetime | None
    of_this_laptop: int


def directory(vault: Any, today: date) -> Directory:
    """Every listing that may be shown today, by name."""
    reader = vault.reader
    checks: dict[str, list[QACheck]] = {}
    for check in reader.all(QACheck):
        checks.setdefault(check.enterprise_id, []).append(check)
    consents: dict[str, list[Consent]] = {}
    for consent in reader.all(Consent):
        consents.setdefault(consent.enterprise_id, []).append(consent)
    enterprises = {e.id: e for e in reader.all(Enterprise)}
    here: dict[str, Listing] = {}
    known = {entry.id for entry in reader.removed(RegisterEntry)}  # nor shown from the copy
    for entry in reader.all(RegisterEntry):
        known.add(entry.id)
        seen = checks.get(entry.enterprise_id, [])
        status = effective_status(entry, enterprises.get(entry.enterprise_id), seen, today)
        agreed = live_consent(consents.get(entry.enterprise_id, ()), "listing", today)
        if status is Status.PUBLISHED and agreed is not None:
            here[entry.id] = _own(
                entry, services_shown(entry, seen, today), enterprises.get(entry.enterprise_id)
            )
    copied_at, copied = read_copy(vault)
    listed = [*here.values(), *(each for each in copied if each.id not in known)]
    listed.sort(key=lambda each: (each.name.casefold(), each.id))
    return Directory(listings=tuple(listed), copied_at=copied_at, of_this_laptop=len(here))


def _own(entry: RegisterEntry, services: tuple[str, ...], enterprise: Enterprise | None) -> Listing:
    fields = {name: getattr(entry, name) for name in PUBLIC_WORDS}
    contact = public_contact(entry.contact, enterprise.facts if enterprise else None)
    fields["contact"] = contact
    published = entry.published_on.isoformat() if entry.published_on else ""
    return _listing(entry.id, {**fields, "services": services}, published, entry.enterprise_id)


def _listing(entry_id: str, fields: dict[str, Any], published: str, enterprise: str) -> Listing:
    def text(name: str) -> str:
        return str(fields.get(name) or "")

    def several(name: str) -> tuple[str, ...]:
        found = fields.get(name) or ()
        return tuple(str(each) for each in found) if isinstance(found, list | tuple) else ()

    return Listing(
        id=entry_id,
        name=text("trading_name") or "No name yet",
        contact=text("contact"),
        districts=several("districts"),
        services=several("services"),
        modes=several("modes"),
        payable_by=several("payable_by"),
        languages=several("languages"),
        who_for=text("who_for"),
        times=text("times"),
        access=text("access"),
        price=text("price_words"),
        capacity=text("capacity"),
        cqc=text("cqc_words"),
        words=text("words"),
        published_on=published,
        enterprise_id=enterprise,
    )


def read_copy(vault: Any) -> tuple[datetime | None, tuple[Listing, ...]]:
    """The copy of the register's directory and when it was true; (None, ()) without one."""
    import msgspec

    from sync.protocol import Directory as Wire

    kept = vault.drafts.read(KEY)
    if not kept:
        return None, ()
    try:
        found = msgspec.json.decode(kept, type=Wire)
    except msgspec.DecodeError:
        return None, ()
    made = (_listing(e.id, dict(e.fields), e.published_on, "") for e in found.entries)
    return found.checked_at, tuple(made)


def fetch_if_old(
    vault: Any, transport: Transport, clock: Clock, place: str = ""
) -> tuple[str, ...]:
    """Fetch the copy again when it may be old. The ids of listings that are other than before.

    `place`: how far the register's feed is. While that stays nothing was taken off the directory,
    and nothing is asked; once it has moved the register is asked whether the copy still stands.
    Runs in the network lane with a vault from afar. Raises SyncError.
    """
    copied_at, before = read_copy(vault)
    seen, _, tag = (vault.drafts.read(STAMP) or "").partition(" ")
    # a clock that was put right may say that the copy is of another day: that one is old too
    is_fresh = copied_at is not None and abs(clock.now() - copied_at) < FRESH
    if is_fresh and seen == place:
        return ()
    asks = {"if-none-match": tag} if copied_at is not None and tag else {}
    answer = transport.send("GET", PATH, asks, b"")
    body = _as_kept(vault, clock) if asks and answer.status == 304 else _answered(answer)
    if answer.status == 200 or not is_fresh:
        vault.drafts.keep(KEY, body.decode())
    vault.drafts.keep(STAMP, f"{place} {answer.headers.get('etag', '')}")
    after = {each.id: each for each in read_copy(vault)[1]}
    known = {each.id: each for each in before}
    return tuple(sorted(one for one in {*after, *known} if after.get(one) != known.get(one)))


def _answered(answer: Answer) -> bytes:
    """The body of a directory. Raises NotTheRegister for anything else."""
    import msgspec

    from sync.errors import NotTheRegister
    from sync.protocol import Directory as Wire

    if answer.status != 200:
        raise NotTheRegister(detail=f"directory {answer.status}")
    try:
        msgspec.json.decode(answer.body, type=Wire)
    except msgspec.DecodeError as error:
        raise NotTheRegister(detail="directory unreadable") from error
    return answer.body


def _as_kept(vault: Any, clock: Clock) -> bytes:
    """The copy that stands still, as of now."""
    import msgspec

    from sync.protocol import Directory as Wire

    kept = msgspec.json.decode(vault.drafts.read(KEY), type=Wire)
    kept.checked_at = clock.now()
    return msgspec.json.encode(kept)
