"""`./dev bench [NAME ...]`: run all benches or the named ones; writes build/bench.json."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from tests.bench import caseload, desk, forms, impact, register, report, startup, sync, vault
from tests.bench.measure import Report, machine

BENCHES: dict[str, Callable[[Report], None]] = {
    "startup": startup.run,
    "caseload": caseload.run,
    "impact": impact.run,
    "desk": desk.run,
    "report": report.run,
    "forms": forms.run,
    "sync": sync.run,
    "vault": vault.run,
    "register": register.run,
}


def main(names: list[str]) -> int:
    """Run the named benches. Returns 2 for a name nobody knows."""
    unknown = [name for name in names if name not in BENCHES]
    if unknown:
        print(f"No bench is called {', '.join(unknown)}. There are: {', '.join(BENCHES)}.")
        return 2
    print(" ".join(f"{key}={value}" for key, value in machine().items()))
    outcome = Report()
    for name in names or BENCHES:
        print(f"\n{name}")
        BENCHES[name](outcome)
    outcome.write(Path("build") / "bench.json")
    print("\nWritten to build/bench.json")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
