"""The register's log: one JSON object a line, of known fields, wherever a line comes from.

What the server below says goes through the same door. Refuses words: no traceback, no address, no
path as somebody typed it; a fault is told by its kind and its place in the program.
"""

from __future__ import annotations

import json
import logging
import time
from time import perf_counter
from typing import Any

from sqlalchemy.exc import DatabaseError, DBAPIError, OperationalError
from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sync import signing

log = logging.getLogger("hedgerow.register")
_OURS = ("method", "route", "status", "bytes", "ms", "device", "fault", "days", "port", "pid")
_SHUT = frozenset({"25006", "42501"})  # a standby or read-only; a role that may not
_NUMBER = frozenset("0123456789abcdef-")
BROKEN = "Something went wrong here. It was noted. Try again in a few minutes."
ONE_YEAR = "max-age=31536000"


class OneLine(logging.Formatter):
    """A log line as one JSON object of known fields, its moment in UTC; nothing else slips in."""

    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"

    def converter(self, seconds: float | None) -> time.struct_time:
        """UTC, whatever the machine is set to."""
        return time.gmtime(seconds)

    def format(self, record: logging.LogRecord) -> str:
        """The line: the template of a message, never what was put into it."""
        line = {"at": self.formatTime(record), "what": record.msg}
        line |= {name: getattr(record, name) for name in _OURS if hasattr(record, name)}
        error = record.exc_info[1] if record.exc_info else None
        if error is not None and "fault" not in line:
            line["fault"] = place_of(error)
        return json.dumps(line, default=str)


def begin() -> logging.Handler:
    """Write to the standard error stream, what uvicorn and asyncio say included."""
    handler = logging.StreamHandler()
    handler.setFormatter(OneLine())
    for name, level in (
        ("hedgerow.register", logging.INFO),
        ("uvicorn.error", logging.WARNING),
        ("asyncio", logging.WARNING),
    ):
        logger = logging.getLogger(name)
        logger.addHandler(handler)
        logger.setLevel(level)
        logger.propagate = False
    return handler


def place_of(error: BaseException) -> str:
    """What kind of fault, and where in the program: never its words, which may hold data."""
    last = error.__traceback__
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    place = f" {last.tb_frame.f_globals.get('__name__')}:{last.tb_lineno}" if last else ""
    return f"{type(error).__name__}{place}"


def database_fault(error: DBAPIError) -> None:
    """The database did not: by what it calls that itself (SQLITE_FULL, 53100), never its words."""
    fault = f"{type(error.orig).__name__} {fault_code(error)}".strip()
    log.error("database", extra={"fault": fault})


def fault_code(error: DBAPIError) -> str:
    """What a database calls its fault, or ''."""
    said = error.orig
    return getattr(said, "sqlstate", None) or getattr(said, "sqlite_errorname", None) or ""


def of_the_database(error: BaseException) -> bool:
    """Whether a database could not, and no fault of ours: gone, full, read-only, damaged."""
    if not isinstance(error, DBAPIError):
        return False
    damaged = type(error) is DatabaseError  # what SQLite says of a file that is none any more
    return damaged or isinstance(error, OperationalError) or fault_code(error) in _SHUT


class Noted:
    """Every request leaves one line, and no fault of ours leaves as a traceback.

    Answers given over TLS ask browsers to keep to it.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status, size = perf_counter(), 0, 0

        async def told(message: Message) -> None:
            nonlocal status, size
            if message["type"] == "http.response.start":
                status = message["status"]
                if scope.get("scheme") == "https":
                    MutableHeaders(scope=message)["strict-transport-security"] = ONE_YEAR
            else:
                size += len(message.get("body", b""))
            await send(message)

        try:
            await self._app(scope, receive, told)
        except Exception as error:  # noqa: BLE001 - the border of a request: answered, logged, not hidden
            log.error("bug", extra={"fault": place_of(error)})  # noqa: TRY400 - a traceback may hold data
            if not status:
                await PlainTextResponse(BROKEN, 500)(scope, receive, told)
        finally:
            _note(scope, status, size, began)


def _note(scope: Scope, status: int, size: int, began: float) -> None:
    said: dict[str, Any] = {
        "method": scope["method"],
        "route": getattr(scope.get("route"), "path", ""),
        "status": status,
        "bytes": size,
        "ms": round((perf_counter() - began) * 1000, 1),
        "device": _device(scope),
    }
    log.info("answered" if status else "left", extra=said)


_DEVICE = signing.DEVICE.encode().lower()


def _device(scope: Scope) -> str:
    """A device's number as the log may hold it: anything else that somebody sent is not told."""
    said = next((value for name, value in scope["headers"] if name == _DEVICE), b"")
    text = said.decode("latin-1")
    return text if len(text) == 36 and set(text) <= _NUMBER else ""
