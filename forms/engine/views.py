"""Read-only nodes for a renderer. They look at the session each time, and can change nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from forms.engine.choices import Choice
from forms.engine.live import LiveNode, place_of
from forms.engine.model import NodeDef
from forms.engine.problems import Problem

if TYPE_CHECKING:
    from forms.engine.session import FormSession

_HIDDEN = frozenset({"calculate"})


class NodeView:
    """A question, a group, a repeat (`range_of` its parent) or one instance of a repeat."""

    __slots__ = ("_live", "_range", "_session")

    def __init__(
        self, session: FormSession, live: LiveNode, *, range_of: NodeDef | None = None
    ) -> None:
        self._session = session
        self._live = live
        self._range = range_of

    @property
    def _d(self) -> NodeDef:
        return self._range or self._live.d

    @property
    def ref(self) -> str:
        """Where it is: what answer(), add_repeat() and remove_repeat() take."""
        return f"{self._live.ref}/{self._range.key}" if self._range else self._live.ref

    @property
    def name(self) -> str:
        """The question's name in the workbook."""
        return self._d.local

    @property
    def kind(self) -> str:
        """What to draw; see the top of session.py."""
        if self._range is None and self._d.repeat:
            return "instance"
        return self._d.kind

    @property
    def data_type(self) -> str:
        """The XForms type: string, int, decimal, date ..."""
        return self._d.data_type

    @property
    def label(self) -> str:
        """The question in the language shown, answers put in. May hold **bold** and lists."""
        if self._range is not None:
            instances = self._live.instances_of(self._range)
            if instances:
                return self._session.label_of(instances[0])
            control = self._range.control
            return "" if control is None else self._session.words(control.label, self._live)
        return self._session.label_of(self._live)

    @property
    def hint(self) -> str:
        """The hint under the question."""
        control = self._d.control
        return "" if control is None else self._session.words(control.hint, self._live)

    @property
    def appearance(self) -> str:
        """The workbook's appearance column: multiline, minimal ..."""
        return "" if self._d.control is None else self._d.control.appearance

    @property
    def extras(self) -> dict[str, str]:
        """Start, end and step of a range; rows of a text."""
        return {} if self._d.control is None else dict(self._d.control.extras)

    @property
    def value(self) -> str:
        """The answer as text; "" when there is none. Kept while hidden."""
        return "" if self._live.kids else self._live.text

    @property
    def relevant(self) -> bool:
        """Whether to show it."""
        if self._range is not None:
            return self._live.relevant and self._session.repeat_relevant(self._live, self._range)
        return self._live.relevant

    @property
    def required(self) -> bool:
        """Whether the form cannot be finished without an answer."""
        return self._live.required

    @property
    def readonly(self) -> bool:
        """Whether it is shown but cannot be changed (its group counts)."""
        node: object = self._live
        while isinstance(node, LiveNode):
            if node.readonly:
                return True
            node = node.parent
        return False

    @property
    def choices(self) -> tuple[Choice, ...]:
        """What may be chosen, in order."""
        return self._session.choices_of(self._live)

    @property
    def problem(self) -> Problem | None:
        """What to say at this question now."""
        return None if self._range is not None else self._session.problem_of(self._live)

    @property
    def violation(self) -> str:
        """Constraint, required or "", whether or not it is shown yet."""
        return "" if self._range is not None else self._session.violation_of(self._live)

    @property
    def place(self) -> int:
        """Of an instance: its number, from 1."""
        return place_of(self._live)

    @property
    def can_add(self) -> bool:
        """Of a repeat: whether people may add to it."""
        return self._range is not None and not self._range.fixed

    @property
    def can_remove(self) -> bool:
        """Of a repeat or instance: whether people may remove from it."""
        return self._d.repeat and not self._d.fixed

    @property
    def nodes(self) -> tuple[NodeView, ...]:
        """What is in it, in order; calculations nobody sees are left out."""
        return tuple(node for node in self.all_nodes if node.kind not in _HIDDEN and node.shown)

    @property
    def shown(self) -> bool:
        """Whether the form ever asks this (the technical group `meta` is not)."""
        return self._d.control is not None or any(k.control for k in self._d.walk())

    @property
    def all_nodes(self) -> tuple[NodeView, ...]:
        """What is in it, calculations included."""
        if self._range is not None:
            return tuple(
                NodeView(self._session, each) for each in self._live.instances_of(self._range)
            )
        found: list[NodeView] = []
        for kid in self._live.d.kids:
            if kid.repeat:
                found.append(NodeView(self._session, self._live, range_of=kid))
                continue
            node = self._live.named[kid.index]
            if node.text or not kid.technical:
                found.append(NodeView(self._session, node))
        return tuple(found)


class PageView:
    """One page: a top-level group, or a run of questions outside any group."""

    __slots__ = ("_group", "_nodes")

    def __init__(self, group: NodeView | None, nodes: tuple[NodeView, ...]) -> None:
        self._group = group
        self._nodes = nodes

    @property
    def ref(self) -> str:
        """The ref of its group, or of its first question."""
        return self._nodes[0].ref if self._group is None else self._group.ref

    @property
    def label(self) -> str:
        """The heading; "" for loose questions."""
        return "" if self._group is None else self._group.label

    @property
    def relevant(self) -> bool:
        """Whether any of it is to be shown."""
        if self._group is not None and not self._group.relevant:
            return False
        return any(node.relevant for node in self._nodes)

    @property
    def nodes(self) -> tuple[NodeView, ...]:
        """Questions, groups and repeats in order."""
        return self._nodes


def pages_of(session: FormSession, root: LiveNode) -> tuple[PageView, ...]:
    """The pages of a form."""
    pages: list[PageView] = []
    loose: list[NodeView] = []
    for node in NodeView(session, root).nodes:
        if node.kind == "group":
            if loose:
                pages.append(PageView(None, tuple(loose)))
                loose = []
            pages.append(PageView(node, node.nodes))
        elif node.kind == "repeat":
            if loose:
                pages.append(PageView(None, tuple(loose)))
                loose = []
            pages.append(PageView(node, (node,)))
        else:
            loose.append(node)
    if loose:
        pages.append(PageView(None, tuple(loose)))
    return tuple(pages)
