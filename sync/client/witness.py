"""The laptop as a witness: it keeps the head of the register's audit log and checks that it grew.

Two signed heads that do not fit are kept side by side: they show that the register's history was
changed, or put back from a copy, whoever did it. Refuses to stop a round for that: work goes on
being sent, and the person is told.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec

from sync import errors, keys, merkle, signing
from sync.protocol import PullReply, WireTreeHead

if TYPE_CHECKING:
    from sync.client.exchange import Round

CHANGED = (
    "The council register's record of who did what does not fit what this laptop saw before. "
    "Your work is saved here and goes on being sent. Tell the council's auditor."
)
KEPT = 20  # pairs that do not fit


class Seen(msgspec.Struct, kw_only=True):
    """What this laptop has seen of the audit log."""

    head: WireTreeHead | None = None
    broken: list[tuple[WireTreeHead, WireTreeHead]] = msgspec.field(default_factory=list)


def seen(text: str) -> Seen:
    """What a vault keeps, read back."""
    return msgspec.json.decode(text, type=Seen) if text else Seen()


def newest(this: Round) -> tuple[int, str]:
    """How many entries this laptop has seen and the newest one's hash, to say with a pull."""
    head = seen(this.vault.exchange.witnessed()).head
    return (0, "") if head is None else (head.size, head.last)


def check(this: Round, reply: PullReply) -> str:
    """Look at the head that came with a page; what is to be kept of it, "" for nothing new.

    It goes to disk with the page: lost with it, the register shows the same again. Raises
    NotTheRegister when unsigned.
    """
    head = reply.head
    if head is None:
        return ""
    message = signing.head_bytes(head.epoch, head.size, head.root)
    known_keys = keys.known_to(this.line.identity)
    signed = any(signing.signed(key, head.signature, message) for key in known_keys)
    if head.epoch != reply.epoch or not signed:
        raise errors.NotTheRegister(detail="the head of the audit log is not the register's")
    known = seen(this.vault.exchange.witnessed())
    if known.head is not None and not fits(known.head, head, reply.proof):
        known.broken = [*known.broken, (known.head, head)][-KEPT:]
        this.report.history_changed = CHANGED
    known.head = head
    return msgspec.json.encode(known).decode()


def fits(old: WireTreeHead, new: WireTreeHead, proof: Sequence[bytes]) -> bool:
    """Whether the newer head's log begins with the older one's.

    Another epoch is a history of its own, and its name says so: the register was put back.
    """
    if old.epoch != new.epoch:
        return True
    return merkle.only_grew(old.size, old.root, new.size, new.root, proof)
