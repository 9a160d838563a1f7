"""`./dev bench [NAME ...]`: all benches, named ones or parts of one; writes build/bench.json.

A bench of several parts runs some of them as NAME:PART (`register:feed`, `register:ops:sqlite`).
`--table` writes what build/bench.json holds into the table of goals in docs/benchmarks.md, and runs
nothing.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from tests.bench import caseload, desk, forms, impact, register, report, startup, sync, vault
from tests.bench.measure import Report, machine, read
from tests.bench.table import renewed

PAGE = Path(__file__).parents[2] / "docs" / "benchmarks.md"
KEPT = Path("build") / "bench.json"
Part = Callable[[Report], None]
BENCHES: dict[str, dict[str, Part]] = {  # each with its parts; one without a name is all of it
    "startup": {"": startup.run},
    "caseload": {"": caseload.run},
    "impact": {"": impact.run},
    "desk": {"": desk.run},
    "report": {"": report.run},
    "forms": {"": forms.run},
    "sync": sync.PARTS,
    "vault": vault.PARTS,
    "register": register.PARTS,
}
PARTS: dict[str, Part] = {
    f"{name}:{part}" if part else name: run
    for name, parts in BENCHES.items()
    for part, run in parts.items()
}


def chosen(names: list[str]) -> list[str] | str:
    """The parts that are meant, in their order; or a sentence about a name nobody knows."""
    known = [f"{part}:" for part in PARTS]
    unknown = [name for name in names if not any(one.startswith(f"{name}:") for one in known)]
    if unknown:
        return (
            f"No bench is called {', '.join(unknown)}. There are: {', '.join(BENCHES)}; "
            f"and parts: {', '.join(name for name in PARTS if ':' in name)}."
        )
    wanted = names or list(BENCHES)
    return [part for part in PARTS if any(f"{part}:".startswith(f"{one}:") for one in wanted)]


def main(names: list[str]) -> int:
    """Run the named benches. Returns 2 for a name nobody knows."""
    if names == ["--table"]:
        PAGE.write_text(renewed(PAGE.read_text(encoding="utf-8"), read(KEPT)), encoding="utf-8")
        return 0
    parts = chosen(names)
    if isinstance(parts, str):
        print(parts)
        return 2
    print(" ".join(f"{key}={value}" for key, value in machine().items()))
    outcome = Report()
    for name in parts:
        print(f"\n{name}")
        outcome.bench = name
        PARTS[name](outcome)
        for goal in outcome.not_shown():
            print(f"{goal}: not shown in this run")
        outcome.write(KEPT)  # what was taken stays when a later one is broken off
    print(f"\nWritten to {KEPT}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
