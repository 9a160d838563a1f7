"""Writing the words of a listing, the consent for it, and the checks behind it.

Refuses to touch the status: publishing, suspending and the like are asked of the register.
"""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from typing import TYPE_CHECKING, Any

from desktop.operations import consents
from desktop.operations.casework import record_consent
from desktop.operations.errors import NothingWritten
from forms.facts.field import Policy
from forms.facts.listing import QACheck, RegisterEntry
from forms.facts.people import Consent, Enterprise, Leader
from forms.rules.gate import live_consent
from forms.values import new_id

if TYPE_CHECKING:
    from desktop.operations.writing import Writing

_NOT_TYPED = {"id", "enterprise_id", "consent_id"}
WORDS = tuple(
    each.name
    for each in fields(RegisterEntry)
    if each.name not in _NOT_TYPED and each.metadata.get("policy") is Policy.FACT
)


def begin(writing: Writing, enterprise_id: str) -> str:
    """A draft that starts with what the record knows already. Returns its id."""
    enterprise = writing.reader.get(Enterprise, enterprise_id)
    if enterprise is None:
        raise NothingWritten("Nothing was written: this record is no longer on this laptop.")
    consent = live_consent(_consents(writing, enterprise_id), "listing", writing.today)
    entry = RegisterEntry(
        id=new_id(),
        enterprise_id=enterprise_id,
        trading_name=enterprise.name,
        districts=(enterprise.district,) if enterprise.district else (),
        services=enterprise.service_types,
        consent_id=consent.id if consent else "",
    )
    writing.unit.add(entry)
    return entry.id


def set_words(writing: Writing, entry_id: str, **changed: Any) -> None:
    """Other public words."""
    writing.unit.set(RegisterEntry, entry_id, **changed)


def agree(writing: Writing, enterprise_id: str, entry_id: str, *, channel: str) -> None:
    """The leader agreed today to be listed with these words."""
    leaders = writing.reader.all(Leader, enterprise_id=enterprise_id)
    leader = leaders[0].name if leaders else ""
    consent_id = record_consent(
        writing,
        enterprise_id,
        purpose="listing",
        given_by=leader or "the leader",
        channel=channel,
    )
    writing.unit.set(RegisterEntry, entry_id, consent_id=consent_id)


def take_consent_back(writing: Writing, enterprise_id: str) -> None:
    """The leader does not want to be listed any more."""
    if not consents.end_all(writing, enterprise_id, "listing"):
        raise NothingWritten("Nothing was written: there is no agreement to take back.")


def add_check(
    writing: Writing,
    enterprise_id: str,
    *,
    kind: str,
    level: str,
    seen_how: str,
    expires_on: date | None,
    reference: str,
) -> str:
    """Write that the proof was seen today. Its number may be kept, never what it says."""
    if not kind:
        raise NothingWritten("Choose what was checked.")
    if not seen_how:
        raise NothingWritten("Choose how it was seen.")
    check = QACheck(
        id=new_id(),
        enterprise_id=enterprise_id,
        kind=kind,
        level=level.strip(),
        seen_how=seen_how,
        seen_by_id=writing.actor.id,
        seen_on=writing.today,
        expires_on=expires_on,
        reference=reference.strip(),
    )
    writing.unit.add(check)
    return check.id


def _consents(writing: Writing, enterprise_id: str) -> list[Consent]:
    found: list[Consent] = writing.reader.all(Consent, enterprise_id=enterprise_id)
    return found
