"""What stands on every page: whose report, its day and reference, the page number."""

from __future__ import annotations

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4

from evidence.blocks import Document, long_date
from evidence.drawing import Ink
from evidence.pdf import fonts
from evidence.pdf.tags import Canvas, decoration
from evidence.pdf.text import line

SIDE, TOP, BOTTOM = 57.0, 66.0, 60.0


def dress(canvas: Canvas, document: Document, page: int, pages: int) -> None:
    """Header and footer, as decoration: a screen reader skips them."""
    wide, high = A4
    with decoration(canvas, "Pagination"):
        if page > 1:
            title = fonts.one_line(fonts.clean(document.title), fonts.REGULAR, 8.5, 300)
            line(canvas, SIDE, high - 38, title, 8.5, ink=Ink.MUTED)
            _rule(canvas, high - 46)
        if document.mark:
            mark = fonts.one_line(fonts.clean(document.mark), fonts.BOLD, 8.5, 150)
            line(canvas, wide - SIDE, high - 38, mark, 8.5, font=fonts.BOLD,
                 ink=Ink.WARN, anchor="end")  # fmt: skip
        _rule(canvas, 44)
        line(canvas, SIDE, 31, _left(document), 8, ink=Ink.MUTED)
        line(canvas, wide - SIDE, 31, f"Page {page} of {pages}", 8, ink=Ink.MUTED, anchor="end")


def _left(document: Document) -> str:
    words = f"As at {long_date(document.as_of)}"
    if document.reference:
        words += f"  ·  Reference {document.reference[:12]}"
    if document.published:
        words += "  ·  Published version, small numbers hidden"
    return words


def _rule(canvas: Canvas, y: float) -> None:
    canvas.setStrokeColor(HexColor(Ink.GRID.value))
    canvas.setLineWidth(0.6)
    canvas.line(SIDE, y, A4[0] - SIDE, y)
