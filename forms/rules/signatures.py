"""What makes a signature whole: the words, their hash, a name, and how it was given.

The hash is taken over the words exactly as they stood on the screen, so that nobody can say later
that they signed something else. Refuses to judge whose hand it was: the witness says that.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable

from forms.facts.casework import Signature

WAYS = ("typed", "drawn")
ABOUT = ("visit", "form", "listing")
MAX_STROKES = 500
MAX_STROKE = 20_000  # characters: about two thousand points
_STROKE = re.compile(r"\d{1,4},\d{1,4}(?: \d{1,4},\d{1,4})*")


def wording_hash(wording: str) -> str:
    """SHA-256 of the words as UTF-8, in hex."""
    return hashlib.sha256(wording.encode()).hexdigest()


def stroke_text(points: Iterable[tuple[int, int]]) -> str:
    """One stroke as it is kept: points in thousandths of the pad's width."""
    return " ".join(f"{x},{y}" for x, y in points)


def stroke_points(stroke: str) -> list[tuple[int, int]]:
    """The points of a kept stroke; [] for anything that is no stroke."""
    if not _STROKE.fullmatch(stroke):
        return []
    pairs = (pair.partition(",") for pair in stroke.split(" "))
    return [(int(x), int(y)) for x, _, y in pairs]


def faults(signature: Signature) -> list[str]:
    """What keeps a signature from being one, in plain words; [] when it is whole."""
    out = []
    if not signature.wording.strip():
        out.append("There are no words to sign.")
    if signature.wording_sha256 != wording_hash(signature.wording):
        out.append("The words are not the ones that were signed.")
    if not signature.name.strip():
        out.append("There is no name.")
    if signature.signed_at is None:
        out.append("There is no time.")
    if signature.way not in WAYS:
        out.append("It does not say how it was signed.")
    if signature.way == "drawn" and not any(map(stroke_points, signature.strokes)):
        out.append("Nothing was drawn.")
    too_long = any(len(stroke) > MAX_STROKE for stroke in signature.strokes)
    if too_long or len(signature.strokes) > MAX_STROKES:
        out.append("The drawing is too long to be kept.")
    return out
