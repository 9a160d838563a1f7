"""Workbooks (.xlsx, .md, .csv) as plain rows with their row numbers. Refuses what is too big.

Reading .xlsx imports openpyxl, so it happens in the worker process only.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from forms.engine.problems import FormRefused, Problem, refused

MAX_BYTES = 20_000_000
MAX_UNPACKED = 200_000_000
MAX_PARTS = 2_000
MAX_ROWS = 5_000
MAX_COLUMNS = 200
MAX_CELL = 32_000
_SPLIT = re.compile(r"(?<!\\)\|")


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a sheet: cells by column heading, blanks left out."""

    number: int
    cells: dict[str, str]

    def get(self, *names: str) -> str:
        """The first cell of these headings that is filled."""
        return next((self.cells[name] for name in names if name in self.cells), "")


@dataclass(slots=True)
class Sheet:
    """One sheet: its headings in order, and its filled rows."""

    name: str
    headings: list[str] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Workbook:
    """All sheets of a workbook, by name in small letters."""

    sheets: dict[str, Sheet]

    def sheet(self, name: str) -> Sheet:
        """The sheet of that name; an empty one when there is none."""
        return self.sheets.get(name, Sheet(name))


def read_workbook(data: bytes, name: str) -> Workbook:
    """The rows of a workbook. Raises FormRefused, in words."""
    if len(data) > MAX_BYTES:
        raise refused(
            "too-big", "This workbook is larger than 20 MB.", "Take out pictures and spare sheets."
        )
    suffix = name.lower().rpartition(".")[2]
    if suffix == "xlsx":
        _check_zip(data)
        grids = _xlsx(data)
    elif suffix in {"md", "csv"}:
        text = _decoded(data)
        grids = _marked(text) if suffix == "md" else _commas(text)
    else:
        raise refused(
            "kind", f"A workbook ends in .xlsx, .md or .csv; this one is {name!r}.",
            "Save it as an Excel workbook (.xlsx).",
        )  # fmt: skip
    sheets: dict[str, Sheet] = {}
    for sheet_name, grid in grids:
        key = sheet_name.strip().lower()
        if key not in sheets:
            sheets[key] = _sheet(key, grid)
    return Workbook(sheets)


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _check_zip(data: bytes) -> None:
    """Refuse what is no workbook, and what would unpack to far more than it is."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except zipfile.BadZipFile:
        raise refused(
            "unreadable", "This file is not an Excel workbook, or it is damaged.",
            "Open it in a spreadsheet program and save it again as .xlsx.",
        ) from None  # fmt: skip
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise refused(
            "too-big", "This workbook unpacks to far more than a form needs, so it is not opened.",
            "Copy the sheets survey, choices and settings into a new workbook.",
        )  # fmt: skip


def _xlsx(data: bytes) -> Iterator[tuple[str, Iterable[list[str]]]]:
    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet

    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    except (InvalidFileException, KeyError, ValueError, OSError, zipfile.BadZipFile) as fault:
        raise refused(
            "unreadable", "This workbook cannot be read.",
            "Open it in a spreadsheet program and save it again as .xlsx.",
        ) from fault  # fmt: skip
    for sheet in book.worksheets:
        if isinstance(sheet, ReadOnlyWorksheet):
            sheet.reset_dimensions()  # what a file says of its size may leave rows out
        yield sheet.title, ([_cell(value) for value in row] for row in sheet.values)


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _marked(text: str) -> Iterator[tuple[str, Iterable[list[str]]]]:
    """Sheets out of a Markdown table: a first cell names a sheet, an empty one goes on."""
    grids: list[tuple[str, list[list[str]]]] = []
    for line in map(str.strip, text.splitlines()):
        if not line.startswith("|") or re.fullmatch(r"[|\s:-]+", line):
            continue
        cells = [cell.strip().replace("\\|", "|") for cell in _SPLIT.split(line)[1:-1]]
        if cells and cells[0]:
            grids.append((cells[0], []))
        elif grids:
            grids[-1][1].append(cells[1:])
    yield from grids


def _commas(text: str) -> Iterator[tuple[str, Iterable[list[str]]]]:
    grids: list[tuple[str, list[list[str]]]] = []
    for cells in csv.reader(io.StringIO(text)):
        if cells and cells[0].strip():
            grids.append((cells[0].strip(), []))
        if grids and any(cell.strip() for cell in cells[1:]):
            grids[-1][1].append(cells[1:])
    yield from grids


def _sheet(name: str, grid: Iterable[list[str]]) -> Sheet:
    sheet = Sheet(name)
    headings: list[str] = []
    for number, cells in enumerate(grid, 1):
        if not any(cell.strip() for cell in cells):
            continue
        if len(sheet.rows) >= MAX_ROWS or (len(cells) > MAX_COLUMNS and any(cells[MAX_COLUMNS:])):
            raise FormRefused(
                [
                    Problem(
                        "too-big",
                        f"This sheet has more than {MAX_ROWS} rows or {MAX_COLUMNS} columns.",
                        "Delete what the form does not use.",
                        sheet=name,
                        row=number,
                    )
                ]
            )
        if not headings:
            headings = [cell.strip() for cell in cells]
            sheet.headings = [heading for heading in headings if heading]
            continue
        sheet.rows.append(Row(number, _cells(name, number, headings, cells)))
    return sheet


def _cells(name: str, number: int, headings: list[str], cells: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for heading, cell in zip(headings, cells, strict=False):
        if len(cell) > MAX_CELL:
            raise FormRefused(
                [Problem("too-big", "This cell is far too long.", sheet=name, row=number)]
            )
        if heading and cell.strip():
            found[heading] = cell.strip()
    return found
