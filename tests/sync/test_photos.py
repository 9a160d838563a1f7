"""Photos and papers: after the records, in parts, when the line may carry them; said if refused."""

from __future__ import annotations

import pytest

from desktop.operations.exchange import _NEEDS_PERSON
from forms.facts.casework import Attachment
from forms.values import new_id
from sync import errors
from sync.client import files
from sync.client.exchange import FileGoing, RoundReport
from sync.client.wire import Line
from sync.protocol import CHUNK_BYTES
from tests.sync.world import enterprise


def photo(laptop, case, text=b"A receipt.\n"):
    stored = laptop.files.store(text, name="receipt.txt")
    laptop.add(
        Attachment(
            id=new_id(), enterprise_id=case.id, sha256=stored.sha256, size=stored.size,
            mime=stored.mime, name="receipt.txt",
        )
    )  # fmt: skip
    return stored


class Counted:
    """The line to the register, with what went over it; `breaks` ends it before such a request."""

    def __init__(self, world, breaks=lambda _method, _count: False):
        self.world, self.url, self.breaks, self.sent = world, world.line.url, breaks, []

    def send(self, method, path, headers, body):
        if self.breaks(method, len([m for m, _, _ in self.sent if m == method])):
            raise errors.Unreachable
        self.sent.append((method, path.split("?")[0], len(body)))
        return self.world.line.send(method, path, headers, body)


def test_photos_wait_for_a_network_that_costs_nothing_and_records_do_not(quick):
    ann = quick.laptop("ann")
    case = ann.add(enterprise())
    photo(ann, case)
    report = quick.round(ann, with_files=False)
    assert (report.pushed, report.files_sent, len(ann.files.unsent())) == (2, 0, 1)
    report = quick.round(ann)
    assert (report.files_sent, ann.files.unsent()) == (1, [])


def test_a_line_that_begins_to_cost_while_a_photo_goes_carries_no_more_of_it(quick):
    ann = quick.laptop("ann")
    text = b"0123456789abcdef" * (CHUNK_BYTES * 3 // 16)
    photo(ann, ann.add(enterprise()), text)
    line = Counted(quick)
    parts = lambda: [size for method, _, size in line.sent if method == "PATCH"]  # noqa: E731
    report = quick.round(ann, line, files_wait=lambda: len(parts()) >= 2)
    assert (report.files_sent, len(ann.files.unsent()), len(parts())) == (0, 1, 2)
    assert report.file_going is None
    before = sum(parts())
    report = quick.round(ann, line)
    assert (report.files_sent, ann.files.unsent(), sum(parts())) == (1, [], len(text))
    assert before < len(text)


def test_records_go_before_photos(quick):
    ann = quick.laptop("ann")
    photo(ann, ann.add(enterprise()))
    line = Counted(quick)
    quick.round(ann, line)
    paths = [path.split("/")[2] for _, path, _ in line.sent]
    assert paths == ["push", "pull", "blob", "blob"]


def test_a_large_photo_goes_on_from_the_last_part_that_arrived(quick):
    ann = quick.laptop("ann")
    text = b"0123456789abcdef" * (CHUNK_BYTES * 3 // 16)
    photo(ann, ann.add(enterprise()), text)
    broken = Counted(quick, breaks=lambda method, count: method == "PATCH" and count == 4)
    with pytest.raises(errors.Unreachable):
        quick.round(ann, broken)
    line = Counted(quick)
    assert quick.round(ann, line).files_sent == 1
    again = sum(size for method, _, size in line.sent if method == "PATCH")
    before = sum(size for method, _, size in broken.sent if method == "PATCH")
    assert before + again == len(text), "only the parts that were missing"


class Poor(Counted):
    """A line that carries so many bytes and then breaks, or lets only small parts through."""

    def __init__(self, world, carries, *, most=1 << 30):
        super().__init__(world)
        self.carries, self.most, self.spent = carries, most, 0

    def hold_up(self):
        self.left = self.carries
        return self

    def send(self, method, path, headers, body):
        self.spent += max(0, min(len(body), self.left))
        self.left -= len(body)
        if self.left < 0:
            raise errors.Unreachable
        if len(body) > self.most:
            raise errors.Slow
        return super().send(method, path, headers, body)


def rounds_until_sent(world, laptop, line, most):
    for count in range(1, most + 1):
        try:
            if world.round(laptop, line.hold_up()).files_sent:
                return count
        except errors.Unreachable:
            continue
    raise AssertionError("it never gets there")


def test_on_a_line_that_breaks_often_a_photo_gets_there_all_the_same(quick):
    ann = quick.laptop("ann")
    text = b"0123456789abcdef" * (CHUNK_BYTES * 3 // 16)
    photo(ann, ann.add(enterprise()), text)
    line = Poor(quick, 300_000)
    assert rounds_until_sent(quick, ann, line, 40) <= 25
    assert line.spent <= 2.5 * len(text)


def test_with_parts_of_one_size_it_would_never_get_there(quick, monkeypatch):
    from sync.client import files

    monkeypatch.setattr(files, "FIRST_PART", CHUNK_BYTES)
    ann = quick.laptop("ann")
    photo(ann, ann.add(enterprise()), b"0123456789abcdef" * (CHUNK_BYTES * 3 // 16))
    with pytest.raises(AssertionError, match="never gets there"):
        rounds_until_sent(quick, ann, Poor(quick, 300_000), 40)


def test_on_a_slow_line_parts_get_smaller_and_nothing_is_sent_twice_in_vain(quick):
    ann = quick.laptop("ann")
    text = b"0123456789abcdef" * (CHUNK_BYTES // 16)
    photo(ann, ann.add(enterprise()), text)
    line = Poor(quick, 1 << 30, most=200_000)
    assert rounds_until_sent(quick, ann, line, 2) <= 2
    assert line.spent <= 1.5 * len(text)


def test_small_files_go_before_large_ones(quick):
    ann = quick.laptop("ann")
    case = ann.add(enterprise())
    large = photo(ann, case, b"0123456789abcdef" * 20_000)
    small = photo(ann, case, b"Short.")
    line = Counted(quick)
    assert quick.round(ann, line).files_sent == 2
    order = [path.rsplit("/", 1)[1] for method, path, _ in line.sent if method == "PATCH"]
    assert list(dict.fromkeys(order)) == [small.sha256, large.sha256]


def test_the_same_photo_twice_is_sent_once(quick):
    ann = quick.laptop("ann")
    case = ann.add(enterprise())
    photo(ann, case)
    quick.round(ann)
    ben = quick.laptop("lee")
    quick.settle_down()
    photo(ben, case)
    line = Counted(quick)
    assert quick.round(ben, line).files_sent == 1
    assert not [m for m, _, _ in line.sent if m == "PATCH"]


@pytest.mark.parametrize("trouble", ["too_big", "full", "unknown_file"])
def test_a_photo_that_is_not_taken_is_said_and_holds_up_nothing(quick, trouble):
    from sync.register import files
    from sync.register.errors import Troubled
    from sync.register.feed import Trouble

    ann = quick.laptop("ann")
    case = ann.add(enterprise())
    bad, good = photo(ann, case, b"bad"), photo(ann, case, b"good")
    real = files.status

    def status(tx, person, sha256, record_id):
        if sha256 == bad.sha256:
            raise Troubled(413, Trouble(trouble=trouble, words="Not this one."))
        return real(tx, person, sha256, record_id)

    files.status = status
    try:
        report = quick.round(ann)
    finally:
        files.status = real
    assert report.files_sent == 1
    assert report.refused == ["Not this one."]
    assert ann.files.refused == {bad.sha256: "Not this one."}
    assert [one.sha256 for one in ann.files.unsent()] == [bad.sha256]
    assert good.sha256 in ann.files.sent


@pytest.mark.parametrize("size", [2, 200])
def test_a_photo_whose_record_is_wrong_about_its_size_holds_up_nothing(world, size):
    """The record came to say so by an edit, of anybody who may: the bytes stay what they are."""
    ann = world.laptop("ann")
    case = ann.add(enterprise())
    bad = photo(ann, case, b"bad")
    (record,) = ann.all(Attachment)
    ann.set(record.id, size=size)
    good = photo(ann, case, b"good, and larger")
    for _ in range(2):
        report = world.round(ann)
    assert (good.sha256 in ann.files.sent, bad.sha256 in ann.files.sent) == (True, False)
    assert report.refused == []  # said once
    assert "another length" in ann.files.refused[bad.sha256]
    ann.set(record.id, size=3)
    world.round(ann)
    assert bad.sha256 in ann.files.sent


@pytest.mark.parametrize("size", [2, 200])
def test_a_record_of_a_colleague_that_is_wrong_about_it_keeps_no_photo_out(world, size):
    """The same bytes in two cases, and parts of them are there under another size."""
    ann, ben = world.laptop("ann"), world.laptop("ben")
    one = photo(ben, ben.add(enterprise("ben")), b"the same bytes")
    (record,) = ben.all(Attachment)
    ben.set(record.id, size=size)
    world.round(ben, with_files=False)
    line = Line(world.line, ben.exchange.identity(), world.clock)
    line.raw("PATCH", f"/v1/blob/{one.sha256}?for={record.id}&start=0", b"x")
    photo(ann, ann.add(enterprise()), b"the same bytes")
    larger = photo(ann, ann.add(enterprise()), b"others, which are larger")
    for _ in range(2):
        world.round(ann)
    assert {one.sha256, larger.sha256} <= set(ann.files.sent)


def test_an_empty_file_goes_and_holds_up_no_other(world):
    ann = world.laptop("ann")
    case = ann.add(enterprise())
    files_ = [photo(ann, case, text) for text in (b"", b"not empty")]
    assert world.round(ann).files_sent == 2
    assert {one.sha256 for one in files_} <= set(ann.files.sent)


def test_what_only_a_person_can_end_is_known_by_the_names_of_the_faults():
    names = {
        cls.trouble
        for cls in vars(errors).values()
        if isinstance(cls, type) and issubclass(cls, errors.SyncError)
    }
    assert set(_NEEDS_PERSON) <= names


def test_how_far_a_file_is_on_its_way_is_said(quick, monkeypatch):
    monkeypatch.setattr(files, "FIRST_PART", 4)
    ann = quick.laptop("ann")
    case = ann.add(enterprise())
    photo(ann, case, b"twelve bytes")
    photo(ann, case, b"twenty bytes of it..")
    report, seen = RoundReport(), []

    def look(_done, _of):
        going = report.file_going
        if going is not None and (not seen or seen[-1] != going):
            seen.append(going)

    quick.round(ann, report=report, progress=look)
    assert seen == [
        FileGoing(1, 2, 0), FileGoing(1, 2, 33), FileGoing(1, 2, 100),
        FileGoing(2, 2, 0), FileGoing(2, 2, 20), FileGoing(2, 2, 60), FileGoing(2, 2, 100),
    ]  # fmt: skip
    assert report.file_going is None


def test_a_file_that_was_sent_is_told_to_whoever_shows_what_waits(quick):
    ann = quick.laptop("ann")
    photo(ann, ann.add(enterprise()))
    quick.round(ann, with_files=False)
    assert len(quick.round(ann).changes) == 1
    assert quick.round(ann).changes == []
