"""A first pull tells what stands, page by page, and what changed meanwhile follows."""

from __future__ import annotations

from dataclasses import replace

import pytest

from forms.change import Bookmark
from forms.facts.people import Enquiry, Enterprise
from forms.values import new_id
from sync import envelope
from sync.client import exchange, question
from sync.columns import states_of
from sync.errors import Unreachable
from sync.register import feed, snapshot
from sync.register.sql_log import LogTable
from tests.sync.test_feed import ask, full_case
from tests.sync.world import START, enterprise

SOME = 7
MIDDLE = 4  # pages: what belongs to the programme has been told, and some of the cases


def told(reply):
    return {state.record: state for state in [*states_of(reply.groups), *reply.states]}


def all_pages(world, laptop, *, limit=1000, **asked):
    """(record -> what was told of it, the pages), from the start to the end."""
    mark, seen, pages = {}, {}, []
    while True:
        reply = ask(world, laptop, limit=limit, **asked, **mark)
        seen |= told(reply)
        pages.append(reply)
        if not reply.more:
            return seen, pages
        mark = {n: getattr(reply, n) for n in ("epoch", "seq", "chain", "after")}


def plain(states):
    return {one: envelope.canonical(state) for one, state in states.items()}


@pytest.mark.parametrize("who", ["ann", "ben", "lee", "abe", "quin", "fay"])
def test_what_stands_is_what_the_feed_tells(world, who):
    ann = world.laptop("ann")
    made = full_case(world, ann)
    world.system("seed_claim", made["seed_claim"].id, {"state": "SUBMITTED"})
    ann.set(made["enterprise"].id, phone="01303 000002")
    ann.remove(made["leader"].id)
    full_case(world, world.laptop("ben"))
    world.settle_down(ann)
    reader = world.laptop(who)
    story, _ = all_pages(world, reader)
    by_claim = who in ("quin", "fay")  # no index knows what they see: they are told the feed
    for columns in (False, True):
        limit = 1000 if by_claim else 3
        stands, pages = all_pages(world, reader, snapshot=True, columns=columns, limit=limit)
        assert plain(stands) == plain(story)
        assert len({(page.seq, page.chain) for page in pages}) == 1
        assert by_claim or len(pages) > SOME / 3


def test_a_first_pull_reads_no_op(quick, monkeypatch):
    """Whatever the length of the history, only what stands is read."""
    full_case(quick, quick.laptop("ann"))
    for name in ("between", "steps"):
        monkeypatch.setattr(LogTable, name, lambda *_: pytest.fail("the log was read"))
    stands, _ = all_pages(quick, quick.laptop("lee"), snapshot=True)
    assert len(stands) > SOME


@pytest.fixture
def small_pages(monkeypatch):
    monkeypatch.setattr(question, "SLICE", 3)


def some_cases(world, count=SOME):
    ann = world.laptop("ann")
    cases = [ann.add(enterprise()) for _ in range(count)]
    world.round(ann)
    return ann, cases


class Between:
    """A line on which something happens after so many pages."""

    def __init__(self, line, after, happens):
        self.url, self._line, self._left, self._happens = line.url, line, after, happens

    def send(self, method, path, headers, body):
        answer = self._line.send(method, path, headers, body)
        if path == "/v1/pull":
            self._left -= 1
            if not self._left:
                self._happens()
        return answer


def moving(world):
    """What may happen while somebody pulls, and the reader to whom it happens."""
    ann, cases = some_cases(world)
    cases = sorted(cases, key=lambda case: case.id)
    other = world.laptop("ann", "ann2")

    def happens():
        ann.set(cases[0].id, name="Changed behind the reader")
        ann.set(cases[-1].id, name="Changed before the reader")
        ann.add(replace(enterprise(), id="00000000-0000-7000-8000-000000000000"))
        ann.add(enterprise())
        ann.remove(cases[1].id)
        world.round(ann)

    return ann, other, happens


def shown(laptop):
    return {one: (held.fields, held.versions, held.deleted) for one, held in laptop.records.items()}


@pytest.mark.usefixtures("small_pages")
@pytest.mark.parametrize("after", [1, MIDDLE])
def test_what_changes_meanwhile_is_not_missed(world, after):
    ann, other, happens = moving(world)
    world.round(other, Between(world.line, after, happens))
    world.settle_down()
    assert shown(other) == shown(ann)
    assert other.bookmark() == ann.bookmark()


@pytest.mark.usefixtures("small_pages")
def test_with_the_place_of_the_last_page_changes_behind_the_reader_would_be_missed(
    quick, monkeypatch
):
    """The proof that the place of the first page holds the promise."""
    real = feed._standing

    def newest(tx, person, seen, asked, reply):
        told = real(tx, person, seen, asked, reply)
        told.seq, told.chain = tx.log.top()
        return told

    monkeypatch.setattr(feed, "_standing", newest)
    ann, other, happens = moving(quick)
    quick.round(other, Between(quick.line, MIDDLE, happens))
    quick.round(other)
    assert shown(other) != shown(ann)


@pytest.mark.usefixtures("small_pages")
def test_a_case_that_goes_to_another_coach_meanwhile_leaves(world):
    _, cases = some_cases(world)
    other, lee = world.laptop("ann", "ann2"), world.laptop("lee")
    world.round(lee)
    gone = min(cases, key=lambda case: case.id)

    def happens():
        answer = world.ask(lee, "case.transfer", gone.id, to_coach_id="ben")
        assert answer.state == "granted", answer.words

    world.round(other, Between(world.line, 1, happens))
    world.settle_down(other)
    assert gone.id not in other.records
    assert len(other.records) >= SOME - 1


@pytest.mark.usefixtures("small_pages")
def test_a_case_that_goes_while_everything_is_read_anew_leaves_too(world):
    _, cases = some_cases(world)
    other, lee = world.laptop("ann", "ann2"), world.laptop("lee")
    last = other.add(enterprise())
    world.round(other)
    world.round(lee)
    gone = min(cases, key=lambda case: case.id)
    assert {gone.id, last.id} <= set(other.records)

    def happens():
        answer = world.ask(lee, "case.transfer", gone.id, to_coach_id="ben")
        assert answer.state == "granted", answer.words

    other.reset_bookmark()
    world.round(other, Between(world.line, MIDDLE, happens))
    world.settle_down(other)
    assert gone.id not in other.records
    assert last.id in other.records


@pytest.mark.usefixtures("small_pages")
def test_cut_in_between_it_goes_on_from_the_page_on_disk(world):
    ann, _ = some_cases(world)
    other = world.laptop("ann", "ann2")

    def cut():
        raise Unreachable

    with pytest.raises(Unreachable):
        world.round(other, Between(world.line, MIDDLE, cut))
    before = len(other.records)
    assert (before, bool(other.bookmark().after)) == (3 * (MIDDLE - 1), True)
    report = world.round(other)
    assert report.pulled == len(other.records) - before
    world.settle_down()
    assert shown(other) == shown(ann)
    assert not other.bookmark().after


def test_a_first_page_is_short_and_the_others_are_not(quick, monkeypatch):
    """The laptop puts it away while the register reads the next; a known laptop asks for a page."""
    monkeypatch.setattr(exchange, "FIRST_RECORDS", 2)
    limits, real = [], exchange._asked

    def counted(this, ask):
        limits.append(ask.limit)
        return real(this, ask)

    monkeypatch.setattr(exchange, "_asked", counted)
    ann, _ = some_cases(quick)
    other = quick.laptop("ann", "ann2")
    limits.clear()
    quick.round(other)
    assert limits == [2, question.SLICE]
    assert shown(other) == shown(ann)
    limits.clear()
    quick.round(other)
    assert limits == [question.SLICE]


@pytest.mark.usefixtures("small_pages")
def test_a_register_that_knows_no_snapshots_tells_its_feed(quick, monkeypatch):
    monkeypatch.setattr(snapshot, "serves", lambda _seen: False)
    ann, _ = some_cases(quick)
    other = quick.laptop("ann", "ann2")
    quick.settle_down()
    assert shown(other) == shown(ann)


def test_a_place_that_is_not_ours_is_the_beginning(quick):
    some_cases(quick)
    lee = quick.laptop("lee")
    whole, (page,) = all_pages(quick, lee, snapshot=True)
    for after in ("nonsense", "9:x", "-1:", "0:"):
        again = ask(
            quick, lee, snapshot=True, epoch=page.epoch, seq=page.seq, chain=page.chain, after=after
        )
        assert told(again).keys() == whole.keys()


def test_after_sending_what_was_sent_is_not_read_again(world, monkeypatch):
    ann = world.laptop("ann")
    world.round(ann)
    for _ in range(SOME):
        ann.add(Enquiry(id=new_id(), created_on=START.date(), coach_id="ann", name="M"))
    read = []
    real = LogTable.steps

    def counted(log, *asked):
        found = real(log, *asked)
        read.extend(found)
        return found

    monkeypatch.setattr(LogTable, "steps", counted)
    world.round(ann)
    assert read == []
    assert ann.bookmark().seq == world.log()[-1].feed_seq


def test_where_nothing_is_new_nothing_is_read(quick, monkeypatch):
    ann, _ = some_cases(quick, 2)
    quick.settle_down()
    mark = ann.bookmark()
    for name in ("steps", "moves", "first_not_echoed"):
        monkeypatch.setattr(LogTable, name, lambda *_: pytest.fail("the log was read"))
    assert quick.round(ann).quiet
    assert ann.bookmark() == mark


def test_an_edit_of_somebody_else_among_what_was_sent_is_told(world):
    ann, (case, *_) = some_cases(world, 2)
    world.settle_down()
    lee = world.laptop("lee")
    world.settle_down()
    ann.set(case.id, phone="1")
    lee.set(case.id, name="Told by Lee")
    world.round(ann)
    world.round(lee)
    ann.set(case.id, place="Deal")
    world.settle_down()
    row = world.row(case.id)
    assert (row.fields["name"], ann.get(Enterprise, case.id).name) == ("Told by Lee",) * 2


def test_a_bookmark_of_a_first_pull_is_kept_whole():
    assert Bookmark(seq=1, after="0:x") != Bookmark(seq=1)
