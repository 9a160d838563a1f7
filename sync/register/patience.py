"""How long the register waits for somebody who speaks slowly, and how many lines one address has.

A line on which nobody has said what they want within `HEAD_SECONDS` is closed, and one address (of
IPv6: one network) has `LINES` of them at most, so that a few programs that only hold lines cannot
keep the laptops out. A proxy that was named speaks for many and is left alone: it keeps its own
watch. An answer that nobody takes holds its line no longer than `ANSWER_SECONDS`. Refuses to close
a line on which an answer is under way, however slowly.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Container
from ipaddress import ip_address, ip_network
from typing import ClassVar

from uvicorn._types import ASGI3Application
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from sync.register.limits import line_of

log = logging.getLogger("hedgerow.register")
HEAD_SECONDS = 20.0
ANSWER_SECONDS = 300.0  # without a byte taken; so long that a line of 30 kbit/s gets its two MB
LINES = 100
_GO_ON = b"HTTP/1.1 100 "


class Patient(HttpToolsProtocol):
    """One line to the register."""

    named: ClassVar[Container[str]] = ()
    _head: asyncio.TimerHandle | None = None
    _asked = False
    _answer: asyncio.TimerHandle | None = None
    _under_way: RequestResponseCycle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Somebody is there; they have so long to say what they want."""
        super().connection_made(transport)
        host = self.client[0] if self.client else ""
        if host not in self.named and self._held_by(host) > LINES:
            log.warning("too many lines from one address")
            transport.close()
            return
        self._listen()

    def connection_lost(self, exc: Exception | None) -> None:
        """They are gone."""
        self._heard()
        self._taken()
        self._gone()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Bytes: of a request that is under way, or of the next one."""
        if self._head is None and (not self._asked or self.cycle.response_complete):
            self._listen()
        super().data_received(data)

    def on_headers_complete(self) -> None:
        """What they want is said; how long the rest may take is the app's to say."""
        self._heard()
        self._asked = True
        super().on_headers_complete()

    def pause_writing(self) -> None:
        """More is said than they have taken."""
        super().pause_writing()
        self._look_again()

    def resume_writing(self) -> None:
        """They took most of it: the end of it is watched by itself."""
        super().resume_writing()
        self._look_again()

    def on_response_complete(self) -> None:
        """All is said; it may not all be taken."""
        if isinstance(said := getattr(self._under_way, "transport", None), _Together):
            said.flush()
        super().on_response_complete()
        self._look_again()

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        self._under_way = cycle
        cycle.transport = _Together(self.transport)
        super()._start_asgi_task(cycle, app)

    def _gone(self) -> None:
        # uvicorn tells the request that came last; the one under way may be an earlier one
        if self._under_way is not None and not self._under_way.response_complete:
            self._under_way.disconnected = True
            self._under_way.message_event.set()

    def _look_again(self) -> None:
        self._taken()  # what waits is another amount now
        if self.transport.get_write_buffer_size():
            self._watch()

    def _watch(self) -> None:
        if self._answer is None:
            left = self.transport.get_write_buffer_size()
            self._answer = self.loop.call_later(ANSWER_SECONDS, self._is_taken, left)

    def _is_taken(self, before: int) -> None:
        self._answer = None
        left = self.transport.get_write_buffer_size()
        if left and left >= before:
            log.info("nobody takes the answer")
            self._gone()
            self.transport.abort()  # closing would wait until they take it
        elif left:
            self._watch()

    def _taken(self) -> None:
        if self._answer is not None:
            self._answer.cancel()
            self._answer = None

    def _listen(self) -> None:
        self._head = self.loop.call_later(HEAD_SECONDS, self._too_slow)

    def _heard(self) -> None:
        if self._head is not None:
            self._head.cancel()
            self._head = None

    def _too_slow(self) -> None:
        self._head = None
        log.info("too slow to ask")
        self.transport.close()

    def _held_by(self, host: str) -> int:
        lines, mine = (getattr(one, "client", None) for one in self.connections), line_of(host)
        return sum(other is not None and line_of(other[0]) == mine for other in lines)


class _Together(asyncio.Transport):
    """What one answer writes: its head goes with the first of its body, as one piece.

    By itself it would be a packet, and wake whoever waits, for nothing. What asks the laptop to go
    on with its question (100) is no head of an answer, and goes at once.
    """

    def __init__(self, line: asyncio.Transport) -> None:
        super().__init__()
        self._line, self._head, self._begun = line, b"", False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """The head waits; everything else goes, with the head before it."""
        if not self._begun and bytes(data[: len(_GO_ON)]) != _GO_ON:
            self._begun, self._head = True, bytes(data)
        elif self._head:
            head, self._head = self._head, b""
            self._line.writelines((head, data))
        else:
            self._line.write(data)

    def flush(self) -> None:
        """Nothing follows the head."""
        if self._head:
            self.write(b"")

    def is_closing(self) -> bool:
        """Whether the line is."""
        return self._line.is_closing()

    def close(self) -> None:
        """All is said."""
        self.flush()
        self._line.close()


class Networks:
    """Addresses and networks that somebody named. Raises ValueError for what is neither."""

    def __init__(self, named: tuple[str, ...]) -> None:
        self._networks = [ip_network(one) for one in named]

    def __contains__(self, host: object) -> bool:
        try:
            address = ip_address(str(host))
        except ValueError:
            return False
        return any(address in one for one in self._networks)


def patient(named: Container[str]) -> type[Patient]:
    """Lines whose other end may be one of these proxies."""
    return type("PatientBehind", (Patient,), {"named": named})
