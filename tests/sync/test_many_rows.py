"""Many rows at once end as one row at a time would, on each database."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import URL, select
from sqlalchemy.exc import DataError, IntegrityError, OperationalError

from forms.change import DELETED, Head, Op, Verb
from sync.merge import clashes
from sync.register import admin, applying, sql_records
from sync.register.rows import OpenClash, Row
from sync.register.sql_many import among, insert_many, update_many
from sync.register.store import open_store
from sync.register.tables import meta, record
from sync.register.verify import verify
from tests.sync.world import START, World, enterprise

ODD = ["", "plain", 'a"b', "a\\b", "{x}", "a,b", "NULL", "null", "ü ☂", "a'b", "%s", "?", ":v"]


@pytest.fixture
def store(database):
    made = open_store(database)
    yield made
    made.close()


def test_a_list_means_its_values_and_nothing_else(store):
    def work(tx):
        insert_many(tx.connection, meta, [(one, f"value {one}") for one in ODD])
        found = {}
        for some in (ODD, ODD[:3], ["absent"], []):
            query = select(meta.c.k).where(among(tx.connection, meta.c.k, some))
            found[tuple(some)] = set(tx.connection.execute(query).scalars())
        return found

    found = store.write(work)
    assert found == {
        tuple(ODD): set(ODD), tuple(ODD[:3]): set(ODD[:3]), ("absent",): set(), (): set()
    }  # fmt: skip


@pytest.mark.parametrize("count", [0, 1, 55, 56, 57, 449, 450, 451, 1_011])
def test_every_row_comes_once_however_many_go_in_a_statement(store, count):
    rows = [(f"{n:04}", f"value {n}") for n in range(count)]

    def work(tx):
        insert_many(tx.connection, meta, iter(rows))
        query = select(meta).where(meta.c.v.startswith("value ")).order_by(meta.c.k)
        return [tuple(found) for found in tx.connection.execute(query)]

    assert store.write(work) == rows


def test_only_the_named_columns_of_the_named_rows_change(store):
    def work(tx):
        insert_many(tx.connection, meta, [(one, "old") for one in ODD])
        update_many(
            tx.connection, meta, (meta.c.k, meta.c.v), [(one, f"{one}!") for one in ODD[2:]]
        )
        update_many(tx.connection, meta, (meta.c.k, meta.c.v), [])
        return {k: tx.people.setting(k) for k in ODD}

    assert store.write(work) == {one: "old" if one in ODD[:2] else f"{one}!" for one in ODD}


def test_the_same_row_twice_is_said_as_everywhere_else(store):
    with pytest.raises(IntegrityError):
        store.write(lambda tx: insert_many(tx.connection, meta, [("k", "1"), ("k", "2")]))
    assert store.read(lambda tx: tx.people.setting("k")) == ""


@pytest.mark.postgres
def test_what_no_text_can_hold_is_said_as_everywhere_else(postgres_url):
    made = open_store(postgres_url)
    try:
        for put in (
            lambda tx: insert_many(tx.connection, meta, [("k", "a\0b")]),
            lambda tx: update_many(tx.connection, meta, (meta.c.k, meta.c.v), [("k", "a\0b")]),
        ):
            with pytest.raises(DataError):
                made.write(put)
    finally:
        made.close()


def row(record_id, **more):
    return Row(id=record_id, kind="enterprise", owner_id="ann", touched=True, **more)


def test_a_record_that_moves_and_one_that_stays_are_both_written(store):
    store.write(lambda tx: tx.records.save([row("a"), row("b")]))

    def edit(tx):
        rows = tx.records.load(["a", "b"], lock=True)
        rows["a"].fields, rows["a"].versions = {"phone": "1"}, {"phone": ("1.1",)}
        rows["b"].owner_id, rows["b"].deleted = "ben", True
        for one in rows.values():
            one.touched = True
        tx.records.save(list(rows.values()))

    store.write(edit)
    found = store.read(lambda tx: tx.records.load(["a", "b"]))
    assert (found["a"].owner_id, found["a"].fields) == ("ann", {"phone": "1"})
    assert (found["b"].owner_id, found["b"].deleted) == ("ben", True)
    owners = select(record.c.id).where(record.c.owner_id == "ben")
    assert store.read(lambda tx: tx.connection.execute(owners).scalars().all()) == ["b"]


def test_more_records_than_are_asked_for_at_once_all_come(store):
    ids = [f"{n:04}" for n in range(2 * sql_records.PART + 1)]
    store.write(lambda tx: tx.records.save([row(one, fields={"name": one}) for one in ids]))
    found = store.write(lambda tx: tx.records.load(ids, lock=True))
    assert {one.id: one.fields["name"] for one in found.values()} == {one: one for one in ids}


def test_what_is_said_to_be_a_case_and_is_none_brings_what_it_hangs_on(store):
    of_case = row("note", enterprise_id="case")
    of_case.kind = "session"
    line = row("line", enterprise_id="case", fields={"claim_id": "claim"})
    line.kind = "claim_line"
    store.write(lambda tx: tx.records.save([row("case"), row("claim"), of_case, line]))
    for asked, brought in (("note", {"case"}), ("line", {"case", "claim"}), ("case", set())):
        for cases in ((), (asked,)):
            found = store.write(
                lambda tx, a=asked, c=cases: tx.records.with_what_they_hang_on([a], c)
            )
            assert found.keys() == {asked} | brought, (asked, cases)


def test_a_database_put_back_under_an_open_register_is_the_one_that_is_used(folder):
    path, copy = folder / "register.db", folder / "copy.db"
    made = open_store(f"sqlite:///{path}")
    made.write(lambda tx: tx.people.set_setting("which", "old"))
    made.close()
    shutil.copy(path, copy)
    made = open_store(f"sqlite:///{path}")
    made.write(lambda tx: tx.people.set_setting("which", "new"))
    for leftover in folder.glob("register.db-*"):
        leftover.unlink()
    copy.replace(path)
    assert made.read(lambda tx: tx.people.setting("which")) == "old"
    made.write(lambda tx: tx.people.set_setting("after", "yes"))
    made.close()
    made = open_store(f"sqlite:///{path}")
    assert made.read(lambda tx: tx.people.setting("after")) == "yes"
    made.close()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows lets nobody move an open file")
@pytest.mark.parametrize("name", ["register.db", "the county's #1 50% register?.db"])
def test_a_database_that_was_moved_away_is_missed_and_none_is_made_in_its_place(folder, name):
    path, aside = folder / name, folder / "aside.db"
    made = open_store(URL.create("sqlite", database=str(path)).render_as_string())
    made.write(lambda tx: tx.people.set_setting("which", "mine"))
    for end in ("", "-wal", "-shm"):
        Path(f"{path}{end}").rename(f"{aside}{end}")
    for ask in (made.read, made.write):
        with pytest.raises(OperationalError):
            ask(lambda tx: tx.people.setting("which"))
    assert not path.exists()
    for end in ("", "-wal", "-shm"):
        Path(f"{aside}{end}").rename(f"{path}{end}")
    assert made.read(lambda tx: tx.people.setting("which")) == "mine"
    made.close()


dots = st.sampled_from(["1.1", "1.2", "2.1", "2.2", "3.1"])
heads = st.dictionaries(dots, st.integers(0, 2), max_size=3)


@given(heads, st.sets(dots), dots, st.integers(0, 2), st.booleans(), st.booleans())
def test_an_edit_that_replaces_all_ends_as_if_it_had_met_it(standing, base, dot, value, late, gone):
    def after(*, quick):
        found = tuple(Head(dot=d, value=v, actor_id="ann", at=START) for d, v in standing.items())
        row = Row(
            id="x", kind="enterprise", versions={"phone": tuple(standing)} if standing else {}
        )
        if found:
            row.fields["phone"] = found[0].value
        if clashes(found):
            row.heads["phone"] = OpenClash(before=None, heads=found)
        if gone:
            row.versions[DELETED], row.deleted = ("9.9",), True
        inc, seq = dot.split(".")
        op = Op(
            inc=int(inc), seq=int(seq), hlc=0, actor_id="ann", verb=Verb.SET, kind="enterprise",
            record_id="x", fields={"phone": value}, base={"phone": tuple(base)},
        )  # fmt: skip
        with pytest.MonkeyPatch.context() as patch:
            if not quick:
                patch.setattr(applying, "_replaces_all", lambda *_: False)
            done = applying.apply_op(
                row, op, op.fields, START, lambda _: ("ann", START), lambda _: late
            )
        return row, done

    assert after(quick=True) == after(quick=False)


@pytest.mark.postgres
def test_odd_words_stand_in_the_log_as_they_were_said(postgres_url):
    """Few ops go in as arrays, many as they are stored: both say the same."""
    with World(postgres_url) as world:
        ann = world.laptop("ann")
        case = ann.add(enterprise("ann", name="Weald"))
        for odd in ODD:
            ann.set(case.id, phone=odd)
        world.round(ann)
        for turn in range(15):
            for odd in ODD:
                ann.set(case.id, phone=f"{odd}{turn}")
        world.round(ann)
        told = [op.fields["phone"] for op in ann.journal[1:]]
        key = admin.register_key(world.store)
        assert world.store.read(lambda tx: verify(tx, key)).faults == []
        full = world.store.read(lambda tx: tx.log.full(0, 1_000))
    bodies = [msgspec.json.decode(one.body) for one in full if one.inc == ann.who.incarnation]
    assert [body["fields"]["phone"] for body in bodies[1:]] == told
