"""Repeats of a session: instances that are added, removed, counted by a formula."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial

from lxml import etree

from forms.engine.evaluation import FAULTS, Evaluation
from forms.engine.live import LiveNode, build, insert_instance, take_out
from forms.engine.model import NodeDef
from forms.engine.xpath.types import Here

MAX_INSTANCES = 5_000


class Repeats:
    """Grows and shrinks the tree, and lets everything wait that counts instances."""

    def __init__(self, evaluation: Evaluation) -> None:
        self._evaluation = evaluation
        self.on_instance: Callable[[LiveNode], None] = lambda _: None
        self.form_defined: Callable[[NodeDef], list[etree._Element]] = lambda _: []
        evaluation.on_count = self.counted

    def counted(self, parent: LiveNode, repeat: NodeDef, value: object) -> None:
        """Grow or shrink a repeat to the number a formula gives."""
        wanted = 0
        if isinstance(value, float) and math.isfinite(value):
            wanted = min(max(int(value), 0), MAX_INSTANCES)
        elif repeat.index in parent.counted:
            return  # a number being typed anew takes nothing away
        parent.counted |= {repeat.index}
        have = parent.instances_of(repeat)
        for place, instance in reversed(list(enumerate(have, 1))[wanted:]):
            self.drop(instance)
            self._evaluation.log.append(partial(self._back, parent, instance, place))
        if wanted > len(have):
            written = self.form_defined(repeat)  # a number brings back what the form begins with
            for place in range(len(have), wanted):
                element = written[place] if place < len(written) else None
                self.on_instance(self.grow(parent, repeat, element=element))

    def _back(self, parent: LiveNode, instance: LiveNode, place: int) -> None:
        """Undo: what a smaller number took out comes back with its answers."""
        if instance.gone:
            self.put_in(parent, instance, place)

    def grow(
        self,
        parent: LiveNode,
        repeat: NodeDef,
        place: int | None = None,
        element: etree._Element | None = None,
    ) -> LiveNode:
        """A fresh instance of a repeat, at the end unless a place (from 1) is given."""
        made = build(repeat, element)
        self.put_in(parent, made, place or len(parent.instances_of(repeat)) + 1)
        return made

    def put_in(self, parent: LiveNode, instance: LiveNode, place: int) -> None:
        """Put an instance in; what it holds and what counts it waits."""
        insert_instance(parent, instance, place)
        for node in instance.below():
            if not parent.relevant:
                node.relevant = False
            self._evaluation.node_added(node)
        self._evaluation.counted_anew(parent, instance.d)
        self._evaluation.tally.added |= {instance.ref}

    def drop(self, instance: LiveNode) -> None:
        """Take an instance out; what counts it waits."""
        parent = instance.parent
        if not isinstance(parent, LiveNode):
            return
        self._evaluation.tally.removed |= {instance.ref}
        take_out(instance)
        self._evaluation.counted_anew(parent, instance.d)

    def would_be_relevant(self, parent: LiveNode, repeat: NodeDef) -> bool:
        """Whether a fresh instance of a repeat would be shown."""
        trial = build(repeat, None)
        trial.parent = parent
        evaluation = self._evaluation
        for computation in evaluation.program.of_node.get(repeat.index, ()):
            if computation.kind == "relevant":
                here = Here(trial, evaluation.around, params=computation.params)
                try:
                    return bool(computation.run(here))
                except FAULTS:
                    return True
        return True
