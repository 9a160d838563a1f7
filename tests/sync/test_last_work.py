"""The last work of a laptop closed as retired: all of it gets there, and none is let go unseen."""

from __future__ import annotations

import pytest

from sync import errors
from sync.client.exchange import RoundReport
from sync.client.files import NOT_YET
from sync.register import admin, quarantine
from sync.register.errors import Troubled
from tests.sync.test_carry import a_file, ann, post
from tests.sync.world import enterprise

__all__ = ["ann", "post"]  # fixtures


def close(world, laptop, *, retired=True):
    device = laptop.exchange.identity().device_id
    admin.revoke(world.store, device, world.clock, retired=retired)


def told_no(world, laptop):
    report = RoundReport()
    with pytest.raises(errors.DeviceRevoked):
        world.round(laptop, report=report)
    return report.refused


def take_in(world, *places):
    places = places or [one.feed_seq for one in quarantine.kept(world.store)]
    return quarantine.take_in(world.store, places, by="lee", clock=world.clock)


def there(world, file):
    return world.store.read(lambda tx: tx.blobs.complete({file.sha256})) == {file.sha256}


def test_an_edit_that_is_taken_before_its_record_waits_and_is_taken_after_it(quick, ann):
    case = ann.add(enterprise())
    ann.set(case.id, place="Rye")
    close(quick, ann)
    told_no(quick, ann)
    new, edit = (one.feed_seq for one in quarantine.kept(quick.store))
    assert take_in(quick, edit) == {edit: "held:unknown_record"}
    assert take_in(quick) == {new: "ok", edit: "ok"}
    assert quick.row(case.id).fields["place"] == "Rye"


@pytest.mark.parametrize("days", [(45, 0), (0, 45)])
def test_what_comes_or_is_looked_at_late_counts_once_a_lead_has_looked(quick, ann, days):
    """Its case went to another coach meanwhile; only by itself would it be too late."""
    lee, ben = quick.laptop("lee"), quick.laptop("ben")
    case = ann.add(enterprise())
    quick.settle_down(ann, lee)
    ann.set(case.id, place="Rye")
    assert quick.ask(lee, "case.transfer", case.id, to_coach_id="ben").state == "granted"
    close(quick, ann)
    quick.later(days=days[0])
    told_no(quick, ann)
    quick.later(days=days[1])
    assert list(take_in(quick).values()) == ["ok"]
    assert quick.row(case.id).fields["place"] == "Rye"
    quick.settle_down(ben)
    assert ben.get(type(case), case.id).place == "Rye"
    assert take_in(quick, 0) == {}


def test_its_photos_wait_for_their_record_to_be_looked_at_and_then_go(quick, ann):
    case = ann.add(enterprise())
    quick.settle_down(ann)
    file = a_file(ann, case)
    close(quick, ann)
    assert told_no(quick, ann) == [NOT_YET]
    assert told_no(quick, ann) == [], "it is said once"
    assert [one.sha256 for one in ann.files.unsent()] == [file.sha256]
    assert not there(quick, file)
    assert list(take_in(quick).values()) == ["ok"]
    told_no(quick, ann)
    assert there(quick, file)
    assert ann.files.unsent() == []


def test_its_photo_goes_to_the_coach_who_has_the_case_now(quick, ann):
    lee, ben = quick.laptop("lee"), quick.laptop("ben")
    case = ann.add(enterprise())
    quick.settle_down(ann, lee)
    file = a_file(ann, case)
    assert quick.ask(lee, "case.transfer", case.id, to_coach_id="ben").state == "granted"
    close(quick, ann)
    admin.disable_person(quick.store, "ann", quick.clock)
    told_no(quick, ann)
    assert list(take_in(quick).values()) == ["ok"]
    told_no(quick, ann)
    assert there(quick, file)
    quick.settle_down(ben)
    assert ben.get(type(file), file.id).sha256 == file.sha256


def test_photos_of_a_lost_laptop_stay_on_it_and_it_reads_none(quick, ann):
    case = ann.add(enterprise())
    quick.settle_down(ann)
    file = a_file(ann, case)
    quick.round(ann, with_files=False)
    close(quick, ann, retired=False)
    told_no(quick, ann)
    assert not there(quick, file)
    assert [one.sha256 for one in ann.files.unsent()] == [file.sha256]


def test_a_retired_laptop_sends_bytes_and_reads_none(quick, ann):
    from sync.client.files import fetch

    case = ann.add(enterprise())
    file = a_file(ann, case)
    quick.settle_down(ann)
    assert there(quick, file)
    close(quick, ann)
    with pytest.raises(errors.DeviceRevoked):
        fetch(ann, quick.line, quick.clock, file.sha256)


def test_without_a_line_it_goes_by_hand_and_nothing_comes_back_but_receipts(quick, post, ann):
    case = ann.add(enterprise())
    quick.settle_down(ann)
    file = a_file(ann, case)
    close(quick, ann)
    post.out(ann)
    post.take()
    with pytest.raises(errors.DeviceRevoked, match="closed this laptop's access"):
        post.back(ann)
    assert ann.exchange.unsent_count() == 0
    assert [one.sha256 for one in ann.files.unsent()] == [file.sha256]
    assert list(take_in(quick).values()) == ["ok"]
    post.out(ann, "photo")
    post.take("photo", "back of it")
    with pytest.raises(errors.DeviceRevoked):
        post.back(ann, "back of it")
    assert there(quick, file)
    assert ann.files.unsent() == []
    post.out(ann, "nothing")
    with pytest.raises(Troubled, match="closed this laptop's access"):
        post.take("nothing", "no answer")
