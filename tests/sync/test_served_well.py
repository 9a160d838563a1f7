"""The register as a service: its log, slow and many lines, proxies, certificates, its end."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import re
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager
from datetime import timedelta
from time import monotonic

import httpx2
import pytest

from desktop.command_line import main
from forms.values import SystemClock
from sync import envelope
from sync.client.transport import in_process
from sync.errors import RegisterDown
from sync.register import admin, directory_page, limits, public, serve
from sync.register.errors import NotServed
from sync.register.limits import Limits
from sync.register.log import OneLine
from tests.support.tls import certificate
from tests.sync.conftest import serving
from tests.sync.listings import publish
from tests.sync.world import enterprise

HEAD = b"GET /health HTTP/1.1\r\nhost: x\r\n"


def page(world, path="/directory", **headers):
    return world.line.send("GET", path, headers, b"")


def lines(caplog):
    return [json.loads(OneLine().format(record)) for record in caplog.records]


# --- the log -------------------------------------------------------------------------------------


def test_what_the_public_asks_leaves_a_line_without_its_words(quick, caplog):
    with caplog.at_level(logging.INFO, "hedgerow.register"):
        page(quick, "/directory?words=Mary+Weald")
        page(quick, "/nowhere/Mary")
        page(quick, "/oruk/v3/services?search=Mary")
    told = [one for one in lines(caplog) if one["what"] == "answered"]
    assert [(one["route"], one["status"]) for one in told] == [
        ("/directory", 200),
        ("", 404),
        ("/oruk/v3/services", 200),
    ]
    assert told[0]["bytes"] > 1_000
    assert "Mary" not in str(told)


def test_a_fault_of_ours_is_one_line_and_a_sentence(quick, monkeypatch, caplog):
    def broken(*_):
        raise ValueError("Mary Weald")

    monkeypatch.setattr(directory_page, "list_page", broken)
    with caplog.at_level(logging.INFO, "hedgerow.register"):
        answer = page(quick)
    assert (answer.status, b"Try again" in answer.body) == (500, True)
    quick.expected_faults = list(quick.faults.seen)
    told = lines(caplog)
    assert [one["what"] for one in told] == ["bug", "answered"]
    assert told[0]["fault"].startswith("ValueError tests.")
    assert "Mary" not in str(told)


def test_a_traceback_of_the_server_below_is_told_by_its_kind():
    try:
        int("Mary Weald")
    except ValueError:
        record = logging.makeLogRecord({"msg": "Exception in %s", "exc_info": sys.exc_info()})
    told = json.loads(OneLine().format(record))
    assert told["fault"].startswith("ValueError tests.")
    assert "Mary" not in str(told)


def test_a_full_database_is_told_by_its_own_word_and_nothing_is_lost(quick, caplog):
    ann = quick.laptop("ann")
    quick.round(ann)

    def pages(tx, most):
        return tx.connection.exec_driver_sql(f"PRAGMA max_page_count={most}").scalar()

    full = quick.store.read(lambda tx: pages(tx, 1))  # as small as it can be: what it has
    cases = [ann.add(enterprise()) for _ in range(300)]
    with caplog.at_level(logging.INFO, "hedgerow.register"), pytest.raises(RegisterDown):
        quick.round(ann)
    assert "Make room" in page(quick, "/ready").body.decode()
    told = [one for one in lines(caplog) if one["what"] == "database"]
    assert told[0]["fault"] == "OperationalError SQLITE_FULL"
    quick.store.read(lambda tx: pages(tx, full * 100))
    quick.settle_down()
    assert all(quick.row(case.id) is not None for case in cases)


# --- slow ones and many --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    ["/", "/robots.txt", "/directory", "/directory?day=TU", "/directory/style.css", "/directory/x",
     "/oruk/v3/", "/oruk/v3/services", "/oruk/v3/services/x", "/openapi.json", "/v1/directory",
     "/v1/audit/head", "/health", "/ready"],
)  # fmt: skip
def test_head_answers_as_get_does_without_the_page(quick, path):
    whole, head = (quick.line.send(method, path, {}, b"") for method in ("GET", "HEAD"))
    assert head.status == whole.status
    left = {"date", "hedgerow-signature", "hedgerow-time"}
    told = [{k: v for k, v in one.headers.items() if k not in left} for one in (whole, head)]
    assert told[0] == told[1]


def ask(app, parts):
    """One push to the app, whose body comes in these parts and then stops; its status."""
    told = []

    async def receive():
        if not parts:
            await asyncio.Event().wait()
        return {"type": "http.request", "body": parts.pop(0), "more_body": True}

    async def send(message):
        told.append(message)

    scope = {
        "type": "http", "method": "POST", "path": "/v1/push", "raw_path": b"/v1/push",
        "query_string": b"", "root_path": "", "scheme": "http", "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 1), "http_version": "1.1", "asgi": {"version": "3.0"},
        "headers": [(b"content-type", envelope.CONTENT_TYPE.encode())],
    }  # fmt: skip
    asyncio.run(app(scope, receive, send))
    return told[0]["status"]


def test_a_body_has_to_keep_coming_and_to_end(quick):
    quick.limits = Limits(silent_seconds=0.05)
    assert ask(quick.new_app(), [b"x"]) == 408
    quick.limits = Limits(silent_seconds=5, body_seconds=0.1)
    assert ask(quick.new_app(), [b"x"]) == 408


def test_a_laptop_that_was_too_slow_sends_less():
    from sync.client.wire import Answer, told
    from sync.errors import Slow
    from sync.protocol import Trouble

    answer = Answer(408, {}, envelope.pack(Trouble(trouble="too_slow")))
    assert isinstance(told(answer), Slow)


# --- who asks ------------------------------------------------------------------------------------


@pytest.fixture
def seen(monkeypatch):
    """Where the register thinks that each look at the directory came from."""
    kept, real = [], public.Public.shown

    def shown(self, address):
        kept.append(address)
        return real(self, address)

    monkeypatch.setattr(public.Public, "shown", shown)
    return kept


FROM = {"x-forwarded-for": "203.0.113.7", "x-forwarded-proto": "https"}


def test_where_a_request_came_from_is_believed_of_a_named_proxy_only(quick, seen):
    with serving(quick) as url:
        plain = httpx2.get(url + "/directory", headers=FROM, trust_env=False)
    with serving(quick, proxies=("10.0.0.1",)) as url:
        httpx2.get(url + "/directory", headers=FROM, trust_env=False)
    with serving(quick, proxies=("127.0.0.1",)) as url:
        behind = httpx2.get(url + "/directory", headers=FROM, trust_env=False)
        root = httpx2.get(url + "/oruk/v3/", headers=FROM, trust_env=False).json()
    assert seen == ["127.0.0.1", "127.0.0.1", "203.0.113.7", "203.0.113.7"]
    assert "strict-transport-security" not in plain.headers
    assert behind.headers["strict-transport-security"].startswith("max-age=")
    assert root["openapi_url"].startswith("https://")


@pytest.mark.parametrize("bad", ["proxy.example", "10.0.0.1/8", "*", ""])
def test_a_proxy_is_named_by_address(bad):
    with pytest.raises(NotServed, match="Nothing was started"):
        serve.proxies_of((bad,))


def test_who_looks_all_too_often_waits_for_the_minute_to_end(quick):
    quick.limits = Limits(looks=3, sample=1)
    line = in_process(quick.new_app())
    try:
        got = [line.send("GET", "/directory", {}, b"") for _ in range(5)]
        assert [one.status for one in got] == [200, 200, 200, 429, 429]
        assert (got[-1].headers["retry-after"], b"in a minute" in got[-1].body) == ("60", True)
        feed = line.send("GET", "/oruk/v3/services", {}, b"")
        assert (feed.status, "goes on" in json.loads(feed.body)["message"]) == (429, True)
        assert line.send("GET", "/oruk/v3/services/x", {}, b"").status == 429
        quick.later(minutes=1)
        assert line.send("GET", "/directory", {}, b"").status == 200
    finally:
        line.close()


@pytest.mark.parametrize(
    "path", ["/directory/none", "/oruk/v3/services/none", "/oruk/v3/services?page=x"]
)
def test_what_is_not_there_is_a_look_too(quick, path):
    quick.limits = Limits(looks=3, sample=1)
    line = in_process(quick.new_app())
    try:
        got = [line.send("GET", path, {}, b"").status for _ in range(4)]
    finally:
        line.close()
    assert got[0] in (400, 404)
    assert got[3] == 429


def test_a_network_of_addresses_is_one_line():
    home = {limits.line_of("2001:db8:1:2::1"), limits.line_of("2001:db8:1:2:ffff::9")}
    assert len(home) == 1
    assert limits.line_of("2001:db8:1:3::1") not in home
    assert limits.line_of("203.0.113.7") == "203.0.113.7"
    assert limits.line_of("") == ""
    assert limits.line_of("::ffff:203.0.113.7") != limits.line_of("::ffff:203.0.113.8")


# --- answers that somebody has already -----------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    ["/directory", "/directory/style.css", "/oruk/v3/services", "/v1/directory", "/robots.txt"],
)
def test_who_has_an_answer_gets_no_second_copy(quick, path):
    first = page(quick, path)
    tag = first.headers["etag"]
    weak = f"W/{tag.removeprefix('W/')}"  # as whoever squeezed an answer on its way names it
    again = page(quick, path, **{"if-none-match": f'"other", {weak}'})
    assert (again.status, again.body, again.headers["etag"]) == (304, b"", tag)
    assert page(quick, path, **{"if-none-match": '"other"'}).status == 200
    assert first.headers["cache-control"] == "no-cache"


def test_what_changed_is_sent_whole(quick):
    ann, quin = quick.laptop("ann"), quick.laptop("quin")
    _, entry = publish(quick, ann)
    tag = page(quick).headers["etag"]
    quick.ask(quin, "listing.suspend", entry.id, reason="A concern.")
    after = page(quick, **{"if-none-match": tag})
    assert (after.status, b"Weald Companions" in after.body) == (200, False)
    assert page(quick, f"/directory/{entry.id}", **{"if-none-match": tag}).status == 404


def test_an_address_that_is_none_says_where_the_directory_is(quick):
    answer = page(quick, "/find")
    assert (answer.status, b"/directory" in answer.body) == (404, True)
    assert b"Disallow: /v1/" in page(quick, "/robots.txt").body


# --- starting and stopping -----------------------------------------------------------------------


def test_a_certificate_that_cannot_work_is_said_before_anything_starts(tmp_path):
    cert, key = certificate(tmp_path, "one")
    other = certificate(tmp_path, "two")[1]
    now = SystemClock().now()
    assert serve.certificate_days((cert, key), now) == 0
    assert serve.certificate_days((cert, key), now + timedelta(days=9)) < -7
    for pair in ((cert, other), (key, cert), ("", key), (cert, "")):
        with pytest.raises(NotServed, match="not started"):
            serve.certificate_days(pair, now)
    with pytest.raises(FileNotFoundError) as told:
        serve.certificate_days((cert, str(tmp_path / "none.key")), now)
    assert told.value.filename.endswith("none.key")


@pytest.mark.parametrize(
    "words",
    [
        ("--tls-key", "k.pem"),
        ("--proxy", "nowhere"),
        ("--port", "99999"),
        ("--host", "203.0.113.9"),
    ],
)
def test_what_cannot_be_served_is_said_in_a_line(tmp_path, capsys, words):
    url = f"sqlite:///{tmp_path / 'register.db'}"
    assert main(["register", "init", "--database", url]) == 0
    capsys.readouterr()
    try:
        code = main(["register", "serve", "--database", url, "--port", "0", *words])
    except SystemExit as told:
        code = told.code
    said = capsys.readouterr()
    assert code in (1, 2)
    assert (said.out, said.err.count("\n")) == ("", 1)


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGTERM to send there")
def test_told_to_stop_it_finishes_what_is_under_way(quick, tmp_path):
    """A push whose body is half here when SIGTERM comes is taken and answered; then it ends."""
    quick.later(seconds=(SystemClock().now() - quick.clock.now()).total_seconds())
    ann = quick.laptop("ann")
    case = ann.add(enterprise())
    sent = _request_of(quick, ann)
    quick.store.close()
    with _running(quick.url) as (program, port):
        with socket.create_connection(("127.0.0.1", port), timeout=30) as line:
            head, _, body = sent.partition(b"\r\n\r\n")
            line.sendall(head + b"\r\n\r\n" + body[:20])
            _until(port, answers=True)  # what came later was answered: the half body is there
            program.send_signal(signal.SIGTERM)
            _until(port, answers=False)
            line.sendall(body[20:])
            assert line.recv(65536).startswith(b"HTTP/1.1 200")
        assert program.wait(30) == 0
        told = [json.loads(one) for one in program.stderr.read().splitlines()]
    assert (told[0]["what"], told[-1]["what"]) == ("started", "stopped")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", told[0]["at"])
    assert ("/v1/push", 200) in [(one.get("route"), one.get("status")) for one in told]
    from sync.register.store import open_store

    store = open_store(quick.url)
    assert store.read(lambda tx: tx.records.load([case.id]))[case.id].fields["name"]
    store.close()
    quick.store = open_store(quick.url)


def _request_of(world, laptop):
    """The bytes of the push that this laptop would send next, signed."""
    kept = {}

    class Keeping:
        url = world.line.url

        def send(self, method, path, headers, body):
            if path == "/v1/push":
                kept["it"] = (path, headers, body)
                raise ConnectionAbortedError
            return world.line.send(method, path, headers, body)

    with pytest.raises(ConnectionAbortedError):
        world.round(laptop, Keeping())
    path, headers, body = kept["it"]
    head = [f"POST {path} HTTP/1.1", "host: x", f"content-length: {len(body)}"]
    head += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


@contextmanager
def _running(url):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = ["register", "serve", "--database", url, "--port", str(port)]
    program = subprocess.Popen(
        [sys.executable, "-m", "desktop", *command],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    )  # fmt: skip
    try:
        assert "answers on" in program.stdout.readline(), program.stderr.read()
        _until(port, answers=True)
        yield program, port
    finally:
        program.kill()
        program.communicate()


def _until(port, *, answers):
    last = monotonic() + 30
    while True:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=30) as line:
                line.sendall(HEAD + b"\r\n")
                there = line.recv(4096).startswith(b"HTTP/1.1 200")
        except OSError:
            there = False
        if there == answers:
            return
        assert monotonic() < last


# --- kept between questions ----------------------------------------------------------------------


def test_what_is_kept_ends_with_the_log_the_day_and_the_history(world, monkeypatch):
    """Two workers over one database: each sees at once what the other wrote."""
    ann, quin = world.laptop("ann"), world.laptop("quin")
    _, entry = publish(world, ann)
    other = in_process(world.new_app())
    made, real = [], public.public_list.shown

    def counted(tx, day):
        made.append(day)
        return real(tx, day)

    monkeypatch.setattr(public.public_list, "shown", counted)
    try:
        for _ in range(3):
            assert b"Weald" in other.send("GET", "/directory", {}, b"").body
        assert len(made) == 1
        world.ask(quin, "listing.suspend", entry.id, reason="A concern.")
        assert b"Weald" not in other.send("GET", "/directory", {}, b"").body
        world.later(days=1)
        other.send("GET", "/oruk/v3/services", {}, b"")
        admin.new_history(world.store, world.clock)
        other.send("GET", "/v1/directory", {}, b"")
        assert len(made) == 4
    finally:
        other.close()
