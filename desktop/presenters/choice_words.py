"""Finding a choice by its words: anywhere in them, in any order, whatever the case or accents.

Best first: the whole of it, its beginning, the beginning of a word, inside a word. Guesses nothing.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence


def folded(text: str) -> str:
    """Words as they are compared: "Café  Noir" is "cafe noir"."""
    plain = text.casefold()
    if plain.isascii():
        return " ".join(plain.split())
    plain = unicodedata.normalize("NFKD", plain)
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).split())


def found(typed: str, known: Sequence[str]) -> list[int]:
    """Places of the choices (folded) that hold every typed word, the best first."""
    wanted = folded(typed)
    parts = wanted.split()
    if not parts:
        return list(range(len(known)))
    first = max(parts, key=len)
    hits = [n for n, said in enumerate(known) if first in said]
    if len(parts) > 1:
        hits = [n for n in hits if all(part in known[n] for part in parts)]
    return sorted(hits, key=lambda n: _rank(wanted, known[n]))


def _rank(wanted: str, said: str) -> int:
    if said == wanted:
        return 0
    if said.startswith(wanted):
        return 1
    return 2 if f" {wanted}" in f" {said}" else 3


def meant(typed: str, known: Sequence[str]) -> int | None:
    """The one choice that typed words can mean: said in full, or the only one that has them."""
    wanted = folded(typed)
    whole = [n for n, said in enumerate(known) if said == wanted]
    if len(whole) == 1:
        return whole[0]
    hits = found(typed, known) if wanted and not whole else whole
    return hits[0] if len(hits) == 1 else None


def refusal(typed: str, known: Sequence[str]) -> str:
    """Why typed words are no choice, and what to do."""
    shown = " ".join(typed.split())
    shown = f"{shown[:57]}..." if len(shown) > 60 else shown
    hits = len(found(typed, known))
    if hits > 1:
        return f"{hits:,} choices have “{shown}” in them. Choose one from the list."
    return f"There is no such choice as “{shown}”. Choose one from the list."
