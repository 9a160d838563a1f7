"""The contact of a listing as the public may read it: never the address of a home.

What looks like an address is told to whoever writes or reviews a listing, and is left out unless
the record says that the work happens in a place that is hired. Refuses to take a phone number, an
email or opening times for an address.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

PLACES = "prem"  # the fact of an enterprise: where the work happens
HIRED, AT_HOME = "hired", "own"

_CODE = (
    r"(?:GIR\s?0AA|[A-PR-UWYZ](?:\d{1,2}|[A-HK-Y]\d|[A-HK-Y]\d\d|\d[A-HJKPSTUW]"
    r"|[A-HK-Y]\d[ABEHMNPRVWXY])\s{0,2}\d[ABD-HJLNP-UW-Z]{2})(?![\w@])"
)
_NO_NAME = "in|on|at|to|till|until|by|am|pm|and|or|from|of|my|our|minutes?|miles?|hours?|days?"
_STREET = (
    r"(?<![\w@./+-])(?:flat\s+\w+,?\s+)?\d{1,4}[a-z]?,?\s+"
    rf"(?:(?!(?:{_NO_NAME})\b)[^\W\d][\w'’.-]*\s+){{1,3}}"
    r"(?:street|st|road|rd|lane|ln|avenue|ave|close|drive|dr|way|court|crescent|cres|gardens|gdns"
    r"|terrace|grove|place|square|sq|hill|walk|row|mews|green|park|rise|parade|cottages?)\b\.?"
)
_TOWN = r"[^\d@]{0,40}?"  # between the street and the postcode
_ADDRESS = re.compile(rf"{_STREET}(?:{_TOWN}\b{_CODE})?|(?<![\w@./-]){_CODE}", re.IGNORECASE)
_LEFT = re.compile(r"\s*[,;:]\s*(?=[,;:.]|$)|^\s*[,;:.]\s*")


def addresses(contact: str) -> tuple[str, ...]:
    """What in it looks like a postcode or a street with a number, as it was typed."""
    return tuple(hit[0].strip() for hit in _ADDRESS.finditer(contact))


def is_public_place(facts: Mapping[str, Any] | None) -> bool:
    """Whether the record says that the work happens in a hired place, and not at a home."""
    places = (facts or {}).get(PLACES) or ()
    said = (places,) if isinstance(places, str) else tuple(places)
    return HIRED in said and AT_HOME not in said


def public_contact(contact: str, facts: Mapping[str, Any] | None) -> str:
    """The contact, less what looks like the address of a home."""
    found = addresses(contact)
    if not found or is_public_place(facts):
        return contact
    for each in found:
        contact = contact.replace(each, " ")
    for _ in found:
        contact = _LEFT.sub("", contact)
    return " ".join(contact.split())
