"""Who a record is about and who acted: names for ids, and the identity bar of an enterprise.

Refuses to show an id: an unknown person is said to be "a colleague".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from desktop.presenters import words
from forms.facts.people import Colleague, Consent, Enterprise, Leader
from forms.rules.decisions import DECISIONS
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


def identity(reader: Any, pack: Pack, enterprise: Enterprise) -> Identity:
    """The identity bar of one enterprise."""
    leaders = reader.all(Leader, enterprise_id=enterprise.id)
    place = pack.place(enterprise.district)
    where = [enterprise.place, place.name if place else ""]
    return Identity(
        enterprise_id=enterprise.id,
        leader=" and ".join(each.name for each in leaders if each.name),
        trading_name=enterprise.name,
        place=", ".join(dict.fromkeys(each for each in where if each)),
        access_needs=enterprise.access_needs,
        consent=consent_words(reader.all(Consent, enterprise_id=enterprise.id)),
    )


def consent_words(consents: list[Consent]) -> str:
    """Whether the privacy notice was given, and since when."""
    given = [c for c in consents if c.given_on and c.withdrawn_on is None]
    notice = [c for c in given if c.purpose == "privacy_notice"]
    if notice:
        return f"Privacy notice given {words.day(notice[-1].given_on)}"
    if consents and not given:
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
