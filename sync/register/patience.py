"""How long the register waits for somebody who speaks slowly, and how many lines one address has.

A line on which nobody has said what they want within `HEAD_SECONDS` is closed, and one address (of
IPv6: one network) has `LINES` of them at most, so that a few programs that only hold lines cannot
keep the laptops out. A proxy that was named speaks for many and is left alone: it keeps its own
watch. Refuses to close a line on which an answer is under way.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Container
from ipaddress import ip_address, ip_network
from typing import ClassVar

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from sync.register.limits import line_of

log = logging.getLogger("hedgerow.register")
HEAD_SECONDS = 20.0
LINES = 100


class Patient(HttpToolsProtocol):
    """One line to the register."""

    named: ClassVar[Container[str]] = ()
    _head: asyncio.TimerHandle | None = None
    _asked = False

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
