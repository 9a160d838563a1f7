"""Which nodes of a form a formula reads, and which paths are one answer (bound at load).

A Ref's anchor is the highest node its path climbs to: it decides which repeat instances change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from forms.engine.live import LiveNode, instances_below, step_down, step_up
from forms.engine.model import NodeDef
from forms.engine.xpath.ast import Ast, Call, Filter, Path, Step, children
from forms.engine.xpath.leaves import Reader
from forms.engine.xpath.tree import Node
from forms.engine.xpath.types import Here


class Ref(NamedTuple):
    """A node a formula reads."""

    node: NodeDef
    anchor: NodeDef


def refs_of(ast: Ast, context: NodeDef, root: NodeDef) -> list[Ref]:
    """Every node of the form that the formula at `context` reads."""
    collector = _Collector(context, root)
    collector.visit(ast, [(context, context)])
    return list(dict.fromkeys(collector.refs))


def refs_of_choices(ast: Ast, columns: Iterable[Ast], context: NodeDef, root: NodeDef) -> list[Ref]:
    """The same of a list of choices, and what their values and words are read from."""
    collector = _Collector(context, root)
    rows = collector.visit(ast, [(context, context)])
    for column in columns:
        collector.visit(column, rows)
    return list(dict.fromkeys(collector.refs))


def _common(a: NodeDef, b: NodeDef) -> NodeDef:
    seen: set[int] = set()
    walker: NodeDef | None = a
    while walker is not None:
        seen.add(walker.index)
        walker = walker.parent
    while b.index not in seen and b.parent is not None:
        b = b.parent
    return b


Standing = list[tuple[NodeDef, NodeDef]]  # (node, anchor)


class _Collector:
    def __init__(self, context: NodeDef, root: NodeDef) -> None:
        self.refs: list[Ref] = []
        self._context = context
        self._root = root

    def visit(self, ast: Ast, at: Standing) -> Standing:
        """Collect what `ast` reads when standing at `at`; where its nodes are."""
        if isinstance(ast, Path):
            return self._path(ast, at)
        if isinstance(ast, Filter):
            found = self.visit(ast.operand, at)
            for predicate in ast.predicates:
                self.visit(predicate, found)
            return found
        if isinstance(ast, Call):
            return self._call(ast, at)
        found = []
        for child in children(ast):
            found += self.visit(child, at)
        return found

    def _call(self, ast: Call, at: Standing) -> Standing:
        if ast.name == "current":
            return [(self._context, self._context)]
        if ast.name == "instance":
            return []
        found: Standing = []
        if reads_where_it_stands(ast):
            self.refs.extend(Ref(node, anchor) for node, anchor in at if node.path)
        for arg in ast.args:
            found += self.visit(arg, at)
        if ast.name == "position":
            for node, _ in found:
                if node.parent is not None:
                    self.refs.append(Ref(node, node.parent))
        return found

    def _path(self, path: Path, at: Standing) -> Standing:
        target = _named_from_the_top(path, self._root)
        if target is not None:
            self.refs.append(Ref(target, self._root))
            return [(target, self._root)]
        if path.base is not None:
            standing = self.visit(path.base, at)
        elif path.absolute:
            standing = [(self._root.document(), self._root)]
        else:
            standing = at
        for step in path.steps:
            standing = self._step(step, standing)
            for predicate in step.predicates:
                self.visit(predicate, standing)
        self.refs.extend(Ref(node, anchor) for node, anchor in standing if node.path)
        return standing

    def _step(self, step: Step, standing: Standing) -> Standing:
        found: Standing = []
        for node, anchor in standing:
            for reached in _reached(step, node):
                higher = reached if _above(reached, anchor) else anchor
                if step.axis in {"following-sibling", "preceding-sibling"} and node.parent:
                    higher = node.parent if _above(node.parent, anchor) else anchor
                found.append((reached, higher))
        return list(dict.fromkeys(found))


def _named_from_the_top(path: Path, root: NodeDef) -> NodeDef | None:
    """The one definition a plain path from the top means; None when there may be others."""
    if not path.absolute or path.base is not None or not path.steps:
        return None
    if not path.plain:
        return _named(path, root)
    known = root.document().known_paths
    assert known is not None  # noqa: S101 - the document has one
    if path.plain not in known:
        known[path.plain] = _named(path, root)
    return known[path.plain]


def _named(path: Path, root: NodeDef) -> NodeDef | None:
    node = root.document()
    for axis, test, prefix, local, predicates, _ in path.steps:
        if axis != "child" or test != "name" or prefix or predicates:
            return None
        found = node.named(local)
        if len(found) != 1:
            return None
        node = found[0]
    return node


def _above(node: NodeDef, other: NodeDef) -> bool:
    walker: NodeDef | None = other
    while walker is not None:
        if walker is node:
            return True
        walker = walker.parent
    return False


def _reached(step: Step, node: NodeDef) -> list[NodeDef]:
    if step.axis == "self":
        return [node]
    if step.axis == "parent":
        return [] if node.parent is None else [node.parent]
    if step.axis in {"attribute", "namespace"}:
        return [node]
    if step.axis == "child":
        if step.test == "name" and not step.prefix:
            return node.named(step.local)
        return [kid for kid in node.kids if _is_named(step, kid)]
    if step.axis in {"descendant", "descendant-or-self"}:
        return [kid for kid in node.walk() if _is_named(step, kid)]
    if step.axis in {"ancestor", "ancestor-or-self"}:
        above = [node] if step.axis.endswith("self") else []
        while node.parent is not None:
            node = node.parent
            above.append(node)
        return [kid for kid in above if _is_named(step, kid)]
    siblings = node.parent.kids if node.parent is not None else []
    return [kid for kid in siblings if _is_named(step, kid)]


def _is_named(step: Step, node: NodeDef) -> bool:
    if step.test == "name":
        return node.local == step.local and (not step.prefix or step.prefix == node.prefix)
    return step.test in {"any", "node"}


_OF_ITSELF = frozenset({"string", "number", "string-length", "normalize-space", "name"})
_PLACED = frozenset({"current", "position", "last", "once", "indexed-repeat", "jr:choice-name"})


def is_placeless(ast: Ast) -> bool:
    """Whether a formula means the same wherever it stands: it reads its own node or a list."""
    if isinstance(ast, Path):
        if ast.absolute:
            return False
        if ast.base is None:
            return ast.steps == (Step("self", "node", "", "", (), ast.span),)
        listed = isinstance(ast.base, Call) and ast.base.name == "instance"
        return listed and not any(step.predicates or step.axis != "child" for step in ast.steps)
    if isinstance(ast, Call) and ast.name in _PLACED:
        return False
    return all(is_placeless(child) for child in children(ast))


def reads_itself(ast: Ast) -> bool:
    """Whether a placeless formula reads the node it stands at."""
    if isinstance(ast, Path) and ast.base is None:
        return True
    return reads_where_it_stands(ast) or any(reads_itself(child) for child in children(ast))


def reads_where_it_stands(ast: Ast) -> bool:
    """Whether a call with nothing in its brackets means the node it stands at: string( )."""
    return isinstance(ast, Call) and not ast.args and ast.name in _OF_ITSELF


class SelfBinder:
    """Binds `.` to the node a formula stands at; for formulas that read nothing else."""

    def leaf(self, path: Path, *, within: bool) -> Reader | None:
        """A reader of the node itself, or None for every other path."""
        if within or path.absolute or path.base is not None:
            return None
        return _own_node

    def nodes(self, path: Path) -> None:
        """Nothing: such formulas read no other node of the form."""


def _own_node(here: Here) -> Node:
    return here.node


class FormBinder:
    """Binds the paths of one formula to nodes of the session, where they are one answer."""

    def __init__(self, context: NodeDef, root: NodeDef) -> None:
        self._context = context
        self._root = root

    def leaf(self, path: Path, *, within: bool) -> Reader | None:
        """A reader of the single node this path always means, or None."""
        target = _named_from_the_top(path, self._root)
        if target is not None:
            return None if target.repeats else _slot(target.index)
        current = isinstance(path.base, Call) and path.base.name == "current"
        if path.base is not None and not current:
            return None
        if within and not path.absolute and not current:
            return None
        if any(step.predicates for step in path.steps):
            return None
        walk = self._walk(path)
        if walk is None:
            return None
        reached, ups, downs = walk
        if not reached.repeats:
            return _slot(reached.index)
        if path.absolute:
            return None
        return _walker(ups, downs, current=current)

    def nodes(self, path: Path) -> Callable[[Here], list[Node]] | None:
        """Every instance of the one definition that a plain path from the top means."""
        target = _named_from_the_top(path, self._root)
        return None if target is None else _instances(self._root.index, target)

    def _walk(self, path: Path) -> tuple[NodeDef, int, list[int]] | None:
        node = self._root.document() if path.absolute else self._context
        ups, downs = 0, list[int]()
        for step in path.steps:
            if step.axis == "self" and step.test == "node":
                continue
            if step.axis == "parent" and step.test == "node" and not downs:
                if node.parent is None:
                    return None
                node, ups = node.parent, ups + 1
                continue
            found = _reached(step, node) if step.axis == "child" and step.test == "name" else []
            if len(found) != 1 or found[0].repeat:
                return None
            node = found[0]
            downs.append(node.index)
        return None if node.index < 0 else (node, ups, downs)


def _slot(index: int) -> Reader:
    return lambda here: here.slots[index]


def _instances(top: int, target: NodeDef) -> Callable[[Here], list[Node]]:
    def found(here: Here) -> list[Node]:
        root = here.slots[top]
        assert isinstance(root, LiveNode)  # noqa: S101 - slots hold the form's own tree
        return [*instances_below(root, target)]

    return found


def _walker(ups: int, downs: list[int], *, current: bool) -> Reader:
    if ups == 1 and len(downs) == 1 and not current:
        only = downs[0]

        def beside(here: Here) -> LiveNode:
            return step_down(step_up(here.node), only)

        return beside

    def walk(here: Here) -> LiveNode:
        node = here.current if current else here.node
        for _ in range(ups):
            node = step_up(node)
        for index in downs:
            node = step_down(node, index)
        assert isinstance(node, LiveNode)  # noqa: S101 - the form's own tree
        return node

    return walk
