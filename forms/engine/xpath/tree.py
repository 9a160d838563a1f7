"""The tree formulas walk over: one node class for answers, lookup lists and test documents.

A leaf keeps its text itself; a node that is not relevant reads as empty. Holds no form logic.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, cast

if TYPE_CHECKING:
    from lxml import etree

ROOT, ELEMENT, ATTRIBUTE, TEXT, COMMENT, INSTRUCTION, NAMESPACE = range(7)
XML_URI = "http://www.w3.org/XML/1998/namespace"
NO_NODES: Final = cast("list[Node]", ())  # of every leaf: a list is made when there is a first


class Node:
    """One node. `kids` is empty for a leaf, whose text is in `text`."""

    __slots__ = ("attrs", "kids", "kind", "local", "parent", "prefix", "relevant", "text", "uri")
    live = False  # answers change under the reader; lists and documents do not

    def __init__(self, kind: int, local: str = "", uri: str = "", prefix: str = "") -> None:
        self.kind = kind
        self.local = local
        self.uri = uri
        self.prefix = prefix
        self.parent: Node | None = None
        self.kids: list[Node] = NO_NODES
        self.attrs: list[Node] = NO_NODES
        self.text = ""
        self.relevant = True

    def add(self, kid: Node) -> Node:
        """Put a node at the end of this one's children."""
        kid.parent = self
        if self.kids:
            self.kids.append(kid)
        else:
            self.kids = [kid]
        return kid

    def add_attribute(self, attr: Node) -> None:
        """Put an attribute at the end of this node's."""
        attr.parent = self
        self.attrs = [*self.attrs, attr]

    def attribute(self, local: str, uri: str = "") -> str | None:
        """The text of an attribute, or None."""
        return next((a.text for a in self.attrs if a.local == local and a.uri == uri), None)


class AnswerNode(Node):
    """A node whose text may also be kept as the number it reads as."""

    __slots__ = ("number", "numbered")
    number: float
    numbered: str | None  # the very text that `number` was read from; None: not read yet


def text_of(node: Node) -> str:
    """The string value: a leaf's own text, a branch's texts joined, nothing when not relevant."""
    if not node.relevant:
        return ""
    if node.kids:
        return "".join(_texts(node))
    return node.text


def _texts(node: Node) -> Iterator[str]:
    for kid in node.kids:
        if kid.kind in {COMMENT, INSTRUCTION} or not kid.relevant:
            continue
        if kid.kids:
            yield from _texts(kid)
        else:
            yield kid.text


def descendants(node: Node) -> Iterator[Node]:
    """Every node below this one, in document order."""
    for kid in node.kids or synthetic_text(node):
        yield kid
        yield from descendants(kid)


def synthetic_text(node: Node) -> list[Node]:
    """The text node of a leaf that keeps its text itself."""
    if node.kind != ELEMENT or not node.text:
        return []
    text = Node(TEXT)
    text.text = node.text
    text.parent = node
    text.relevant = node.relevant
    return [text]


def top(node: Node) -> Node:
    """The highest node above this one."""
    while node.parent is not None:
        node = node.parent
    return node


def order_key(node: Node) -> tuple[int, ...]:
    """Where a node stands in document order."""
    key: list[int] = []
    while node.parent is not None:
        parent = node.parent
        if node.kind == NAMESPACE:
            key.append(-2_000_000)
        elif node.kind == ATTRIBUTE:
            key.append(-1_000_000 + _index(parent.attrs, node))
        else:
            key.append(_index(parent.kids, node))
        node = parent
    key.append(id(node))  # nodes of different trees are kept apart
    key.reverse()
    return tuple(key)


def _index(nodes: list[Node], wanted: Node) -> int:
    return next((i for i, node in enumerate(nodes) if node is wanted), 0)


def in_order(nodes: list[Node]) -> list[Node]:
    """The nodes once each, in document order."""
    seen: set[int] = set()
    once: list[Node] = []
    for node in nodes:
        if id(node) not in seen:
            seen.add(id(node))
            once.append(node)
    if len(once) < 2:
        return once
    return sorted(once, key=order_key)


def from_element(element: etree._Element, *, keep_text: bool = False) -> Node:
    """A tree of nodes from a parsed XML element. Text of leaves is kept in the leaf itself."""
    uri, local = _split(element.tag)
    node = Node(ELEMENT, local, uri, element.prefix or "")
    for name, value in element.items():
        attr = _attribute(str(name), element)
        attr.text = str(value)
        node.add_attribute(attr)
    if len(element) == 0 and not keep_text:
        node.text = element.text or ""
        return node
    mixed = keep_text or bool((element.text or "").strip())
    mixed = mixed or any((child.tail or "").strip() for child in element)
    _text_kid(node, element.text, mixed=mixed)
    for child in element:
        if not _is_aside(child):
            node.add(from_element(child, keep_text=keep_text))
        elif keep_text:
            node.add(_aside(child))
        _text_kid(node, child.tail, mixed=mixed)
    return node


def _text_kid(node: Node, text: str | None, *, mixed: bool) -> None:
    if not text or not mixed:
        return
    if node.kids and node.kids[-1].kind == TEXT:  # a dropped comment between two texts
        node.kids[-1].text += text
        return
    node.add(Node(TEXT)).text = text


def _is_aside(child: etree._Element) -> bool:
    return callable(child.tag)  # comments and instructions carry their factory as tag


def _aside(child: etree._Element) -> Node:
    target = getattr(child, "target", None)
    aside = Node(COMMENT) if target is None else Node(INSTRUCTION, local=str(target))
    aside.text = child.text or ""
    return aside


def _split(name: str) -> tuple[str, str]:
    uri, _, local = name[1:].partition("}") if name[0] == "{" else ("", "", name)
    return uri, local


def _attribute(name: str, element: etree._Element) -> Node:
    uri, local = _split(name)
    prefix: str | None = ""
    if uri:
        found = (prefix for prefix, known in element.nsmap.items() if known == uri and prefix)
        prefix = "xml" if uri == XML_URI else next(found, "")
    return Node(ATTRIBUTE, local, uri, prefix or "")
