"""Read-only nodes for a renderer. They look at the session each time, and can change nothing."""

from __future__ import annotations

from datetime import date

from forms.engine.choices import Choice
from forms.engine.live import LiveNode, place_of
from forms.engine.model import NodeDef
from forms.engine.problems import Problem
from forms.engine.reading import Reading

_HIDDEN = frozenset({"calculate"})


class NodeView:
    """A question, a group or one instance of a repeat."""

    __slots__ = ("_live", "_reading")
    can_add: bool = False

    def __init__(self, reading: Reading, live: LiveNode) -> None:
        self._reading = reading
        self._live = live

    @property
    def _d(self) -> NodeDef:
        return self._live.d

    @property
    def ref(self) -> str:
        """Where it is: what answer(), add_repeat() and remove_repeat() take."""
        return self._live.ref

    @property
    def name(self) -> str:
        """The question's name in the workbook."""
        return self._d.local

    @property
    def path(self) -> str:
        """Where the form defines it: its ref without the numbers of repeats."""
        return self._d.path

    @property
    def kind(self) -> str:
        """What to draw; see the top of session.py."""
        return "instance" if self._d.repeat else self._d.kind

    @property
    def data_type(self) -> str:
        """The XForms type: string, int, decimal, date ..."""
        return self._d.data_type

    @property
    def label(self) -> str:
        """The question in the language shown, answers put in. May hold **bold** and lists."""
        return self._reading.label(self._live)

    @property
    def hint(self) -> str:
        """The hint under the question."""
        control = self._d.control
        return "" if control is None else self._reading.words(control.hint, self._live)

    @property
    def appearance(self) -> str:
        """The workbook's appearance column: multiline, minimal ..."""
        return "" if self._d.control is None else self._d.control.appearance

    @property
    def extras(self) -> dict[str, str]:
        """Start, end and step of a range; rows of a text."""
        return {} if self._d.control is None else dict(self._d.control.extras)

    @property
    def marks(self) -> dict[str, str]:
        """What the checklist says of its step: item, evidence, expires, warn-days, owner, link."""
        return dict(self._d.marks)

    @property
    def value(self) -> str:
        """The answer as text; "" when there is none. Kept while hidden."""
        return "" if self._live.kids else self._live.text

    @property
    def relevant(self) -> bool:
        """Whether to show it."""
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
        return self._reading.choices(self._live)

    @property
    def days(self) -> tuple[date | None, date | None]:
        """Of a date question: the first and the last day its check allows, where it says so."""
        return self._reading.days(self._live)

    @property
    def problem(self) -> Problem | None:
        """What to say at this question now."""
        return self._reading.problem(self._live)

    @property
    def violation(self) -> str:
        """Constraint, required or "", whether or not it is shown yet."""
        return self._reading.violation(self._live)

    @property
    def place(self) -> int:
        """Of an instance: its number, from 1."""
        return place_of(self._live)

    @property
    def can_remove(self) -> bool:
        """Of a repeat or instance: whether people may remove from it."""
        return self._d.repeat and not self._d.fixed

    @property
    def nodes(self) -> tuple[NodeView, ...]:
        """What is in it, in order; calculations and technical nodes are left out."""
        return tuple(node for node in self.all_nodes if node.kind not in _HIDDEN and _asked(node))

    @property
    def all_nodes(self) -> tuple[NodeView, ...]:
        """What is in it, calculations included."""
        found: list[NodeView] = []
        for kid in self._live.d.kids:
            if kid.repeat:
                found.append(RepeatView(self._reading, self._live, kid))
                continue
            node = self._live.named[kid.index]
            if node.text or not kid.technical:
                found.append(NodeView(self._reading, node))
        return tuple(found)


class RepeatView(NodeView):
    """A repeat: its `nodes` are its instances."""

    __slots__ = ("_repeat",)

    def __init__(self, reading: Reading, parent: LiveNode, repeat: NodeDef) -> None:
        super().__init__(reading, parent)
        self._repeat = repeat

    @property
    def _d(self) -> NodeDef:
        return self._repeat

    @property
    def ref(self) -> str:
        """What add_repeat() takes: the ref of its instances, without a number."""
        return f"{self._live.ref}/{self._repeat.key}"

    @property
    def kind(self) -> str:
        """Always a repeat."""
        return "repeat"

    @property
    def label(self) -> str:
        """The words over the repeat."""
        instances = self._live.instances_of(self._repeat)
        if instances:
            return self._reading.label(instances[0])
        return self._reading.label_of_none(self._live, self._repeat)

    @property
    def value(self) -> str:
        """A repeat holds no answer itself."""
        return ""

    @property
    def required(self) -> bool:
        """A repeat asks nothing itself."""
        return False

    @property
    def relevant(self) -> bool:
        """Whether to show it."""
        return self._reading.repeat_relevant(self._live, self._repeat)

    @property
    def choices(self) -> tuple[Choice, ...]:
        """A repeat has no choices."""
        return ()

    @property
    def problem(self) -> Problem | None:
        """A repeat has no problem of its own."""
        return None

    @property
    def violation(self) -> str:
        """A repeat breaks no rule itself."""
        return ""

    @property
    def can_add(self) -> bool:  # type: ignore[override]
        """Whether people may add to it."""
        return not self._repeat.fixed

    @property
    def all_nodes(self) -> tuple[NodeView, ...]:
        """Its instances, in order."""
        instances = self._live.instances_of(self._repeat)
        return tuple(NodeView(self._reading, instance) for instance in instances)


class PageView:
    """One page: a top-level group, a repeat, or a run of questions outside any group."""

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


def pages_of(reading: Reading, root: LiveNode) -> tuple[PageView, ...]:
    """The pages of a form."""
    pages: list[PageView] = []
    loose: list[NodeView] = []

    def close() -> None:
        if loose:
            pages.append(PageView(None, tuple(loose)))
            loose.clear()

    for node in NodeView(reading, root).nodes:
        if node.kind in {"group", "repeat"}:
            close()
            pages.append(PageView(node, node.nodes if node.kind == "group" else (node,)))
        else:
            loose.append(node)
    close()
    return tuple(pages)


def _asked(view: NodeView) -> bool:
    """Whether the form ever asks this (the technical group `meta` is not)."""
    return any(d.control is not None for d in view._d.walk())  # noqa: SLF001 - the same module
