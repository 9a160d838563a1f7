"""Formulas that can be read but do not do what was meant: always true, never equal, never shown."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from typing import TYPE_CHECKING

from forms.engine.sources import Row
from forms.engine.survey import Survey
from forms.engine.xpath.ast import Ast, Binary, Call, Literal, children
from forms.engine.xpath.errors import FormulaFault
from forms.engine.xpath.patterns import pattern_of

if TYPE_CHECKING:
    from forms.engine.lint_formulas import Formula
    from forms.engine.problems import Problem

Lists = dict[str, list[tuple[str, Row]]]
_YES_NO = frozenset({"relevant", "constraint", "required", "readonly"})


def shape_problems(formula: Formula, survey: Survey, lists: Lists) -> Iterator[Problem]:
    """What a formula says that its writer cannot have meant."""
    assert formula.ast is not None  # noqa: S101 - the caller has read it
    if formula.column in _YES_NO:
        yield from _always_true(formula, formula.ast)
    for ast in _all(formula.ast):
        if isinstance(ast, Binary) and ast.op in {"=", "!="}:
            yield from _choice_values(formula, ast, survey, lists)
        if isinstance(ast, Binary) and ast.op in {"and", "or"} and formula.column not in _YES_NO:
            yield from _always_true(formula, ast)
        if isinstance(ast, Call):
            yield from _call(formula, ast, survey, lists)
    yield from _overwrites(formula)
    if formula.column == "constraint" and "constraint_message" not in formula.question.columns:
        yield formula.problem(
            "message-missing", "people are not told what this check wants",
            "Say it in the column constraint_message.", "warning",
        )  # fmt: skip


def _all(ast: Ast) -> Iterator[Ast]:
    yield ast
    for child in children(ast):
        yield from _all(child)


def _always_true(formula: Formula, ast: Ast) -> Iterator[Problem]:
    if isinstance(ast, Binary) and ast.op in {"and", "or"}:
        for part in children(ast):
            yield from _always_true(formula, part)
        return
    name = formula.name_of(ast)
    if name:
        yield formula.problem(
            "always-true", f"${{{name}}} by itself is always true, answered or not",
            f"Write ${{{name}}} != '' or compare it with a value.", "warning", ast.span,
        )  # fmt: skip


def _choice_values(
    formula: Formula, ast: Binary, survey: Survey, lists: Lists
) -> Iterator[Problem]:
    for side, other in ((ast.left, ast.right), (ast.right, ast.left)):
        name = formula.name_of(side)
        if name and isinstance(other, Literal):
            yield from _in_list(formula, name, other, survey, lists)


def _in_list(
    formula: Formula, name: str, written: Literal, survey: Survey, lists: Lists
) -> Iterator[Problem]:
    value = written.value
    asked = survey.by_name.get(name, [])
    if len(asked) != 1 or asked[0].list_name not in lists or not value:
        return
    known = [choice for choice, _ in lists[asked[0].list_name]]
    if value in known or (asked[0].or_other and value == "other"):
        return
    near = get_close_matches(value, known, n=1, cutoff=0.6)
    fix = f"Is '{near[0]}' meant?" if near else f"The list has: {', '.join(known[:8])}."
    yield formula.problem(
        "choice-unknown", f"'{value}' is not in the list of {name!r}, so this is never so", fix,
        span=written.span,
    )  # fmt: skip


def _call(formula: Formula, call: Call, survey: Survey, lists: Lists) -> Iterator[Problem]:
    if call.name == "selected" and len(call.args) == 2 and isinstance(call.args[1], Literal):
        name = formula.name_of(call.args[0])
        if name:
            yield from _in_list(formula, name, call.args[1], survey, lists)
    if call.name == "if" and call.args:
        yield from _always_true(formula, call.args[0])
    if call.name == "regex" and len(call.args) == 2 and isinstance(call.args[1], Literal):
        yield from _pattern(formula, call.args[1].value)


def _pattern(formula: Formula, pattern: str) -> Iterator[Problem]:
    fault = ""
    try:
        if pattern_of(pattern).nested:
            fault = "this pattern repeats a repeat, which can take for ever"
    except FormulaFault as refused:
        fault = refused.message
    if fault:
        yield formula.problem("pattern", fault, "Make the pattern simpler.")
        return
    if not (pattern.startswith("^") and pattern.endswith("$")):
        yield formula.problem(
            "pattern-open", "this pattern also fits when only a part of the answer does",
            "Begin it with ^ and end it with $.", "warning",
        )  # fmt: skip


def _overwrites(formula: Formula) -> Iterator[Problem]:
    """A calculation on a question people answer: it overwrites what they typed."""
    question = formula.question
    if formula.column != "calculation" or question.kind in {"calculate", "note", "meta", ""}:
        return
    if question.columns.get("readonly", "").lower() in {"yes", "true", "true()"}:
        return
    if question.columns.get("trigger") or "once(" in formula.text:
        return
    if not question.columns.get("label") and not question.columns.get("hint"):
        return
    yield formula.problem(
        "overwrites", "this calculation overwrites what people type here",
        "Make the row read-only, use type calculate, or move the formula to default.", "warning",
    )  # fmt: skip
