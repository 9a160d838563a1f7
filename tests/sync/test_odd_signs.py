"""A NUL, which PostgreSQL holds in no text, is answered in words, and alike by both databases."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import msgspec
import pytest

from forms.facts.casework import CoachingSession
from forms.facts.kinds import KINDS, fits
from forms.values import new_id
from sync.client.wire import Line, Told
from sync.errors import CodeRefused
from sync.protocol import DecideAsk, DecideReply, EnrolAsk, EnrolReply, PullAsk, PullReply
from sync.register import admin, auth, oidc
from sync.register.errors import NotAllowed, Troubled
from sync.signing import code_proof, split_code
from tests.sync.world import START

NUL = "a\x00b"


def line_of(world, laptop):
    return Line(world.line, laptop.exchange.identity(), world.clock)


def last(laptop, **more):
    """The newest op of a laptop, otherwise than it wrote it."""
    laptop.journal[-1] = replace(laptop.journal[-1], **more)
    return laptop.journal[-1]


@pytest.mark.parametrize(
    "more",
    [
        {"fields": {"note": NUL}},
        {"fields": {NUL: "of a newer program"}},
        {"fields": {"later": {"deep": ["x", {NUL: 1}]}}},
        {"fields": {"later": [[NUL]]}},
        {"note": NUL},
        {"base": {NUL: ("1.1",)}},
        {"was": {NUL: "x"}},
    ],
    ids=str,
)
def test_an_edit_with_it_is_refused_and_its_neighbours_are_taken(world, coach, more):
    note = coach.add(CoachingSession(id=new_id(), enterprise_id=coach.case.id, on=START.date()))
    world.round(coach)
    coach.set(note.id, note="before")
    coach.set(note.id, note="odd")
    last(coach, **more)
    coach.set(coach.case.id, phone="01303 000002")
    report = world.round(coach)
    assert ["a sign that cannot be kept" in words for words in report.refused] == [True]
    assert world.row(note.id).fields["note"] == "before"
    assert world.row(coach.case.id).fields["phone"] == "01303 000002"
    assert coach.exchange.unsent_count() == 0


@pytest.mark.parametrize("name", ['a"b', "a\\b", "two\nlines", "née"])
def test_a_field_of_any_other_name_keeps_nobody_from_reading(world, coach, name):
    """It may be of a newer program, or of nobody's."""
    lee = world.laptop("lee")
    world.settle_down()
    coach.set(coach.case.id, phone="odd")
    last(coach, fields={name: "x", "phone": "01303 000002"})
    assert world.round(coach).refused == []
    world.settle_down()
    assert lee.records[coach.case.id].fields[name] == "x"


@pytest.mark.parametrize("name", ["enterprise_id", "note"])
def test_a_new_record_with_it_is_refused_wherever_it_hangs(world, coach, name):
    note = coach.add(CoachingSession(id=new_id(), enterprise_id=coach.case.id, on=START.date()))
    last(coach, fields=dict(coach.journal[-1].fields) | {name: NUL})
    coach.set(coach.case.id, phone="01303 000002")
    report = world.round(coach)
    assert ["a sign that cannot be kept" in words for words in report.refused] == [True]
    assert world.row(note.id) is None
    assert world.row(coach.case.id).fields["phone"] == "01303 000002"


def test_what_reads_like_it_is_a_text_like_any_other(world, coach):
    note = coach.add(
        CoachingSession(id=new_id(), enterprise_id=coach.case.id, on=START.date(), note="\\u0000")
    )
    assert world.round(coach).refused == []
    assert world.row(note.id).fields["note"] == "\\u0000"


def test_what_a_closed_laptop_still_sends_is_judged_alike(world, coach):
    (device,) = admin.devices(world.store, "ann")
    coach.set(coach.case.id, phone="odd")
    last(coach, fields={"phone": NUL})
    admin.revoke(world.store, device.id, world.clock, retired=True)
    with pytest.raises(Exception, match=r"closed|revoked"):
        world.round(coach)
    (came,) = world.log()[-1:]
    assert came.result == "held:quarantine"


@pytest.mark.parametrize(
    "payload", [{"to_coach_id": NUL}, {NUL: "x"}, {"note": [{"a": NUL}]}], ids=str
)
def test_a_decision_with_it_is_answered(world, coach, payload):
    ask = DecideAsk(
        id=new_id(), name="case.transfer", subject=coach.case.id, asked_by="lee",
        asked_at=world.clock.now(), payload=payload,
    )  # fmt: skip
    for _ in range(2):
        told = line_of(world, world.laptop("lee")).ask("/v1/decide", ask, DecideReply)
        assert (told.state, told.codes) == ("refused", ("TEXT",))
        assert "a sign that cannot be kept" in told.words


def test_a_code_with_it_is_a_code_that_does_not_work(world):
    ask = EnrolAsk(locator=NUL, public_key=b"k" * 32, proof=b"p" * 32)
    with pytest.raises(CodeRefused):
        line_of(world, world.laptop("ann")).ask("/v1/enrol", ask, EnrolReply)


def test_a_laptop_that_calls_itself_so_is_shown_without_it(world):
    locator, secret = split_code(world.code("ben"))
    proof = code_proof(secret, b"device", b"k" * 32)
    ask = EnrolAsk(locator=locator, public_key=b"k" * 32, proof=proof, label="Ben\x00's\n laptop")
    line_of(world, world.laptop("ann")).ask("/v1/enrol", ask, EnrolReply)
    assert [one.label for one in admin.devices(world.store, "ben")] == ["Ben's laptop"]


@pytest.mark.parametrize("method", ["POST", "PATCH", "GET"])
@pytest.mark.parametrize(
    "address", ["/v1/blob/ab?for=a%00b&start=0", "/v1/blob/a%00b?for=c&start=0"]
)
def test_a_file_of_such_a_name_is_not_there(world, method, address):
    with pytest.raises(Told) as told:
        line_of(world, world.laptop("ann")).raw(method, address, b"x")
    assert told.value.trouble.trouble == "unknown_file"


def test_nobody_goes_on_reading_from_there(world, coach):
    identity = coach.exchange.identity()
    ask = PullAsk(inc=identity.incarnation, snapshot=True, after="0:" + NUL)
    with pytest.raises(Told) as told:
        line_of(world, coach).ask("/v1/pull", ask, PullReply)
    assert told.value.trouble.trouble == "unreadable"


@pytest.mark.parametrize("subject", [NUL, "a\ud800"])
@pytest.mark.parametrize("claims", [("sub",), ("tid", "oid")])
def test_an_account_of_such_a_name_is_nobodys(monkeypatch, subject, claims):
    said = SimpleNamespace(claims={"sub": "x", "aud": "us"} | dict.fromkeys(claims, subject))
    monkeypatch.setattr(oidc.jwt, "decode", lambda *_, **__: said)
    monkeypatch.setattr(oidc.jwt.JWTClaimsRegistry, "validate", lambda *_: None)
    with pytest.raises(Troubled, match="did not work"):
        oidc.account("t", None, oidc.Issuer(issuer="https://a", client_id="us"), "n", START)


@pytest.mark.parametrize("name", ["a\x00b", "a\udc80", "two\nlines"])
def test_nobody_is_let_in_under_such_a_name(world, name):
    for call in (
        lambda: admin.add_person(world.store, name, "Joe", "coach", clock=world.clock),
        lambda: admin.add_person(world.store, "joe", name, "coach", clock=world.clock),
        lambda: admin.disable_person(world.store, name, world.clock),
        lambda: admin.enrol_code(world.store, name, world.clock),
        lambda: admin.link_account(world.store, "ann", name, clock=world.clock),
        lambda: admin.link_account(world.store, name, "1", clock=world.clock),
    ):
        with pytest.raises(NotAllowed):
            call()


@pytest.mark.parametrize("kind", KINDS)
def test_it_may_stand_in_no_field(kind):
    values = NUL, [NUL], {"a": NUL}, {NUL: "a"}
    assert not [spec for spec in KINDS[kind].specs for value in values if fits(spec, value)]


def test_a_device_is_called_as_it_says_where_it_can_be():
    assert auth.label_of("Ann's laptop – née") == "Ann's laptop – née"
    assert auth.label_of("x" * 100) == "x" * 80
    assert msgspec.json.decode(b'"a\\u0000b"') == NUL
