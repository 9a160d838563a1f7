"""The smallest register that keeps every value: heads of a field are what no op has replaced."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from forms.change import Ack, Bookmark, Head, Op, Page, RecordState
from tests.storage.samples import NOON

Field = tuple[str, str]  # (record id, field)


class ModelRegister:
    """In memory, one kind of record, one laptop and somebody else."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.seq = 0
        self.heads: dict[Field, list[Head]] = {}
        self.changed: dict[Field, int] = {}
        self.before: dict[Field, Any] = {}
        self.receipts: dict[str, Ack] = {}
        self._others = 0

    def push(self, op: Op, *, refuse: bool = False) -> Ack:
        """Take one op; the same op again gets the same receipt."""
        if op.dot in self.receipts:
            return self.receipts[op.dot]
        self.seq += 1
        result = "refused:role" if refuse else "ok"
        for name, value in op.fields.items():
            place = (op.record_id, name)
            if refuse:
                if place in self.heads:
                    self.changed[place] = self.seq
                continue
            self._write(
                place,
                Head(dot=op.dot, value=value, actor_id=op.actor_id, at=NOON),
                op.base.get(name, ()),
            )
            if self.is_clash(place):
                result = "clash"
        ack = Ack(seq=op.seq, feed_seq=self.seq, result=result)
        self.receipts[op.dot] = ack
        return ack

    def other_edit(self, record_id: str, name: str, value: Any, at: datetime) -> None:
        """Somebody else changes a field they see as it is in use."""
        place = (record_id, name)
        seen = [head.dot for head in self.heads[place] if head.value == self.in_use(place)]
        self.seq += 1
        self._others += 1
        self._write(
            place, Head(dot=f"9.{self._others}", value=value, actor_id="other", at=at), tuple(seen)
        )

    def in_use(self, place: Field) -> Any:
        """The value everybody sees meanwhile."""
        return self.heads[place][0].value

    def is_clash(self, place: Field) -> bool:
        """Whether the heads differ."""
        return len({repr(head.value) for head in self.heads[place]}) > 1

    def page(self, since: int) -> Page:
        """Fields changed since, with the bookmark of now."""
        records: dict[str, list[str]] = {}
        for (record_id, name), seq in self.changed.items():
            if seq > since:
                records.setdefault(record_id, []).append(name)
        return Page(
            states=tuple(self._state(one, names) for one, names in sorted(records.items())),
            left=(),
            bookmark=Bookmark(epoch="e", seq=self.seq, chain=""),
        )

    def _write(self, place: Field, head: Head, base: Iterable[str]) -> None:
        old = self.heads.get(place, [])
        kept = [one for one in old if one.dot not in base]
        self.before.setdefault(place, old[0].value if old else None)
        self.heads[place] = [*kept, head]
        self.changed[place] = self.seq

    def _state(self, record_id: str, names: list[str]) -> RecordState:
        places = {name: (record_id, name) for name in names}
        return RecordState(
            kind=self.kind,
            record_id=record_id,
            fields={name: self.in_use(place) for name, place in places.items()},
            versions={
                name: tuple(head.dot for head in self.heads[place])
                for name, place in places.items()
            },
            heads={
                name: tuple(self.heads[place])
                for name, place in places.items()
                if self.is_clash(place)
            },
            before={name: self.before[place] for name, place in places.items()},
            last_actor_id="other",
            last_at=NOON,
        )
