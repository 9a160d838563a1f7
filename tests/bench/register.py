"""The register: ops taken in a second, a pull's cost over a growing history, many laptops at once.

Real stores (SQLite on disk; PostgreSQL where it can be started), the real app, signatures checked,
every op judged, logged, chained and noted in the audit log. Nothing leaves the machine.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path
from time import perf_counter

from forms.change import Op, Verb
from forms.facts.kinds import fields_of
from forms.facts.people import Enterprise
from forms.values import new_id
from sync.client.enrol import enrol
from sync.client.exchange import Round, RoundReport
from sync.client.wire import Line
from sync.protocol import BATCH_OPS, PullAsk, PullReply
from tests.bench.measure import Figure, Report, median, milliseconds
from tests.bench.register_many import feed_beside_its_peers, thousand
from tests.sync.laptop import Laptop
from tests.sync.world import World

HLC = 1_646_000_000_000 << 16
BATCHES = 8
HISTORY = (10_000, 100_000, 1_000_000)


def run(report: Report) -> None:
    """Every figure of the register."""
    for name, url in _databases():
        with url as address:
            _ops_a_second(report, name, address)
    for name, url in _databases():
        with url as address:
            _history(report, name, address)
    for name, url in _databases():
        with url as address:
            thousand(report, name, address)
    with _postgres() as address:
        feed_beside_its_peers(report, address)


def _history(report: Report, name: str, url: str) -> None:
    """What asking for the last hundred changes costs, behind a history that grows."""
    with World(url) as world:
        sender = Sender(world, "ann")
        ids = sender.make(BATCH_OPS)
        sent, turn = BATCH_OPS, 0
        for size in HISTORY:
            while sent < size - 100:
                turn += 1
                ops = sender.edits(ids, turn)[: size - 100 - sent]
                sender.push(ops)
                sent += len(ops)
            mark = sender.pull_to_the_end()
            sender.push(sender.edits(ids[:100], turn + 1))
            sent += 100
            took = [milliseconds(partial(sender.pull, mark)) for _ in range(15)]
            report.add(
                Figure(
                    f"pull of 100 changes behind {size:,} ops, {name}",
                    median(took),
                    "ms",
                    len(took),
                    note="flat, if the cost does not grow with the history",
                    spread=(min(took), max(took)),
                )
            )


def _databases() -> Iterator[tuple[str, AbstractContextManager[str]]]:
    yield "SQLite", _sqlite()
    yield "PostgreSQL", _postgres()


@contextmanager
def _sqlite() -> Iterator[str]:
    with tempfile.TemporaryDirectory(dir=Path.cwd() / "build") as folder:
        yield f"sqlite:///{Path(folder) / 'register.db'}"


@contextmanager
def _postgres() -> Iterator[str]:
    from tests.support.postgres import database

    with database() as url:
        yield url


class Sender:
    """A laptop that has only ops to send: what a vault would cost is not measured here."""

    def __init__(self, world: World, who: str) -> None:
        self.laptop = Laptop(world.clock)
        enrol(self.laptop, world.line, world.code(who), world.clock)
        self.identity = self.laptop.identity()
        self.line = Line(world.line, self.identity, world.clock)
        self.round = Round(self.laptop, self.line, world.clock, RoundReport())
        self.seq = 0
        self.dots: dict[str, str] = {}

    def make(self, count: int) -> list[str]:
        """New enterprises; their ids."""
        ids = [new_id() for _ in range(count)]
        for start in range(0, count, BATCH_OPS):
            self.push([self._new(one) for one in ids[start : start + BATCH_OPS]])
        return ids

    def edits(self, ids: list[str], turn: int) -> list[Op]:
        """One field of each record."""
        return [self._set(one, turn) for one in ids]

    def push(self, ops: list[Op]) -> None:
        """Send one batch and check its receipt."""
        reply = self.round.ask_push(self.identity.incarnation, ops, "")
        assert all(ack.result == "ok" for ack in reply.acks), reply.acks[:3]

    def pull(self, mark: PullReply | None) -> PullReply:
        """One page after a place."""
        ask = PullAsk(inc=self.identity.incarnation)
        if mark is not None:
            ask.epoch, ask.seq, ask.chain = mark.epoch, mark.seq, mark.chain
        return self.line.ask("/v1/pull", ask, PullReply)

    def pull_to_the_end(self) -> PullReply:
        """The newest place of the feed, asked for from the start."""
        reply = self.pull(None)
        while reply.more:
            reply = self.pull(reply)
        return reply

    def _new(self, record_id: str) -> Op:
        fields = fields_of(
            Enterprise(id=record_id, name="Weald", coach_id="ann", district="E07000105")
        )
        return self._op(Verb.NEW, record_id, fields, {}, {})

    def _set(self, record_id: str, turn: int) -> Op:
        values = {"phone": f"01303 {turn:06}"}
        return self._op(Verb.SET, record_id, values, {"phone": (self.dots[record_id],)}, {})

    def _op(self, verb: Verb, record_id: str, fields: dict, base: dict, was: dict) -> Op:
        self.seq += 1
        op = Op(
            inc=self.identity.incarnation, seq=self.seq, hlc=HLC + self.seq, actor_id="ann",
            verb=verb, kind="enterprise", record_id=record_id, fields=fields, base=base, was=was,
        )  # fmt: skip
        self.dots[record_id] = op.dot
        return op


def _ops_a_second(report: Report, name: str, url: str) -> None:
    with World(url) as world:
        sender = Sender(world, "ann")
        ids = sender.make(BATCH_OPS)
        sender.push(sender.edits(ids, 0))
        took = []
        for turn in range(1, BATCHES + 1):
            ops = sender.edits(ids, turn)
            began = perf_counter()
            sender.push(ops)
            took.append(perf_counter() - began)
        report.add(
            Figure(
                f"single-field ops a second, {name}",
                BATCH_OPS / median(took),
                "/s",
                BATCHES,
                note="batches of 2,000 through the app, the client's work too; at least 15,000",
                spread=(BATCH_OPS / max(took), BATCH_OPS / min(took)),
            )
        )
