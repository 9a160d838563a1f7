"""The structure of a page for people who do not see it: what is a heading, a cell, a picture.

Marks content while it is drawn; `finish` writes the tree into the file. Refuses untagged ink: it
is either part of a node or marked as decoration.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

Canvas = Any


@dataclass(slots=True)
class Mark:
    """A piece of a page's content that belongs to a node."""

    page: int
    mcid: int


@dataclass(slots=True)
class Jump:
    """A link on a page that belongs to a node: the n-th one of that page."""

    page: int
    number: int
    words: str


@dataclass(slots=True)
class Rows:
    """Rows of a table that look alike, each drawn on one page with one mark a cell in a row.

    A county's tables have 150,000 cells: a node for each would take as much memory as all else.
    """

    cells: tuple[tuple[str, str], ...]  # role and scope of each column
    pages: array[int] = field(default_factory=lambda: array("L"))
    firsts: array[int] = field(default_factory=lambda: array("L"))  # the first cell's number

    def add(self, page: int, first: int) -> None:
        """The next row, on this page, its cells marked from this number on."""
        self.pages.append(page)
        self.firsts.append(first)


@dataclass(slots=True)
class Node:
    """One element of the structure: its role, its children in reading order."""

    role: str
    children: list[Node | Mark | Jump | Rows] = field(default_factory=list)
    alt: str = ""
    scope: str = ""
    box: tuple[float, float, float, float] | None = None

    def add(self, role: str, *, alt: str = "", scope: str = "") -> Node:
        """A new child at the end."""
        node = Node(role, alt=alt, scope=scope)
        self.children.append(node)
        return node


class PageTags:
    """Numbers for the marked content and the links of each page."""

    def __init__(self) -> None:
        self._next: dict[int, int] = {}
        self._links: dict[int, int] = {}

    def mark(self, page: int) -> Mark:
        """The next mark of a page."""
        return Mark(page, self.take(page, 1))

    def take(self, page: int, count: int) -> int:
        """So many marks of a page in a row: the number of the first."""
        mcid = self._next.get(page, 0)
        self._next[page] = mcid + count
        return mcid

    def jump(self, page: int, words: str) -> Jump:
        """The next link of a page."""
        number = self._links.get(page, 0)
        self._links[page] = number + 1
        return Jump(page, number, words)


def tags_of(canvas: Canvas) -> PageTags:
    """The tags of the file a canvas writes."""
    found = canvas.__dict__.setdefault("_page_tags", PageTags())
    assert isinstance(found, PageTags)  # noqa: S101  for the type checker
    return found


@contextmanager
def tagged(canvas: Canvas, node: Node) -> Iterator[None]:
    """Everything drawn inside belongs to the node."""
    mark = tags_of(canvas).mark(canvas.getPageNumber())
    node.children.append(mark)
    canvas._code.append(f"/{node.role} <</MCID {mark.mcid}>> BDC")  # noqa: SLF001  no public way
    yield
    canvas._code.append("EMC")  # noqa: SLF001


@contextmanager
def decoration(canvas: Canvas, kind: str = "") -> Iterator[None]:
    """Everything drawn inside is decoration: lines, backgrounds, page numbers."""
    start = f"/Artifact <</Type /{kind}>> BDC" if kind else "/Artifact BMC"
    canvas._code.append(start)  # noqa: SLF001
    yield
    canvas._code.append("EMC")  # noqa: SLF001


def tagged_row(canvas: Canvas, rows: Rows, cells: Sequence[str]) -> Iterator[str]:
    """The cells of the next row, one after the other: what is drawn between two is the first's."""
    page = canvas.getPageNumber()
    first = tags_of(canvas).take(page, len(cells))
    rows.add(page, first)
    for at, cell in enumerate(cells):
        canvas._code.append(f"/{rows.cells[at][0]} <</MCID {first + at}>> BDC")  # noqa: SLF001
        yield cell
        canvas._code.append("EMC")  # noqa: SLF001


def is_draft(canvas: Canvas) -> bool:
    """Whether the pages are only counted: what is drawn on them goes nowhere."""
    return bool(getattr(canvas, "is_draft", False))
