"""Formulas of a workbook: readable, with functions, questions and choices that are there."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches

from forms.engine.lint_shapes import shape_problems
from forms.engine.problems import Problem, Severity
from forms.engine.sources import Workbook
from forms.engine.survey import Question, Survey, canonical_choice, choice_lists
from forms.engine.xpath.ast import Ast, Call, Path, children, depth_of
from forms.engine.xpath.errors import FormulaSyntax
from forms.engine.xpath.functions import FUNCTIONS, SPECIAL, arity, known_names
from forms.engine.xpath.parser import parse

COLUMNS = (
    "relevant", "constraint", "calculation", "required", "readonly", "choice_filter",
    "repeat_count", "default",
)  # fmt: skip
_PLAIN_YES_NO = frozenset({"yes", "no", "true", "false", "true()", "false()", "1", "0"})
_REF = re.compile(r"\$\{\s*(?:last-saved#)?([^}]*?)\s*\}")
_TEXT_REF = re.compile(r"\$\{([^}]*)\}")
_HALF_REF = re.compile(r"\$\{(?![^{}]+\})")
_LOOKS_WORKED_OUT = re.compile(r"\$\{|[\w-]+\(")

DEEPEST = 150  # expressions in one another, with room for whoever calls


@dataclass(slots=True)
class Formula:
    """One formula where it stands."""

    question: Question
    column: str
    text: str
    ast: Ast | None = None
    refs: dict[tuple[int, int], str] = field(default_factory=dict)  # span -> question name

    def problem(
        self,
        code: str,
        message: str,
        fix: str = "",
        severity: Severity = "error",
        span: tuple[int, int] | None = None,
    ) -> Problem:
        """A problem of this formula; of all of it, unless `span` says where."""
        return Problem(
            code, message, fix, sheet="survey", row=self.question.row.number,
            column=self.question.headings.get(self.column, self.column), severity=severity,
            span=span or (0, len(self.text)),
        )  # fmt: skip

    def name_of(self, ast: Ast) -> str:
        """The question a part of the formula names, or an empty text."""
        return self.refs.get(ast.span, "") if isinstance(ast, Path) else ""


def formula_problems(book: Workbook, survey: Survey) -> Iterator[Problem]:
    """Everything wrong with the formulas."""
    lists = choice_lists(book)
    columns = {
        name
        for sheet in ("choices", "external_choices")
        for heading in book.sheet(sheet).headings
        for name in (heading, canonical_choice(heading))
    }
    formulas: list[Formula] = []
    for question in survey.questions:
        yield from _quoted(question, survey)
        for column in COLUMNS:
            text = question.columns.get(column, "")
            if not _is_formula(column, text):
                continue
            formula = Formula(question, column, text)
            formulas.append(formula)
            yield from _read(formula, survey)
            if formula.ast is not None:
                yield from _calls(formula)
                yield from _bare(formula, survey, columns)
                yield from shape_problems(formula, survey, lists)
    yield from _circles(formulas)


def _is_formula(column: str, text: str) -> bool:
    if not text:
        return False
    if column in {"required", "readonly"}:
        return text.lower() not in _PLAIN_YES_NO
    return column != "default" or bool(_LOOKS_WORKED_OUT.search(text))


def _quoted(question: Question, survey: Survey) -> Iterator[Problem]:
    """Questions quoted in words people read."""
    for column in ("label", "hint", "constraint_message", "required_message"):
        if _HALF_REF.search(question.columns.get(column, "")):
            formula = Formula(question, column, question.columns[column])
            yield formula.problem(
                "reference-open", "a question is quoted with ${ but not closed",
                "Write ${name}, with the name between { and }.",
            )  # fmt: skip
        for found in _TEXT_REF.finditer(question.columns.get(column, "")):
            formula = Formula(question, column, found.group())
            yield from _unknown(formula, found.group(1).strip(), survey, found.span())


def _read(formula: Formula, survey: Survey) -> Iterator[Problem]:
    """Parse, with each ${name} standing as a path of the same length."""
    text = formula.text.replace("‘", "'").replace("’", "'").replace("“", '"').replace("”", '"')
    unknown: list[Problem] = []

    def stand_in(found: re.Match[str]) -> str:
        name = found.group(1)
        formula.refs[found.span()] = name
        unknown.extend(_unknown(formula, name, survey, found.span()))
        return "/" + "q" * (len(found.group()) - 1)

    plain = _REF.sub(stand_in, text)
    yield from unknown
    try:
        formula.ast = parse(plain)
    except FormulaSyntax as fault:
        near = f" near character {fault.start + 1}"
        yield formula.problem(
            "formula-unreadable", f"cannot read this formula{near}: {fault.message}", fault.fix,
            span=(fault.start, max(fault.end, fault.start)),
        )  # fmt: skip
        return
    if depth_of(formula.ast) > DEEPEST:
        formula.ast = None  # nobody looks further into it
        words = "this formula is nested too deep to be worked out"
        yield formula.problem("formula-too-deep", words, "Split it into several calculations.")


def _unknown(
    formula: Formula, name: str, survey: Survey, span: tuple[int, int]
) -> Iterator[Problem]:
    if name in survey.by_name:
        return
    near = get_close_matches(name, [n for n in survey.by_name if n], n=1, cutoff=0.6)
    fix = f"Is ${{{near[0]}}} meant?" if near else "Use the name of a question in this sheet."
    yield formula.problem(
        "question-unknown", f"there is no question called {name!r}", fix, span=span
    )


def _walk(ast: Ast, visit: Callable[[Ast], None]) -> None:
    visit(ast)
    for child in children(ast):
        _walk(child, visit)


def _calls(formula: Formula) -> Iterator[Problem]:
    found: list[Problem] = []

    def visit(ast: Ast) -> None:
        if isinstance(ast, Call):
            found.extend(_call(formula, ast))

    if formula.ast is not None:
        _walk(formula.ast, visit)
    yield from found


def _call(formula: Formula, call: Call) -> Iterator[Problem]:
    counts = arity(call.name)
    if counts is None:
        near = get_close_matches(call.name, known_names(), n=1, cutoff=0.7)
        fix = f"Is {near[0]}( ) meant?" if near else "See the list of functions."
        words = f"there is no function {call.name}( )"
        yield formula.problem("function-unknown", words, fix, span=call.span)
        return
    low, high = counts
    given = len(call.args)
    if given < low or (high is not None and given > high):
        known = FUNCTIONS.get(call.name)
        words = known.help if known is not None else SPECIAL[call.name][3]
        needs = (
            f"at least {low}" if high is None else str(low) if low == high else f"{low} to {high}"
        )
        yield formula.problem(
            "function-values",
            f"{call.name}() needs {needs} value(s) in its brackets, found {given}",
            f"It is: {words}.",
            span=call.span,
        )


def _bare(formula: Formula, survey: Survey, columns: set[str]) -> Iterator[Problem]:
    """Words without quotes and names without ${ }."""
    found: list[Problem] = []
    filtering = formula.column == "choice_filter"

    def look(ast: Ast, *, within: bool) -> None:
        word = _bare_word(ast)
        if word and not within and not (filtering and word in columns | {"name", "label"}):
            found.append(_bare_problem(formula, word, survey, ast.span))
        if isinstance(ast, Path):
            if ast.base is not None:
                look(ast.base, within=within)
            for step in ast.steps:
                for predicate in step.predicates:
                    look(predicate, within=True)
            return
        for child in children(ast):
            look(child, within=within)

    if formula.ast is not None:
        look(formula.ast, within=False)
    yield from found


def _bare_word(ast: Ast) -> str:
    if isinstance(ast, Path) and not ast.absolute and ast.base is None and len(ast.steps) == 1:
        step = ast.steps[0]
        if step.axis == "child" and step.test == "name":
            return step.local
    return ""


def _bare_problem(formula: Formula, word: str, survey: Survey, span: tuple[int, int]) -> Problem:
    if word in {"TRUE", "FALSE"}:
        fix = f"Write {word.lower()}() or use a comparison."
        words = f"{word} is not a yes or no here"
        return formula.problem("bare-word", words, fix, "warning", span)
    if word in survey.by_name and formula.column != "choice_filter":
        fix = f"To use the question, write ${{{word}}}."
    elif formula.column == "choice_filter":
        return formula.problem(
            "filter-column", f"no choice has a column {word!r}, so nothing is ever offered",
            f"Add a column {word} on the choices sheet, or put quotes round a text.", "warning",
            span,
        )  # fmt: skip
    elif word in FUNCTIONS:
        fix = f"To use the function, write {word}() with its brackets."
    elif formula.column in {"required", "readonly"}:
        fix = "Write yes or no, or a formula."
    else:
        fix = f"For a choice or a text write '{word}' in quotes."
    return formula.problem("bare-word", f'"{word}" is a bare word', fix, span=span)


def _circles(formulas: list[Formula]) -> Iterator[Problem]:
    """Calculations that wait for themselves."""
    reads: dict[str, set[str]] = {}
    where: dict[str, Formula] = {}
    for formula in formulas:
        if formula.column in {"calculation", "relevant"} and formula.question.kind != "group":
            name = formula.question.name
            own = set(formula.refs.values())
            if formula.column == "calculation" and "once(" in formula.text:
                own.discard(name)
            reads.setdefault(name, set()).update(own)
            if formula.column == "calculation" or name not in where:
                where[name] = formula
    told: set[str] = set()
    for name in _left_waiting(_left_waiting(reads), turned=True):
        circle = _circle_from(name, reads)
        if circle and not told.intersection(circle):
            told.update(circle)
            through = " and ".join(each for each in circle if each != name)
            words = f'"{name}" depends on itself' + (f" (through {through})" if through else "")
            yield where[name].problem("circle", words, "Let one of them stop using the others.")


def _left_waiting(reads: dict[str, set[str]], *, turned: bool = False) -> dict[str, set[str]]:
    """What is left when all that waits for nothing (turned: is waited for by none) is taken out."""
    waits = {name: {read for read in found if read in reads} for name, found in reads.items()}
    readers: dict[str, set[str]] = {name: set() for name in reads}
    for name, found in waits.items():
        for read in found:
            readers[read].add(name)
    ahead, behind = (readers, waits) if turned else (waits, readers)
    ready = [name for name, found in ahead.items() if not found]
    gone: set[str] = set()
    while ready:
        name = ready.pop()
        gone.add(name)
        for other in behind[name]:
            ahead[other].discard(name)
            if not ahead[other]:
                ready.append(other)
    return {name: found - gone for name, found in waits.items() if name not in gone}


def _circle_from(start: str, reads: dict[str, set[str]]) -> list[str]:
    trail: list[tuple[str, list[str]]] = [(start, [start])]
    seen: set[str] = set()
    while trail:
        name, path = trail.pop()
        for read in sorted(reads.get(name, ())):
            if read == start:
                return path
            if read not in seen and read in reads:
                seen.add(read)
                trail.append((read, [*path, read]))
    return []
