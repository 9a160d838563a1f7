"""Checks a paper's figures: recomputes each from its formula and says how the two agree.

The verdict is worked out here from what is stated and what comes out; a verdict in the file is
never read. Own parser: numbers, + - * / and brackets, in decimal arithmetic. Refuses the rest.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal, InvalidOperation, localcontext
from pathlib import Path
from typing import Any

_PENNY = Decimal("0.01")
_SAME = Decimal("0.005")
_NEAR = Decimal("0.00001")  # 0.001 % of what is stated
_LONGEST = 1000
_DEEPEST = 50
_PRECISION = 50


class FiguresError(ValueError):
    """A file of figures that cannot be opened or read. Says what to do."""


class FormulaError(ValueError):
    """A formula or figure that cannot be worked out. Says why in plain words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """One figure: as stated, as recomputed (two decimals, half up), and how they agree."""

    id: str
    stated: str
    recomputed: str
    verdict: str
    label: str = ""
    source: str = ""
    note: str = ""  # why it could not be worked out

    def as_json(self) -> dict[str, str]:
        """The row as a report prints it; a note only where there is one."""
        shown = {
            "id": self.id,
            "label": self.label,
            "source": self.source,
            "stated": self.stated,
            "recomputed": self.recomputed,
            "verdict": self.verdict,
        }
        return shown | ({"note": self.note} if self.note else {})


def recompute_file(path: Path) -> list[Checked]:
    """Every row of a JSON file of figures. Raises FiguresError in plain words."""
    try:
        rows = json.loads(path.read_text(encoding="utf-8"), parse_float=str, parse_int=str)
    except OSError as error:
        raise FiguresError(
            f"The file {path.name} cannot be opened ({error.strerror}). Nothing was changed. "
            "Check the name and that you may read it."
        ) from error
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise FiguresError(
            f"The file {path.name} is not a JSON file of figures. Nothing was changed. "
            "Check that it is the right file."
        ) from error
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise FiguresError(
            f"The file {path.name} does not hold a list of rows. Each row needs id, formula and, "
            "where a paper states one, the stated figure."
        )
    return check_rows(rows)


def check_rows(rows: Iterable[Mapping[str, Any]]) -> list[Checked]:
    """Every row recomputed, in order. A row that cannot be read says so and stops no other."""
    return [_check(row, number) for number, row in enumerate(rows, start=1)]


def _check(row: Mapping[str, Any], number: int) -> Checked:
    text = {key: str(row.get(key, "") or "").strip() for key in _KEYS}
    name = text["id"] or f"row {number}"
    try:
        value = compute(text["formula"])
        said = verdict(text["kind"], text["stated"], value, text["unit"])
        shown, note = str(value.quantize(_PENNY, rounding=ROUND_HALF_UP)), ""
    except (FormulaError, InvalidOperation) as error:
        shown, said = "", "CANNOT BE WORKED OUT"
        note = str(error) if isinstance(error, FormulaError) else "A figure is too large."
    return Checked(
        id=name,
        stated=text["stated"],
        recomputed=shown,
        verdict=said,
        label=text["label"],
        source=text["paper"],
        note=note,
    )


_KEYS = ("id", "paper", "label", "stated", "kind", "unit", "formula")


def verdict(kind: str, stated: str, recomputed: Decimal, unit: str = "") -> str:
    """How a stated figure and a recomputed one agree."""
    if not stated:
        return "DERIVED"
    figure = _number(stated)
    gap = abs(figure - recomputed)
    if gap < _SAME:
        return "EXACT"
    if kind == "scope":
        return "DIFFERENT_SCOPE"
    if kind == "at_least":
        return "CONSISTENT" if recomputed >= figure else "INCONSISTENT"
    if kind == "about" and unit:
        return _rounded(figure, recomputed, _number(unit))
    return "NEAR" if gap <= abs(figure) * _NEAR else "INCONSISTENT"


def _rounded(figure: Decimal, recomputed: Decimal, unit: Decimal) -> str:
    if unit <= 0:
        raise FormulaError("The unit to round to has to be more than nothing.")
    with localcontext(prec=_PRECISION):
        steps = recomputed / unit
        if steps.quantize(Decimal(1), rounding=ROUND_HALF_UP) * unit == figure:
            return "ROUNDED"
        if steps.quantize(Decimal(1), rounding=ROUND_DOWN) * unit == figure:
            return "TRUNCATED"
    return "INCONSISTENT"


def _number(text: str) -> Decimal:
    plain = text.replace(",", "").removeprefix("£")
    if not re.fullmatch(r"-?\d{1,30}(\.\d{1,30})?", plain):
        raise FormulaError(f"“{text[:30]}” is not a figure.")
    return Decimal(plain)


def compute(formula: str) -> Decimal:
    """What a formula comes to: numbers, + - * / and brackets. Raises FormulaError."""
    if not formula:
        raise FormulaError("There is no formula.")
    if len(formula) > _LONGEST:
        raise FormulaError(f"The formula is longer than {_LONGEST} characters.")
    with localcontext(prec=_PRECISION):
        return _Sum(formula).whole()


class _Sum:
    """Recursive descent over one formula."""

    def __init__(self, formula: str) -> None:
        self._parts = re.findall(r"\d+(?:\.\d+)?|[-+*/()]|\S", formula)
        self._at = 0

    def whole(self) -> Decimal:
        """The formula to its end."""
        value = self._terms(0)
        if self._next():
            raise FormulaError(f"“{self._next()}” is not expected there.")
        return value

    def _next(self) -> str:
        return self._parts[self._at] if self._at < len(self._parts) else ""

    def _take(self) -> str:
        part = self._next()
        self._at += 1
        return part

    def _terms(self, depth: int) -> Decimal:
        value = self._factors(depth)
        while self._next() in ("+", "-"):
            plus = self._take() == "+"
            right = self._factors(depth)
            value = value + right if plus else value - right
        return value

    def _factors(self, depth: int) -> Decimal:
        value = self._single(depth)
        while self._next() in ("*", "/"):
            times = self._take() == "*"
            right = self._single(depth)
            if not times and right == 0:
                raise FormulaError("The formula divides by nothing.")
            value = value * right if times else value / right
        return value

    def _single(self, depth: int) -> Decimal:
        if depth > _DEEPEST:
            raise FormulaError("The brackets are nested too deeply.")
        part = self._take()
        if part == "-":
            return -self._single(depth + 1)
        if part == "(":
            value = self._terms(depth + 1)
            if self._take() != ")":
                raise FormulaError("A bracket is not closed.")
            return value
        if part[:1].isdecimal() and part.isascii():
            return Decimal(part)
        raise FormulaError(f"“{part or 'the end'}” is not a number.")
