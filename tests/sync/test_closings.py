"""A copy that is put back lets nobody in who was shut out since it was made."""

from __future__ import annotations

import pytest

from desktop.command_line import main
from sync import errors
from sync.register import admin, closings, copies, journal
from sync.register.store import open_store
from sync.register.verify import verify
from tests.sync.test_register_words import said
from tests.sync.world import World, enterprise

__all__ = ["said"]  # fixture


@pytest.fixture
def fresh(folder):
    store = open_store(f"sqlite:///{folder / 'fresh.db'}")
    yield store
    store.close()


@pytest.fixture
def copied(quick, tmp_path):
    """A register with laptops, and a copy of it."""
    for who in ("ann", "ben", "fay", "lee"):
        quick.laptop(who)
    copies.make_copy(quick.store, tmp_path / "copy", quick.clock)
    quick.later()
    return quick


def device(world, who):
    return world.laptops[who].identity().device_id


def put_back(world, fresh, tmp_path):
    journal.keep(world.store, journal.beside_copy(tmp_path / "copy"))
    return copies.put_back(fresh, tmp_path / "copy", world.clock)


def standing(store, who):
    (one,) = admin.devices(store, who)
    retired = store.read(lambda tx: tx.people.is_retired(one.id))
    return bool(one.revoked_at), retired


def test_a_laptop_that_was_closed_stays_closed(copied, fresh, tmp_path):
    admin.revoke(copied.store, device(copied, "ann"), copied.clock, retired=True)
    copied.later()
    admin.revoke(copied.store, device(copied, "ann"), copied.clock)
    admin.revoke(copied.store, device(copied, "ben"), copied.clock, retired=True)
    done = put_back(copied, fresh, tmp_path)
    assert sorted(done.closed_again) == sorted(device(copied, who) for who in ("ann", "ben"))
    assert [standing(fresh, who) for who in ("ann", "ben", "fay")] == [
        (True, False),
        (True, True),
        (False, False),
    ]
    report = fresh.read(lambda tx: verify(tx, admin.register_key(fresh), []))
    assert report.ok, report.faults
    told = fresh.read(closings.told_of)
    assert len(told) == 2, "it goes on into the next list"
    assert fresh.write(lambda tx: closings.again(tx, told, copied.clock.now())) == []


def test_who_has_left_stays_out_and_who_came_back_since_is_not_shut_out(copied, fresh, tmp_path):
    admin.disable_person(copied.store, "ann", copied.clock)
    admin.disable_person(copied.store, "ben", copied.clock)
    copied.later()
    admin.add_person(copied.store, "ben", "Ben Hurst", "coach", clock=copied.clock)
    done = put_back(copied, fresh, tmp_path)
    assert done.closed_again == ("ann",)
    people = fresh.read(lambda tx: [tx.people.person(who).active for who in ("ann", "ben")])
    assert people == [False, True]


def test_who_left_before_the_copy_and_came_back_before_it_is_left_alone(quick, fresh, tmp_path):
    quick.laptop("ann")
    admin.disable_person(quick.store, "ann", quick.clock)
    journal.keep(quick.store, journal.beside_copy(tmp_path / "copy"))
    quick.later()
    admin.add_person(quick.store, "ann", "Ann Marsh", "coach", clock=quick.clock)
    copies.make_copy(quick.store, tmp_path / "copy", quick.clock)
    assert copies.put_back(fresh, tmp_path / "copy", quick.clock).closed_again == ()
    assert fresh.read(lambda tx: tx.people.person("ann").active)


def test_without_the_list_the_laptop_would_be_let_in(copied, fresh, tmp_path):
    admin.revoke(copied.store, device(copied, "ann"), copied.clock)
    done = copies.put_back(fresh, tmp_path / "copy", copied.clock)
    assert (done.closed_again, done.listed) == ((), False)
    assert standing(fresh, "ann") == (False, False)


def test_at_a_command_line_each_is_listed_at_once_and_said_when_a_copy_is_put_back(
    said, tmp_path, folder, capsys
):
    with World(said.url) as world:
        ann = world.laptop("ann")
        ann.add(enterprise())
        world.settle_down()
        one = device(world, "ann")
        assert said("backups", "make", str(tmp_path / "copy"))[0] == 0
        assert said("devices", "revoke", "--id", one)[0] == 0
        assert said("users", "disable", "--id", "ben")[0] == 0
        with pytest.raises(errors.DeviceRevoked):
            world.round(ann)
    beside = journal.beside_database(said.url)
    assert beside.is_file()
    words = ("backups", "restore", str(tmp_path / "copy"))
    code, told = register(capsys, folder / "one.db", *words, "--erased", str(beside))
    assert (code, f"closed again now:\n- {one}\n- ben\n" in told) == (0, True)
    code, told = register(capsys, folder / "two.db", *words)
    assert (code, "they are let in again" in told) == (0, True)


def register(capsys, database, *words):
    code = main(["register", *words, "--database", f"sqlite:///{database}"])
    return code, capsys.readouterr().out
