"""A council's copies: whole, verified, moved between databases, put back as a new history."""

from __future__ import annotations

import os
import stat
import sys

import pytest
import zstandard
from sqlalchemy import select

from forms.facts.people import Enterprise
from sync.register import admin, copies
from sync.register.copies import CopyFault
from sync.register.store import open_store
from sync.register.tables import metadata
from sync.register.verify import Report
from tests.sync.rotating import rotate
from tests.sync.world import World, enterprise, leader


@pytest.fixture
def busy(world):
    ann, lee = world.laptop("ann"), world.laptop("lee")
    case = ann.add(enterprise())
    ann.add(leader(case))
    held = ann.files.store(b"a photo" * 5_000)
    from forms.facts.casework import Attachment
    from forms.values import new_id

    ann.add(
        Attachment(
            id=new_id(), enterprise_id=case.id, sha256=held.sha256, size=held.size, mime="x/y"
        )
    )
    world.settle_down(ann, lee)
    world.case = case
    return world


def everything(store):
    def read(tx):
        return {
            table.name: [tuple(row) for row in tx.connection.execute(select(table))]
            for table in metadata.sorted_tables
        }

    return {name: sorted(map(repr, rows)) for name, rows in store.read(read).items()}


def test_a_copy_holds_everything_and_fits_either_database(busy, tmp_path, folder):
    before = everything(busy.store)
    path = tmp_path / "copy"
    copies.make_copy(busy.store, path, busy.clock)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600 or sys.platform == "win32"
    (tmp_path / "scratch").mkdir()
    assert copies.check_copy(path, tmp_path / "scratch").ok
    other = open_store(f"sqlite:///{folder / 'other.db'}")
    try:
        other.write(lambda tx: copies.read_copy(tx, path))
        assert everything(other) == before
    finally:
        other.close()


@pytest.mark.postgres
def test_a_register_moves_from_sqlite_to_postgresql(quick, postgres_url, tmp_path):
    ann = quick.laptop("ann")
    case = ann.add(enterprise())
    quick.round(ann)
    path = tmp_path / "copy"
    copies.make_copy(quick.store, path, quick.clock)
    there = open_store(postgres_url)
    try:
        copies.put_back(there, path, quick.clock)
        quick.store, was = there, quick.store
        was.close()
        from sync.client.transport import in_process

        quick.line.close()
        quick.line = in_process(quick.new_app())
        ann.set(case.id, place="Rye")
        assert quick.round(ann).recovered == "epoch"
        assert quick.row(case.id).fields["place"] == "Rye"
    finally:
        quick.store = open_store(quick.url)
        there.close()


def test_what_was_sent_after_the_copy_comes_again(busy, tmp_path, folder):
    """The server is lost; yesterday's copy is put back; nobody has to do anything."""
    ann, lee = busy.laptop("ann"), busy.laptop("lee")
    copies.make_copy(busy.store, tmp_path / "copy", busy.clock)
    ann.set(busy.case.id, phone="01303 000009")
    busy.settle_down(ann, lee)
    fresh = open_store(f"sqlite:///{folder / 'fresh.db'}")
    try:
        done = copies.put_back(fresh, tmp_path / "copy", busy.clock)
        assert (done.report.ok, done.rows > 50, done.erased_again) == (True, True, [])
        from sync.client.transport import in_process

        line = in_process(busy.new_app(fresh))
        assert busy.round(ann, line).recovered == "epoch"
        busy.round(lee, line)
        row = fresh.read(lambda tx: tx.records.load([busy.case.id]))[busy.case.id]
        assert row.fields["phone"] == "01303 000009"
        assert lee.get(Enterprise, busy.case.id).phone == "01303 000009"
        assert busy.round(ann, line).history_changed == ""
        line.close()
    finally:
        fresh.close()


def test_nothing_is_put_over_a_register(busy, tmp_path):
    copies.make_copy(busy.store, tmp_path / "copy", busy.clock)
    before = everything(busy.store)
    with pytest.raises(CopyFault, match="Nothing was changed"):
        copies.put_back(busy.store, tmp_path / "copy", busy.clock)
    assert everything(busy.store) == before
    with pytest.raises(CopyFault, match="there already"):
        copies.make_copy(busy.store, tmp_path / "copy", busy.clock)


def cut(data):
    return data[: len(data) // 2]


def last_line_gone(data):
    lines = unfolded(data).splitlines(keepends=True)
    return folded(b"".join(lines[:-1]))


def one_value_changed(data):
    return folded(unfolded(data).replace(b"Weald Companions", b"Weald Champions."))


def a_row_gone(data):
    lines = unfolded(data).splitlines(keepends=True)
    return folded(b"".join(lines[:5] + lines[6:]))


def unfolded(data):
    return zstandard.ZstdDecompressor().decompressobj().decompress(data)


def folded(data):
    return zstandard.ZstdCompressor().compress(data)


DAMAGE = {
    "cut": cut,
    "empty": lambda _: b"",
    "something else": lambda _: b"PK\x03\x04" + b"x" * 500,
    "the last line gone": last_line_gone,
    "one value changed": one_value_changed,
    "a row gone": a_row_gone,
    "a newer program's": lambda d: folded(unfolded(d).replace(b'"step":', b'"step":9', 1)),
}


@pytest.mark.parametrize("damage", sorted(DAMAGE))
def test_a_damaged_copy_is_refused_and_changes_nothing(quick, tmp_path, folder, damage):
    ann = quick.laptop("ann")
    ann.add(enterprise())
    quick.round(ann)
    path = tmp_path / "copy"
    copies.make_copy(quick.store, path, quick.clock)
    path.write_bytes(DAMAGE[damage](path.read_bytes()))
    fresh = open_store(f"sqlite:///{folder / 'fresh.db'}")
    try:
        before = everything(fresh)
        with pytest.raises(CopyFault):
            copies.put_back(fresh, path, quick.clock)
        assert everything(fresh) == before
    finally:
        fresh.close()


def test_a_copy_of_a_history_that_was_changed_is_not_put_back(quick, tmp_path, folder):
    from sqlalchemy import update

    from sync.register.tables import op

    ann = quick.laptop("ann")
    ann.add(enterprise())
    quick.round(ann)
    quick.store.write(
        lambda tx: tx.connection.execute(update(op).where(op.c.feed_seq == 2).values(hash="x"))
    )
    copies.make_copy(quick.store, tmp_path / "copy", quick.clock)
    fresh = open_store(f"sqlite:///{folder / 'fresh.db'}")
    try:
        with pytest.raises(CopyFault, match="does not fit itself"):
            copies.put_back(fresh, tmp_path / "copy", quick.clock)
    finally:
        fresh.close()


def test_the_copy_of_a_register_keeps_its_key(busy, tmp_path, folder):
    copies.make_copy(busy.store, tmp_path / "copy", busy.clock)
    fresh = open_store(f"sqlite:///{folder / 'fresh.db'}")
    try:
        copies.put_back(fresh, tmp_path / "copy", busy.clock)
        assert admin.register_key(fresh) == admin.register_key(busy.store)
    finally:
        fresh.close()
    assert isinstance(busy, World)


def test_the_newest_copy_is_never_the_one_that_goes_and_a_bad_one_never_counts(
    busy, tmp_path, monkeypatch
):
    """A clock that once ran ahead, a night whose copy was not good, and no room for scratch."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "nowhere"))
    folder = tmp_path / "daily"
    folder.mkdir()
    for name in ("2020-01-01", "2031-01-01"):
        (folder / f"register-{name}T000000Z{copies.SUFFIX}").write_bytes(b"older")
    with monkeypatch.context() as patch:
        patch.setattr(copies, "check_copy", lambda *_: Report(faults=["cut"]))
        for _ in range(2):  # at one moment: who tries again at once is not kept from it
            assert not copies.make_daily(busy.store, folder, 2, busy.clock).report.ok
    assert len(list(folder.glob(f"*{copies.SUFFIX}"))) == 2
    done = copies.make_daily(busy.store, folder, 2, busy.clock)
    assert (done.path.exists(), done.gone, done.report.ok) == (True, 1, True)
    assert not (folder / f"register-2020-01-01T000000Z{copies.SUFFIX}").exists()
    assert len(list(folder.glob(f"*{copies.NOT_VERIFIED}"))) == 2  # the bad ones, to be looked at
    with pytest.raises(CopyFault, match="there already"):
        copies.make_daily(busy.store, folder, 2, busy.clock)


def test_two_that_are_made_at_once_in_one_folder_are_both_whole(quick, tmp_path, monkeypatch):
    """The daily timer while the key is changed: neither takes the other's file."""
    folder, real, inner = tmp_path / "copies", copies.check_copy, []

    def another_first(path, scratch):
        monkeypatch.setattr(copies, "check_copy", real)
        quick.later()
        inner.append(copies.make_daily(quick.store, folder, 14, quick.clock))
        assert path.exists()
        return real(path, scratch)

    monkeypatch.setattr(copies, "check_copy", another_first)
    made = [copies.make_daily(quick.store, folder, 14, quick.clock), *inner]
    assert len({one.path for one in made}) == 2
    for number, one in enumerate(made):
        (tmp_path / str(number)).mkdir()
        assert one.report.ok
        assert real(one.path, tmp_path / str(number)).ok
    assert not list(folder.glob(f"*{copies.NOT_VERIFIED}"))


@pytest.mark.parametrize("step", ["write", "check"])
def test_a_copy_that_cannot_be_made_leaves_nothing_on_a_full_disk(
    quick, tmp_path, monkeypatch, step
):
    from sync.register import sql_copy

    def full(*_):
        raise OSError("no room")

    with monkeypatch.context() as patch:
        patch.setattr(
            *{"write": (sql_copy.os, "fsync"), "check": (copies, "check_copy")}[step], full
        )
        with pytest.raises(OSError, match="no room"):
            copies.make_daily(quick.store, tmp_path, 14, quick.clock)
    assert list(tmp_path.iterdir()) == []
    assert copies.make_daily(quick.store, tmp_path, 14, quick.clock).report.ok


def test_what_was_cut_off_goes_when_it_is_too_old_to_be_one_in_the_making(quick, tmp_path):
    now = quick.clock.now().timestamp()
    for hours in (23, 25):
        left = tmp_path / f"{hours}.{copies.NOT_VERIFIED}"
        left.write_bytes(b"half")
        os.utime(left, (now - hours * 3600, now - hours * 3600))
    assert copies.make_daily(quick.store, tmp_path, 14, quick.clock).report.ok
    assert [one.name for one in tmp_path.glob(f"*{copies.NOT_VERIFIED}")] == [
        f"23.{copies.NOT_VERIFIED}"
    ]


def test_a_copy_lets_none_go_that_came_while_it_was_made(quick, tmp_path, monkeypatch):
    """It may be from before a change of the key, and the other one hold the key of after it."""
    folder, real = tmp_path / "copies", copies.check_copy
    first = copies.make_daily(quick.store, folder, 1, quick.clock)
    quick.later()

    def key_changes_first(path, scratch):
        monkeypatch.setattr(copies, "check_copy", real)
        rotate(quick, folder)
        return real(path, scratch)

    monkeypatch.setattr(copies, "check_copy", key_changes_first)
    slow = copies.make_daily(quick.store, folder, 1, quick.clock)
    here = sorted(one.name for one in folder.glob(f"*{copies.SUFFIX}"))
    assert (len(here), slow.path.name in here, first.path.name in here) == (2, True, False)
    changed = next(name for name in here if name != slow.path.name)
    assert copies.put_back(fresh(tmp_path), folder / changed, quick.clock).report.ok


def fresh(folder):
    return open_store(f"sqlite:///{folder / 'fresh.db'}")


def test_a_copy_that_cannot_be_noted_is_none(quick, tmp_path, monkeypatch):
    """Nobody takes all of a register with them while the audit log cannot say so."""

    def full(*_):
        raise OSError("no room")

    for make in (
        lambda: copies.make_daily(quick.store, tmp_path, 14, quick.clock),
        lambda: copies.make_copy(quick.store, tmp_path / "copy", quick.clock),
    ):
        with monkeypatch.context() as patch:
            patch.setattr(copies.audit, "note", full)
            with pytest.raises(OSError, match="no room"):
                make()
        assert list(tmp_path.iterdir()) == []


def test_what_a_check_left_when_the_power_went_is_cleared(quick, tmp_path):
    """A register that was unpacked to be looked through: its people, its files, its key."""
    now = quick.clock.now().timestamp()
    for hours in (23, 25):
        scratch = tmp_path / f"{copies.SCRATCH}{hours}"
        scratch.mkdir()
        (scratch / "check.db").write_bytes(b"everything")
        os.utime(scratch, (now - hours * 3600, now - hours * 3600))
    assert copies.make_daily(quick.store, tmp_path, 14, quick.clock).report.ok
    assert [one.name for one in tmp_path.glob(f"{copies.SCRATCH}*")] == [f"{copies.SCRATCH}23"]
