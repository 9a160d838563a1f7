"""The last work of a laptop closed as retired: all of it gets there, and none is let go unseen."""

from __future__ import annotations

import pytest

from sync import errors
from sync.client.exchange import RoundReport
from sync.client.files import NOT_YET
from sync.register import admin, quarantine
from sync.register.errors import NotAllowed, Troubled
from tests.sync.laptop import Laptop
from tests.sync.test_carry import Post, a_file
from tests.sync.vaults import VaultLaptop
from tests.sync.world import enterprise, take_in


@pytest.fixture
def ann(world):
    """Ann's real vault."""
    world.make = VaultLaptop
    laptop = world.laptop("ann", "ann's vault")
    world.make = Laptop
    yield laptop
    laptop.close()


def close(world, laptop, *, retired=True):
    device = laptop.exchange.identity().device_id
    admin.revoke(world.store, device, world.clock, retired=retired)


def told_no(world, laptop):
    report = RoundReport()
    with pytest.raises(errors.DeviceRevoked):
        world.round(laptop, report=report)
    return report.refused


def there(world, file):
    return world.store.read(lambda tx: tx.blobs.complete({file.sha256})) == {file.sha256}


def test_an_edit_that_is_taken_before_its_record_waits_and_is_taken_after_it(world, ann):
    case = ann.add(enterprise())
    ann.set(case.id, place="Rye")
    close(world, ann)
    told_no(world, ann)
    new, edit = (one.feed_seq for one in quarantine.kept(world.store))
    assert take_in(world, edit) == {edit: "held:unknown_record"}
    assert take_in(world) == {new: "ok", edit: "ok"}
    assert world.row(case.id).fields["place"] == "Rye"


@pytest.mark.parametrize("who", ["ann", "ben", "fay", "nobody"])
def test_nobody_but_a_lead_lets_the_last_work_count(world, ann, who):
    case = ann.add(enterprise())
    close(world, ann)
    told_no(world, ann)
    (kept,) = quarantine.kept(world.store)
    with pytest.raises(NotAllowed, match=r"Nothing was changed\."):
        quarantine.take_in(world.store, [kept.feed_seq], by=who, clock=world.clock)
    assert (world.row(case.id), len(quarantine.kept(world.store))) == (None, 1)


@pytest.mark.parametrize("days", [(45, 0), (0, 45)])
def test_what_comes_or_is_looked_at_late_counts_once_a_lead_has_looked(world, ann, days):
    """Its case went to another coach meanwhile; only by itself would it be too late."""
    lee, ben = world.laptop("lee"), world.laptop("ben")
    case = ann.add(enterprise())
    world.settle_down(ann, lee)
    ann.set(case.id, place="Rye")
    assert world.ask(lee, "case.transfer", case.id, to_coach_id="ben").state == "granted"
    close(world, ann)
    world.later(days=days[0])
    told_no(world, ann)
    world.later(days=days[1])
    assert list(take_in(world).values()) == ["ok"]
    assert world.row(case.id).fields["place"] == "Rye"
    world.settle_down(ben)
    assert ben.get(type(case), case.id).place == "Rye"
    assert take_in(world, 0) == {}


def test_its_photos_wait_for_their_record_to_be_looked_at_and_then_go(world, ann):
    case = ann.add(enterprise())
    world.settle_down(ann)
    file = a_file(ann, case)
    close(world, ann)
    assert told_no(world, ann) == [NOT_YET]
    assert told_no(world, ann) == [], "it is said once"
    assert [one.sha256 for one in ann.files.unsent()] == [file.sha256]
    assert not there(world, file)
    assert list(take_in(world).values()) == ["ok"]
    told_no(world, ann)
    assert there(world, file)
    assert ann.files.unsent() == []


def test_its_photo_goes_to_the_coach_who_has_the_case_now(world, ann):
    lee, ben = world.laptop("lee"), world.laptop("ben")
    case = ann.add(enterprise())
    world.settle_down(ann, lee)
    file = a_file(ann, case)
    assert world.ask(lee, "case.transfer", case.id, to_coach_id="ben").state == "granted"
    close(world, ann)
    admin.disable_person(world.store, "ann", world.clock)
    told_no(world, ann)
    assert list(take_in(world).values()) == ["ok"]
    told_no(world, ann)
    assert there(world, file)
    world.settle_down(ben)
    assert ben.get(type(file), file.id).sha256 == file.sha256


def test_photos_of_a_lost_laptop_stay_on_it_and_it_reads_none(world, ann):
    case = ann.add(enterprise())
    world.settle_down(ann)
    file = a_file(ann, case)
    world.round(ann, with_files=False)
    close(world, ann, retired=False)
    told_no(world, ann)
    assert not there(world, file)
    assert [one.sha256 for one in ann.files.unsent()] == [file.sha256]


def test_a_retired_laptop_sends_bytes_and_reads_none(world, ann):
    from sync.client.files import fetch

    case = ann.add(enterprise())
    file = a_file(ann, case)
    world.settle_down(ann)
    assert there(world, file)
    close(world, ann)
    with pytest.raises(errors.DeviceRevoked):
        fetch(ann, world.line, world.clock, file.sha256)


def test_without_a_line_it_goes_by_hand_and_nothing_comes_back_but_receipts(world, ann, tmp_path):
    post = Post(world, tmp_path)
    case = ann.add(enterprise())
    world.settle_down(ann)
    file = a_file(ann, case)
    close(world, ann)
    post.out(ann)
    post.take()
    with pytest.raises(errors.DeviceRevoked, match="closed this laptop's access"):
        post.back(ann)
    assert ann.exchange.unsent_count() == 0
    assert [one.sha256 for one in ann.files.unsent()] == [file.sha256]
    assert list(take_in(world).values()) == ["ok"]
    post.out(ann, "photo")
    post.take("photo", "back of it")
    with pytest.raises(errors.DeviceRevoked):
        post.back(ann, "back of it")
    assert there(world, file)
    assert ann.files.unsent() == []
    post.out(ann, "nothing")
    with pytest.raises(Troubled, match="closed this laptop's access"):
        post.take("nothing", "no answer")
