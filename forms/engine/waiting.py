"""The formulas that wait to be worked out, in the form's order, each once at each node.

Works nothing out. A formula that keeps coming back within one action is let go.
"""

from __future__ import annotations

import heapq

from forms.engine.graph import Computation
from forms.engine.live import LiveNode

MAX_RUNS = 6  # of one formula at one node within one action


class Waiting:
    """A heap of (formula, node)."""

    def __init__(self) -> None:
        self._heap: list[tuple[int, int, Computation, LiveNode]] = []
        self._there: set[tuple[int, int]] = set()
        self._runs: dict[tuple[int, int], int] = {}
        self._sequence = 0
        self.reached: int | None = None  # in a sweep: formulas further on come by themselves

    def __bool__(self) -> bool:
        return bool(self._heap)

    def begin(self) -> None:
        """A new action: every formula may run again."""
        self._runs.clear()

    def push(self, computation: Computation, node: LiveNode) -> None:
        """Let a formula wait at a node."""
        if self.reached is not None and computation.order > self.reached:
            return
        key = (id(computation), id(node))
        if key in self._there:
            return
        self._there.add(key)
        self._sequence += 1
        heapq.heappush(self._heap, (computation.order, self._sequence, computation, node))

    def pop(self) -> tuple[Computation, LiveNode] | None:
        """The next formula that may run; None when nothing waits."""
        while self._heap:
            _, _, computation, node = heapq.heappop(self._heap)
            key = (id(computation), id(node))
            self._there.discard(key)
            runs = self._runs[key] = self._runs.get(key, 0) + 1
            if runs <= (1 if computation.loose else MAX_RUNS):
                return computation, node
        return None
