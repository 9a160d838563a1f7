"""Works formulas out over the tree of answers: everything once, then only what a change reaches.

A formula that cannot be worked out leaves the value as it was and puts a Problem on its node.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeAlias, cast

from forms.engine.changes import Tally
from forms.engine.graph import Computation, Program
from forms.engine.live import LiveNode, instances_below
from forms.engine.model import NodeDef
from forms.engine.problems import Problem
from forms.engine.shapes import Run
from forms.engine.typed import kept
from forms.engine.waiting import EVERYTHING, Waiting
from forms.engine.xpath.errors import FormulaError
from forms.engine.xpath.types import Here, Surroundings

_LOG = logging.getLogger(__name__)
Step: TypeAlias = Callable[[], None] | tuple[LiveNode, str, str | None]  # node, text, given before
FAULTS = (FormulaError, ArithmeticError, ValueError, RecursionError)


class Evaluation:
    """The running half of a session: writes values, and works out what they change."""

    def __init__(self, program: Program, around: Surroundings, root: LiveNode) -> None:
        self.program = program
        self.around = around
        self._root = root
        self._slots = cast("Sequence[LiveNode]", around.slots)  # by index of the definition
        self._waiting = Waiting(len(program.computations))
        self._here = Here(root, around)  # one for every formula: none keeps it
        # what is the same at every node, worked out once
        self._fixed: dict[tuple[Run, tuple[Any, ...]], object] = {}
        self.tally = Tally()
        self.log: list[Step] = []  # how to take this action back, in order
        self.heard: frozenset[int] = frozenset()  # definitions whose values somebody acts on
        self.on_value: Callable[[LiveNode], None] = lambda _: None
        self.on_count: Callable[[LiveNode, NodeDef, object], None] = lambda _node, _repeat, _n: None
        self.fitting: Callable[[LiveNode, str], str] = lambda _node, text: text
        self.offered: Callable[[LiveNode, object], None] = lambda _node, _items: None
        self._apply: dict[str, Callable[[LiveNode, object], None]] = {
            "relevant": self._relevant,
            "calculate": self._calculated,
            "required": lambda node, value: self._flag(node, "required", value),
            "readonly": lambda node, value: self._flag(node, "readonly", value),
            "constraint": self._constraint,
            "choices": lambda node, value: self.offered(node, value),  # noqa: PLW0108 - set later
        }

    # -- what waits -------------------------------------------------------------------------

    def volatile(self) -> None:
        """Let the formulas wait whose value moves by itself (today, now)."""
        for computation in self.program.computations:
            if computation.volatile and computation.kind != "choices":
                for node in self._sites(computation, self._root):
                    self._waiting.push(computation, node)

    def changed(self, node: LiveNode) -> None:
        """Let everything wait that reads this node."""
        index, program = node.d.index, self.program
        plain = program.plain_readers[index]
        if plain:
            self._waiting.push_plain(plain)
        if index in program.deep_readers:
            for computation, anchor in program.deep_readers[index]:
                for reached in self._reached(computation.site, anchor, node):
                    self._waiting.push(computation, reached)
        if index in program.wording:
            self._reword(index, node)

    def node_added(self, node: LiveNode) -> None:
        """Let everything wait that is worked out at a new node."""
        for computation in self.program.of_node.get(node.d.index, ()):
            if computation.kind != "count":
                self._waiting.push(computation, node)
        for kid in node.d.kids:
            for computation in self.program.of_node.get(kid.index, ()):
                if computation.kind == "count":
                    self._waiting.push(computation, node)

    def counted_anew(self, parent: LiveNode, repeat: NodeDef) -> None:
        """Let everything wait that looks over the instances of a repeat."""
        for computation, anchor in self.program.over_repeat.get(repeat.index, ()):
            for site in self._reached(computation.site, anchor, parent):
                self._waiting.push(computation, site)
        self._reword(repeat.index, parent)

    def _reword(self, index: int, node: LiveNode) -> None:
        for d, anchor in self.program.wording.get(index, ()):
            for site in self._reached(d, anchor, node):
                self.tally.note("labels", site)

    def language_changed(self, node: LiveNode) -> None:
        """Let the formulas of a node wait that quote the form's own texts."""
        for computation in self.program.of_node.get(node.d.index, ()):
            if "jr:" in computation.formula and computation.kind == "calculate":
                self._fixed.clear()  # holds the texts of the language before
                self._waiting.push(computation, node)

    def _reached(self, site: NodeDef, anchor: NodeDef, node: LiveNode) -> Iterable[LiveNode]:
        if not site.repeats:
            return (self._slots[site.index],)
        base = node
        while base.d is not anchor and isinstance(base.parent, LiveNode):
            base = base.parent
        while not _holds(base.d, site) and isinstance(base.parent, LiveNode):
            base = base.parent
        return instances_below(base, site)

    def _sites(self, computation: Computation, start: LiveNode) -> Iterable[LiveNode]:
        return instances_below(start, computation.site)

    # -- working out ------------------------------------------------------------------------

    def sweep(self) -> None:
        """Work out every formula at every node, in order; then what that changed behind it."""
        self._waiting.begin()
        for computation in self.program.computations:
            self._waiting.reached = computation.order
            waits_for_text = computation.kind == "constraint"
            for node in self._every_site(computation):
                if node.text or not waits_for_text:
                    self._work_out(computation, node)
            if self._waiting:
                self._drain()
        self._waiting.reached = EVERYTHING
        self.settle()

    def _every_site(self, computation: Computation) -> Iterable[LiveNode]:
        site = computation.site
        if not site.repeats:
            return (self._slots[site.index],)
        return instances_below(self._root, site)

    def settle(self) -> None:
        """Work out everything that waits, and what that changes, until nothing does."""
        self._waiting.begin()
        self._drain()

    def _drain(self) -> None:
        pop, computations, slots = self._waiting.pop, self.program.computations, self._slots
        while (found := pop(computations, slots)) is not None:
            computation, node = found
            if not node.d.repeats or not _taken_out(node):
                self._work_out(computation, node)

    def _work_out(self, computation: Computation, node: LiveNode) -> None:
        here, kind = self._here, computation.kind
        here.node = here.current = node
        if kind == "count":  # is written as seen from an instance of the repeat
            here.node = here.current = standing = LiveNode(computation.target)
            standing.parent = node
        here.params = computation.params
        try:
            value = self._once(computation) if computation.fixed else computation.run(here)
        except FAULTS as fault:
            self._fault(node, computation, fault)
            return
        if node.problem is not None and node.problem.code == "formula-fault":
            node.problem = None
            self.tally.note("problems", node)
        if kind == "count":
            self.on_count(node, computation.target, value)
        else:
            self._apply[kind](node, value)

    def _once(self, computation: Computation) -> object:
        key = (computation.run, computation.params)
        if key not in self._fixed:
            self._fixed[key] = computation.run(self._here)
        return self._fixed[key]

    def _fault(self, node: LiveNode, computation: Computation, fault: Exception) -> None:
        # the log names the question and the kind of fault; an answer is never in it
        _LOG.info("%s of %s: %s", computation.kind, node.d.path, type(fault).__name__)
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
        if node.d.index in self.heard:
            self.on_value(node)
        return True

    def _own_constraint(self, node: LiveNode) -> None:
        computation = self.program.constraints.get(node.d.index)
        if computation is not None:
            self._waiting.push(computation, node)

    def write_kept(self, node: LiveNode, text: str) -> bool:
        """Put a value on a node so that undo can take it back."""
        before, given = node.text, node.given
        node.given = None
        if not self.write(node, text):
            return False
        self._own_constraint(node)
        self.log.append((node, before, given))
        return True

    def take_back(self, step: Step) -> None:
        """Undo one step of an action."""
        if callable(step):
            step()
        else:
            self._put_back(*step)

    def _put_back(self, node: LiveNode, before: str, given: str | None) -> None:
        node.given = given
        if node.problem is not None and node.problem.code == "not-an-answer":
            node.problem = None
            self.tally.note("problems", node)
        self.write(node, before)
        self._own_constraint(node)

    def _relevant(self, node: LiveNode, value: object) -> None:
        node.own_relevant = own = bool(value)
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
            if node.d.index in self.heard:
                self.on_value(node)

    def _flag(self, node: LiveNode, name: str, value: object) -> None:
        if getattr(node, name) != value:
            setattr(node, name, bool(value))
            self.tally.note(name, node)

    def _calculated(self, node: LiveNode, value: object) -> None:
        text = str(value)
        text = kept(node.d.data_type, "" if text == "NaN" else text)
        self.write(node, text if node.d.control is None else self.fitting(node, text))

    def _constraint(self, node: LiveNode, value: object) -> None:
        valid = bool(value) or not node.text
        if node.valid != valid:
            node.valid = valid
            self.tally.note("problems", node)


def _taken_out(node: LiveNode) -> bool:
    walker = node
    while isinstance(walker.parent, LiveNode):
        if walker.gone:
            return True
        walker = walker.parent
    return False


def _holds(above: NodeDef, node: NodeDef) -> bool:
    walker: NodeDef | None = node
    while walker is not None:
        if walker is above:
            return True
        walker = walker.parent
    return False
