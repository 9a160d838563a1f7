"""Pages, states and receipts as a register would send them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from forms.change import Ack, Bookmark, Head, Identity, Page, RecordState
from forms.facts.kinds import KINDS, fields_of
from forms.facts.people import Enterprise
from storage.vault import Vault
from tests.storage.samples import COACH, NOON

LATER = NOON + timedelta(hours=1)
IDENTITY = Identity(
    register_url="https://register.example",
    device_id="device-1",
    incarnation=17,
    actor_id=COACH,
    actor_name="Jo Bloggs",
    role="coach",
    signing_key=b"s" * 32,
    register_key=b"r" * 32,
)


def state_of(record: Any, dot: str = "9.1", **changes: Any) -> RecordState:
    """All fields of a record as the register would send them, one writer."""
    kind = next(k for k in KINDS.values() if k.cls is type(record))
    fields = fields_of(record) | changes
    return RecordState(
        kind=kind.name,
        record_id=record.id,
        fields=fields,
        versions=dict.fromkeys(fields, (dot,)),
        last_actor_id="coach-2",
        last_at=NOON,
    )


def part(cls: type, record_id: str, dot: str, **fields: Any) -> RecordState:
    """A few fields of a record."""
    kind = next(k for k in KINDS.values() if k.cls is cls)
    return RecordState(
        kind=kind.name,
        record_id=record_id,
        fields=fields,
        versions=dict.fromkeys(fields, (dot,)),
        last_actor_id="coach-2",
        last_at=LATER,
    )


def page(
    *states: RecordState, seq: int = 10, left: tuple[str, ...] = (), whole: bool = False
) -> Page:
    return Page(
        states=states, left=left, bookmark=Bookmark(epoch="e", seq=seq, chain="c"), whole=whole
    )


def clash_state(record_id: str, mine: Head, theirs: Head, **fields: Any) -> RecordState:
    return RecordState(
        kind="enterprise",
        record_id=record_id,
        fields=fields,
        versions=dict.fromkeys(fields, (theirs.dot, mine.dot)),
        heads=dict.fromkeys(fields, (theirs, mine)),
        before=dict.fromkeys(fields, "before"),
        last_actor_id="coach-2",
        last_at=LATER,
    )


def now_of(vault: Vault, record_id: str) -> Enterprise:
    """The enterprise as this laptop shows it."""
    found = vault.reader.get(Enterprise, record_id)
    assert found is not None
    return found


def edit(vault: Vault, record_id: str, **values: Any) -> None:
    with vault.change(by=COACH, at=NOON) as unit:
        unit.set(Enterprise, record_id, **values)


def ack(vault: Vault, result: str = "ok", feed_seq: int = 99, words: str = "") -> Any:
    acks = [
        Ack(seq=op.seq, feed_seq=feed_seq, result=result, words=words)
        for op in vault.exchange.unsent()
    ]
    return vault.exchange.acknowledge(acks, LATER)
