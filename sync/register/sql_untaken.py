"""Ops in the log whose words reached no record: refused, held, or kept apart.

Whoever takes words out of the log asks here what else has them, and what nobody has read yet.
Refuses to change anything.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from sqlalchemy import Connection, or_, select

from sync.protocol import WireOp
from sync.register.sql_many import among
from sync.register.tables import op

_decode_op = msgspec.json.Decoder(WireOp).decode


class Untaken:
    """What was not taken. Binds every value."""

    def __init__(self, connection: Connection) -> None:
        self._c = connection

    def births(self, case: str) -> set[str]:
        """Records of a case that were sent and were refused or held, by what their words say."""
        query = select(op.c.record_id, op.c.body).where(
            op.c.verb == "new",
            op.c.body != "",
            or_(op.c.result.like("refused%"), op.c.result.like("held%")),
        )
        return {
            str(found.record_id)
            for found in self._c.execute(query)
            if str(_decode_op(found.body).fields.get("enterprise_id") or "") == case
        }

    def not_looked_at(self, record_ids: Iterable[str]) -> set[str]:
        """Which of these records have ops that wait, or that nobody has looked at yet."""
        some = among(self._c, op.c.record_id, sorted(record_ids))
        query = select(op.c.record_id).where(some, op.c.later.in_(("held", "quarantine")))
        return set(self._c.execute(query).scalars())
