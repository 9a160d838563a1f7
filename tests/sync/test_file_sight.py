"""A file's bytes are for who may see a record that they came by, or has them: a hash is no key."""

from __future__ import annotations

import importlib

import pytest

from forms.facts.casework import Attachment
from forms.values import new_id
from sync.client.files import _path
from sync.client.wire import Line, Told
from sync.protocol import BlobReply
from sync.register import migrations
from tests.sync.test_photos import Counted, photo
from tests.sync.world import enterprise

SECRET = b"A passport, page one. " * 2000


def line_of(world, laptop):
    return Line(world.line, laptop.exchange.identity(), world.clock)


def named(laptop, case, stored):
    """A record of a file whose bytes are not here."""
    return laptop.add(
        Attachment(
            id=new_id(), enterprise_id=case.id, sha256=stored.sha256, size=stored.size,
            mime=stored.mime, name="mine.txt",
        )
    )  # fmt: skip


def told(world, laptop, stored, record):
    from sync.client.files import _Nothing

    line = line_of(world, laptop)
    status = line.ask(f"/v1/blob/{stored.sha256}?for={record.id}", _Nothing(), BlobReply)
    return status, line.raw("GET", _path(stored.sha256, record.id, 0), b"")


def sends(world, laptop, stored, record, start, part):
    from sync.client.files import _status

    path = _path(stored.sha256, record.id, start)
    return _status(line_of(world, laptop).raw("PATCH", path, part))


@pytest.fixture
def theirs(world):
    """Ann's paper at the register, and a record of Ben's that names its hash."""
    ann, ben = world.laptop("ann"), world.laptop("ben")
    stored = photo(ann, ann.add(enterprise()), SECRET)
    world.round(ann)
    record = named(ben, ben.add(enterprise("ben")), stored)
    world.round(ben)
    return ben, stored, record


def test_who_knows_a_hash_reads_nothing_by_a_record_of_their_own(world, theirs):
    ben, stored, record = theirs
    status, part = told(world, ben, stored, record)
    assert (status.complete, status.held, part) == (False, 0, b"")


def test_who_has_the_bytes_shows_it_and_is_heard_in_the_end_alone(world, theirs):
    ben, stored, record = theirs
    for first, whole in ((b"x" * 30_000, False), (SECRET[:30_000], True)):
        assert sends(world, ben, stored, record, 0, first).held == 30_000
        assert sends(world, ben, stored, record, 7, b"out of turn").held == 30_000
        last = sends(world, ben, stored, record, 30_000, SECRET[30_000:])
        assert (last.complete, last.held) == (whole, stored.size if whole else 0)
        status, part = told(world, ben, stored, record)
        assert (status.complete, bool(part)) == (whole, whole)
    assert world.store.read(lambda tx: tx.limits.held("ben")) == 0, "nothing was kept of it"
    assert world.store.read(lambda tx: tx.limits.held("ann")) == stored.size


def test_more_than_the_file_shows_nothing(world, theirs):
    ben, stored, record = theirs
    assert sends(world, ben, stored, record, 0, SECRET + b"x").held == 0
    assert not told(world, ben, stored, record)[0].complete


def test_a_coach_who_took_the_same_paper_sends_it_and_all_is_as_it_was(world, theirs):
    ben, stored, _ = theirs
    ben.files.store(SECRET)
    line = Counted(world)
    assert world.round(ben, line).files_sent == 1
    assert [size for method, _, size in line.sent if method == "PATCH"] == [stored.size]


def test_the_same_paper_in_a_second_case_goes_with_that_case(world):
    """It was sent once: whoever gets the other case reads it all the same."""
    ann, ben = world.laptop("ann"), world.laptop("ben")
    stored = photo(ann, ann.add(enterprise()), SECRET)
    world.round(ann)
    second = ann.add(enterprise())
    record = named(ann, second, stored)
    assert world.round(ann).files_sent == 0
    lee = world.laptop("lee")
    world.settle_down()
    assert world.ask(lee, "case.transfer", second.id, to_coach_id="ben").state == "granted"
    world.settle_down()
    status, part = told(world, ben, stored, record)
    assert (status.complete, bool(part)) == (True, True)
    third = named(ben, ben.add(enterprise("ben")), stored)  # and on, by who read it there
    world.round(ben)
    assert told(world, ben, stored, third)[1] == part


def test_a_record_of_a_colleague_that_was_changed_to_name_it_shows_nothing(world):
    ann, ben, lee = (world.laptop(who) for who in ("ann", "ben", "lee"))
    stored = photo(ann, ann.add(enterprise()), SECRET)
    case = ann.add(enterprise())
    photo(ann, case, b"another")
    record = next(one for one in ann.all(Attachment) if one.enterprise_id == case.id)
    world.settle_down()
    assert world.ask(lee, "case.transfer", case.id, to_coach_id="ben").state == "granted"
    world.settle_down()
    ben.set(record.id, sha256=stored.sha256, size=stored.size)
    world.round(ben)
    assert told(world, ben, stored, record)[1] == b""


def test_after_a_register_was_put_back_who_has_it_shows_it_again(world, theirs):
    ben, _, record = theirs
    ben.files.store(SECRET)
    world.settle_down()
    assert ben.files.unsent() == []
    world.store.write(lambda tx: tx.blobs.unshow([record.id]))
    world.later(days=1, minutes=1)
    report = world.round(ben)
    assert (report.files_again, report.files_sent) == (1, 1)


def test_what_was_sent_under_the_older_rule_is_read_by_who_read_it(world, theirs):
    ben, stored, record = theirs

    def older(tx):
        tx.connection.exec_driver_sql("DELETE FROM blob_shown")
        migrations.fill(tx.connection, 11)

    world.store.write(older)
    status, part = told(world, ben, stored, record)
    assert (status.complete, bool(part)) == (True, True)


def test_a_stranger_to_the_case_is_told_what_they_always_were(world, theirs):
    _, stored, record = theirs
    with pytest.raises(Told) as said:
        told(world, world.laptop("ann"), stored, record)
    assert said.value.trouble.trouble == "unknown_file"


def test_a_step_that_fills_does_it_for_both_databases():
    step = importlib.import_module("sync.register.migrations.m0012_bytes_shown")
    assert set(step.FILLS) == {"sqlite", "postgresql"}
