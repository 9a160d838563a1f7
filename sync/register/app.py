"""The register as an ASGI app: routes only. Bodies in by limit, answers out signed.

Every answer, a refusal too, is signed over the request it answers, so a laptop can tell the
register from a hotel's log-in page. Logs hold routes, statuses and counts, never words of people.
Refuses to hold anything in memory between requests: any number of workers may serve one store. A
body has to keep coming, and to end: see `limits`.
"""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from sqlalchemy.exc import DataError, DBAPIError, OperationalError
from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from forms.rules.decisions import decide as programme_rules
from forms.rules.pack import Pack
from forms.values import Clock
from sync import envelope, keys, signing
from sync.office import (
    AuditEntriesAsk,
    AuditProofAsk,
    CloseDeviceAsk,
    DeviceLedgerAsk,
    DevicesAsk,
    SignInAsk,
    SignInBeginAsk,
    TokenAsk,
)
from sync.protocol import (
    VERSION,
    DecideAsk,
    EnrolAsk,
    HelloAsk,
    Message,
    PullAsk,
    PushAsk,
    SumsAsk,
    Trouble,
)
from sync.register import directory_routes, oidc, open_data, openapi
from sync.register.answers import tagged
from sync.register.decide import Decider
from sync.register.directory_page import PATH as DIRECTORY
from sync.register.errors import Troubled
from sync.register.limits import Limits
from sync.register.log import Noted, database_fault, log, of_the_database, place_of
from sync.register.matrix import matrix
from sync.register.service import Register, Signed
from sync.register.store import RegisterStore
from sync.register.threads import in_a_thread

MAX_INFLATED = Limits().inflated
_DIRECTORY_AT = f"The directory is at {DIRECTORY}"
OPEN = (open_data.BASE, "/v1/directory", openapi.PATH)  # readable from any web page
_ALL_DAY = ("/v1/push", "/v1/pull")
Work = Callable[[Signed, Request], msgspec.Struct | bytes]
M = TypeVar("M", bound=Message)


def create_app(
    store: RegisterStore,
    clock: Clock,
    packs: Mapping[str, Pack],
    signing_key: bytes,
    rules: Decider | None = None,
    limits: Limits | None = None,
    erased: Path | None = None,
) -> Starlette:
    """The register over a store. `rules` are the programme's own unless a test says otherwise.

    `erased` is where the list of whom it erases is kept, outside its database.

    Raises MatrixFault when an address has no row in `roles.toml`.
    """
    register = Register(store, clock, packs, signing_key, rules or programme_rules, limits, erased)
    described = Route(openapi.PATH, _described, methods=["GET"])
    routes = _routes(register)
    app = Starlette(
        routes=[*routes, described],
        middleware=[
            Middleware(Noted),
            Middleware(AllDay, routes),
            Middleware(open_data.Straight, OPEN),
        ],
        exception_handlers={404: _nothing_here},
    )
    pairs = [
        (method, route.path)
        for route in app.routes
        if isinstance(route, Route)
        for method in route.methods or ()
    ]
    for method, path in pairs:
        matrix().route(method, path)
    app.state.openapi = openapi.described(tuple(pairs), str(VERSION))
    return app


class AllDay:
    """What laptops ask all day goes straight to its endpoint, past the layers that look for it.

    An endpoint of theirs answers every fault itself. What does not fit goes the long way.
    """

    def __init__(self, app: ASGIApp, routes: Sequence[Route]) -> None:
        self._app = app
        self._routes = {route.path: route for route in routes if route.path in _ALL_DAY}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        route = self._routes.get(scope["path"]) if scope["type"] == "http" else None
        if route is None or scope["method"] != "POST" or scope.get("root_path"):
            await self._app(scope, receive, send)
            return
        scope["route"] = route
        answer = await route.endpoint(Request(scope, receive, send))
        await answer(scope, receive, send)


async def _nothing_here(request: Request, _error: Exception) -> Response:
    words = "There is nothing at this address."
    if request.url.path.startswith(OPEN):
        open_to_all = {"access-control-allow-origin": "*", "x-content-type-options": "nosniff"}
        return PlainTextResponse(f"{words} {_DIRECTORY_AT}", 404, open_to_all)
    if "text/html" in request.headers.get("accept", ""):
        return directory_routes.in_words(request, 404, "There is no such page", words)
    return directory_routes.in_words(request, 404, "", f"{words} {_DIRECTORY_AT}")


async def _described(request: Request) -> Response:
    headers = {"access-control-allow-origin": "*", "x-content-type-options": "nosniff"}
    return Response(request.app.state.openapi, 200, headers, openapi.PLAIN)


def _routes(register: Register) -> list[Route]:
    return [
        _post("/v1/enrol", register, lambda s, _: register.enrol(s, _read(s, EnrolAsk))),
        _post(
            "/v1/push", register, lambda s, _: register.push(s, _read(s, PushAsk), envelope.pack)
        ),
        _post("/v1/pull", register, lambda s, _: register.pull(s, _read(s, PullAsk))),
        _post("/v1/sums", register, lambda s, _: register.sums(s, _read(s, SumsAsk))),
        _post("/v1/decide", register, lambda s, _: register.decide(s, _read(s, DecideAsk))),
        _post("/v1/hello", register, lambda s, _: register.hello(s, _read(s, HelloAsk))),
        *_blobs(register),
        *_office(register),
        *open_data.routes(register),
        *directory_routes.routes(register),
        Route("/v1/directory", _open_json(register.public.directory), methods=["GET"]),
        Route("/health", _health, methods=["GET"]),
        Route("/ready", _ready(register), methods=["GET"]),
    ]


def _post(path: str, register: Register, work: Work, method: str = "POST") -> Route:
    return Route(path, _endpoint(register, work), methods=[method])


def _blobs(register: Register) -> list[Route]:
    path = "/v1/blob/{sha256}"

    def status(signed: Signed, request: Request) -> Message:
        return register.blob_status(signed, request.path_params["sha256"], _for(request))

    def add(signed: Signed, request: Request) -> Message:
        sha256 = request.path_params["sha256"]
        return register.blob_add(signed, sha256, _for(request), _start(request))

    def read(signed: Signed, request: Request) -> bytes:
        sha256 = request.path_params["sha256"]
        return register.blob_read(signed, sha256, _for(request), _start(request))

    return [
        _post(path, register, status),
        _post(path, register, add, "PATCH"),
        _post(path, register, read, "GET"),
    ]


def _office(register: Register) -> list[Route]:
    def begin(signed: Signed, _request: Request) -> Message:
        _read(signed, SignInBeginAsk)
        return register.sign_in_begin(signed)

    works: list[tuple[str, Work]] = [
        ("/v1/sign-in/begin", begin),
        ("/v1/sign-in", lambda s, _: register.sign_in(s, _read(s, SignInAsk))),
        ("/v1/token", lambda s, _: register.token(s, _read(s, TokenAsk))),
        ("/v1/devices", lambda s, _: register.devices(s, _read(s, DevicesAsk))),
        ("/v1/devices/ledger", lambda s, _: register.device_ledger(s, _read(s, DeviceLedgerAsk))),
        ("/v1/devices/close", lambda s, _: register.close_device(s, _read(s, CloseDeviceAsk))),
        ("/v1/audit/proof", lambda s, _: register.audit_proof(s, _read(s, AuditProofAsk))),
        ("/v1/audit/entries", lambda s, _: register.audit_entries(s, _read(s, AuditEntriesAsk))),
    ]
    return [
        *(_post(path, register, work) for path, work in works),
        Route("/v1/audit/head", _open_json(register.audit_head), methods=["GET"]),
        Route(keys.PATH, _open_json(register.keys.shown), methods=["GET"]),
    ]


def _endpoint(register: Register, work: Work) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        status, body, wait = 200, b"", 0
        left: Callable[[], None] | None = None
        try:
            signed = await _signed(request, register.limits)
            body = _body(await in_a_thread(_done, register, work, signed, request))
            left = register.afterwards(signed)
        except Troubled as error:
            status, body = error.status, envelope.pack(error.trouble)
            wait = error.trouble.retry_after
        except (envelope.Unreadable, ClientDisconnect):  # the line broke while they were speaking
            status, body = 400, envelope.pack(Trouble(trouble="unreadable"))
        except oidc.IssuerFault as error:
            log.warning("issuer", extra={"fault": type(error).__name__})
            status, body = 503, envelope.pack(Trouble(trouble="busy", words=str(error)))
        except DataError as error:  # what no text or number in a database can be
            log.warning("unreadable", extra={"fault": type(error.orig).__name__})
            status, body = 400, envelope.pack(Trouble(trouble="unreadable"))
        except Exception as error:  # noqa: BLE001 - the border of a request: answered, logged, not hidden
            status, trouble = _faulty(register, error)
            body, wait = envelope.pack(trouble), trouble.retry_after
        answer = _answer(register, request, status, body, wait)
        if left is not None:
            answer.background = BackgroundTask(_afterwards, left)
        return answer

    return endpoint


def _faulty(register: Register, error: Exception) -> tuple[int, Trouble]:
    """What a laptop hears of a fault that is not its own."""
    if isinstance(error, DBAPIError) and of_the_database(error):
        database_fault(error)
        register.readiness.met(error)
        return 503, Trouble(trouble="busy", retry_after=30)
    log.error("bug", extra={"fault": place_of(error)})
    return 500, Trouble(trouble="broken")


async def _afterwards(work: Callable[[], None]) -> None:
    """What waits for the disk and not for the answer: nobody hears that it failed."""
    try:
        await in_a_thread(work)
    except OperationalError as error:
        database_fault(error)
    except Exception as error:  # noqa: BLE001 - the border of a request: logged, not hidden
        log.error("bug", extra={"fault": place_of(error)})


def _done(
    register: Register, work: Work, signed: Signed, request: Request
) -> msgspec.Struct | bytes:
    try:
        return work(signed, request)
    except (envelope.Unreadable, Troubled):
        if not signed.known and matrix().route(signed.method, signed.route).proof.startswith(
            "device"
        ):
            register.admit(signed)  # a stranger is told that they are one, and nothing else
        raise


async def _signed(request: Request, limits: Limits) -> Signed:
    if request.headers.get("content-type", "") != envelope.CONTENT_TYPE:
        raise Troubled(415, Trouble(trouble="unreadable"))
    try:
        body = await _whole(request, limits)
    except TimeoutError as error:
        raise Troubled(408, Trouble(trouble="too_slow")) from error
    query = request.url.query
    path = request.url.path + (f"?{query}" if query else "")
    route: Any = request.scope.get("route")
    address = request.client.host if request.client is not None else ""
    return Signed(request.method, path, request.headers, body, route.path, address)


async def _whole(request: Request, limits: Limits) -> bytes:
    """The body, as long as it keeps coming. Raises TimeoutError, Troubled, ClientDisconnect."""
    now, body = asyncio.get_running_loop().time, bytearray()
    ends = now() + limits.body_seconds
    async with asyncio.timeout_at(min(ends, now() + limits.silent_seconds)) as patience:
        while True:
            part = await request.receive()
            if part["type"] == "http.disconnect":
                raise ClientDisconnect
            body += part.get("body", b"")
            if len(body) > limits.body:
                raise Troubled(413, Trouble(trouble="too_big"))
            if not part.get("more_body", False):
                return bytes(body)
            patience.reschedule(min(ends, now() + limits.silent_seconds))


def _read(signed: Signed, cls: type[M]) -> M:
    message = envelope.unpack(signed.body, cls, MAX_INFLATED)
    if message.v > VERSION:
        words = "The register does not know this newer program yet."
        raise Troubled(426, Trouble(trouble="too_new", words=words))
    return message


def _body(result: msgspec.Struct | bytes) -> bytes:
    return result if isinstance(result, bytes) else envelope.pack(result)


def _answer(register: Register, request: Request, status: int, body: bytes, wait: int) -> Response:
    kind = envelope.CONTENT_TYPE
    if openapi.PLAIN in request.headers.get("accept", ""):  # a program that is not ours
        raw = status == 200 and openapi.MESSAGES.get(_address(request), (None, None))[1] is None
        kind, body = (openapi.BYTES, body) if raw else (openapi.PLAIN, envelope.inflate(body))
    asked = request.headers.get(signing.SIGNATURE, "")
    signature = signing.sign(register.keys.private, signing.answer_bytes(status, asked, body))
    headers = {
        signing.SIGNATURE: base64.b64encode(signature).decode(),
        "cache-control": "no-store, no-transform",
    }
    if wait:
        headers["retry-after"] = str(wait)
    return Response(body, status, headers, media_type=kind)


def _address(request: Request) -> tuple[str, str]:
    route: Any = request.scope.get("route")
    return request.method, getattr(route, "path", "")


def _open_json(ask: Callable[[], msgspec.Struct]) -> Callable[[Request], Awaitable[Response]]:
    """An answer that everybody may read, from any page."""

    async def endpoint(request: Request) -> Response:
        headers = {"access-control-allow-origin": "*", "x-content-type-options": "nosniff"}
        status = 503
        said: msgspec.Struct = Trouble(trouble="busy", retry_after=30)
        try:
            said = await in_a_thread(ask)
            entries = getattr(said, "entries", None)  # of the directory: the moment is no news
            says = None if entries is None else msgspec.json.encode(entries)
            body = msgspec.json.encode(said)
            return tagged(request, body, headers, "application/json", says)
        except Troubled as error:
            status, said = error.status, error.trouble
        except OperationalError as error:
            database_fault(error)
        return Response(msgspec.json.encode(said), status, headers, "application/json")

    return endpoint


async def _health(_request: Request) -> Response:
    return Response(b'{"alive":true}', 200, media_type="application/json")


def _ready(register: Register) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(_request: Request) -> Response:
        why = await in_a_thread(register.not_ready)
        said = {"ready": False, "why": why} if why else {"ready": True}
        body = msgspec.json.encode(said)
        return Response(body, 503 if why else 200, media_type="application/json")

    return endpoint


def _for(request: Request) -> str:
    record_id = request.query_params.get("for", "")
    if not record_id.isprintable():  # no database can be asked for it
        raise Troubled(404, Trouble(trouble="unknown_file"))
    return record_id


def _start(request: Request) -> int:
    text = request.query_params.get("start", "0")
    if not text.isdecimal() or len(text) > 12:
        raise Troubled(400, Trouble(trouble="unreadable"))
    return int(text)
