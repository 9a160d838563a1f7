"""Each limit bites, counts across workers, and is said in words. Nothing is lost by any."""

from __future__ import annotations

import logging
import re
import sqlite3

import pytest
import zstandard
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from forms.facts.casework import Attachment
from forms.values import new_id
from sync import envelope, errors
from sync.client.enrol import enrol
from sync.client.transport import in_process
from sync.client.wire import Line, Told
from sync.protocol import (
    DecideAsk,
    DecideReply,
    HelloAsk,
    HelloReply,
    PullAsk,
    PullReply,
    PushAsk,
    PushReply,
    WireOp,
)
from sync.register import limits as limiting
from sync.register.limits import Limits, check_depth
from sync.register.sql_limits import LimitTable
from sync.register.store import open_store
from sync.register.tables import rate
from tests.sync.laptop import Laptop
from tests.sync.world import World, enterprise


@pytest.fixture
def strict(database):
    """A register that takes little, and counts every request."""
    few = Limits(requests=12, sign_ins=4, quota=3_000, sample=1)
    with World(database, limits=few) as made:
        yield made


def rounds(world, laptop, count, line=None):
    for _ in range(count):
        world.round(laptop, line)


def test_a_person_who_asks_too_often_waits_for_the_minute_to_end(strict):
    ann = strict.laptop("ann")
    ann.add(enterprise())
    with pytest.raises(errors.TooOften) as told:
        rounds(strict, ann, 14)
    assert told.value.retry_after == 60
    assert "goes on by itself" in str(told.value)
    strict.round(strict.laptop("ben"))  # only for themselves
    strict.later(minutes=1)
    assert strict.round(ann).requests == 1


def test_the_answer_says_when_to_come_back(strict):
    ann = strict.laptop("ann")
    seen = []

    class Listening:
        url = strict.line.url

        def send(self, *args):
            seen.append(strict.line.send(*args))
            return seen[-1]

    with pytest.raises(errors.TooOften):
        rounds(strict, ann, 14, Listening())
    assert (seen[-1].status, seen[-1].headers["retry-after"]) == (429, "60")


def test_two_workers_count_together(strict):
    other_store = open_store(strict.url)
    other = in_process(strict.new_app(other_store))
    ann = strict.laptop("ann")
    try:
        rounds(strict, ann, 9)
        with pytest.raises(errors.TooOften):
            rounds(strict, ann, 4, other)
    finally:
        other.close()
        other_store.close()


def test_counting_by_lot_comes_to_the_same(quick, monkeypatch):
    draws = iter([0, 1, 2, 3] * 100)
    monkeypatch.setattr(limiting.secrets, "randbelow", lambda n: next(draws) % n)
    few = Limits(requests=20, sample=4)
    line = in_process(_app(quick, few))
    ann = quick.laptop("ann")
    rounds(quick, ann, 16, line)
    with pytest.raises(errors.TooOften):
        rounds(quick, ann, 8, line)
    line.close()


def test_a_count_that_fails_takes_nothing_from_the_answer(strict, monkeypatch, caplog):
    ann = strict.laptop("ann")
    case = ann.add(enterprise())

    def full(*_):
        raise OperationalError("INSERT", {}, sqlite3.OperationalError("database or disk is full"))

    monkeypatch.setattr(LimitTable, "count", full)
    with caplog.at_level(logging.ERROR, "hedgerow.register"):
        assert strict.round(ann).pushed == 1
    assert strict.row(case.id) is not None
    assert {record.msg for record in caplog.records} == {"database"}


def _app(world, limits):
    world.limits = limits
    return world.new_app()


def test_codes_cannot_be_tried_from_one_address_for_ever(strict):
    for _ in range(4):
        with pytest.raises(errors.CodeRefused):
            enrol(Laptop(strict.clock), strict.line, "AAAA-BBBB-CCCC-DDDD", strict.clock)
    good = strict.code("ann")
    with pytest.raises(errors.TooOften):
        enrol(Laptop(strict.clock), strict.line, good, strict.clock)
    strict.later(minutes=1)
    assert enrol(Laptop(strict.clock), strict.line, good, strict.clock).actor_id == "ann"


def test_no_address_is_kept_and_old_minutes_go(strict):
    with pytest.raises(errors.CodeRefused):
        enrol(Laptop(strict.clock), strict.line, "AAAA-BBBB-CCCC-DDDD", strict.clock)

    def buckets():
        return strict.store.read(
            lambda t: t.connection.execute(select(rate.c.bucket)).scalars().all()
        )

    assert [one[0] for one in sorted(buckets())] == ["a", "c"]  # by address; and all of the hour
    assert not [one for one in buckets() if re.search(r"\d+\.\d+\.\d+\.\d+|::", one.split("|")[1])]
    strict.later(hours=1)
    strict.round(strict.laptop("ann"))
    assert all("T10:" in bucket for bucket in buckets() if bucket[0] != "c")  # that hour just ends


def ask(world, laptop, path, message, reply):
    return Line(world.line, laptop.identity(), world.clock).ask(path, message, reply)


def trouble(world, laptop, path, message, reply):
    with pytest.raises(Told) as told:
        ask(world, laptop, path, message, reply)
    return told.value.status, told.value.trouble.trouble


def test_a_body_that_is_too_long(quick):
    headers = {"content-type": envelope.CONTENT_TYPE}
    answer = quick.line.send("POST", "/v1/push", headers, b"x" * ((2 << 20) + 1))
    assert answer.status == 413


def test_a_small_body_that_unfolds_into_gigabytes(quick):
    ann = quick.laptop("ann")
    bomb = zstandard.ZstdCompressor(level=19).compress(b" " * (40 << 20))
    assert len(bomb) < 10_000
    line = Line(quick.line, ann.identity(), quick.clock)
    with pytest.raises(Told) as told:
        line.raw("POST", "/v1/push", bomb)
    assert (told.value.status, told.value.trouble.trouble) == (400, "unreadable")


def nested(deep):
    value = "x"
    for _ in range(deep):
        value = [value]
    return value


def test_lists_in_lists_in_lists(quick):
    ann = quick.laptop("ann")
    op = WireOp(seq=1, hlc=1, actor="ann", verb="set", kind="enterprise", record="r", fields={})
    op.fields = {"facts": nested(30)}
    push = PushAsk(inc=ann.identity().incarnation, ops=[op])
    assert trouble(quick, ann, "/v1/push", push, PushReply) == (400, "unreadable")
    asked = DecideAsk(
        id="d", name="claim.check", subject="s", asked_by="ann", asked_at=quick.clock.now(),
        payload={"lines": nested(30)},
    )  # fmt: skip
    assert trouble(quick, ann, "/v1/decide", asked, DecideReply) == (400, "unreadable")
    assert quick.row("r") is None


def test_depth_is_counted_as_a_person_would():
    check_depth({"a": [{"b": 1}]}, 3)
    with pytest.raises(Exception, match="unreadable"):
        check_depth({"a": [{"b": [1]}]}, 3)
    check_depth(nested(20), 20)
    with pytest.raises(Exception, match="unreadable"):
        check_depth(nested(21), 20)


def test_a_batch_and_a_page_have_their_most(quick):
    ann = quick.laptop("ann")
    for _ in range(30):
        ann.add(enterprise())
    quick.round(ann)
    inc = ann.identity().incarnation
    reply = ask(quick, ann, "/v1/pull", PullAsk(inc=inc, limit=10), PullReply)
    assert (len(reply.states), reply.more) == (10, True)
    from sync.register import feed

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(feed, "PAGE_RECORDS", 7)
        reply = ask(quick, ann, "/v1/pull", PullAsk(inc=inc, limit=1_000_000), PullReply)
    assert len(reply.states) == 7


def attached(world, laptop, data):
    case = laptop.add(enterprise())
    held = laptop.files.store(data)
    laptop.add(
        Attachment(
            id=new_id(), enterprise_id=case.id, sha256=held.sha256, size=held.size, mime="x/y"
        )
    )
    return held


def test_a_person_fills_only_their_own_share(strict):
    ann, ben = strict.laptop("ann"), strict.laptop("ben")
    first = attached(strict, ann, b"a" * 2_000)
    strict.round(ann)
    assert first.sha256 in ann.files.sent
    second = attached(strict, ann, b"b" * 2_000)
    report = strict.round(ann)  # the records go on; the file waits, and its words say why
    assert ["safe on this laptop" in words for words in report.refused] == [True]
    assert second.sha256 not in ann.files.sent
    assert ann.files.read(second.sha256) == b"b" * 2_000
    attached(strict, ben, b"c" * 2_000)
    assert strict.round(ben).files_sent == 1


def test_the_same_bytes_sent_again_are_counted_once(strict):
    ann = strict.laptop("ann")
    held = attached(strict, ann, b"a" * 2_000)
    strict.round(ann)
    ann.files.sent.clear()
    strict.round(ann)
    assert held.sha256 in ann.files.sent
    assert strict.store.read(lambda tx: tx.limits.held("ann")) == 2_000


ENDLESS = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x+1 FROM c) SELECT max(x) FROM c"


def test_a_question_to_the_database_is_not_asked_for_ever(database):
    store = open_store(database, query_seconds=0.2)
    try:
        with pytest.raises(OperationalError):
            store.read(lambda tx: tx.connection.exec_driver_sql(ENDLESS).all())
        assert store.read(lambda tx: tx.log.top())[0] == 0
    finally:
        store.close()


def test_a_register_whose_database_is_slow_says_that_it_is_busy(quick, monkeypatch):
    ann = quick.laptop("ann")
    slow = open_store(quick.url, query_seconds=0.1)
    app = quick.new_app(slow)
    line = in_process(app)
    from sync.register import service

    monkeypatch.setattr(
        service, "pull", lambda tx, *_: tx.connection.exec_driver_sql(ENDLESS).all()
    )
    try:
        with pytest.raises(errors.RegisterDown) as told:
            quick.round(ann, line)
    finally:
        line.close()
        slow.close()
    assert told.value.retry_after == 30


def test_without_the_counter_nobody_would_have_to_wait(strict, monkeypatch):
    """The tests above can fail."""
    monkeypatch.setattr(limiting, "check_person", lambda *_: None)
    rounds(strict, strict.laptop("ann"), 16)


def test_without_the_share_of_each_one_person_would_fill_the_disk(strict, monkeypatch):
    monkeypatch.setattr(limiting, "check_quota", lambda *_: None)
    ann = strict.laptop("ann")
    for letter in (b"a", b"b"):
        attached(strict, ann, letter * 2_000)
    assert strict.round(ann).files_sent == 2


def test_a_laptop_has_its_most_of_new_numbers_in_an_hour(database):
    with World(database, limits=Limits(fresh=3)) as made:
        ann, ben = made.laptop("ann"), made.laptop("ben")
        fresh = HelloAsk(inc=0, fresh=True)
        first = ask(made, ann, "/v1/hello", fresh, HelloReply).inc
        assert ask(made, ann, "/v1/hello", fresh, HelloReply).inc != first
        ask(made, ann, "/v1/hello", fresh, HelloReply)
        with pytest.raises(errors.TooOften) as told:
            ask(made, ann, "/v1/hello", fresh, HelloReply)
        assert told.value.retry_after == 3_601
        ask(made, ben, "/v1/hello", fresh, HelloReply)  # another laptop has its own
        ask(made, ann, "/v1/hello", HelloAsk(inc=first), HelloReply)  # and asking where one stands
        ann.add(enterprise())
        made.settle_down(ann)
        made.later(hours=1)
        ask(made, ann, "/v1/hello", fresh, HelloReply)
