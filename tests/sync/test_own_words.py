"""What the register says itself reaches the person: no refusal loses its sentence on the way."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import sync.register
from forms.facts.decisions import DecisionRequest
from forms.values import new_id
from sync import envelope, errors
from sync.client.decide import ask_now
from sync.client.transport import Answer
from sync.client.wire import Told, told
from sync.protocol import Trouble
from tests.sync.test_hostile import Evil, always
from tests.sync.world import enterprise

SENTENCE = "The oast house is shut on Mondays."
QUIET = {
    # a trouble whose own words of this program say more, or to which nobody has to do anything
    "too_often",
    "too_new",
    "code",
    "unknown_device",
    "bad_signature",
}


def troubles():
    """Every name that the register's own source gives a trouble which it also gives words."""
    out = set()
    for path in Path(sync.register.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Trouble":
                named = {k.arg: k.value for k in node.keywords}
                if "words" in named and isinstance(named.get("trouble"), ast.Constant):
                    out.add(named["trouble"].value)
    return sorted(out)


def said(name, status=400):
    body = envelope.pack(Trouble(trouble=name, words=SENTENCE))
    error = told(Answer(status, {}, body))
    return error.trouble.words if isinstance(error, Told) else str(error)


def test_the_register_has_words_of_its_own_for_a_good_many_things():
    assert {"no_programme", "revoked", "full", "too_big", "not_for_role"} <= set(troubles())


@pytest.mark.parametrize("name", [*troubles(), "broken_in_a_way_to_come"])
def test_what_the_register_says_is_what_is_said(name):
    if name in QUIET:
        assert said(name), "our own words"
    else:
        assert SENTENCE in said(name)
        assert SENTENCE in said(name, 503)


def asked(world, line):
    lee = world.laptop("lee")
    case = lee.add(enterprise())
    request = DecisionRequest(
        id=new_id(), name="person.erase", subject_id=case.id, asked_by_id="lee",
        asked_at=world.clock.now(), payload={},
    )  # fmt: skip
    with pytest.raises(errors.OnlineOnly) as caught:
        ask_now(lee, line, request, world.clock)
    assert "Nothing was decided." in str(caught.value)
    return str(caught.value)


def test_a_decision_that_the_register_cannot_take_yet_says_why(quick):
    said_so = asked(
        quick, Evil(quick, always("/v1/decide", 503, trouble="no_programme", words=SENTENCE))
    )
    assert SENTENCE in said_so


class Line:
    url = "http://register.invalid"

    def __init__(self, fault):
        self.fault = fault

    def send(self, *_):
        if isinstance(self.fault, Exception):
            raise self.fault
        return self.fault


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (errors.Unreachable(), "Try again when there is a signal"),
        (errors.ProxyInTheWay(), "goes through a proxy|go through a proxy"),
        (Answer(200, {"content-type": "text/html"}, b"<html>"), "log in on its own page first"),
        (Answer(503, {}, b""), "which is not answering"),
    ],
)
def test_what_is_in_the_way_of_a_decision_is_said(quick, fault, words):
    import re

    assert re.search(words, asked(quick, Line(fault)))


def test_a_program_ahead_of_its_register_is_not_told_to_ask_anybody(quick):
    quick.laptop("ann").add(enterprise())
    line = Evil(quick, always("/v1/p", 426, trouble="too_new", words="The register ..."))
    with pytest.raises(errors.RegisterBehind, match="goes by itself when the council has updated"):
        quick.round(quick.laptop("ann"), line)


def test_a_closed_person_is_told_that_it_is_the_person(quick):
    words = "The council has closed this person's access."
    line = Evil(quick, always("/v1/p", 403, trouble="revoked", words=words))
    with pytest.raises(errors.DeviceRevoked) as caught:
        quick.round(quick.laptop("ann"), line)
    assert str(caught.value) == f"{words} Ring the council. Unsent changes are being kept safe."
