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

from sync.protocol import BATCH_OPS
from tests.bench.measure import Figure, Report, median, milliseconds
from tests.bench.register_feed import feed_beside_its_peers
from tests.bench.register_many import thousand
from tests.bench.register_ops import ops_a_second
from tests.bench.register_sender import Sender
from tests.sync.world import World

PULLS = 60
HISTORY = (10_000, 100_000, 1_000_000)


def _on_each(work: Callable[[Report, str, str], None]) -> Callable[[Report], None]:
    """A piece of work on SQLite, then on PostgreSQL, each time a register of its own."""

    def run(report: Report) -> None:
        for name, url in (("SQLite", _sqlite()), ("PostgreSQL", _postgres())):
            with url as address:
                work(report, name, address)

    return run


def _feed(report: Report) -> None:
    with _postgres() as address:
        feed_beside_its_peers(report, address)


def _history(report: Report, name: str, url: str) -> None:
    """What asking for the last hundred changes costs, behind a history that grows."""
    with World(url) as world:
        sender = Sender(world, "ann")
        ids = sender.make(BATCH_OPS)
        sent, turn = BATCH_OPS, 0
        spent = []
        for size in HISTORY:
            while sent < size - 100:
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


PARTS: dict[str, Callable[[Report], None]] = {
    "ops": _on_each(ops_a_second),
    "history": _on_each(_history),
    "laptops": _on_each(thousand),
    "feed": _feed,
}
