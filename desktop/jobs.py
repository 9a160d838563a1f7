"""The one door to threads: lanes for the vault, for the network and for the figures.

A job is a plain function that could as well run in a console. It runs in its lane, one at a
time, in the order asked; its outcome comes back on the GUI thread, unless the object that asked
for it is gone by then. Refuses to swallow an error: it goes to `on_failed`, always.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QObject, Signal, Slot

from desktop.alive import is_alive

if TYPE_CHECKING:
    from collections.abc import Callable
    from queue import SimpleQueue
    from threading import Thread

T = TypeVar("T")


class Lane(StrEnum):
    """Where a job runs. Everything that touches the vault runs in the vault lane."""

    VAULT = "vault"
    NETWORK = "network"
    FIGURES = "figures"  # asks the process that reads the vault along; loads what comes next


class LaneClosed(Exception):
    """The program is closing: this job was not started, and nothing was changed by it."""


@dataclass(slots=True)
class _Job:
    work: Callable[[], Any]
    owner: object
    on_done: Callable[[Any], None]
    on_failed: Callable[[Exception], None]


@dataclass(slots=True)
class _Outcome:
    job: _Job
    result: Any = None
    error: Exception | None = None


class _Worker:
    """One lane: a queue and, from the first job on, one thread."""

    def __init__(self, lane: Lane) -> None:
        self._name = f"hedgerow-{lane}"
        self._queue: SimpleQueue[Callable[[], None] | None] | None = None
        self._thread: Thread | None = None
        self._closed = False

    def put(self, step: Callable[[], None]) -> None:
        """Have a step done after those before it."""
        if self._closed:
            raise LaneClosed
        if self._queue is None:
            self._queue = self._begin()
        self._queue.put(step)

    def close(self, seconds: float) -> bool:
        """Finish what is queued, then stop. False when it has not stopped within `seconds`."""
        self._closed = True
        if self._queue is None or self._thread is None:
            return True
        self._queue.put(None)
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def _begin(self) -> SimpleQueue[Callable[[], None] | None]:
        from queue import SimpleQueue  # after the first paint
        from threading import Thread

        queue: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._thread = Thread(target=_run, args=(queue,), name=self._name, daemon=True)
        self._thread.start()
        return queue


def _run(queue: SimpleQueue[Callable[[], None] | None]) -> None:
    while (step := queue.get()) is not None:
        step()
        del step  # else an idle lane holds its last job, and the facts in it, after a lock


class Jobs(QObject):
    """Runs plain functions off the GUI thread and brings their outcome back to it."""

    idle_changed = Signal(bool)
    _arrived = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workers = {lane: _Worker(lane) for lane in Lane}
        self._out = 0
        self._closed = False
        self._arrived.connect(self._deliver)  # from a lane: Qt queues it for this thread

    @property
    def is_idle(self) -> bool:
        """Whether every job started so far has reported back."""
        return self._out == 0

    def run(
        self,
        work: Callable[[], T],
        *,
        owner: object,
        on_done: Callable[[T], None],
        on_failed: Callable[[Exception], None],
        lane: str = Lane.VAULT,
    ) -> None:
        """Run `work` in a lane; call one of the two here, unless `owner` is gone by then."""
        job = _Job(work, owner, on_done, on_failed)

        def step() -> None:
            self._arrived.emit(_outcome(job))

        self._workers[Lane(lane)].put(step)
        self._out += 1
        if self._out == 1:
            self.idle_changed.emit(False)

    def through(self, lane: Lane, work: Callable[[], T]) -> T:
        """From another lane: have `work` done in `lane` and wait for it. Never from the GUI."""
        from queue import SimpleQueue  # as above

        answer: SimpleQueue[_Outcome] = SimpleQueue()
        job = _Job(work, self, _nobody, _nobody)
        self._workers[lane].put(lambda: answer.put(_outcome(job)))
        outcome = answer.get()
        if outcome.error is not None:
            raise outcome.error
        result: T = outcome.result
        return result

    def wait(self, lane: Lane, work: Callable[[], T], seconds: float = 10.0) -> bool:
        """Before the window goes: have `work` done after all that was asked of a lane, and wait.

        False when it did not get there in time, or failed.
        """
        from queue import Empty, SimpleQueue  # as above

        answer: SimpleQueue[_Outcome] = SimpleQueue()
        job = _Job(work, self, _nobody, _nobody)
        self._workers[lane].put(lambda: answer.put(_outcome(job)))
        try:
            return answer.get(timeout=seconds).error is None
        except Empty:
            return False

    def close(self, seconds: float = 10.0) -> bool:
        """Finish what was asked for and stop the lanes; the network first, it uses the vault.

        What is asked of the figures is not waited for: its process ended with the vault.

        What is reported after this reaches nobody: the window is going.
        """
        self._closed = True
        self._workers[Lane.FIGURES].close(0)
        network_stopped = self._workers[Lane.NETWORK].close(seconds)
        return self._workers[Lane.VAULT].close(seconds) and network_stopped

    @Slot(object)
    def _deliver(self, outcome: _Outcome) -> None:
        job = outcome.job
        try:
            if is_alive(job.owner) and not self._closed:
                if outcome.error is None:
                    job.on_done(outcome.result)
                else:
                    job.on_failed(outcome.error)
        finally:
            self._out -= 1
            if self._out == 0:
                self.idle_changed.emit(True)


def _nobody(outcome: object) -> None:
    """The answer is taken by the lane that waits for it."""


def _outcome(job: _Job) -> _Outcome:
    try:
        return _Outcome(job, result=job.work())
    except Exception as error:  # noqa: BLE001 -- the thread border: handed to on_failed
        return _Outcome(job, error=error)
