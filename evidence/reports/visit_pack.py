"""Sheets to take on visits: one for each enterprise, a list of the round in front of several.

What a coach needs at the door: who, where, what to know, what is next, what was said. Refuses
private notes unless the coach asked for them, and then marks every sheet that carries one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from evidence.blocks import (
    Block,
    Bullets,
    Caveat,
    Column,
    Document,
    Heading,
    Para,
    Table,
    WriteLine,
    apart,
    long_date,
)

KEEP_IT = "These sheets name people. Keep them with you, and shred them afterwards."
TO_DO = "To do"
PRIVATE = "Carries your own private notes: leave this sheet with nobody."


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """One thing that happened: a visit, a call, a note."""

    head: str  # "Tue 17 Nov 2026, Visit, 50 min, you"
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One enterprise, as a coach wants it at the door. Every text is plain words."""

    who: str
    trading: str = ""
    when: str = ""  # "10:00, visit"; "" when none is in the diary
    place: str = ""
    phone: str = ""
    needs: str = ""  # what to know before one knocks
    stage: str = ""
    progress: str = ""  # "9 of 14"
    next_due: str = ""  # what is next, with its day
    still_to_do: tuple[tuple[str, str], ...] = ()  # checklist: item, state
    more_to_do: int = 0
    promises: tuple[tuple[str, str, str], ...] = ()  # what, who does it, by when
    more_promises: int = 0
    talks: tuple[Talk, ...] = ()
    private: tuple[Talk, ...] = ()  # the coach's own private notes, only when asked for


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitPack:
    """All the sheets of a round."""

    on: date
    coach: str
    council: str
    sheets: tuple[Sheet, ...]
    practice: bool = False

    @property
    def title(self) -> str:
        """What the file is called: nobody's name."""
        return "Visit sheets"


def build(pack: VisitPack) -> Document:
    """The pack as blocks: a sheet begins on a new page."""
    blocks: list[Block] = []
    if len(pack.sheets) > 1:
        blocks += [Heading(1, f"Visits on {long_date(pack.on)}"), Para(KEEP_IT), _round(pack)]
    for number, sheet in enumerate(pack.sheets):
        blocks += _sheet(sheet, first=number == 0 and len(pack.sheets) == 1)
    return Document(
        title="Visit sheets",
        subtitle=f"{pack.coach}, {long_date(pack.on)}" if pack.coach else long_date(pack.on),
        council=pack.council,
        as_of=pack.on,
        reference="",
        provenance="",
        published=False,
        blocks=tuple(blocks),
        mark="Practice data" if pack.practice else "",
        cover=False,
    )


def _round(pack: VisitPack) -> Table:
    return Table(
        key="round",
        caption="The round",
        columns=(
            Column("When", width=0.9),
            Column("Who", width=1.4, row_header=True),
            Column("Where", width=1.5),
            Column("Phone", width=1.1),
            Column("Next", width=2.0),
        ),
        rows=tuple(
            (each.when, each.who, each.place, each.phone, each.next_due) for each in pack.sheets
        ),
    )


def _sheet(sheet: Sheet, *, first: bool) -> list[Block]:
    trading = sheet.trading if sheet.trading != sheet.who else ""
    done = f"Checklist: {sheet.progress} done" if sheet.progress else ""
    about = (
        ("Visit:", (sheet.when, sheet.place, sheet.phone)),
        ("Now:", (trading, sheet.stage, done)),
    )
    blocks: list[Block] = [Heading(1, sheet.who, new_page=not first)]
    if first:
        blocks.append(Para(KEEP_IT, small=True))
    for lead, parts in about:
        said = "  ·  ".join(apart(part) for part in parts if part)
        blocks += [Para(said, lead=lead)] if said else []
    if sheet.needs:
        blocks.append(Caveat("Know before you knock", (sheet.needs,)))
    if sheet.private:
        blocks.append(Caveat("Private", (PRIVATE,)))
    blocks += [Heading(2, "Promised"), *_promises(sheet)]
    blocks += [Heading(2, "Still to do on the checklist"), *_to_do(sheet)]
    blocks += [Heading(2, "What happened last"), *_talks(sheet.talks)]
    if sheet.private:
        blocks += [Heading(2, "Your own private notes"), *_talks(sheet.private)]
    return [*blocks, Heading(2, "Today"), WriteLine("What was said:", 3), WriteLine("Next:", 2)]


def _promises(sheet: Sheet) -> list[Block]:
    if not sheet.promises:
        return [Para("Nothing is promised.")]
    items = tuple(
        ", ".join(apart(part) for part in (what, who, when) if part)
        for what, who, when in sheet.promises
    )
    return [Bullets(items, tick=True), *_more(sheet.more_promises)]


def _to_do(sheet: Sheet) -> list[Block]:
    if not sheet.still_to_do:
        return [Para("Nothing is left to do, as far as the answers go.")]
    items = tuple(
        item if state == TO_DO else f"{item} ({state.casefold()})"
        for item, state in sheet.still_to_do
    )
    return [Bullets(items, tick=True), *_more(sheet.more_to_do)]


def _more(count: int) -> list[Block]:
    return [Para(f"And {count} more.", small=True)] if count else []


def _talks(talks: tuple[Talk, ...]) -> list[Block]:
    if not talks:
        return [Para("Nothing has been written yet.")]
    return [Para(talk.body, lead=f"{talk.head}.") for talk in talks]
