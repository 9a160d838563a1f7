"""A way through loopback that counts bytes and, if asked, is as slow as a rural line.

Refuses to look inside. `shape` is (round trip ms, kbit/s up, kbit/s down): of the whole line, which
all of its connections share.
"""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from queue import SimpleQueue

Shape = tuple[float, float, float]
PIECE = 2048


class TcpLine:
    """Listens on a port of its own and passes everything on to another."""

    def __init__(self, port: int, shape: Shape | None = None) -> None:
        self.up = self.down = 0
        self._target, self._shape = port, shape
        self._free = {"up": 0.0, "down": 0.0}  # when each way has carried all it was given
        self._one_at_a_time = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._sockets: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Hang up."""
        for one in (self._listener, *self._sockets):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            if self._shape:
                threading.Event().wait(self._shape[0] / 1000)  # the line's own hand-shake
            far = socket.create_connection(("127.0.0.1", self._target))
            for one in (near, far):
                one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._sockets += [near, far]
            rates = self._shape or (0, 0, 0)
            self._pipe(near, far, "up", rates[1])
            self._pipe(far, near, "down", rates[2])

    def _pipe(self, one: socket.socket, other: socket.socket, way: str, kbit: float) -> None:
        pieces: SimpleQueue[tuple[float, bytes]] = SimpleQueue()
        read = threading.Thread(target=self._read, args=(one, way, kbit, pieces), daemon=True)
        write = threading.Thread(target=self._write, args=(other, pieces), daemon=True)
        read.start()
        write.start()

    def _read(
        self,
        one: socket.socket,
        way: str,
        kbit: float,
        pieces: SimpleQueue[tuple[float, bytes]],
    ) -> None:
        """Each piece arrives when the line has carried it, and half a round trip later."""
        late = self._shape[0] / 2000 if self._shape else 0.0
        while True:
            try:
                data = one.recv(PIECE if kbit else 65536)
            except OSError:
                data = b""
            with self._one_at_a_time:
                setattr(self, way, getattr(self, way) + len(data))
                now = time.perf_counter()
                takes = len(data) * 8 / (kbit * 1000) if kbit else 0
                free = self._free[way] = max(self._free[way], now) + takes
            pieces.put((free + late if kbit else now, data))
            if not data:
                return

    @staticmethod
    def _write(other: socket.socket, pieces: SimpleQueue[tuple[float, bytes]]) -> None:
        while True:
            due, data = pieces.get()
            wait = due - time.perf_counter()
            if wait > 0:
                threading.Event().wait(wait)
            with contextlib.suppress(OSError):
                if not data:
                    other.shutdown(socket.SHUT_WR)
                    return
                other.sendall(data)


@contextlib.contextmanager
def line_to(port: int, shape: Shape | None = None) -> Iterator[TcpLine]:
    """A line, hung up at the end."""
    line = TcpLine(port, shape)
    try:
        yield line
    finally:
        line.close()
