"""All problems of a workbook at once: sheet, row, column, plain words, and what to do about it.

Runs before pyxform, which stops at its first error and looks into no formula.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from difflib import get_close_matches

from forms.engine.lint_formulas import formula_problems
from forms.engine.lint_rows import choice_problems, row_problems
from forms.engine.problems import Problem
from forms.engine.sources import Sheet, Workbook
from forms.engine.survey import (
    CHOICE_COLUMNS,
    SETTINGS_COLUMNS,
    SURVEY_COLUMNS,
    canonical,
    canonical_choice,
    read_survey,
)

_SHEETS = (
    "checklist", "survey", "choices", "settings", "external_choices", "entities", "osm",
)  # fmt: skip


def lint(book: Workbook) -> list[Problem]:
    """Every problem, in the order of sheets and rows."""
    problems = list(_sheets(book))
    if any(problem.code == "no-survey" for problem in problems):
        return problems
    survey = read_survey(book)
    problems += _columns(book)
    problems += row_problems(book, survey)
    problems += choice_problems(book, survey)
    problems += formula_problems(book, survey)
    problems += _languages(book)
    order = {name: place for place, name in enumerate(_SHEETS)}
    return sorted(problems, key=lambda p: (order.get(p.sheet, 99), p.row or 0, p.column))


def source_map(book: Workbook) -> dict[str, tuple[str, int]]:
    """Where each question stands: its names from the top group down -> sheet and row."""
    survey = read_survey(book)
    return {"/".join(q.path): ("survey", q.row.number) for q in survey.questions if q.name}


def nearest_word(word: str, known: Iterator[str] | list[str] | frozenset[str]) -> str:
    """The word that was probably meant, or an empty text."""
    found = get_close_matches(word.lower(), list(known), n=1, cutoff=0.7)
    return found[0] if found else ""


def _sheets(book: Workbook) -> Iterator[Problem]:
    if not book.sheet("survey").rows:
        near = nearest_word("survey", [name for name in book.sheets if name != "survey"])
        meant = f" Is the sheet {near!r} meant?" if near else ""
        yield Problem(
            "no-survey",
            "There is no sheet called survey with questions in it.",
            f"Put the questions on a sheet named survey.{meant}",
            sheet="survey",
        )
        return
    for name in book.sheets:
        if name not in _SHEETS and not name.startswith("_"):
            near = nearest_word(name, list(_SHEETS))
            if near:
                yield Problem(
                    "sheet-name",
                    f"The sheet {name!r} is not read.",
                    f"If it is the sheet {near}, name it so.",
                    sheet=name,
                    severity="warning",
                )


def _columns(book: Workbook) -> Iterator[Problem]:
    plans = (
        ("survey", SURVEY_COLUMNS, canonical, ("type", "name")),
        ("choices", CHOICE_COLUMNS, canonical_choice, ("list_name", "name", "label")),
        ("settings", SETTINGS_COLUMNS, canonical, ()),
    )
    for name, known, plain_of, needed in plans:
        sheet = book.sheet(name)
        if not sheet.rows:
            continue
        yield from _twice(sheet)
        found = [plain_of(heading) for heading in sheet.headings]
        for heading, plain in zip(sheet.headings, found, strict=True):
            near = "" if plain in known else nearest_word(plain, known)
            if near and near not in found:
                yield Problem(
                    "column-name",
                    f"The column {heading!r} is not known, so what stands in it is lost.",
                    f"Name it {near}.",
                    sheet=name,
                    row=1,
                    column=heading,
                )
        for column in needed:
            if column not in found:
                yield Problem(
                    "column-missing",
                    f"The column {column} is missing.",
                    "Add it in the first row.",
                    sheet=name,
                    row=1,
                    column=column,
                )


def _twice(sheet: Sheet) -> Iterator[Problem]:
    """A heading that stands over two columns: only one of them would be read."""
    times = Counter(" ".join(heading.split()).lower() for heading in sheet.headings)
    for heading, count in times.items():
        if count > 1:
            yield Problem(
                "column-twice",
                f"{count} columns are called {heading!r}, so only one of them is read.",
                "Delete one, or name it after its language, like label::English.",
                sheet=sheet.name,
                row=1,
                column=heading,
            )


def _languages(book: Workbook) -> Iterator[Problem]:
    """A language that is written in one place and left out in another."""
    for name in ("survey", "choices"):
        sheet = book.sheet(name)
        for plain in ("label", "hint"):
            columns = [h for h in sheet.headings if canonical(h) == plain and "::" in h]
            for row in sheet.rows:
                filled = [column for column in columns if column in row.cells]
                for column in columns:
                    if filled and column not in row.cells:
                        yield Problem(
                            "language-missing",
                            f"There is no {plain} here in {column.partition('::')[2].strip()}.",
                            "Write it, or people see the first language here.",
                            sheet=name,
                            row=row.number,
                            column=column,
                            severity="warning",
                        )
