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

import msgspec

from forms.values import SystemClock
from tests.bench.goals import goal_of, goals_of


@dataclass(slots=True)
class Figure:
    """One named figure: a value with its unit, and how it was got. Its goal: tests.bench.goals."""

    name: str
    value: float
    unit: str
    runs: int
    note: str = ""
    spread: tuple[float, float] | None = None
    bench: str = ""  # who took it, as `./dev bench` takes it
    taken: str = ""  # the day and minute
    machine: str = ""
    load: float = 0.0  # of the machine in the minute before; nothing where it does not tell


@dataclass(slots=True)
class Report:
    """The figures of one run and the machine they were taken on."""

    figures: list[Figure] = field(default_factory=list)
    bench: str = ""  # the one that runs now

    def add(self, figure: Figure) -> None:
        """Keep a figure and print it, with its goal."""
        figure.bench = self.bench
        figure.taken = SystemClock().now().isoformat(timespec="minutes")
        figure.machine = "{system} {processor}, {cores} cores".format(**machine())
        figure.load = round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else 0.0
        self.figures.append(figure)
        aim = goal_of(self.bench, figure.name)
        goal = f"  (goal: {aim})" if aim else ""
        spread = f"  [{figure.spread[0]:.2f} to {figure.spread[1]:.2f}]" if figure.spread else ""
        print(
            f"{figure.name:<44} {figure.value:>10.2f} {figure.unit}{goal}{spread}  n={figure.runs}"
        )
        sys.stdout.flush()

    def not_shown(self) -> list[str]:
        """Names of the goals of this bench that have no figure (a peer is not here)."""
        shown = {one.name for one in self.figures if one.bench == self.bench}
        return [one.figure for one in goals_of(self.bench) if one.figure not in shown]

    def write(self, path: Path) -> None:
        """Write the run as JSON; figures of other benches that stand there stay."""
        path.parent.mkdir(parents=True, exist_ok=True)
        mine = {one.bench for one in self.figures}
        kept = [one for one in read(path) if one.bench not in mine]
        rows = [asdict(figure) for figure in (*kept, *self.figures)]
        body = {"machine": machine(), "figures": rows}
        path.write_text(json.dumps(body, indent=1) + "\n", encoding="utf-8")


def read(path: Path) -> list[Figure]:
    """The figures of a file that `Report.write` wrote; none where there is no such file."""
    if not path.exists():
        return []
    rows = json.loads(path.read_text(encoding="utf-8"))["figures"]
    return [msgspec.convert(row, Figure) for row in rows if row.get("bench")]


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


def build_folder() -> Path:
    """Where a bench keeps what has to lie on a disk, and not in memory: made if it is not there."""
    folder = Path.cwd() / "build"
    folder.mkdir(exist_ok=True)
    return folder
