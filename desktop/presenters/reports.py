"""The report builder: template, chapters, figures in front, for whom; checks; pages; then files.

The view's timer calls `tick` while a process runs. One process at a time: pages to look at, or a
file. Refuses to start two reports at once and says plainly how each one ended.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from desktop.operations import chosen_figures, reports
from desktop.operations.reports import (
    CHAPTERS,
    KIND_WORDS,
    KINDS,
    REPORTS,
    Check,
    Choice,
    Gathered,
    Rendering,
    chapters_of,
)
from desktop.presenters import words
from desktop.presenters.saving import words_for
from forms.rules.indicators import DEFINITIONS

if TYPE_CHECKING:
    from desktop.context import Context

__all__ = [
    "CHAPTERS",
    "KINDS",
    "KIND_WORDS",
    "REPORTS",
    "Check",
    "Choice",
    "Made",
    "Plan",
    "ReportsPresenter",
    "ReportsView",
    "chapters_of",
]
Starter = Callable[..., Rendering]
PAGES = "pages"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What was asked for, and where its files go."""

    choice: Choice
    folder: Path
    kinds: tuple[str, ...] = KINDS

    def target(self, kind: str) -> Path:
        """Where the file of one kind goes."""
        return self.folder / reports.file_name(self.choice, kind)


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

    def show_figures(self, figures: tuple[tuple[str, str], ...]) -> None:
        """The figures to stand in front: id and title."""
        ...

    def show_pages(self, pages: tuple[Any, ...], *, whole: bool) -> None:
        """Pictures of pages that have come so far; `whole` when it is all of them."""
        ...

    def show_pages_wait(self, words: str) -> None:
        """The pages are on their way."""
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

    def show_day_problem(self, words: str, *, first: bool = False) -> None:
        """The last day is not one, or the first; "" takes it away."""
        ...


class ReportsPresenter:
    """Checks, shows and makes reports."""

    def __init__(
        self, context: Context, view: ReportsView, *, start: Starter = reports.start
    ) -> None:
        self._context = context
        self._view = view
        self._start = start
        self._plan: Plan | None = None
        self._gathered: Gathered | None = None
        self._running: Rendering | None = None
        self._looking: Rendering | None = None
        self._left: list[str] = []
        self._asked = 0  # the newest question; older answers are dropped
        self.figures: tuple[str, ...] = ()
        self.today = context.today

    @property
    def is_busy(self) -> bool:
        """Whether a report is being made."""
        return self._plan is not None

    @property
    def is_at_work(self) -> bool:
        """Whether some process runs, so that the view must tick."""
        return self._running is not None or self._looking is not None

    @property
    def areas(self) -> tuple[tuple[str, str], ...]:
        """The districts a report may be about."""
        return tuple((p.code, p.name) for p in self._context.pack.places)

    def load(self) -> None:
        """Read which figures were chosen."""
        self._context.with_vault(chosen_figures.read, owner=self._view, on_done=self._figures_read)

    def drop_figure(self, indicator_id: str) -> None:
        """Take one of the chosen figures out."""
        self._context.with_vault(
            partial(chosen_figures.turn, indicator_id=indicator_id),
            owner=self._view,
            on_done=self._figures_read,
        )

    def read_days(self, since: str, on: str) -> tuple[date | None, date] | None:
        """First and last day as typed; no first day is the beginning. None after saying why not."""
        first, first_is_one = self._read(since, first=True)
        last, last_is_one = self._read(on, first=False)
        if not (first_is_one and last_is_one):
            return None
        if last is None:
            self._view.show_day_problem("Write the day the report shall speak of.")
            return None
        return first, last

    def _read(self, text: str, *, first: bool) -> tuple[date | None, bool]:
        try:
            day = words.read_day(text, self.today, ahead=False)
        except words.NotThat as error:
            self._view.show_day_problem(str(error), first=first)
            return None, False
        self._view.show_day_problem("", first=first)
        return day, True

    def check(self, choice: Choice) -> None:
        """Say what to know about a report."""
        self._gather(choice, self._checked)

    def look(self, choice: Choice) -> None:
        """Show its pages; what is being drawn for an older choice is stopped."""
        if self.is_busy:
            return
        self.stop_looking()
        self._view.show_pages_wait("Reading the records")
        self._gather(choice, self._look_now)

    def stop_looking(self) -> None:
        """No more pages are wanted."""
        if self._looking is not None:
            self._looking.stop()
            self._looking = None

    def make(self, plan: Plan) -> None:
        """Gather, then make the files one by one."""
        if self.is_busy:
            return
        if not plan.kinds:
            self._view.show_stopped("Choose at least one kind of file first.")
            return
        self.stop_looking()
        self._plan, self._left = plan, list(plan.kinds)
        self._view.show_step("Reading the records", 0, len(plan.kinds) + 1)
        self._gather(plan.choice, self._gathered_now)

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
        self._tick_pages()
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

    def _tick_pages(self) -> None:
        looking = self._looking
        if looking is None:
            return
        pages = tuple(looking.pages)
        if looking.is_over:
            self._looking = None
            if looking.fault is not None:
                self._view.show_pages_wait(words_for(looking.fault))
                return
        if pages:
            self._view.show_pages(pages, whole=looking.is_over)
        else:
            self._view.show_pages_wait(looking.step.words)

    def _figures_read(self, ids: tuple[str, ...]) -> None:
        self.figures = ids
        self._view.show_figures(tuple((each, DEFINITIONS[each].title) for each in ids))

    def _gather(self, choice: Choice, then: Callable[[Gathered], None]) -> None:
        self._asked += 1
        number = self._asked
        choice = replace(choice, figures=self.figures)

        def newest(gathered: Gathered) -> None:
            if number == self._asked:
                then(gathered)

        self._context.read(
            partial(
                reports.gather_report,
                pack=self._context.pack,
                choice=choice,
                practice=self._context.session.practice,
            ),
            owner=self._view,
            on_done=newest,
            on_failed=self._gather_failed,
        )

    def _checked(self, gathered: Gathered) -> None:
        self._view.show_checks(gathered.checks)

    def _look_now(self, gathered: Gathered) -> None:
        self._view.show_checks(gathered.checks)
        self._looking = self._start(gathered, PAGES, None)
        self._view.show_pages_wait("Working out the figures")

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
            self._running = self._start(self._gathered, kind, plan.target(kind))
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
