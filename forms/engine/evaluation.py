"""Works formulas out over the tree of answers: everything once, then only what a change reaches.

A formula that cannot be worked out leaves the value as it was and puts a Problem on its node.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable, Iterable

from forms.engine.changes import Tally
from forms.engine.graph import Computation, Program
from forms.engine.live import (
    LiveNode,
    build,
    insert_instance,
    instances_below,
    take_out,
)
from forms.engine.model import NodeDef
from forms.engine.problems import Problem
from forms.engine.typed import kept
from forms.engine.xpath.errors import FormulaError
from forms.engine.xpath.types import Here, Surroundings

MAX_RUNS = 6  # of one formula at one node within one action
MAX_INSTANCES = 5_000
FAULTS = (FormulaError, ArithmeticError, ValueError, RecursionError)


class Evaluation:
    """The running half of a session: a heap of formulas waiting, in the form's order."""

    def __init__(self, program: Program, around: Surroundings, root: LiveNode) -> None:
        self._program = program
        self._around = around
        self._root = root
        self._heap: list[tuple[int, int, Computation, LiveNode]] = []
        self._waiting: set[tuple[int, int]] = set()
        self._runs: dict[tuple[int, int], int] = {}
        self._sequence = 0
        self.tally = Tally()
        self.log: list[Callable[[], None]] = []  # how to take this action back, in order
        self.on_value: Callable[[LiveNode], None] = lambda _: None
        self.on_instance: Callable[[LiveNode], None] = lambda _: None
        self.offered: Callable[[LiveNode, list[object]], None] = lambda _node, _items: None
        self._apply: dict[str, Callable[[LiveNode, object], None]] = {
            "relevant": lambda node, value: self._relevant(node, own=bool(value)),
            "calculate": lambda node, value: self._calculated(node, str(value)),
            "required": lambda node, value: self._flag(node, "required", value),
            "readonly": lambda node, value: self._flag(node, "readonly", value),
            "constraint": self._constraint,
            "choices": lambda node, value: self.offered(node, list(_items(value))),
        }

    # -- what waits -------------------------------------------------------------------------

    def everything(self) -> None:
        """Let every formula wait, at every node."""
        for computation in self._program.computations:
            for node in self._sites(computation, self._root):
                self._push(computation, node)

    def volatile(self) -> None:
        """Let the formulas wait whose value moves by itself (today, now)."""
        for computation in self._program.computations:
            if computation.volatile and computation.kind != "choices":
                for node in self._sites(computation, self._root):
                    self._push(computation, node)

    def changed(self, node: LiveNode) -> None:
        """Let everything wait that reads this node."""
        for computation, anchor in self._program.readers.get(node.d.index, ()):
            for site in self._reached(computation, anchor, node):
                self._push(computation, site)

    def language_changed(self, node: LiveNode) -> None:
        """Let the formulas of a node wait that quote the form's own texts."""
        for computation in self._program.of_node.get(node.d.index, ()):
            if "jr:" in computation.formula and computation.kind == "calculate":
                self._push(computation, node)

    def _reached(
        self, computation: Computation, anchor: NodeDef, node: LiveNode
    ) -> Iterable[LiveNode]:
        site = _site(computation)
        if not site.repeats:
            return (self._slot(site),)
        base = node
        while base.d is not anchor and isinstance(base.parent, LiveNode):
            base = base.parent
        while not _holds(base.d, site) and isinstance(base.parent, LiveNode):
            base = base.parent
        return instances_below(base, site)

    def _sites(self, computation: Computation, start: LiveNode) -> Iterable[LiveNode]:
        return instances_below(start, _site(computation))

    def _slot(self, d: NodeDef) -> LiveNode:
        node = self._around.slots[d.index]
        assert isinstance(node, LiveNode)  # noqa: S101 - slots hold the session's own nodes
        return node

    def _push(self, computation: Computation, node: LiveNode) -> None:
        key = (id(computation), id(node))
        if key in self._waiting:
            return
        self._waiting.add(key)
        self._sequence += 1
        heapq.heappush(self._heap, (computation.order, self._sequence, computation, node))

    # -- working out ------------------------------------------------------------------------

    def settle(self) -> None:
        """Work out everything that waits, and what that changes, until nothing does."""
        self._runs.clear()
        while self._heap:
            _, _, computation, node = heapq.heappop(self._heap)
            key = (id(computation), id(node))
            self._waiting.discard(key)
            if self._still_here(node) and self._may_run(key):
                self._work_out(computation, node)

    def _may_run(self, key: tuple[int, int]) -> bool:
        runs = self._runs.get(key, 0) + 1
        self._runs[key] = runs
        return runs <= MAX_RUNS

    def _still_here(self, node: LiveNode) -> bool:
        if not node.d.repeats:
            return True
        walker = node
        while isinstance(walker.parent, LiveNode):
            if walker.d.repeat and not any(kid is walker for kid in walker.parent.kids):
                return False
            walker = walker.parent
        return walker is self._root

    def _work_out(self, computation: Computation, node: LiveNode) -> None:
        standing = node
        if computation.kind == "count":  # is written as seen from an instance of the repeat
            standing = LiveNode(computation.target)
            standing.parent = node
        try:
            value = computation.run(Here(standing, self._around))
        except FAULTS as fault:
            self._fault(node, computation, fault)
            return
        if node.problem is not None and node.problem.code == "formula-fault":
            node.problem = None
            self.tally.note("problems", node)
        if computation.kind == "count":
            self._count(node, computation.target, value)
        else:
            self._apply[computation.kind](node, value)

    def _fault(self, node: LiveNode, computation: Computation, fault: Exception) -> None:
        words = fault.message if isinstance(fault, FormulaError) else "a number is out of reach"
        node.problem = Problem(
            "formula-fault",
            f"The form could not work this out ({computation.kind}): {words}.",
            "What was here before is kept. Tell the person who looks after the form.",
            ref=node.ref,
        )
        self.tally.note("problems", node)

    # -- what a result does -----------------------------------------------------------------

    def write(self, node: LiveNode, text: str) -> bool:
        """Put a value on a node; whether it changed."""
        if node.text == text:
            return False
        node.text = text
        self.tally.note("values", node)
        if node.relevant:
            self.changed(node)
        else:
            self._own_constraint(node)
        self.on_value(node)
        return True

    def _own_constraint(self, node: LiveNode) -> None:
        for computation in self._program.of_node.get(node.d.index, ()):
            if computation.kind == "constraint":
                self._push(computation, node)

    def write_kept(self, node: LiveNode, text: str) -> bool:
        """Put a value on a node so that undo can take it back."""
        before, given = node.text, node.given
        node.given = None
        if not self.write(node, text):
            return False
        self._own_constraint(node)
        self.log.append(lambda: self._put_back(node, before, given))
        return True

    def _put_back(self, node: LiveNode, before: str, given: str | None) -> None:
        node.given = given
        self.write(node, before)
        self._own_constraint(node)

    def _relevant(self, node: LiveNode, *, own: bool) -> None:
        node.own_relevant = own
        above = node.parent.relevant if node.parent is not None else True
        self.spread(node, relevant=own and above)

    def spread(self, node: LiveNode, *, relevant: bool) -> None:
        """Make a node and all below it relevant or not, as far as their own rules say."""
        if node.relevant == relevant:
            return
        node.relevant = relevant
        self.tally.note("relevance", node)
        if node.kids:
            for kid in node.live_kids():
                self.spread(kid, relevant=relevant and kid.own_relevant)
        elif node.text:
            self.changed(node)
            self.on_value(node)

    def would_be_relevant(self, parent: LiveNode, repeat: NodeDef) -> bool:
        """Whether a fresh instance of a repeat would be shown."""
        trial = build(repeat, None, lambda _: None)
        trial.parent = parent
        for computation in self._program.of_node.get(repeat.index, ()):
            if computation.kind == "relevant":
                try:
                    return bool(computation.run(Here(trial, self._around)))
                except FAULTS:
                    return True
        return True

    def _flag(self, node: LiveNode, name: str, value: object) -> None:
        if getattr(node, name) != value:
            setattr(node, name, bool(value))
            self.tally.note(name, node)

    def _calculated(self, node: LiveNode, text: str) -> None:
        self.write(node, kept(node.d.data_type, "" if text == "NaN" else text))

    def _constraint(self, node: LiveNode, value: object) -> None:
        valid = bool(value) or not node.text
        if node.valid != valid:
            node.valid = valid
            self.tally.note("problems", node)

    # -- repeats ----------------------------------------------------------------------------

    def _count(self, parent: LiveNode, repeat: NodeDef, value: object) -> None:
        """Grow or shrink a repeat to the number a formula gives."""
        wanted = 0
        if isinstance(value, float) and math.isfinite(value):
            wanted = min(max(int(value), 0), MAX_INSTANCES)
        elif repeat.index in parent.counted:
            return  # a number being typed anew takes nothing away
        parent.counted.add(repeat.index)
        have = parent.instances_of(repeat)
        for instance in reversed(have[wanted:]):
            self.drop(instance)
        for _ in range(wanted - len(have)):
            self.on_instance(self.grow(parent, repeat))

    def grow(self, parent: LiveNode, repeat: NodeDef, place: int | None = None) -> LiveNode:
        """A fresh instance of a repeat."""
        made = build(repeat, None, lambda _: None)
        here = len(parent.instances_of(repeat)) + 1 if place is None else place
        self.put_in(parent, made, here)
        return made

    def put_in(self, parent: LiveNode, instance: LiveNode, place: int) -> None:
        """Put an instance in, work out what it holds and what counts it."""
        insert_instance(parent, instance, place)
        if not parent.relevant:
            for node in instance.below():
                node.relevant = False
        for node in instance.below():
            for computation in self._program.of_node.get(node.d.index, ()):
                if computation.kind != "count":
                    self._push(computation, node)
            for kid in node.d.kids:
                for computation in self._program.of_node.get(kid.index, ()):
                    if computation.kind == "count":
                        self._push(computation, node)
        self._recount(parent, instance.d)
        self.tally.added.add(instance.ref)

    def drop(self, instance: LiveNode) -> None:
        """Take an instance out."""
        parent = instance.parent
        if not isinstance(parent, LiveNode):
            return
        self.tally.removed.add(instance.ref)
        take_out(instance)
        self._recount(parent, instance.d)

    def _recount(self, parent: LiveNode, repeat: NodeDef) -> None:
        for computation, anchor in self._program.over_repeat.get(repeat.index, ()):
            for site in self._reached(computation, anchor, parent):
                self._push(computation, site)


def _site(computation: Computation) -> NodeDef:
    if computation.kind == "count" and computation.target.parent is not None:
        return computation.target.parent
    return computation.target


def _holds(above: NodeDef, node: NodeDef) -> bool:
    walker: NodeDef | None = node
    while walker is not None:
        if walker is above:
            return True
        walker = walker.parent
    return False


def _items(value: object) -> Iterable[object]:
    return value if isinstance(value, list) else ()
