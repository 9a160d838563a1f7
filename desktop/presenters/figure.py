"""One figure explained: the records behind it, the time before, its months and districts.

The page says how far the work is, and Stop ends it. Refuses to keep a number that a change has made
old, and to begin again by itself what a person has stopped.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Protocol

from desktop.operations import chosen_figures
from desktop.operations.long_work import Progress, in_units
from desktop.presenters import impact_scope
from desktop.presenters.figures_asked import Explain
from desktop.presenters.figures_kept import figures_of
from desktop.presenters.impact_picture import Behind, IndicatorPicture
from desktop.presenters.one_work import WorkView
from desktop.presenters.saving import Seen, unread, when_seen
from forms.values import london_day

if TYPE_CHECKING:
    from desktop.broadcast import News
    from desktop.context import Context

BEGINS = "Working the figure out"
STOPPED = "Stopped before the figure was worked out. Try again works it out."
STOPPED_OLD = (
    "Stopped. The figure on this page is the one from before. Try again works it out anew."
)


class FigureView(WorkView, Seen, Protocol):
    """What the presenter asks of the page of one figure."""

    def show_indicator(self, picture: IndicatorPicture) -> None:
        """Show it explained."""
        ...

    def show_in_report(self, *, taken: bool) -> None:
        """Whether the figure is among those chosen for a report."""
        ...

    def show_problem(self, words: str) -> None:
        """Say why there is nothing to show."""
        ...


class FigurePresenter:
    """Explains one number."""

    def __init__(
        self,
        context: Context,
        view: FigureView,
        indicator_id: str,
        on: str,
        since: str = "",
        area: str = "",
    ) -> None:
        self._context = context
        self._view = view
        self._id = indicator_id
        today = london_day(context.clock.now())
        self._scope = impact_scope.from_route(on, since, area, today)
        self._progress: Progress | None = None  # of the question under way
        self._again = False  # something changed since it was asked
        self._stopped = False
        self._any = False  # whether there is a figure on the page
        figures_of(context)  # hears of a change before this page does
        context.broadcast.listen(view, self._hear)

    def load(self) -> None:
        """Read the rows again. One question at a time: changes that come meanwhile are one more."""
        if self._progress is not None:
            self._again = True
            return
        progress = self._progress = Progress(words=BEGINS)
        self._again = self._stopped = False
        self._view.show_stopped("")
        self._view.watch()
        figures_of(self._context).ask(
            Explain(self._scope, self._id),
            owner=self._view,
            on_done=partial(self._explained, progress),
            on_failed=partial(self._failed, progress),
            progress=progress,
        )
        self._context.with_vault(chosen_figures.read, owner=self._view, on_done=self._chosen)

    def stop(self) -> None:
        """Go no further; `load` begins again."""
        if self._progress is None:
            return
        self._progress.stop()
        self._over()
        self._stopped = True
        self._view.show_stopped(STOPPED_OLD if self._any else STOPPED)

    def come_back(self) -> None:
        """Somebody opens the page again: what was stopped is wanted now."""
        if self._stopped:
            self.load()

    def tick(self) -> bool:
        """Say how far it is; False when nothing is under way."""
        told = self._progress
        if told is None:
            return False
        self._view.show_busy(in_units(told.words, told.done, told.of), told.done, told.of)
        return True

    def add_to_report(self) -> None:
        """Have the next report print this figure in front; again takes it out."""
        self._context.with_vault(
            partial(chosen_figures.turn, indicator_id=self._id),
            owner=self._view,
            on_done=self._turned,
        )

    def open_enterprise(self, behind: Behind) -> None:
        """Go to the record behind a row."""
        if behind.enterprise_id:
            self._context.open_route("enterprise", id=behind.enterprise_id)

    def _hear(self, _news: News) -> None:
        if not self._stopped:  # a change is no reason to begin again against somebody's will
            when_seen(self._view, self.load)

    def _over(self) -> None:
        self._progress = None
        self._view.show_busy("", 0, 0)

    def _explained(self, progress: Progress, picture: IndicatorPicture) -> None:
        if progress is not self._progress:
            return  # it was stopped
        self._over()
        self._any = True
        self._view.show_indicator(picture)
        if self._again:
            when_seen(self._view, self.load)

    def _failed(self, progress: Progress, error: Exception) -> None:
        if progress is not self._progress:
            return  # it was stopped
        self._over()
        unread(self._context, self._view.show_problem, self.load)(error)

    def _chosen(self, ids: tuple[str, ...]) -> None:
        self._view.show_in_report(taken=self._id in ids)

    def _turned(self, ids: tuple[str, ...]) -> None:
        self._chosen(ids)
        said = "Added to the report." if self._id in ids else "Taken out of the report."
        self._context.tell.say(said)
