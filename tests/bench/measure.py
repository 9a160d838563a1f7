"""What a measurement is, and how it is printed and kept. Refuses to judge."""

from __future__ import annotations

import json
import os
import platform
import statistics
import sys
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from time import perf_counter


@dataclass(slots=True)
class Figure:
    """One named figure: a value with its unit, how it was got, and what it should not exceed."""

    name: str
    value: float
    unit: str
    runs: int
    goal: float | None = None
    note: str = ""
    spread: tuple[float, float] | None = None


@dataclass(slots=True)
class Report:
    """The figures of one bench run and the machine they were taken on."""

    figures: list[Figure] = field(default_factory=list)

    def add(self, figure: Figure) -> None:
        """Keep a figure and print it."""
        self.figures.append(figure)
        goal = f"  (goal {figure.goal:g})" if figure.goal is not None else ""
        spread = f"  [{figure.spread[0]:.2f} to {figure.spread[1]:.2f}]" if figure.spread else ""
        print(
            f"{figure.name:<44} {figure.value:>10.2f} {figure.unit}{goal}{spread}  n={figure.runs}"
        )
        sys.stdout.flush()

    def write(self, path: Path) -> None:
        """Write the run as JSON."""
        path.parent.mkdir(parents=True, exist_ok=True)
        body = {"machine": machine(), "figures": [asdict(figure) for figure in self.figures]}
        path.write_text(json.dumps(body, indent=1) + "\n", encoding="utf-8")


def machine() -> dict[str, object]:
    """What kind of machine this is: no names, no addresses."""
    return {
        "system": platform.system(),
        "release": platform.release().split("-")[0],
        "processor": platform.machine(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
    }


def milliseconds(work: Callable[[], object]) -> float:
    """How long one call takes."""
    start = perf_counter()
    work()
    return (perf_counter() - start) * 1000


def median(values: Iterable[float]) -> float:
    """The middle value."""
    return statistics.median(values)


def percentile(values: Iterable[float], share: float) -> float:
    """The value below which a share of the values lies (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, round(share * len(ordered)) - 1))]


def processor(pid: int) -> float:
    """Seconds of processor time of a process, or nothing where the system does not tell."""
    told = Path(f"/proc/{pid}/stat")
    if not told.exists():
        return 0.0
    fields = told.read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
