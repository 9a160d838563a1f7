"""The register's database: made by numbered steps, the same on both, and kept from newer hands."""

from __future__ import annotations

import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event, inspect
from sqlalchemy.exc import OperationalError

from forms.facts.decisions import DecisionRequest
from forms.rules.decisions import decide
from forms.values import new_id
from sync.client.decide import ask_now
from sync.client.transport import in_process
from sync.register import migrations, sql_records, sql_store, stored
from sync.register.errors import RegisterTooNew, RegisterTooOld, StoreUnknown, StoreUnreachable
from sync.register.rows import Row
from sync.register.sql_store import SqlStore
from sync.register.store import open_store
from sync.register.tables import metadata
from tests.sync.claims import recommended
from tests.sync.world import World


def test_the_steps_make_what_the_tables_say(database):
    store = open_store(database)
    found = store.read(
        lambda tx: {
            name: {column["name"] for column in inspect(tx.connection).get_columns(name)}
            for name in inspect(tx.connection).get_table_names()
        }
    )
    store.close()
    found.pop("migration")
    assert found == {t.name: set(t.columns.keys()) for t in metadata.sorted_tables}


def test_steps_run_once(database):
    for _ in range(2):
        store = open_store(database)
        newest = store.write(lambda tx: migrations.version(tx.connection))
        store.close()
        assert newest == migrations.steps()[-1][0]


def test_a_newer_database_is_left_alone(database):
    store = open_store(database)
    store.write(
        lambda tx: tx.connection.exec_driver_sql("INSERT INTO migration VALUES (9999, 'later')")
    )
    store.close()
    with pytest.raises(RegisterTooNew, match="Nothing was changed"):
        open_store(database)


def test_an_older_database_is_left_alone_but_by_a_start(database, monkeypatch):
    steps = migrations.steps()
    with monkeypatch.context() as patch:  # an older program
        patch.setattr(migrations, "steps", lambda: steps[:-1])
        patch.setattr(sql_store, "make_all_ready", lambda _: None)
        open_store(database).close()
        with pytest.MonkeyPatch.context() as today:
            today.setattr(migrations, "steps", lambda: steps)
            with pytest.raises(RegisterTooOld, match="Nothing was changed"):
                open_store(database, new=False, up=False)
        older = open_store(database)  # it would not know a database of today
        assert older.write(lambda tx: migrations.version(tx.connection)) == steps[-2][0]
        older.close()
    for up in (True, False):
        store = open_store(database, up=up)
        assert store.write(lambda tx: migrations.version(tx.connection)) == steps[-1][0]
        store.close()


@pytest.mark.parametrize("url", ["sqlite:////nowhere/at/all/r.db", "postgresql://127.0.0.1:1/none"])
def test_a_database_that_does_not_answer_is_said_in_words(url):
    with pytest.raises(StoreUnreachable, match="could not be opened"):
        open_store(url)
    with pytest.raises(StoreUnknown, match="not the address of a database"):
        open_store("not a url")


class Together:
    """The programme's rules, but two askers meet after judging and before writing, if they can."""

    def __init__(self):
        self.barrier = threading.Barrier(2)

    def __call__(self, *asked):
        answer = decide(*asked)
        try:
            self.barrier.wait(1)
        except threading.BrokenBarrierError:
            self.barrier.reset()
        return answer


def press_at_once(world, claims):
    approvers = [world.laptop("lee"), world.laptop("kay")]
    lines = [in_process(world.app) for _ in approvers]

    def press(place):
        who = approvers[place]
        request = DecisionRequest(
            id=new_id(), name="claim.approve", subject_id=claims[place].id,
            asked_by_id=who.identity().actor_id, asked_at=world.clock.now(),
        )  # fmt: skip
        return ask_now(who, lines[place], request, world.clock).state

    try:
        with ThreadPoolExecutor(2) as pool:
            return sorted(pool.map(press, range(2)))
    finally:
        for line in lines:
            line.close()


@pytest.fixture
def meeting(database):
    from tests.sync.world import kent

    with World(database) as made:
        from sync.register import admin
        from sync.register.app import create_app

        key = admin.signing_key(made.store)
        made.app = create_app(made.store, made.clock, {"kent": kent()}, key, Together())
        yield made


def test_two_askers_never_judge_side_by_side(meeting):
    ann = meeting.laptop("ann")
    claims = [recommended(meeting, ann, 2_000_000)[0] for _ in range(2)]
    assert press_at_once(meeting, claims) == ["granted", "refused"]


@pytest.mark.postgres
def test_without_the_queue_and_the_serialisable_transaction_they_would(postgres_url, monkeypatch):
    """The proof that the test above can fail: an ordinary transaction overspends."""
    monkeypatch.setattr(SqlStore, "decide", SqlStore.write)
    from sync.register import admin
    from sync.register import decide as deciding
    from sync.register.app import create_app
    from tests.sync.world import kent

    monkeypatch.setattr(deciding, "_lock", lambda *_: None)
    with World(postgres_url) as world:
        key = admin.signing_key(world.store)
        world.app = create_app(world.store, world.clock, {"kent": kent()}, key, Together())
        ann = world.laptop("ann")
        claims = [recommended(world, ann, 2_000_000)[0] for _ in range(2)]
        assert press_at_once(world, claims) == ["granted", "granted"]


def test_the_register_starts_without_a_laptops_packages():
    """What serves a council must not need a vault, a screen or a report."""
    import subprocess

    code = (
        "import sys, sync.register.serve; "
        "print([m for m in sys.modules if m.split('.')[0] in "
        "('storage', 'evidence', 'desktop', 'PySide6', 'reportlab', 'sqlcipher3')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.stdout.strip() == "[]", done.stderr


names = st.sampled_from(["name", "phone", "place", "_deleted", "later"])
dots = st.sampled_from([("1.1",), ("1.2",), ("1.1", "2.7"), ()])


@given(
    fields=st.dictionaries(names, st.integers()),
    versions=st.dictionaries(names, dots),
    born=st.sampled_from([(), ("1.1",), ("1.1", "2.1")]),
)
def test_versions_come_back_as_they_were_put_away(fields, versions, born):
    row = Row(id="x", kind="enterprise", fields=fields, versions=versions, born=born)
    assert stored._unfold(dict(sql_records._fold(row)), fields) == versions


@pytest.mark.postgres
def test_records_have_room_for_their_next_version(postgres_url):
    """Step 7: a changed record stays in its page, and no index is touched."""
    with World(postgres_url) as world:
        said = "SELECT reloptions FROM pg_class WHERE oid = 'record'::regclass"
        assert world.store.read(lambda tx: tx.connection.exec_driver_sql(said).scalar()) == [
            "fillfactor=60"
        ]


def with_setting(path, value):
    """A register's file in which a setting says this; closed."""
    store = open_store(f"sqlite:///{path}")
    store.write(lambda tx: tx.people.set_setting("pack", value))
    store.close()
    return path


def told_after_putting_back(folder):
    """What a register says whose file was put back under it, between two requests."""
    store = open_store(f"sqlite:///{with_setting(folder / 'r.db', 'newer')}")
    assert store.read(lambda tx: tx.people.setting("pack")) == "newer"
    with_setting(folder / "old.db", "older").replace(folder / "r.db")
    said = store.read(lambda tx: tx.people.setting("pack"))
    store.close()
    return said


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not replace an open file")
def test_a_kept_handle_is_left_when_the_file_was_put_back(folder):
    assert told_after_putting_back(folder) == "older"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not replace an open file")
def test_without_a_look_at_the_file_the_old_one_would_be_read_on(folder, monkeypatch):
    monkeypatch.setattr(sql_store, "_is_of_the_file", lambda _: True)
    assert told_after_putting_back(folder) == "newer"


def test_work_that_fails_is_undone_and_leaves_no_handle_in_its_transaction(folder):
    store = open_store(f"sqlite:///{with_setting(folder / 'r.db', 'kept')}")

    def breaks(tx):
        tx.people.set_setting("pack", "half")
        raise ZeroDivisionError

    for _ in range(2 * sql_store._KEPT):
        with pytest.raises(ZeroDivisionError):
            store.write(breaks)
        assert store.read(lambda tx: tx.people.setting("pack")) == "kept"
    assert 0 < len(store._idle) <= sql_store._KEPT
    store.close()
    assert store._idle == []


def test_nobody_hears_of_what_the_disk_did_not_take(quick):
    """What is told of a transaction may be made while the disk takes it, and is told after that."""
    store, told = quick.store, []

    def put(tx):
        tx.people.set_setting("a", "1")
        return "told"

    def fails(_connection):
        raise OperationalError("COMMIT", {}, Exception("disk I/O error"))

    event.listen(store._engine, "commit", fails)
    with pytest.raises(OperationalError):
        told.append(store.write_and(put, str.upper))
    event.remove(store._engine, "commit", fails)
    assert told == []
    assert store.read(lambda tx: tx.people.setting("a")) == ""
    assert store.write_and(put, str.upper) == "TOLD"
    assert store.read(lambda tx: tx.people.setting("a")) == "1"
    with pytest.raises(ZeroDivisionError):
        store.write_and(put, lambda _: 1 / 0)
