"""What can be asked of the figures, and what each question is answered with: plain messages.

They go to a process as JSON and come back as MessagePack, which takes bytes as they are. Refuses to
know how anything is worked out.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec

from desktop.operations.reports import Check, Choice
from desktop.presenters.impact_picture import Course, ImpactPicture, IndicatorPicture
from desktop.presenters.impact_scope import Scope
from desktop.presenters.impact_tiles import Tile


class Forget(msgspec.Struct, frozen=True, tag=True):
    """Records of these kinds changed."""

    kinds: tuple[str, ...]


class Known(msgspec.Struct, frozen=True, tag=True):
    """The whole page, if nothing it rests on has changed since it was worked out."""

    scope: Scope
    chosen: str


class Read(msgspec.Struct, frozen=True, tag=True):
    """Read the records of one kind, unless they are known; how many there are."""

    kind: str


class Gather(msgspec.Struct, frozen=True, tag=True):
    """Put the facts of a day together."""

    day: date


class OneTile(msgspec.Struct, frozen=True, tag=True):
    """Work out one figure."""

    scope: Scope
    indicator_id: str


class Page(msgspec.Struct, frozen=True, tag=True):
    """The page of all figures; those that are not known yet are worked out."""

    scope: Scope


class OneCourse(msgspec.Struct, frozen=True, tag=True):
    """One figure over months and districts."""

    scope: Scope
    indicator_id: str


class Explain(msgspec.Struct, frozen=True, tag=True):
    """One figure with every row behind it."""

    scope: Scope
    indicator_id: str


class Checks(msgspec.Struct, frozen=True, tag=True):
    """What to know before a report goes out."""

    choice: Choice


class Facts(msgspec.Struct, frozen=True, tag=True):
    """A report as it travels to the process that draws it, with its checks.

    Its parts come before the answer, one by one (`FiguresDesk.answer`).
    """

    choice: Choice
    sheets: bool = False  # with the sheets of rows, which only a workbook shows


class Found(msgspec.Struct, frozen=True):
    """Checks of the very facts that the report speaks of: asked apart, a change could come between.

    `records`: so many are held where figures are worked out.
    """

    checks: tuple[Check, ...]
    records: int = 0


Question = (
    Forget | Known | Read | Gather | OneTile | Page | OneCourse | Explain | Checks | Facts
)  # fmt: skip
ANSWERS: dict[type, Any] = {
    Forget: None,
    Known: ImpactPicture | None,
    Read: int,
    Gather: None,
    OneTile: Tile,
    Page: ImpactPicture,
    OneCourse: Course,
    Explain: IndicatorPicture,
    Checks: tuple[Check, ...],
    Facts: Found,
}


def packed(asked: Question) -> bytes:
    """A question on its way."""
    return msgspec.json.encode(asked)


def unpacked(body: bytes) -> Question:
    """A question that came. Raises msgspec.ValidationError."""
    asked: Question = msgspec.json.decode(body, type=Question)
    return asked


def packed_answer(answer: Any) -> bytes:
    """An answer on its way."""
    return msgspec.msgpack.encode(answer)


def unpacked_answer(asked: Question, body: bytes) -> Any:
    """An answer that came. Raises msgspec.ValidationError."""
    return msgspec.msgpack.decode(body, type=ANSWERS[type(asked)])
