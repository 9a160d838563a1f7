"""The line breaks after any byte, either way, over a real socket: nothing is lost or doubled."""

from __future__ import annotations

import socket
import threading
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

import pytest

from forms.facts.casework import Attachment
from forms.facts.people import Enterprise
from forms.values import new_id
from sync import errors
from sync.client.transport import HttpTransport
from tests.sync.world import enterprise

UP, DOWN = "up", "down"
STEP = 97  # of the ordinary run; the long one tries every byte


class CutLine:
    """A way to the register that ends after so many bytes in one direction."""

    def __init__(self, target, direction="", after=0):
        self.target, self.direction, self.left = target, direction, after
        self.count = {UP: 0, DOWN: 0}
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        self.threads, self.sockets = [], []
        self._thread(self._accept)

    def close(self):
        for one in (self.listener, *self.sockets):
            end(one)
        for thread in self.threads:
            thread.join(10)
            assert not thread.is_alive()

    def _thread(self, work, *args):
        thread = threading.Thread(target=work, args=args)
        self.threads.append(thread)
        thread.start()

    def _accept(self):
        while True:
            try:
                near, _ = self.listener.accept()
            except OSError:
                return
            far = socket.create_connection(self.target)
            self.sockets += [near, far]
            self._thread(self._pass, near, far, UP)
            self._thread(self._pass, far, near, DOWN)

    def _pass(self, one, other, direction):
        while True:
            try:
                data = one.recv(65536)
            except OSError:
                data = b""
            if direction == self.direction:
                data, self.left = data[: self.left], self.left - len(data)
            try:
                other.sendall(data)
            except OSError:
                data = b""
            self.count[direction] += len(data)
            if not data or (direction == self.direction and self.left <= 0):
                end(one)
                end(other)
                return


def end(one):
    with suppress(OSError):  # it has ended already
        one.shutdown(socket.SHUT_RDWR)
    one.close()


@contextmanager
def cut_line(served, direction="", after=0):
    parts = urlsplit(served)
    line = CutLine((parts.hostname, parts.port), direction, after)
    transport = HttpTransport(line.url)
    try:
        yield line, transport
    finally:
        transport.close()
        line.close()


def some_work(ann, case):
    """An edit, a new record and a file: what a round sends, and what it gets back."""
    ann.set(case.id, phone="2")
    other = ann.add(enterprise(name="Second"))
    stored = ann.files.store(b"A receipt.\n" * 40 + new_id().encode(), name="receipt.txt")
    ann.add(
        Attachment(
            id=new_id(), enterprise_id=case.id, sha256=stored.sha256, size=stored.size,
            mime=stored.mime, name="receipt.txt",
        )
    )  # fmt: skip
    return other


def length_of_a_round(quick, served, ann, case):
    some_work(ann, case)
    with cut_line(served) as (line, transport):
        quick.round(ann, transport)
        return dict(line.count)


def cut_everywhere(quick, served, direction, step):
    ann, lee = quick.laptop("ann"), quick.laptop("lee")
    case = ann.add(enterprise())
    quick.settle_down()
    length = length_of_a_round(quick, served, ann, case)[direction]
    assert length > 1_000
    broken = 0
    for after in range(0, length, step):
        lee.set(case.id, place=str(after))  # something comes back, too
        quick.round(lee)
        other = some_work(ann, case)
        before = len(ann.journal)
        with cut_line(served, direction, after) as (_, transport):
            try:
                quick.round(ann, transport)
            except (errors.Unreachable, errors.NotTheRegister):
                broken += 1
        quick.round(ann)
        assert ann.unsent(9) == []
        assert ann.files.unsent() == []
        assert len(ann.journal) == before
        assert ann.get(Enterprise, case.id).place == str(after)
        assert quick.row(other.id) is not None
    assert broken >= length // step - 1
    log = [op for op in quick.log() if op.inc == ann.who.incarnation]
    assert [op.seq for op in log] == list(range(1, len(ann.journal) + 1)), "lost or doubled"
    quick.settle_down()


@pytest.mark.parametrize("direction", [UP, DOWN])
def test_cut_after_some_bytes(quick, served, direction):
    cut_everywhere(quick, served, direction, STEP)


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("direction", [UP, DOWN])
def test_cut_after_every_byte(quick, served, direction):
    cut_everywhere(quick, served, direction, 1)
