"""The audit log in SQL: entries in order, and the hashes of every complete subtree over them.

`append` takes the head row, after the feed's and before the commit, so entries have no gaps and no
two have one number. A root or a proof reads a few hashes, however long the log. Refuses to change
or remove an entry: there is no such method.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, text, update

from sync import merkle
from sync.envelope import canonical
from sync.register.sql_many import insert_many
from sync.register.sql_said import Said
from sync.register.tables import audit, audit_head, audit_node

_NODE = Said(
    select(audit_node.c.hash).where(
        audit_node.c.level == bindparam("height"), audit_node.c.place == bindparam("at")
    )
)
_NEXT = Said(
    update(audit_head).values(n=audit_head.c.n + 1).returning(audit_head.c.n, audit_head.c.last)
)
_ENTRY = Said(insert(audit))
_LAST = Said(update(audit_head).values(last=bindparam("newest")))
_NEWEST = Said(select(audit_head.c.n, audit_head.c.last))
# Subtrees by [level, place], all of them in one value.
_NODES_BY = {
    "sqlite": """
        SELECT level, place, hash FROM json_each(:some) AS e CROSS JOIN audit_node
        WHERE level = json_extract(e.value, '$[0]') AND place = json_extract(e.value, '$[1]')""",
    "postgresql": """
        SELECT level, place, hash FROM json_array_elements(CAST(:some AS json)) AS one
        JOIN audit_node ON level = CAST(one ->> 0 AS bigint) AND place = CAST(one ->> 1 AS bigint)
        """,
}
_NODES = Said(lambda dialect: text(_NODES_BY[dialect]))


class AuditTable:
    """Entries and their tree. Binds every value."""

    def __init__(self, connection: Connection) -> None:
        self._c = connection

    def append(self, entry: dict[str, Any]) -> int:
        """Add one entry, chained to the one before. Returns its number, from 1."""
        ((n, last),) = _NEXT.rows(self._c)
        said = canonical({"n": n, "prev": last} | entry)
        leaf = merkle.leaf_hash(said)
        _ENTRY.changed(self._c, n=n, entry=said.decode(), leaf=leaf)
        insert_many(self._c, audit_node, merkle.completed(int(n) - 1, leaf, self._node))
        _LAST.changed(self._c, newest=leaf.hex())
        return int(n)

    def size(self) -> int:
        """How many entries there are."""
        return self.newest()[0]

    def last(self) -> str:
        """The hash of the newest entry, in hexadecimal, or ''."""
        return self.newest()[1]

    def newest(self) -> tuple[int, str]:
        """How many entries there are, and the hash of the newest."""
        found = _NEWEST.one(self._c)
        return (int(found[0] or 0), str(found[1] or "")) if found is not None else (0, "")

    def root(self, size: int) -> bytes:
        """The root of the tree over the first `size` entries."""
        return self._over([(0, size)])(0, size) if size else merkle.EMPTY

    def proof(self, old: int, new: int) -> list[bytes]:
        """What shows that the log of `new` entries begins with the log of `old`."""
        return merkle.consistency_proof(old, new, self._over(_proof_parts(old, new)))

    def root_and_proof(self, old: int, new: int) -> tuple[bytes, list[bytes]]:
        """The root over `new` entries and the proof, from one question."""
        whole = [(0, new)] if new else []
        over = self._over([*whole, *_proof_parts(old, new)])
        root = over(0, new) if new else merkle.EMPTY
        return root, merkle.consistency_proof(old, new, over)

    def _over(self, ranges: list[tuple[int, int]]) -> merkle.Subtree:
        """The hashes over ranges of leaves, their stored nodes read with one question."""
        wanted = sorted({node for one in ranges for node in merkle.whole_parts(*one)})
        found = _NODES.rows(self._c, some=canonical(wanted).decode()) if wanted else ()
        nodes = {(int(level), int(place)): bytes(hashed) for level, place, hashed in found}
        return lambda first, end: merkle.subtree(first, end, lambda *at: nodes[at])

    def entries(self, after: int, limit: int) -> list[tuple[int, str, bytes]]:
        """(number, text, stored leaf hash) of the next entries after a number."""
        rows = self._c.execute(
            select(audit).where(audit.c.n > after).order_by(audit.c.n).limit(limit)
        )
        return [(int(r.n), str(r.entry), bytes(r.leaf)) for r in rows]

    def that_say(self, words: str) -> list[str]:
        """The entries that have these words in them, in order. Goes through the whole log."""
        query = select(audit.c.entry).where(audit.c.entry.contains(words, autoescape=True))
        return list(self._c.execute(query.order_by(audit.c.n)).scalars())

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
        ((found,),) = _NODE.rows(self._c, height=level, at=place)
        return bytes(found)


def _proof_parts(old: int, new: int) -> list[tuple[int, int]]:
    """The ranges of leaves whose hashes a proof needs."""
    ranges: list[tuple[int, int]] = []

    def note(first: int, end: int) -> bytes:
        ranges.append((first, end))
        return b""

    merkle.consistency_proof(old, new, note)
    return ranges
