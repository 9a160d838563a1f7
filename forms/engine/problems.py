"""What is wrong with a workbook or an answer, in words a project lead or coach can act on.

FormRefused: a form that cannot be opened at all; it carries its problems.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning", "hint"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem. For a workbook: sheet, row, column, span. For an answer: `ref`."""

    code: str
    message: str
    fix: str = ""
    sheet: str = ""
    row: int | None = None
    column: str = ""
    ref: str = ""
    severity: Severity = "error"
    span: tuple[int, int] | None = None  # characters of the cell it is about, from 0

    def __str__(self) -> str:
        place = self.sheet
        if self.row is not None:
            place += f" row {self.row}"
        if self.column:
            place += f" [{self.column}]"
        message = self.message if self.message[-1:] in {".", "?", "!"} else f"{self.message}."
        words = f"{place.strip()}: {message}" if place else message
        return f"{words} {self.fix}".rstrip()


class FormRefused(Exception):
    """A form or a stored answer sheet cannot be opened. `problems` says why, in words."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


def refused(code: str, message: str, fix: str = "") -> FormRefused:
    """A refusal for one reason."""
    return FormRefused([Problem(code, message, fix)])
