"""A laptop that has only ops to send: new enterprises, and edits of one field of each."""

from __future__ import annotations

from typing import Any

from forms.change import Op, Verb
from forms.facts.kinds import fields_of
from forms.facts.people import Enterprise
from forms.values import new_id
from sync.client.enrol import enrol
from sync.client.exchange import Round, RoundReport
from sync.client.wire import Line
from sync.protocol import BATCH_OPS, PullAsk, PullReply
from tests.sync.laptop import Laptop
from tests.sync.world import World

HLC = 1_646_000_000_000 << 16


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
        who = self.identity.actor_id
        made = Enterprise(id=record_id, name="Weald", coach_id=who, district="E07000105")
        return self._op(Verb.NEW, record_id, fields_of(made), {})

    def _set(self, record_id: str, turn: int) -> Op:
        values = {"phone": f"01303 {turn:06}"}
        return self._op(Verb.SET, record_id, values, {"phone": (self.dots[record_id],)})

    def _op(
        self, verb: Verb, record_id: str, fields: dict[str, Any], base: dict[str, tuple[str, ...]]
    ) -> Op:
        self.seq += 1
        op = Op(
            inc=self.identity.incarnation,
            seq=self.seq,
            hlc=HLC + self.seq,
            actor_id=self.identity.actor_id,
            verb=verb,
            kind="enterprise",
            record_id=record_id,
            fields=fields,
            base=base,
        )
        self.dots[record_id] = op.dot
        return op
