"""Many at once: a thousand laptops on one worker.

The worker is a process of its own on loopback, as `register serve` runs it.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from queue import SimpleQueue
from time import perf_counter, process_time

from forms.facts.people import Enterprise
from forms.values import SystemClock, new_id
from sync.client.enrol import enrol
from sync.client.exchange import RoundReport, run_round
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


@dataclass(frozen=True, slots=True)
class Turn:
    """A round of every laptop, so many at a time."""

    whole: float  # seconds, all of them
    took: list[float]  # seconds of each
    worker: float  # seconds of the worker's processor
    laptops: float  # and of this process: all of the laptops'
    done: RoundReport  # of them together: ops sent, records fetched

    @property
    def limit(self) -> str:
        """Who was busy for most of the time."""
        return f"worker {self.worker / self.whole:.0%}, laptops {self.laptops / self.whole:.0%}"


def thousand(report: Report, name: str, url: str) -> None:
    """Their first rounds, and a round of an ordinary day.

    In the first each brings a case, and fetches its thousand colleagues. On the day each has
    three edits to send, and asks what the others did.
    """
    laptops = _enrolled(url)
    with worker(url) as (address, pid):
        first = _turn(laptops, address, pid)
        for laptop in laptops:
            (case,) = laptop.all(Enterprise)
            for turn in range(EDITS):
                laptop.set(case.id, phone=f"01303 {turn:06}")
        day = _turn(laptops, address, pid)
    assert (first.done.pushed, day.done.pushed) == (LAPTOPS, LAPTOPS * EDITS)
    assert first.done.pulled >= LAPTOPS * LAPTOPS
    _say(report, f"{LAPTOPS:,} laptops, one worker, {name}", day)
    _say(report, f"the same, their first round, {name}", first)


def _say(report: Report, title: str, turn: Turn) -> None:
    note = (
        f"{AT_ONCE} at a time, {turn.done.pushed:,} ops sent, {turn.done.pulled:,} records "
        f"fetched; processor over time: {turn.limit}"
    )
    report.add(Figure(title, turn.whole, "s", 1, note=note))
    report.add(Figure("  a laptop's round p95", percentile(turn.took, 0.95), "s", LAPTOPS))
    if turn.worker:
        each = turn.worker / LAPTOPS * 1000
        report.add(Figure("  the worker's processor, a round", each, "ms", LAPTOPS))
        each = turn.laptops / LAPTOPS * 1000
        report.add(Figure("  the laptops' processor, a round", each, "ms", LAPTOPS))


def _turn(laptops: list[Laptop], address: str, pid: int) -> Turn:
    lines = [HttpTransport(address) for _ in range(AT_ONCE)]
    free: SimpleQueue[HttpTransport] = SimpleQueue()
    done = RoundReport()
    for line in lines:
        free.put(line)

    def go(laptop: Laptop) -> tuple[float, RoundReport]:
        line = free.get()
        began = perf_counter()
        told = run_round(laptop, line, SystemClock())
        took = perf_counter() - began
        free.put(line)
        return took, told

    began, spent, mine = perf_counter(), processor(pid), process_time()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        found = list(pool.map(go, laptops))
    whole, spent, mine = perf_counter() - began, processor(pid) - spent, process_time() - mine
    for line in lines:
        line.close()
    for _, told in found:
        done.pushed += told.pushed
        done.pulled += told.pulled
    return Turn(whole, [took for took, _ in found], spent, mine, done)


def _enrolled(url: str) -> list[Laptop]:
    made = []
    with World(url) as world:
        world.clock.moment = SystemClock().now()
        for number in range(LAPTOPS):
            who = f"coach-{number}"
            admin.add_person(world.store, who, f"Coach {number}", "coach", clock=world.clock)
            laptop = Laptop(world.clock)
            enrol(laptop, world.line, world.code(who), world.clock)
            laptop.add(Enterprise(id=new_id(), name="Weald", coach_id=who, district="E07000105"))
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
