"""The report builder: template, chapters, figures in front, for whom; checks; pages; then files.

The view's timer calls `tick` while something is under way. One process at a time: pages to look at,
or a file. What an older choice asked is stopped, also where the figures are worked out. Refuses to
start two reports at once and says plainly how each one ended.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Protocol

from desktop.operations import chosen_figures, reports
from desktop.operations.long_work import Progress, WorkStopped, in_units
from desktop.operations.reports import (
    CHAPTERS,
    KIND_WORDS,
    KINDS,
    REPORTS,
    Check,
    Choice,
    Gathered,
    chapters_of,
)
from desktop.presenters.figures_asked import Checks, Facts, Found
from desktop.presenters.figures_kept import figures_of
from desktop.presenters.newest_question import Newest, WatchesView
from desktop.presenters.report_days import read_period
from desktop.presenters.report_making import Made, Making, MakingView, Plan, Starter
from desktop.presenters.report_pages import Looking, PagesView
from desktop.presenters.saving import unread, words_for
from forms.rules.indicators import DEFINITIONS
from forms.values import Role

if TYPE_CHECKING:
    from desktop.context import Context

__all__ = [
    "CHAPTERS",
    "KINDS",
    "KIND_WORDS",
    "REPORTS",
    "Check",
    "ChecksView",
    "Choice",
    "Made",
    "Plan",
    "ReportsPresenter",
    "ReportsView",
    "chapters_of",
]
UNCHECKED = "Nobody has looked what there is to know before it goes out. Try again looks."
STOPPED = f"Stopped. {UNCHECKED}"
LATER = "The pages are drawn when the report is made."
ROLE_WORDS = {
    Role.COACH: "coach",
    Role.LEAD: "project lead",
    Role.QA: "quality checker",
    Role.FINANCE: "finance",
    Role.AUDITOR: "auditor",
}


class ChecksView(WatchesView, Protocol):
    """What there is to know before a report goes out."""

    def show_checks(self, checks: tuple[Check, ...], *, unread: str = "") -> None:
        """What to know before it goes out; `unread` says why nobody could look."""
        ...

    def show_unchecked(self, words: str) -> None:
        """A person stopped it: say so and offer to try again; "" takes it away."""
        ...


class ReportsView(MakingView, PagesView, Protocol):
    """What the presenter asks of the page."""

    def show_figures(self, figures: tuple[tuple[str, str], ...], *, unread: str = "") -> None:
        """The figures to stand in front: id and title; `unread` says why nobody could look."""
        ...

    def show_day_problem(self, words: str, *, first: bool = False) -> None:
        """The last day is not one, or the first; "" takes it away."""
        ...


class ReportsPresenter:
    """Checks, shows and makes reports."""

    def __init__(
        self,
        context: Context,
        view: ReportsView,
        know: ChecksView,
        *,
        start: Starter = reports.start,
    ) -> None:
        self._context = context
        self._view, self._know = view, know
        self._making = Making(view, start)
        self._looking = Looking(view, start)
        self._newest = Newest(know)
        self._gathering = Progress()  # of the facts of a report that is being made
        self._unchecked = False  # it took the place of a look for what to know, and owes the checks
        self._later: Choice | None = None  # whose pages are wanted when the report is made
        self.figures: tuple[str, ...] = ()
        self.today = context.today
        self.areas = tuple((p.code, p.name) for p in context.pack.places)

    @property
    def is_busy(self) -> bool:
        """Whether a report is being made."""
        return self._making.is_busy

    @property
    def is_at_work(self) -> bool:
        """Whether some process runs, so that the view must tick."""
        processes = self._making.is_at_work or self._looking.is_at_work
        return processes or self._newest.is_waiting or self._later is not None

    def load(self) -> None:
        """Read which figures were chosen."""
        self._context.with_vault(
            chosen_figures.read,
            owner=self._view,
            on_done=self._figures_read,
            on_failed=unread(
                self._context, lambda said: self._view.show_figures((), unread=said), self.load
            ),
        )

    def drop_figure(self, indicator_id: str) -> None:
        """Take one of the chosen figures out."""
        self._context.with_vault(
            partial(chosen_figures.turn, indicator_id=indicator_id),
            owner=self._view,
            on_done=self._figures_read,
        )

    def read_days(self, since: str, on: str) -> tuple[date | None, date] | None:
        """First and last day as typed; no first day is the beginning. None after saying why not."""
        period = read_period(since, on, self.today)
        self._view.show_day_problem(period.since_wrong, first=True)
        self._view.show_day_problem(period.on_wrong)
        if period.on is None or period.since_wrong or period.on_wrong:
            return None
        return period.since, period.on

    def check(self, choice: Choice) -> None:
        """Say what to know about a report."""
        self._unchecked, self._later = False, None
        self._know.show_unchecked("")
        question = self._newest.ask(self._know.show_busy)
        asked = Checks(replace(choice, figures=self.figures))
        again = partial(self.check, choice)
        failed = unread(self._context, lambda said: self._know.show_checks((), unread=said), again)
        figures_of(self._context).ask(
            asked,
            owner=self._view,
            on_done=self._newest.only(question, self._know.show_checks),
            on_failed=self._newest.only(question, failed),
            progress=question.progress,
        )

    def stop_checking(self) -> None:
        """Look no further for what to know."""
        if self._newest.is_waiting:
            self._newest.drop()
            self._know.show_unchecked(STOPPED)

    def look(self, choice: Choice) -> None:
        """Show its pages; what is being drawn for an older choice is stopped.

        While a report is made they wait for it.
        """
        self._drop()
        if self.is_busy:
            self._later = choice
            self._view.show_pages_wait(LATER)
            return
        self._view.show_pages_wait("Reading the records")
        question = self._newest.ask(partial(_wait, self._view))
        self._gather(
            choice,
            self._newest.only(question, self._look_now),
            self._newest.only(question, self._look_failed),
            question.progress,
        )

    def stop_looking(self) -> None:
        """No more pages are wanted; what to know comes with them: they may leave it unanswered."""
        if self._drop():
            self._know.show_unchecked(UNCHECKED)

    def make(self, plan: Plan) -> None:
        """Gather, then make the files one by one."""
        if self.is_busy or not self._making.begin(plan):
            return
        self._unchecked = self._drop()
        self._gathering = Progress()
        self._gather(
            plan.choice,
            partial(self._gathered_now, plan),
            partial(self._make_failed, plan),
            self._gathering,
            sheets="xlsx" in plan.kinds,
        )

    def stop(self) -> None:
        """Stop safely: what is finished stays."""
        self._gathering.stop()
        self._making.stop()
        if self._unchecked:
            self._unchecked = False
            self._know.show_unchecked(STOPPED)

    def tick(self) -> bool:
        """Look how the process is doing, ten times a second; False when there is none any more."""
        self._newest.tick()
        if not self._making.is_at_work:
            self._making.say_gathering(self._gathering)
        self._looking.tick()
        self._making.tick()
        if self._later is not None and not self.is_busy:
            self.look(self._later)
        return self.is_at_work or self.is_busy

    def _drop(self) -> bool:
        """Nobody waits any more; whether the checks that stand there are of an older choice."""
        owed = self._newest.is_waiting or self._later is not None
        self._newest.drop()
        self._looking.stop()
        self._later = None
        return owed

    def _figures_read(self, ids: tuple[str, ...]) -> None:
        self.figures = ids
        self._view.show_figures(tuple((each, DEFINITIONS[each].title) for each in ids))

    def _gather(
        self,
        choice: Choice,
        then: Callable[[Gathered], None],
        on_failed: Callable[[Exception], None],
        progress: Progress,
        *,
        sheets: bool = False,
    ) -> None:
        """The report for the process that draws, with the checks of its facts: one question."""
        actor = self._context.actor
        by = f"{actor.name}, {ROLE_WORDS[actor.role]}"
        choice = replace(choice, figures=self.figures, made_by=by if actor.name else "")

        parts: list[bytes] = []

        def found(answer: Found) -> None:
            then(Gathered(parts=tuple(parts), checks=answer.checks, choice=choice))

        figures_of(self._context).ask(
            Facts(choice, sheets=sheets),
            owner=self._view,
            on_done=found,
            on_failed=on_failed,
            progress=progress,
            hand=parts.append,
        )

    def _look_now(self, gathered: Gathered) -> None:
        self._know.show_checks(gathered.checks)
        if not self.is_busy:
            self._looking.draw(gathered)

    def _look_failed(self, error: Exception) -> None:
        self._know.show_unchecked(UNCHECKED)
        self._view.show_pages_wait(words_for(error))
        self._context.tell.failed(error)

    def _gathered_now(self, plan: Plan, gathered: Gathered) -> None:
        if self._making.is_of(plan):
            self._unchecked = False
            self._know.show_checks(gathered.checks)
            self._making.go_on_with(gathered)

    def _make_failed(self, plan: Plan, error: Exception) -> None:
        if self._making.is_of(plan):
            self._making.fail(words_for(error))
            if self._unchecked:
                self._unchecked = False
                self._know.show_unchecked(UNCHECKED)
        if not isinstance(error, WorkStopped):
            self._context.tell.failed(error)


def _wait(view: PagesView, words: str, done: int, of: int) -> None:
    view.show_pages_wait(in_units(words, done, of))
