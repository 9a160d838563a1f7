"""One long piece of work of a page in the vault lane: how far it is, Stop, the words after, again.

Stop is answered by "Stopping" until it has stopped: what was whole just before is not called
stopped. Refuses a second piece while one is under way.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from desktop.operations.long_work import Progress, WorkStopped, in_units
from desktop.presenters.newest_question import WatchesView

if TYPE_CHECKING:
    from desktop.context import Context

T = TypeVar("T")
STOPPING = "Stopping"
Failed = Callable[[Exception], None]


class WorkView(WatchesView, Protocol):
    """What it asks of the page."""

    def show_stopped(self, words: str) -> None:
        """A person stopped it: say so and offer to try again; "" takes it away."""
        ...


class OneWork:
    """Begins it, and knows how to begin it again."""

    def __init__(self, context: Context, view: WorkView, stopped: str) -> None:
        """`stopped`: what is said after Stop."""
        self._context, self._view, self._stopped = context, view, stopped
        self._progress: Progress | None = None
        self._again: Callable[[], None] | None = None

    def begin(
        self,
        words: str,
        work: Callable[..., T],
        on_done: Callable[[T], None],
        on_failed: Failed,
    ) -> None:
        """Have `work(vault, progress=...)` done; `words` are shown until it tells of a step."""
        if self._progress is not None:
            return
        progress = self._progress = Progress(words=words)
        self._again = partial(self.begin, words, work, on_done, on_failed)
        self._view.show_stopped("")
        self._view.show_busy(words, 0, 0)
        self._view.watch()
        self._context.with_vault(
            partial(work, progress=progress),
            owner=self._view,
            on_done=partial(self._done, on_done),
            on_failed=partial(self._failed, on_failed),
        )

    def tick(self) -> bool:
        """Say how far it is; False when nothing is under way."""
        told = self._progress
        if told is None:
            return False
        if told.stop_wanted:
            self._view.show_busy(STOPPING, 0, 0)
        else:
            self._view.show_busy(in_units(told.words, told.done, told.of), told.done, told.of)
        return True

    def stop(self) -> None:
        """Go no further. What came of it is said when it has stopped, or was done just before."""
        if self._progress is not None:
            self._progress.stop()
            self.tick()

    def again(self) -> None:
        """What was stopped, from its beginning."""
        if self._again is not None:
            self._again()

    def _done(self, on_done: Callable[[Any], None], result: Any) -> None:
        self._over()
        on_done(result)

    def _failed(self, on_failed: Failed, error: Exception) -> None:
        if isinstance(error, WorkStopped):
            self._progress = None
            self._view.show_stopped(self._stopped)
            return
        self._over()
        on_failed(error)

    def _over(self) -> None:
        self._progress = None
        self._view.show_busy("", 0, 0)
