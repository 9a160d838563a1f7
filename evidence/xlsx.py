"""The report's tables as a workbook: a sheet a table, a sheet of rows behind each indicator.

Refuses formulas: text stays text whatever it begins with, and a cell is never computed. Same
document, same bytes.
"""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

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


def render_xlsx(document: b.Document) -> bytes:
    """The workbook."""
    book = Workbook()
    first = book.active
    if first is None:
        raise ValueError("a new workbook has no sheet")
    first.title = "Read me"
    _cover(first, document)
    taken = {"read me"}
    for table in (*document.tables(), *document.sheets):
        if table.rows:
            _sheet(book.create_sheet(_name(table.key, taken)), table)
    stamp = datetime(document.as_of.year, document.as_of.month, document.as_of.day)  # noqa: DTZ001
    book.properties.created = book.properties.modified = stamp
    book.properties.creator = _clean(document.council)
    book.properties.title = _clean(document.title)
    out = io.BytesIO()
    book.save(out)
    return _steady(out.getvalue(), document.as_of)


def _cover(sheet: Any, document: b.Document) -> None:
    lines = [
        document.mark,
        document.council,
        document.title,
        document.subtitle,
        f"As at {b.long_date(document.as_of)}",
        f"Reference {document.reference}",
        document.provenance,
        "Published version: small numbers are hidden." if document.published else
        "For the programme's own use: it names enterprises. Do not publish this workbook.",
        "B1 to B4 value the same hours in different ways. Never add them.",
        "A sheet with a number like I-06 lists the records behind that indicator, and the records "
        "that were looked at and left out, with the reason.",
    ]  # fmt: skip
    for at, words in enumerate([line for line in lines if line], 1):
        cell = sheet.cell(row=at, column=1)
        _put(cell, words)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.column_dimensions["A"].width = 100


def _sheet(sheet: Any, table: b.Table) -> None:
    title = sheet.cell(row=1, column=1)
    _put(title, table.caption)
    title.font = Font(bold=True, size=13)
    for at, column in enumerate(table.columns, 1):
        cell = sheet.cell(row=3, column=at)
        _put(cell, column.title)
        cell.font, cell.fill, cell.border = _HEAD, _SHADE, _LINE
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        sheet.column_dimensions[get_column_letter(at)].width = _width(table, at - 1)
    row = 4
    for values in table.rows:
        _row(sheet, row, values, table)
        row += 1
    if table.total:
        _row(sheet, row, table.total, table, bold=True)
        row += 1
    if table.note:
        _put(sheet.cell(row=row + 1, column=1), table.note)
    sheet.freeze_panes = "A4"


def _row(
    sheet: Any, row: int, values: tuple[b.Value, ...], table: b.Table, *, bold: bool = False
) -> None:
    for at, (value, column) in enumerate(zip(values, table.columns, strict=True), 1):
        cell = sheet.cell(row=row, column=at)
        if isinstance(value, b.Hidden):
            _put(cell, value.words)
        elif isinstance(value, int | Decimal | date):
            cell.value = value
            cell.number_format = _FORMATS.get(column.format, "General")
        elif value is not None:
            _put(cell, value)
        if bold:
            cell.font = _HEAD


def _put(cell: Any, text: str) -> None:
    """Text as text: never a formula, never an error value, and kept so when edited again."""
    cell.value = _clean(text)
    cell.data_type = "s"
    if text[:1] in "=+-@\t\r'":
        cell.quotePrefix = True


def _clean(text: str) -> str:
    return _BAD.sub("", text)[:_LONGEST]


def _width(table: b.Table, at: int) -> float:
    column = table.columns[at]
    texts = [b.shown(row[at], column.format) for row in table.rows[:200]]
    return float(min(max([len(column.title), *map(len, texts)]) + 3, 60))


def _name(key: str, taken: set[str]) -> str:
    name = base = _NOT_IN_NAMES.sub(" ", _clean(key)).strip()[:28] or "Table"
    number = 2
    while name.lower() in taken:
        name = f"{base} {number}"
        number += 1
    taken.add(name.lower())
    return name


_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")


def _steady(raw: bytes, day: date) -> bytes:
    """The same parts with fixed days in the archive, so that equal workbooks are equal bytes."""
    stamp = rb"\g<1>" + f"{day:%Y-%m-%d}T00:00:00Z".encode() + rb"\g<2>"
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(raw)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for item in old.infolist():
            part = zipfile.ZipInfo(item.filename, (1980, 1, 1, 0, 0, 0))
            part.compress_type = zipfile.ZIP_DEFLATED
            part.external_attr = item.external_attr
            data = old.read(item.filename)
            if item.filename == "docProps/core.xml":
                data = _MODIFIED.sub(stamp, data)
            new.writestr(part, data)
    return out.getvalue()
