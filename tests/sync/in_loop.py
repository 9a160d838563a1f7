"""A way for Schemathesis to an app: one loop for all requests, not one each."""

from __future__ import annotations

import asyncio
import io
from urllib.parse import unquote, urlsplit

import urllib3
from requests.adapters import HTTPAdapter
from schemathesis.python.asgi import get_client


class InLoop(HTTPAdapter):
    """Sends a request to an ASGI app in this thread."""

    def __init__(self, app):
        super().__init__()
        self.app, self.runner = app, asyncio.Runner()

    def close(self):
        self.runner.close()

    def send(self, request, **_):
        parts = urlsplit(request.url)
        body = request.body or b""
        scope = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.4"},
            "http_version": "1.1",
            "method": request.method,
            "scheme": parts.scheme,
            "path": unquote(parts.path),
            "raw_path": parts.path.encode(),
            "query_string": parts.query.encode(),
            "root_path": "",
            "headers": [
                (b"host", parts.netloc.encode()),
                *((k.lower().encode("latin-1"), _bytes(v)) for k, v in request.headers.items()),
            ],
            "client": ("127.0.0.1", 1),
            "server": (parts.hostname, parts.port or 80),
        }
        start, content = self.runner.run(self._ask(scope, _bytes(body)))
        answer = urllib3.HTTPResponse(
            body=io.BytesIO(content),
            headers=[(k.decode("latin-1"), v.decode("latin-1")) for k, v in start["headers"]],
            status=start["status"],
            version=11,
            preload_content=False,
            request_method=request.method,
        )
        return self.build_response(request, answer)

    async def _ask(self, scope, body):
        parts = iter([{"type": "http.request", "body": body, "more_body": False}])
        start, content = {}, []

        async def receive():
            return next(parts, {"type": "http.disconnect"})

        async def send(message):
            if message["type"] == "http.response.start":
                start.update(message)
            else:
                content.append(message.get("body", b""))

        await self.app(scope, receive, send)
        return start, b"".join(content)


def client_of(app):
    """A session that `case.call` takes."""
    client = get_client(app)
    for scheme in ("http://", "https://"):
        client.mount(scheme, InLoop(app))
    return client


def _bytes(text):
    return text if isinstance(text, bytes) else text.encode("utf-8")
