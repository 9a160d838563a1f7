"""Rows of the sheet `checklist`: codes, words, and what each step asks. Formulas are told later."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches

from forms.engine.problems import Problem, Severity
from forms.engine.sources import Row, Sheet
from forms.engine.survey import canonical

COLUMNS = (
    "code", "label", "help", "show_if", "evidence", "expires", "warn_days", "owner", "link",
    "note", "was",
)  # fmt: skip
OPTIONS = {"evidence": ("none", "optional", "required"), "expires": ("no", "optional", "required")}
_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,40}")


def plain_cells(row: Row) -> dict[str, str]:
    """The cells of a row by plain column name (the first language of its words)."""
    cells: dict[str, str] = {}
    for heading, text in row.cells.items():
        cells.setdefault(canonical(heading), text)
    return cells


def choice_of(cells: dict[str, str], column: str) -> str:
    """What a step says in `evidence` or `expires`; the first word when it says nothing known."""
    said = cells.get(column, "").lower()
    return said if said in OPTIONS[column] else OPTIONS[column][0]


def checklist_problems(sheet: Sheet) -> Iterator[Problem]:
    """Everything wrong with the rows of a checklist."""
    yield from _headings(sheet)
    seen: dict[str, int] = {}
    for row in sheet.rows:
        cells = plain_cells(row)
        yield from _code(row, cells.get("code", ""), seen)
        if "label" not in cells:
            yield _at(
                row, "label", "label-missing", "This step has no words.", "Say what is to be done."
            )
        for column, options in OPTIONS.items():
            said = cells.get(column, "").lower()
            if said and said not in options:
                yield _at(
                    row, column, "option-unknown", f"{said!r} is not known here.",
                    f"Write {', '.join(options[:-1])} or {options[-1]}.",
                )  # fmt: skip
        yield from _warning_days(row, cells)
        yield from _link(row, cells.get("link", ""))


def _at(
    row: Row, column: str, code: str, message: str, fix: str = "", severity: Severity = "error"
) -> Problem:
    return Problem(
        code, message, fix, sheet="checklist", row=row.number, column=column, severity=severity
    )


def _headings(sheet: Sheet) -> Iterator[Problem]:
    found = [canonical(heading) for heading in sheet.headings]
    for heading, plain in zip(sheet.headings, found, strict=True):
        near = [] if plain in COLUMNS else get_close_matches(plain, COLUMNS, n=1, cutoff=0.7)
        if near and near[0] not in found:
            yield Problem(
                "column-name", f"The column {heading!r} is not known, so its cells are lost.",
                f"Name it {near[0]}.", sheet="checklist", row=1, column=heading,
            )  # fmt: skip
    if "code" not in found:
        yield Problem(
            "column-missing", "The column code is missing.", "Add it in the first row.",
            sheet="checklist", row=1, column="code",
        )  # fmt: skip


def _code(row: Row, code: str, seen: dict[str, int]) -> Iterator[Problem]:
    if not code:
        yield _at(
            row, "code", "code-missing", "This step has no code, so it is left out.",
            "Give it a short code that never changes.",
        )  # fmt: skip
    elif not _CODE.fullmatch(code):
        yield _at(
            row, "code", "name-form", f"{code!r} cannot be a code.",
            "Begin with a letter; use letters, digits and _ only.",
        )  # fmt: skip
    elif seen.setdefault(code.lower(), row.number) != row.number:
        yield _at(
            row, "code", "name-twice",
            f"{code!r} is already the code of row {seen[code.lower()]}.",
            "Give one of them another code.",
        )  # fmt: skip


def _warning_days(row: Row, cells: dict[str, str]) -> Iterator[Problem]:
    said = cells.get("warn_days", "")
    if not said:
        return
    if not said.isdigit() or int(said) > 3_650:
        yield _at(
            row, "warn_days", "number", f"{said!r} is not a number of days.",
            "Write a whole number, such as 30.",
        )  # fmt: skip
    elif choice_of(cells, "expires") == "no":
        yield _at(
            row, "warn_days", "warns-of-nothing", "This step never runs out, so nobody is warned.",
            "Say optional or required in the column expires.", "warning",
        )  # fmt: skip


def _link(row: Row, link: str) -> Iterator[Problem]:
    if link and not link.startswith("https://"):
        yield _at(
            row, "link", "link-form", "This link does not begin with https://.",
            "Copy the whole address of the page.", "warning",
        )  # fmt: skip
