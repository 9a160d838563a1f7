"""The sheet `checklist`, one row per step, into ordinary XLSForm rows that any ODK tool opens.

The rows go where the survey has a row of type `checklist`, else to its end. Every row made here
remembers the checklist row it came from, so that problems are told where the author wrote.
The column `was` (what a question was called before) goes along as an attribute.
A list `item_state` or `item_source` of the author's own is left as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from forms.engine.lint_checklist import checklist_problems, choice_of, plain_cells
from forms.engine.markup import CHECKLIST
from forms.engine.problems import Problem
from forms.engine.sources import Row, Sheet, Workbook
from forms.engine.survey import canonical

STATES = (
    ("todo", "To do"),
    ("doing", "Doing it"),
    ("done", "Done"),
    ("not_needed", "Not needed"),
    ("waived", "Left out, agreed"),
)
SOURCES = (("told", "They told us"), ("saw", "We saw it"), ("document", "A document shows it"))
_WHERE = {"name": "code", "label": "label", "hint": "help", "relevant": "show_if"}
_WAS = "bind::cmp:was"
_MARKS = ("evidence", "expires", "warn-days", "owner", "link")


@dataclass(slots=True)
class Expanded:
    """A workbook as ODK knows it, and where each row of its survey was written."""

    book: Workbook
    problems: list[Problem] = field(default_factory=list)
    places: dict[int, tuple[str, int]] = field(default_factory=dict)  # survey row -> sheet, row

    @property
    def changed(self) -> bool:
        """Whether anything was written out."""
        return bool(self.places)

    def placed(self, problems: Iterable[Problem]) -> list[Problem]:
        """Problems of the survey, told where the author wrote; those told before left out."""
        told = {(problem.row, problem.code) for problem in self.problems}
        found = [self._placed(problem) for problem in problems]
        return [
            problem
            for problem in found
            if problem.sheet != "checklist" or (problem.row, problem.code) not in told
        ]

    def _placed(self, problem: Problem) -> Problem:
        if problem.sheet != "survey" or problem.row not in self.places:
            return problem
        sheet, row = self.places[problem.row]
        column = problem.column
        if sheet == "checklist":
            column = _WHERE.get(canonical(column), column)
        return replace(problem, sheet=sheet, row=row, column=column)

    def where(self, sheet: str, row: int) -> tuple[str, int]:
        """Where a row of the survey was written."""
        return self.places.get(row, (sheet, row)) if sheet == "survey" else (sheet, row)

    def as_rows(self) -> dict[str, list[list[str]]]:
        """Every sheet as rows of cells, headings first."""
        return {
            name: [
                sheet.headings,
                *([row.cells.get(h, "") for h in sheet.headings] for row in sheet.rows),
            ]
            for name, sheet in self.book.sheets.items()
            if sheet.headings and not name.startswith("_")
        }

    def as_sheets(self) -> dict[str, object]:
        """The workbook as pyxform takes it: filled cells only, headings beside each sheet."""
        found: dict[str, object] = {}
        for name, sheet in self.book.sheets.items():
            found[name] = [row.cells for row in sheet.rows]
            found[f"{name}_header"] = [dict.fromkeys(sheet.headings)]
        return found


def expanded(book: Workbook) -> Expanded:
    """The workbook with its checklist and former names written out; itself when it has none."""
    checklist = book.sheet("checklist")
    renamed = any(canonical(heading) == "was" for heading in book.sheet("survey").headings)
    if not checklist.rows and not renamed:
        return Expanded(book)
    problems = list(checklist_problems(checklist)) if checklist.rows else []
    usable = [row for row in checklist.rows if plain_cells(row).get("code")]
    survey, places = _survey(book.sheet("survey"), checklist, usable)
    sheets = {name: sheet for name, sheet in book.sheets.items() if name != "checklist"}
    sheets["survey"] = survey
    if usable:
        sheets["choices"] = _choices(book.sheet("choices"))
    sheets["settings"] = _settings(book.sheet("settings"))
    return Expanded(Workbook(sheets), problems, places)


def _survey(
    survey: Sheet, checklist: Sheet, items: list[Row]
) -> tuple[Sheet, dict[int, tuple[str, int]]]:
    labels = [h for h in (*survey.headings, *checklist.headings) if canonical(h) == "label"]
    made = list(_written(list(dict.fromkeys(labels)) or ["label"], items))
    rows: list[tuple[str, int, dict[str, str]]] = []
    there = False
    for row in survey.rows:
        if row.get("type").strip().lower() == "checklist":
            there = True
            rows += made
        else:
            cells = {_WAS if canonical(h) == "was" else h: c for h, c in row.cells.items()}
            rows.append(("survey", row.number, cells))
    if not there:
        rows += made
    new = Sheet("survey", list(dict.fromkeys(h for *_, cells in rows for h in cells)))
    places: dict[int, tuple[str, int]] = {}
    for number, (sheet, origin, cells) in enumerate(rows, 2):  # pyxform counts the headings as 1
        new.rows.append(Row(number, cells))
        places[number] = (sheet, origin)
    return new, places


Made = tuple[str, int, dict[str, str]]


def _written(labels: list[str], items: list[Row]) -> Iterator[Made]:
    codes: list[str] = []
    for item in items:
        codes.append(plain_cells(item)["code"])
        for cells in _item(labels, item):
            yield "checklist", item.number, {name: text for name, text in cells.items() if text}
    if not codes:
        return
    last = items[-1].number
    count = " + ".join(f"if(${{{code}_ok}} = '', 0, 1)" for code in codes)
    finished = " + ".join(f"coalesce(${{{code}_ok}}, 0)" for code in codes)
    yield "checklist", last, {"type": "calculate", "name": "n_items", "calculation": count}
    yield "checklist", last, {"type": "calculate", "name": "n_ok", "calculation": finished}
    words = "${n_ok} of ${n_items} steps finished"
    note = {"type": "note", "name": "checklist_summary", **dict.fromkeys(labels, words)}
    yield "checklist", last, note


def _item(labels: list[str], item: Row) -> Iterator[dict[str, str]]:
    """The rows of one step: a group with its state, reason, evidence and date."""
    cells = plain_cells(item)
    code = cells["code"]
    state = f"${{{code}_state}}"
    evidence, expires = choice_of(cells, "evidence"), choice_of(cells, "expires")

    was = cells.get("was", "")

    def asked(kind: str, name: str, words: str, **more: str) -> dict[str, str]:
        made = {"type": kind, "name": f"{code}_{name}", **dict.fromkeys(labels, words), **more}
        return {**made, _WAS: f"{was}_{name}" if was else ""}

    yield _group(item, cells)
    help_of = {  # a group has no hint in XLSForm
        "hint" + heading.strip()[len("help") :]: text
        for heading, text in item.cells.items()
        if canonical(heading) == "help"
    }
    yield asked("select_one item_state", "state", "How is it going?", default="todo", **help_of)
    left_out = f"{state} = 'not_needed' or {state} = 'waived'"
    yield asked("text", "why", "What is the reason?", relevant=left_out, required="yes")
    yield asked("text", "approver", "Who agreed?", relevant=f"{state} = 'waived'", required="yes")
    done = f"{state} = 'done'"
    yield asked(
        "select_one item_source", "source", "How do we know?", relevant=done, required="yes"
    )
    if evidence != "none":
        needed = "yes" if evidence == "required" else ""
        yield asked("file", "evidence", "Evidence", relevant=done, required=needed)
    if expires != "no":
        needed = "yes" if expires == "required" else ""
        yield asked("date", "expires", "Runs out on", relevant=done, required=needed)
    yield {"type": "calculate", "name": f"{code}_ok", "calculation": _finished(code, expires)}
    yield {"type": "end_group"}


def _group(item: Row, cells: dict[str, str]) -> dict[str, str]:
    code = cells["code"]
    group = {"type": "begin_group", "name": f"it_{code}", "appearance": "field-list"}
    group.update({h: text for h, text in item.cells.items() if canonical(h) == "label"})
    group[_WAS] = f"it_{cells['was']}" if "was" in cells else ""
    group["relevant"] = cells.get("show_if", "")
    group["bind::cmp:item"] = code
    for mark in _MARKS:
        group[f"bind::cmp:{mark}"] = cells.get(mark.replace("-", "_"), "")
    return group


def _finished(code: str, expires: str) -> str:
    state = f"${{{code}_state}}"
    done = f"{state} = 'done'"
    if expires != "no":
        date = f"${{{code}_expires}}"
        done = f"({done} and ({date} = '' or {date} >= today()))"
    return f"if({done} or {state} = 'not_needed' or {state} = 'waived', 1, 0)"


def _choices(choices: Sheet) -> Sheet:
    labels = [h for h in choices.headings if canonical(h) == "label"] or ["label"]
    made = Sheet("choices", list(choices.headings), list(choices.rows))
    name = next((h for h in choices.headings if canonical(h) in {"list_name", "list name"}), "")
    listed = {row.cells.get(name) for row in choices.rows}
    number = max((row.number for row in choices.rows), default=1)
    for list_name, options in (("item_state", STATES), ("item_source", SOURCES)):
        if list_name in listed:
            continue
        for value, words in options:
            number += 1
            cells = {name or "list_name": list_name, "name": value, **dict.fromkeys(labels, words)}
            made.rows.append(Row(number, cells))
    made.headings = list(dict.fromkeys(h for row in made.rows for h in row.cells))
    return made


def _settings(settings: Sheet) -> Sheet:
    ours = f'cmp="{CHECKLIST}"'
    cells = dict(settings.rows[0].cells) if settings.rows else {}
    cells["namespaces"] = f"{cells.get('namespaces', '')} {ours}".strip()
    number = settings.rows[0].number if settings.rows else 2
    return Sheet("settings", list(cells), [Row(number, cells)])
