"""Ops that one worker takes in a second, and how much of its processor an op costs.

The worker is a process of its own, as `register serve` runs it, over a database that syncs to the
disk. Requests are made and signed before, so this process only sends bytes and reads bytes.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPConnection
from time import perf_counter

from forms.change import Op
from forms.values import SystemClock
from sync import envelope, signing
from sync.columns import acks_of, ops_in_groups
from sync.protocol import BATCH_OPS, PushAsk, PushReply, op_to_wire
from tests.bench.measure import Figure, Report, median, processor
from tests.bench.register_many import worker
from tests.bench.register_sender import Sender
from tests.sync.world import World

ALONE, TOGETHER, LAPTOPS = 16, 8, 4  # batches of one laptop, and of each of several at once
WARM = 2
GOAL = 15_000
PATH = "/v1/push"


@dataclass(frozen=True, slots=True)
class Prepared:
    """A request as it goes over the line."""

    headers: dict[str, str]
    body: bytes


def ops_a_second(report: Report, name: str, url: str) -> None:
    """One laptop after the other, and several at once."""
    alone, many = _prepared(url)
    with worker(url) as (address, pid):
        _send(address, alone[:WARM])
        began = processor(pid)
        took = _send(address, alone[WARM:])
        spent = processor(pid) - began
        whole = perf_counter()
        with ThreadPoolExecutor(LAPTOPS) as pool:
            sent = list(pool.map(lambda one: _send(address, one), many))
        whole = perf_counter() - whole
    said = "batches of 2,000, made and signed before, sent from another process; at least 15,000"
    report.add(
        Figure(
            f"single-field ops a second, {name}, one laptop", BATCH_OPS / median(took), "/s",
            len(took), note=said, spread=(BATCH_OPS / max(took), BATCH_OPS / min(took)),
        )
    )  # fmt: skip
    done = BATCH_OPS * sum(len(one) for one in sent)
    report.add(
        Figure(
            f"single-field ops a second, {name}, {LAPTOPS} laptops at once", done / whole, "/s",
            sum(len(one) for one in sent), note=said,
        )
    )  # fmt: skip
    if spent:
        report.add(
            Figure(
                f"the worker's processor, {name}", spent / len(took) / BATCH_OPS * 1e6, "us an op",
                len(took), note="a third of 200 us is 15,000 a second",
            )
        )  # fmt: skip


def _prepared(url: str) -> tuple[list[Prepared], list[list[Prepared]]]:
    with World(url) as world:
        world.clock.moment = SystemClock().now()
        senders = [Sender(world, who) for who in ("ann", *["ben"] * LAPTOPS)]
        made = []
        for sender, count in zip(senders, (WARM + ALONE, *[TOGETHER] * LAPTOPS), strict=True):
            ids = sender.make(BATCH_OPS)
            made.append([_request(sender, sender.edits(ids, n), world) for n in range(count)])
    return made[0], made[1:]


def _request(sender: Sender, ops: Sequence[Op], world: World) -> Prepared:
    who = sender.identity
    groups, rows = ops_in_groups([op_to_wire(op) for op in ops])
    body = envelope.pack(PushAsk(inc=who.incarnation, ops=rows, groups=groups, runs=True))
    time = world.clock.now().isoformat(timespec="seconds")
    message = signing.request_bytes("POST", PATH, who.device_id, time, body)
    signature = base64.b64encode(signing.sign(who.signing_key, message)).decode()
    headers = {
        "content-type": envelope.CONTENT_TYPE,
        signing.DEVICE: who.device_id,
        signing.TIME: time,
        signing.SIGNATURE: signature,
    }
    return Prepared(headers, body)


def _send(address: str, requests: Sequence[Prepared]) -> list[float]:
    """Seconds of each request; every op of each was taken."""
    host = address.removeprefix("http://")
    line = HTTPConnection(host, timeout=60)
    took, replies = [], []
    for one in requests:
        began = perf_counter()
        line.request("POST", PATH, one.body, one.headers)
        reply = line.getresponse()
        body = reply.read()
        took.append(perf_counter() - began)
        replies.append((reply.status, body))
    line.close()
    for status, body in replies:
        assert status == 200, (status, envelope.inflate(body)[:200])
        acks = acks_of(envelope.unpack(body, PushReply))
        assert len(acks) == BATCH_OPS
        assert all(ack.result == "ok" for ack in acks), acks[:3]
    return took
