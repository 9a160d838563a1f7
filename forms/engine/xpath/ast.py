"""What a formula is once it has been read: frozen nodes with their place in the text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

Span: TypeAlias = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Number:
    """A number written in the formula."""

    value: float
    span: Span


@dataclass(frozen=True, slots=True)
class Literal:
    """Text in quotes."""

    value: str
    span: Span


@dataclass(frozen=True, slots=True)
class Binary:
    """Two sides and the sign between them: or and = != < <= > >= + - * div mod |."""

    op: str
    left: Ast
    right: Ast
    span: Span


@dataclass(frozen=True, slots=True)
class Negate:
    """A minus sign in front."""

    operand: Ast
    span: Span


@dataclass(frozen=True, slots=True)
class Call:
    """A function and what stands in its brackets."""

    name: str
    args: tuple[Ast, ...]
    span: Span


class Step(NamedTuple):
    """One step of a path. `test`: name | any | node | text | comment | processing-instruction."""

    axis: str
    test: str
    prefix: str
    local: str
    predicates: tuple[Ast, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Path:
    """Steps from the root (absolute), from the node at hand, or from `base`."""

    absolute: bool
    base: Ast | None
    steps: tuple[Step, ...]
    span: Span
    plain: str = ""  # "/data/a/b" when it is names from the top and nothing else


@dataclass(frozen=True, slots=True)
class Filter:
    """An expression in brackets or a call, narrowed by predicates."""

    operand: Ast
    predicates: tuple[Ast, ...]
    span: Span


Ast: TypeAlias = Number | Literal | Binary | Negate | Call | Path | Filter


CHAINED = frozenset({"and", "or", "+", "|"})  # may be gone through as a list


def chain_of(ast: Ast, op: str) -> list[Ast]:
    """What one operator joins, as a list, so that long formulas do not nest deep."""
    parts: list[Ast] = []
    while isinstance(ast, Binary) and ast.op == op:
        parts.append(ast.right)
        ast = ast.left
    parts.append(ast)
    parts.reverse()
    return parts


def children(ast: Ast) -> tuple[Ast, ...]:
    """The expressions directly inside this one, predicates of steps included."""
    if isinstance(ast, Binary):
        return tuple(chain_of(ast, ast.op)) if ast.op in CHAINED else (ast.left, ast.right)
    if isinstance(ast, Negate):
        return (ast.operand,)
    if isinstance(ast, Call):
        return ast.args
    if isinstance(ast, Filter):
        return (ast.operand, *ast.predicates)
    if isinstance(ast, Path):
        inner = tuple(p for step in ast.steps for p in step.predicates)
        return inner if ast.base is None else (ast.base, *inner)
    return ()


def depth_of(ast: Ast) -> int:
    """How deep the expressions of a formula stand in one another."""
    deepest, waiting = 0, [(ast, 1)]
    while waiting:
        inner, depth = waiting.pop()
        deepest = max(deepest, depth)
        waiting.extend((child, depth + 1) for child in children(inner))
    return deepest
