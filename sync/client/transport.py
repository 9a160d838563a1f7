"""The line to a register: bytes out, bytes back, and nothing believed yet.

`open_transport` speaks HTTP with the machine's own trust store and by its proxy, if it has one;
`in_process` runs an ASGI app on the same request path without a network. Refuses to follow
redirects, to inflate what arrives, and to read more than a body may hold. What the bytes mean is
`sync.client.wire`'s.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import threading
from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping
from dataclasses import dataclass, field
from http.client import HTTPException
from time import monotonic
from typing import Any, Protocol
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import httpx2

from forms.change import Identity
from sync.client.direct import (
    CONNECT_SECONDS,
    LEAST_PACE,
    PATIENCE,
    SECONDS,
    Direct,
    Endless,
    is_plain,
)
from sync.envelope import MAX_BODY
from sync.errors import (
    CertificateNotTrusted,
    NotTheRegister,
    ProxyInTheWay,
    Slow,
    Unreachable,
)
from sync.tls import trust

Asgi = Callable[
    [MutableMapping[str, Any], Callable[[], Awaitable[Any]], Callable[[Any], Awaitable[None]]],
    Awaitable[None],
]
IN_PROCESS = "http://register.invalid"
TIMEOUT = httpx2.Timeout(SECONDS, connect=CONNECT_SECONDS)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, unread."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)


class Transport(Protocol):
    """A line to one register."""

    url: str

    def send(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """One request. Raises Unreachable, Slow, NotTheRegister."""
        ...

    def close(self) -> None:
        """Hang up; a request that is under way ends soon, as Unreachable."""
        ...


class HttpTransport:
    """A line over HTTP."""

    def __init__(self, url: str, *, over: httpx2.BaseTransport | None = None) -> None:
        self.url = url.rstrip("/")
        self._proxied = over is None and proxied(self.url)
        parts = urlsplit(self.url)
        if over is None and not self._proxied and is_plain(parts):
            self._direct: Direct | None = Direct(parts, trust)
            return
        self._direct = None
        self._streams: list[Any] = []  # open connections, newest last
        self._client = httpx2.Client(
            follow_redirects=False,
            transport=over,
            verify=True if over is not None else trust(),
        )
        self._places: dict[str, httpx2.URL] = {}  # the few addresses without a question
        self._how = {"timeout": TIMEOUT.as_dict(), "trace": self._trace}

    def send(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """One request. Raises Unreachable, Slow, NotTheRegister."""
        said = {"accept-encoding": "identity", **headers}
        if self._direct is not None:
            return _straight(self._direct, method, path, said, body)
        try:
            request = httpx2.Request(
                method,
                self._place(path),
                headers=said,
                content=body,
                extensions=self._how,
            )
            # Nothing is added that a client would: it says nothing to a register, and costs.
            with contextlib.closing(self._client.send(request, stream=True)) as response:
                arrived = _whole(response.iter_raw())
                plain = {name.lower(): value for name, value in response.headers.items()}
                return Answer(response.status_code, plain, arrived)
        except httpx2.TimeoutException as error:
            raise Slow(detail=type(error).__name__) from error
        except (httpx2.HTTPError, httpx2.StreamError) as error:
            if _untrusted(error):
                raise CertificateNotTrusted(detail="its certificate is not trusted here") from error
            gone = isinstance(error, httpx2.ConnectError) and self._proxied
            if gone or isinstance(error, httpx2.ProxyError):
                raise ProxyInTheWay(detail=type(error).__name__) from error
            raise Unreachable(detail=type(error).__name__) from error
        except (RuntimeError, OSError) as error:  # closed from another thread while it ran
            raise Unreachable(detail=type(error).__name__) from error

    def _place(self, path: str) -> httpx2.URL:
        known = self._places.get(path)
        if known is None:
            known = httpx2.URL(self.url + path)
            if "?" not in path:
                self._places[path] = known
        return known

    def close(self) -> None:
        """Hang up. Closing alone would not wake a thread that waits for an answer."""
        if self._direct is not None:
            self._direct.close()
            return
        for stream in self._streams:
            line = stream.get_extra_info("socket")
            if line is not None:
                with contextlib.suppress(OSError):  # it has gone already
                    line.shutdown(socket.SHUT_RDWR)
        self._client.close()

    def _trace(self, event: str, info: Mapping[str, Any]) -> None:
        """Remember the connections that are made, so that `close` can end a request on them."""
        if event in ("connection.connect_tcp.complete", "connection.start_tls.complete"):
            self._streams = [*self._streams[-3:], info["return_value"]]


def _straight(
    line: Direct, method: str, path: str, headers: Mapping[str, str], body: bytes
) -> Answer:
    """One request on a line of its own. Raises Unreachable, Slow, NotTheRegister."""
    try:
        with line.ask(method, path, headers, body) as (status, told, pieces):
            return Answer(status, told, _whole(pieces))
    except TimeoutError as error:
        raise Slow(detail=type(error).__name__) from error
    except Endless as error:
        raise NotTheRegister(detail="the answer does not end") from error
    except (HTTPException, OSError) as error:
        if _untrusted(error):
            raise CertificateNotTrusted(detail="its certificate is not trusted here") from error
        raise Unreachable(detail=type(error).__name__) from error
    except ValueError as error:  # a name that no host can have
        raise Unreachable(detail=type(error).__name__) from error


def _whole(pieces: Iterable[bytes]) -> bytes:
    """A body that ends, and comes quickly enough. Raises NotTheRegister, Slow."""
    arrived, began = bytearray(), monotonic()
    for piece in pieces:
        arrived += piece
        if len(arrived) > MAX_BODY:
            raise NotTheRegister(detail="the answer does not end")
        if monotonic() - began > PATIENCE + len(arrived) / LEAST_PACE:
            raise Slow(detail="the answer drips")
    return bytes(arrived)


def open_transport(identity: Identity | str) -> HttpTransport:
    """The line to the register that an identity, or an address, names."""
    return HttpTransport(identity if isinstance(identity, str) else identity.register_url)


def in_process(app: Asgi, url: str = IN_PROCESS) -> HttpTransport:
    """A line to a register in this very process: same requests, same answers, no network."""
    return HttpTransport(url, over=AsgiLine(app))


def proxied(url: str) -> bool:
    """Whether this computer is set to reach an address through a proxy.

    As the system says it: environment, Windows and macOS settings. A script that chooses a proxy
    (PAC) is not run; such a network has to name its proxy.
    """
    parts = urlsplit(url)
    known = getproxies()
    named = parts.scheme in known or "all" in known
    return named and not proxy_bypass(parts.netloc)


def _untrusted(error: BaseException | None) -> bool:
    """Whether a certificate that this computer does not trust is behind a fault."""
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return True
        error = error.__cause__ or error.__context__
    return False


class AsgiLine(httpx2.BaseTransport):
    """Runs an ASGI app on a loop of its own, one request at a time."""

    def __init__(self, app: Asgi) -> None:
        self._app = app
        self._lock = threading.Lock()
        self._loop = asyncio.new_event_loop()

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """One request through the app."""
        body = request.read()
        with self._lock:
            if self._loop.is_closed():
                raise httpx2.ConnectError("the line is closed")
            return self._loop.run_until_complete(self._call(request, body))

    def close(self) -> None:
        """End the loop."""
        with self._lock:
            if not self._loop.is_closed():
                self._loop.run_until_complete(self._loop.shutdown_default_executor())
                self._loop.close()

    async def _call(self, request: httpx2.Request, body: bytes) -> httpx2.Response:
        start: dict[str, Any] = {}
        parts: list[bytes] = []
        asked = iter([{"type": "http.request", "body": body, "more_body": False}])

        async def receive() -> dict[str, Any]:
            return next(asked, {"type": "http.disconnect"})

        async def send(message: Any) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
            elif message["type"] == "http.response.body":
                parts.append(message.get("body", b""))

        await self._app(_scope(request), receive, send)
        return httpx2.Response(
            start["status"], headers=start["headers"], stream=httpx2.ByteStream(b"".join(parts))
        )


def _scope(request: httpx2.Request) -> dict[str, Any]:
    parts = urlsplit(str(request.url))
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": parts.scheme,
        "path": parts.path,
        "raw_path": parts.path.encode(),
        "query_string": parts.query.encode(),
        "root_path": "",
        "headers": [(name.lower(), value) for name, value in request.headers.raw],
        "client": ("127.0.0.1", 0),
        "server": (parts.hostname or "", parts.port or 80),
    }
