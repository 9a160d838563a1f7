"""Making a report: what, as of when, for whom; checks first; then files, one by one, stoppable.

The view's timer calls `tick` while a process runs. Refuses to start two reports at once and says
plainly how each one ended.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from desktop.operations import reports
from desktop.operations.reports import KIND_WORDS, KINDS, REPORTS, Check, Gathered, Rendering
from desktop.presenters import words
from desktop.presenters.saving import words_for
from forms.values import london_day

if TYPE_CHECKING:
    from desktop.context import Context

__all__ = ["REPORTS", "Check", "Made", "Plan", "ReportsPresenter", "ReportsView"]
Starter = Callable[..., Rendering]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What was asked for."""

    report: str
    as_of: date
    published: bool
    folder: Path
    kinds: tuple[str, ...] = KINDS

    def target(self, kind: str) -> Path:
        """Where the file of one kind goes."""
        name = reports.file_name(self.report, self.as_of, kind, published=self.published)
        return self.folder / name


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A finished report."""

    words: str  # "Report made, 14 pages"
    files: tuple[Path, ...]


class ReportsView(Protocol):
    """What the presenter asks of the page."""

    def show_checks(self, checks: tuple[Check, ...]) -> None:
        """What to know before it goes out."""
        ...

    def show_step(self, words: str, done: int, of: int) -> None:
        """A step of the work, with a counted plan."""
        ...

    def show_made(self, made: Made) -> None:
        """It is done; stays until the next one is asked for."""
        ...

    def show_stopped(self, words: str) -> None:
        """It was stopped or failed: what happened, what is safe, what to do."""
        ...

    def show_day_problem(self, words: str) -> None:
        """The day is not one."""
        ...


class ReportsPresenter:
    """Checks and makes reports."""

    def __init__(
        self, context: Context, view: ReportsView, *, start: Starter = reports.start
    ) -> None:
        self._context = context
        self._view = view
        self._start = start
        self._plan: Plan | None = None
        self._gathered: Gathered | None = None
        self._running: Rendering | None = None
        self._left: list[str] = []
        self.today = london_day(context.clock.now())

    @property
    def is_busy(self) -> bool:
        """Whether a report is being made."""
        return self._plan is not None

    def read_day(self, text: str) -> date | None:
        """The day typed, or None after saying what is wrong."""
        try:
            on = words.read_day(text, self._context.today, ahead=False)
        except words.NotThat as error:
            self._view.show_day_problem(str(error))
            return None
        if on is None:
            self._view.show_day_problem("Write the day the report shall speak of.")
            return None
        self._view.show_day_problem("")
        return on

    def check(self, text: str, *, published: bool) -> None:
        """Say what to know about a report on this day."""
        on = self.read_day(text)
        if on is not None:
            self._gather(on, self._checked, published=published)

    def make(self, plan: Plan) -> None:
        """Gather, then make the files one by one."""
        if self.is_busy:
            return
        self._plan, self._left = plan, list(plan.kinds)
        self._view.show_step("Reading the records", 0, len(plan.kinds) + 1)
        self._gather(plan.as_of, self._gathered_now, published=plan.published)

    def stop(self) -> None:
        """Stop safely: what is finished stays."""
        if self._running is not None:
            self._running.stop()
        plan, self._running, self._plan = self._plan, None, None
        if plan is not None:
            kept = [each for each in plan.kinds if each not in self._left]
            words_kept = ", ".join(KIND_WORDS[each] for each in kept)
            ending = f" Finished and kept: {words_kept}." if kept else " No file was left behind."
            self._view.show_stopped(f"Stopped.{ending}")

    def tick(self) -> None:
        """Look how the process is doing; called ten times a second while one runs."""
        if self._running is None or self._plan is None:
            return
        running = self._running
        self._step(running.step.words)
        if not running.is_over:
            return
        self._running = None
        if running.fault is not None:
            self._fail(words_for(running.fault))
            return
        self._left.pop(0)
        self._next()

    def _gather(self, on: date, then: Callable[[Gathered], None], *, published: bool) -> None:
        self._context.read(
            partial(
                reports.gather_report,
                pack=self._context.pack,
                as_of=on,
                published=published,
                practice=self._context.session.practice,
            ),
            owner=self._view,
            on_done=then,
            on_failed=self._gather_failed,
        )

    def _checked(self, gathered: Gathered) -> None:
        self._view.show_checks(gathered.checks)

    def _gathered_now(self, gathered: Gathered) -> None:
        if self._plan is None:
            return
        self._gathered = gathered
        self._view.show_checks(gathered.checks)
        self._next()

    def _next(self) -> None:
        plan = self._plan
        if plan is None or self._gathered is None:
            return
        if not self._left:
            self._finish(plan)
            return
        kind = self._left[0]
        self._step("starting")
        try:
            plan.folder.mkdir(parents=True, exist_ok=True)
            self._running = self._start(
                self._gathered,
                kind,
                plan.target(kind),
                report=plan.report,
                published=plan.published,
            )
        except OSError:
            self._fail(
                f"Nothing can be written to {plan.folder.name}. Choose another folder. "
                "Your records are safe."
            )

    def _step(self, said: str) -> None:
        if self._plan is None:
            return
        kind = KIND_WORDS[self._left[0]]
        done = len(self._plan.kinds) - len(self._left) + 1
        self._view.show_step(f"{kind}: {said}", done, len(self._plan.kinds) + 1)

    def _finish(self, plan: Plan) -> None:
        self._plan = None
        files = tuple(plan.target(kind) for kind in plan.kinds)
        said = "Report made"
        if "pdf" in plan.kinds:
            said += f", {words.counted(reports.count_pages(plan.target('pdf')), 'page')}"
        self._view.show_made(Made(words=said, files=files))

    def _fail(self, said: str) -> None:
        self._plan, self._running = None, None
        self._view.show_stopped(said)

    def _gather_failed(self, error: Exception) -> None:
        self._fail(words_for(error))
        self._context.tell.failed(error)
