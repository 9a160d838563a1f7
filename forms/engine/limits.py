"""The first and the last day a date question allows, as its check says: for a calendar, for words.

Reads only what a check says plainly (". <= today() and . >= ${begun}"); anything else sets no
limit. Judges nothing: the check itself does.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from datetime import date, timedelta

from forms.engine.evaluation import FAULTS, Evaluation
from forms.engine.graph import Computation
from forms.engine.live import LiveNode
from forms.engine.model import FormDef
from forms.engine.refs import FormBinder
from forms.engine.xpath.ast import Ast, Binary, Call, Path, children
from forms.engine.xpath.closures import Compiler
from forms.engine.xpath.parser import parse
from forms.engine.xpath.types import Here

DAYS = frozenset({"date", "datetime"})
_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "="}
_EPOCH = date(1970, 1, 1)
_AROUND = frozenset({"number", "date", "decimal-date-time", "date-time"})
Ends = tuple[date | None, date | None]
Side = tuple[str, Callable[[Here], float]]


class Limits:
    """The limits of one session's date questions, worked out when they are asked for."""

    def __init__(self, form: FormDef, evaluation: Evaluation) -> None:
        self._form, self._evaluation = form, evaluation
        self._sides: dict[int, tuple[Side, ...]] = {}

    def of(self, node: LiveNode) -> Ends:
        """The first and the last day; None where the check sets none."""
        check = self._evaluation.program.constraints.get(node.d.index)
        if check is None or node.d.kind not in DAYS:
            return None, None
        if node.d.index not in self._sides:
            self._sides[node.d.index] = tuple(self._read(check))
        least: date | None = None
        most: date | None = None
        for sign, run in self._sides[node.d.index]:
            low, high = _ends(sign, self._days(run, node))
            least = max(filter(None, (least, low)), default=None)
            most = min(filter(None, (most, high)), default=None)
        return least, most

    def _read(self, check: Computation) -> Iterator[Side]:
        compiler = Compiler(self._form.prefixes, FormBinder(check.target, self._form.root))
        for part in _all_of(parse(check.formula)):
            for sign, here, other in (
                (part.op, part.left, part.right),
                (_TURNED.get(part.op, ""), part.right, part.left),
            ):
                if sign in _TURNED and _is_self(here) and not _reads_self(other):
                    yield sign, compiler.number(other)

    def _days(self, run: Callable[[Here], float], node: LiveNode) -> float:
        try:
            return float(run(Here(node, self._evaluation.around)))
        except FAULTS:
            return math.nan  # said at the question by the check itself


def _all_of(ast: Ast) -> Iterator[Binary]:
    """What all has to hold: the parts joined by `and`."""
    if isinstance(ast, Binary):
        if ast.op == "and":
            yield from _all_of(ast.left)
            yield from _all_of(ast.right)
        else:
            yield ast


def _is_self(ast: Ast) -> bool:
    if isinstance(ast, Call) and ast.name in _AROUND and len(ast.args) == 1:
        return _is_self(ast.args[0])
    if not isinstance(ast, Path) or ast.absolute or ast.base is not None:
        return False
    return len(ast.steps) == 1 and ast.steps[0].axis == "self" and not ast.steps[0].predicates


def _reads_self(ast: Ast) -> bool:
    return _is_self(ast) or any(_reads_self(child) for child in children(ast))


def _ends(sign: str, days: float) -> Ends:
    """A limit in days since 1970 as the first and the last whole day it leaves."""
    if not math.isfinite(days):
        return None, None
    first = math.ceil(days) if sign != ">" else math.floor(days) + 1
    last = math.floor(days) if sign != "<" else math.ceil(days) - 1
    low = _day(first) if sign in {">", ">=", "="} else None
    high = _day(last) if sign in {"<", "<=", "="} else None
    return low, high


def _day(days: int) -> date | None:
    try:
        return _EPOCH + timedelta(days=days)
    except OverflowError:
        return None
