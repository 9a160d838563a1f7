"""The report's tables as a workbook: a sheet a table, a sheet of rows behind each indicator.

Refuses formulas: text stays text whatever it begins with, and a cell is never computed. Same
document, same bytes.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from itertools import chain
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.writer.excel import ExcelWriter

from evidence import blocks as b

_HEAD = Font(bold=True)
_SHADE = PatternFill("solid", fgColor="F0F4F7")
_LINE = Border(bottom=Side(style="thin", color="7A858F"))
_FORMATS = {
    b.Format.COUNT: "#,##0",
    b.Format.HOURS: "#,##0.##",
    b.Format.POUNDS: '"£"#,##0.00',
    b.Format.PERCENT: '0.0"%"',
    b.Format.DAYS: "#,##0",
    b.Format.DATE: "d mmm yyyy",
}
_BAD = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\']")
_LONGEST = 32_000


def render_xlsx(document: b.Document, following: Iterable[b.Table] = ()) -> bytes:
    """The workbook. `following`: sheets behind those of the document, as they come."""
    out = io.BytesIO()
    write_xlsx(document, out, following)
    return out.getvalue()


def write_xlsx(document: b.Document, out: IO[bytes], following: Iterable[b.Table] = ()) -> None:
    """The same, straight into `out`: no sheet is held whole, nor two tables that follow."""
    book = Workbook(write_only=True)
    with _Archive(out, document.as_of) as archive:
        with _sheet_into(archive, book, "Read me") as sheet:
            _cover(sheet, document)
        taken = {"read me"}
        for table in chain(document.tables(), document.sheets, following):
            if table.rows:
                with _sheet_into(archive, book, _name(table.key, taken)) as sheet:
                    _sheet(sheet, table)
            del table  # before the next one comes
        day = document.as_of
        stamp = datetime(day.year, day.month, day.day)  # noqa: DTZ001
        book.properties.created = book.properties.modified = stamp
        book.properties.creator = _clean(document.council)
        book.properties.title = _clean(document.title)
        _Rest(book, archive).save()


class _Archive(zipfile.ZipFile):
    """Parts with a fixed day each, so that equal workbooks are equal bytes."""

    def __init__(self, out: IO[bytes], day: date) -> None:
        super().__init__(out, "w", zipfile.ZIP_DEFLATED)
        self._stamp = rb"\g<1>" + f"{day:%Y-%m-%d}T00:00:00Z".encode() + rb"\g<2>"

    def part(self, name: str) -> zipfile.ZipInfo:
        """What a part is called and how it is kept."""
        made = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
        made.compress_type = zipfile.ZIP_DEFLATED
        made.external_attr = 0o600 << 16
        return made

    def writestr(self, name: Any, data: Any, *_how: Any) -> None:
        """A part as a whole, kept as all of them are."""
        if name == "docProps/core.xml":
            data = _MODIFIED.sub(self._stamp, data)
        super().writestr(self.part(name), data)


class _Sheet(WriteOnlyWorksheet):
    """A sheet written into the archive: the library would put names into a temporary file."""

    _writer: Any = None
    _id: int  # its place in the workbook

    def write_into(self, part: IO[bytes]) -> None:
        """Where its rows go. Before the first of them: what stands above is written then."""
        self._part = part

    def _get_writer(self) -> None:
        if self._writer is None:
            self._writer = WorksheetWriter(self, self._part)
            self._writer.write_top()


@contextmanager
def _sheet_into(archive: _Archive, book: Any, title: str) -> Iterator[Any]:
    sheet = _Sheet(parent=book, title=title)
    book._add_sheet(sheet)  # noqa: SLF001
    sheet._id = len(book.worksheets)  # noqa: SLF001
    with archive.open(archive.part(sheet.path[1:]), "w", force_zip64=False) as part:
        sheet.write_into(part)
        yield sheet
        sheet.close()


class _Rest(ExcelWriter):
    """Everything else of the workbook: the sheets stand in the archive already."""

    def write_worksheet(self, ws: Any) -> None:
        """One sheet, as the library names it."""
        ws._drawing = SpreadsheetDrawing()  # noqa: SLF001
        ws._rels = ws._writer._rels  # noqa: SLF001
        self.manifest.append(ws)


def _cover(sheet: Any, document: b.Document) -> None:
    lines = [
        document.mark,
        document.council,
        document.title,
        document.subtitle,
        f"As at {b.long_date(document.as_of)}",
        f"Reference {document.reference}",
        document.provenance,
        _FOR_ALL if document.published else _FOR_US,
        "B1 to B4 value the same hours in different ways. Never add them.",
        "" if document.published else _ROWS,
    ]
    sheet.column_dimensions["A"].width = 100
    for words in filter(None, lines):
        cell = _text(sheet, words)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        sheet.append([cell])


_FOR_ALL = "Published version: small numbers are not shown."
_FOR_US = "For the programme's own use: it names enterprises. Do not publish this workbook."
_ROWS = (
    "A sheet with a number like I-06 lists the records behind that indicator, and the records that "
    "were looked at and left out, with the reason."
)


def _sheet(sheet: Any, table: b.Table) -> None:
    for at in range(len(table.columns)):
        sheet.column_dimensions[get_column_letter(at + 1)].width = _width(table, at)
    sheet.freeze_panes = "A4"
    title = _text(sheet, table.caption)
    title.font = Font(bold=True, size=13)
    sheet.append([title])
    sheet.append([])
    sheet.append([_head(sheet, column.title) for column in table.columns])
    forms = [column.format for column in table.columns]
    for values in table.rows:
        sheet.append([_cell(sheet, *pair) for pair in zip(values, forms, strict=True)])
    if table.total:
        sheet.append([_bold(sheet, *pair) for pair in zip(table.total, forms, strict=True)])
    if table.note:
        sheet.append([])
        sheet.append([_text(sheet, table.note)])


def _head(sheet: Any, words: str) -> Any:
    cell = _text(sheet, words)
    cell.font, cell.fill, cell.border = _HEAD, _SHADE, _LINE
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell


def _cell(sheet: Any, value: b.Value, form: b.Format) -> Any:
    """A value as the sheet takes it: bare where nothing can be misread, else a careful cell."""
    if value is None:
        return None
    if isinstance(value, b.Hidden):
        return value.words
    if isinstance(value, str):
        return value if _PLAIN.fullmatch(value) else _text(sheet, value)
    if form not in _FORMATS or (form is b.Format.COUNT and abs(value) < 1000):  # type: ignore[operator, arg-type]
        return value
    cell = WriteOnlyCell(sheet, value)  # type: ignore[arg-type]  # it takes any number
    cell.number_format = _FORMATS[form]
    return cell


def _bold(sheet: Any, value: b.Value, form: b.Format) -> Any:
    cell = _cell(sheet, value, form)
    if not isinstance(cell, Cell):
        cell = _text(sheet, cell) if isinstance(cell, str) else WriteOnlyCell(sheet, cell)
    cell.font = _HEAD
    return cell


_PLAIN = re.compile(r"[A-Za-z0-9][\w .,;:()/&£%–-]{0,200}")


def _text(sheet: Any, text: str) -> Any:
    """Text as text: never a formula, never an error value, and kept so when edited again."""
    cell = WriteOnlyCell(sheet, _clean(text))
    cell.data_type = "s"
    if text[:1] in "=+-@\t\r'":
        cell.quotePrefix = True
    return cell


def _clean(text: str) -> str:
    return _BAD.sub("", b.whole(text))[:_LONGEST]


def _width(table: b.Table, at: int) -> float:
    column = table.columns[at]
    texts = [b.shown(row[at], column.format) for row in table.rows[:200]]
    return float(min(max([len(column.title), *map(len, texts)]) + 3, 60))


def _name(key: str, taken: set[str]) -> str:
    base = _NOT_IN_NAMES.sub(" ", _clean(key).replace("_", " ")).strip()[:28] or "Table"
    name = base = base[:1].upper() + base[1:]
    number = 2
    while name.lower() in taken:
        name = f"{base} {number}"
        number += 1
    taken.add(name.lower())
    return name


_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")
