"""Counters of how often and how much, in SQL, so that any number of workers count together.

A bucket is a caller and a minute; old minutes go when new ones are written. Refuses to hold an
address in plain: a caller is named by a hash.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, select, text

from sync.register.sql_said import Said
from sync.register.tables import rate

_COUNT = Said(
    text(
        "INSERT INTO rate (bucket, n, until) VALUES (:bucket, :n, :until) "
        "ON CONFLICT (bucket) DO UPDATE SET n = rate.n + :n RETURNING n"
    )
)
_OLD = Said(delete(rate).where(rate.c.until < bindparam("moment")))
_COUNTED = Said(select(rate.c.n).where(rate.c.bucket == bindparam("one")))
_HELD = text(  # the last: of files that came before step 13
    "SELECT (SELECT coalesce(sum(size), 0) FROM blob WHERE person_id = :person) "
    "+ (SELECT coalesce(sum(held), 0) FROM upload WHERE person_id = :person) "
    "+ (SELECT coalesce(sum(bytes), 0) FROM quota WHERE person_id = :person)"
)


class LimitTable:
    """Counters. Binds every value."""

    def __init__(self, connection: Connection) -> None:
        self._c = connection

    def count(self, bucket: str, n: int, until: datetime, now: datetime) -> int:
        """Add to a bucket; what it holds now."""
        _OLD.changed(self._c, moment=now.isoformat())
        ((count,),) = _COUNT.rows(self._c, bucket=bucket, n=n, until=until.isoformat())
        return int(count)

    def try_out(self) -> None:
        """Begin to count and take it back: raises where nothing can be written."""
        with self._c.begin_nested() as inner:
            _COUNT.rows(self._c, bucket="ready", n=1, until="")
            inner.rollback()

    def counted(self, bucket: str) -> int:
        """What a bucket holds."""
        found = _COUNTED.one(self._c, one=bucket)
        return int(found[0]) if found is not None else 0

    def held(self, person_id: str) -> int:
        """Bytes of files that are here from a person, whole or on their way."""
        return int(self._c.execute(_HELD, {"person": person_id}).scalar_one())
