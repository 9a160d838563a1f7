"""One item of the checklist on paper: what it is for, how far it is, and what is still to do.

Pure: takes the row as it stands on disk. Refuses to call anything done that nobody has said, seen
or checked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop.presenters import words
from desktop.presenters.checklist_picture import SAID_CHOICES
from desktop.presenters.printing import HEADING, LINE, STRONG, TITLE, Part

if TYPE_CHECKING:
    from datetime import date

    from desktop.presenters.checklist_picture import Row

NOTHING = "Nothing. It is done and somebody has checked it."
NOT_ASKED_OF = "Nothing while this holds."
_LEFT_OUT = {"not needed": "Not needed", "waived": "Waived"}


def item_parts(row: Row, *, who: str, today: date) -> tuple[Part, ...]:
    """The sheet, from top to bottom."""
    parts = [Part(kind=TITLE, text=row.title)]
    parts += _lines(f"For {who}" if who else "", row.plain)
    parts.append(Part(kind=HEADING, text="Still to do"))
    parts += [Part(kind=LINE, text=f"☐ {each}") for each in still_to_do(row, today)]
    if parts[-1].kind == HEADING:
        parts += _lines(NOT_ASKED_OF if row.state in _LEFT_OUT else NOTHING)
    parts.append(Part(kind=HEADING, text="How far it is"))
    parts.append(Part(kind=STRONG, text=row.state_words))
    parts += _lines(*_evidence(row))
    parts.append(Part(kind=HEADING, text="What it is for"))
    cost = f"Cost: {row.cost}" if row.cost else ""
    asked_by = f"Who asks for it: {row.authority}" if row.authority else ""
    parts += _lines(row.because, ". ".join(p for p in (row.level, row.why) if p), asked_by, cost)
    if row.sources:
        parts.append(Part(kind=HEADING, text="Where this was read"))
        parts += _lines(*(each.line for each in row.sources))
    return tuple(parts)


def still_to_do(row: Row, today: date) -> tuple[str, ...]:
    """What is missing before somebody can rely on this item; empty when nothing is."""
    if row.section == "questions":
        return (row.because,)
    if row.state in _LEFT_OUT:
        return () if row.reason.strip() else (f"Write down why it is {row.state}.",)
    if row.state != "done":
        shown = f"Show that it is done: {row.evidence_asked}." if row.evidence_asked else ""
        return tuple(each for each in ("Do it, and say when it is done.", shown) if each)
    found = []
    ran_out = row.expires_on is not None and row.expires_on < today
    if ran_out:
        found.append(f"It ran out on {words.day(row.expires_on)}. Get a new one.")
    if row.evidence_asked and row.said_by not in ("saw it", "document"):
        found.append(f"Show that it is done: {row.evidence_asked}.")
    if row.said_by == "document" and not row.files:
        found.append("Add the photo or paper that was shown.")
    if not row.checked or ran_out:
        found.append("A second person has to check it.")
    return tuple(found)


def _evidence(row: Row) -> tuple[str, ...]:
    said = dict(SAID_CHOICES).get(row.said_by, "")
    files = ", ".join(each.name for each in row.files)
    return (
        f"Why: {row.reason}" if row.reason else "",
        f"Who says so: {said}" if said else "",
        f"What was seen: {row.evidence_ref}" if row.evidence_ref else "",
        f"Seen on {words.day(row.evidence_on)}" if row.evidence_on else "",
        f"Runs out on {words.day(row.expires_on)}" if row.expires_on else "",
        f"Files: {files}" if files else "",
        row.checked,
        f"Note: {row.note}" if row.note else "",
    )


def _lines(*texts: str) -> list[Part]:
    return [Part(kind=LINE, text=each) for each in texts if each.strip()]
