"""The proofs of reliability, one line each at the end of a run: goal, runs, failures, seconds.

A suite tells its line before it judges it, so that a red run prints its figures too. Refuses to
print a line for what did not run.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest

Tell = Callable[..., None]


@dataclass(frozen=True, slots=True)
class Line:
    """What one suite did. `number` is the goal of the plan of proofs."""

    number: int
    what: str
    runs: int
    failures: int
    seed: str
    seconds: float

    def plus(self, other: Line) -> Line:
        """Both together."""
        return replace(
            self,
            runs=self.runs + other.runs,
            failures=self.failures + other.failures,
            seconds=self.seconds + other.seconds,
        )

    def __str__(self) -> str:
        return (
            f"{self.number:>4}  {self.what:<58} {self.runs:>7} {self.failures:>8}  "
            f"{self.seed:<10} {self.seconds:>7.1f}"
        )


HEAD = f"goal  {'what':<58} {'runs':>7} {'failures':>8}  {'seed':<10} {'seconds':>7}"
_told: list[Line] = []


@pytest.fixture
def goal() -> Tell:
    """`goal(2, "power loss", runs=…, failures=…, seed=…)`; seconds count from the test's start.

    Lines of one goal with the same words and seed are added up.
    """
    began = time.perf_counter()

    def tell(number: int, what: str, *, runs: int, failures: int, seed: object = "") -> None:
        taken = time.perf_counter() - began
        _told.append(Line(number, what, runs, failures, str(seed), taken))

    return tell


def table() -> list[str]:
    """The lines of this run, by goal; [] when no suite told one."""
    sums: dict[tuple[int, str, str], Line] = {}
    for line in _told:
        key = (line.number, line.what, line.seed)
        sums[key] = sums[key].plus(line) if key in sums else line
    return [HEAD, *(str(sums[key]) for key in sorted(sums))] if sums else []
