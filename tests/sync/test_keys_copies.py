"""A change of the key that is cut off, and the copies made before, in the midst and after it."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import msgspec
import pytest

from sync import errors, keys, signing, whole_file
from sync.client.transport import in_process
from sync.protocol import KeysReply
from sync.register import copies, journal
from sync.register import keys as ring
from sync.register.copies import CopyFault
from sync.register.errors import KeyFault
from sync.register.sql_copy import read_copy
from sync.register.store import open_store
from sync.register.verify import verify
from tests.sync.rotating import chain_of, forked, pinned, private_of, rotate


@pytest.mark.parametrize("cut", ["copy", "verify", "switch"])
def test_a_change_that_is_cut_off_goes_on_where_it_was(world, coach, tmp_path, monkeypatch, cut):
    old = chain_of(world)

    def fail(*_args, **_more):
        raise OSError("cut off")

    with monkeypatch.context() as patch:
        place, name = {
            "copy": (copies, "write_copy"),
            "verify": (copies, "check_copy"),
            "switch": (ring, "go_over"),
        }[cut]
        patch.setattr(place, name, fail)
        with pytest.raises(OSError, match="cut off"):
            rotate(world, tmp_path)
    assert chain_of(world) == old  # the register goes on by what it has
    world.round(coach)
    begun = world.store.read(ring.waiting)
    told = rotate(world, tmp_path)
    assert told.key == begun.link.key
    assert world.store.read(ring.waiting) is None
    world.round(coach)
    assert pinned(coach) == told.key


def test_a_copy_that_is_not_good_changes_no_key(quick, tmp_path, monkeypatch):
    from sync.register.verify import Report

    old = chain_of(quick)
    monkeypatch.setattr(copies, "check_copy", lambda *_: Report(faults=["A row is wrong."]))
    with pytest.raises(KeyFault, match="goes on with the key that it has"):
        rotate(quick, tmp_path)
    assert chain_of(quick) == old


def test_another_successor_meanwhile_changes_no_key(quick, tmp_path, monkeypatch):
    """The copy holds the first one: with the second in use and no copy of it, one loss is both."""
    real = copies.make_daily

    def somebody_else_meanwhile(*values):
        done = real(*values)
        ring.go_over(quick.store, quick.clock, quick.store.read(ring.waiting).link.key)
        ring.prepare(quick.store, quick.clock)
        return done

    monkeypatch.setattr(copies, "make_daily", somebody_else_meanwhile)
    first = ring.prepare(quick.store, quick.clock)
    with pytest.raises(KeyFault, match="Nothing was changed here"):
        rotate(quick, tmp_path)
    assert chain_of(quick).key == first.key
    assert quick.store.read(ring.waiting).link.before == first.key


def fresh_register(folder, name="fresh.db"):
    return open_store(f"sqlite:///{folder / name}")


def test_the_copy_of_the_change_holds_the_new_key_and_not_the_old(world, coach, tmp_path, folder):
    import zstandard

    old = private_of(world)
    told = rotate(world, tmp_path / "copies")
    (path,) = (tmp_path / "copies").glob("register-*")
    text = zstandard.ZstdDecompressor().stream_reader(path.read_bytes()).read()
    assert (old.hex().encode() in text, private_of(world).hex().encode() in text) == (False, True)
    store = fresh_register(folder)
    try:
        done = copies.put_back(store, path, world.clock)
        assert done.report.ok
        assert store.read(ring.told) == told
        assert store.read(lambda tx: verify(tx, told.key)).faults == []
        world.round(coach)  # knows the new key by now
        line = in_process(world.new_app(store))
        report = world.round(coach, line)
        assert report.recovered == "epoch"
        line.close()
    finally:
        store.close()


def test_the_old_key_is_gone_from_the_disk(quick, folder, tmp_path):
    old = private_of(quick).hex().encode()
    files = [folder / "register.db", folder / "register.db-wal"]
    assert any(old in one.read_bytes() for one in files if one.exists())
    rotate(quick, tmp_path)
    new = private_of(quick).hex().encode()
    found = [one.read_bytes() for one in files if one.exists()]
    assert (any(old in one for one in found), any(new in one for one in found)) == (False, True)


def test_a_copy_from_before_is_refused_in_words_unless_there_is_no_other(
    world, coach, tmp_path, folder
):
    there = tmp_path / "copies"
    first = copies.make_daily(world.store, there, 14, world.clock).path
    rotate(world, there)
    world.round(coach)
    store = fresh_register(folder)
    try:
        with pytest.raises(KeyFault, match="before the register's signing key was changed on 2022"):
            copies.put_back(store, first, world.clock)
        copies.put_back(store, first, world.clock, old_key=True)
        line = in_process(world.new_app(store))
        coach.set(coach.case.id, phone="01303 444444")
        with pytest.raises(errors.KeyBehind, match="put back"):
            world.round(coach, line)
        assert coach.unsent_count() == 1
        line.close()
    finally:
        store.close()


def test_keys_of_another_register_beside_a_copy_are_refused(quick, tmp_path, folder):
    there = tmp_path / "copies"
    path = copies.make_daily(quick.store, there, 14, quick.clock).path
    _, told = forked(quick, signing.new_key())
    (there / ring.BESIDE).write_bytes(msgspec.json.encode(told))
    store = fresh_register(folder)
    try:
        for _ in range(2):
            with pytest.raises(KeyFault, match="not those of its register"):
                copies.put_back(store, path, quick.clock)
            (there / ring.BESIDE).write_bytes(b"{")
    finally:
        store.close()


def test_the_list_of_erasures_is_read_with_keys_of_before(quick, tmp_path):
    path = tmp_path / journal.NAME
    erasure = journal.Erasure(
        decision="d1", name="person.erase", subject="s1", by="lee", at="2022-03-01T09:00:00+00:00",
        records=("s1",),
    )  # fmt: skip
    journal._write(path, [erasure], private_of(quick))
    before = path.read_bytes()
    told = rotate(quick, tmp_path)
    assert journal.keep(quick.store, path) == 1
    assert journal.read(path, *keys.every(told)) == [erasure]
    assert path.read_bytes() == before


def test_a_change_lets_no_copy_go(quick, tmp_path):
    for day in range(1, 17):
        (tmp_path / f"register-2001-01-{day:02}T000000Z{copies.SUFFIX}").write_bytes(b"old")
    rotate(quick, tmp_path)
    assert len(list(tmp_path.glob(f"register-*{copies.SUFFIX}"))) == 17


@pytest.mark.parametrize("from_call", [1, 2])
def test_where_only_the_lists_beside_it_fail_the_key_is_changed(
    quick, tmp_path, monkeypatch, from_call
):
    calls, real, old = [], ring.keep_beside, chain_of(quick).key

    def fails(*values):
        calls.append(1)
        if len(calls) >= from_call:
            raise OSError("no room")
        real(*values)

    monkeypatch.setattr(ring, "keep_beside", fails)
    changed = copies.change_key(quick.store, tmp_path, quick.clock)
    assert (len(calls), changed.unlisted) == (2, "no room")
    assert changed.told.key == chain_of(quick).key != old


def test_copies_of_a_register_that_went_back_to_its_older_key_can_be_put_back(
    quick, tmp_path, folder
):
    there = tmp_path / "copies"
    first = copies.make_daily(quick.store, there, 14, quick.clock).path
    rotate(quick, there)
    store, again = fresh_register(folder), fresh_register(folder, "again.db")
    try:
        copies.put_back(store, first, quick.clock, old_key=True)
        quick.later()
        newer = copies.make_daily(store, there, 14, quick.clock)
        assert newer.unlisted == ""
        copies.put_back(again, newer.path, quick.clock)
        assert again.read(ring.told) == store.read(ring.told)
    finally:
        store.close()
        again.close()


def test_read_copy_alone_is_what_the_check_uses(quick, tmp_path, folder):
    """A copy in the middle of a change is verified by the key it goes on with."""
    ring.prepare(quick.store, quick.clock)
    path = Path(tmp_path / "copy")
    copies.make_copy(quick.store, path, quick.clock)
    store = fresh_register(folder)
    try:
        store.write(lambda tx: read_copy(tx, path))
        assert store.read(ring.told).key == quick.store.read(ring.waiting).link.key
    finally:
        store.close()
    with pytest.raises(CopyFault):
        copies.make_copy(quick.store, path, quick.clock)


def meanwhile(monkeypatch, act):
    """Act once, in the midst of the next file that is written whole."""
    real, once = whole_file.os.fsync, [act]

    def fsync(number):
        real(number)
        if once:
            once.pop()()

    monkeypatch.setattr(whole_file.os, "fsync", fsync)


def test_an_older_chain_is_not_written_over_a_newer_one(quick, tmp_path, monkeypatch):
    """The daily timer read the keys before the change and writes them down after it."""
    rotate(quick, tmp_path)
    (copy,) = tmp_path.glob("register-*")
    quick.later()

    def change():
        ring.go_over(quick.store, quick.clock, ring.prepare(quick.store, quick.clock).key)
        ring.keep_beside(quick.store, copy)

    meanwhile(monkeypatch, change)
    ring.keep_beside(quick.store, copy)
    told = msgspec.json.decode((tmp_path / ring.BESIDE).read_bytes(), type=KeysReply)
    assert told == chain_of(quick)
    assert not list(tmp_path.glob("*.new"))


def test_two_that_list_erasures_at_once_leave_a_list_with_both(quick, tmp_path, monkeypatch):
    path, known = tmp_path / journal.NAME, []

    def erased(number):
        one = journal.Erasure(
            decision=f"d{number}", name="person.erase", subject=f"s{number}", by="lee",
            at=quick.clock.now().isoformat(), records=(f"s{number}",),
        )  # fmt: skip
        known.append(one)

    monkeypatch.setattr(journal, "told_of", lambda _tx: list(known))
    erased(1)

    def another():
        erased(2)
        journal.keep(quick.store, path)

    meanwhile(monkeypatch, another)
    assert journal.keep(quick.store, path) == 2
    assert journal.read(path, chain_of(quick).key) == known
    assert not list(tmp_path.glob("*.new"))


def test_a_copy_that_is_gone_again_lets_no_key_go(quick, tmp_path, monkeypatch):
    old, real = chain_of(quick), copies.make_daily

    def and_away(*values):
        done = real(*values)
        done.path.unlink()
        return done

    monkeypatch.setattr(copies, "make_daily", and_away)
    with pytest.raises(KeyFault, match="goes on with the key that it has"):
        rotate(quick, tmp_path)
    assert chain_of(quick) == old


def test_the_name_of_the_copy_is_on_the_disk_before_the_old_key_goes(quick, tmp_path, monkeypatch):
    real, go_over, on_disk = whole_file.os.fsync, ring.go_over, []

    def fsync(number):
        real(number)
        if stat.S_ISDIR(os.fstat(number).st_mode):
            on_disk.append([one.name for one in tmp_path.glob(f"register-*{copies.SUFFIX}")])

    def looked(*values):
        assert on_disk[-1:] == [[one.name for one in tmp_path.glob(f"register-*{copies.SUFFIX}")]]
        return go_over(*values)

    monkeypatch.setattr(whole_file.os, "fsync", fsync)
    monkeypatch.setattr(ring, "go_over", looked)
    rotate(quick, tmp_path)
