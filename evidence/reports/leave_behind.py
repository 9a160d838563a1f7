"""One page that stays with the leader after a visit: what we did, what comes next, how to reach me.

14 point, 18 on request, one page. Refuses private notes: only what the coach wrote to be shared.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from evidence.blocks import (
    Block,
    Bullets,
    Document,
    Heading,
    Para,
    Sketch,
    WriteLine,
    long_date,
)
from evidence.dossier import Dossier
from evidence.drawing import Drawing, Ink, Stroke

MOST = 8  # lines of a list
LONGEST = 90  # characters of a line
BY = ", by "  # before the day of a promise
HOLDS = "\N{NO-BREAK SPACE}"
_DAYS = "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday"
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_TOGETHER = re.compile(
    rf"(?:(?:{_DAYS}) )?\d{{1,2}} (?:{_MONTHS})(?: \d{{4}})?|\+?\(?\d[\d ()]{{6,}}\d"
)
INK_WIDTH, INK_HEIGHT = 180.0, 46.0  # points, of a signature on paper


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """What the page says. The coach has read it before it is printed."""

    on: date
    leader: str
    coach: str
    council: str
    done_today: tuple[str, ...] = ()
    do_next: tuple[str, ...] = ()  # "Ring the insurer, by 4 April 2023"
    coach_does: tuple[str, ...] = ()
    reach: tuple[str, ...] = ()  # "01303 000000, Monday to Thursday"
    next_visit: date | None = None
    signed: str = ""  # "Signed by Mary Thorne at 14:32."
    strokes: tuple[tuple[tuple[int, int], ...], ...] = ()  # of the signature, in thousandths
    practice: bool = False


def build(
    visit: Visit,
    *,
    large: bool = False,
    small_paper: bool = False,
    most: int = MOST,
    most_done: int = MOST,
) -> Document:
    """The page. A list longer than `most` is cut, and says how many more there are.

    `most_done`: of what was done. What comes next, with its days, is needed longer. Small paper is
    A5 with letters of the same size, so that it may take both sides of it.
    """
    blocks: list[Block] = [
        Heading(1, f"Our talk on {long_date(visit.on)}"),
        Para(visit.leader, lead="For"),
        Heading(2, "What we did today"),
        *_list(visit.done_today, "We talked.", min(most, most_done)),
        Heading(2, "What you do next"),
        *_list(visit.do_next, "Nothing to do before we speak again.", most, tick=True),
        *_mine(visit, most),
        Heading(2, "How to reach me"),
        Para(visit.coach, lead="Your coach:"),
        _reach(visit),
        *_again(visit),
        *_signed(visit),
    ]
    return Document(
        title="What we did today",
        subtitle=visit.leader,
        council=visit.council,
        as_of=visit.on,
        reference="",
        provenance="",
        published=False,
        blocks=tuple(blocks),
        mark="Practice data" if visit.practice else "",
        point_size=Decimal(18 if large else 14),
        cover=False,
        small_paper=small_paper,
    )


def _list(items: tuple[str, ...], none: str, most: int, *, tick: bool = False) -> list[Block]:
    if not items:
        return [Para(none)]
    shown = tuple(unbroken(_short(each)) for each in items)
    if len(items) <= most:
        return [Bullets(shown, tick=tick)]
    left = len(items) - most + 1
    return [Bullets(shown[: most - 1], tick=tick), Para(f"And {left} more things.")]


def unbroken(text: str) -> str:
    """The same words; a day, a time and a telephone number are not torn by the end of a line."""
    return _TOGETHER.sub(lambda found: found.group().replace(" ", HOLDS), text)


def _short(item: str) -> str:
    """A line that is not too long; what gives way are its last words, never its day."""
    if len(item) <= LONGEST:
        return item
    words, by, day = item.rpartition(BY)
    end = f"{by}{day}" if len(day) <= LONGEST // 2 and words else ""
    kept = (words if end else item)[: LONGEST - len(end)]
    at = kept.rfind(" ")
    whole = kept[:at] if len(kept) - at < LONGEST // 4 else kept  # not the middle of a word
    return f"{whole.rstrip(' ,;:')}…{end}"


def _mine(visit: Visit, most: int) -> list[Block]:
    if not visit.coach_does:
        return []
    return [Heading(2, "What I do next"), *_list(visit.coach_does, "", most)]


def _reach(visit: Visit) -> Block:
    if len(visit.reach) == 1:
        return Para(unbroken(visit.reach[0]))
    return Bullets(tuple(map(unbroken, visit.reach))) if visit.reach else WriteLine("Telephone:")


def _again(visit: Visit) -> list[Block]:
    if visit.next_visit is None:
        return [WriteLine("We speak again on:")]
    return [Para(unbroken(long_date(visit.next_visit)), lead="We speak again on")]


def _signed(visit: Visit) -> list[Block]:
    if not visit.signed:
        return []
    points = [point for stroke in visit.strokes for point in stroke]
    if not points:
        return [Para(visit.signed)]
    left, top = min(x for x, _ in points), min(y for _, y in points)
    scale = INK_WIDTH / max(200, max(x for x, _ in points) - left)
    scale = min(scale, INK_HEIGHT / max(1, max(y for _, y in points) - top))
    strokes = tuple(
        Stroke(tuple(((x - left) * scale + 2, (y - top) * scale + 2) for x, y in stroke), Ink.TEXT)
        for stroke in visit.strokes
    )
    high = (max(y for _, y in points) - top) * scale
    drawing = Drawing(INK_WIDTH + 4, high + 6, strokes)
    return [Para(visit.signed), Sketch(visit.signed, drawing)]


def from_dossier(dossier: Dossier, enterprise_id: str, *, large: bool = False) -> Document:
    """The page from the records of the day: open actions, the coach's name. No notes.

    Raises KeyError when there is no such enterprise.
    """
    enterprise = dossier.by_id[enterprise_id]
    coaches = [c.name for c in dossier.colleagues if c.id == enterprise.coach_id]
    leaders = [x.name for x in dossier.leaders if x.enterprise_id == enterprise_id and x.name]
    mine = [a for a in dossier.actions if a.enterprise_id == enterprise_id]
    still = [a for a in mine if a.done_on is None]
    visit = Visit(
        on=dossier.as_of,
        leader=leaders[0] if leaders else dossier.name_of(enterprise_id),
        coach=coaches[0] if coaches else "the programme",
        council=dossier.pack.council,
        done_today=tuple(a.text for a in mine if a.done_on == dossier.as_of),
        do_next=tuple(_due(a.text, a.due_on) for a in still if a.owner == "leader"),
        coach_does=tuple(_due(a.text, a.due_on) for a in still if a.owner == "coach"),
        practice=dossier.provenance.practice,
    )
    return build(visit, large=large)


def _due(text: str, due: date | None) -> str:
    return f"{text}{BY}{long_date(due)}" if due else text
