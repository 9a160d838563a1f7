"""Decisions asked for and answered, and the public directory, in SQL."""

from __future__ import annotations

import msgspec
from sqlalchemy import Connection, delete, insert, select

from forms.change import Json
from sync.envelope import canonical
from sync.register.rows import Decided, Reviewed
from sync.register.tables import decision, directory


class DecisionTable:
    """Decisions by id, and what the public may read. Binds every value."""

    def __init__(self, connection: Connection) -> None:
        self._c = connection

    def get(self, decision_id: str) -> Decided | None:
        """A decision that was answered before, or None."""
        query = select(decision).where(decision.c.id == decision_id)
        found = self._c.execute(query).mappings().first()
        if found is None:
            return None
        return Decided(**(dict(found) | {"codes": tuple(found["codes"].split())}))

    def add(self, one: Decided) -> None:
        """Keep an answer."""
        self._c.execute(
            insert(decision).values(
                id=one.id,
                name=one.name,
                subject_id=one.subject_id,
                asked_by_id=one.asked_by_id,
                asked_at=one.asked_at,
                payload=one.payload,
                state=one.state,
                codes=" ".join(one.codes),
                words=one.words,
                answered_at=one.answered_at,
                feed_seq=one.feed_seq,
            )
        )

    def publish(
        self, entry_id: str, enterprise_id: str, fields: dict[str, Json], published_on: str
    ) -> None:
        """Put the reviewed words of an entry before the public."""
        self.withdraw(entry_id)
        self._c.execute(
            insert(directory).values(
                entry_id=entry_id,
                enterprise_id=enterprise_id,
                fields=canonical(fields).decode(),
                published_on=published_on,
            )
        )

    def withdraw(self, entry_id: str) -> None:
        """Take an entry away from the public."""
        self._c.execute(delete(directory).where(directory.c.entry_id == entry_id))

    def listed(self) -> list[Reviewed]:
        """The words that were reviewed for the public, by id. Who may be shown: `public_list`."""
        rows = self._c.execute(select(directory).order_by(directory.c.entry_id))
        return [
            Reviewed(
                entry_id=r.entry_id,
                enterprise_id=r.enterprise_id,
                fields=msgspec.json.decode(r.fields),
                published_on=r.published_on,
            )
            for r in rows
        ]
