"""Rows of a workbook: types, names, groups that close, lists that are there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from difflib import get_close_matches

from forms.engine.problems import Problem
from forms.engine.sources import Row, Workbook
from forms.engine.survey import KNOWN_TYPES, Boundary, Question, Survey, choice_lists

_NAME = re.compile(r"^[^\W\d][\w.-]*$")
MAX_GROUPS = 30  # in one another
_ELSEWHERE = {
    "audio": "a sound is not recorded", "video": "a film is not recorded",
    "background-audio": "no sound is recorded", "audit": "no audit of the filling in is kept",
    "osm": "there is no map", "start-geopoint": "no place is taken",
    "background-geopoint": "no place is taken", "geotrace": "a line is typed, not drawn",
    "geoshape": "a shape is typed, not drawn", "barcode": "a code is typed, not read",
    "select_one_external": "the choices are not shown: the answer is typed",
}  # fmt: skip
_UNASKED = frozenset({"calculate", "meta", "external", "group", "repeat", ""})


def _at(row: Row, column: str, code: str, message: str, fix: str = "") -> Problem:
    return Problem(code, message, fix, sheet="survey", row=row.number, column=column)


def row_problems(book: Workbook, survey: Survey) -> Iterator[Problem]:
    """Everything wrong with the rows of the survey."""
    lists = choice_lists(book, "choices", "external_choices")
    for question in survey.questions:
        yield from _type(question)
        yield from _elsewhere(question)
        yield from _name(question)
        yield from _list(question, lists)
        yield from _words(question)
        yield from _calculated(question)
    yield from _duplicates(survey)
    yield from _groups(survey.boundaries)


def _type(question: Question) -> Iterator[Problem]:
    written = question.columns.get("type", "")
    if not written:
        yield _at(
            question.row, "type", "type-missing", "This row has no type.",
            "Say what kind of question it is, such as text.",
        )  # fmt: skip
    elif not question.kind:
        word = written.split()[0].lower()
        if word in {"select_one", "select_multiple", "rank", "select"}:
            yield _at(
                question.row, "type", "list-missing", f"{word} needs the name of a list.",
                f"Write {word} and the name of a list on the choices sheet.",
            )  # fmt: skip
            return
        near = get_close_matches(written.lower(), KNOWN_TYPES, n=1, cutoff=0.6)
        near = near or get_close_matches(word, KNOWN_TYPES, n=1, cutoff=0.6)
        fix = f"Is {near[0]} meant?" if near else "See the list of types in the sample workbook."
        yield _at(question.row, "type", "type-unknown", f"There is no type {written!r}.", fix)


def _elsewhere(question: Question) -> Iterator[Problem]:
    """What ODK Collect does and this program does not; the form is good all the same."""
    word = (question.columns.get("type", "").split() or [""])[0].lower()
    if word in _ELSEWHERE:
        yield replace(
            _at(
                question.row, "type", "works-elsewhere",
                f"{word} works in ODK Collect; here {_ELSEWHERE[word]}",
                "Leave it for use elsewhere, or ask in another way.",
            ),
            severity="warning",
        )  # fmt: skip


def _name(question: Question) -> Iterator[Problem]:
    if not question.name:
        if question.kind not in {"meta", "note", ""}:
            yield _at(
                question.row, "name", "name-missing", "This row has no name.",
                "Give it a short name without spaces.",
            )  # fmt: skip
    elif not _NAME.match(question.name):
        yield _at(
            question.row, "name", "name-form", f"{question.name!r} cannot be a name.",
            "Begin with a letter; use letters, digits, _ and - only.",
        )  # fmt: skip


def _list(question: Question, lists: dict[str, list[tuple[str, Row]]]) -> Iterator[Problem]:
    name = question.list_name
    if not name or name in lists or name.startswith("${") or "." in name:
        return
    near = get_close_matches(name, list(lists), n=1, cutoff=0.6)
    fix = f"Is {near[0]} meant?" if near else "Add it on the choices sheet."
    yield _at(question.row, "type", "list-unknown", f"There is no list {name!r}.", fix)


def _words(question: Question) -> Iterator[Problem]:
    if question.kind in _UNASKED or question.columns.get("calculation"):
        return
    if not any(question.columns.get(c) for c in ("label", "hint", "image", "media", "audio")):
        yield _at(
            question.row, "label", "label-missing", f"{question.name!r} has no words to ask it by.",
            "Write the question in the column label.",
        )  # fmt: skip


def _calculated(question: Question) -> Iterator[Problem]:
    written = question.columns.get("type", "").lower()
    if written == "calculate" and not any(
        question.columns.get(column) for column in ("calculation", "trigger", "default")
    ):
        yield _at(
            question.row, "calculation", "calculation-missing",
            f"{question.name!r} is to be worked out, but there is no formula.",
            "Write it in the column calculation.",
        )  # fmt: skip


def _duplicates(survey: Survey) -> Iterator[Problem]:
    seen: dict[tuple[str, ...], Question] = {}
    for question in survey.questions:
        if not question.name:
            continue
        key = tuple(part.lower() for part in question.path)
        first = seen.setdefault(key, question)
        if first is not question:
            yield _at(
                question.row, "name", "name-twice",
                f"{question.name!r} is already the name of row {first.row.number}.",
                "Give one of them another name.",
            )  # fmt: skip


def _groups(boundaries: list[Boundary]) -> Iterator[Problem]:
    opened: list[Boundary] = []
    for boundary in boundaries:
        if boundary.begins:
            opened.append(boundary)
            if len(opened) == MAX_GROUPS + 1:
                yield _at(
                    boundary.row, "type", "groups-deep",
                    f"Groups stand more than {MAX_GROUPS} deep in one another here.",
                    "Take some of them apart.",
                )  # fmt: skip
            continue
        if not opened:
            yield _at(
                boundary.row, "type", "group-not-open",
                f"This {boundary.kind} ends here but was never begun.",
                f"Add begin_{boundary.kind} above, or delete this row.",
            )  # fmt: skip
            continue
        last = opened.pop()
        if last.kind != boundary.kind:
            yield _at(
                boundary.row, "type", "group-crossed",
                f"Here ends a {boundary.kind}, but the one begun in row {last.row.number} is "
                f"a {last.kind}.",
                f"Write end_{last.kind}.",
            )  # fmt: skip
    for left in opened:
        yield _at(
            left.row, "type", "group-open", f"The {left.kind} {left.name!r} is never ended.",
            f"Add end_{left.kind} after its last question.",
        )  # fmt: skip


def choice_problems(book: Workbook, survey: Survey) -> Iterator[Problem]:
    """Everything wrong with the lists of choices."""
    used_many = {q.list_name for q in survey.questions if q.kind in {"select_multiple", "rank"}}
    doubles = any(
        row.get("allow_choice_duplicates").lower() in {"yes", "true", "true()"}
        for row in book.sheet("settings").rows
    )
    for name, values in choice_lists(book).items():
        seen: dict[str, int] = {}
        for value, row in values:
            yield from _choice(name, value, row, name in used_many)
            if value and seen.setdefault(value, row.number) != row.number and not doubles:
                yield Problem(
                    "choice-twice",
                    f"The list {name} already has {value!r}, in row {seen[value]}.",
                    "Give one of them another name.",
                    sheet="choices",
                    row=row.number,
                    column="name",
                )


def _choice(name: str, value: str, row: Row, many: bool) -> Iterator[Problem]:  # noqa: FBT001
    if not value:
        yield Problem(
            "choice-name", f"A choice of the list {name} has no name.",
            "Give it a short name; that is what is kept.",
            sheet="choices", row=row.number, column="name",
        )  # fmt: skip
    elif many and " " in value:
        yield Problem(
            "choice-space", f"{value!r} has a space in it, and the list {name} allows several.",
            "Use _ instead: answers are kept with spaces between them.",
            sheet="choices", row=row.number, column="name",
        )  # fmt: skip
