"""A list as text and as a table for the clipboard, and as a CSV file that spreadsheets open.

A cell that a spreadsheet would take for a formula stays text. Refuses half a file: it is written
beside its place and then moved there.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from html import escape
from pathlib import Path

from desktop.operations.errors import FileRefused
from storage.open_cells import defused

Rows = Sequence[Sequence[str]]


def as_text(heads: Sequence[str], rows: Rows) -> str:
    """Lines of cells with tabs between them: pasted, they fall into a spreadsheet's columns."""
    return "\n".join("\t".join(map(_one_line, line)) for line in (heads, *rows))


def as_html(heads: Sequence[str], rows: Rows) -> str:
    """A table for the clipboard: pasted into a letter it stays one. Every cell is escaped."""
    head = "".join(f"<th>{escape(_one_line(cell))}</th>" for cell in heads)
    body = "".join(f"<tr>{''.join(map(_cell, line))}</tr>" for line in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _cell(cell: str) -> str:
    return f"<td>{escape(_one_line(cell))}</td>"


def write_csv(target: Path, heads: Sequence[str], rows: Rows) -> Path:
    """Write the list; gives back where it is. Raises FileRefused when the place cannot be used."""
    half = target.with_name(f".{target.name}.part")
    try:
        with half.open("w", encoding="utf-8-sig", newline="") as stream:  # Excel wants the mark
            csv.writer(stream).writerows([_safe(line) for line in (heads, *rows)])
        half.replace(target)
    except OSError as error:
        half.unlink(missing_ok=True)
        raise FileRefused(
            f"{target.name} could not be saved there. Nothing was changed. Choose another folder."
        ) from error
    return target


def _safe(line: Sequence[str]) -> list[str]:
    return [defused(str(cell)) for cell in line]


def _one_line(cell: str) -> str:
    return defused(" ".join(str(cell).split()))
