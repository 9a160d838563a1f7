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


class TaggedParagraph(Paragraph):  # type: ignore[misc]  # the library has no types
    """A paragraph whose ink belongs to a node, on every page it spreads over."""

    node: Node | None = None

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
    return made


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
