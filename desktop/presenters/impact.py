"""Impact: the figures of a period, a day and a district.

Each choice reads the records again. Refuses to keep figures that a change has made old: it hears
every change and works them out afresh when the page is seen, unless a person has stopped it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from desktop.operations.long_work import in_units
from desktop.presenters import impact_scope, words
from desktop.presenters.figures_kept import Task, figures_of
from desktop.presenters.impact_picture import (
    Behind,
    Course,
    FigurePicture,
    ImpactPicture,
    IndicatorPicture,
    Point,
    Step,
    Tiled,
)
from desktop.presenters.impact_scope import Period, Scope
from desktop.presenters.impact_tiles import Tile
from desktop.presenters.saving import Seen, unread, when_seen
from forms.values import london_day

if TYPE_CHECKING:
    from datetime import date

    from desktop.broadcast import News
    from desktop.context import Context

__all__ = [
    "Behind",
    "Course",
    "FigurePicture",
    "ImpactPicture",
    "ImpactPresenter",
    "ImpactView",
    "IndicatorPicture",
    "Period",
    "Point",
    "Step",
    "Tile",
    "Tiled",
]


STOPPED = "Stopped before the figures were worked out. Try again works them out."
STOPPED_OLD = (
    "Stopped. The figures on this page are those from before. Try again works them out anew."
)
STOPPED_COURSE = (
    "Stopped. The figures are worked out; the months and districts are not, or are from before. "
    "Try again works them out."
)


class ImpactView(Seen, Protocol):
    """What the presenter asks of the impact page."""

    def show_impact(self, picture: ImpactPicture) -> None:
        """Show the tiles, the line, the map and the list."""
        ...

    def show_course(self, course: Course) -> None:
        """Show another figure's months and districts."""
        ...

    def show_scope(self, scope: Scope, period: str) -> None:
        """Which days and district are looked at; `period` is the key of a usual one or "own"."""
        ...

    def show_busy(self, words: str, done: int, of: int) -> None:
        """How far it is, with units; "" when all is there."""
        ...

    def show_stopped(self, words: str) -> None:
        """A person stopped it: say so and offer to try again; "" takes it away."""
        ...

    def show_problem(self, words: str) -> None:
        """Say what is wrong with the day, or why there are no figures."""
        ...


class ImpactPresenter:
    """Works the figures out for what a person chooses."""

    def __init__(
        self, context: Context, view: ImpactView, on: str = "", since: str = "", area: str = ""
    ) -> None:
        self._context = context
        self._view = view
        figures_of(context)  # hears of a change before this page does
        self._today = london_day(context.clock.now())
        self.scope = impact_scope.from_route(on, since, area, self._today)
        self.chosen = "I-06"
        self._task: Task | None = None
        self._any = False  # whether there are figures on the page
        self._fresh = False  # whether they are those that were asked for last
        self._stopped = False
        self.periods = impact_scope.periods(context.pack, self._today)
        self.areas = impact_scope.areas(context.pack)
        context.broadcast.listen(view, self._hear)

    @property
    def as_of(self) -> date:
        """The day the figures speak of."""
        return self.scope.as_of

    def load(self) -> None:
        """Work everything out again; what is known since the last change is there at once."""
        self._stopped = self._fresh = False
        self._view.show_stopped("")
        self._view.show_scope(self.scope, impact_scope.key_of(self.scope, self.periods))
        if self._task is not None:
            self._task.stop()
        figures = figures_of(self._context)
        known = figures.kept(self.scope, self.chosen)
        if known is not None:
            self._task = None
            self._view.show_busy("", 0, 0)
            self._any = True
            self._view.show_impact(known)
            return
        self._task = Task(figures, self._view, self, self.scope, self.chosen)
        self._task.start()

    def stop(self) -> None:
        """Go no further; `load` begins again."""
        if self._task is None:
            return
        self._task.stop()
        self._task = None
        self._stopped = True
        self._view.show_busy("", 0, 0)
        before = STOPPED_OLD if self._any else STOPPED
        self._view.show_stopped(STOPPED_COURSE if self._fresh else before)

    def come_back(self) -> None:
        """Somebody opens the page again: what was stopped is wanted now."""
        if self._stopped:
            self.load()

    def tick(self) -> bool:
        """Say how far a long step is; False when nothing is under way."""
        if self._task is not None:
            self._task.tick()
        return self._task is not None

    def figures_came(self, picture: ImpactPicture) -> None:
        """Every figure; the course comes after it."""
        self._any = self._fresh = True
        self._view.show_impact(picture)

    def course_came(self, course: Course) -> None:
        """All is there."""
        self._task = None
        self._view.show_busy("", 0, 0)
        self._view.show_course(course)

    def figures_step(self, words: str, done: int, of: int) -> None:
        """How far it is."""
        self._view.show_busy(in_units(words, done, of), done, of)

    def figures_failed(self, error: Exception) -> None:
        """There are no figures."""
        self._task = None
        self._view.show_busy("", 0, 0)
        unread(self._context, self._view.show_problem, self.load)(error)

    def set_day(self, text: str) -> None:
        """As at another day."""
        self.set_days(words.typed_day(self.scope.since), text)

    def set_days(self, since: str, on: str) -> None:
        """Another period, as it is typed; the first day may be empty."""
        try:
            scope = impact_scope.typed(self.scope, since, on, self._context.pack, self._today)
        except words.NotThat as error:
            self._view.show_problem(str(error))
            return
        self._look_at(scope)

    def choose_period(self, key: str) -> None:
        """One of the usual periods."""
        found = next((p for p in self.periods if p.key == key), None)
        if found is not None:
            self._look_at(replace(self.scope, since=found.since, as_of=found.as_of))

    def choose_area(self, code: str) -> None:
        """One district, or every one."""
        self._look_at(replace(self.scope, area=code))

    def choose_course(self, indicator_id: str) -> None:
        """Another figure over months and districts."""
        if indicator_id == self.chosen:
            return
        self.chosen = indicator_id
        self.load()

    def look_again(self, state: dict[str, str]) -> None:
        """The page as it was left."""
        scope = impact_scope.from_route(
            str(state.get("on", "")),
            str(state.get("since", "")),
            str(state.get("area", "")),
            self._today,
        )
        chosen = str(state.get("course", self.chosen))
        if (scope, chosen) != (self.scope, self.chosen):
            self.scope, self.chosen = scope, chosen
            self.load()

    def open(self, indicator_id: str) -> None:
        """Go to the rows behind a number."""
        self._context.open_route("figure", id=indicator_id, **self.scope.as_route())

    def _look_at(self, scope: Scope) -> None:
        if scope != self.scope:
            self.scope = scope
            self.load()

    def _hear(self, _news: News) -> None:
        if not self._stopped:  # a change is no reason to begin again against somebody's will
            when_seen(self._view, self.load)
