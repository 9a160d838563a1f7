"""What stands on a screen, on paper: headings, lines and whole tables, in the order they are read.

Plain parts in, blocks out; knows no screen. Refuses markup: every word is printed as it stands.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from evidence.blocks import Block, Column, Document, Heading, Para, Table, apart

BETWEEN = "  ·  "  # things that stood on one line of the screen
TITLE, HEADING, LINE, STRONG, TABLE = "title", "heading", "line", "strong", "table"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One thing on a screen: a line of words, or a table with all its rows."""

    kind: str  # title | heading | line | strong | table
    text: str = ""
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A screen to be printed."""

    title: str
    council: str
    on: date
    parts: tuple[Part, ...]
    practice: bool = False


def build(paper: Paper) -> Document:
    """The paper as blocks."""
    blocks: list[Block] = []
    for number, part in enumerate(paper.parts):
        blocks += _blocks(number, part)
    return Document(
        title=paper.title or "Hedgerow",
        subtitle="",
        council=paper.council,
        as_of=paper.on,
        reference="",
        provenance="",
        published=False,
        blocks=tuple(blocks),
        mark="Practice data" if paper.practice else "",
        cover=False,
    )


def _blocks(number: int, part: Part) -> list[Block]:
    if part.kind == TABLE:
        return [_table(number, part)] if part.rows and part.columns else []
    if not part.text.strip():
        return []
    if part.kind in (TITLE, HEADING):
        return [Heading(1 if part.kind == TITLE else 2, part.text)]
    lines = [_in_places(each) for each in part.text.splitlines() if each.strip()]
    return [Para("", lead=each) if part.kind == STRONG else Para(each) for each in lines]


def _in_places(line: str) -> str:
    """Each thing of a line that has several, where it stood beside the others."""
    return BETWEEN.join(map(apart, line.split(BETWEEN)))


def _table(number: int, part: Part) -> Table:
    widest = [
        max([len(head), *(len(row[at]) for row in part.rows)])
        for at, head in enumerate(part.columns)
    ]
    columns = tuple(
        Column(head or " ", width=min(max(widest[at], 5), 40) / 12, row_header=at == 0)
        for at, head in enumerate(part.columns)
    )
    return Table(
        key=f"table_{number}",
        caption=part.text or "List",
        columns=columns,
        rows=tuple(tuple(row) for row in part.rows),
    )
