"""Sticks as they are: too small, full, locked, pulled out, mixed up. In words, and none half."""

from __future__ import annotations

import errno
import os
from dataclasses import replace

import pytest

from forms.facts.people import Enterprise
from forms.rules.decisions import decide as programme_rules
from sync import carried, errors
from sync.client import carry
from sync.client.enrol import enrol
from sync.client.exchange import Round, RoundReport, put_receipt
from sync.client.receipt import Receipt
from sync.client.wire import Line
from sync.protocol import CHUNK_BYTES, PushReply, WireAck
from sync.register import admin, copies
from sync.register.errors import CarriedRefused, NotAnswered
from sync.register.service import Register
from sync.register.store import open_store
from tests.sync.test_carry import a_file, ann, post, three_papers
from tests.sync.vaults import VaultLaptop
from tests.sync.world import World, enterprise, kent

__all__ = ["ann", "post"]  # fixtures


class Failing:
    """A file on a stick: so many bytes go, then the system says why not."""

    def __init__(self, file, room, number):
        self._file, self._room, self._number = file, room, number

    def write(self, data):
        self._room -= len(data)
        if self._room < 0:
            raise OSError(self._number, "the stick")
        return self._file.write(data)

    def __getattr__(self, name):
        return getattr(self._file, name)


def fails_after(monkeypatch, room, number):
    real = carried.write
    monkeypatch.setattr(
        carry.carried,
        "write",
        lambda out, *rest, **more: real(Failing(out, room, number), *rest, **more),
    )


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "not enough room on the stick"),
        (errno.EFBIG, "not enough room on the stick"),  # of a FAT32 stick, over 4 GB
        (errno.EIO, "was it taken out"),
        (errno.ENODEV, "was it taken out"),
        (errno.EROFS, "a switch that locks it"),
        (errno.EINVAL, "cannot have that name there"),
    ],
)
@pytest.mark.parametrize("room", [0, 300, 60_000])
def test_a_stick_that_fails_leaves_no_file_and_is_said(post, ann, monkeypatch, number, words, room):
    three_papers(ann)
    fails_after(monkeypatch, room, number)
    with pytest.raises(errors.StickTrouble, match=words) as said:
        post.out(ann)
    assert "nothing counts as sent" in str(said.value)
    assert list(post.folder.glob("out*")) == []
    monkeypatch.undo()
    assert post.out(ann).ops == 4
    post.take()
    assert post.back(ann).pushed == 4


def test_a_stick_that_is_not_there(post, ann):
    with pytest.raises(errors.StickTrouble, match="was the stick taken out"):
        post.out(ann, "gone/out")
    with pytest.raises(errors.StickTrouble, match=r"is the name another.*read the file once more"):
        post.back(ann, "gone")
    with pytest.raises(errors.StickTrouble, match="a folder and no file"):
        post.back(ann, ".")


@pytest.mark.parametrize("reads", range(1, 60, 4))
def test_a_stick_pulled_out_while_it_is_read_loses_nothing(quick, post, ann, monkeypatch, reads):
    """Before the answer is known to be whole, and while it is taken in."""
    three_papers(ann)
    lee = quick.laptop("lee")
    quick.settle_down(lee)
    lee.add(enterprise(name="Quick Steps"))
    quick.settle_down(lee)
    post.out(ann)
    post.take()
    left = iter(range(reads))
    real = carried._Box.open

    def pulled(box, source):
        if next(left, None) is None:
            raise OSError(errno.EIO, "the stick")
        return real(box, source)

    monkeypatch.setattr(carried._Box, "open", pulled)
    try:
        post.back(ann)
    except errors.StickTrouble as said:
        assert "Nothing is lost" in str(said)  # noqa: PT017 - late enough it is not noticed
    monkeypatch.undo()
    post.back(ann)
    assert ann.exchange.unsent_count() == 0
    assert ann.files.unsent() == []
    assert quick.round(ann).quiet


def test_the_answer_does_not_stay_half_on_the_stick(quick, post, ann, monkeypatch):
    """At the council the stick is full: no half answer has the answer's name, nor another."""
    from sync.register import carry as council

    ann.add(enterprise())
    post.out(ann)

    def full(_source, target, _size):
        target.write(b"some")
        raise OSError(errno.ENOSPC, "the stick")

    monkeypatch.setattr(council.shutil, "copyfileobj", full)
    with pytest.raises(NotAnswered, match=r"the stick.*nothing counts twice"):
        post.take()
    assert [path.name for path in post.folder.glob("back*")] == []
    monkeypatch.undo()
    post.take()
    assert post.back(ann).pushed == 1


def test_a_photo_larger_than_the_stick_says_how_much_room_it_needs(post, ann):
    large, _, _ = three_papers(ann)
    out = post.out(ann, room=250_000)
    assert (out.files, out.left) == (1, 2)
    assert out.needs == 200_009 + carry.OVERHEAD + carry.SPARE
    out = post.out(ann, "next", room=large.size + 400_000)
    assert (out.files, out.left) == (3, 0) or out.needs
    assert post.out(ann, "enough", room=700_000).needs == 0


def large_photo(ann, parts=3):
    data = b"%PDF-1.4 " + os.urandom(parts * CHUNK_BYTES + 77)
    return a_file(ann, ann.add(enterprise()), data)


ONE_PART = CHUNK_BYTES + 100_000  # of room


def test_a_photo_larger_than_every_stick_goes_in_parts(quick, post, ann):
    one = large_photo(ann)
    held = []
    for number in range(3):
        out = post.out(ann, f"out {number}", room=ONE_PART)
        assert (post.folder / f"out {number}").stat().st_size < ONE_PART
        last = number == 2
        assert (out.begun, out.files, out.left, out.needs) == (not last, last, not last, 0)
        post.take(f"out {number}", f"back {number}")
        report = post.back(ann, f"back {number}")
        held.append(ann.files.held_there().get(one.sha256, 0))
        assert report.files_sent == last
    assert held == [CHUNK_BYTES, 2 * CHUNK_BYTES, 0]
    assert ann.files.unsent() == []
    assert quick.store.read(lambda tx: tx.blobs.complete([one.sha256])) == {one.sha256}


def test_its_sticks_are_lost_read_twice_and_mixed_up(quick, post, ann):
    """And the line sends a part, and the register forgets: it goes on from what is held."""
    one = large_photo(ann)
    for name in ("first", "again"):  # the first never came back: the second holds the same
        post.out(ann, name, room=ONE_PART)
    post.take("again", "back again")
    post.back(ann, "back again")
    post.out(ann, "second", room=ONE_PART)
    post.take("second", "back 2")
    post.take("first", "back 1")  # late, and known
    post.back(ann, "back 1")
    post.back(ann, "back again")  # older news: it would only send more than it must
    assert ann.files.held_there() == {one.sha256: CHUNK_BYTES}
    post.back(ann, "back 2")
    named = ann.files.named_by(one.sha256)
    quick.store.write(lambda tx: tx.blobs.uploads.let_go_for(named))
    post.out(ann, "third", room=1 << 40)
    post.take("third", "back 3")
    assert post.back(ann, "back 3").files_sent == 0, "it follows on nothing there"
    assert [each.sha256 for each in ann.files.unsent()] == [one.sha256]
    post.out(ann, "fourth", room=1 << 40)
    post.take("fourth", "back 4")
    assert post.back(ann, "back 4").files_sent == 1
    assert quick.store.read(lambda tx: tx.blobs.complete([one.sha256])) == {one.sha256}


def test_where_not_even_a_part_fits_it_says_how_much_room_a_part_needs(post, ann):
    large_photo(ann)
    out = post.out(ann, room=CHUNK_BYTES // 2)
    assert (out.begun, out.files, out.left) == (0, 0, 1)
    assert out.needs == CHUNK_BYTES + carry.OVERHEAD + carry.SPARE


def test_two_sticks_in_the_wrong_order(quick, post, ann):
    """The second one first, at the council and at home: what is known is known."""
    lee = quick.laptop("lee")
    case = ann.add(enterprise(place="Rye"))
    post.out(ann, "first")
    ann.set(case.id, place="Deal")
    post.out(ann, "second")
    post.take("second", "back 2")
    post.take("first", "back 1")
    assert quick.row(case.id).fields["place"] == "Deal"
    quick.settle_down(lee)
    lee.set(case.id, phone="01303 000099")
    quick.settle_down(lee)
    post.back(ann, "back 2")
    post.back(ann, "back 1")
    assert ann.exchange.unsent_count() == 0
    assert ann.get(Enterprise, case.id).place == "Deal"
    post.out(ann, "third")
    post.take("third", "back 3")
    post.back(ann, "back 3")
    assert ann.get(Enterprise, case.id).phone == "01303 000099"
    mark = ann.exchange.bookmark()
    for old in ("back 1", "back 3", "back 2"):
        report = post.back(ann, old)
        assert (report.pulled, report.left) == (0, 0)
    assert ann.exchange.bookmark() == mark
    assert quick.round(ann).quiet


@pytest.fixture
def put_back(quick, post, ann, tmp_path):
    """A register that was put back after a photo was carried to it, and an answer from before."""
    case = ann.add(enterprise())
    quick.settle_down(ann)
    copies.make_copy(quick.store, tmp_path / "copy", quick.clock)
    file = a_file(ann, case)
    ann.set(case.id, place="Rye")
    post.both_ways(ann)
    was = quick.store
    quick.store = open_store(f"sqlite:///{tmp_path / 'another.db'}")
    copies.put_back(quick.store, tmp_path / "copy", quick.clock)
    key = admin.signing_key(quick.store)
    post.register = Register(quick.store, quick.clock, {"kent": kent()}, key, programme_rules)
    yield case, file
    quick.store.close()
    quick.store = was


def again(post, ann, name):
    post.out(ann, name)
    post.take(name, f"answer to {name}")
    return post.back(ann, f"answer to {name}")


@pytest.mark.parametrize("old_answer", [False, True])
def test_a_register_that_lost_a_photo_is_given_it_again_by_hand(
    quick, post, ann, put_back, old_answer
):
    """As over a line; and whoever reads an answer from before once more loses nothing by it."""
    case, file = put_back
    with pytest.raises(errors.CarriedAgain):
        again(post, ann, "first")
    if old_answer:
        post.back(ann)
        with pytest.raises(errors.CarriedAgain):
            again(post, ann, "second")
    assert again(post, ann, "third").files_again == 1
    assert [one.sha256 for one in ann.files.unsent()] == [file.sha256]
    assert quick.row(case.id).fields["place"] == "Rye"
    assert again(post, ann, "fourth").files_sent == 1
    assert quick.store.read(lambda tx: tx.blobs.complete({file.sha256})) == {file.sha256}
    post.back(ann, "answer to third")  # older news: it goes once more, and that is all
    again(post, ann, "fifth")
    assert ann.files.unsent() == []
    assert again(post, ann, "sixth").files_again == 0


def test_a_receipt_that_comes_while_a_stick_gives_what_waits_new_names_clears_none_of_it(
    quick, ann
):
    """A round is under way, and an answer is read meanwhile that has the rest go on anew."""
    ann.add(enterprise())
    ann.add(enterprise(name="Quick Steps"))

    before = ann.exchange.identity()
    fresh = before.incarnation + 1
    ops = ann.exchange.unsent(10)
    ann.exchange.adopt(replace(before, incarnation=fresh))
    this = Round(ann.vault, Line(quick.line, before, quick.clock), quick.clock, RoundReport())
    acks = [WireAck(seq=op.seq, feed_seq=n, result="ok") for n, op in enumerate(ops, start=1)]
    put_receipt(this, Receipt(PushReply(inc=before.incarnation, epoch="e", acks=acks), acks))
    assert ann.exchange.unsent_count() == 2


def test_an_old_answer_of_a_register_that_was_put_back_since_sends_nothing(quick, post, ann):
    """What it forgot waits again, and stays so until it has it: an old receipt is no receipt."""
    ann.add(enterprise())
    quick.round(ann)
    admin.new_history(quick.store)  # no copy is older here, but the register's history is another
    case = ann.add(enterprise(name="Quick Steps"))
    post.out(ann)
    post.take()
    with pytest.raises(errors.CarriedAgain):
        post.back(ann)
    assert ann.exchange.unsent_count()
    quick.round(ann)
    assert quick.row(case.id) is not None


def test_the_stick_of_another_council(quick, post, ann, tmp_path):
    """Neither end takes it, and each says so."""
    (tmp_path / "kent").mkdir()
    with World(f"sqlite:///{tmp_path / 'kent' / 'r.db'}", laptop=VaultLaptop) as other:
        from tests.sync.test_carry import Post

        theirs = Post(other, tmp_path / "kent")
        cara = other.laptop("ann")
        try:
            cara.add(enterprise())
            theirs.out(cara)
            (post.folder / "stray").write_bytes((theirs.folder / "out").read_bytes())
            with pytest.raises(CarriedRefused, match="a laptop that it knows"):
                post.take("stray", "no")
            assert not (post.folder / "no").exists()
            theirs.take()
            (post.folder / "stray").write_bytes((theirs.folder / "back").read_bytes())
            with pytest.raises(errors.CarriedRefused, match="another laptop"):
                post.back(ann, "stray")
            assert quick.log() == [] or all(op.record_id for op in quick.log())
            assert cara.exchange.unsent_count() == 1
        finally:
            cara.close()


def test_the_code_of_another_council(quick, ann, tmp_path):
    """What was sent to the one is not sent to the other, and the laptop stays where it is."""
    ann.add(enterprise())
    quick.settle_down(ann)
    before = ann.exchange.identity()
    with World(f"sqlite:///{tmp_path / 'r.db'}", laptop=VaultLaptop) as other:
        with pytest.raises(errors.OtherRegister, match="Nothing was sent"):
            enrol(ann, other.line, other.code("ann"), other.clock)
        assert other.log() == [] or all(op.kind != "enterprise" for op in other.log())
    assert ann.exchange.identity() == before
    assert ann.exchange.unsent_count() == 0
    assert quick.round(ann).quiet


def test_a_damaged_photo_does_not_hold_up_the_others(post, ann):
    small, _ = large_photo(ann, 2), large_photo(ann, 3)
    sql = "SELECT file_name FROM stored_file WHERE sha256 = ?"
    (name,) = ann.vault._db.row(sql, (small.sha256,))
    (ann.folder / "vault" / "files" / name).write_bytes(b"HGF1 damaged")
    out = post.out(ann, room=ONE_PART)
    assert (out.begun, out.left) == (1, 2)
