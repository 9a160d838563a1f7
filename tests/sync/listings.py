"""Listings before the public, for the directory and the open feed. All of them are invented."""

from __future__ import annotations

from datetime import date

from forms.facts.listing import QACheck, RegisterEntry
from forms.facts.people import Consent
from forms.values import new_id
from tests.sync.world import enterprise

SINCE = date(2022, 2, 1)


def agreed(case, on=SINCE):
    """Consent to be listed."""
    return Consent(
        id=new_id(), enterprise_id=case.id, purpose="listing", given_on=on, given_by="Mary"
    )


def check(case, kind, until=None):
    return QACheck(id=new_id(), enterprise_id=case.id, kind=kind, seen_on=SINCE, expires_on=until)


def publish(world, coach, *, consent=True, checks=(), **words):
    """A case of this coach with a listing that the register has published."""
    case = coach.add(enterprise(coach=coach.exchange.identity().actor_id))
    if consent:
        coach.add(agreed(case))
    for kind, until in checks:
        coach.add(check(case, kind, until))
    said = {
        "trading_name": "Weald Companions",
        "contact": "Mary, 01303 000001, mary@weald.example",
        "districts": ("E07000105",),
        "services": ("befr", "shop"),
        "modes": ("1:1",),
        "times": "Weekdays, 9 to 4",
        "price_words": "£16.00 an hour",
        "payable_by": ("private", "direct payment"),
        "words": "Company and shopping.",
        "languages": ("English", "Punjabi"),
    }
    entry = coach.add(RegisterEntry(id=new_id(), enterprise_id=case.id, **(said | words)))
    world.round(coach)
    decided = {"status": "published", "published_on": "2022-03-01", "reviewed_by_id": "quin"}
    world.system("register_entry", entry.id, decided)
    world.round(coach)
    return case, entry
