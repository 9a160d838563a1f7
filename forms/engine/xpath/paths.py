"""Paths and predicates into closures over nodes, with an index for lookups in long lists."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, TypeAlias

from forms.engine.xpath.ast import Ast, Binary, Call, Filter, Literal, Number, Path, Step
from forms.engine.xpath.axes import AXES, ORDERED, REVERSE, test_of
from forms.engine.xpath.tree import Node, in_order, top
from forms.engine.xpath.types import Here, Value, truth_of

Select: TypeAlias = Callable[[list[Node], Here], list[Node]]
Narrow: TypeAlias = Callable[[list[Node], Here], list[Node]]


class Expressions(Protocol):
    """The compiler of the expressions inside a path."""

    def kind(self, ast: Ast) -> str: ...  # noqa: D102
    def value(self, ast: Ast) -> Callable[[Here], Value]: ...  # noqa: D102
    def number(self, ast: Ast) -> Callable[[Here], float]: ...  # noqa: D102
    def text(self, ast: Ast) -> Callable[[Here], str]: ...  # noqa: D102
    def truth(self, ast: Ast) -> Callable[[Here], bool]: ...  # noqa: D102
    def nodes(self, ast: Ast) -> Callable[[Here], list[Node]]: ...  # noqa: D102


class PathCompiler:
    """Compiles paths; `within` compiles what stands in predicates, about another node."""

    def __init__(
        self, prefixes: dict[str, str], expressions: Expressions, within: Expressions
    ) -> None:
        self._prefixes = prefixes
        self._expressions = expressions
        self._within = within

    def path(self, ast: Path) -> Callable[[Here], list[Node]]:
        """The nodes of a path."""
        steps = [self.step(step) for step in ast.steps]
        start = self._start(ast)

        def walk(here: Here) -> list[Node]:
            nodes = start(here)
            for step in steps:
                if not nodes:
                    return nodes
                nodes = step(nodes, here)
            return nodes

        return walk

    def _start(self, ast: Path) -> Callable[[Here], list[Node]]:
        if ast.base is not None:
            return self._expressions.nodes(ast.base)
        if ast.absolute:
            return lambda here: [here.around.root or top(here.node)]
        return lambda here: [here.node]

    def filter(self, ast: Filter) -> Callable[[Here], list[Node]]:
        """A list in brackets, narrowed by predicates."""
        operand = self._expressions.nodes(ast.operand)
        narrows = [self.predicate(predicate) for predicate in ast.predicates]

        def narrowed(here: Here) -> list[Node]:
            nodes = operand(here)
            for narrow in narrows:
                nodes = narrow(nodes, here)
            return nodes

        return narrowed

    def step(self, step: Step) -> Select:
        """One step, from a list of nodes to a list of nodes in document order."""
        axis, test = AXES[step.axis], test_of(step, self._prefixes)
        narrows = [self.predicate(predicate) for predicate in step.predicates]
        lookup = self._lookup(step)
        backward = step.axis in REVERSE

        def from_one(node: Node, here: Here) -> list[Node]:
            if lookup is not None and not node.live:
                return lookup(node, here)
            found = [kid for kid in axis(node) if test(kid)]
            for narrow in narrows:
                found = narrow(found, here)
            return found

        def select(nodes: list[Node], here: Here) -> list[Node]:
            if len(nodes) == 1:
                found = from_one(nodes[0], here)
                return in_order(found) if backward else found
            joined = [kid for node in nodes for kid in from_one(node, here)]
            return joined if step.axis in ORDERED else in_order(joined)

        return select

    def predicate(self, ast: Ast) -> Narrow:
        """What a pair of square brackets leaves over."""
        kind = self._within.kind(ast)
        if isinstance(ast, Number):
            place = int(ast.value) if ast.value == int(ast.value) else 0
            return lambda nodes, _: nodes[place - 1 : place] if place > 0 else []
        if kind == "n":
            number = self._within.number(ast)
            return _narrowed(lambda here: number(here) == here.position)
        if kind == "v":
            value = self._within.value(ast)
            return _narrowed(lambda here: _holds(value(here), here))
        return _narrowed(self._within.truth(ast))

    def _lookup(self, step: Step) -> Callable[[Node, Here], list[Node]] | None:
        """item[column = something outside the item]: answered from an index."""
        if step.axis != "child" or step.test != "name" or len(step.predicates) != 1:
            return None
        sides = _equality(step.predicates[0])
        if sides is None:
            return None
        column, other = sides
        if self._within.kind(other) not in {"s", "L"}:
            return None
        wanted = self._within.text(other)
        local = step.local

        def look_up(node: Node, here: Here) -> list[Node]:
            return here.around.index.found(node, local, column, wanted(here))

        return look_up

    def indexed_repeat(self, call: Call) -> Callable[[Here], list[Node]]:
        """indexed-repeat(question, repeat, number, ...): the question in that instance."""
        target = self._expressions.nodes(call.args[0])
        pairs = [
            (self._expressions.nodes(call.args[i]), self._expressions.number(call.args[i + 1]))
            for i in range(1, len(call.args) - 1, 2)
        ]

        def read(here: Here) -> list[Node]:
            within: Node | None = None
            for repeats, number in pairs:
                chosen = [n for n in repeats(here) if within is None or _inside(n, within)]
                at = number(here)
                if at != at or not 1 <= at <= len(chosen):  # noqa: PLR0124
                    return []
                within = chosen[int(at) - 1]
            return [n for n in target(here) if within is not None and _inside(n, within)]

        return read


def _inside(node: Node, above: Node) -> bool:
    walker: Node | None = node
    while walker is not None:
        if walker is above:
            return True
        walker = walker.parent
    return False


def _holds(value: Any, here: Here) -> bool:
    if isinstance(value, float):
        return value == here.position
    return truth_of(value)


def _narrowed(holds: Callable[[Here], bool]) -> Narrow:
    def narrow(nodes: list[Node], here: Here) -> list[Node]:
        inner = Here(here.node, here.around, here.current)
        inner.size = len(nodes)
        kept: list[Node] = []
        for position, node in enumerate(nodes, 1):
            inner.node = node
            inner.position = position
            if holds(inner):
                kept.append(node)
        return kept

    return narrow


def _equality(ast: Ast) -> tuple[str, Ast] | None:
    """(column, other side) of `column = something that does not look at the item`."""
    if not isinstance(ast, Binary) or ast.op != "=":
        return None
    for column, other in ((ast.left, ast.right), (ast.right, ast.left)):
        if _is_column(column) and _stands_outside(other):
            assert isinstance(column, Path)  # noqa: S101 - narrowed by _is_column
            return column.steps[0].local, other
    return None


def _is_column(ast: Ast) -> bool:
    return (
        isinstance(ast, Path)
        and not ast.absolute
        and ast.base is None
        and len(ast.steps) == 1
        and ast.steps[0].axis == "child"
        and ast.steps[0].test == "name"
        and not ast.steps[0].prefix
        and not ast.steps[0].predicates
    )


def _stands_outside(ast: Ast) -> bool:
    """Whether a value is the same for every item: it does not start from the item."""
    if isinstance(ast, Literal):
        return True
    if not isinstance(ast, Path) or any(step.predicates for step in ast.steps):
        return False
    return ast.absolute or (isinstance(ast.base, Call) and ast.base.name == "current")
