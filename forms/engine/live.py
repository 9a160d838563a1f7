"""The tree of answers of one session: a node for each question, group and repeat instance.

Knows how to grow and lose instances; works out no formulas.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple, TypeAlias, cast

from lxml import etree

from forms.engine.markup import split_name
from forms.engine.model import NodeDef
from forms.engine.typed import kept
from forms.engine.xpath.tree import ATTRIBUTE, ELEMENT, NO_NODES, ROOT, AnswerNode, Node

if TYPE_CHECKING:
    from forms.engine.problems import Problem

_NAMES_NOBODY: dict[int, LiveNode] = {}  # of every leaf
_NONE_YET: frozenset[int] = frozenset()


class Offered(NamedTuple):
    """What may be chosen: values with the rows they come from, in order; the values alone."""

    rows: Sequence[tuple[str, Node]]
    values: frozenset[str]
    words: tuple[str, ...] = ()  # of rows that are answers themselves: how they read


class LiveNode(AnswerNode):
    """A node that holds an answer and what the form says about it just now."""

    __slots__ = (
        "choices",
        "counted",
        "d",
        "given",
        "gone",
        "named",
        "own_relevant",
        "problem",
        "readonly",
        "required",
        "valid",
    )
    live = True

    def __init__(self, d: NodeDef) -> None:
        self.kind = ELEMENT  # all of Node's own are set here: there are very many of these
        self.local = d.local
        self.uri = d.uri
        self.prefix = d.prefix
        self.parent: Node | None = None
        self.kids: list[Node] = NO_NODES
        self.attrs: list[Node] = NO_NODES
        self.text = ""
        self.relevant = True
        self.d = d
        self.named: dict[int, LiveNode] = {} if d.kids else _NAMES_NOBODY
        self.own_relevant = True
        self.required = False
        self.readonly = False
        self.valid = True
        self.counted: frozenset[int] = _NONE_YET  # repeats below whose number is known
        self.problem: Problem | None = None
        self.choices: Offered | None = None
        self.numbered = None
        self.number = 0.0
        self.gone = False  # taken out of its repeat
        self.given: str | None = None  # what was chosen, while a list no longer offers it

    @property
    def ref(self) -> str:
        """Where it is: /data/line[2]/cost. Repeat instances count from 1."""
        if not self.d.repeats:
            return self.d.path
        parts: list[str] = []
        node: Node | None = self
        while isinstance(node, LiveNode):
            part = node.d.key
            if node.d.repeat:
                part += f"[{place_of(node)}]"
            parts.append(part)
            node = node.parent
        return "/" + "/".join(reversed(parts))

    def live_kids(self) -> Iterator[LiveNode]:
        """The children, all of them live."""
        for kid in self.kids:
            if isinstance(kid, LiveNode):
                yield kid

    def below(self) -> Iterator[LiveNode]:
        """The node and all below it."""
        yield self
        for kid in self.live_kids():
            yield from kid.below()

    def instances_of(self, repeat: NodeDef) -> list[LiveNode]:
        """The instances of a repeat directly below this node."""
        return [kid for kid in cast("list[LiveNode]", self.kids) if kid.d is repeat]


def place_of(node: LiveNode) -> int:
    """Which instance of its repeat this is, counted from 1."""
    parent = node.parent
    if not isinstance(parent, LiveNode):
        return 1
    return next((i for i, k in enumerate(parent.instances_of(node.d), 1) if k is node), 0)


def step_up(node: Node) -> Node:
    """The parent; the node itself at the top."""
    return node if node.parent is None else node.parent


def step_down(node: Node, index: int) -> LiveNode:
    """The child with that definition number."""
    assert isinstance(node, LiveNode)  # noqa: S101 - bound at load over the form's own tree
    return node.named[index]


def document_over(root: LiveNode) -> Node:
    """The document node above the first node of a form."""
    document = Node(ROOT)
    document.add(root)
    return document


Slots: TypeAlias = list[LiveNode | None]


def build(
    d: NodeDef,
    element: etree._Element | None,
    slots: Slots | None = None,
    *,
    as_written: bool = False,
) -> LiveNode:
    """A node and all below it; values from `element` where it has them.

    Nodes outside every repeat are put into `slots`. `as_written`: the element is the form's own,
    so that only repeats need be looked for in it.
    """
    node = LiveNode(d)
    if slots is not None and not d.repeats:
        slots[d.index] = node
    if d.attrs:
        _attributes(node, d)
    if not d.kids:
        text = d.text if element is None else element.text
        if text:
            node.text = kept(d.data_type, text)
        return node
    given = _children(element)
    node.kids = []
    for kid in d.kids:
        if not given or (as_written and not kid.grows):
            found: list[etree._Element] = []
        else:
            found = given.get((kid.local, kid.prefix)) or given.get((kid.local, ""), [])
            found = found or next((e for (local, _), e in given.items() if local == kid.local), [])
        if kid.repeat:
            alone = not found and kid.fixed and "count" not in kid.binds
            for each in [None] if alone else found:  # nobody could ever add the first one
                node.add(build(kid, each, slots))
        else:
            made = build(kid, found[0] if found else None, slots, as_written=as_written)
            made.parent = node
            node.kids.append(made)
            node.named[kid.index] = made
    return node


def _attributes(node: LiveNode, d: NodeDef) -> None:
    for name, value in d.attrs.items():
        prefix, _, local = name.rpartition(":")
        attr = Node(ATTRIBUTE, local, "", prefix)
        attr.text = value
        node.add_attribute(attr)


def _children(element: etree._Element | None) -> dict[tuple[str, str], list[etree._Element]]:
    found: dict[tuple[str, str], list[etree._Element]] = {}
    if element is None:
        return found
    for child in element:
        if any(str(name).endswith("}template") for name, _ in child.items()):
            continue
        key = (split_name(child.tag)[1], child.prefix or "")
        found.setdefault(key, []).append(child)
    return found


def insert_instance(parent: LiveNode, instance: LiveNode, place: int) -> None:
    """Put an instance of a repeat at a place (from 1) among its fellows."""
    fellows = parent.instances_of(instance.d)
    if place <= len(fellows):
        at = _index(parent, fellows[place - 1])
    elif fellows:
        at = _index(parent, fellows[-1]) + 1
    else:
        at = _first_place(parent, instance.d)
    instance.parent = parent
    instance.gone = False
    if parent.kids:
        parent.kids.insert(at, instance)
    else:
        parent.kids = [instance]


def _index(parent: LiveNode, node: Node) -> int:
    return next(i for i, kid in enumerate(parent.kids) if kid is node)


def _first_place(parent: LiveNode, d: NodeDef) -> int:
    """Where the first instance belongs: after everything the form names before it."""
    before = {kid.index for kid in parent.d.kids[: parent.d.kids.index(d)]}
    places = [i for i, kid in enumerate(parent.live_kids(), 1) if kid.d.index in before]
    return max(places, default=0)


def take_out(instance: LiveNode) -> None:
    """Take an instance of a repeat out of the tree."""
    parent = instance.parent
    instance.gone = True
    if parent is not None:
        parent.kids = [kid for kid in parent.kids if kid is not instance]


def instances_below(start: LiveNode, d: NodeDef) -> list[LiveNode]:
    """Every node of definition `d` at or below `start`."""
    trail: list[NodeDef] = []
    walker: NodeDef | None = d
    while walker is not None and walker is not start.d:
        trail.append(walker)
        walker = walker.parent
    nodes = [start]
    for step in reversed(trail):
        if step.repeat:
            nodes = [kid for node in nodes for kid in node.instances_of(step)]
        else:
            nodes = [node.named[step.index] for node in nodes]
    return nodes


def nearest(node: Node, root: LiveNode, d: NodeDef) -> list[LiveNode]:
    """The nodes of definition `d` that share the most repeats with `node`."""
    base = node if isinstance(node, LiveNode) else root
    while not f"{d.path}/".startswith(f"{base.d.path}/") and isinstance(base.parent, LiveNode):
        base = base.parent
    return instances_below(base, d)
