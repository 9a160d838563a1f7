"""Whether a report names anybody: looked for in every word of it before it is published.

A second look, after the chapters have left names out by themselves. Refuses to be the only one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass

from evidence.blocks import Document
from evidence.dossier import Dossier

Tell = Callable[[int, int], None]  # names looked for, names there are
EACH = 1_000
SHORTEST = 4  # shorter names are ordinary words too often


def nobody(_done: int, _of: int) -> None:
    """Tells nobody, and is never stopped."""


def names_in(document: Document, dossier: Dossier, tell: Tell = nobody) -> list[str]:
    """Names of people and enterprises of the dossier that stand in the document, sorted.

    `tell(done, of)` hears how far it is each thousand names; what it raises ends it.
    """
    text = "\n".join(words_of(document)).casefold()
    found = set()
    names = _names(dossier)
    for number, name in enumerate(names):
        if not number % EACH:
            tell(number, len(names))
        folded = name.casefold()
        # Most names stand nowhere: a pattern for each of a county's would take ten seconds.
        if folded in text and re.search(rf"(?<!\w){re.escape(folded)}(?!\w)", text):
            found.add(name)
    return sorted(found)


def words_of(thing: object) -> Iterator[str]:
    """Every text in a document, at any depth."""
    if isinstance(thing, str):
        yield thing
    elif isinstance(thing, list | tuple):
        for each in thing:
            yield from words_of(each)
    elif is_dataclass(thing) and not isinstance(thing, type):
        for field in fields(thing):
            yield from words_of(getattr(thing, field.name))


def _names(dossier: Dossier) -> set[str]:
    told = [e.name for e in dossier.enterprises]
    told += [person.name for person in dossier.leaders]
    told += [enquiry.name for enquiry in dossier.enquiries]
    told += [entry.trading_name for entry in dossier.entries]
    told += [consent.given_by for consent in dossier.consents]
    return {name.strip() for name in told if len(name.strip()) >= SHORTEST}
