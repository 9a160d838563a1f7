"""Fictional enquiries of twelve fields, about 596 bytes each as JSON, the same every time."""

# ruff: noqa: SIM905 - words read better as text
from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from forms.facts.people import Enquiry

_WORDS = """
met at home talked through plan insurance quote waiting for certificate public liability
next visit council office register client personal care twice weekly rural bus limited
bank account opened sole trader company guarantee training food hygiene first aid moving
handling medication safeguarding policy draft reviewed sent email call back after
harvest show neighbour direct payments budget day opportunities gardening lunch club
befriending receipt claim seed fund evidence photo consent privacy notice signal poor at
farm note typed car park follow up Tuesday
""".split()
_TOWNS = [
    "Rye",
    "Deal",
    "Tenterden",
    "Lydd",
    "Wye",
    "Charing",
    "Headcorn",
    "Elham",
    "Sandwich",
    "Ash",
    "Hythe",
    "Dymchurch",
]
_STATES = ["enquiry", "exploring", "planning", "setting_up", "trading", "paused", "closed"]
_FORMS = ["sole_trader", "partnership", "cic_guarantee", "cic_shares", "ltd", "cio", "undecided"]
_KINDS = [
    "personal_care",
    "home_help",
    "day_opportunity",
    "gardening",
    "befriending",
    "transport",
    "meals",
]
_FIRST = [
    "Ann",
    "Bob",
    "Cath",
    "Dev",
    "Ella",
    "Fay",
    "Gus",
    "Hana",
    "Ivy",
    "Jo",
    "Ken",
    "Lou",
    "May",
    "Ned",
    "Ola",
    "Pat",
    "Rae",
    "Sam",
    "Tess",
]
_LAST = [
    "Ashby",
    "Barlow",
    "Carr",
    "Dent",
    "Ellis",
    "Frost",
    "Grange",
    "Holt",
    "Ings",
    "Jagger",
    "Kirk",
    "Lamb",
    "Moss",
    "North",
]
_BEGAN = datetime(2022, 4, 1, 8, tzinfo=UTC)


def documents(count: int) -> list[dict[str, Any]]:
    """The corpus as plain documents, for the peers."""
    random = Random(1)  # noqa: S311 - a corpus, not a secret
    out = []
    for number in range(count):
        at = _BEGAN + timedelta(seconds=number * 97 + random.randrange(90))
        name = f"{random.choice(_FIRST)} {random.choice(_LAST)}"
        town = random.choice(_TOWNS)
        out.append(
            {
                "id": _id(at, random),
                "type": "contact_note",
                "provider_id": _id(_BEGAN, random),
                "provider_name": f"{name} Helping Hands {town}",
                "coach": f"coach{random.randrange(1, 13):02d}@council.example",
                "status": random.choice(_STATES),
                "legal_entity": random.choice(_FORMS),
                "category": random.choice(_KINDS),
                "town": town,
                "minutes": random.choice([5, 10, 15, 20, 30, 45, 60, 90]),
                "note": " ".join(random.choice(_WORDS) for _ in range(random.randrange(26, 47))),
                "updated_at": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            }
        )
    return out


def enquiry(document: dict[str, Any]) -> Enquiry:
    """The same document as one of our records: twelve of its sixteen fields say something."""
    return Enquiry(
        id=document["id"],
        created_on=date.fromisoformat(document["updated_at"][:10]),
        coach_id="ann",
        channel=document["type"],
        heard_via=document["status"],
        district=document["town"],
        name=document["provider_name"],
        phone=str(document["minutes"]),
        email=document["coach"],
        idea=document["note"],
        language_needs=document["legal_entity"],
        access_needs=document["category"],
        enterprise_id=document["provider_id"],
        closed_reason=document["updated_at"],
    )


def _id(at: datetime, random: Random) -> str:
    value = int(at.timestamp() * 1000) << 80 | 0x7 << 76 | random.getrandbits(12) << 64
    return str(UUID(int=value | 0b10 << 62 | random.getrandbits(62)))
