"""One request under way while this laptop puts away what came before it.

The line and the disk then wait for each other no longer. Only the request leaves the caller's
thread: whatever touches the vault stays where it was. Refuses more than one request at a time, and
to leave one behind: at the end of the block none is under way.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import TypeVar

T = TypeVar("T")


class Ahead:
    """Made for one push or one pull, and used in a `with` block."""

    def __init__(self) -> None:
        self._pool: ThreadPoolExecutor | None = None

    def __enter__(self) -> Ahead:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        where: TracebackType | None,
    ) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)

    def start(self, ask: Callable[[], T]) -> Future[T]:
        """Send a request; its answer or its fault comes out of `result()`."""
        if self._pool is None:
            self._pool = ThreadPoolExecutor(1, thread_name_prefix="exchange")
        return self._pool.submit(ask)

    @staticmethod
    def wait_for(ask: Callable[[], T]) -> Future[T]:
        """The same here and now, where nothing is to be done meanwhile."""
        done: Future[T] = Future()
        try:
            done.set_result(ask())
        except Exception as error:  # noqa: BLE001 - it comes out of result(), as from a thread
            done.set_exception(error)
        return done
