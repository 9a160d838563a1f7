"""The last of a transaction on PostgreSQL: both logs, both counters held, in few exchanges.

One exchange takes the counters, the feed's before the audit log's. The links are made here, and one
statement more writes all there is, with the commit; very many ops go in by COPY before it. Other
workers wait for the counters meanwhile, so nothing else happens between. SQLite, which is no
exchange away and has one writer, goes through the tables one by one (`Tx.enter`). Refuses to judge.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Connection

from sync import merkle
from sync.envelope import canonical
from sync.register.rows import Entry
from sync.register.sql_log import Links, op_values
from sync.register.sql_many import arrays_of, insert_many
from sync.register.sql_postgres import Last, exchange
from sync.register.sql_said import array_text
from sync.register.tables import op

_MANY = 100  # ops, from which COPY is quicker than arrays
_TAKE = """
WITH f AS (UPDATE feed SET n = n + %s RETURNING n, chain),
     a AS (UPDATE audit_head SET n = audit_head.n + 1 FROM f
           RETURNING audit_head.n AS entry, audit_head.last)
SELECT f.n, f.chain, a.entry, a.last FROM f, a"""
# The subtrees beside the new entry (`merkle.beside`), as they are once the counter is held.
_NODES = """
SELECT l.level, d.hash FROM audit_head AS a
CROSS JOIN generate_series(0, 61) AS l (level)
CROSS JOIN LATERAL (
    SELECT hash FROM audit_node
    WHERE level = l.level AND place = ((a.n - 1) >> l.level) - 1 LIMIT 1) AS d
WHERE (a.n - 1) & ((2::bigint << l.level) - 1) = (2::bigint << l.level) - 1"""
_WRITE = """
WITH f AS (UPDATE feed SET chain = %s),
     e AS (INSERT INTO audit (n, entry, leaf) VALUES (%s, %s, %s)),
     m AS (INSERT INTO audit_node (level, place, hash)
           SELECT * FROM unnest(%b::bigint[], %b::bigint[], %b::bytea[])){ops}
UPDATE audit_head SET last = %s"""
_OPS = f""",
     o AS (INSERT INTO op ({", ".join(column.name for column in op.columns)})
           SELECT * FROM unnest({arrays_of(tuple(op.columns), "%s")}))"""  # noqa: S608 - our own names
_WRITE_ALL, _WRITE_REST = _WRITE.format(ops=_OPS), _WRITE.format(ops="")

Words = Callable[[int, str], dict[str, Any]]  # the audit log's entry, given the feed's new end


def enter(connection: Connection, entries: Sequence[Entry], words: Words) -> Last:
    """Ops with their places and links, and the entry that tells of them: what is left to write."""
    few = len(entries) < _MANY
    columns = _columns(entries) if few else []  # made before the counters are held
    taken, nodes = exchange(connection, (_TAKE, (len(entries),)), (_NODES, ()))
    ((top, chain, number, last),) = taken.fetchall()
    known = {int(level): bytes(hashed) for level, hashed in nodes.fetchall()}
    links = Links(int(top) - len(entries), chain)
    if few:
        chains = array_text([links.tie(entry) for entry in entries])
        columns = [array_text([entry.feed_seq for entry in entries]), *columns, chains]
    else:
        insert_many(connection, op, links.rows(entries))
    text = canonical({"n": number, "prev": last} | words(links.place, links.chain))
    leaf = merkle.leaf_hash(text)
    made = merkle.completed(int(number) - 1, leaf, lambda level, _place: known[level])
    levels, places, hashes = (list(values) for values in zip(*made, strict=True))
    rest: list[Any] = [links.chain, number, text.decode(), leaf, levels, places, hashes]
    return [(_WRITE_ALL if few else _WRITE_REST, (*rest, *columns, leaf.hex()))]


def _columns(entries: Sequence[Entry]) -> list[str]:
    """Ops by column, all but their places and links, the first column and the last."""
    rows = [op_values(entry, "") for entry in entries]
    return [array_text(values) for values in list(zip(*rows, strict=True))[1:-1]]
