"""The register: ops taken in a second, a pull's cost over a growing history, many laptops at once.

Real stores (SQLite on disk; PostgreSQL where it can be started), the real app, signatures checked,
every op judged, logged, chained and noted in the audit log. Nothing leaves the machine.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from time import perf_counter

from sync.protocol import BATCH_OPS
from tests.bench.measure import Figure, Report, median, milliseconds
from tests.bench.register_feed import feed_beside_its_peers
from tests.bench.register_many import thousand
from tests.bench.register_ops import ops_a_second
from tests.bench.register_sender import Sender
from tests.sync.world import World

PULLS = 60
HISTORY = (10_000, 100_000, 1_000_000)
FILLING = 420  # seconds: a quiet machine takes a quarter of it


def _feed(report: Report) -> None:
    with _postgres() as address:
        feed_beside_its_peers(report, address)


def _history(report: Report, name: str, url: str) -> None:
    """What asking for the last hundred changes costs, behind a history that grows."""
    with World(url) as world:
        sender = Sender(world, "ann")
        ids = sender.make(BATCH_OPS)
        sent, turn = BATCH_OPS, 0
        spent, last = [], perf_counter() + FILLING
        for size in HISTORY:
            while sent < size - 100:
                if perf_counter() > last:
                    print(f"{sent:,} ops in {FILLING} s: no history of {size:,} in this run")
                    return
                turn += 1
                ops = sender.edits(ids[: size - 100 - sent], turn)
                sender.push(ops)
                sent += len(ops)
            mark = sender.pull_to_the_end()
            sender.push(sender.edits(ids[:100], turn + 1))
            sent += 100
            pull = partial(sender.pull, mark)
            began = time.process_time()
            took = [milliseconds(pull) for _ in range(PULLS)]
            used = (time.process_time() - began) * 1000 / PULLS
            note = "worker and asker, one process"
            name_of = f"pull of 100 changes behind {size:,} ops, {name}"
            report.add(Figure(f"{name_of}: processor", used, "ms", PULLS, note=note))
            spent.append(used)
            report.add(
                Figure(
                    name_of,
                    median(took),
                    "ms",
                    len(took),
                    note="flat, if the cost does not grow with the history",
                    spread=(min(took), max(took)),
                )
            )
    title = f"pull behind {HISTORY[-1]:,} ops / behind {HISTORY[0]:,}, {name}: processor"
    report.add(Figure(title, spent[-1] / spent[0], "x", PULLS))


@contextmanager
def _sqlite() -> Iterator[str]:
    with tempfile.TemporaryDirectory(dir=Path.cwd() / "build") as folder:
        yield f"sqlite:///{Path(folder) / 'register.db'}"


@contextmanager
def _postgres() -> Iterator[str]:
    from tests.support.postgres import database

    with database(durable=True) as url:
        yield url


_PLACES = {"SQLite": _sqlite, "PostgreSQL": _postgres}


def _on(work: Callable[[Report, str, str], None], name: str, report: Report) -> None:
    """A piece of work on a register of its own."""
    with _PLACES[name]() as address:
        work(report, name, address)


PARTS: dict[str, Callable[[Report], None]] = {
    f"{part}:{name.lower()}": partial(_on, work, name)
    for part, work in (("ops", ops_a_second), ("history", _history), ("laptops", thousand))
    for name in _PLACES
} | {"feed": _feed}
