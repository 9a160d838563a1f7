"""Many at once: a thousand laptops on one worker.

The worker is a process of its own on loopback, as `register serve` runs it.
"""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from time import perf_counter

from forms.facts.people import Enterprise
from forms.values import SystemClock, new_id
from sync.client.enrol import enrol
from sync.client.exchange import run_round
from sync.client.transport import HttpTransport
from sync.register import admin
from sync.register.store import open_store
from tests.bench.measure import Figure, Report, percentile, processor
from tests.sync.laptop import Laptop
from tests.sync.world import World

LAPTOPS, AT_ONCE, EDITS = 1_000, 16, 3
_WORKER = (
    "import sys; from sync.register.serve import serve; serve(sys.argv[1], port=int(sys.argv[2]))"
)


def thousand(report: Report, name: str, url: str) -> None:
    """Each laptop has something to send, and fetches what changed."""
    laptops = _enrolled(url)
    with worker(url) as (address, pid):
        lines = [HttpTransport(address) for _ in range(AT_ONCE)]
        free = list(lines)
        lock = threading.Lock()

        def go(laptop: Laptop) -> float:
            with lock:
                line = free.pop()
            began = perf_counter()
            run_round(laptop, line, SystemClock())
            took = perf_counter() - began
            with lock:
                free.append(line)
            return took

        began, spent = perf_counter(), processor(pid)
        with ThreadPoolExecutor(AT_ONCE) as pool:
            took = list(pool.map(go, laptops))
        whole, spent = perf_counter() - began, processor(pid) - spent
        for line in lines:
            line.close()
    report.add(
        Figure(
            f"{LAPTOPS:,} laptops, one worker, {name}", whole, "s", 1, goal=60,
            note=f"{AT_ONCE} at a time, each sends {EDITS} edits and fetches",
        )
    )  # fmt: skip
    report.add(Figure(f"one of their rounds p95, {name}", percentile(took, 0.95), "s", LAPTOPS))
    if spent:
        report.add(Figure(f"the worker's processor for all of them, {name}", spent, "s", LAPTOPS))


def _enrolled(url: str) -> list[Laptop]:
    made = []
    with World(url) as world:
        world.clock.moment = SystemClock().now()
        for number in range(LAPTOPS):
            who = f"coach-{number}"
            admin.add_person(world.store, who, f"Coach {number}", "coach", clock=world.clock)
            laptop = Laptop(world.clock)
            enrol(laptop, world.line, world.code(who), world.clock)
            case = laptop.add(
                Enterprise(id=new_id(), name="Weald", coach_id=who, district="E07000105")
            )
            for turn in range(EDITS - 1):
                laptop.set(case.id, phone=f"01303 {turn:06}")
            made.append(laptop)
    return made


@contextmanager
def worker(url: str) -> Iterator[tuple[str, int]]:
    """The address and the number of a register in a process of its own."""
    import socket

    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-c", _WORKER, url, str(port)], stderr=subprocess.DEVNULL
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _until_it_answers(address)
        yield address, process.pid
    finally:
        process.terminate()
        process.wait(30)
    open_store(url).close()


def _until_it_answers(address: str) -> None:
    last = perf_counter() + 60
    line = HttpTransport(address)
    while True:
        try:
            if line.send("GET", "/health", {}, b"").status == 200:
                break
        except Exception as error:
            if perf_counter() > last:
                raise AssertionError("the worker does not come up") from error
    line.close()
