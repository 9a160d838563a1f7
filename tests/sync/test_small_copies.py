"""Small copies of photos: ahead of the whole ones on a slow line, and never instead of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from desktop.operations.far_files import fetch_next
from forms.facts.casework import Attachment
from forms.values import new_id
from sync import errors
from sync.client.files import fetch
from sync.client.pace import GOOD, Pace
from tests.sync.test_photos import Counted
from tests.sync.world import enterprise

SMALL, WHOLE = b"small copy %d" * 4000, b"the whole photo %d" * 60_000


def photo(laptop, case, number, **changed):
    whole = laptop.files.store(WHOLE.replace(b"%d", b"%d" % number), name="photo.txt")
    small = laptop.files.store(SMALL.replace(b"%d", b"%d" % number))
    made = Attachment(
        id=new_id(),
        enterprise_id=case.id,
        sha256=whole.sha256,
        size=whole.size,
        mime=whole.mime,
        name="photo.txt",
        small_sha256=small.sha256,
        small_size=small.size,
    )
    return laptop.add(replace(made, **changed))


class Timed(Counted):
    """A line on which an answer takes so long, and bytes go at such a speed."""

    def __init__(self, world, lag=0.0, speed=0.0):
        super().__init__(world)
        self.lag, self.speed = lag, speed

    def send(self, method, path, headers, body):
        answer = super().send(method, path, headers, body)
        self.world.clock.moment += timedelta(
            seconds=self.lag + (len(body) / self.speed if self.speed else 0.0)
        )
        return answer

    def parts(self):
        """Which file each part was of, said once for parts in a row."""
        names = [path.rsplit("/", 1)[1] for method, path, _ in self.sent if method == "PATCH"]
        return [name for n, name in enumerate(names) if n == 0 or names[n - 1] != name]


def two_photos(world):
    ann = world.laptop("ann")
    case = ann.add(enterprise())
    return ann, [photo(ann, case, 1), photo(ann, case, 2)]


def test_on_a_line_that_answers_slowly_every_small_copy_goes_before_any_whole_photo(quick):
    ann, photos = two_photos(quick)
    line = Timed(quick, lag=0.4)
    report = quick.round(ann, line)
    assert (report.small_sent, report.files_sent) == (2, 2)
    order = line.parts()
    assert set(order[:2]) == {one.small_sha256 for one in photos}
    assert set(order[2:]) == {one.sha256 for one in photos}


def test_with_the_pace_not_looked_at_whole_photos_would_go_at_once(quick, monkeypatch):
    monkeypatch.setattr(Pace, "is_slow", False)
    ann, photos = two_photos(quick)
    line = Timed(quick, lag=0.4)
    quick.round(ann, line)
    assert set(line.parts()) == {one.sha256 for one in photos}


def test_on_a_good_line_no_small_copy_is_sent(quick):
    ann, photos = two_photos(quick)
    line = Timed(quick, lag=0.03, speed=GOOD * 4)
    assert quick.round(ann, line).small_sent == 0
    assert set(line.parts()) == {one.sha256 for one in photos}
    assert quick.round(ann).requests == 1, "nothing is left over"


def test_a_photo_that_shows_that_the_line_is_slow_lets_the_small_copies_past(quick):
    ann, photos = two_photos(quick)
    line = Timed(quick, lag=0.03, speed=GOOD / 3)
    report = quick.round(ann, line)
    assert (report.small_sent, report.files_sent) == (2, 2)
    first, *between, last = line.parts()
    assert set(between[:2]) == {one.small_sha256 for one in photos}
    assert between[2] == first, "it goes on where it was"
    assert last != first
    bytes_of = sum(size for method, _, size in line.sent if method == "PATCH")
    assert bytes_of == sum(one.size + one.small_size for one in photos), "nothing twice"


def test_where_sending_costs_money_small_copies_go_and_whole_photos_wait(quick):
    ann, photos = two_photos(quick)
    line = Timed(quick)
    report = quick.round(ann, line, with_files=False)
    assert (report.small_sent, report.files_sent) == (2, 0)
    assert set(line.parts()) == {one.small_sha256 for one in photos}
    assert {one.sha256 for one in ann.files.unsent()} == {one.sha256 for one in photos}
    line = Timed(quick, lag=0.4)
    assert quick.round(ann, line).files_sent == 2
    assert set(line.parts()) == {one.sha256 for one in photos}, "no small copy a second time"


def test_a_register_that_does_not_know_small_copies_gets_the_whole_ones(quick, monkeypatch):
    from sync.register import files

    real = files._size

    def size(row, sha256):
        found = real(row, sha256)
        if found[1] == files.MAX_SMALL:
            raise files.Troubled(404, files.Trouble(trouble="unknown_file"))
        return found

    monkeypatch.setattr(files, "_size", size)
    ann, _ = two_photos(quick)
    report = quick.round(ann, Timed(quick, lag=0.4))
    assert (report.small_sent, report.files_sent, report.refused) == (0, 2, [])


def test_a_small_copy_has_to_be_small(quick):
    ann = quick.laptop("ann")
    case = ann.add(enterprise())
    small = ann.files.store(b"x" * ((1 << 20) + 1))
    whole = ann.files.store(b"w" * 10)
    ann.add(
        Attachment(
            id=new_id(), enterprise_id=case.id, sha256=whole.sha256, size=whole.size,
            mime="image/jpeg", small_sha256=small.sha256, small_size=small.size,
        )
    )  # fmt: skip
    report = quick.round(ann, with_files=False)
    assert (report.small_sent, report.refused) == (0, [])
    assert quick.store.read(lambda tx: tx.blobs.status(small.sha256)) is None


def test_what_is_written_while_photos_go_does_not_wait_for_the_rest(quick):
    ann, photos = two_photos(quick)

    class Typing(Timed):
        def send(self, method, path, headers, body):
            if method == "PATCH" and not [m for m, _, _ in self.sent if m == "PATCH"]:
                ann.set(photos[0].id, caption="Typed while photos went")
            return super().send(method, path, headers, body)

    line = Typing(quick)
    quick.round(ann, line)
    asked = [path.split("/")[2] for _, path, _ in line.sent]
    blobs = [n for n, name in enumerate(asked) if name == "blob"]
    assert blobs[0] < asked.index("push", 1) < blobs[-1]
    assert quick.row(photos[0].id).fields["caption"] == "Typed while photos went"


def test_another_laptop_sees_the_small_copy_and_later_the_whole_photo(vaults):
    ann, lee = vaults.laptop("ann"), vaults.laptop("lee")
    case = ann.add(enterprise())
    one = photo(ann, case, 1)
    vaults.round(ann, with_files=False)
    vaults.round(lee)
    data = fetch(lee, vaults.line, vaults.clock, one.small_sha256)
    assert lee.files.read(one.small_sha256) == data == SMALL.replace(b"%d", b"1")
    with pytest.raises(errors.Refused, match="not at the council yet"):
        fetch(lee, vaults.line, vaults.clock, one.sha256)
    vaults.round(ann)
    assert len(fetch(lee, vaults.line, vaults.clock, one.sha256)) == one.size
    assert vaults.round(lee).requests <= 3
    assert vaults.round(lee).requests == 1


def test_the_ledger_says_that_the_council_has_the_small_copy(vaults):
    ann = vaults.laptop("ann")
    one = photo(ann, ann.add(enterprise()), 1)

    def line():
        return next(x for x in ann.vault.ledger("all").lines if x.kind == "file")

    assert (line().standing, line().small_sent_at, line().size) == ("waiting", None, one.size)
    vaults.round(ann, with_files=False)
    assert line().standing == "waiting"
    assert line().small_sent_at is not None
    vaults.round(ann)
    assert line().standing == "accepted"


def test_a_photo_whose_small_copy_is_misnamed_comes_whole(vaults, monkeypatch):
    ann, lee = vaults.laptop("ann"), vaults.laptop("lee")
    one = photo(ann, ann.add(enterprise()), 1, small_size=0)
    vaults.round(ann)
    vaults.round(lee)

    class Line(Counted):
        def close(self):
            pass

    monkeypatch.setattr("sync.client.transport.open_transport", lambda _: Line(vaults))
    (here,) = lee.all(Attachment)
    assert (here.small_size, lee.files.has(one.sha256)) == (0, False)
    assert fetch_next(lee, vaults.clock, one.id)
    assert len(lee.files.read(one.sha256)) == one.size


def test_a_photo_that_is_damaged_here_comes_whole_from_the_register(vaults):
    ann = vaults.laptop("ann")
    one = photo(ann, ann.add(enterprise()), 1)
    vaults.round(ann)
    name = ann.vault._db.row("SELECT file_name FROM stored_file WHERE sha256 = ?", (one.sha256,))[0]
    (ann.folder / "vault" / "files" / name).write_bytes(b"HGF1 damaged")
    fetch(ann, vaults.line, vaults.clock, one.sha256)
    assert len(ann.files.read(one.sha256)) == one.size
