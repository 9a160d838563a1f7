"""A register out of its mind, answer by answer: each is known for what it is, and ends a round.

The register of `test_hostile` is used here for what needs more than one answer.
"""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace

import httpx2
import pytest

from forms.change import Verb
from forms.facts.casework import Attachment
from sync import envelope, errors, signing
from sync.client import files, transport
from sync.client.files import fetch
from sync.columns import acks_of, receipt_bytes
from sync.protocol import (
    BlobReply,
    DecideReply,
    HelloReply,
    PullReply,
    PushReply,
    SumsReply,
    Trouble,
    WireAck,
    WireState,
)
from sync.register import admin
from tests.sync.test_carry import a_question
from tests.sync.test_hostile import Evil, always, to
from tests.sync.test_photos import photo
from tests.sync.world import enterprise


def _resigned(world, change):
    """A receipt with some of it changed, signed once more as a receipt."""

    def made(_method, path, true):
        if path != "/v1/push" or true.status != 200:
            return None
        reply = envelope.unpack(true.body, PushReply)
        reply.acks, reply.runs = change(list(acks_of(reply))), []
        message = receipt_bytes(reply.inc, reply.epoch, reply.acks)
        reply.signature = signing.sign(admin.signing_key(world.store), message)
        return 200, envelope.pack(reply)

    return made


def test_a_receipt_that_says_two_things_of_one_change_is_no_receipt(vaults):
    ann = vaults.laptop("ann")
    ann.add(enterprise())

    def twice(acks):
        return [*acks, WireAck(seq=acks[0].seq, feed_seq=acks[0].feed_seq, result="refused:X")]

    with pytest.raises(errors.NotTheRegister):
        vaults.round(ann, Evil(vaults, _resigned(vaults, twice)))
    assert ann.exchange.unsent_count() == 1
    vaults.round(ann, Evil(vaults, _resigned(vaults, list)))  # as it was, it is one
    assert ann.exchange.unsent_count() == 0


def test_the_answer_to_another_question_answers_nothing(vaults):
    ann = vaults.laptop("ann")
    one, two = (a_question(vaults) for _ in range(2))
    ann.ask(one)
    ann.ask(two)
    with pytest.raises(errors.NotTheRegister):
        vaults.round(ann, Evil(vaults, to("/v1/decide", DecideReply, id=two.id)))
    assert {r.id for r in ann.exchange.waiting_decisions()} == {one.id, two.id}
    with pytest.raises(errors.NotTheRegister):
        vaults.round(ann, Evil(vaults, to("/v1/decide", DecideReply, state="perhaps")))
    assert {r.id for r in ann.exchange.waiting_decisions()} == {one.id, two.id}
    line = vaults.line
    vaults.line = Evil(vaults, to("/v1/decide", DecideReply, id=two.id))
    vaults.line.world = SimpleNamespace(line=line, store=vaults.store)
    with pytest.raises(errors.NotTheRegister):
        vaults.ask(ann, "claim.submit", "none")
    vaults.line = line
    vaults.round(ann)
    assert ann.exchange.waiting_decisions() == []


def test_a_number_that_this_laptop_has_written_under_is_not_taken_again(vaults):
    """Under it two edits would have one name, and one of them would be lost."""
    ann = vaults.laptop("ann")
    case = ann.add(enterprise())
    vaults.round(ann)
    mine = ann.exchange.identity().incarnation
    for number in (mine, 0, -1):
        ann.set(case.id, phone=f"0{number}")

        def change(method, path, true, number=number):
            if path == "/v1/hello":
                return to("/v1/hello", HelloReply, inc=number)(method, path, true)
            return always("/v1/push", 409, trouble="device_regressed")(method, path, true)

        with pytest.raises(errors.NotTheRegister):
            vaults.round(ann, Evil(vaults, change))
        assert ann.exchange.identity().incarnation == mine
    vaults.settle_down()
    assert vaults.row(case.id).fields["phone"] == "0-1"


def test_fewer_sums_than_there_are_is_no_answer(vaults):
    ann = vaults.laptop("ann")
    ann.add(enterprise())
    vaults.settle_down()
    vaults.later(days=2)
    with pytest.raises(errors.NotTheRegister):
        vaults.round(ann, Evil(vaults, to("/v1/sums", SumsReply, same=False, sums=[1, 2])))
    vaults.settle_down()


def test_a_file_that_arrives_by_the_byte_is_not_sent_for_ever(vaults, monkeypatch):
    monkeypatch.setattr(files, "_SPARE", 100)
    ann = vaults.laptop("ann")
    photo(ann, ann.add(enterprise()), b"A receipt of many words, so that it takes long.\n" * 20)
    held = iter(range(1, 1_000))

    def change(method, path, _true):
        if not path.startswith("/v1/blob"):
            return None
        at = next(held) if method == "PATCH" else 0
        return 200, envelope.pack(BlobReply(sha256="x", size=960, held=at))

    line = Evil(vaults, change)
    with pytest.raises(errors.OutOfStep):
        vaults.round(ann, line)
    assert line.asked < 10


@pytest.mark.parametrize("size", [1 << 40, 200_000])
def test_a_file_larger_than_files_are_or_in_crumbs_is_not_fetched_for_ever(vaults, size):
    ann, lee = vaults.laptop("ann"), vaults.laptop("lee")
    stored = photo(ann, ann.add(enterprise()))
    vaults.settle_down()
    (record,) = lee.all(Attachment)
    evil = WireState(
        kind="attachment", record=record.id, fields={"size": size}, versions={"size": ("9.9",)}
    )
    vaults.round(lee, Evil(vaults, to("/v1/pull", PullReply, states=[evil])))

    def crumbs(method, path, _true):
        return (200, b"x") if method == "GET" and "/blob/" in path else None

    line = Evil(vaults, crumbs, most=1_000)
    with pytest.raises((errors.Refused, errors.NotTheRegister)):
        fetch(lee, line, vaults.clock, stored.sha256)
    assert line.asked < 150
    assert not lee.files.has(stored.sha256)


def test_a_clock_that_no_calendar_reaches_stops_nothing_of_ours(vaults):
    """The second request with it would have come after the last day that there is."""
    ann = vaults.laptop("ann")
    ann.add(enterprise())

    def change(_method, path, _true):
        if path != "/v1/push":
            return None
        vaults.later(seconds=2)
        said = Trouble(trouble="clock", now=datetime.max.replace(tzinfo=UTC))
        return 401, envelope.pack(said)

    with pytest.raises(errors.SyncError):
        vaults.round(ann, Evil(vaults, change))
    vaults.settle_down()


class Drip(httpx2.SyncByteStream):
    """An answer of one byte now and one byte then."""

    def __iter__(self):
        for _ in range(200):
            yield b"x"
        raise AssertionError("the round does not end")


def test_an_answer_that_drips_is_given_up(monkeypatch):
    clock = iter(range(0, 100_000, 19))
    monkeypatch.setattr(transport, "monotonic", lambda: float(next(clock)))
    over = httpx2.MockTransport(lambda _request: httpx2.Response(200, stream=Drip()))
    line = transport.HttpTransport("http://register.invalid", over=over)
    try:
        with pytest.raises(errors.Slow):
            line.send("POST", "/v1/pull", {}, b"")
    finally:
        line.close()


def test_a_laptop_that_names_what_nobody_wrote_is_answered(quick):
    """Its own faults, or a stranger's words that it kept: the rest of its work is not held up."""
    ann = quick.laptop("ann")
    case = ann.add(enterprise())
    quick.round(ann)
    held = ann.records[case.id]
    for number, odd in enumerate(("abc", "1.2.3", "9" * 400, "1." + "9" * 40, "")):
        was = {"phone": held.fields["phone"]}
        held.versions["phone"] = (odd,)
        op = ann._op(
            Verb.SET, "enterprise", case.id, {"phone": str(number)}, {"phone": (odd,)}, was
        )
        quick.round(ann)
        assert op.dot in ann.receipts
        assert quick.row(case.id) is not None
