"""What stands on every page: whose report, its day and reference, the page number."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4, A5
from reportlab.pdfbase.pdfdoc import PDFDictionary, PDFName, PDFStream
from reportlab.pdfgen.canvas import Canvas

from evidence.blocks import Document, long_date
from evidence.drawing import Ink
from evidence.pdf import fonts
from evidence.pdf.tags import decoration
from evidence.pdf.text import line


@dataclass(frozen=True, slots=True)
class Sheet:
    """Paper with its margins, in points."""

    wide: float
    high: float
    side: float
    top: float
    bottom: float

    @property
    def room(self) -> float:
        """How wide a line may be."""
        return self.wide - 2 * self.side

    @property
    def depth(self) -> float:
        """How high the text of a page may be."""
        return self.high - self.top - self.bottom


LARGE = Sheet(A4[0], A4[1], 57.0, 66.0, 60.0)
SMALL = Sheet(A5[0], A5[1], 36.0, 46.0, 48.0)


class Pages(Canvas):  # type: ignore[misc]
    """Pages as they are written: each is compressed as it ends, not all of them at the end."""

    is_draft = False

    def showPage(self) -> None:  # noqa: N802  the library's name
        """A page ends."""
        super().showPage()
        page = self._doc.Pages.pages[-1]
        how = PDFDictionary({"Filter": PDFName("FlateDecode")})
        page.Contents = PDFStream(how, zlib.compress(page.stream.encode()))
        page.stream = None


class DraftPages(Pages):
    """Pages that are only counted: nothing of them is kept."""

    is_draft = True

    def showPage(self) -> None:  # noqa: N802
        """A page ends."""
        self._startPage()

    def save(self) -> None:
        """Nothing to write."""


def sheet_of(document: Document) -> Sheet:
    """The paper that a document is laid out for."""
    return SMALL if document.small_paper else LARGE


def dress(canvas: Canvas, document: Document, page: int, pages: int) -> None:
    """Header and footer, as decoration: a screen reader skips them."""
    sheet = sheet_of(document)
    wide, high, side = sheet.wide, sheet.high, sheet.side
    with decoration(canvas, "Pagination"):
        if page > 1:
            room = min(300, sheet.room - 160)
            title = fonts.one_line(fonts.clean(document.title), fonts.REGULAR, 8.5, room)
            line(canvas, side, high - sheet.top + 28, title, 8.5, ink=Ink.MUTED)
            _rule(canvas, sheet, high - sheet.top + 20)
        if document.mark:
            mark = fonts.one_line(fonts.clean(document.mark), fonts.BOLD, 8.5, 150)
            line(canvas, wide - side, high - sheet.top + 28, mark, 8.5, font=fonts.BOLD,
                 ink=Ink.WARN, anchor="end")  # fmt: skip
        _rule(canvas, sheet, sheet.bottom - 16)
        line(canvas, side, sheet.bottom - 29, _left(document), 8, ink=Ink.MUTED)
        number = f"Page {page} of {pages}"
        line(canvas, wide - side, sheet.bottom - 29, number, 8, ink=Ink.MUTED, anchor="end")


def _left(document: Document) -> str:
    words = f"As at {long_date(document.as_of)}"
    if document.reference:
        words += f"  ·  Reference {document.reference[:12]}"
    if document.published:
        words += "  ·  Published version, small numbers not shown"
    return words


def _rule(canvas: Canvas, sheet: Sheet, y: float) -> None:
    canvas.setStrokeColor(HexColor(Ink.GRID.value))
    canvas.setLineWidth(0.6)
    canvas.line(sheet.side, y, sheet.wide - sheet.side, y)
