"""What is said in the driver's own words means what it means elsewhere, on each database."""

from __future__ import annotations

import pytest
from sqlalchemy import bindparam, insert, inspect, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from sync.register import sql_records
from sync.register.sql_many import insert_many
from sync.register.sql_postgres import driver
from sync.register.sql_said import Said, is_among, is_one_of_many, listed
from sync.register.store import open_store
from sync.register.tables import audit, meta, op, record
from tests.sync.test_many_rows import ODD
from tests.sync.world import World, enterprise

_VALUE = Said(select(meta.c.v).where(meta.c.k == bindparam("key")))
_NOT_PLAIN = Said(select(meta.c.k).where(meta.c.v != "plain").order_by(meta.c.k))
_SOME = Said(lambda dialect: select(meta.c.k).where(is_among(dialect, meta.c.k)))
_MANY = Said(lambda dialect: select(meta.c.k).where(is_one_of_many(dialect, meta.c.k)))
_PLACES = Said(lambda dialect: select(audit.c.n).where(is_among(dialect, audit.c.n)))
_CHANGE = Said(
    update(meta).where(meta.c.k == bindparam("key")).values(v=bindparam("more")).returning(meta.c.v)
)
_ADD = Said(insert(meta).values(k=bindparam("key"), v=bindparam("more")))


@pytest.fixture
def store(database):
    made = open_store(database)
    yield made
    made.close()


def test_values_are_values_whatever_they_say(store):
    def work(tx):
        line = tx.connection
        for one in ODD:
            assert _ADD.changed(line, key=one, more=f"{one} {one}") == 1
        assert {one: _VALUE.one(line, key=one) for one in ODD} == {
            one: (f"{one} {one}",) for one in ODD
        }
        assert _VALUE.one(line, key="absent") is None
        for some in (ODD, ODD[:3], ["absent"], []):
            for asked in (_SOME, _MANY):
                found = asked.rows(line, some=listed(line, some))
                assert sorted(one for (one,) in found) == sorted(set(some) - {"absent"})
        assert _CHANGE.rows(line, key="?", more="%s") == [("%s",)]
        assert _CHANGE.rows(line, key="absent", more="") == []
        return tx.people.setting("?")

    assert store.write(work) == "%s"


def test_values_of_the_statement_itself_and_whole_numbers(store):
    def work(tx):
        line = tx.connection
        insert_many(line, audit, [(n, "", b"") for n in (1, 2, 1 << 40)])
        insert_many(line, meta, [("a", "plain"), ("b", "other")])
        kept = [(k,) for k, v in line.execute(select(meta.c.k, meta.c.v)) if v != "plain"]
        assert sorted(_NOT_PLAIN.rows(line)) == sorted(kept)
        return sorted(_PLACES.rows(line, some=listed(line, [1, 1 << 40, 7])))

    assert store.write(work) == [(1,), (1 << 40,)]


def test_faults_are_said_as_everywhere_else_and_hold_no_values(store):
    def twice(tx):
        for _ in range(2):
            _ADD.changed(tx.connection, key="secret-key", more="secret words")

    with pytest.raises(IntegrityError) as fault:
        store.write(twice)
    assert "secret words" not in str(fault.value)
    assert store.read(lambda tx: tx.people.setting("secret-key")) == ""

    def gone(tx):
        tx.connection.exec_driver_sql("DROP TABLE meta")
        _VALUE.one(tx.connection, key="epoch")

    with pytest.raises(DBAPIError):
        store.write(gone)
    assert store.read(lambda tx: _VALUE.rows(tx.connection, key="secret-key")) == []


def test_a_question_that_takes_too_long_is_given_up(folder):
    url = f"sqlite:///{folder / 'register.db'}"
    made = open_store(url)
    numbers = [(n, "", b"") for n in range(3_000)]
    made.write(lambda tx: insert_many(tx.connection, audit, numbers))
    made.close()
    made = open_store(url, query_seconds=0.000001)
    try:
        with pytest.raises(OperationalError):
            made.read(lambda tx: _far(tx.connection))
    finally:
        made.close()


def test_work_that_may_take_its_time_is_not_given_up(folder):
    url = f"sqlite:///{folder / 'register.db'}"
    made = open_store(url)
    numbers = [(n, "", b"") for n in range(3_000)]
    made.write(lambda tx: insert_many(tx.connection, audit, numbers))
    made.close()
    made = open_store(url, query_seconds=0.000001)
    try:
        assert made.write(lambda tx: tx.take_time() or _far(tx.connection)) == []
        with pytest.raises(OperationalError):
            made.write(lambda tx: _far(tx.connection))
    finally:
        made.close()


@pytest.mark.postgres
def test_nor_is_it_on_postgresql_and_only_that_work(postgres_url):
    made = open_store(postgres_url, query_seconds=10)

    def limit(tx, *, hurry):
        if not hurry:
            tx.take_time()
        return tx.connection.exec_driver_sql("SHOW statement_timeout").scalar()

    try:
        told = [made.write(lambda tx, h=h: limit(tx, hurry=h)) for h in (True, False, True)]
    finally:
        made.close()
    assert told == ["10s", "0", "10s"]


def _far(line):
    one, other = audit.alias(), audit.alias()
    return Said(select(one.c.n).where(one.c.entry != other.c.entry)).rows(line)


def test_no_request_waits_for_a_statement_to_be_put_together(database, monkeypatch):
    with World(database) as world:

        def late(_said, _connection):
            raise AssertionError("put together in a request")

        monkeypatch.setattr(Said, "_compiled", late)
        ann, ben = world.laptop("ann"), world.laptop("ben")
        case = ann.add(enterprise())
        world.settle_down()
        ann.set(case.id, phone="01303 000002")
        world.settle_down()
        assert world.round(ben).quiet
        fresh = Said(select(meta.c.v))
        with pytest.raises(AssertionError, match="in a request"):
            world.store.read(lambda tx: fresh.rows(tx.connection))


def test_the_log_is_in_the_order_of_the_feed_and_in_no_other(database):
    """Step 9: a push of edits touches no page for each of its records, claims apart (step 11)."""
    store = open_store(database)
    try:
        names = store.read(_indexes)
    finally:
        store.close()
    assert names == {"op_held", "op_quarantine", "op_of_a_claim"}


def _indexes(tx):
    return {one["name"] for one in inspect(tx.connection).get_indexes(op.name)} - {"op_inc_seq_key"}


def test_a_new_database_has_pages_for_small_pushes(folder):
    store = open_store(f"sqlite:///{folder / 'register.db'}")
    try:
        said = "PRAGMA page_size"
        assert store.read(lambda tx: tx.connection.exec_driver_sql(said).scalar()) == 4096
    finally:
        store.close()


def for_ever(asked, tx):
    """How PostgreSQL goes about a prepared statement, planned once for whatever comes."""
    asked.make_ready(tx.connection)
    text, _, _ = asked._texts["postgresql"]
    with driver(tx.connection) as line:
        return "\n".join(row[0] for row in line.execute(f"EXPLAIN (GENERIC_PLAN) {text}"))


@pytest.mark.postgres
def test_a_batch_is_not_looked_for_in_a_list_for_each_record_of_a_new_register(postgres_url):
    """What is planned while a register is new is kept until the server has counted its rows."""
    asked = sql_records._SOME, sql_records._SOME_LOCKED, sql_records._HANGING
    with World(postgres_url) as world:
        ways = world.store.write(lambda tx: [for_ever(one, tx) for one in asked])
        before = Said(lambda dialect: select(record).where(is_among(dialect, record.c.id)))
        red = world.store.write(lambda tx: for_ever(before, tx))
    assert not any("= ANY" in way for way in ways), ways
    assert all("Semi Join" in way or "Index Cond: (id = " in way for way in ways), ways
    assert "Filter: (id = ANY" in red
