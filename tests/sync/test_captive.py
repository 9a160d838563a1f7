"""A network that answers for itself, over real sockets: what the coach reads, and what it may do.

A portal answers every request of every address with its own page or sends it elsewhere. Nothing of
it is used, nothing counts as sent, nobody is logged out, and no redirect is followed.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from desktop.operations.exchange import needs_person
from forms.facts.people import Enterprise
from sync import errors
from sync.client.transport import HttpTransport
from tests.sync.world import enterprise

PAGE = b"<!doctype html><title>Barn Cafe Wi-Fi</title><form>Room number</form>"
PORTAL = "This Wi-Fi wants you to log in on its own page first. Your work is saved here."
HTML = {"content-type": "text/html; charset=utf-8"}
SAYS = {
    "its page, as if it were the answer": (200, HTML, PAGE, errors.CaptivePortal),
    "its page without a type": (200, {}, b"  \r\n" + PAGE, errors.CaptivePortal),
    "moved to its page": (302, {"location": "/login"}, b"", errors.CaptivePortal),
    "moved for this once": (307, {"location": "/login"}, b"", errors.CaptivePortal),
    "log in first": (511, HTML, PAGE, errors.CaptivePortal),
    "its page for every address that it does not know": (404, HTML, PAGE, errors.CaptivePortal),
    "nothing, and all is well": (204, {}, b"", errors.NotTheRegister),
    "json of its own": (200, {"content-type": "application/json"}, b"{}", errors.NotTheRegister),
    "a page of a proxy in the way": (407, HTML, PAGE, errors.ProxyInTheWay),
    "our own type, unsigned": (
        200,
        {"content-type": "application/vnd.hedgerow+json"},
        b"{}",
        errors.NotTheRegister,
    ),
}


@contextmanager
def portal(status, headers, body):
    """A server on loopback that says the same to everything; what it was asked."""
    asked = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self):
            asked.append(f"{self.command} {self.path}")
            self.rfile.read(int(self.headers.get("content-length") or 0))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            if status != 204:
                self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_PATCH = answer

        def log_message(self, *_):
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    line = HttpTransport(f"http://127.0.0.1:{server.server_port}")
    try:
        yield line, asked
    finally:
        line.close()
        server.shutdown()
        thread.join(10)
        server.server_close()


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize("says", SAYS)
def test_a_network_that_answers_for_itself_is_told_apart_and_changes_nothing(vaults, says):
    status, headers, body, fault = SAYS[says]
    ann = vaults.laptop("ann")
    case = ann.add(enterprise())
    vaults.round(ann)
    who, mark = ann.exchange.identity(), ann.exchange.bookmark()
    ann.set(case.id, phone="2")
    with portal(status, headers, body) as (line, asked), pytest.raises(fault) as told:
        vaults.round(ann, line)
    assert type(told.value) is fault
    assert asked == ["POST /v1/push"], "asked once, and followed nowhere"
    assert "Your work is saved here." in str(told.value)
    assert b"Barn" not in str(told.value).encode()
    assert ann.exchange.unsent_count() == 1
    assert (ann.exchange.identity(), ann.exchange.bookmark()) == (who, mark)
    assert ann.get(Enterprise, case.id).phone == "2", "no empty list because of a log-in page"
    vaults.round(ann)
    assert vaults.row(case.id).fields["phone"] == "2"


def test_what_the_coach_reads_at_a_portal(quick):
    ann = quick.laptop("ann")
    ann.add(enterprise())
    with portal(200, HTML, PAGE) as (line, _), pytest.raises(errors.CaptivePortal) as told:
        quick.round(ann, line)
    assert str(told.value) == PORTAL
    assert needs_person(told.value) == "This Wi-Fi wants a log-in page"


@pytest.mark.parametrize(
    ("status", "pause"), [(429, 120.0), (503, 120.0), (500, 120.0), (502, 120.0), (504, 120.0)]
)
def test_a_gateway_that_is_down_is_not_called_a_portal(quick, status, pause):
    ann = quick.laptop("ann")
    ann.add(enterprise())
    headers = HTML | {"retry-after": "120"}
    with portal(status, headers, PAGE) as (line, _), pytest.raises(errors.RegisterDown) as told:
        quick.round(ann, line)
    assert told.value.retry_after == pause
    assert needs_person(told.value) == ""


def test_joining_at_a_portal_says_so_and_keeps_the_code(quick):
    """The code is good for its ten minutes: a log-in page does not use it up."""
    from sync.client.enrol import enrol
    from tests.sync.laptop import Laptop

    code, laptop = quick.code("ann"), Laptop(quick.clock)
    with portal(200, HTML, PAGE) as (line, _), pytest.raises(errors.CaptivePortal):
        enrol(laptop, line, code, quick.clock, label="a laptop")
    assert laptop.who is None
    enrol(laptop, quick.line, code, quick.clock, label="a laptop")
    assert laptop.who.actor_id == "ann"
