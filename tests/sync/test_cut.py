"""The line breaks after any byte, either way: nothing is lost or doubled.

The ordinary run breaks a real socket here and there. The long one breaks the line after every
single byte of a round, in one process: a prepared register and laptop are taken anew each time.
"""

from __future__ import annotations

import copy
import socket
import sqlite3
import threading
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

import pytest

from forms.facts.casework import Attachment
from forms.facts.people import Enterprise
from forms.values import new_id
from sync import errors
from sync.client.transport import HttpTransport
from tests.sync import mutants
from tests.sync.in_memory import Memory, Straight
from tests.sync.laptop import Laptop
from tests.sync.play import one_thread
from tests.sync.world import enterprise

UP, DOWN = "up", "down"
STEP = 97  # of the ordinary run


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
    # the first tells the register that something waits; the second is as short as those that follow
    lengths = [length_of_a_round(quick, served, ann, case)[direction] for _ in range(2)]
    length = lengths[-1]
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


class Broken(Straight):
    """A line in one process that ends after so many bytes of HTTP in one direction."""

    def __init__(self, app, direction, after):
        super().__init__(app)
        self.direction, self.left = direction, after
        self.count = {UP: 0, DOWN: 0}

    def send(self, method, path, headers, body):
        asked = head(f"{method} {path} HTTP/1.1", headers | {"content-length": str(len(body))})
        if not self._room(UP, len(asked) + len(body)):
            if self.before >= len(asked):
                self.part = body[: self.before - len(asked)]
                with suppress(AssertionError):  # nobody is there to be answered
                    super().send(method, path, headers, body)
            raise errors.Unreachable
        self.part = None
        answer = super().send(method, path, headers, body)
        if not self._room(DOWN, len(head("HTTP/1.1 200 OK", answer.headers)) + len(answer.body)):
            raise errors.Unreachable
        return answer

    def asked(self, body):
        """What of a body arrives, and whether the line ends then."""
        return iter(
            [{"type": "http.request", "body": body, "more_body": False}]
            if self.part is None
            else [{"type": "http.request", "body": self.part, "more_body": True}]
        )

    def _room(self, direction, size):
        self.count[direction] += size
        if direction != self.direction:
            return True
        self.before, self.left = self.left, self.left - size
        return self.left >= 0


def head(first, headers):
    return "\r\n".join([first, *(f"{k}: {v}" for k, v in headers.items()), "", ""]).encode()


class Prepared:
    """A register and a laptop with work to send and news to fetch, to be taken again and again."""

    def __init__(self, world):
        ann, lee = world.laptop("ann"), world.laptop("lee")
        case = ann.add(enterprise())
        world.settle_down()
        lee.set(case.id, place="elsewhere")  # something comes back, too
        world.round(lee)
        self.case, self.other = case, some_work(ann, case)
        self.world, self.journal = world, len(ann.journal)
        self.ann = ann
        self.memory, self.bytes = Memory(), bytes_of(world)

    @contextmanager
    def again(self):
        """(laptop, app, store) as they were."""
        store = self.memory.open(self.bytes)
        ann = Laptop(self.world.clock)
        state = {k: v for k, v in self.ann.__dict__.items() if k not in ("clock", "files")}
        ann.__dict__.update(copy.deepcopy(state))
        ann.files.__dict__.update(copy.deepcopy(self.ann.files.__dict__))
        yield ann, self.world.new_app(store), store
        store.close()


def bytes_of(world):
    target = sqlite3.connect(":memory:")
    world.store.read(lambda tx: tx.connection.connection.driver_connection.backup(target))
    data = target.serialize()
    target.close()
    return data


def one_cut(prepared, direction, after):
    """Whether the round broke; whatever it was, the next one leaves nothing lost or doubled."""
    broke = False
    with prepared.again() as (ann, app, store):
        try:
            prepared.world.round(ann, Broken(app, direction, after))
        except (errors.Unreachable, errors.NotTheRegister):
            broke = True
        assert not prepared.world.round(ann, Straight(app)).recovered
        assert prepared.world.round(ann, Straight(app)).quiet
        assert ann.unsent(9) == []
        assert ann.files.unsent() == []
        assert len(ann.journal) == prepared.journal
        assert ann.get(Enterprise, prepared.case.id).place == "elsewhere"
        log = store.read(lambda tx: tx.log.between(0, 1_000))
        here = [op.seq for op in log if op.inc == ann.who.incarnation]
        assert here == list(range(1, prepared.journal + 1)), "lost or doubled"
        rows = store.read(lambda tx: tx.records.load([prepared.case.id, prepared.other.id]))
        assert rows[prepared.case.id].fields["phone"] == "2"
        assert prepared.other.id in rows
    return broke


@pytest.fixture
def prepared(quick):
    with one_thread():
        made = Prepared(quick)
        yield made
        made.memory.close()


def cuts(prepared, direction, places):
    return all(one_cut(prepared, direction, after) for after in places)


def length_there(prepared):
    with prepared.again() as (ann, app, _):
        line = Broken(app, "", 0)
        prepared.world.round(ann, line)
        return line.count


@pytest.mark.parametrize("direction", [UP, DOWN])
def test_a_line_in_one_process_breaks_as_a_socket_does(prepared, direction):
    length = length_there(prepared)[direction]
    assert length > 1_000
    assert cuts(prepared, direction, range(0, length, 10 * STEP))
    assert not one_cut(prepared, direction, length)


def test_a_laptop_that_does_not_wait_for_receipts_would_be_noticed(prepared):
    """The proof that these tests can fail: work counts as sent when it leaves."""
    length = length_there(prepared)[UP]
    with mutants.sent_before_the_receipt(), pytest.raises(AssertionError):
        cuts(prepared, UP, range(0, length, 10 * STEP))


@pytest.mark.long
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("direction", [UP, DOWN])
def test_cut_after_every_byte(prepared, direction):
    for after in range(length_there(prepared)[direction]):
        assert one_cut(prepared, direction, after), after
