"""A form as files that other tools open: a workbook of plain XLSForm rows, and the XForm.

The same rows always give the same bytes. A formula of the form is text in the workbook, never a
formula of the spreadsheet. Imports openpyxl when it writes one.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

Rows = Sequence[Sequence[str]]
_STILL = (2026, 11, 20, 0, 0, 0)  # when every part of a workbook says it was written


def workbook_bytes(sheets: Mapping[str, Rows], about: Sequence[str] = ()) -> bytes:
    """A workbook that a person can open and read; the first row of each sheet is its headings."""
    import openpyxl
    from openpyxl.styles import Alignment

    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        _fill(book.create_sheet(name), rows)
    if about:
        note = book.create_sheet("_about")
        note.column_dimensions["A"].width = 100
        for number, line in enumerate(about, 1):
            note.cell(number, 1, line).alignment = Alignment(wrap_text=True)
    made = io.BytesIO()
    book.save(made)
    return _still(made.getvalue())


def _fill(sheet: Worksheet, rows: Rows) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    for number, cells in enumerate(rows, 1):
        for place, text in enumerate(cells, 1):
            cell = sheet.cell(number, place, text or None)
            cell.data_type = "s" if text else "n"  # a formula of the form is text in the sheet
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if number == 1:
                cell.font = Font(bold=True)
                cell.fill = PatternFill("solid", fgColor="E4EAE4")
    for place in range(1, len(rows[0]) + 1):
        longest = max(len(row[place - 1]) for row in rows)
        sheet.column_dimensions[get_column_letter(place)].width = min(max(longest + 2, 12), 60)
    sheet.freeze_panes = "A2"


def _still(data: bytes) -> bytes:
    """The same workbook with every date in it standing still."""
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in sorted(old.namelist()):
            body = old.read(part)
            if part == "docProps/core.xml":
                body = re.sub(rb">\d{4}-\d\d-\d\dT[\d:]+Z<", b">2026-11-20T00:00:00Z<", body)
            new.writestr(zipfile.ZipInfo(part, _STILL), body, zipfile.ZIP_DEFLATED)
    return made.getvalue()
