"""A file on its way: what one laptop sends is its own, whoever else sends the same or says so."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from sqlalchemy import insert

from forms.facts.casework import Attachment
from sync.client.files import _Nothing, _path, _status
from sync.protocol import BlobReply
from sync.register import migrations, tables
from tests.sync.test_erasure import erase
from tests.sync.test_file_sight import line_of, named
from tests.sync.test_photos import Counted, photo
from tests.sync.world import enterprise

PAPER = b"A passport, page one. " * 2000
HALF = 30_000
WRONG = b"x" * (len(PAPER) - HALF)


def sends(world, laptop, stored, record, start, part):
    path = _path(stored.sha256, record.id, start)
    return _status(line_of(world, laptop).raw("PATCH", path, part))


def asks(world, laptop, stored, record):
    path = f"/v1/blob/{stored.sha256}?for={record.id}"
    return line_of(world, laptop).ask(path, _Nothing(), BlobReply)


def counted(world, who):
    return world.store.read(lambda tx: tx.limits.held(who))


def parts(world):
    """How many bytes of files there are, whole or on their way."""
    query = "SELECT coalesce(sum(length(bytes)), 0) FROM blob_part"
    return world.store.read(lambda tx: tx.connection.exec_driver_sql(query).scalar())


@pytest.fixture
def half(world):
    """Half of Ann's paper has come; its record is at the register."""
    ann = world.laptop("ann")
    stored = photo(ann, ann.add(enterprise()), PAPER)
    world.round(ann, with_files=False)
    (record,) = ann.all(Attachment)
    assert sends(world, ann, stored, record, 0, PAPER[:HALF]).held == HALF
    return ann, stored, record


def knows(world, ann, record, stored, who):
    """A laptop that may send for a record of the same hash: its own record, or Ann's."""
    if who == "ben":
        ben = world.laptop("ben")
        mine = named(ben, ben.add(enterprise("ben")), stored)
        world.round(ben, with_files=False)
        return ben, mine
    return world.laptop("ann" if who == "ann's second" else who, who), record


@pytest.mark.parametrize("who", ["ben", "ann's second", "lee"])
def test_wrong_parts_of_another_laptop_spoil_nothing(world, half, who):
    ann, stored, record = half
    other, theirs = knows(world, ann, record, stored, who)
    sends(world, other, stored, theirs, 0, PAPER[:HALF])
    sends(world, other, stored, theirs, HALF, WRONG)
    assert asks(world, ann, stored, record).held == HALF
    last = sends(world, ann, stored, record, HALF, PAPER[HALF:])
    assert (last.complete, last.held) == (True, stored.size)


@pytest.mark.parametrize("who", ["ben", "ann's second", "lee"])
def test_a_wrong_beginning_is_not_what_a_laptop_goes_on_from(world, half, who):
    """Who comes first decides nothing: the other begins where it was itself."""
    ann, stored, record = half
    other, theirs = knows(world, ann, record, stored, who)
    assert asks(world, other, stored, theirs).held == 0
    for start, part in ((0, b"x" * HALF), (HALF, PAPER[HALF:])):
        told = sends(world, other, stored, theirs, start, part)
    assert (told.complete, told.held) == (False, 0)
    for start, part in ((0, PAPER[:HALF]), (HALF, PAPER[HALF:])):
        told = sends(world, other, stored, theirs, start, part)
    assert told.complete
    assert sends(world, ann, stored, record, HALF, PAPER[HALF:]).complete


def test_two_laptops_that_send_one_photo_both_go_on_from_where_they_were(world, half):
    ann, stored, record = half
    ben, theirs = knows(world, ann, record, stored, "ben")
    assert sends(world, ben, stored, theirs, 0, PAPER[: HALF // 2]).held == HALF // 2
    for laptop, start in ((ann, HALF), (ben, HALF // 2)):
        laptop.files.store(PAPER)
        line = Counted(world)
        report = world.round(laptop, line)
        assert (report.files_sent, report.refused) == (1, [])
        sent = [size for method, _, size in line.sent if method == "PATCH"]
        assert sum(sent) == stored.size - start, "from the last part that was taken"
    assert parts(world) == stored.size, "the bytes are kept once"


def test_each_is_counted_for_what_is_kept_of_theirs(world, half):
    ann, stored, record = half
    ben, theirs = knows(world, ann, record, stored, "ben")
    assert (counted(world, "ann"), counted(world, "ben")) == (HALF, 0)
    sends(world, ben, stored, theirs, 0, PAPER[:HALF])
    assert (counted(world, "ann"), counted(world, "ben")) == (HALF, HALF)
    sends(world, ben, stored, theirs, HALF, WRONG)
    assert (counted(world, "ann"), counted(world, "ben")) == (HALF, 0), "they were let go"
    sends(world, ben, stored, theirs, 0, PAPER[:HALF])
    sends(world, ann, stored, record, HALF, PAPER[HALF:])
    assert (counted(world, "ann"), counted(world, "ben")) == (stored.size, HALF)
    assert sends(world, ben, stored, theirs, HALF, PAPER[HALF:]).complete
    assert (counted(world, "ann"), counted(world, "ben")) == (stored.size, 0)
    world.store.write(lambda tx: tx.blobs.drop(stored.sha256))
    assert (counted(world, "ann"), counted(world, "ben")) == (0, 0), "what is gone is not counted"


def test_a_second_laptop_of_the_same_person_has_nothing_left_to_send(world, half):
    ann, stored, record = half
    second = world.laptop("ann", "second")
    sends(world, second, stored, record, 0, PAPER[:7])
    sends(world, ann, stored, record, HALF, PAPER[HALF:])
    assert asks(world, second, stored, record).complete
    assert sends(world, second, stored, record, 7, PAPER[7:]).complete
    assert (parts(world), counted(world, "ann")) == (stored.size, stored.size)


def test_parts_that_nobody_goes_on_with_go_in_the_end(world, half):
    ann, stored, record = half
    world.later(days=29)
    ben, theirs = knows(world, ann, record, stored, "ben")
    sends(world, ben, stored, theirs, 0, PAPER[:7])
    assert parts(world) == HALF + 7, "who comes back within a month goes on"
    world.later(days=2)
    lee = world.laptop("lee")
    sends(world, lee, stored, record, 0, PAPER[:5])
    assert parts(world) == 7 + 5
    assert counted(world, "ann") == 0
    assert asks(world, ann, stored, record).held == 0
    ann.files.store(PAPER)
    assert world.round(ann).files_sent == 1


def test_a_part_that_comes_twice_or_out_of_turn_changes_nothing(world, half):
    ann, stored, record = half
    for start in (0, 7, HALF + 1):
        assert sends(world, ann, stored, record, start, PAPER[:9]).held == HALF
    assert (parts(world), counted(world, "ann")) == (HALF, HALF)
    ben, theirs = knows(world, ann, record, stored, "ben")
    assert sends(world, ben, stored, theirs, 5, PAPER[:9]).held == 0
    assert counted(world, "ben") == 0


def test_an_erasure_takes_what_had_come_of_it_and_nobody_elses(world, half):
    ann, stored, record = half
    ben, theirs = knows(world, ann, record, stored, "ben")
    sends(world, ben, stored, theirs, 0, PAPER[:7])
    erase(world, SimpleNamespace(id=record.enterprise_id))
    assert (parts(world), counted(world, "ann"), counted(world, "ben")) == (7, 0, 7)
    assert sends(world, ben, stored, theirs, 7, PAPER[7:]).complete


def test_what_was_half_there_before_this_step_begins_anew(world, half):
    """Whose parts they were was not kept, so they are nobody's to go on with."""
    record = half[2]
    whole, begun = "a" * 64, "b" * 64

    def older(tx):
        add = lambda table, **values: tx.connection.execute(insert(table).values(**values))  # noqa: E731
        add(tables.blob, sha256=whole, size=9, held=9, complete=1)
        add(tables.blob_part, sha256=whole, start=0, bytes=b"nine byte")
        for record_id, held, good in ((record.id, 9, 1), ("other", 4, 1), ("wrong", 9, 0)):
            one = {"sha256": whole, "record_id": record_id, "held": held, "good": good}
            add(tables.blob_shown, **one)
        add(tables.blob, sha256=begun, size=9, held=4, complete=0)
        add(tables.blob_part, sha256=begun, start=0, bytes=b"half")
        migrations.fill(tx.connection, 12)

    world.store.write(older)
    assert parts(world) == HALF + 9
    look = world.store.read
    assert look(lambda tx: tx.blobs.status(begun)) is None
    assert look(lambda tx: tx.blobs.shown_by({whole})) == {(whole, record.id)}
    assert look(lambda tx: tx.blobs.read(whole, 0)) == b"nine byte"
