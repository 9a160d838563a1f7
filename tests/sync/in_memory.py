"""A register's database in memory and a straight line to the register, for very many stories.

The statements, transactions, locks and routes are the product's own; what is left out is the disk,
the event loop and the HTTP library, which the other suites drive. One engine serves every story of
a process, so a statement is put into words once and not for each register that starts.
"""

from __future__ import annotations

import sqlite3
from contextlib import asynccontextmanager, contextmanager
from types import SimpleNamespace

from sqlalchemy import StaticPool, create_engine, event

from sync.client.transport import Answer
from sync.register import app as routes
from sync.register import sql_store
from sync.register.store import open_store

_JOURNAL_ON_DISK = slice(18, 20)  # of a database's header: read and write version


class Memory:
    """Databases in memory, one at a time: bytes in, a store over them, bytes out."""

    def __init__(self):
        self.bytes = b""
        self.connection = None
        self.engine = create_engine("sqlite://", poolclass=StaticPool, creator=self._connect)
        event.listen(self.engine, "connect", sql_store._prepare_sqlite)
        event.listen(self.engine, "begin", sql_store._begin_sqlite)

    def _connect(self):
        self.connection = sqlite3.connect(":memory:", check_same_thread=False)
        self.connection.deserialize(self.bytes)
        return self.connection

    def open(self, data):
        """A register's store over these bytes, as after a start of the program."""
        self.close()
        plain = bytearray(data)
        plain[_JOURNAL_ON_DISK] = b"\x01\x01"  # memory has no write-ahead file
        self.bytes = bytes(plain)
        with self._instead():
            return open_store("sqlite://")

    def copy(self):
        """The database as it stands after the last commit."""
        return self.connection.serialize()

    def close(self):
        self.engine.dispose()

    @contextmanager
    def _instead(self):
        kept, sql_store._engine = sql_store._engine, lambda *_: self.engine
        try:
            yield
        finally:
            sql_store._engine = kept


class Straight:
    """The app called in the caller's own thread: no loop, since nothing in it waits."""

    url = "http://register.invalid"

    def __init__(self, app):
        self.app = app

    def close(self):
        """Nothing is open."""

    def asked(self, body):
        """What the app hears of a request, part by part; after that the line is gone."""
        return iter([{"type": "http.request", "body": body, "more_body": False}])

    def send(self, method, path, headers, body):
        start, parts = {}, []
        plain, _, query = path.partition("?")
        scope = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.4"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": plain,
            "raw_path": plain.encode(),
            "query_string": query.encode(),
            "root_path": "",
            "headers": [(k.lower().encode(), v.encode()) for k, v in headers.items()],
            "client": ("127.0.0.1", 0),
            "server": ("register.invalid", 80),
        }
        asked = self.asked(body)

        async def receive():
            return next(asked, {"type": "http.disconnect"})

        async def send(message):
            if message["type"] == "http.response.start":
                start.update(message)
            else:
                parts.append(message.get("body", b""))

        running = self.app(scope, receive, send)
        with without_a_clock():
            try:
                running.send(None)
            except StopIteration:
                named = {k.decode().lower(): v.decode() for k, v in start["headers"]}
                return Answer(start["status"], named, b"".join(parts))
            running.close()
        raise AssertionError("the app waits for something: run it on a loop")


@asynccontextmanager
async def _unbounded(_ends):
    yield SimpleNamespace(reschedule=lambda _ends: None)


@contextmanager
def without_a_clock():
    """Where there is no loop nothing is waited for, and nothing ends what takes too long."""
    loop = SimpleNamespace(time=float)
    still = SimpleNamespace(timeout_at=_unbounded, get_running_loop=lambda: loop)
    kept, routes.asyncio = routes.asyncio, still
    try:
        yield
    finally:
        routes.asyncio = kept
