"""A line to PostgreSQL: what is said in one exchange is done in order, whole or not at all."""

from __future__ import annotations

import threading

import psycopg
import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from sync.register import sql_postgres
from sync.register.errors import AgainPlease
from sync.register.sql_line import Line
from sync.register.sql_many import insert_many, update_many
from sync.register.store import open_store
from sync.register.tables import meta
from tests.sync.test_many_rows import ODD

pytestmark = pytest.mark.postgres
PUT = "INSERT INTO kept (k, v) VALUES ($1, $2)"
KEYS = "SELECT k FROM kept ORDER BY k"


@pytest.fixture
def raw(postgres_url):
    plain = postgres_url.replace("postgresql+psycopg", "postgresql")
    with psycopg.connect(plain, autocommit=True) as made:
        made.execute("CREATE TABLE kept (k text PRIMARY KEY, v text)")
        yield made


@pytest.fixture
def store(postgres_url):
    made = open_store(postgres_url)
    yield made
    made.close()


def prepared(raw):
    text = "SELECT count(*) FROM pg_prepared_statements WHERE name LIKE 'hedgerow%'"
    return raw.execute(text).fetchone()[0]


def test_values_come_back_as_they_went(raw):
    line = Line(raw)
    for one in (*ODD, None, "é" * 100_000):
        said = ("SELECT $1::text, $2::bigint, $3::bytea, true", (one, -(1 << 40), b"\0\xff"))
        assert line.exchange(said)[0].fetchall() == [(one, -(1 << 40), b"\0\xff", True)]
    (none,) = line.exchange(("SELECT $1::bytea", (b"",)))
    assert none.fetchone() == (b"",)


@pytest.mark.parametrize("value", ["a\0b", 1.5, ["a"], True])
def test_what_it_cannot_say_is_refused_before_anything_is_said(raw, value):
    line = Line(raw)
    with pytest.raises((psycopg.DataError, TypeError)):
        line.exchange((PUT, ("a", "1")), (PUT, ("b", value)))
    assert line.exchange((KEYS, ()))[0].fetchall() == []


def test_every_answer_is_handed_on_in_order_and_none_but_those(raw):
    line, seen = Line(raw), []
    line.ahead = [("SELECT 0", ())]
    said = [("SELECT $1::bigint", (nth,)) for nth in range(1, 4)]
    done = line.exchange(*said, each=lambda answer: seen.append(answer.fetchall()))
    assert seen == [[(1,)], [(2,)], [(3,)]] == [one.fetchall() for one in done]
    broken = ("SELECT 1 / $1::bigint", (0,))
    with pytest.raises(psycopg.errors.DivisionByZero):
        line.exchange(*said, broken, *said, each=lambda answer: seen.append(answer.fetchone()))
    assert seen[3:] == [(1,), (2,), (3,)]


def test_what_breaks_on_an_answer_leaves_no_line_half_way_through(raw):
    def breaks(_answer):
        raise ValueError("spoiled")

    line = Line(raw)
    with pytest.raises(ValueError, match="spoiled"):
        line.exchange(("SELECT 1", ()), ("SELECT 2", ()), each=breaks)
    assert raw.closed


def test_more_than_the_pipes_hold_goes_both_ways_at_once(raw):
    line, long = Line(raw), "x" * 3_000_000
    said = [("SELECT $1::text", (long,))] * 6
    ending = threading.Timer(60, raw.pgconn.finish)  # a line that waits for itself would hang
    ending.start()
    try:
        assert [one.fetchall() for one in line.exchange(*said)] == [[(long,)]] * 6
    finally:
        ending.cancel()


def test_after_a_fault_nothing_more_is_done_and_the_line_goes_on(raw):
    line = Line(raw)
    with pytest.raises(psycopg.errors.UniqueViolation):
        line.exchange((PUT, ("a", "1")), (PUT, ("a", "2")), (PUT, ("b", "3")))
    assert line.exchange((KEYS, ()))[0].fetchall() == []
    with pytest.raises(psycopg.errors.SyntaxError):
        line.exchange((PUT, ("a", "1")), ("SELEC", ()))
    done = line.exchange((PUT, ("a", "1")), (KEYS, ()))
    assert (done[0].rowcount, done[0].statusmessage) == (1, "INSERT 0 1")
    assert (done[0].fetchall(), done[0].fetchone(), done[1].fetchall()) == ([], None, [("a",)])


def test_what_is_said_on_is_done_in_order_and_under_way_while_the_next_is_made(raw, postgres_url):
    line, plain = Line(raw), postgres_url.replace("postgresql+psycopg", "postgresql")
    held = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 77 AND granted"

    def parts():
        yield (77,)
        with psycopg.connect(plain, autocommit=True) as other:
            while not other.execute(held).fetchone()[0]:
                pass
        yield (78,)

    line.say_on("SELECT pg_advisory_xact_lock($1::int)", parts())
    line.say_on(PUT, [("a", "1"), ("b", "2")])
    assert line.exchange((KEYS, ()))[0].fetchall() == [("a",), ("b",)]
    line.say_on(PUT, [("c", "3")])
    line.catch_up()
    assert raw.execute("SELECT count(*) FROM kept").fetchone() == (3,)
    assert prepared(raw) == 3


def test_what_was_said_on_in_vain_is_told_with_what_is_said_next(raw):
    line = Line(raw)
    for tell in (lambda: line.exchange((PUT, ("c", ""))), line.catch_up):
        line.say_on(PUT, [("a", "1"), ("a", "2"), ("b", "3")])
        with pytest.raises(psycopg.errors.UniqueViolation):
            tell()
        assert line.exchange((KEYS, ()))[0].fetchall() == []


def test_what_was_said_on_in_vain_is_passed_over_where_all_is_undone(raw):
    line = Line(raw)
    line.exchange(("BEGIN", ()))
    line.say_on(PUT, [("a", "1"), ("a", "2")])
    line.hear_out()
    line.exchange(("ROLLBACK", ()))
    line.hear_out()
    assert line.exchange((KEYS, ()))[0].fetchall() == []
    line.say_on(PUT, [("a", "1")])
    raw.pgconn.finish()
    with pytest.raises(psycopg.OperationalError):
        line.hear_out()


@pytest.mark.parametrize("value", ["a\0b", 1.5])
def test_what_cannot_be_said_on_leaves_the_line_as_it_was(raw, value):
    line = Line(raw)
    line.exchange(("BEGIN", ()))
    with pytest.raises((psycopg.DataError, TypeError)):
        line.say_on(PUT, [("a", "1"), ("b", value)])
    line.hear_out()
    line.exchange(("ROLLBACK", ()))
    assert line.exchange((KEYS, ()))[0].fetchall() == []


def test_a_write_of_which_something_said_on_fails_is_undone_and_the_next_goes_on(store):
    def spoiled(tx):
        update_many(tx.connection, meta, (meta.c.k, meta.c.v), [("a", "b\0c")])

    def undone(tx):
        spoiled(tx)
        raise AssertionError("undone")

    store.write(lambda tx: tx.people.set_setting("a", "1"))
    for work, fault in ((spoiled, DBAPIError), (undone, AssertionError)):
        with pytest.raises(fault):
            store.write(work)
        store.write(lambda tx: tx.people.set_setting("b", "2"))
    assert store.read(lambda tx: (tx.people.setting("a"), tx.people.setting("b"))) == ("1", "2")


def test_a_line_that_is_lost_with_something_said_on_is_lost_once(store, raw):
    """By a fault of ours in the middle, or by the server: the next write has another line."""
    columns = (meta.c.k, meta.c.v)

    def broken(tx):
        rows = [("a", "b"), None]
        update_many(tx.connection, meta, columns, (tuple(each) for each in rows))

    def cut_off(tx):
        pid = sql_postgres.line_of(tx.connection).driver.pgconn.backend_pid
        update_many(tx.connection, meta, columns, [("a", "b")])
        raw.execute("SELECT pg_terminate_backend(%s, 10000)", (pid,))
        tx.people.setting("a")

    def gone(tx):
        def parts():
            yield ("a", "b")
            sql_postgres.line_of(tx.connection).driver.pgconn.finish()
            yield ("c", "d")

        sql_postgres.say_on(tx.connection, "INSERT INTO meta VALUES ($1, $2)", parts())

    store.write(lambda tx: tx.people.set_setting("a", "1"))
    for work, fault in ((broken, TypeError), (cut_off, DBAPIError), (gone, DBAPIError)):
        with pytest.raises(fault):
            store.write(work)
        assert store.write(lambda tx: tx.people.setting("a")) == "1"


def test_a_text_is_prepared_once_and_again_when_the_server_has_lost_it(raw):
    line = Line(raw)
    for n in range(3):
        line.exchange((PUT, (str(n), "")), (PUT, (f"{n}b", "")))
    assert prepared(raw) == 1
    raw.execute("DEALLOCATE ALL")
    with pytest.raises(AgainPlease):
        line.exchange((PUT, ("x", "")))
    line.exchange((PUT, ("x", "")))
    assert prepared(raw) == 1


def test_a_table_that_changed_under_a_prepared_question_is_asked_anew(raw):
    line, every = Line(raw), ("SELECT * FROM kept", ())
    line.exchange(every)
    raw.execute("ALTER TABLE kept ADD COLUMN more text")
    with pytest.raises(AgainPlease):
        line.exchange(every)
    line.exchange((PUT, ("a", "b")))
    assert line.exchange(every)[0].fetchall() == [("a", "b", None)]


def test_what_was_committed_is_never_asked_for_again(raw):
    line, end = Line(raw), ("SELECT 1", ())
    line.exchange(("BEGIN", ()), (PUT, ("a", "")), ("COMMIT", ()), end)
    name = line._names["SELECT 1"].decode()
    raw.execute(f"DEALLOCATE {name}")
    with pytest.raises(psycopg.errors.InvalidSqlStatementName):
        line.exchange(("BEGIN", ()), (PUT, ("b", "")), ("COMMIT", ()), end)
    assert line.exchange((KEYS, ()))[0].fetchall() == [("a",), ("b",)]


def test_a_line_that_was_cut_off_in_an_exchange_is_not_used_again(raw, monkeypatch):
    line = Line(raw)

    def cut(_what):
        raise KeyboardInterrupt

    monkeypatch.setattr(line, "_wait", cut)
    with pytest.raises(KeyboardInterrupt):
        line.exchange(("SELECT count(*) FROM generate_series(1, 1000000)", ()))
    assert raw.closed


def test_the_store_reads_again_when_a_question_has_to_be_prepared_anew(store):
    store.write(lambda tx: tx.people.set_setting("a", "1"))

    def lost(tx):
        before = tx.people.setting("a")
        if not turns:
            turns.append(1)
            tx.connection.exec_driver_sql("DEALLOCATE ALL")
        return before, tx.people.setting("a")

    turns = []
    assert store.read(lost) == ("1", "1")


def test_every_way_to_say_something_is_inside_the_transaction(store):
    """BEGIN goes with the first thing said, whoever says it."""
    ways = (
        lambda tx: tx.connection.exec_driver_sql("INSERT INTO meta VALUES ('way', '')"),
        lambda tx: insert_many(tx.connection, meta, [("way", "")]),
        lambda tx: sql_postgres.say(tx.connection, "INSERT INTO meta VALUES ('way', '')"),
        lambda tx: sql_postgres.say_on(
            tx.connection, "INSERT INTO meta VALUES ($1, '')", [("way",)]
        ),
    )
    for way in ways:

        def undone(tx, way=way):
            way(tx)
            assert sql_postgres.line_of(tx.connection).ahead == []
            raise AssertionError("undone")

        with pytest.raises(AssertionError, match="undone"):
            store.write(undone)
        found = store.read(
            lambda tx: tx.connection.execute(select(meta.c.k).where(meta.c.k == "way")).all()
        )
        assert found == []


def test_words_are_utf_8_whatever_the_machine_would_have_said(postgres_url, monkeypatch):
    monkeypatch.setenv("PGCLIENTENCODING", "LATIN1")
    store = open_store(postgres_url)
    try:
        store.write(lambda tx: tx.people.set_setting("pack", "Œuvre – 50 €"))
        bytes_of = "SELECT encode(convert_to(v, 'UTF8'), 'hex') FROM meta WHERE k = 'pack'"
        found = store.read(lambda tx: tx.connection.exec_driver_sql(bytes_of).scalar())
    finally:
        store.close()
    assert bytes.fromhex(found).decode() == "Œuvre – 50 €"


def test_an_undone_transaction_keeps_what_is_prepared(store):
    def names(tx):
        return dict(sql_postgres.line_of(tx.connection)._names)

    def undone(tx):
        tx.connection.exec_driver_sql("SELECT 1 / 0")

    with store._connected("write") as connection:
        store._run(connection, "write", lambda tx: tx.people.setting("a"))
        for _ in range(8):  # psycopg prepares after five times, and forgets all at its own undoing
            store._run(connection, "write", lambda tx: tx.connection.execute(select(meta.c.k)))
        with pytest.raises(DBAPIError):
            store._run(connection, "write", undone)
        before = store._run(connection, "write", names)
        assert store._run(connection, "write", lambda tx: tx.people.setting("a")) == ""
        assert store._run(connection, "write", names).items() >= before.items()


@pytest.mark.parametrize("since", [sql_postgres._SINCE, 1 << 40])
def test_either_way_of_waiting_takes_the_whole_log_to_the_disk(store, monkeypatch, since):
    """By a message that waits itself, and by the commit of one, as before PostgreSQL 17."""
    monkeypatch.setattr(sql_postgres, "_SINCE", since)
    ends = "SELECT pg_current_wal_flush_lsn() >= $1::pg_lsn"

    def early(connection):
        with connection.begin():
            connection.exec_driver_sql("SET LOCAL synchronous_commit = off")
            connection.exec_driver_sql("INSERT INTO meta VALUES ('e', '') ON CONFLICT DO NOTHING")
        text = "SELECT pg_current_wal_insert_lsn()::text"
        return sql_postgres.say(connection, text).fetchone()[0]

    with store._connected("write") as connection:
        for wait in (sql_postgres._FLUSH, sql_postgres._FLUSH_REST):
            place = early(connection)
            sql_postgres.exchange(connection, sql_postgres._waiting(connection, wait))
            assert sql_postgres.say(connection, ends, place).fetchone() == (True,)
        place = early(connection)
        said = sql_postgres._waiting(connection, sql_postgres._FLUSH_TO, place)
        sql_postgres.exchange(connection, said)
        assert sql_postgres.say(connection, ends, place).fetchone() == (True,)
