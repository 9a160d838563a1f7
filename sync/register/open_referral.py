"""A listing as Open Referral UK 3.0 says it. Pure: public entries in, plain values out.

Source: Open Referral UK 3.0 (openreferraluk.org, specification 3.0). What has no value is left out,
never null. Refuses an address: a sole trader's place of work is often their home, so every
location is `virtual` and the area is said by district.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar
from uuid import UUID

from forms.rules.directory_search import text, texts, times_of
from forms.rules.listing import PublicEntry
from forms.rules.listing_words import CHECKS, MODES, PAYABLE, words_for
from forms.rules.pack import Pack
from forms.values import derived_id

T = TypeVar("T")

Json = dict[str, Any]
VERSION = "HSDS-UK-3.0"
PROFILE = "https://openreferraluk.org/specifications/3.0"
_GEOGRAPHY = "http://statistics.data.gov.uk/id/statistical-geography/"
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII)
_PHONE = re.compile(r"\+?\d[\d ()-]{6,}\d")
_WEB = re.compile(r"https?://[^\s,;<>\"]+", re.ASCII)
SERVICES, WAYS, PAYING = "services", "modes", "payable_by"
_TITLES = {
    SERVICES: ("What people help with", "The kinds of support in this directory."),
    WAYS: ("How support is given", "One to one, in a group, or online or by phone."),
    PAYING: ("How it can be paid for", "The ways of paying that an enterprise takes."),
}


def service(entry: PublicEntry, pack: Pack) -> Json:
    """One listing as a service with everything that hangs on it."""
    own = service_id(entry)
    reached = contact_parts(text(entry, "contact"))
    made = {
        "id": own,
        "organization_id": _part(entry, "organization"),
        "name": text(entry, "trading_name"),
        "description": text(entry, "words") or _what(entry, pack),
        "url": reached["url"],
        "email": reached["email"],
        "status": "active",
        "fees": text(entry, "price_words"),
        "accreditations": _accreditations(entry),
        "assured_date": _assured(entry),
        "last_modified": f"{_since(entry)}T00:00:00.000Z" if _since(entry) else "",
        "eligibility_description": text(entry, "who_for"),
        "organization": _organization(entry, pack),
        "schedules": _schedules(entry),
        "service_areas": _areas(entry, pack),
        "service_at_locations": [_at_location(entry, pack, with_service=False)],
        "languages": [
            {"id": _part(entry, "language", name), "service_id": own, "name": name}
            for name in texts(entry, "languages")
        ],
        "cost_options": _cost(entry),
        "contacts": _contacts(entry, reached),
        "attributes": _attributes(entry, pack),
    }
    return _without_empty(made)


def summary(entry: PublicEntry, pack: Pack) -> Json:
    """One listing in a list: the service without what hangs on it, but with its organisation."""
    whole = service(entry, pack)
    kept = ("schedules", "service_areas", "languages", "cost_options", "contacts", "attributes")
    return {name: v for name, v in whole.items() if name not in (*kept, "service_at_locations")}


def at_location(entry: PublicEntry, pack: Pack) -> Json:
    """One listing at the place where it is given."""
    return _without_empty(_at_location(entry, pack, with_service=True))


def service_id(entry: PublicEntry) -> str:
    """The listing's own id, where it is a UUID; else one that is always the same for it."""
    try:
        return str(UUID(entry.entry_id))
    except ValueError:
        return _part(entry, "service")


def location_id(entry: PublicEntry) -> str:
    """The id of the listing at its place."""
    return _part(entry, "service_at_location")


def taxonomies(pack: Pack) -> list[Json]:
    """The three lists of codes that listings are described with."""
    return [
        _without_empty(
            {
                "id": _taxonomy_id(name),
                "name": title,
                "description": about,
                "version": pack.version if name == SERVICES else "",
            }
        )
        for name, (title, about) in _TITLES.items()
    ]


def taxonomy_terms(pack: Pack) -> list[Json]:
    """Every code of those lists."""
    return [_term(pack, name, code) for name in _TITLES for code in _codes(pack, name)]


def has_term(entry: PublicEntry, term_id: str) -> bool:
    """Whether a listing carries a code."""
    return any(term_id == _term_id(name, code) for name in _TITLES for code in texts(entry, name))


def has_taxonomy(entry: PublicEntry, taxonomy_id: str) -> bool:
    """Whether a listing carries any code of a list."""
    return any(_taxonomy_id(name) == taxonomy_id and texts(entry, name) for name in _TITLES)


def contact_parts(contact: str) -> Mapping[str, str]:
    """What can be told apart in the contact that somebody chose: email, phone, url, name.

    The name is left empty where digits remain: that may be an address.
    """
    found = {"email": "", "phone": "", "url": ""}
    rest = contact
    for kind, pattern in (("url", _WEB), ("email", _EMAIL), ("phone", _PHONE)):
        hit = pattern.search(rest)
        if hit is not None:
            found[kind] = hit[0].strip()
            rest = rest.replace(hit[0], " ")
    name = re.sub(r"[\s,;:()-]+", " ", rest).strip()
    return found | {"name": "" if re.search(r"\d", name) else name}


def _organization(entry: PublicEntry, pack: Pack) -> Json:
    return {
        "id": _part(entry, "organization"),
        "name": text(entry, "trading_name"),
        "description": text(entry, "words") or _what(entry, pack),
    }


def _what(entry: PublicEntry, pack: Pack) -> str:
    labels = {choice.code: choice.label for choice in pack.service_types}
    return ", ".join(labels.get(code, code) for code in texts(entry, SERVICES)) + "."


def _schedules(entry: PublicEntry) -> list[Json]:
    said = text(entry, "times")
    if not said:
        return []
    made: Json = {
        "id": _part(entry, "schedule"),
        "service_id": service_id(entry),
        "description": said,
    }
    times = times_of(entry)
    if times is not None:
        made |= {"freq": "WEEKLY", "interval": 1, "byday": ",".join(times.days)}
        if times.opens is not None and times.closes is not None:
            made |= {"opens_at": f"{times.opens:%H:%M:%S}", "closes_at": f"{times.closes:%H:%M:%S}"}
    return [made]


def _areas(entry: PublicEntry, pack: Pack) -> list[Json]:
    made = []
    for code in texts(entry, "districts"):
        place = pack.place(code)
        name = place.name if place is not None else code
        made.append(
            {
                "id": _part(entry, "area", code),
                "service_id": service_id(entry),
                "name": name,
                "extent": code,
                "extent_type": "text",
                "uri": _GEOGRAPHY + code,
                "service_area": name,
            }
        )
    return made


def _at_location(entry: PublicEntry, pack: Pack, *, with_service: bool) -> Json:
    place = _part(entry, "location")
    access = text(entry, "access")
    location: Json = {
        "id": place,
        "location_type": "virtual",
        "name": _where(entry, pack),
        "description": "No address is published. Ask the enterprise where you would meet.",
        "accessibility": [
            {
                "id": _part(entry, "accessibility"),
                "location_id": place,
                "description": access,
                "accessibility": access,
            }
        ]
        if access
        else [],
    }
    made: Json = {
        "id": location_id(entry),
        "service_id": service_id(entry),
        "location_id": place,
        "location": _without_empty(location),
    }
    return made | ({"service": summary(entry, pack)} if with_service else {})


def _where(entry: PublicEntry, pack: Pack) -> str:
    names = [p.name for code in texts(entry, "districts") if (p := pack.place(code))]
    if not names:
        return "Online or by phone" if "virtual" in texts(entry, WAYS) else "Ask the enterprise"
    return "In " + ", ".join(names)


def _cost(entry: PublicEntry) -> list[Json]:
    said = text(entry, "price_words")
    if not said:
        return []
    return [
        {
            "id": _part(entry, "cost"),
            "service_id": service_id(entry),
            "option": "Price",
            "amount_description": said,
        }
    ]


def _contacts(entry: PublicEntry, reached: Mapping[str, str]) -> list[Json]:
    contact = _part(entry, "contact")
    phone = reached["phone"]
    made = {
        "id": contact,
        "service_id": service_id(entry),
        "name": reached["name"] or text(entry, "trading_name"),
        "phones": [{"id": _part(entry, "phone"), "contact_id": contact, "number": phone}]
        if phone
        else [],
    }
    return [_without_empty(made)] if phone or reached["name"] else []


def _attributes(entry: PublicEntry, pack: Pack) -> list[Json]:
    own = service_id(entry)
    return [
        {
            "id": _part(entry, "attribute", name, code),
            "link_id": own,
            "link_type": "service",
            "taxonomy_term_id": _term_id(name, code),
            "taxonomy_term": _term(pack, name, code),
        }
        for name in _TITLES
        for code in texts(entry, name)
    ]


def _codes(pack: Pack, name: str) -> list[str]:
    if name == SERVICES:
        return [choice.code for choice in pack.service_types]
    return [code for code, _words in (MODES if name == WAYS else PAYABLE)]


def _term(pack: Pack, name: str, code: str) -> Json:
    if name == SERVICES:
        said = {choice.code: choice.label for choice in pack.service_types}.get(code, code)
    else:
        said = words_for(MODES if name == WAYS else PAYABLE, code)
    return {
        "id": _term_id(name, code),
        "name": said,
        "term": said,
        "description": said,
        "taxonomy": _TITLES[name][0],
        "taxonomy_id": _taxonomy_id(name),
    }


def _accreditations(entry: PublicEntry) -> str:
    seen = [f"{words_for(CHECKS, kind)}: seen {month}" for kind, month in entry.ticks]
    return "; ".join(seen)


def _assured(entry: PublicEntry) -> str:
    return _since(entry)


def _since(entry: PublicEntry) -> str:
    since = entry.fields.get("published_on")
    return str(since) if since else ""


def _taxonomy_id(name: str) -> str:
    return derived_id("open-referral", "taxonomy", name)


def _term_id(name: str, code: str) -> str:
    return derived_id("open-referral", "term", name, code)


def _part(entry: PublicEntry, *names: str) -> str:
    return derived_id("open-referral", entry.entry_id, *names)


def _without_empty(values: Json) -> Json:
    return {name: value for name, value in values.items() if value not in ("", None, [], {})}


def page_of(every: Sequence[T], page: int, per_page: int, make: Callable[[T], Json]) -> Json:
    """One page of a list, counted from 1. `size` is what this page holds.

    `make` makes what is told of one; what stands on other pages is not made.
    """
    pages = max(1, -(-len(every) // per_page))
    contents = [make(one) for one in every[(page - 1) * per_page : page * per_page]]
    return {
        "total_items": len(every),
        "total_pages": pages,
        "page_number": page,
        "size": len(contents),
        "first_page": page == 1,
        "last_page": page == pages,
        "empty": not contents,
        "contents": contents,
    }
