"""Ops in the log whose words reached no record: refused, held, or kept apart.

Whoever takes words out of the log asks here what else has them, and what nobody has read yet.
Refuses to change anything.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import msgspec
from sqlalchemy import Connection, literal_column, or_, select

from sync.protocol import WireOp
from sync.register.rows import ERASED
from sync.register.sql_many import among
from sync.register.tables import op

_decode_op = msgspec.json.Decoder(WireOp).decode


@dataclass(frozen=True, slots=True)
class Birth:
    """A record that was sent and not taken."""

    case: str  # by its words, or '' when it has none
    erased: bool  # refused, since its person was erased by then


@dataclass(frozen=True, slots=True)
class Stray:
    """An edit that waits for its record; it does not say whose record that is."""

    record_id: str
    actor_id: str


class Untaken:
    """What was not taken. Binds every value."""

    def __init__(self, connection: Connection) -> None:
        self._c = connection

    def births(self) -> dict[str, Birth]:
        """Records that were sent and were refused or held, by id. Goes through the whole log."""
        query = select(op.c.record_id, op.c.body, op.c.result).where(
            op.c.verb == "new",
            or_(op.c.result.like("refused%"), op.c.result.like("held%")),
        )
        out: dict[str, Birth] = {}
        for record_id, body, result in self._c.execute(query):
            case = _decode_op(body).fields.get("enterprise_id") if body else ""
            # sent more than once, it may have lost its words the other time
            known = out.get(record_id, Birth(case="", erased=False))
            out[record_id] = Birth(
                case=str(case or known.case), erased=known.erased or result == ERASED
            )
        return out

    def strays(self) -> list[Stray]:
        """Edits that wait for their record: nearly none."""
        query = select(op.c.record_id, op.c.actor_id).where(op.c.verb != "new", op.c.body != "")
        return [
            Stray(*found)
            for later in ("'held'", "'quarantine'")  # one index each, seen where it is not bound
            for found in self._c.execute(query.where(op.c.later == literal_column(later)))
        ]

    def erased_births(self, inc: int) -> set[str]:
        """Records that came under a number and were refused, since their person was erased."""
        query = select(op.c.record_id).where(
            op.c.inc == inc, op.c.verb == "new", op.c.result == ERASED
        )
        return set(self._c.execute(query).scalars())

    def not_looked_at(self, record_ids: Iterable[str]) -> set[str]:
        """Which of these records have ops that wait, or that nobody has looked at yet."""
        some = among(self._c, op.c.record_id, sorted(record_ids))
        query = select(op.c.record_id).where(some, op.c.later.in_(("held", "quarantine")))
        return set(self._c.execute(query).scalars())
