"""What asking for the last hundred changes costs, behind a history that grows to a million ops.

Every op of it is pushed: three laptops at once, over the line, to a worker in a process of its own,
as `register serve` runs it. The question is then asked through the app in this process, so that its
processor time, worker's and asker's together, is counted. Refuses to fill for ever: a machine that
is too busy is told how far it came, and gives no figure of what it did not reach.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from queue import Empty, SimpleQueue
from time import perf_counter, process_time

from forms.values import SystemClock
from sync.client.exchange import Round, RoundReport
from sync.client.transport import HttpTransport
from sync.client.wire import Line
from sync.protocol import BATCH_OPS
from tests.bench.measure import Figure, Report, median, milliseconds
from tests.bench.register_many import worker
from tests.bench.register_sender import Sender
from tests.sync.world import World

PULLS, CHANGED = 60, 100
HISTORY = (10_000, 100_000, 1_000_000)
LAPTOPS = 3
FILLING = 420  # seconds for all of it: a quiet machine takes a fifth
CLOCK = SystemClock()


def history(report: Report, name: str, url: str) -> None:
    """The question at each size, and what the largest costs beside the smallest."""
    last = perf_counter() + FILLING
    spent = []
    with World(url) as world:
        world.clock.moment = CLOCK.now()
        asks = Sender(world, "ann")
        ids = asks.make(CHANGED)
        others = [Sender(world, "ann") for _ in range(LAPTOPS)]
        cases = [one.make(BATCH_OPS) for one in others]
        held = CHANGED + LAPTOPS * BATCH_OPS
        for size in HISTORY:
            began = perf_counter()
            added = _fill(url, list(zip(others, cases, strict=True)), size - CHANGED - held, last)
            held += added
            if held < size - CHANGED:
                print(f"{held:,} ops in {FILLING} s: no history of {size:,} in this run")
                return
            took = perf_counter() - began
            report.add(Figure(f"pushed on the way to {size:,} ops, {name}", added / took, "/s", 1))
            world.clock.moment = CLOCK.now()
            mark = asks.pull_to_the_end()
            asks.push(asks.edits(ids, size))
            held += CHANGED
            spent.append(_asked(report, f"behind {size:,} ops, {name}", partial(asks.pull, mark)))
    title = f"pull behind {HISTORY[-1]:,} ops / behind {HISTORY[0]:,}, {name}: processor"
    report.add(Figure(title, spent[-1] / spent[0], "x", PULLS))


def _asked(report: Report, where: str, pull: Callable[[], object]) -> float:
    """Milliseconds of processor of one question."""
    took, spent = [], []
    for _ in range(PULLS):
        began = process_time()
        took.append(milliseconds(pull))
        spent.append((process_time() - began) * 1000)
    used = median(spent)
    title, spread = f"pull of {CHANGED} changes {where}", (min(took), max(took))
    note = "worker and asker, one process"
    report.add(Figure(f"{title}: processor", used, "ms", PULLS, note))
    report.add(Figure(title, median(took), "ms", PULLS, spread=spread))
    return used


def _fill(url: str, laptops: list[tuple[Sender, list[str]]], count: int, last: float) -> int:
    """Ops that were taken: all that are wanted, unless the time is over."""
    wanted: SimpleQueue[int] = SimpleQueue()
    for size in _batches(count):
        wanted.put(size)

    def send(address: str, sender: Sender, ids: list[str]) -> int:
        transport, sent = HttpTransport(address), 0
        line = Line(transport, sender.identity, CLOCK)
        way = Round(sender.laptop, line, CLOCK, RoundReport())
        while perf_counter() < last:
            try:
                size = wanted.get_nowait()
            except Empty:
                break
            ops = sender.edits(ids[:size], sender.seq)
            reply = way.ask_push(sender.identity.incarnation, ops, "")
            assert [ack.result for ack in reply.acks] == ["ok"] * size
            sent += size
        transport.close()
        return sent

    with worker(url) as (address, _), ThreadPoolExecutor(len(laptops)) as pool:
        return sum(pool.map(lambda one: send(address, *one), laptops))


def _batches(count: int) -> Iterator[int]:
    whole, rest = divmod(count, BATCH_OPS)
    yield from [BATCH_OPS] * whole
    if rest:
        yield rest
