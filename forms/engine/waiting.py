"""The formulas that wait to be worked out, in the form's order, each once at each node.

Works nothing out. A formula that keeps coming back within one action is let go.
"""

from __future__ import annotations

import heapq
import sys
from collections.abc import Iterable, Sequence

from forms.engine.graph import Computation
from forms.engine.live import LiveNode

MAX_RUNS = 6  # how often one formula at one node may come back within one action
EVERYTHING = sys.maxsize


class Waiting:
    """What waits: formulas that stand at one place by their order; others with their node."""

    __slots__ = (
        "_deep",
        "_in_deep",
        "_in_plain",
        "_plain",
        "_runs",
        "_sequence",
        "_top",
        "reached",
    )

    def __init__(self, formulas: int) -> None:
        self._plain: list[int] = []  # a heap of orders: formulas outside every repeat
        self._in_plain = bytearray(formulas)
        self._deep: list[tuple[int, int, Computation, LiveNode]] = []  # a heap: those in repeats
        self._in_deep: set[tuple[int, int]] = set()
        self._runs: dict[tuple[int, int], int] = {}
        self._sequence = 0
        self._top = -1  # how far this action has come: what lies further on has not run yet
        self.reached = EVERYTHING  # in a sweep: formulas further on come by themselves

    def __bool__(self) -> bool:
        return bool(self._plain or self._deep)

    def begin(self) -> None:
        """A new action: every formula may run again."""
        self._top = -1
        if self._runs:
            self._runs.clear()

    def push_plain(self, orders: Iterable[int]) -> None:
        """Let formulas wait that stand at one place."""
        waiting, heap, reached = self._in_plain, self._plain, self.reached
        for order in orders:
            if not waiting[order] and order <= reached:
                waiting[order] = 1
                heapq.heappush(heap, order)

    def push(self, computation: Computation, node: LiveNode) -> None:
        """Let a formula wait at a node."""
        order = computation.order
        if not computation.site.repeats:
            self.push_plain((order,))
            return
        key = (order, id(node))
        if order > self.reached or key in self._in_deep:
            return
        self._in_deep.add(key)
        self._sequence += 1
        heapq.heappush(self._deep, (order, self._sequence, computation, node))

    def pop(
        self, computations: Sequence[Computation], slots: Sequence[LiveNode]
    ) -> tuple[Computation, LiveNode] | None:
        """The next formula that may run, and where; None when nothing waits."""
        plain, deep = self._plain, self._deep
        while plain or deep:
            if plain and not (deep and deep[0][0] < plain[0]):
                order = heapq.heappop(plain)
                self._in_plain[order] = 0
                computation = computations[order]
                node = slots[computation.site.index]
            else:
                order, _, computation, node = heapq.heappop(deep)
                self._in_deep.discard((order, id(node)))
            if order > self._top and not computation.loose:
                self._top = order
                return computation, node
            if self._may_come_back(order, computation, node):
                return computation, node
        return None

    def _may_come_back(self, order: int, computation: Computation, node: LiveNode) -> bool:
        key = (order, id(node))
        runs = self._runs[key] = self._runs.get(key, 0) + 1
        return runs <= (1 if computation.loose else MAX_RUNS)
