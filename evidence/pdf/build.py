"""A document's blocks as a story of pages. Two passes: the second knows the page numbers."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from reportlab.platypus import (
    BaseDocTemplate,
    CondPageBreak,
    Flowable,
    Frame,
    KeepTogether,
    PageTemplate,
    Spacer,
)
from reportlab.platypus import PageBreak as NewPage

from evidence import blocks as b
from evidence.drawing import Ink
from evidence.pdf import fonts
from evidence.pdf.finish import finish
from evidence.pdf.flow import Boxed, ContentsList, Entry, FactPanel, FillIn, Picture
from evidence.pdf.grid import Grid, GridPart
from evidence.pdf.pages import DraftPages, Pages, dress, sheet_of
from evidence.pdf.room import MOST_BELOW, Room
from evidence.pdf.tags import Node
from evidence.pdf.text import para, style

Progress = Callable[[str, int, int], None]


@dataclass(slots=True)
class Known:
    """What the first pass found out for the second."""

    pages: int = 0
    chapters: dict[str, int] = field(default_factory=dict)


def render(document: b.Document, progress: Progress | None = None) -> bytes:
    """The document as a tagged PDF; the same document gives the same bytes."""
    fonts.register()
    tell = progress or _silent
    grids: dict[int, Grid] = {}
    tell("Laying out pages", 1, 3)
    known, _, _ = _pass(document, Known(), grids, DraftPages)
    tell("Writing pages", 2, 3)
    _, raw, root = _pass(document, known, grids, Pages)
    grids.clear()
    tell("Tagging pages", 3, 3)
    title = fonts.clean(document.title).strip() or "Report"
    return finish(raw, root, title, document.as_of)


def _silent(_words: str, _done: int, _of: int) -> None:
    """Nobody asked."""


def _pass(
    document: b.Document, known: Known, grids: dict[int, Grid], pages: type[Pages]
) -> tuple[Known, bytes, Node]:
    root = Node("Document")
    found = Known()
    out = io.BytesIO()
    template = _Template(out, document, known, found)
    story = _Story(document, root, known, grids).make()
    template.build(story, canvasmaker=_canvas(document, pages))
    found.pages = template.page
    return found, out.getvalue(), root


def _canvas(document: b.Document, pages: type[Pages]) -> Callable[..., Any]:
    def make(*args: Any, **kwargs: Any) -> Any:
        fixed = {
            "invariant": 1,
            "pageCompression": 1,
            "lang": "en-GB",
            "initialFontName": fonts.REGULAR,
            "pdfVersion": (1, 7),
        }
        made = pages(*args, **(kwargs | fixed))
        made.setTitle(fonts.clean(document.title))
        made.setAuthor(fonts.clean(document.council))
        made.setSubject(fonts.clean(document.subtitle))
        made.setCreator("Hedgerow")
        return made

    return make


class _Template(BaseDocTemplate):  # type: ignore[misc]
    """Pages with a header and a footer; notes where chapters begin."""

    def __init__(self, out: io.BytesIO, document: b.Document, known: Known, found: Known) -> None:
        sheet = sheet_of(document)
        super().__init__(out, pagesize=(sheet.wide, sheet.high), invariant=1)
        self.found = found
        frame = Frame(sheet.side, sheet.bottom, sheet.room, sheet.depth, 0, 0, 0, 0, id="body")
        self.addPageTemplates(
            PageTemplate(
                frames=[frame], onPage=lambda c, d: dress(c, document, d.page, known.pages)
            )
        )

    def afterFlowable(self, flowable: Flowable) -> None:  # noqa: N802  the library's name
        """Note the page of a chapter and put it in the bookmarks."""
        heading = getattr(flowable, "heading", None)
        if heading is None:
            return
        level, text, target = heading
        if level == 1:
            self.found.chapters[target] = self.page
        self.canv.bookmarkPage(target)
        self.canv.addOutlineEntry(fonts.clean(text), target, level - 1, closed=level == 1)


class _Story:
    """Blocks one by one into flowables and structure nodes."""

    def __init__(
        self, document: b.Document, root: Node, known: Known, grids: dict[int, Grid]
    ) -> None:
        self.document, self.known, self.root = document, known, root
        self.grids = grids  # measured once, for both passes
        self.size = float(document.point_size)
        self.room = sheet_of(document).room
        self.body = style(self.size, after=round(self.size * 0.65, 1))
        self.small = style(self.size - 1.5, ink=Ink.MUTED, after=6)
        self.fit = Room(self.size, sheet_of(document))
        self.number = 0
        self.after: tuple[b.Block, ...] = ()
        self.place = root.add("Sect")

    def make(self) -> list[Any]:
        """The story: the title, then every block, headings kept with what follows."""
        groups = [self._title()] if self.document.cover else []
        blocks = self.document.blocks
        for at, block in enumerate(blocks):
            self.after = blocks[at + 1 : at + 1 + MOST_BELOW]
            groups.append(self._block(block))
        flat = [item for group in groups for item in group]
        return _bound(flat)

    def _title(self) -> list[Any]:
        document, size = self.document, self.size
        first = para(self.place.add("P"), document.council, style(size, ink=Ink.MUTED, after=4))
        title = para(self.place.add("H1"), document.title,
                     style(size * 2.2, bold=True, ink=Ink.ACCENT, after=3))  # fmt: skip
        title.heading = (1, document.title, "title")
        under = para(self.place.add("P"), document.subtitle, style(size * 1.15, after=4))
        source = para(self.place.add("P"), document.provenance, self.small)
        return [first, title, under, source, Spacer(1, 2)]

    def _block(self, block: b.Block) -> list[Any]:
        made: list[Any] = _MAKERS[type(block)](self, block)
        return made

    def heading(self, block: b.Heading) -> list[Any]:
        """A heading with its bookmark; a chapter may begin a page."""
        size, before = {1: (1.65, 16), 2: (1.25, 12), 3: (1.08, 8)}[block.level]
        if block.level == 1:
            self.place = self.root.add("Sect")
        made = para(
            self.place.add(f"H{block.level + int(self.document.cover)}"),
            block.text,
            style(round(self.size * size, 1), bold=True, before=before, after=5,
                  ink=Ink.ACCENT if block.level == 1 else Ink.TEXT),
        )  # fmt: skip
        self.number += 1
        made.heading = (block.level, block.text, f"part-{self.number}")
        start = NewPage() if block.new_page else CondPageBreak(self._room_below(made))
        return [start, made]

    def para(self, block: b.Para) -> list[Any]:
        """Running text."""
        form = self.small if block.small else self.body
        made = para(self.place.add("P"), block.text, form, lead=block.lead)
        made.keepWithNext = bool(block.lead and not block.text)  # it names what comes after it
        return [made]

    def bullets(self, block: b.Bullets) -> list[Any]:
        """A list, each item with its mark."""
        parent = self.place.add("L")
        marks, hangs, indent = self.fit.marks(block)
        items = []
        for mark, hang, text in zip(marks, hangs, block.items, strict=True):
            form = style(self.size, after=3, indent=indent, hang=hang)
            items.append(para(parent.add("LI").add("LBody"), mark + text, form))
        first = self.fit.first_of(block)
        rest = items[first:]
        ends = [*rest[:-2], KeepTogether(rest[-2:])] if len(rest) > 1 else rest  # none stands alone
        return [KeepTogether(items[:first]), *ends, Spacer(1, 4)]

    def _room_below(self, heading: Any) -> float:
        """Room a heading needs, so that it never stands alone at the foot of a page."""
        return self.fit.below(heading, self.after)

    def facts(self, block: b.Facts) -> list[Any]:
        """Panels."""
        return [FactPanel(block.items, self.place, self.room, self.size)]

    def table(self, block: b.Table) -> list[Any]:
        """A grid, with its note below."""
        if not block.rows:
            text = f"{block.caption}: nothing recorded."
            return [para(self.place.add("P"), text, self.body)]
        grid = self.grids.get(id(block))
        if grid is None:
            grid = self.grids[id(block)] = Grid(block, self.size - 1.5, self.room)
        grid.tag(self.place.add("Table"), self.place.add("P") if block.note else None)
        return [GridPart(grid)]

    def chart(self, block: b.Chart) -> list[Any]:
        """The caption, the picture and the table with the same numbers."""
        caption = para(self.place.add("P"), block.caption,
                       style(self.size, bold=True, before=6, after=4))  # fmt: skip
        picture = Picture(block.drawing, self.place.add("Figure", alt=block.alt))
        return [KeepTogether([caption, picture]), *self.table(block.table)]

    def sketch(self, block: b.Sketch) -> list[Any]:
        """The drawing alone."""
        return [Picture(block.drawing, self.place.add("Figure", alt=block.alt))]

    def caveat(self, block: b.Caveat) -> list[Any]:
        """A box."""
        title = para(self.place.add("P"), block.title, style(self.size, bold=True, ink=Ink.WARN))
        lines = [para(self.place.add("P"), text, style(self.size - 0.5)) for text in block.lines]
        return [Boxed([title, *lines], self.room)]

    def rows_behind(self, block: b.RowsBehind) -> list[Any]:
        """Where to find the records."""
        return [para(self.place.add("P"), b.rows_words(block), self.small)]

    def contents(self, _block: b.Contents) -> list[Any]:
        """The list of chapters with the first pass's page numbers."""
        entries = []
        number = 0
        for block in self.document.blocks:
            if isinstance(block, b.Heading):
                number += 1
                target = f"part-{number}"
                if block.level == 1:
                    entries.append(Entry(block.text, target, self.known.chapters.get(target, 1)))
        return [ContentsList(entries, self.place.add("TOC"), self.room, self.size)]

    def page_break(self, _block: b.PageBreak) -> list[Any]:
        """A new page."""
        return [NewPage()]

    def write_line(self, block: b.WriteLine) -> list[Any]:
        """Lines for a pen."""
        return [FillIn(block.label, block.lines, self.place, self.room, self.size)]


def _bound(story: list[Any]) -> list[Any]:
    """Drop a page break right after another, so that no page stays empty."""
    kept = story[:1]
    for before, item in pairwise(story):
        twice = isinstance(item, NewPage) and isinstance(before, NewPage)
        if not twice:
            kept.append(item)
    return kept


_MAKERS: dict[type, Callable[[_Story, Any], list[Any]]] = {
    b.Heading: _Story.heading,
    b.Para: _Story.para,
    b.Bullets: _Story.bullets,
    b.Facts: _Story.facts,
    b.Table: _Story.table,
    b.Chart: _Story.chart,
    b.Sketch: _Story.sketch,
    b.Caveat: _Story.caveat,
    b.RowsBehind: _Story.rows_behind,
    b.Contents: _Story.contents,
    b.PageBreak: _Story.page_break,
    b.WriteLine: _Story.write_line,
}
