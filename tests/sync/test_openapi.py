"""The OpenAPI document is whole and true: every route is in it, and Schemathesis finds nothing.

Requests go through the app in process, signed as a lead's laptop would sign them.
"""

from __future__ import annotations

import base64
import json

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS, load_all_checks

from sync import envelope, signing
from sync.register import openapi
from sync.register.matrix import MatrixFault, matrix
from tests.sync.in_loop import client_of
from tests.sync.world import World

load_all_checks()
# strangers are tried by the matrix; a signed client is never one
LEFT_OUT = {"ignored_auth", "use_after_free", "ensure_resource_availability", "max_response_time"}


def test_every_address_is_described(quick):
    told = json.loads(quick.line.send("GET", "/openapi.json", {}, b"").body)
    there = {(m.upper(), path) for path, ways in told["paths"].items() for m in ways}
    assert there == set(matrix().routes)
    for ways in told["paths"].values():
        for one in ways.values():
            assert one["summary"]
            assert "200" in one["responses"] or "307" in one["responses"]


def test_a_route_that_speaks_in_messages_needs_them_here(monkeypatch):
    monkeypatch.delitem(openapi.MESSAGES, ("POST", "/v1/hello"))
    with pytest.raises(MatrixFault, match="/v1/hello has no message"):
        openapi.document([("POST", "/v1/hello")], "1")


def test_another_program_gets_plain_json_that_is_signed_too(quick):
    headers = {"content-type": envelope.CONTENT_TYPE, "accept": "application/json"}
    answer = quick.line.send("POST", "/v1/enrol", headers, b"{}")
    assert answer.headers["content-type"] == "application/json"
    assert json.loads(answer.body)["trouble"] == "unreadable"
    message = signing.answer_bytes(answer.status, "", answer.body)
    key = quick.laptop("ann").identity().register_key
    assert signing.signed(key, base64.b64decode(answer.headers[signing.SIGNATURE]), message)


class Signing:
    """An ASGI app before the register's: signs what comes as one laptop would."""

    def __init__(self, app, laptop, clock):
        self.app, self.who, self.clock = app, laptop.identity(), clock

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        body = b""
        while True:
            message = await receive()
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
        query = scope["query_string"].decode()
        path = scope["path"] + (f"?{query}" if query else "")
        time = self.clock.now().isoformat()
        bytes_ = signing.request_bytes(scope["method"], path, self.who.device_id, time, body)
        signature = base64.b64encode(signing.sign(self.who.signing_key, bytes_))
        ours = {b"accept", b"content-type", b"authorization", b"content-length"}
        kind = dict(scope["headers"]).get(b"content-type", b"")
        if kind in (b"", b"application/octet-stream"):
            kind = envelope.CONTENT_TYPE.encode()  # what has no body says what it would be
        headers = [
            *((n, v) for n, v in scope["headers"] if n not in ours),
            (b"accept", b"application/json"),
            (b"content-type", kind),
            (b"content-length", str(len(body)).encode()),
            (signing.DEVICE.encode(), self.who.device_id.encode()),
            (signing.TIME.encode(), time.encode()),
            (signing.SIGNATURE.encode(), signature),
        ]
        parts = iter([{"type": "http.request", "body": body, "more_body": False}])

        async def again():
            return next(parts, {"type": "http.disconnect"})

        await self.app(scope | {"headers": headers}, again, send)


@pytest.fixture(scope="module")
def api(tmp_path_factory):
    url = f"sqlite:///{tmp_path_factory.mktemp('api') / 'register.db'}"
    with World(url) as world:
        app = Signing(world.app, world.laptop("lee"), world.clock)
        schema, client = schemathesis.openapi.from_asgi("/openapi.json", app), client_of(app)
        yield schema, client
        for adapter in client.adapters.values():
            adapter.close()


# a page's query is free text for people, and there is nothing wrong to ask for
FREE = ("/directory", "/directory/{id}", "/directory/style.css", "/", "/openapi.json", "/oruk")
MODES = {"fits": GenerationMode.POSITIVE, "does not fit": GenerationMode.NEGATIVE}


def plain(method, path):
    """An address that takes nothing but an id, so that nothing about a request can be wrong."""
    asks = openapi.MESSAGES.get((method, path), (None, None))[0] is not None
    return not asks and "{sha256}" not in path


PAIRS = [
    (mode, method, path)
    for method, path in sorted(matrix().routes)
    for mode in MODES
    if mode == "fits" or not plain(method, path)
]


def checks_for(path):
    left = LEFT_OUT | ({"negative_data_rejection"} if path.startswith(FREE) else set())
    return [CHECKS.get_one(name) for name in CHECKS.get_all_names() if name not in left]


def whole(value):
    """The wire takes 1 and not 1.0, which a schema cannot tell apart."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {name: whole(one) for name, one in value.items()}
    return [whole(one) for one in value] if isinstance(value, list) else value


def written(case):
    case.body = whole(case.body)
    return case


def try_out(api, mode, method, path, examples):
    checks = checks_for(path)
    schema, client = api

    @settings(
        max_examples=examples, deadline=None, database=None, derandomize=True,
        suppress_health_check=list(HealthCheck), phases=[Phase.generate],
    )  # fmt: skip
    @given(case=schema[path][method].as_strategy(MODES[mode]).map(written))
    def run(case):
        case.call_and_validate(checks=checks, session=client)

    run()


@pytest.mark.parametrize(("mode", "method", "path"), PAIRS)
def test_schemathesis_finds_nothing(api, mode, method, path):
    try_out(api, mode, method, path, 6)


@pytest.mark.long
@pytest.mark.timeout(1800)
@pytest.mark.parametrize(("mode", "method", "path"), PAIRS)
def test_schemathesis_finds_nothing_in_two_thousand_tries(api, mode, method, path):
    try_out(api, mode, method, path, 2_000)
