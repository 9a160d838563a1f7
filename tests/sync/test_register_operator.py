"""What an operator mistypes, and what `hedgerow register status` says at two in the morning."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest
from sqlalchemy import create_engine, inspect

from desktop.command_line import main
from forms.values import SystemClock
from sync.register import admin, copies, migrations, sql_store
from sync.register import serve as serving
from sync.register import status as looking
from sync.register.errors import NotAllowed
from sync.register.status import status
from sync.register.verify import verify
from tests.sync.world import World, enterprise


@pytest.fixture
def said(folder, capsys):
    """Says a word to a register of the test's own: (exit code, out, what went wrong)."""
    url = f"sqlite:///{folder / 'register.db'}"

    def run(*words, at=url):
        try:
            code = main(["register", *words, "--database", at])
        except SystemExit as ended:
            code = ended.code
        told = capsys.readouterr()
        return code, told.out, told.err

    run.url = url
    assert run("init", "--pack", "kent")[0] == 0
    return run


@pytest.mark.parametrize("bad", ["", " ", "a b", "é", "a\nb", "-x", "x" * 65])
def test_an_id_that_could_not_travel_never_gets_in(said, bad):
    code, out, err = said("users", "add", f"--id={bad}", "--name", "Lee Down", "--role", "lead")
    assert (code, out) == (1, "")
    assert "Nothing was changed" in err
    assert json.loads(said("users", "list", "--json")[1]) == []


@pytest.mark.parametrize("bad", ["", "   ", "Lee\nDown", "x" * 121])
def test_a_name_that_nobody_could_read_never_gets_in(said, bad):
    assert said("users", "add", "--id", "lee", f"--name={bad}", "--role", "lead")[0] == 1
    assert "Nobody is in the programme yet" in said("users", "list")[1]


def test_without_that_one_empty_id_would_take_the_copies_with_it(quick, monkeypatch):
    """The test above can fail; and what is in the log already is a fault that is told."""
    with pytest.raises(NotAllowed):
        admin.add_person(quick.store, "", "X", "lead")
    monkeypatch.setattr(admin, "_fit_id", lambda *_: None)
    admin.add_person(quick.store, "", "X", "lead")
    report = quick.store.read(lambda tx: verify(tx, admin.register_key(quick.store)))
    assert [fault for fault in report.faults if "holds what no op may hold" in fault]


def test_somebody_of_before_with_such_an_id_can_still_be_let_go(quick, monkeypatch):
    with monkeypatch.context() as before:
        before.setattr(admin, "_fit_id", lambda *_: None)
        before.setattr(admin, "_fit_name", lambda *_: None)
        admin.add_person(quick.store, "o'neill", "Nell\nO'Neill", "lead", clock=quick.clock)
    admin.add_person(quick.store, "o'neill", "Nell\nO'Neill", "qa", clock=quick.clock)
    assert not admin.disable_person(quick.store, "o'neill", quick.clock).active
    assert not quick.store.read(lambda tx: tx.people.person("o'neill")).active
    with pytest.raises(NotAllowed):
        admin.add_person(quick.store, "o'neill", "Nell\nNeill", "qa", clock=quick.clock)


@pytest.mark.parametrize("word", [("users", "list"), ("status",), ("serve",), ("audit", "verify")])
def test_a_mistyped_address_makes_no_register(said, tmp_path, word):
    there = tmp_path / "registr.db"
    code, out, err = said(*word, at=f"sqlite:///{there}")
    assert (code, out) == (1, "")
    assert "no register at that address" in err
    assert not there.exists()
    sqlite3.connect(there).close()
    there.touch()
    assert said(*word, at=f"sqlite:///{there}")[0] == 1


def test_a_database_of_another_program_is_left_as_it_is(said, tmp_path):
    there = tmp_path / "other.db"
    with closing(sqlite3.connect(there)) as line:
        line.execute("CREATE TABLE theirs(a)")
        line.commit()
    assert said("users", "list", at=f"sqlite:///{there}")[0] == 1
    with closing(sqlite3.connect(there)) as line:
        assert line.execute("SELECT name FROM sqlite_master").fetchall() == [("theirs",)]


def test_on_postgresql_too_nothing_is_made_where_there_is_no_register(said, postgres_url):
    assert said("users", "list", at=postgres_url)[0] == 1
    store = create_engine(postgres_url.replace("postgresql://", "postgresql+psycopg://"))
    with store.connect() as line:
        assert not inspect(line).get_table_names()
    store.dispose()


def test_what_is_no_database_is_said_in_one_line(said, tmp_path):
    text = tmp_path / "notes.txt"
    text.write_text("not a database " * 100)
    for url in ("mysql://ann:secret@x/y", "foo", f"sqlite:///{text}"):
        code, out, err = said("users", "list", at=url)
        assert (code, out, err.count("\n")) == (1, "", 1)
        assert "secret" not in err


def test_a_second_init_keeps_the_programme(said):
    code, _, err = said("init", "--pack", "cambridgeshire")
    assert (code, "packs publish cambridgeshire" in err) == (1, True)
    assert said("init")[0] == 0
    rows = json.loads(said("packs", "list", "--json")[1])
    assert [row["id"] for row in rows if row["in_use"]] == ["kent"]
    assert said("packs", "publish", "cambridgeshire")[0] == 0
    code, out, _ = said("init")
    assert (code, "Cambridgeshire" in out) == (0, True)


def test_heads_that_are_no_heads(said, tmp_path):
    (tmp_path / "heads").write_text("no head\n")
    code, out, _ = said("audit", "verify", "--heads", str(tmp_path / "heads"))
    assert (code, "holds a line that is no head" in out) == (2, True)


def test_a_copy_is_checked_where_no_register_is(said, tmp_path):
    said("users", "add", "--id", "lee", "--name", "Lee Down", "--role", "lead")
    path, nowhere = str(tmp_path / "copy"), tmp_path / "none.db"
    assert said("backups", "make", path)[0] == 0
    assert said("backups", "check", path, at=f"sqlite:///{nowhere}")[0] == 0
    assert not nowhere.exists()


def test_only_somebody_of_the_programme_takes_in_what_a_closed_laptop_sent(said):
    code, _, err = said("devices", "take", "1", "--by", "nobody")
    assert (code, "Nobody active" in err) == (1, True)


def test_lists_are_there_for_programs_too(said):
    with World(said.url) as world:
        ann = world.laptop("ann")
        ann.add(enterprise())
        world.settle_down()
    people = json.loads(said("users", "list", "--json")[1])
    assert {"id": "ann", "role": "coach", "name": "Ann Marsh", "active": True} in people
    (device,) = json.loads(said("devices", "list", "--of", "ann", "--json")[1])
    assert (device["person_id"], device["revoked_at"]) == ("ann", "")
    assert "key" not in str(device)
    assert json.loads(said("devices", "unsent", "--json")[1]) == []
    assert json.loads(said("audit", "verify", "--json")[1])["ok"]
    assert "Nobody of that id" in said("devices", "list", "--of", "nobody")[1]


def test_only_a_start_brings_an_older_register_up_to_date(said, folder, monkeypatch):
    """An older program may be running on it: a look at it by a newer one changes nothing there."""
    steps, url = migrations.steps(), f"sqlite:///{folder / 'older.db'}"
    with monkeypatch.context() as patch:
        patch.setattr(migrations, "steps", lambda: steps[:-1])
        patch.setattr(sql_store, "make_all_ready", lambda _: None)
        assert said("init", "--pack", "kent", at=url)[0] == 0
    for words in (("status",), ("users", "list"), ("backups", "make", str(folder / "copy"))):
        code, out, err = said(*words, at=url)
        assert (code, out) == (1, "")
        assert "older version" in err
        assert "Nothing was changed" in err
    assert not (folder / "copy").exists()
    monkeypatch.setattr(serving, "serve", lambda *_args, **_more: None)
    assert said("serve", "--port", "0", at=url)[0] == 0
    assert said("users", "list", at=url)[0] == 0


def test_status_says_what_wants_looking_at(said, tmp_path):
    code, out, _ = said("status")
    assert (code, "Nobody is in the programme" in out) == (1, True)
    said("users", "add", "--id", "lee", "--name", "Lee Down", "--role", "lead")
    code, out, _ = said("status")
    assert (code, "No copy was ever made" in out, "Lee" in out) == (1, True, False)
    assert said("status", "--copy-days", "0")[0] == 0
    assert said("backups", "daily", str(tmp_path))[0] == 0
    code, out, _ = said("status", "--json")
    found = json.loads(out)
    assert (code, found["people"], found["pack"], found["look_at"]) == (0, 1, "kent", [])
    assert found["last_copy"][:4] == str(SystemClock().now().year)
    assert "Nothing wants looking at" in said("status")[1]


def test_status_on_each_database(world, tmp_path, monkeypatch):
    ann = world.laptop("ann")
    world.laptop("ben")
    ann.add(enterprise())
    world.settle_down()
    copies.make_daily(world.store, tmp_path, 3, world.clock)
    found = status(world.store, world.clock)
    assert (found.laptops, found.laptops_silent, found.database) == (2, 0, world.store.dialect)
    assert found.look_at == []
    assert found.bytes > 10_000
    assert (found.free_bytes is None) == (world.store.dialect == "postgresql")
    (device,) = admin.devices(world.store, "ben")
    admin.revoke(world.store, device.id, world.clock, retired=True)
    world.later(days=40)
    later = status(world.store, world.clock)
    assert (later.laptops, later.laptops_closed, later.laptops_silent) == (1, 1, 1)
    assert ["good copy is 40 days old" in line for line in later.look_at] == [True]
    assert later.last_copy == found.last_copy
    assert found.at - later.at == -timedelta(days=40)
    monkeypatch.setattr(looking, "ROOM", 1 << 60)
    full = any("little room" in line for line in status(world.store, world.clock).look_at)
    assert full == (world.store.dialect == "sqlite")


def test_a_database_that_fails_half_way_is_said_in_a_sentence(said, monkeypatch):
    def full(*_args, **_more):
        from sqlalchemy.exc import OperationalError

        raise OperationalError("INSERT secret words", {}, sqlite3.OperationalError("disk is full"))

    monkeypatch.setattr(admin, "add_person", full)
    code, _, err = said("users", "add", "--id", "lee", "--name", "Lee Down", "--role", "lead")
    assert (code, err.count("\n"), "secret" in err) == (1, 1, False)
    assert "What was not finished was not kept" in err


def test_where_only_the_register_is_installed_the_window_says_so(capsys):
    from desktop.command_line import ended_by

    code = ended_by(ModuleNotFoundError("No module named 'PySide6'", name="PySide6"))
    assert (code, "holds the register only" in capsys.readouterr().err) == (1, True)
    with pytest.raises(ModuleNotFoundError):  # a module of ours that is missing is a bug
        ended_by(ModuleNotFoundError("no", name="sync.nothing"))
