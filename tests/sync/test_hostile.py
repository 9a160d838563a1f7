"""A register that holds the right key and means harm, or has gone mad: every answer is well signed.

What it may do: stop answering, refuse, or tell nonsense. What it may not: lose a word of this
laptop's, mark as sent what it did not receipt, keep a round going for ever, or stop the program.
"""

from __future__ import annotations

import base64
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import SystemRandom

import msgspec
import pytest

from forms.facts.people import Enterprise, Leader
from sync import envelope, errors, signing
from sync.client import exchange
from sync.client.files import fetch
from sync.client.transport import Answer
from sync.protocol import (
    BlobReply,
    HelloReply,
    PullReply,
    PushReply,
    Trouble,
    WireAck,
    WireState,
)
from sync.register import admin
from sync.schedule import CAP, LONGEST_WISH, back_off
from tests.sync.test_photos import photo
from tests.sync.world import enterprise, leader

MOST_REQUESTS = 60  # in one round, whatever it is told


@dataclass
class Evil:
    """The line to a register whose answers are changed, and signed with its very own key."""

    world: object
    change: object  # (method, path, body of the true answer) -> (status, body), or None: as it is
    asked: int = 0
    most: int = MOST_REQUESTS

    @property
    def url(self):
        return self.world.line.url

    def send(self, method, path, headers, body):
        self.asked += 1
        assert self.asked <= self.most, "the round does not end"
        true = self.world.line.send(method, path, headers, body)
        made = self.change(method, path.split("?")[0], true)
        if made is None:
            return true
        status, said = made
        key = admin.signing_key(self.world.store)
        seal = signing.sign(key, signing.answer_bytes(status, headers[signing.SIGNATURE], said))
        return Answer(status, {signing.SIGNATURE: base64.b64encode(seal).decode()}, said)


def to(wanted, cls, **values):
    """Change some fields of one message."""

    def change(_method, path, true):
        if not path.startswith(wanted) or true.status != 200:
            return None
        reply = envelope.unpack(true.body, cls)
        for name, value in values.items():
            setattr(reply, name, value(reply) if callable(value) else value)
        return 200, envelope.pack(reply)

    return change


def raw(wanted, **values):
    """The same past what our own structs would let through."""

    def change(_method, path, true):
        if not path.startswith(wanted) or true.status != 200:
            return None
        told = msgspec.json.decode(envelope.inflate(true.body))
        return 200, msgspec.json.encode(told | values)

    return change


def always(wanted, status, **trouble):
    def change(_method, path, _true):
        return (status, envelope.pack(Trouble(**trouble))) if path.startswith(wanted) else None

    return change


def state(laptop, **values):
    case = laptop.all(Enterprise)[0]
    return WireState(**({"kind": "enterprise", "record": case.id} | values))


DICE = SystemRandom()
NAIVE = datetime(2022, 3, 1, 9)  # noqa: DTZ001 - that is what is wrong with it
HUGE = 1 << 70
CASES = {
    "pages without end": to("/v1/pull", PullReply, more=True),
    "pages that go back": to("/v1/pull", PullReply, more=True, seq=0),
    "a first pull that never gets further": to("/v1/pull", PullReply, more=True, after="x"),
    "a time without a place": raw("/v1/pull", now=NAIVE.isoformat()),
    "the year nine thousand": to("/v1/pull", PullReply, now=datetime.max.replace(tzinfo=UTC)),
    "the year one": to("/v1/pull", PullReply, now=datetime.min.replace(tzinfo=UTC)),
    "a place that no database holds": raw("/v1/pull", seq=HUGE),
    "a place below nothing": raw("/v1/pull", seq=-5),
    "a receipt at a place that no database holds": raw(
        "/v1/push", acks=[{"seq": 1, "feed_seq": HUGE}]
    ),
    "a receipt for more than was sent": to(
        "/v1/push", PushReply, acks=lambda r: [*r.acks, WireAck(seq=99, feed_seq=1)]
    ),
    "a receipt for nothing": to("/v1/push", PushReply, acks=[], runs=[]),
    "a receipt in runs for more than was sent": to(
        "/v1/push", PushReply, runs=lambda r: [*r.runs, (99, 99, 1)]
    ),
    "a receipt of a run without end": to("/v1/push", PushReply, runs=[(1, 1, 1 << 50)]),
    "a receipt of another laptop": to("/v1/push", PushReply, inc=lambda r: r.inc + 1),
    "columns that do not fit": raw(
        "/v1/pull",
        groups=[
            {
                "kind": "enterprise", "records": ["a", "b"], "incs": [1], "seqs": [1, 2],
                "ats": [None, None], "fields": {"name": ["A"]},
            }
        ],
    ),
    "words where numbers are": raw("/v1/pull", states="none"),
    "nothing at all": lambda _m, path, _t: (200, b"") if path == "/v1/pull" else None,
    "a list": lambda _m, path, _t: (200, b"[]") if path == "/v1/pull" else None,
    "always another history": always("/v1/pull", 409, trouble="forked"),
    "always a gap": always("/v1/push", 409, trouble="gap", last=0),
    "always an older disk": always("/v1/pull", 409, trouble="device_regressed"),
    "another history and no hello": lambda m, path, t: (
        always("/v1/hello", 409, trouble="forked")(m, path, t)
        or always("/v1/pull", 409, trouble="forked")(m, path, t)
    ),
    "a clock that runs away": always(
        "/v1/p", 401, trouble="clock", now=datetime.max.replace(tzinfo=UTC)
    ),
    "a clock without a moment": always("/v1/p", 401, trouble="clock"),
    "a place to go on from that cannot be said again": to(
        "/v1/pull", PullReply, more=True, after="x" * 300
    ),
    "a record by a name that cannot be said again": raw(
        "/v1/pull", states=[{"kind": "enterprise", "record": "\u00e9" * 200, "fields": {}}]
    ),
    "a record that was written by nobody": raw(
        "/v1/pull",
        states=[
            {
                "kind": "enterprise", "record": "r", "fields": {"name": "A"},
                "versions": {"name": ["abc"]},
            }
        ],
    ),
    "what left by a name that cannot be": to("/v1/pull", PullReply, left=["\n"]),
    "an audit log of more entries than can be": raw(
        "/v1/pull", head={"size": HUGE, "root": "", "signature": ""}
    ),
    "a receipt of runs that count backwards": to(
        "/v1/push", PushReply, runs=lambda r: [*r.runs, (1, 1, 2), (1, 1, -2)]
    ),
    "a trouble that nobody knows": always("/v1/p", 418, trouble="teapot", words="<b>No.</b>"),
    "too large, whatever is sent": always("/v1/push", 413, trouble="too_big"),
    "a pause of a thousand years": always("/v1/p", 429, trouble="too_often", retry_after=1 << 40),
    "closed": always("/v1/p", 403, trouble="revoked"),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_whatever_a_signed_answer_says_the_round_ends_in_words_and_nothing_is_lost(vaults, case):
    ann = vaults.laptop("ann")
    one = ann.add(enterprise())
    vaults.round(ann)
    ann.set(one.id, phone="2")
    sent = len(ann.exchange.unsent(10))
    line = Evil(vaults, CASES[case])
    with suppress(errors.SyncError):  # in words; anything else is a mistake of ours
        vaults.round(ann, line)
    assert ann.get(Enterprise, one.id).phone == "2"
    assert len(ann.exchange.unsent(10)) <= sent
    vaults.settle_down()
    assert vaults.row(one.id).fields["phone"] == "2", "once it is well again all of it is there"


@pytest.mark.parametrize("case", CASES)
def test_what_has_no_receipt_is_never_called_sent(vaults, case):
    ann = vaults.laptop("ann")
    vaults.round(ann)
    one = ann.add(enterprise())

    def deaf(method, path, true):
        made = CASES[case](method, path, true)
        if path == "/v1/push" and made is None:
            return 503, envelope.pack(Trouble(trouble="busy"))
        return made

    with pytest.raises(errors.SyncError):
        vaults.round(ann, Evil(vaults, deaf))
    assert [op.record_id for op in ann.exchange.unsent(10)] == [one.id]


def test_it_cannot_take_away_what_was_typed_and_not_sent(vaults):
    """It says that the record is gone, that every field is empty, and that the case has left."""
    ann = vaults.laptop("ann")
    one = ann.add(enterprise())
    vaults.round(ann)

    def change(method, path, true):
        if path == "/v1/pull" and not ann.exchange.unsent_count():
            ann.set(one.id, phone="typed meanwhile")
            evil = state(
                ann, deleted=True, fields={"phone": "", "name": ""}, versions={"phone": ("9.9",)}
            )
            return to("/v1/pull", PullReply, states=[evil], left=[one.id])(method, path, true)
        return None

    with suppress(errors.SyncError):
        vaults.round(ann, Evil(vaults, change))
    assert ann.exchange.unsent_count() == 1
    op = ann.exchange.unsent(1)[0]
    assert op.fields == {"phone": "typed meanwhile"}
    vaults.round(ann)
    assert vaults.row(one.id).fields["phone"] == "typed meanwhile"


def test_records_of_wrong_types_and_unknown_kinds_are_put_aside_and_the_rest_is_read(vaults):
    ann = vaults.laptop("ann")
    good = ann.add(enterprise())
    vaults.round(ann)
    odd = [
        WireState(kind="horse", record="h", fields={"a": 1}, versions={"a": ("1.1",)}),
        WireState(kind="leader", record="l", fields={"name": 7}, versions={"name": ("1.2",)}),
        WireState(kind="../../evil", record="../../evil", fields={}, versions={}),
    ]
    before = sorted(path for path in ann.folder.rglob("*") if path.is_file())
    quiet = Evil(vaults, to("/v1/pull", PullReply, states=odd))
    vaults.round(ann, quiet)
    assert ann.get(Enterprise, good.id) is not None
    assert ann.all(Leader) == []
    after = sorted(path for path in ann.folder.rglob("*") if path.is_file())
    assert [p.parent for p in after] == [p.parent for p in before], "no file of its making"


def test_html_and_odd_letters_in_a_name_stay_letters(vaults):
    ann = vaults.laptop("ann")
    one = ann.add(leader(ann.add(enterprise())))
    vaults.round(ann)
    nasty = "<img src=x onerror=alert(1)>\u202e=cmd|'/c calc'!A1"
    evil = WireState(
        kind="leader", record=one.id, fields={"name": nasty}, versions={"name": ("9.9",)}
    )
    vaults.round(ann, Evil(vaults, to("/v1/pull", PullReply, states=[evil])))
    assert ann.get(Leader, one.id).name == nasty


@pytest.mark.parametrize(
    "reply",
    [
        BlobReply(sha256="x", size=1, held=1 << 40),
        BlobReply(sha256="x", size=0, held=0),
    ],
)
def test_a_register_that_gives_a_file_another_length_does_not_get_it(vaults, reply):
    ann = vaults.laptop("ann")
    stored = photo(ann, ann.add(enterprise()))

    def change(_method, path, _true):
        return (200, envelope.pack(reply)) if path.startswith("/v1/blob") else None

    vaults.round(ann, Evil(vaults, change))  # it is not of that length, and the round goes on
    assert [one.sha256 for one in ann.files.unsent()] == [stored.sha256]


@pytest.mark.parametrize("held", [0, -3, 1 << 40])
def test_a_file_that_does_not_get_further_ends_the_round(vaults, held):
    ann = vaults.laptop("ann")
    stored = photo(ann, ann.add(enterprise()))
    reply = BlobReply(sha256=stored.sha256, size=stored.size, held=held)

    def change(_method, path, _true):
        return (200, envelope.pack(reply)) if path.startswith("/v1/blob") else None

    with pytest.raises(errors.SyncError):
        vaults.round(ann, Evil(vaults, change))
    assert [one.sha256 for one in ann.files.unsent()] == [stored.sha256]


def test_bytes_that_are_not_the_file_are_not_kept(vaults):
    ann, lee = vaults.laptop("ann"), vaults.laptop("lee")
    stored = photo(ann, ann.add(enterprise()))
    vaults.settle_down()

    def change(method, path, _true):
        return (200, b"another eleven") if method == "GET" and "/blob/" in path else None

    with pytest.raises(errors.NotTheRegister):
        fetch(lee, Evil(vaults, change), vaults.clock, stored.sha256)
    assert not lee.files.has(stored.sha256)


def test_a_hello_that_says_all_is_there_loses_nothing(vaults):
    """A register put back that claims to hold what it does not: the next comparison tells."""
    ann = vaults.laptop("ann")
    one = ann.add(enterprise())
    vaults.round(ann)
    ann.set(one.id, phone="2")
    once = iter([True])

    def change(method, path, true):
        if path == "/v1/pull" and next(once, False):
            return always("/v1/pull", 409, trouble="forked")(method, path, true)
        return to("/v1/hello", HelloReply, last=1 << 40)(method, path, true)

    vaults.round(ann, Evil(vaults, change))
    assert vaults.row(one.id).fields["phone"] == "2"
    assert ann.get(Enterprise, one.id).phone == "2"


def test_a_wish_to_wait_is_kept_up_to_an_hour():
    assert back_off(1, DICE, 120) >= 120
    assert back_off(1, DICE, 1e12) <= max(LONGEST_WISH, CAP)
    assert timedelta(hours=1).total_seconds() == LONGEST_WISH


def test_without_a_look_at_whether_pages_get_further_the_round_would_not_end(vaults, monkeypatch):
    monkeypatch.setattr(exchange, "_check_further", lambda *_: None)
    ann = vaults.laptop("ann")
    ann.add(enterprise())
    vaults.round(ann)
    with pytest.raises(AssertionError, match="does not end"):
        vaults.round(ann, Evil(vaults, CASES["pages without end"]))
