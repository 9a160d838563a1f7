"""The innermost closures, where an answer is read and compared: as few calls as can be.

A number is read from an answer's text once and kept beside it (`AnswerNode.number`). What stands
in `Here.params` is spoken of by its place there. Nothing here decides what a formula means.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from forms.engine.xpath.tree import AnswerNode, Node, text_of
from forms.engine.xpath.types import Here, number_of_text

_EMPTY = frozenset({"", "NaN"})
AsNumber: TypeAlias = Callable[[Here], float]
AsText: TypeAlias = Callable[[Here], str]
AsTruth: TypeAlias = Callable[[Here], bool]
Reader: TypeAlias = Callable[[Here], Node]


def number_of_node(node: Node, here: Here) -> float:
    """The number a node reads as; of an answer that did not change, the one from last time."""
    if node.kids or not node.relevant or not isinstance(node, AnswerNode):
        return number_of_text(text_of(node), here)
    text = node.text
    if node.numbered is not text:
        node.number = number_of_text(text, here)
        node.numbered = text
    return node.number


def leaf_number(reader: Reader) -> AsNumber:
    """The one answer a reader finds, as a number."""
    return lambda here: number_of_node(reader(here), here)


def slot_number(at: int) -> AsNumber:
    """The answer in the slot that a param names, as a number."""

    def read(here: Here) -> float:
        node: AnswerNode = here.slots[here.params[at]]
        if node.numbered is node.text and node.relevant:
            return node.number
        return number_of_node(node, here)

    return read


def leaf_text(reader: Reader) -> AsText:
    """The one answer a reader finds, as text."""

    def read(here: Here) -> str:
        node = reader(here)
        return text_of(node) if node.kids else (node.text if node.relevant else "")

    return read


def slot_text(at: int) -> AsText:
    """The answer in the slot that a param names, as text."""

    def read(here: Here) -> str:
        node = here.slots[here.params[at]]
        return text_of(node) if node.kids else (node.text if node.relevant else "")

    return read


def given_constant(at: int) -> Callable[[Here], Any]:
    """The number or the text that a param holds."""
    return lambda here: here.params[at]


def first_number(args: list[tuple[AsText | None, AsNumber]]) -> AsNumber:
    """coalesce( ) of answers (with their texts) and constants, where a number is wanted."""
    *before, (_, last) = args
    first_text, first = before[0]
    if len(before) == 1 and first_text is not None:
        return lambda here: last(here) if first_text(here) in _EMPTY else first(here)

    def read(here: Here) -> float:
        for text, number in before:
            if text is None or text(here) not in _EMPTY:
                return number(here)
        return last(here)

    return read


def compared(op: str, left: Callable[[Here], Any], right: Callable[[Here], Any]) -> AsTruth:
    """Two texts (= and != alone) or two numbers."""
    table: dict[str, AsTruth] = {
        "=": lambda here: left(here) == right(here),
        "!=": lambda here: left(here) != right(here),
        "<": lambda here: left(here) < right(here),
        "<=": lambda here: left(here) <= right(here),
        ">": lambda here: left(here) > right(here),
        ">=": lambda here: left(here) >= right(here),
    }
    return table[op]


def compared_with_given(op: str, left: Callable[[Here], Any], at: int) -> AsTruth:
    """The same with a constant that a param holds on the right."""
    table: dict[str, AsTruth] = {
        "=": lambda here: left(here) == here.params[at],
        "!=": lambda here: left(here) != here.params[at],
        "<": lambda here: left(here) < here.params[at],
        "<=": lambda here: left(here) <= here.params[at],
        ">": lambda here: left(here) > here.params[at],
        ">=": lambda here: left(here) >= here.params[at],
    }
    return table[op]
