"""The register: ops taken in a second, a pull's cost over a growing history, many laptops at once.

Real stores (SQLite on disk; PostgreSQL where it can be started), the real app, signatures checked,
every op judged, logged, chained and noted in the audit log. Nothing leaves the machine.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from tests.bench.measure import Report, build_folder
from tests.bench.register_feed import feed_beside_its_peers
from tests.bench.register_history import history
from tests.bench.register_many import thousand
from tests.bench.register_ops import ops_a_second


def _feed(report: Report) -> None:
    with _postgres() as address:
        feed_beside_its_peers(report, address)


@contextmanager
def _sqlite() -> Iterator[str]:
    with tempfile.TemporaryDirectory(dir=build_folder()) as folder:
        yield f"sqlite:///{Path(folder) / 'register.db'}"


@contextmanager
def _postgres() -> Iterator[str]:
    from tests.support.postgres import database

    with database(durable=True) as url:
        yield url


def _history(name: str, report: Report) -> None:
    with _PLACES[name]() as address, _PLACES[name]() as small:
        history(report, name, address, small)


_PLACES = {"SQLite": _sqlite, "PostgreSQL": _postgres}


def _on(work: Callable[[Report, str, str], None], name: str, report: Report) -> None:
    """A piece of work on a register of its own."""
    with _PLACES[name]() as address:
        work(report, name, address)


PARTS: dict[str, Callable[[Report], None]] = {
    f"{part}:{name.lower()}": partial(_on, work, name)
    for part, work in (("ops", ops_a_second), ("laptops", thousand))
    for name in _PLACES
}
PARTS |= {f"history:{name.lower()}": partial(_history, name) for name in _PLACES}
PARTS["feed"] = _feed
