"""Every row of a list, some at a time, before the list is taken along, with units and a Stop.

Refuses to go on with half a list: what was to follow happens once all rows are here, or never.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from desktop.context import Context
    from desktop.presenters.caseload_lines import Line, Speaker

AT_A_TIME = 100  # rows in one job: a screen is served between two of them


class WholeListView(Protocol):
    """The screen whose list is read."""

    def put_lines(self, lines: Sequence[Line]) -> None:
        """Rows that came."""
        ...

    def show_busy(self, words: str, done: int, of: int) -> None:
        """How far the reading of every row is; "" when it is over."""
        ...


@dataclass(slots=True)
class _Reading:
    """One reading, while it goes on."""

    total: int
    left: list[str]
    then: Callable[[], None]


class WholeList:
    """Reads the rows that nobody has scrolled to."""

    def __init__(
        self, view: WholeListView, context: Context, speaker: Callable[[], Speaker]
    ) -> None:
        self._view, self._context, self._speaker = view, context, speaker
        self._reading: _Reading | None = None

    def read(self, ids: Sequence[str], then: Callable[[], None]) -> None:
        """Read these rows, then go on with `then`; asked again, the earlier reading ends."""
        self._reading = _Reading(total=len(ids), left=list(ids), then=then)
        self._read_on(self._reading)

    def stop(self) -> None:
        """A person does not want the rest: `then` does not happen."""
        self._reading = None
        self._view.show_busy("", 0, 0)

    def _read_on(self, reading: _Reading) -> None:
        if reading is not self._reading:
            return  # stopped, or asked for again
        if not reading.left:
            self.stop()
            reading.then()
            return
        ids, reading.left = reading.left[:AT_A_TIME], reading.left[AT_A_TIME:]
        done = reading.total - len(reading.left) - len(ids)
        if reading.total > AT_A_TIME:
            words = f"Reading the list: {done:,} of {reading.total:,} enterprises"
            self._view.show_busy(words, done, reading.total)
        speak = self._speaker()
        self._context.read(
            lambda reader: speak.lines(reader, ids),
            owner=self._view,
            on_done=partial(self._came, reading),
        )

    def _came(self, reading: _Reading, lines: list[Line]) -> None:
        self._view.put_lines(lines)
        self._read_on(reading)
