"""The axes of a path and the tests of a step."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from forms.engine.xpath.ast import Step
from forms.engine.xpath.tree import (
    ATTRIBUTE,
    COMMENT,
    ELEMENT,
    INSTRUCTION,
    NAMESPACE,
    TEXT,
    XML_URI,
    Node,
    descendants,
    order_key,
    synthetic_text,
)

Test = Callable[[Node], bool]
REVERSE = frozenset({"ancestor", "ancestor-or-self", "preceding", "preceding-sibling"})
ORDERED = frozenset({"child", "attribute", "self"})


def _child(node: Node) -> Iterable[Node]:
    return node.kids or synthetic_text(node)


def _parent(node: Node) -> Iterable[Node]:
    return () if node.parent is None else (node.parent,)


def _ancestors(node: Node) -> Iterator[Node]:
    above = node.parent
    while above is not None:
        yield above
        above = above.parent


def _ancestor_or_self(node: Node) -> Iterator[Node]:
    yield node
    yield from _ancestors(node)


def _descendant_or_self(node: Node) -> Iterator[Node]:
    yield node
    yield from descendants(node)


def _siblings(node: Node) -> tuple[list[Node], int]:
    if node.parent is None or node.kind in {ATTRIBUTE, NAMESPACE}:
        return [], 0
    kids = node.parent.kids
    return kids, next((i for i, kid in enumerate(kids) if kid is node), 0)


def _following_sibling(node: Node) -> Iterable[Node]:
    kids, at = _siblings(node)
    return kids[at + 1 :]


def _preceding_sibling(node: Node) -> Iterable[Node]:
    kids, at = _siblings(node)
    return reversed(kids[:at])


def _following(node: Node) -> Iterator[Node]:
    if node.kind == ATTRIBUTE and node.parent is not None:
        yield from descendants(node.parent)
        node = node.parent
    for above in _ancestor_or_self(node):
        for sibling in _following_sibling(above):
            yield from _descendant_or_self(sibling)


def _preceding(node: Node) -> Iterator[Node]:
    if node.kind == ATTRIBUTE and node.parent is not None:
        node = node.parent
    for above in _ancestor_or_self(node):
        for sibling in _preceding_sibling(above):
            yield from reversed(list(_descendant_or_self(sibling)))


def _namespaces(node: Node) -> Iterator[Node]:
    if node.kind != ELEMENT:
        return
    bound: dict[str, str] = {}
    for above in _ancestor_or_self(node):
        for prefix, uri in [(above.prefix, above.uri), *((a.prefix, a.uri) for a in above.attrs)]:
            if uri and prefix not in bound and prefix != "xml":
                bound[prefix] = uri
    for prefix, uri in [*bound.items(), ("xml", XML_URI)]:
        made = Node(NAMESPACE, prefix)
        made.text = uri
        made.parent = node
        yield made


AXES: dict[str, Callable[[Node], Iterable[Node]]] = {
    "ancestor": _ancestors,
    "ancestor-or-self": _ancestor_or_self,
    "attribute": lambda node: node.attrs,
    "child": _child,
    "descendant": descendants,
    "descendant-or-self": _descendant_or_self,
    "following": _following,
    "following-sibling": _following_sibling,
    "namespace": _namespaces,
    "parent": _parent,
    "preceding": _preceding,
    "preceding-sibling": _preceding_sibling,
    "self": lambda node: (node,),
}
_KINDS = {"text": TEXT, "comment": COMMENT, "processing-instruction": INSTRUCTION}


def test_of(step: Step, prefixes: dict[str, str]) -> Test:
    """The test a node must pass for this step."""
    principal = {"attribute": ATTRIBUTE, "namespace": NAMESPACE}.get(step.axis, ELEMENT)
    if step.test == "node":
        return lambda _: True
    if step.test in _KINDS:
        kind, target = _KINDS[step.test], step.local
        return lambda node: node.kind == kind and (not target or node.local == target)
    uri = prefixes.get(step.prefix)
    if step.test == "any":
        if not step.prefix:
            return lambda node: node.kind == principal
        return lambda node: node.kind == principal and node.uri == uri
    local, prefix = step.local, step.prefix
    if not prefix and "" not in prefixes:  # no default namespace: a plain name has none
        return lambda node: node.local == local and node.kind == principal and not node.uri
    if not prefix:
        return lambda node: node.local == local and node.kind == principal and not node.prefix
    return lambda node: (
        node.local == local
        and node.kind == principal
        and (node.prefix == prefix or (uri is not None and node.uri == uri))
    )


def document_order(nodes: Iterable[Node]) -> list[Node]:
    """Sorted into document order (used after a union or a backward axis)."""
    return sorted(nodes, key=order_key)
