"""A receipt as it came, and what it says op by op.

Refuses to say anything about what was sent: that is the round's, which knows it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from forms.change import Ack, TakenRuns
from sync import envelope, errors, signing
from sync.columns import acks_of, receipt_bytes
from sync.protocol import PullReply, PushReply, WireAck, acks_from_wire


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the register says became of a batch, op by op, and its message as it came."""

    reply: PushReply
    acks: Sequence[WireAck]
    page: PullReply | None = None  # what came with it, and is no part of what is kept

    @classmethod
    def of(cls, reply: PushReply) -> Receipt:
        """Raises NotTheRegister for a message that no register makes."""
        page, reply.page = reply.page, None
        try:
            return cls(reply, acks_of(reply), page)
        except envelope.Unreadable as error:
            raise errors.NotTheRegister(detail=str(error)) from error

    def told(self) -> Sequence[Ack]:
        """The same for the vault; where all were taken as written, they stay runs."""
        if self.reply.runs and not self.reply.acks:
            return TakenRuns(sorted(self.reply.runs))
        return acks_from_wire(self.acks)

    def is_signed(self, *keys: bytes) -> bool:
        """Whether the register signed it, by one of its keys."""
        message = receipt_bytes(self.reply.inc, self.reply.epoch, self.acks)
        return any(signing.signed(key, self.reply.signature, message) for key in keys)
