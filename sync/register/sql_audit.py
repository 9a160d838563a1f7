"""The audit log in SQL: entries in order, and the hashes of every complete subtree over them.

`append` takes the head row, after the feed's and before the commit, so entries have no gaps and no
two have one number. A root or a proof reads a few hashes, however long the log. Refuses to change
or remove an entry: there is no such method.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, tuple_, update

from sync import merkle
from sync.envelope import canonical
from sync.register.tables import audit, audit_head, audit_node

_NODE = select(audit_node.c.hash).where(
    audit_node.c.level == bindparam("level_"), audit_node.c.place == bindparam("place_")
)
_NEXT = update(audit_head).values(n=audit_head.c.n + 1).returning(audit_head.c.n, audit_head.c.last)
_ENTRY, _ADD_NODES = insert(audit), insert(audit_node)
_LAST = update(audit_head).values(last=bindparam("newest"))
_NEWEST = select(audit_head.c.n, audit_head.c.last)
_NODES = select(audit_node.c.level, audit_node.c.place, audit_node.c.hash).where(
    tuple_(audit_node.c.level, audit_node.c.place).in_(bindparam("nodes_", expanding=True))
)


class AuditTable:
    """Entries and their tree. Binds every value."""

    def __init__(self, connection: Connection) -> None:
        self._c = connection

    def append(self, entry: dict[str, Any]) -> int:
        """Add one entry, chained to the one before. Returns its number, from 1."""
        found = self._c.execute(_NEXT).one()
        n = int(found.n)
        text = canonical({"n": n, "prev": found.last} | entry)
        leaf = merkle.leaf_hash(text)
        self._c.execute(_ENTRY, {"n": n, "entry": text.decode(), "leaf": leaf})
        made = merkle.completed(n - 1, leaf, self._node)
        names = ("level", "place", "hash")
        self._c.execute(_ADD_NODES, [dict(zip(names, one, strict=True)) for one in made])
        self._c.execute(_LAST, {"newest": leaf.hex()})
        return n

    def size(self) -> int:
        """How many entries there are."""
        return self.newest()[0]

    def last(self) -> str:
        """The hash of the newest entry, in hexadecimal, or ''."""
        return self.newest()[1]

    def newest(self) -> tuple[int, str]:
        """How many entries there are, and the hash of the newest."""
        found = self._c.execute(_NEWEST).first()
        return (int(found.n or 0), str(found.last or "")) if found is not None else (0, "")

    def root(self, size: int) -> bytes:
        """The root of the tree over the first `size` entries."""
        return self._over([(0, size)])(0, size) if size else merkle.EMPTY

    def proof(self, old: int, new: int) -> list[bytes]:
        """What shows that the log of `new` entries begins with the log of `old`."""
        ranges: list[tuple[int, int]] = []

        def note(first: int, end: int) -> bytes:
            ranges.append((first, end))
            return b""

        merkle.consistency_proof(old, new, note)
        return merkle.consistency_proof(old, new, self._over(ranges))

    def _over(self, ranges: list[tuple[int, int]]) -> merkle.Subtree:
        """The hashes over ranges of leaves, their stored nodes read with one question."""
        wanted = sorted({node for one in ranges for node in merkle.whole_parts(*one)})
        found = self._c.execute(_NODES, {"nodes_": wanted}) if wanted else ()
        nodes = {(int(level), int(place)): bytes(hashed) for level, place, hashed in found}
        return lambda first, end: merkle.subtree(first, end, lambda *at: nodes[at])

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
