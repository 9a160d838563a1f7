"""What a small round costs a register: a hundred changed records sent, and fetched by another.

One worker in a process of its own, over a database that syncs to the disk. For each of the three
requests of such a round (what one laptop sends, its question afterwards, the other laptop's
question): time on the line and the worker's processor, both as medians over many rounds. By itself:
`python -m tests.bench.register_small [ROUNDS] [URL]`. With `push`, `own` or `pull` as a third word
the rounds go through the app in this process, and what that request calls is counted. Refuses to
judge.
"""

from __future__ import annotations

import base64
import cProfile
import os
import pstats
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from time import perf_counter
from typing import Any

import msgspec

from forms.change import Identity, Op, Verb
from forms.facts.kinds import fields_of
from forms.values import SystemClock
from sync import envelope, signing
from sync.client.enrol import enrol
from sync.client.wire import Line
from sync.columns import ops_in_groups
from sync.protocol import BATCH_OPS, PullAsk, PullReply, PushAsk, PushReply, op_to_wire
from tests.bench.measure import build_folder, median
from tests.bench.register_many import worker
from tests.bench.sync_corpus import documents, enquiry
from tests.sync.laptop import Laptop
from tests.sync.world import World

RECORDS, CHANGED, WARM = 10_000, 100, 5
HLC = 1_646_000_000_000 << 16
Post = Callable[[str, bytes, dict[str, str]], tuple[int, bytes]]


@dataclass(slots=True)
class Prepared:
    """A corpus at the register, and what two laptops of one coach know of it."""

    sends: Identity
    asks: Identity
    values: list[dict[str, Any]]
    ids: list[str]
    dots: list[str]
    last: int  # the newest op of the laptop that sends


class Talk:
    """One laptop's questions, signed as they are asked."""

    def __init__(self, who: Identity, post: Post) -> None:
        self.who, self._post, self.took = who, post, 0.0
        self.mark = PullAsk(inc=who.incarnation, columns=True, own_too=False, witnessed=0)

    def ask(self, path: str, message: msgspec.Struct, reply: type[Any]) -> Any:
        """The answer; `took` seconds of it on the line."""
        body = Line.pack(message)
        time = SystemClock().now().isoformat(timespec="seconds")
        said = signing.request_bytes("POST", path, self.who.device_id, time, body)
        signature = base64.b64encode(signing.sign(self.who.signing_key, said)).decode()
        headers = {
            "content-type": envelope.CONTENT_TYPE,
            signing.DEVICE: self.who.device_id,
            signing.TIME: time,
            signing.SIGNATURE: signature,
        }
        began = perf_counter()
        status, answer = self._post(path, body, headers)
        self.took = perf_counter() - began
        assert status == 200, (status, envelope.inflate(answer)[:300])
        return envelope.unpack(answer, reply)

    def pull(self) -> int:
        """What changed; how many records."""
        reply: PullReply = self.ask("/v1/pull", self.mark, PullReply)
        self._note(reply)
        return len(reply.states) + sum(len(group.records) for group in reply.groups)

    def to_the_end(self) -> None:
        """From the start to the newest place."""
        ask = msgspec.structs.replace(self.mark, snapshot=True)
        while True:
            reply = self.ask("/v1/pull", ask, PullReply)
            self._note(reply)
            ask = msgspec.structs.replace(self.mark, snapshot=bool(reply.after), after=reply.after)
            if not reply.more:
                return

    def _note(self, reply: PullReply) -> None:
        mark = self.mark
        mark.epoch, mark.seq, mark.chain = reply.epoch, reply.seq, reply.chain
        if reply.head is not None:
            mark.witnessed, mark.witnessed_last = reply.head.size, reply.head.last


def prepared(url: str) -> Prepared:
    """Ten thousand enquiries, sent by one of two laptops."""
    with World(url) as world:
        world.clock.moment = SystemClock().now()
        both = [Laptop(world.clock), Laptop(world.clock)]
        for laptop in both:
            enrol(laptop, world.line, world.code("ann"), world.clock)
        sends, asks = (laptop.identity() for laptop in both)
        values = [fields_of(enquiry(document)) for document in documents(RECORDS)]
        ids = [document["id"] for document in documents(RECORDS)]
        talk = Talk(sends, _over(world))
        for start in range(0, RECORDS, BATCH_OPS):
            some = range(start, start + BATCH_OPS)
            ops = [_op(sends, n + 1, Verb.NEW, ids[n], values[n], {}, {}) for n in some]
            _send(talk, ops)
    dots = [f"{sends.incarnation}.{n + 1}" for n in range(RECORDS)]
    return Prepared(sends, asks, values, ids, dots, RECORDS)


def _over(world: World) -> Post:
    def post(path: str, body: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
        answer = world.line.send("POST", path, headers, body)
        return answer.status, answer.body

    return post


def _send(talk: Talk, ops: list[Op]) -> None:
    groups, rows = ops_in_groups([op_to_wire(op) for op in ops])
    ask = PushAsk(inc=talk.who.incarnation, epoch=talk.mark.epoch, ops=rows, groups=groups)
    reply = talk.ask("/v1/push", ask, PushReply)
    assert [ack.result for ack in reply.acks] == ["ok"] * len(ops)
    talk.mark.have = talk.mark.acked = ops[-1].seq


def _op(
    who: Identity,
    seq: int,
    verb: Verb,
    record: str,
    fields: dict[str, Any],
    base: dict[str, tuple[str, ...]],
    was: dict[str, Any],
) -> Op:
    return Op(
        inc=who.incarnation,
        seq=seq,
        hlc=HLC + seq,
        actor_id=who.actor_id,
        verb=verb,
        kind="enquiry",
        record_id=record,
        fields=fields,
        base=base,
        was=was,
    )


def _edits(made: Prepared, turn: int) -> list[Op]:
    """A hundred records spread over the corpus, two fields each."""
    ops = []
    for n in range(turn % 97, RECORDS, RECORDS // CHANGED):
        made.last += 1
        values = {"heard_via": f"trading {turn}", "idea": made.values[n]["idea"][:300] + f" {turn}"}
        base: dict[str, tuple[str, ...]] = dict.fromkeys(values, (made.dots[n],))
        was = {name: made.values[n][name] for name in values}
        op = _op(made.sends, made.last, Verb.SET, made.ids[n], values, base, was)
        made.values[n] |= values
        ops.append(op)
    return ops


def rounds(made: Prepared, post: Post, count: int, around: Callable[[str], Any]) -> Any:
    """So many rounds; `around` is entered for each request."""
    one, two = Talk(made.sends, post), Talk(made.asks, post)
    one.mark.have = one.mark.acked = made.last
    one.to_the_end()
    two.to_the_end()
    took: dict[str, list[float]] = {"push": [], "own": [], "pull": []}
    heads = {n: made.dots[n] for n in range(RECORDS)}
    for turn in range(count + WARM):
        ops = _edits(made, turn)
        with around("push" if turn >= WARM else ""):
            _send(one, ops)
        for op, n in zip(ops, range(turn % 97, RECORDS, RECORDS // CHANGED), strict=True):
            made.dots[n] = heads[n] = op.dot
        spent = [one.took]
        with around("own" if turn >= WARM else ""):
            assert one.pull() == 0
        spent.append(one.took)
        with around("pull" if turn >= WARM else ""):
            assert two.pull() == CHANGED
        spent.append(two.took)
        if turn >= WARM:
            for name, seconds in zip(took, spent, strict=True):
                took[name].append(seconds)
    return took


def processor_ns(pid: int) -> int:
    """Nanoseconds that all threads of a process have run, on Linux."""
    total = 0
    for task in Path(f"/proc/{pid}/task").iterdir():
        total += int((task / "schedstat").read_text().split()[0])
    return total


def apart(url: str, count: int) -> None:
    """The worker in a process of its own."""
    made = prepared(url)
    spent: dict[str, list[float]] = {}
    with worker(url) as (address, pid):
        line = HTTPConnection(address.removeprefix("http://"), timeout=60)

        def post(path: str, body: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
            line.request("POST", path, body, headers)
            reply = line.getresponse()
            return reply.status, reply.read()

        @contextmanager
        def around(name: str) -> Iterator[None]:
            before = processor_ns(pid)
            yield
            after, seen = processor_ns(pid), before
            while after != seen:  # what it does after the answer is counted too
                after, seen = processor_ns(pid), after
            spent.setdefault(name, []).append((after - before) / 1e6)

        took = rounds(made, post, count, around)
        line.close()
    print(f"load {os.getloadavg()[0]:.1f}; medians of {count}, and the mean")
    for name, seconds in took.items():
        mine = spent[name]
        print(
            f"{name:>5}: {median(seconds) * 1000:6.2f} ms on the line; worker's processor "
            f"{median(mine):6.2f} ms, mean {sum(mine) / len(mine):6.2f}, least {min(mine):6.2f}"
        )


def profiled(url: str, count: int, only: str) -> None:
    """The app in this process; where its time goes."""
    import asyncio

    from sync.register import admin
    from sync.register import app as routes
    from sync.register.serve import steady_memory
    from sync.register.store import open_store
    from tests.sync.in_loop import InLoop
    from tests.sync.world import kent

    async def here(work: Callable[..., Any], *values: Any) -> Any:
        return work(*values)

    setattr(routes, "in_a_thread", here)  # noqa: B010 - in the place of the real one
    made = prepared(url)
    store = open_store(url)
    app = routes.create_app(store, SystemClock(), {"kent": kent()}, admin.signing_key(store))
    steady_memory()
    way, loop = InLoop(app), asyncio.new_event_loop()
    profile = cProfile.Profile()

    def post(path: str, body: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST",
            "scheme": "http", "path": path, "raw_path": path.encode(), "query_string": b"",
            "root_path": "", "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80),
            "headers": [(k.encode(), v.encode()) for k, v in headers.items()],
        }  # fmt: skip
        start, content = loop.run_until_complete(way._ask(scope, body))
        return start["status"], content

    @contextmanager
    def around(name: str) -> Iterator[None]:
        on = name and only in ("", name)
        if on:
            profile.enable()
        yield
        if on:
            profile.disable()

    took = rounds(made, post, count, around)
    for name, seconds in took.items():
        print(f"{name}: {median(seconds) * 1000:.2f} ms (profiled)")
    stats = pstats.Stats(profile)
    stats.sort_stats("cumulative").print_stats(70)
    stats.sort_stats("tottime").print_stats(45)
    store.close()


def main(count: int, url: str, only: str | None) -> None:
    """Against a register of its own, unless an empty one is named."""
    with tempfile.TemporaryDirectory(dir=build_folder()) as folder:
        url = url or f"sqlite:///{Path(folder) / 'register.db'}"
        if only is None:
            apart(url, count)
        else:
            profiled(url, count, only)


if __name__ == "__main__":
    words = sys.argv[1:]
    main(
        int(words[0]) if words else 100,
        words[1] if len(words) > 1 else "",
        words[2] if len(words) > 2 else None,
    )
