"""A line to PostgreSQL for what every request says: several statements in one exchange, one wait.

psycopg makes a cursor of each statement, looks at each of its values and walks through generators:
20 us of a worker, where sending it takes three. Here a text is prepared once for each line and
stays so when a transaction is undone. What comes back is read by psycopg's own loaders, and its
faults are psycopg's own.

What is `ahead` goes with whatever is said next: a BEGIN needs no exchange of its own. What was said
with `say_on` is under way, and is heard with whatever is said next. Whoever says something on the
same line by another way calls `catch_up` first (`sql_postgres` does).

Refuses values but text, whole numbers, bytes and None: what else there is goes by psycopg.
"""

from __future__ import annotations

import select
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

import psycopg
from psycopg import abc
from psycopg.adapt import Transformer
from psycopg.errors import error_from_result
from psycopg.pq import ConnStatus, ExecStatus, Format

from sync.register.errors import AgainPlease

Row = tuple[Any, ...]
Statement = tuple[str, Sequence[Any]]  # values stand for $1, $2 and so on
_HAS_POLL = hasattr(select, "poll")  # Windows has not
# A prepared statement is gone, or its tables look otherwise by now.
_PREPARE_AGAIN = {"26000", "0A000"}
_GOOD = {ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK, ExecStatus.EMPTY_QUERY}


class Answer:
    """What came of one statement."""

    __slots__ = ("_loads", "_result")

    def __init__(self, result: Any, loads: abc.Transformer) -> None:
        self._result, self._loads = result, loads

    @property
    def statusmessage(self) -> str:
        """What was done: SELECT 3, COMMIT."""
        return bytes(self._result.command_status or b"").decode()

    @property
    def rowcount(self) -> int:
        """How many rows were found or changed, or 0."""
        return int(self._result.command_tuples or 0)

    def fetchall(self) -> list[Row]:
        """Every row; none of what returns none."""
        if self._result.status != ExecStatus.TUPLES_OK:
            return []
        self._loads.set_pgresult(self._result)
        return list(self._loads.load_rows(0, self._result.ntuples, tuple))

    def fetchone(self) -> Row | None:
        """The first row."""
        return next(iter(self.fetchall()), None)


Each = Callable[[Answer], object]


class _Step(NamedTuple):
    """Something that a result will come for."""

    text: str
    name: bytes
    prepares: bool  # or else it is said


class Line:
    """Exchanges over one connection, which is psycopg's for everything else."""

    def __init__(self, driver: psycopg.Connection[Any]) -> None:
        self.driver = driver
        self.ahead: list[Statement] = []
        self.began: list[Answer] = []  # what came of those that went ahead
        self._server = driver.pgconn
        self._loads = Transformer(driver)
        self._names: dict[str, bytes] = {}
        self._fresh: dict[str, bytes] = {}  # names whose making is not heard of yet
        self._made = 0
        self._unheard: list[_Step] = []

    def catch_up(self) -> None:
        """Say what waits to go ahead of the next statement, and hear what is under way."""
        if self.ahead or self._unheard:
            self.exchange()

    def say_on(self, text: str, values: Iterable[Sequence[Any]]) -> None:
        """Say a statement for each of these, as they are made, and do not wait for what comes.

        The server works on one while the next is made. If one of them failed, the next exchange
        raises it.
        """
        if self.ahead:
            self.exchange()
        for one in values:
            packed = _packed(one)
            try:
                self._put(text, *packed)
                self._server.flush()
            except BaseException:
                self._give_up()
                raise

    def hear_out(self) -> None:
        """Hear what is under way, whatever came of it: for whoever undoes it all anyway."""
        if not self._unheard:
            return
        try:
            self.exchange()
        except (psycopg.Error, AgainPlease):
            if self.driver.closed:
                raise

    def exchange(self, *said: Statement, each: Each | None = None) -> list[Answer]:
        """Say these, after what goes ahead: what came of each of them.

        `each` is handed every answer as soon as it is here, while the server works on the next:
        what it makes of them holds once the exchange has ended. Raises psycopg's error of the first
        that failed, after which none was done; AgainPlease when it has to be prepared anew.
        """
        count = len(self.ahead)
        packed = [(text, *_packed(values)) for text, values in (*self.ahead, *said)]
        self.ahead = []
        if not packed and not self._unheard:
            return []
        try:
            steps = self._send(packed)
            results = self._receive(steps, len(said), each)
        except BaseException:
            self._give_up()
            raise
        done = self._looked_at(steps, results)
        answers = [Answer(one, self._loads) for one in done[len(done) - len(packed) :]]
        if count:
            self.began = answers[:count]
        return answers[count:]

    def _give_up(self) -> None:
        """Half of what was to be said is under way: nobody may go on from there."""
        self._server.finish()
        self._unheard, self._fresh = [], {}

    def _put(self, text: str, values: list[bytes | None], formats: list[Format]) -> None:
        """Hand one statement to the line, prepared the first time."""
        server = self._server
        if not self._unheard:
            server.enter_pipeline_mode()
        name = self._names.get(text) or self._fresh.get(text)
        if name is None:
            self._made += 1
            name = self._fresh[text] = b"hedgerow_%d" % self._made
            server.send_prepare(name, text.encode())
            self._unheard.append(_Step(text, name, prepares=True))
        server.send_query_prepared(name, values, formats)
        self._unheard.append(_Step(text, name, prepares=False))

    def _send(self, packed: Sequence[tuple[str, list[bytes | None], list[Format]]]) -> list[_Step]:
        """Everything that a result will come for: what was under way, and these."""
        server = self._server
        for one in packed:
            self._put(*one)
        steps, self._unheard, self._fresh = self._unheard, [], {}
        server.pipeline_sync()
        while server.flush():
            self._wait(select.POLLIN | select.POLLOUT if _HAS_POLL else 1)
            server.consume_input()  # a server that cannot send does not read either
        return steps

    def _receive(self, steps: list[_Step], last: int, each: Each | None) -> list[Any]:
        """The results, in order, and the `last` of them handed on as they come.

        The line is out of the exchange after it.
        """
        server, results = self._server, list[Any]()
        saying = [nth for nth, step in enumerate(steps) if not step.prepares][-last:]
        while True:
            while server.is_busy():
                self._wait(select.POLLIN if _HAS_POLL else 0)
                server.consume_input()
            result = server.get_result()
            if result is None:
                if server.status == ConnStatus.BAD:
                    raise psycopg.OperationalError("the server is gone")
            elif result.status == ExecStatus.PIPELINE_SYNC:
                server.exit_pipeline_mode()
                return results
            else:
                results.append(result)
                if each is not None and result.status in _GOOD and len(results) - 1 in saying:
                    each(Answer(result, self._loads))

    def _looked_at(self, steps: list[_Step], results: list[Any]) -> list[Any]:
        """The results of what was said, if all was done."""
        done: list[Any] = []
        for step, result in zip(steps, results, strict=True):
            if result.status not in _GOOD:
                fault = error_from_result(result)
                known = step.text in self._names and not step.prepares
                if known and fault.sqlstate in _PREPARE_AGAIN:
                    self._names.clear()
                    if not any(one.command_status == b"COMMIT" for one in done):
                        raise AgainPlease from fault
                raise fault
            if step.prepares:
                self._names[step.text] = step.name
            else:
                done.append(result)
        return done

    def _wait(self, what: int) -> None:
        """Until the server can be heard, or spoken to when that is what is asked."""
        socket = self._server.socket
        if _HAS_POLL:
            poll = select.poll()
            poll.register(socket, what)
            poll.poll()
        else:
            select.select([socket], [socket] if what else [], [])


def _packed(values: Sequence[Any]) -> tuple[list[bytes | None], list[Format]]:
    """Values as they travel; their types are the server's to tell."""
    packed: list[bytes | None] = []
    formats: list[Format] = []
    for value in values:
        kind, form = type(value), Format.TEXT
        if value is None:
            packed.append(None)
        elif kind is int:
            packed.append(b"%d" % value)
        elif kind is bytes:
            packed.append(value)
            form = Format.BINARY
        elif isinstance(value, str):
            packed.append(value.encode())
            if "\0" in value:
                raise psycopg.DataError("PostgreSQL text fields cannot contain NUL (0x00) bytes")
        else:
            raise TypeError(f"a value of a kind that is not said here: {kind.__name__}")
        formats.append(form)
    return packed, formats
