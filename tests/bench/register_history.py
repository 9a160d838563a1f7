"""What asking for the last hundred changes costs, behind a history that grows to a million ops.

Every op of it is pushed: three laptops at once, over the line, to a worker in a process of its own,
as `register serve` runs it. The question is then asked through the app in this process, so that its
processor time, worker's and asker's together, is counted. Refuses to fill for ever: a machine that
is too busy is told how far it came, and gives no figure of what it did not reach.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from queue import Empty, SimpleQueue
from time import perf_counter, process_time

from forms.values import SystemClock
from sync.client.exchange import Round, RoundReport
from sync.client.transport import HttpTransport
from sync.client.wire import Line
from sync.protocol import BATCH_OPS, PullReply
from tests.bench.measure import Figure, Report, median, milliseconds
from tests.bench.register_many import worker
from tests.bench.register_sender import Sender
from tests.sync.world import World

PULLS, CHANGED = 60, 100
HISTORY = (10_000, 100_000, 1_000_000)
LAPTOPS = ("ann", "ben", "ben")  # of one person alone, so many batches are too many a minute
FILLING = 420  # seconds for all of it: a quiet machine takes a fifth
CLOCK = SystemClock()


def history(report: Report, name: str, url: str, small: str) -> None:
    """The question at each size, and what the largest costs beside the smallest.

    A machine changes its speed while a million ops are pushed, so the two are asked in turn at the
    end: the smallest is a register of its own, which stays as it is.
    """
    last = perf_counter() + FILLING
    with World(url) as world, World(small) as other:
        least, grown = _Grown(small, other), _Grown(url, world)
        if not least.grow(HISTORY[0], last):
            print(f"no history of {HISTORY[0]:,} in {FILLING} s")
            return
        for size in HISTORY:
            began, before = perf_counter(), grown.held
            if not grown.grow(size, last):
                print(f"{grown.held:,} ops in {FILLING} s: no history of {size:,} in this run")
                return
            took, added = perf_counter() - began, grown.held - before
            report.add(Figure(f"pushed on the way to {size:,} ops, {name}", added / took, "/s", 1))
            grown.change()
            _asked(report, f"behind {size:,} ops, {name}", grown.pull)
        least.change()
        spent: dict[_Grown, list[float]] = {least: [], grown: []}
        for _ in range(PULLS):
            for one, times in spent.items():
                began = process_time()
                one.pull()
                times.append(process_time() - began)
    title = f"pull behind {HISTORY[-1]:,} ops / behind {HISTORY[0]:,}, {name}: processor"
    report.add(Figure(title, median(spent[grown]) / median(spent[least]), "x", PULLS))


class _Grown:
    """A register with a history, and a laptop that asks for the last changes."""

    def __init__(self, url: str, world: World) -> None:
        self._url, self._world = url, world
        world.clock.moment = CLOCK.now()
        self._asks = Sender(world, "ann")
        self._ids = self._asks.make(CHANGED)
        others = [Sender(world, who) for who in LAPTOPS]
        self._others = [(one, one.make(BATCH_OPS)) for one in others]
        self._mark: PullReply | None = None
        self.held = CHANGED + len(LAPTOPS) * BATCH_OPS

    def grow(self, size: int, last: float) -> bool:
        """Whether the history is so long, but for the changes, before the time was over."""
        self.held += _fill(self._url, self._others, size - CHANGED - self.held, last)
        return self.held >= size - CHANGED

    def change(self) -> None:
        """The last changes, which are what is asked for."""
        self._world.clock.moment = CLOCK.now()
        self._mark = self._asks.pull_to_the_end()
        self._asks.push(self._asks.edits(self._ids, self.held))
        self.held += CHANGED

    def pull(self) -> object:
        """Ask for them."""
        return self._asks.pull(self._mark)


def _asked(report: Report, where: str, pull: Callable[[], object]) -> None:
    """What one question costs."""
    took, spent = [], []
    for _ in range(PULLS):
        began = process_time()
        took.append(milliseconds(pull))
        spent.append((process_time() - began) * 1000)
    title, spread = f"pull of {CHANGED} changes {where}", (min(took), max(took))
    note = "worker and asker, one process"
    report.add(Figure(f"{title}: processor", median(spent), "ms", PULLS, note))
    report.add(Figure(title, median(took), "ms", PULLS, spread=spread))


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
