"""The audit log in SQL: entries in order, and the hashes of every complete subtree over them.

`append` takes the head row, after the feed's and before the commit, so entries have no gaps and no
two have one number. A root or a proof reads a few hashes, however long the log. Refuses to change
or remove an entry: there is no such method.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from sync import merkle
from sync.envelope import canonical
from sync.register.tables import audit, audit_head, audit_node

_NODE = select(audit_node.c.hash).where(
    audit_node.c.level == bindparam("level_"), audit_node.c.place == bindparam("place_")
)


class AuditTable:
    """Entries and their tree. Binds every value."""

    def __init__(self, connection: Connection) -> None:
        self._c = connection

    def append(self, entry: dict[str, Any]) -> int:
        """Add one entry, chained to the one before. Returns its number, from 1."""
        found = self._c.execute(
            update(audit_head)
            .values(n=audit_head.c.n + 1)
            .returning(audit_head.c.n, audit_head.c.last)
        ).one()
        n = int(found.n)
        text = canonical({"n": n, "prev": found.last} | entry)
        leaf = merkle.leaf_hash(text)
        self._c.execute(insert(audit).values(n=n, entry=text.decode(), leaf=leaf))
        made = merkle.completed(n - 1, leaf, self._node)
        names = ("level", "place", "hash")
        self._c.execute(insert(audit_node), [dict(zip(names, one, strict=True)) for one in made])
        self._c.execute(update(audit_head).values(last=leaf.hex()))
        return n

    def size(self) -> int:
        """How many entries there are."""
        return int(self._c.execute(select(audit_head.c.n)).scalar() or 0)

    def last(self) -> str:
        """The hash of the newest entry, in hexadecimal, or ''."""
        return str(self._c.execute(select(audit_head.c.last)).scalar() or "")

    def root(self, size: int) -> bytes:
        """The root of the tree over the first `size` entries."""
        return self.subtree(0, size) if size else merkle.EMPTY

    def proof(self, old: int, new: int) -> list[bytes]:
        """What shows that the log of `new` entries begins with the log of `old`."""
        return merkle.consistency_proof(old, new, self.subtree)

    def subtree(self, first: int, end: int) -> bytes:
        """The hash over a range of leaves, from stored nodes."""
        size = end - first
        if size & (size - 1) == 0 and first % size == 0:
            return self._node(size.bit_length() - 1, first // size)
        k = merkle.split(size)
        return merkle.node_hash(self.subtree(first, first + k), self.subtree(first + k, end))

    def entries(self, after: int, limit: int) -> list[tuple[int, str, bytes]]:
        """(number, text, stored leaf hash) of the next entries after a number."""
        rows = self._c.execute(
            select(audit).where(audit.c.n > after).order_by(audit.c.n).limit(limit)
        )
        return [(int(r.n), str(r.entry), bytes(r.leaf)) for r in rows]

    def nodes(self, level: int, first: int, count: int) -> list[tuple[int, bytes]]:
        """(place, hash) of stored subtrees of one level."""
        rows = self._c.execute(
            select(audit_node.c.place, audit_node.c.hash)
            .where(
                audit_node.c.level == level,
                audit_node.c.place >= first,
                audit_node.c.place < first + count,
            )
            .order_by(audit_node.c.place)
        )
        return [(int(r.place), bytes(r.hash)) for r in rows]

    def _node(self, level: int, place: int) -> bytes:
        return bytes(self._c.execute(_NODE, {"level_": level, "place_": place}).scalar_one())
