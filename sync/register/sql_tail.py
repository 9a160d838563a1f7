"""The last of a transaction on PostgreSQL: both logs, both counters held, and no exchange between.

Two statements that leave with the commit: one takes the counters, the feed's before the audit
log's, and the next sees what they protect as it is by then. It gives the ops their places, ties the
links, and writes the entry with its tree. Other workers wait for the counters meanwhile: nobody's
process has to be woken in that time but the server's. Very many ops go in by COPY, and for them the
links are tied here. SQLite, which is no exchange away and has one writer, goes through the tables
one by one (`Tx.enter`). Refuses to judge.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Connection

from sync.envelope import canonical
from sync.register.rows import Entry
from sync.register.sql_line import Answer
from sync.register.sql_log import Links, op_said, tail
from sync.register.sql_many import arrays_of, insert_many
from sync.register.sql_postgres import EARLY, Last, Left, exchange
from sync.register.sql_said import array_text
from sync.register.tables import op

_MANY = 100  # ops, from which COPY is quicker than arrays
# The locks are taken in this order. What they protect is read by the statement after.
_LOCK = f"{EARLY} FROM feed, audit_head FOR UPDATE"
_LOCK_ENTRY = f"{EARLY} FROM audit_head FOR UPDATE"
_FEED = "SELECT n, chain FROM feed"
_END = "UPDATE feed SET n = $1, chain = $2"
# `said` is the entry's text, in which its number and the entry before it are still to be named.
# Both marks are the first values. `made` are the subtrees that it completes, itself included
# (`merkle.completed`).
_ENTRY = """
e AS (
    SELECT a.n + 1 AS n, convert_to(
        replace(replace(said.text, $1, (a.n + 1)::text), $2, a.last), 'UTF8') AS text
    FROM said, audit_head AS a),
made (level, place, hash) AS (
    SELECT 0::bigint, n - 1, sha256('\\x00'::bytea || text) FROM e
    UNION ALL
    SELECT level + 1, place >> 1, sha256('\\x01'::bytea || (
        SELECT d.hash FROM audit_node AS d
        WHERE d.level = made.level AND d.place = made.place - 1) || hash)
    FROM made WHERE place & 1 = 1),
leaf AS (SELECT hash FROM made WHERE level = 0),
wrote AS (
    INSERT INTO audit (n, entry, leaf)
    SELECT n, convert_from(text, 'UTF8'), hash FROM e, leaf),
grew AS (INSERT INTO audit_node (level, place, hash) SELECT level, place, hash FROM made)
UPDATE audit_head SET n = e.n, last = encode(hash, 'hex') FROM e, leaf"""
_NOTE = f"WITH RECURSIVE said AS (SELECT $3::text AS text),{_ENTRY}"
_NAMES = [column.name for column in op.columns]
_BETWEEN = ", ".join(_NAMES[1:-1])  # all but an op's place and its link
# The links are those of `sql_log.link`.
_OPS = f"""
WITH RECURSIVE links (k, chain) AS (
    SELECT 0, chain FROM feed
    UNION ALL
    SELECT k + 1, left(encode(sha256(convert_to(chain || tails[k + 1], 'UTF8')), 'hex'), 32)
    FROM links, (SELECT $6::text[] AS tails) AS t WHERE k < cardinality(tails)),
tied AS (
    SELECT n, n + cardinality(chains) AS top, chains, chains[cardinality(chains)] AS newest
    FROM feed, (SELECT array_agg(chain ORDER BY k) AS chains FROM links WHERE k > 0) AS l),
logged AS (
    INSERT INTO op ({", ".join(_NAMES)})
    SELECT n + nth, {_BETWEEN}, link
    FROM tied, unnest({arrays_of(tuple(op.columns)[1:-1], 7)}, chains)
        WITH ORDINALITY AS o ({_BETWEEN}, link, nth)),
went AS (UPDATE feed SET n = top, chain = newest FROM tied),
said AS (SELECT replace(replace($3::text, $4, top::text), $5, newest) AS text FROM tied),{_ENTRY},
    tied RETURNING tied.n"""  # noqa: S608 - our own names

Words = Callable[[int, str], dict[str, Any]]  # the audit log's entry, given the feed's new end


def enter(connection: Connection, entries: Sequence[Entry], words: Words) -> Last:
    """Ops with their places and links, and the entry that tells of them: what is left to write.

    An op has its place once all of this is written.
    """
    if len(entries) >= _MANY:
        return _enter_many(connection, entries, words)
    top, chain, *rest = _marks()
    text = canonical(_named(words(int(top), chain), rest)).decode()
    tails = array_text([tail(entry.dot, entry.hash, entry.result) for entry in entries])
    values = *rest, text, top, chain, tails, *_columns(entries)

    def placed(answer: Answer) -> None:
        ((before,),) = answer.fetchall()
        for place, entry in enumerate(entries, int(before) + 1):
            entry.feed_seq = place

    return [Left(_LOCK), Left(_OPS, values, placed)]


def note(entry: dict[str, Any]) -> Last:
    """An entry of the audit log that tells of no op: what is left to write."""
    marks = _marks()[2:]
    return [Left(_LOCK_ENTRY), Left(_NOTE, (*marks, canonical(_named(entry, marks)).decode()))]


def _enter_many(connection: Connection, entries: Sequence[Entry], words: Words) -> Last:
    said = [op_said(entry) for entry in entries]  # while the database takes in the records
    _, feed = exchange(connection, (_LOCK, ()), (_FEED, ()))
    ((place, chain),) = feed.fetchall()
    links = Links(int(place), chain)
    insert_many(connection, op, links.rows(entries, said))
    _, written = note(words(links.place, links.chain))
    return [Left(_END, (links.place, links.chain)), written]


def _named(entry: dict[str, Any], marks: Sequence[str]) -> dict[str, Any]:
    """An entry with marks for its own number and for the hash of the one before it."""
    number, before = marks
    return {"n": int(number), "prev": before} | entry


def _marks() -> list[str]:
    """What stands where the server writes a number or a hash: like nothing anybody could say."""
    first = 10**18 + secrets.randbelow(10**17) * 10
    return [str(first + nth) for nth in range(4)]


def _columns(entries: Sequence[Entry]) -> list[str]:
    """Ops by column, all but their places and links, the first column and the last."""
    return [array_text(values) for values in zip(*map(op_said, entries), strict=True)]
