"""Carried by hand: a file does what the network would have done, as often as anybody likes."""

from __future__ import annotations

import io

import pytest

from forms.facts.casework import Attachment
from forms.facts.decisions import DecisionRequest
from forms.facts.people import Enterprise, Leader
from forms.rules.decisions import decide as programme_rules
from forms.values import new_id
from sync import carried, errors, signing
from sync.client.carry import read_back, write_out
from sync.client.exchange import RoundReport
from sync.register import admin
from sync.register.carry import take_file
from sync.register.errors import CarriedRefused, Troubled
from sync.register.service import Register
from tests.sync.vaults import VaultLaptop
from tests.sync.world import enterprise, kent, leader


class Post:
    """A stick between a laptop and the register."""

    def __init__(self, world, folder):
        self.world, self.folder = world, folder
        key = admin.signing_key(world.store)
        self.register = Register(world.store, world.clock, {"kent": kent()}, key, programme_rules)

    def out(self, laptop, name="out", **more):
        return write_out(laptop, self.folder / name, self.world.clock, **more)

    def take(self, name="out", back="back"):
        take_file(self.register, self.folder / name, self.folder / back, self.world.clock)

    def back(self, laptop, name="back"):
        return read_back(laptop, self.folder / name, self.world.clock)

    def both_ways(self, laptop):
        self.out(laptop)
        self.take()
        return self.back(laptop)


@pytest.fixture
def post(quick, tmp_path):
    return Post(quick, tmp_path)


@pytest.fixture
def ann(quick):
    """Ann's real vault."""
    quick.make = VaultLaptop
    laptop = quick.laptop("ann", "ann's vault")
    yield laptop
    laptop.close()


def a_file(laptop, case, data=b"%PDF-1.4 quote"):
    stored = laptop.files.store(data, name="quote.pdf", mime="application/pdf")
    return laptop.add(
        Attachment(
            id=new_id(), enterprise_id=case.id, sha256=stored.sha256, size=stored.size,
            mime="application/pdf", name="quote.pdf",
        )
    )  # fmt: skip


def a_question(world):
    return DecisionRequest(
        id=new_id(), name="claim.submit", subject_id="none", asked_by_id="ann",
        asked_at=world.clock.now(),
    )  # fmt: skip


def test_a_file_does_what_a_round_would(quick, post, ann):
    lee = quick.laptop("lee")
    case = ann.add(enterprise())
    a_file(ann, case)
    ann.ask(a_question(quick))
    out = post.out(ann)
    assert (out.ops, out.decisions, out.files) == (2, 1, 1)
    assert ann.exchange.unsent_count() == 2  # nothing is sent before its receipt is back
    post.take()
    report = post.back(ann)
    assert (report.pushed, report.decisions_answered, report.files_sent) == (2, 1, 1)
    assert ann.exchange.unsent_count() == 0
    assert ann.files.unsent() == []
    assert ann.exchange.waiting_decisions() == []
    quick.settle_down(lee)
    assert lee.get(Enterprise, case.id).name == case.name
    assert quick.round(ann).quiet  # the line has nothing to add


def test_an_answer_alone_is_told_to_whoever_shows_it(quick, post, ann):
    post.both_ways(ann)
    ann.ask(a_question(quick))
    report = post.both_ways(ann)
    assert report.decisions_answered == 1
    assert [changes.decisions for changes in report.changes] == [1]
    again = post.back(ann)  # the same file once more changes nothing, and says so
    assert (again.changes, again.decisions_answered, again.quiet) == ([], 0, True)


class CutBeforeThePull:
    """A line that breaks once decisions are answered."""

    def __init__(self, line):
        self._line, self.url = line, line.url

    def send(self, method, path, headers, body):
        if path.startswith("/v1/pull"):
            raise errors.Unreachable(detail="cut")
        return self._line.send(method, path, headers, body)

    def close(self):
        """The real one goes on."""


def test_an_answer_is_told_also_when_the_line_breaks_after_it(quick, ann):
    quick.settle_down(ann)
    ann.ask(a_question(quick))
    report = RoundReport()
    with pytest.raises(errors.Unreachable):
        quick.round(ann, CutBeforeThePull(quick.line), report=report)
    assert ann.exchange.waiting_decisions() == []
    assert sum(changes.decisions for changes in report.changes) == 1


def test_news_comes_back(quick, post, ann):
    lee = quick.laptop("lee")
    case = ann.add(enterprise())
    post.both_ways(ann)
    quick.settle_down(lee)
    lee.set(case.id, phone="01303 000099")
    quick.settle_down(lee)
    report = post.both_ways(ann)
    assert report.pulled
    assert ann.get(Enterprise, case.id).phone == "01303 000099"


def test_work_on_a_case_that_went_to_another_coach_is_said_to_have_gone_there(quick, post, ann):
    from desktop.operations.carry import read_file

    ben, lee = quick.laptop("ben"), quick.laptop("lee")
    case = ann.add(enterprise())
    quick.settle_down(ann, lee)
    ann.set(case.id, place="Rye")
    ann.set(case.id, phone="01303 000011")
    assert quick.ask(lee, "case.transfer", case.id, to_coach_id="ben").state == "granted"
    post.out(ann)
    post.take()
    came = read_file(ann.vault, post.folder / "back", quick.clock, [])
    assert came.said == ("This case is with another coach now. Your change went to them.",)
    assert ann.get(Enterprise, case.id) is None
    quick.settle_down(ben)
    assert ben.get(Enterprise, case.id).place == "Rye"
    assert read_file(ann.vault, post.folder / "back", quick.clock, []).said == ()


def test_two_edits_of_one_field_become_a_thing_to_check(quick, post, ann):
    lee = quick.laptop("lee")
    case = ann.add(enterprise())
    post.both_ways(ann)
    quick.settle_down(lee)
    ann.set(case.id, phone="01303 000011")
    lee.set(case.id, phone="01303 000099")
    quick.settle_down(lee)
    post.both_ways(ann)
    assert len(ann.reader.conflicts(open_only=True)) == 1


def test_every_step_may_be_done_again(quick, post, ann):
    case = ann.add(enterprise())
    a_file(ann, case)
    post.out(ann)
    post.out(ann, "again")
    post.take()
    post.take("again", "back again")
    post.take()
    for name in ("back again", "back", "back"):
        post.back(ann, name)
    assert ann.exchange.unsent_count() == 0
    assert len(quick.log()) == len({(op.inc, op.seq) for op in quick.log()})
    assert quick.round(ann).quiet


def test_work_done_meanwhile_stays_to_be_sent(quick, post, ann):
    case = ann.add(enterprise())
    post.out(ann)
    ann.set(case.id, place="Rye")
    post.take()
    post.back(ann)
    assert ann.exchange.unsent_count() == 1
    assert ann.get(Enterprise, case.id).place == "Rye"
    post.both_ways(ann)
    assert quick.row(case.id).fields["place"] == "Rye"


def test_a_line_in_between_wins_over_an_older_file(quick, post, ann):
    lee = quick.laptop("lee")
    case = ann.add(enterprise())
    post.out(ann)
    post.take()
    quick.settle_down(lee, ann)
    lee.set(case.id, place="Rye")
    quick.settle_down(lee, ann)
    mark = ann.exchange.bookmark()
    assert ann.get(Enterprise, case.id).place == "Rye"
    post.back(ann)
    assert ann.exchange.bookmark() == mark
    assert ann.get(Enterprise, case.id).place == "Rye"
    assert quick.round(ann).quiet


def test_a_file_made_before_newer_work_was_sent_is_still_taken(quick, post, ann):
    case = ann.add(enterprise())
    post.out(ann)
    ann.set(case.id, place="Rye")
    quick.settle_down(ann)
    post.take()
    post.back(ann)
    assert quick.row(case.id).fields["place"] == "Rye"
    assert quick.round(ann).quiet


def test_a_register_that_was_put_back_is_told_everything_again(quick, post, ann, folder):
    case = ann.add(enterprise())
    copy = quick.store.read(lambda tx: tx.people.setting("epoch"))
    post.both_ways(ann)
    with quick.store._engine.begin() as raw:  # the register forgets, as after an old copy
        for table in ("op", "record", "scope_log", "decision"):
            raw.exec_driver_sql(f"DELETE FROM {table} WHERE 1 = 1")  # noqa: S608
        raw.exec_driver_sql("UPDATE feed SET n = 0, chain = ''")
        raw.exec_driver_sql("UPDATE incarnation SET last = 0")
        raw.exec_driver_sql("UPDATE meta SET v = 'another' WHERE k = 'epoch'")
    quick.sign_dpia()
    assert copy
    ann.add(leader(case))
    post.out(ann)
    post.take()
    with pytest.raises(errors.CarriedAgain, match="it holds everything"):
        post.back(ann)
    assert ann.exchange.unsent_count() == 2
    post.both_ways(ann)
    assert ann.exchange.unsent_count() == 0
    assert quick.row(case.id).fields["name"] == case.name
    assert ann.get(Leader, next(iter(ann.reader.all(Leader))).id).enterprise_id == case.id


def test_a_finder_of_the_stick_reads_no_names(quick, post, ann):
    ann.add(enterprise(name="Weald Companions"))
    post.out(ann)
    post.take()
    for name in ("out", "back"):
        raw = (post.folder / name).read_bytes()
        assert b"Weald" not in raw
        assert b"01303" not in raw


def test_a_file_for_somebody_else_is_refused_in_words(quick, post, ann):
    quick.make = VaultLaptop
    other = quick.laptop("ben", "ben's vault")
    try:
        ann.add(enterprise())
        post.out(ann)
        post.take()
        with pytest.raises(errors.CarriedRefused, match="another laptop"):
            post.back(other)
        with pytest.raises(errors.CarriedRefused, match="for the council"):
            post.back(ann, "out")
        with pytest.raises(CarriedRefused, match="Nothing was changed"):
            post.take("back", "more")
    finally:
        other.close()
    assert ann.exchange.unsent_count() == 1


def test_a_laptop_that_was_closed_is_refused_in_words(quick, post, ann):
    ann.add(enterprise())
    post.out(ann)
    admin.revoke(quick.store, ann.exchange.identity().device_id, clock=quick.clock)
    with pytest.raises(Troubled, match="closed this laptop's access"):
        post.take()


def test_a_file_that_a_stranger_made_is_refused(quick, post, ann):
    """It names Ann's device, and is sealed for the register, but Ann's key did not sign it."""
    ann.add(enterprise())
    stranger = signing.new_key()
    header = carried.Header(
        id="x", way="out", device=ann.exchange.identity().device_id, made_at=quick.clock.now()
    )
    with (post.folder / "out").open("wb") as out:
        carried.write(
            out,
            header,
            iter(()),
            private=stranger,
            to=signing.public_of(post.register.keys.private),
        )
    with pytest.raises(CarriedRefused):
        post.take()


@pytest.mark.parametrize("way", ["out", "back"])
def test_cut_anywhere_or_changed_anywhere_nothing_of_it_is_used(quick, post, ann, way):
    """Each byte in turn; and with the check off the same file would be used."""
    ann.add(enterprise())
    post.out(ann)
    post.take()
    whole = (post.folder / way).read_bytes()
    log, mark = quick.log(), ann.exchange.bookmark()
    identity = ann.exchange.identity()
    private = post.register.keys.private if way == "out" else identity.signing_key
    public = signing.public_of(identity.signing_key if way == "out" else post.register.keys.private)
    bad = [whole[:n] for n in range(len(whole))]
    bad += [whole[:n] + bytes([whole[n] ^ 1]) + whole[n + 1 :] for n in range(len(whole))]
    bad += [whole + b"x"]
    for data in bad:
        with pytest.raises(carried.NotOurs):
            carried.check(io.BytesIO(data), private=private, sender=lambda _: public)
    assert carried.check(io.BytesIO(whole), private=private, sender=lambda _: public)
    for place in range(0, len(whole), 97):
        (post.folder / "bad").write_bytes(bad[len(whole) + place])
        with pytest.raises((errors.CarriedRefused, CarriedRefused)):
            post.take("bad", "more") if way == "out" else post.back(ann, "bad")
    assert quick.log() == log
    assert ann.exchange.bookmark() == mark
    assert ann.exchange.unsent_count() == 1


def test_frames_cannot_be_reordered_or_left_out(quick):
    """Sealed frames of one file in another order do not open."""
    mine, theirs = signing.new_key(), signing.new_key()
    header = carried.Header(id="x", way="out", device="d", made_at=quick.clock.now())
    out = io.BytesIO()
    frames = [carried.Frame(b"P", b"one"), carried.Frame(b"P", b"two")]
    carried.write(out, header, iter(frames), private=mine, to=signing.public_of(theirs))
    raw = out.getvalue()
    start = len(carried.MAGIC) + raw[len(carried.MAGIC) :].index(b"\n") + 1
    size = 5 + 4 + 16
    first, second, rest = (
        raw[start : start + size], raw[start + size : start + 2 * size], raw[start + 2 * size :]
    )  # fmt: skip

    def read(body):
        source = io.BytesIO(raw[:start] + body)
        return list(carried.read(source, private=theirs, sender=lambda _: signing.public_of(mine)))

    assert [f.body for f in read(first + second + rest)] == [b"one", b"two"]
    for body in (second + first + rest, first + rest, first + first + second + rest, rest):
        with pytest.raises(carried.NotOurs):
            read(body)


def three_papers(laptop):
    case = laptop.add(enterprise())
    return [a_file(laptop, case, b"%PDF-1.4 " + bytes([n]) * n * 100_000) for n in (3, 1, 2)]


def test_a_small_stick_takes_the_work_and_the_files_that_fit(quick, post, ann):
    large, least, middle = three_papers(ann)
    out = post.out(ann, room=400_000)
    assert (out.ops, out.files, out.left) == (4, 2, 1)
    assert (post.folder / "out").stat().st_size < 400_000
    post.take()
    back = post.back(ann)
    assert (back.pushed, back.files_sent) == (4, 2)
    assert [one.sha256 for one in ann.files.unsent()] == [large.sha256]
    names = {least.sha256, middle.sha256}
    assert quick.store.read(lambda tx: tx.blobs.complete(names)) == names
    second = post.out(ann, "second", room=400_000)
    assert (second.ops, second.files, second.left) == (0, 1, 0)
    post.take("second", "back 2")
    assert post.back(ann, "back 2").files_sent == 1
    assert ann.files.unsent() == []


def test_no_file_grows_beyond_what_can_be_read_again(post, ann, monkeypatch):
    monkeypatch.setattr(carried, "MAX_FILE", 4_500_000 + 200_000)  # beside what is left alone
    three_papers(ann)
    out = post.out(ann, room=1 << 40)
    assert (out.files, out.left) == (2, 1)
    post.take()
    assert post.back(ann).files_sent == 2


def test_without_a_look_at_the_room_such_a_file_could_not_be_read(post, ann, monkeypatch):
    from sync.client import carry

    three_papers(ann)
    monkeypatch.setattr(carry, "OVERHEAD", -(1 << 30))
    post.out(ann)
    monkeypatch.setattr(carried, "MAX_FILE", 500_000)
    with pytest.raises(CarriedRefused):
        post.take()


def test_where_the_stick_is_smaller_still_small_copies_go_alone(quick, post, ann):
    from tests.sync.test_small_copies import photo

    one = photo(ann, ann.add(enterprise()), 1)
    out = post.out(ann, small=True)
    assert (out.files, out.small, out.left) == (0, 1, 1)
    post.take()
    assert post.back(ann).files_sent == 1
    assert [each.sha256 for each in ann.files.unsent()] == [one.sha256]
    assert quick.store.read(lambda tx: tx.blobs.complete([one.small_sha256]))
    assert post.out(ann, "whole").files == 1


def test_how_much_waits_is_said_before(ann):
    from desktop.operations.carry import waiting

    three_papers(ann)
    found = waiting(ann.vault)
    assert (found.changes, found.files) == (4, 3)
    assert found.size == 600_000 + 3 * 9


def test_at_a_command_line_how_much_waits_is_said_and_where_it_goes_is_asked(
    ann, capsys, monkeypatch
):
    from desktop.command_line import main
    from tests.sync.vaults import PASSPHRASE

    three_papers(ann)
    ann.vault.close()
    monkeypatch.setenv("WORDS", PASSPHRASE)
    vault = ["--vault", str(ann.folder / "vault"), "--passphrase-env", "WORDS"]
    assert main(["bundle", "out", "--size", *vault]) == 0
    assert "4 changes, 0 questions and 3 files, about 586 KB" in capsys.readouterr().out
    assert main(["bundle", "out", *vault]) != 0
    assert "Say where the file goes" in capsys.readouterr().err
