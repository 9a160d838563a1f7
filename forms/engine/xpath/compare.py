"""= != < <= > >= between any two values, by XPath's table, with dates as day numbers."""

from __future__ import annotations

import operator
from collections.abc import Callable

from forms.engine.xpath.tree import text_of
from forms.engine.xpath.types import Here, Value, number_of, number_of_text, truth_of

_EQUAL: dict[str, Callable[[object, object], bool]] = {"=": operator.eq, "!=": operator.ne}
_ORDER: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
MIRROR = {"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


def compare(op: str, left: Value, right: Value, here: Here) -> bool:
    """Whether `left op right` holds."""
    if isinstance(left, list):
        return _with_nodes(op, left, right, here)
    if isinstance(right, list):
        return _with_nodes(MIRROR[op], right, left, here)
    if op in _EQUAL:
        return _equal(op, left, right, here)
    return _ORDER[op](number_of(left, here), number_of(right, here))


def _equal(op: str, left: Value, right: Value, here: Here) -> bool:
    same = _EQUAL[op]
    if isinstance(left, bool) or isinstance(right, bool):
        return same(truth_of(left), truth_of(right))
    if isinstance(left, float) or isinstance(right, float):
        return same(number_of(left, here), number_of(right, here))
    return same(left, right)


def _with_nodes(op: str, nodes: Value, other: Value, here: Here) -> bool:
    assert isinstance(nodes, list)  # noqa: S101 - narrowed by compare()
    if isinstance(other, list):
        return _two_sets(op, [text_of(n) for n in nodes], [text_of(n) for n in other], here)
    if isinstance(other, bool) and op in _EQUAL:
        return _EQUAL[op](bool(nodes), other)
    if isinstance(other, str) and op in _EQUAL:
        same = _EQUAL[op]
        return any(same(text_of(node), other) for node in nodes)
    number = number_of(other, here)
    holds = _ORDER.get(op) or _EQUAL[op]
    return any(holds(number_of_text(text_of(node), here), number) for node in nodes)


def _two_sets(op: str, left: list[str], right: list[str], here: Here) -> bool:
    if op == "=":
        return not set(left).isdisjoint(right)
    if op == "!=":
        return bool(left) and bool(right) and len({*left, *right}) > 1
    holds = _ORDER[op]
    numbers = [number_of_text(text, here) for text in right]
    return any(holds(number_of_text(a, here), b) for a in left for b in numbers)
