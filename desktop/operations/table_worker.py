"""A process that reads one spreadsheet or CSV file and ends: bytes in on stdin, plain rows out.

A file somebody else made may be hostile, so it is opened here, with little memory; a killed process
loses nothing. Formulas are not worked out: their text is a text.
Refuses more rows, columns, letters or packed bytes than a list of enquiries ever has.
"""

from __future__ import annotations

import csv
import io
import json
import sys
import zipfile
from datetime import date, datetime
from typing import Any

MOST_BYTES = 8 * 1_048_576
MOST_UNPACKED = 64 * 1_048_576
MOST_ROWS, MOST_COLUMNS, MOST_LETTERS = 2_000, 40, 2_000
MEMORY_MB = 512
_ZIP = b"PK\x03\x04"
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"


class Unreadable(Exception):
    """The file is not taken; str() is the sentence for people."""


def main() -> int:
    """Answer one request."""
    _limit_memory(MEMORY_MB)
    sys.stdout.write(json.dumps(answered(sys.stdin.buffer.read(MOST_BYTES + 1))))
    return 0


def answered(data: bytes) -> dict[str, Any]:
    """Rows, or why there are none. The border of the process: every fault becomes words."""
    try:
        return {"rows": rows_of(data)}
    except Unreadable as refusal:
        return {"refused": str(refusal)}
    except MemoryError:
        return {"refused": "This file is too large to read here. Split it and try again."}
    except Exception:  # noqa: BLE001  a damaged file fails in many ways
        return {"refused": "This file cannot be read. Save it again as CSV or .xlsx."}


def rows_of(data: bytes) -> list[list[str]]:
    """Every row as texts, empty rows left out. Raises Unreadable."""
    if len(data) > MOST_BYTES:
        raise Unreadable("This file is larger than 8 MB. Split it and try again.")
    if not data.strip():
        raise Unreadable("This file is empty.")
    if data.startswith(_OLD_EXCEL):
        raise Unreadable("This is an old Excel file or it has a password. Save it as .xlsx.")
    found = _workbook(data) if data.startswith(_ZIP) else _text(data)
    rows = [row for row in found if any(row)]
    if len(rows) > MOST_ROWS + 1:
        raise Unreadable(f"This file has more than {MOST_ROWS:,} rows. Split it and try again.")
    return rows


def _workbook(data: bytes) -> list[list[str]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            names = parts.namelist()
            unpacked = sum(part.file_size for part in parts.infolist())
    except zipfile.BadZipFile as error:
        raise Unreadable("This file is damaged. Save it again as .xlsx or CSV.") from error
    if "xl/workbook.xml" not in names:
        raise Unreadable("This is not a spreadsheet. Choose a CSV or .xlsx file.")
    if any(name.endswith("vbaProject.bin") for name in names):
        raise Unreadable("This workbook has macros. Save it as .xlsx without them.")
    if unpacked > MOST_UNPACKED:
        raise Unreadable("This file unpacks to far more than a list of enquiries. It was not read.")
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    sheet = book.active
    if sheet is None:
        raise Unreadable("This workbook has no sheet with rows in it.")
    made: list[list[str]] = []
    for row in sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True):
        cells = [_cell(value) for value in row]
        while cells and not cells[-1]:
            cells.pop()
        if cells:
            made.append(cells)
        if len(made) > MOST_ROWS + 1:
            break
    return made


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return _plain(str(value))


def _text(data: bytes) -> list[list[str]]:
    text = _decoded(data)
    if "\x00" in text:
        raise Unreadable("This is not a table. Choose a CSV or .xlsx file.")
    sample = text[:4096]
    mark = max(",;\t|", key=sample.count)
    csv.field_size_limit(MOST_LETTERS * 10)
    made: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True):
            if len(row) > MOST_COLUMNS:
                raise Unreadable(f"A row has more than {MOST_COLUMNS} columns. Leave some out.")
            made.append([_plain(cell) for cell in row])
            if len(made) > MOST_ROWS * 2:
                break
    except csv.Error as error:
        raise Unreadable(
            "A quotation mark is not closed in this file. Mend it, then try."
        ) from error
    return made


def _decoded(data: bytes) -> str:
    for coding in ("utf-8-sig", "cp1252"):
        try:
            return data.decode(coding)
        except UnicodeDecodeError:
            continue
    raise Unreadable("The letters of this file cannot be read. Save it as CSV in UTF-8.")


def _plain(text: str) -> str:
    """One cell as a line of text: no control letters, no more than fits."""
    kept = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(kept.split())[:MOST_LETTERS]


def _limit_memory(megabytes: int) -> None:
    if sys.platform == "win32":
        return  # bound to this platform: the time limit and the file limits hold there too
    import resource

    limit = megabytes * 1_048_576
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


if __name__ == "__main__":
    raise SystemExit(main())
