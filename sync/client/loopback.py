"""The way back from a browser: one address on this machine that waits for one answer.

As RFC 8252 has it: a free port of 127.0.0.1, open only while somebody signs in. Refuses every
request that does not bring back the state it gave out, and ends by itself.
"""

from __future__ import annotations

import hmac
from http.server import BaseHTTPRequestHandler, HTTPServer
from types import TracebackType
from urllib.parse import parse_qs, urlsplit

from sync import errors

PATH = "/signed-in"
_DONE = (
    b"<!doctype html><html lang=en><meta charset=utf-8><title>Signed in</title>"
    b"<p>You are signed in. You can close this page and go back to Hedgerow."
)
_NOT = (
    b"<!doctype html><html lang=en><meta charset=utf-8><title>Not signed in</title>"
    b"<p>That did not work. Close this page and try again from Hedgerow."
)


class Loopback:
    """Waits for the browser to come back with a code."""

    def __init__(self, state: str) -> None:
        self.answer: dict[str, str] = {}
        self._state = state
        outer = self

        class Handler(BaseHTTPRequestHandler):
            """Takes one answer."""

            def do_GET(self) -> None:
                good = outer.take(self.path)
                self.send_response(200 if good else 400)
                self.send_header("content-type", "text/html; charset=utf-8")
                self.send_header("content-security-policy", "default-src 'none'")
                self.send_header("referrer-policy", "no-referrer")
                self.end_headers()
                self.wfile.write(_DONE if good else _NOT)

            def log_message(self, *_args: object) -> None:
                """A code must not stand in a log."""

        self._server = HTTPServer(("127.0.0.1", 0), Handler)

    def __enter__(self) -> Loopback:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _e: BaseException | None, _t: TracebackType | None
    ) -> None:
        self._server.server_close()

    @property
    def address(self) -> str:
        """Where the browser has to come back to."""
        return f"http://127.0.0.1:{self._server.server_address[1]}{PATH}"

    def take(self, path: str) -> bool:
        """Whether this is the answer that is waited for; it is kept if so."""
        parts = urlsplit(path)
        said = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if parts.path != PATH or not hmac.compare_digest(said.get("state", ""), self._state):
            return False
        self.answer = said
        return "code" in said

    def wait(self, seconds: float, tries: int = 20) -> dict[str, str]:
        """What the browser brought back. Raises SignInFailed."""
        self._server.timeout = seconds / tries
        for _ in range(tries):
            self._server.handle_request()
            if self.answer:
                break
        if "code" not in self.answer:
            raise errors.SignInFailed(detail=self.answer.get("error", "nobody came back")[:40])
        return self.answer
