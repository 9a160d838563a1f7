"""The register's feed under six writers, beside the strategies that lose nothing either.

Everybody has the same work to do, in processes of their own: a change of a row, up to 4 ms twice
for whatever a transaction does, one to ten rows into the feed, a twentieth rolled back; and one
reader that polls. The peers are those of ../shared/baselines/sync/pg_gap.py, run in turn where that
file is there, in the bare driver's words. Ours stand there three times:

- the way alone: how places are given and when answers leave, as the register does it, over the
  peers' own rows and indexes and nothing else. This compares the strategies.
- the whole: the register's very statements in the bare driver's words (`sql_postgres`, `sql_tail`),
  with the chain, the 16 columns and the audit log's entry with its tree, which no peer writes.
- the same through the whole store, as a push goes.

All three wait for the disk before they answer, their reader too.
"""

from __future__ import annotations

import multiprocessing
import random
import re
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import make_url

from forms.change import Op, Verb
from forms.values import new_id
from sync.protocol import op_to_wire
from sync.register import audit, sql_postgres, sql_tail
from sync.register.rows import Entry
from sync.register.sql_said import array_text
from sync.register.sql_store import Tx
from sync.register.store import open_store
from tests.bench.measure import Figure, Report, median

GAP = Path(__file__).parents[3] / "shared" / "baselines" / "sync" / "pg_gap.py"
PEERS = ("xmin_last", "xmin_xidseq")
PLAIN = "counter_last"  # ours in the peers' table, without the early release: told, not compared
SECONDS, WRITERS, JITTER = 3.0, 6, 0.004
ROLLED_BACK = 0.05
BODY = "x" * 300
AT = datetime(2022, 3, 1, 9, 0, tzinfo=UTC)
CHANGE = "UPDATE rec SET v = v + 1 WHERE id = $1"
# What the peers write, under every index of theirs.
ROWS = """
CREATE TABLE ctr (id int PRIMARY KEY, n bigint); INSERT INTO ctr VALUES (1, 0);
CREATE TABLE op (
    seq bigserial PRIMARY KEY, tag uuid NOT NULL, xid xid8 DEFAULT pg_current_xact_id(),
    ts timestamptz DEFAULT now(), cts timestamptz DEFAULT clock_timestamp(),
    fseq bigint, body text);
CREATE INDEX ON op (xid, seq); CREATE INDEX ON op (ts);
CREATE UNIQUE INDEX ON op (fseq); CREATE INDEX ON op (seq) WHERE fseq IS NULL;"""
ENTER_ROWS = """
WITH c AS (UPDATE ctr SET n = n + $1::int WHERE id = 1 RETURNING n - $1::int AS before)
INSERT INTO op (fseq, tag, body)
SELECT before + k, tag, $2 FROM c, unnest($3::uuid[]) WITH ORDINALITY AS u (tag, k)"""
AFTER_ROWS = "SELECT fseq, tag::text FROM op WHERE fseq > $1 ORDER BY fseq LIMIT 500"
AFTER = "SELECT feed_seq, record_id FROM op WHERE feed_seq > $1 ORDER BY feed_seq LIMIT 500"
Tags = list[str]
Middle = Callable[[], None]
pause = threading.Event().wait  # nobody sets it


class RollBackPlease(Exception):
    """One of the twentieth."""


def feed_beside_its_peers(report: Report, dsn: str, turns: int = 7) -> None:
    """Transactions a second under six writers, and rows that a reader missed."""
    peers = (*PEERS, PLAIN) if GAP.exists() else ()
    if not peers:
        print("The feed's peers are not on this machine: ours run alone.")
    speed: dict[str, list[float]] = {name: [] for name in (*OURS, *peers)}
    missed = dict.fromkeys(speed, 0)
    for turn in range(turns):  # there and back again: a machine that slows down slows nobody alone
        for name, rates in list(speed.items())[:: -1 if turn % 2 else 1]:
            found = ours(dsn, OURS[name]) if name in OURS else peer(dsn, name)
            rates.append(found[0])
            missed[name] += found[1]
    lost = sum(missed[name] for name in OURS)
    report.add(Figure(f"feed: rows missed under {WRITERS} writers", lost, "rows", turns))
    for name, rates in speed.items():
        spread = (min(rates), max(rates))
        report.add(Figure(f"feed: {name}", median(rates), "tx/s", turns, spread=spread))
    if peers:
        best = max(PEERS, key=lambda name: median(speed[name]))
        notes = "the same rows on both sides", "with chain and audit log", "a push"
        for name, note in zip(OURS, notes, strict=True):
            ratios = [a / b for a, b in zip(speed[name], speed[best], strict=True)]
            report.add(
                Figure(
                    f"feed: {name} / best strategy", median(ratios), "x", turns,
                    note=f"{note}; the best is {best}", spread=(min(ratios), max(ratios)),
                )
            )  # fmt: skip


def peer(dsn: str, name: str) -> tuple[float, int]:
    """(transactions a second, rows missed) of one strategy."""
    words = [dsn, str(SECONDS), str(WRITERS), str(JITTER * 1000), name]
    done = subprocess.run(
        [sys.executable, str(GAP), *words], capture_output=True, text=True, timeout=120, check=True
    )
    found = re.search(r"([\d.]+) tx/s .* MISSED +(\d+)", done.stdout)
    assert found is not None, done.stdout
    return float(found[1]), int(found[2])


def ours(dsn: str, kind: Kind) -> tuple[float, int]:
    """(transactions a second, rows missed) of one of ours, in a schema of its own."""
    schema = f"f_{new_id().replace('-', '')}"
    with psycopg.connect(dsn, autocommit=True) as raw:
        raw.execute(f"CREATE SCHEMA {schema}")
        raw.execute(f"CREATE TABLE {schema}.rec (id int PRIMARY KEY, v int)")
        raw.execute(f"INSERT INTO {schema}.rec SELECT g, 0 FROM generate_series(1, 500) g")  # noqa: S608 - a name of our own making
    url = make_url(dsn).update_query_dict({"options": f"-csearch_path={schema}"})
    address = url.render_as_string(hide_password=False)
    kind.set_up(address)
    try:
        return _run(address, kind)
    finally:
        with psycopg.connect(dsn, autocommit=True) as raw:
            raw.execute(f"DROP SCHEMA {schema} CASCADE")


def _run(url: str, kind: Kind) -> tuple[float, int]:
    context = multiprocessing.get_context("spawn")
    told, read = context.Queue(), context.Queue()
    ready = context.Barrier(WRITERS + 2)
    stop, quiet = context.Event(), context.Event()
    reader = context.Process(target=_reads, args=(kind, url, ready, quiet, read))
    writers = [
        context.Process(target=_writes, args=(kind, url, inc, (ready, stop), told))
        for inc in range(1, WRITERS + 1)
    ]
    for process in (reader, *writers):
        process.start()
    ready.wait(60)
    began = time.perf_counter()
    stop.wait(SECONDS)  # so long the writers write, as their peers do
    stop.set()
    found = [told.get(timeout=60) for _ in writers]
    took = time.perf_counter() - began
    quiet.set()
    seen: set[str] = read.get(timeout=60)
    for process in (reader, *writers):
        process.join(60)
    committed = {tag for tags, _ in found for tag in tags}
    return sum(count for _, count in found) / took, len(committed - seen)


class Whole:
    """The register's store."""

    def __init__(self, url: str) -> None:
        self._store = open_store(url)
        self.close = self._store.close

    @staticmethod
    def set_up(url: str) -> None:
        """The register's tables."""
        open_store(url).close()

    @staticmethod
    def rows(inc: int, after: int, count: int) -> tuple[list[Any], Tags]:
        """What one transaction enters, and by which tags it is known again."""
        made = [_entry(inc, after + n + 1) for n in range(count)]
        return made, [one.wire.record for one in made]

    def write(self, row: int, entries: list[Entry], middle: Middle, *, undo: bool) -> None:
        def work(tx: Tx) -> None:
            sql_postgres.say(tx.connection, CHANGE, row)
            middle()
            tx.enter(entries, _words)
            if undo:
                raise RollBackPlease

        self._store.write(work)

    def after(self, mark: int) -> list[tuple[int, str]]:
        """(place, tag) of the next rows of the feed."""
        found = self._store.read(lambda tx: tx.log.between(mark, 500))
        return [(one.feed_seq, one.record_id) for one in found]


class Bare:
    """The register's statements over a line of the driver, in the place of SQLAlchemy's."""

    dialect = None

    set_up, rows = Whole.set_up, Whole.rows
    after_text = AFTER

    def __init__(self, url: str) -> None:
        self.driver_connection = _line(url)
        self.connection, self.info = self, dict[str, Any]()
        self.kind, self.close = "write", self.driver_connection.close

    def get_execution_options(self) -> dict[str, str]:
        """What kind of transaction begins."""
        return {"hedgerow": self.kind}

    def write(self, row: int, entries: list[Any], middle: Middle, *, undo: bool) -> None:
        this: Any = self
        sql_postgres.begin(this)
        sql_postgres.say(this, CHANGE, row)
        middle()
        last = self.last(entries)
        if undo:
            sql_postgres.settle(this, last, ("ROLLBACK", ()))
            raise RollBackPlease
        sql_postgres.commit(this, last)

    def last(self, entries: list[Any]) -> sql_postgres.Last:
        """What goes in with the commit."""
        this: Any = self
        return sql_tail.enter(this, entries, _words)

    def after(self, mark: int) -> list[tuple[int, str]]:
        """(place, tag) of the next rows of the feed."""
        this: Any = self
        self.kind = "read"
        sql_postgres.begin(this)
        found: list[Any] = sql_postgres.say(this, self.after_text, mark).fetchall()
        sql_postgres.end_reading(this)
        return found


class Way(Bare):
    """How the register gives places and when it answers, over the peers' rows."""

    after_text = AFTER_ROWS

    @staticmethod
    def set_up(url: str) -> None:
        """The peers' tables."""
        with _line(url) as line:
            line.execute(ROWS)

    @staticmethod
    def rows(_inc: int, _after: int, count: int) -> tuple[list[Any], Tags]:
        """Tags, which are all that a peer's row has of its own."""
        made = [str(uuid.uuid4()) for _ in range(count)]
        return made, made

    def last(self, tags: list[Any]) -> sql_postgres.Last:
        """The counter and the rows, in one statement."""
        values = len(tags), BODY, array_text(tags)
        return [sql_postgres.Left(sql_postgres.EARLY), sql_postgres.Left(ENTER_ROWS, values)]


Kind = type[Whole | Bare]
OURS: dict[str, Kind] = {"ours, the way alone": Way, "ours": Bare, "ours through the store": Whole}


def _line(url: str) -> psycopg.Connection[Any]:
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(plain, autocommit=True)


def _words(top: int, chain: str) -> dict[str, Any]:
    return audit.words(audit.Act(act="push", by="ann", about={"feed": top, "chain": chain}), AT)


def _writes(kind: Kind, url: str, inc: int, signals: tuple[Any, Event], told: Any) -> None:
    chance, store = random.Random(inc), kind(url)  # noqa: S311 - the same chances each run
    committed: Tags = []
    count, last = 0, 0
    ready, stop = signals

    def middle() -> None:
        for _ in range(2):
            pause(chance.random() * JITTER)  # whatever a transaction does

    ready.wait(60)
    while not stop.is_set():
        entries, tags = kind.rows(inc, last, chance.randrange(1, 11))
        last += len(entries)
        undo = chance.random() < ROLLED_BACK
        try:
            store.write(chance.randrange(1, 501), entries, middle, undo=undo)
        except RollBackPlease:
            continue
        committed += tags
        count += 1
    store.close()
    told.put((committed, count))


def _entry(inc: int, seq: int) -> Entry:
    op = Op(
        inc=inc, seq=seq, hlc=seq, actor_id="ann", verb=Verb.SET, kind="enterprise",
        record_id=new_id(), fields={"phone": "01303 1"}, base={},
    )  # fmt: skip
    return Entry(inc, op.dot, op_to_wire(op), "0" * 32, BODY, AT, "ok")


def _reads(kind: Kind, url: str, ready: Any, quiet: Event, told: Any) -> None:
    store = kind(url)
    seen: set[str] = set()
    mark, more = 0, 0
    ready.wait(60)
    while more <= 3:
        done = quiet.is_set()
        found = store.after(mark)
        if found:
            mark = found[-1][0]
            seen.update(tag for _, tag in found)
            continue
        more += done
        pause(0.001)  # between two polls, as its peers do
    store.close()
    told.put(seen)


def main(dsn: str) -> None:
    """The feed's part of the bench alone."""
    feed_beside_its_peers(Report(), dsn, turns=1)


if __name__ == "__main__":
    main(sys.argv[1])
