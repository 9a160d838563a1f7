"""What a register's database says of itself: sizes, counts, the newest moments. In SQL.

Refuses to change anything, and to say anything about anybody: numbers and moments only.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, Select, func, select

from sync.register.tables import audit, blob, meta, op, upload

_BAD = '%,"faults":%'
_COPY = '{"act":"copy",%'  # entries are written with their names in order


class StatusTable:
    """Sizes, counts and moments. Binds every value."""

    def __init__(self, connection: Connection) -> None:
        self._c = connection

    def step(self) -> int:
        """The newest step of the tables."""
        return self._number("SELECT max(number) FROM migration")

    def size(self) -> int:
        """Bytes of the database, files of people included."""
        if self._c.dialect.name == "postgresql":
            return self._number("SELECT pg_database_size(current_database())")
        return self._number("PRAGMA page_count") * self._number("PRAGMA page_size")

    def file(self) -> str:
        """Where a SQLite database lies; '' for any other."""
        if self._c.dialect.name != "sqlite":
            return ""
        found = self._c.exec_driver_sql("PRAGMA database_list").first()
        return str(found[2]) if found is not None else ""

    def files(self) -> tuple[int, int]:
        """How many files of people there are, and the bytes of these and of those on their way."""
        whole, on_their_way = (
            self._c.execute(
                select(func.count(), func.coalesce(func.sum(one.c.held), 0)).select_from(one)
            ).one()
            for one in (blob, upload)
        )
        return int(whole[0]), int(whole[1] + on_their_way[1])

    def quarantined(self) -> int:
        """Changes of closed laptops that nobody has looked at."""
        waits = op.c.later == "quarantine", op.c.body != ""
        asked = select(func.count()).select_from(op).where(*waits)
        return self._scalar(asked)

    def last_copy(self) -> datetime | None:
        """When a good copy was last written, by the audit log; put-back copies count their own."""
        newest, good = audit.c.n.desc(), audit.c.entry.not_like(_BAD)
        copied = select(audit.c.entry).where(audit.c.entry.like(_COPY), good)
        asked = copied.order_by(newest).limit(1)
        text = self._c.execute(asked).scalar()
        said: Any = msgspec.json.decode(text) if text else {}
        return datetime.fromisoformat(str(said["at"])) if said.get("at") else None

    def started(self) -> str:
        """When this register was made, or ''."""
        asked = select(meta.c.v).where(meta.c.k == "started_at")
        return str(self._c.execute(asked).scalar() or "")

    def _number(self, asked: str) -> int:
        return int(self._c.exec_driver_sql(asked).scalar() or 0)

    def _scalar(self, asked: Select[Any]) -> int:
        return int(self._c.execute(asked).scalar() or 0)
