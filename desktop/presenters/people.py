"""Who a record is about and who acted: names for ids, and the identity bar of an enterprise.

Refuses to show an id: an unknown person is said to be "a colleague".
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from desktop.presenters import words
from forms.facts.people import Colleague, Consent, Enterprise, Leader
from forms.rules.decisions import DECISIONS
from forms.rules.gate import live_consent
from forms.rules.pack import Pack
from forms.values import Actor


class Names:
    """Names for actor ids, read once per picture."""

    def __init__(self, reader: Any, actor: Actor) -> None:
        self._names = {each.id: each.name for each in reader.all(Colleague)}
        self.actor = actor

    def who(self, actor_id: str) -> str:
        """The word you, a name, or "a colleague" for an id."""
        if not actor_id:
            return ""
        if actor_id == self.actor.id:
            return "you"
        return self._names.get(actor_id) or "a colleague"


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """What stands above every page of an enterprise."""

    enterprise_id: str
    leader: str
    trading_name: str
    place: str
    access_needs: str
    consent: str

    @property
    def title(self) -> str:
        """The biggest words of the page."""
        return self.leader or self.trading_name or "No name yet"


def identity(reader: Any, pack: Pack, enterprise: Enterprise, today: date) -> Identity:
    """The identity bar of one enterprise on a day."""
    leaders = reader.all(Leader, enterprise_id=enterprise.id)
    place = pack.place(enterprise.district)
    where = [enterprise.place, place.name if place else ""]
    return Identity(
        enterprise_id=enterprise.id,
        leader=" and ".join(each.name for each in leaders if each.name),
        trading_name=enterprise.name,
        place=", ".join(dict.fromkeys(each for each in where if each)),
        access_needs=enterprise.access_needs,
        consent=consent_words(reader.all(Consent, enterprise_id=enterprise.id), today),
    )


def consent_words(consents: list[Consent], today: date) -> str:
    """Whether the privacy notice was given, and since when; or that nothing they gave holds."""
    notice = live_consent(consents, "privacy_notice", today)
    if notice is not None:
        return f"Privacy notice given {words.day(notice.given_on)}"
    purposes = {c.purpose for c in consents}
    ended = any(c.withdrawn_on is not None and c.withdrawn_on <= today for c in consents)
    if ended and not any(live_consent(consents, each, today) for each in purposes):
        return "Consent withdrawn"
    return "Privacy notice not given yet"


def whom_to_ask(reader: Any) -> str:
    """Who can have the data protection sign-off noted: the leads of the programme, by name."""
    may = DECISIONS["dpia.sign"].roles
    leads = sorted(
        each.name
        for each in reader.all(Colleague)
        if each.active and each.role in may and each.name
    )
    if not leads:
        return "Ask your project lead to have the sign-off noted."
    title = "project lead" if len(leads) == 1 else "project leads"
    return f"Ask {' or '.join(leads)}, your {title}, to have the sign-off noted."
