"""What goes wrong under an administrator's hands: one sentence, nothing half done, no traceback."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace

import psycopg
import pytest
from sqlalchemy import make_url
from sqlalchemy.exc import OperationalError

from desktop.command_line import main
from sync.register import copies, sql_unopened
from sync.register.copies import CopyFault
from sync.register.errors import StoreDamaged, StoreFull, StoreShut
from sync.register.store import open_store


@pytest.fixture
def said(folder, capsys):
    """Says a word to a register of the test's own: (exit code, out, what went wrong)."""
    url = f"sqlite:///{folder / 'register.db'}"

    def run(*words, at=url):
        try:
            code = main(["register", *words, *(("--database", at) if at else ())])
        except SystemExit as ended:
            code = ended.code
        told = capsys.readouterr()
        return code, told.out, told.err

    run.url, run.file = url, folder / "register.db"
    assert run("init", "--pack", "kent")[0] == 0
    return run


def entries(run, act):
    lines = map(json.loads, run("audit", "export")[1].splitlines())
    return [one for one in (json.loads(line["entry"]) for line in lines) if one["act"] == act]


# --- addresses and databases ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "url", ["sqlite:///", "sqlite://", "sqlite:///:memory:", "postgresql://u:secret@[::1/x"]
)
@pytest.mark.parametrize("word", [("init",), ("users", "list"), ("backups", "restore", "copy")])
def test_an_address_that_keeps_nothing_or_is_none_is_not_taken(said, url, word):
    code, out, err = said(*word, at=url)
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert "not the address of a database" in err
    assert "secret" not in err


def test_a_damaged_database_is_said_to_be_one_and_left(said, tmp_path):
    there = tmp_path / "damaged.db"
    shutil.copy(said.file, there)
    with there.open("r+b") as file:
        file.truncate(9_000)
    before = there.read_bytes()
    for word in (("users", "list"), ("status",), ("init",)):
        code, out, err = said(*word, at=f"sqlite:///{there}")
        assert (code, out, "damaged" in err, "backups restore" in err) == (1, "", True, True)
    assert there.read_bytes() == before


def test_damage_that_is_met_later_is_a_sentence_too(said):
    assert said("users", "add", "--id", "lee", "--name", "Lee Down", "--role", "lead")[0] == 0
    with closing(sqlite3.connect(said.file)) as line:
        size = line.execute("PRAGMA page_size").fetchone()[0]
        asked = line.execute("SELECT rootpage FROM sqlite_master WHERE name = 'person'")
        page = asked.fetchone()[0]
        line.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with said.file.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\x5a" * size)
    code, out, err = said("users", "list")
    assert (code, out, err.count("\n"), "damaged" in err) == (1, "", 1, True)


def test_a_database_that_this_account_may_not_write_is_said(said, monkeypatch):
    real = os.access
    monkeypatch.setattr(
        sql_unopened.os, "access", lambda path, mode: mode != os.W_OK and real(path, mode)
    )
    fault = psycopg.OperationalError("secret")
    told = sql_unopened.known(said.url, OperationalError("", {}, fault))
    assert isinstance(told, StoreShut)
    monkeypatch.setattr(sql_unopened.os, "access", real)
    assert sql_unopened.known(said.url, OperationalError("", {}, fault)) is None
    monkeypatch.setattr(sql_unopened, "_LEAST", 1 << 60)
    assert isinstance(sql_unopened.known(said.url, OperationalError("", {}, fault)), StoreFull)
    for word in (StoreShut(), StoreFull(), StoreDamaged()):
        assert "Nothing was changed" in str(word)


def test_on_postgresql_a_role_without_the_right_is_told_so(said, postgres_url):
    assert said("init", "--pack", "kent", at=postgres_url)[0] == 0
    with psycopg.connect(postgres_url, autocommit=True) as line:
        line.execute("CREATE ROLE looks LOGIN IN ROLE pg_read_all_data")
    looks = make_url(postgres_url).set(username="looks").render_as_string(hide_password=False)
    try:
        for word in (("users", "list"), ("status",), ("serve",), ("init",)):
            code, out, err = said(*word, at=looks)
            assert (code, out, "may not write" in err, "SQL" in err) == (1, "", True, False)
    finally:
        with psycopg.connect(postgres_url, autocommit=True) as line:
            line.execute("DROP ROLE looks")


# --- words and numbers ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [("backups", "daily", "F", "--keep", "0"), ("backups", "daily", "F", "--keep", "-5"),
     ("status", "--copy-days", "-1"), ("audit", "export", "--after", "-1"),
     ("devices", "take", "0", "--by", "lee"), ("devices", "take", "9" * 30, "--by", "lee")],
)  # fmt: skip
def test_a_number_that_makes_no_sense_is_not_taken_for_another(said, words):
    code, out, err = said(*words)
    assert (code, out, "is no number from" in err) == (2, "", True)


def test_what_is_no_text_is_not_understood(said):
    for word in (("devices", "list", "--of", "\udcff"), ("users", "disable", "--id", "\udcff")):
        code, _, err = said(*word)
        assert (code, err.count("\n"), "Type it anew" in err) == (1, 1, True)


def test_files_that_are_not_as_they_should_be_say_what_to_do(said, tmp_path):
    for words, what in (
        (("backups", "check", str(tmp_path / "no")), "Look at the name"),
        (("backups", "check", str(tmp_path)), "It is a folder".lower()),
        (("backups", "make", str(tmp_path / "no" / "copy")), "Look at the name"),
        (("packs", "add", str(tmp_path)), "holds no pack.toml"),
        (("audit", "verify", "--heads", str(tmp_path / "no")), "Look at the name"),
    ):
        code, _, err = said(*words)
        assert (code, err.count("\n"), what in err) == (1, 1, True), (words, err)


@pytest.mark.parametrize("text", ["[" * 100_000, '"\\ud800"', "{}", '{"pack_id": 1}'])
def test_a_file_that_is_no_pack_is_said_whatever_is_in_it(said, tmp_path, text):
    (tmp_path / "file").write_text(text)
    code, _, err = said("packs", "add", str(tmp_path / "file"))
    assert (code, err.count("\n"), "Nothing was changed" in err) == (1, 1, True)


def test_a_signed_pack_with_half_a_letter_is_no_pack(said, tmp_path):
    assert said("packs", "publish", "kent")[0] == 0
    number = next(
        one["number"] for one in json.loads(said("packs", "list", "--json")[1]) if one.get("number")
    )
    file = tmp_path / "kent.pack"
    assert said("packs", "export", number, str(file))[0] == 0
    told = json.loads(file.read_text()) | {"pack_id": "\ud800"}
    (tmp_path / "half.pack").write_text(json.dumps(told))
    code, _, err = said("packs", "add", str(tmp_path / "half.pack"))
    assert (code, "is not a signed pack" in err) == (1, True)


def test_a_signed_file_that_did_not_fit_is_not_left_half(said, tmp_path, monkeypatch):
    assert said("packs", "publish", "kent")[0] == 0
    number = next(
        one["number"] for one in json.loads(said("packs", "list", "--json")[1]) if one.get("number")
    )
    from sync.register import packs

    def full(_told, out, **_more):
        out.write("half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(packs.json, "dump", full)
    code, _, err = said("packs", "export", number, str(tmp_path / "kent.pack"))
    assert (code, "no room left" in err) == (1, True)
    assert not (tmp_path / "kent.pack").exists()


def test_who_comes_back_or_left_already_is_said(said):
    asked = ("users", "add", "--id", "lee", "--name", "Lee Down", "--role", "lead")
    assert "had left" not in said(*asked)[1]
    assert "is out." in said("users", "disable", "--id", "lee")[1]
    code, out, _ = said("users", "disable", "--id", "lee")
    assert (code, "out already" in out) == (0, True)
    assert len(entries(said, "person")) == 2
    assert "let in again" in said(*asked)[1]


def test_a_folder_that_takes_nothing_begins_no_change_of_keys(said, tmp_path):
    """It would have to end before a pack is published."""
    (tmp_path / "file").touch()
    code, _, err = said("keys", "rotate", str(tmp_path / "file"))
    assert (code, err.count("\n")) == (1, 1)
    assert not json.loads(said("keys", "list", "--json")[1])["begun"]
    assert said("packs", "publish", "kent")[0] == 0


def test_a_sign_in_that_does_not_answer_changes_nothing_and_says_so(said):
    code, _, err = said("accounts", "use", "--issuer", "https://127.0.0.1:1/", "--client-id", "x")
    assert (code, "Nothing was changed" in err) == (1, True)
    assert entries(said, "sign-in set up") == []


# --- copies --------------------------------------------------------------------------------------


def test_nothing_is_put_over_a_register_that_was_only_made(said, tmp_path, database):
    """A program may be answering by its key at this moment."""
    from sync.register import admin

    assert said("backups", "make", str(tmp_path / "copy"))[0] == 0
    store = open_store(database)
    try:
        admin.init(store, "kent")
        before = admin.signing_key(store)
        from forms.values import SystemClock

        with pytest.raises(CopyFault, match="holds a register already"):
            copies.put_back(store, tmp_path / "copy", SystemClock())
        assert admin.signing_key(store) == before
    finally:
        store.close()


def test_a_copy_that_was_not_looked_through_or_is_not_good_counts_for_none(
    said, tmp_path, monkeypatch
):
    def full(*_):
        raise OSError(28, "No space left on device", "scratch")

    assert said("users", "add", "--id", "lee", "--name", "Lee Down", "--role", "lead")[0] == 0
    with monkeypatch.context() as broken:
        broken.setattr(copies, "check_copy", full)
        for words in (("make", str(tmp_path / "copy")), ("daily", str(tmp_path / "copies"))):
            code, _, err = said("backups", *words)
            assert (code, "no room for the copy" in err) == (1, True)
        code, _, err = said("keys", "rotate", str(tmp_path / "copies"))
        assert (code, "goes on with the key that it has" in err) == (1, True)
        assert json.loads(said("keys", "list", "--json")[1])["begun"]
    assert not (tmp_path / "copy").exists()
    assert not list((tmp_path / "copies").iterdir())
    assert entries(said, "copy") == []
    assert "No copy was ever made" in said("status")[1]
    real = copies.check_copy
    monkeypatch.setattr(
        copies, "check_copy", lambda *at: replace(real(*at), faults=["It does not fit."])
    )
    assert said("backups", "daily", str(tmp_path / "copies"))[0] == 1
    assert [one["faults"] for one in entries(said, "copy")] == [1]
    assert "No copy was ever made" in said("status")[1]
    monkeypatch.undo()
    assert said("keys", "rotate", str(tmp_path / "copies"))[0] == 0  # it goes on where it was
    assert "Nothing wants looking at" in said("status")[1]


def test_no_room_to_look_a_copy_through_is_no_fault_of_the_database(said, tmp_path, monkeypatch):
    assert said("backups", "make", str(tmp_path / "copy"))[0] == 0

    def full(*_):
        raise OperationalError("INSERT secret", {}, fault)

    fault = sqlite3.OperationalError("database or disk is full")
    fault.sqlite_errorname = "SQLITE_FULL"
    for broken in (full, lambda *_: (_ for _ in ()).throw(StoreFull())):
        with monkeypatch.context() as patch:
            patch.setattr(copies, "read_copy", broken)
            code, out, err = said("backups", "check", str(tmp_path / "copy"))
        assert (code, out, "no room for the copy" in err, "TMPDIR" in err) == (1, "", True, True)
    fault.sqlite_errorname = "SQLITE_IOERR"
    monkeypatch.setattr(copies, "read_copy", full)
    code, _, err = said("backups", "check", str(tmp_path / "copy"))
    assert (code, "The database did not" in err) == (1, True)


def test_a_copy_that_is_no_good_says_what_to_do(said, tmp_path):
    (tmp_path / "no").write_bytes(b"PK\x03\x04" + b"x" * 500)
    code, _, err = said("backups", "check", str(tmp_path / "no"))
    assert (code, "Take another copy" in err) == (1, True)
