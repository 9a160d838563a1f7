"""The one place where text becomes page content.

`para()` escapes every value before the library's markup parser sees it; nothing else in the
project may make a paragraph. Single lines go through `line()`, which knows no markup at all.
"""

from __future__ import annotations

from html import escape
from typing import Any

from reportlab.lib.colors import HexColor
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Paragraph

from evidence.drawing import Ink
from evidence.pdf import fonts
from evidence.pdf.tags import Canvas, Node, tagged


def style(
    size: float,
    *,
    bold: bool = False,
    ink: Ink = Ink.TEXT,
    before: float = 0,
    after: float = 6,
    indent: float = 0,
    hang: float = 0,
) -> ParagraphStyle:
    """A paragraph style in the report's family.

    `hang`: so much further left the first line begins, with a mark as wide: the lines that follow
    stand under its words.
    """
    fonts.register()
    return ParagraphStyle(
        f"s{size}{bold}{ink}{before}{after}{indent}{hang}",
        fontName=fonts.BOLD if bold else fonts.REGULAR,
        fontSize=size,
        leading=round(size * 1.4, 2),
        textColor=HexColor(ink.value),
        spaceBefore=before,
        spaceAfter=after,
        leftIndent=indent,
        firstLineIndent=-hang,
        splitLongWords=1,
        allowWidows=0,
        allowOrphans=0,
    )


_MOST = 100_000  # lines of one paragraph: nothing is cut


class TaggedParagraph(Paragraph):  # type: ignore[misc]  # the library has no types
    """A paragraph whose ink belongs to a node, on every page it spreads over.

    Words that read from the right are broken into lines here, each turned by itself: the library
    would break them when they are turned already, and the last line would come first.
    """

    node: Node | None = None
    plain: tuple[str, str] | None = None  # the bold lead-in and the text, where lines are ours
    broken_for: float | None = None

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """The library's own, over lines that are broken already where they have to be."""
        if self.plain is not None and width != self.broken_for:
            form = self.style
            room = width - form.leftIndent - form.rightIndent - 0.5  # never broken a second time
            self._setup(_broken(*self.plain, form, room), form, None, None, str)
            self.broken_for = width
        size: tuple[float, float] = super().wrap(width, height)
        return size

    def draw(self) -> None:
        """Draw inside the node's mark."""
        if self.node is None:
            raise ValueError("a paragraph without its node")
        with tagged(self.canv, self.node):
            super().draw()

    def split(self, width: float, height: float) -> list[Any]:
        """The halves belong to the same node."""
        parts: list[Any] = super().split(width, height)
        for part in parts:
            part.node = self.node
        return parts


def para(node: Node, text: str, form: ParagraphStyle, *, lead: str = "") -> TaggedParagraph:
    """A paragraph of plain text with an optional bold lead-in."""
    markup = _markup(text, form.fontName)
    if lead:
        markup = f"<b>{_markup(lead, fonts.BOLD)}</b> {markup}"
    made = TaggedParagraph(markup, form)
    made.node = node
    if fonts.reads_from_right(lead + text):
        made.plain = (fonts.clean(lead), fonts.clean(text))
    return made


def _broken(lead: str, text: str, form: ParagraphStyle, room: float) -> str:
    """The markup of a paragraph, its lines broken for a room in points and then turned."""
    size, first = form.fontSize, room - form.firstLineIndent
    heads: list[str] = []
    if lead:
        heads = fonts.wrap(lead, fonts.BOLD, size, room, _MOST, first=first)
        first = room if len(heads) > 1 else first
        first -= fonts.width(heads[-1] + " ", fonts.BOLD, size)
    lines = fonts.wrap(text, form.fontName, size, room, _MOST, first=first)
    bold = "<br/>".join(f"<b>{_markup(each, fonts.BOLD)}</b>" for each in heads)
    rest = "<br/>".join(_markup(each, form.fontName) for each in lines)
    return f"{bold} {rest}" if bold else rest


def _markup(text: str, font: str) -> str:
    """Escaped text; letters the family lacks are given to the spare font."""
    pieces = []
    for name, piece in fonts.runs(fonts.clean(text), font):
        safe = escape(piece, quote=True)
        pieces.append(safe if name == font else f'<font name="{name}">{safe}</font>')
    return "".join(pieces)


def line(
    canvas: Canvas,
    x: float,
    y: float,
    text: str,
    size: float,
    *,
    font: str = fonts.REGULAR,
    ink: Ink = Ink.TEXT,
    anchor: str = "start",
) -> None:
    """One line of text as it is, no markup known."""
    wide = fonts.width(text, font, size) if anchor != "start" else 0.0
    x -= {"start": 0.0, "middle": wide / 2, "end": wide}[anchor]
    canvas.setFillColor(HexColor(ink.value))
    for name, piece in fonts.runs(text, font):
        canvas.setFont(name, size)
        canvas.drawString(x, y, piece)
        x += fonts.width(piece, name, size)
