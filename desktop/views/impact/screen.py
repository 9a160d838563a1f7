"""Impact: what was counted in a period and a district, its course over months, its map, all 42."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QGridLayout, QWidget

from desktop.actions import Action
from desktop.models.rows import Column
from desktop.presenters.impact import ImpactPresenter
from desktop.views.charts.card import ChartCard
from desktop.views.charts.cartogram import Cartogram
from desktop.views.charts.course_line import CourseLine
from desktop.views.form_pages.fields import ChoiceField
from desktop.views.form_pages.halves import text_is_large
from desktop.views.form_pages.seen import SeenPart
from desktop.views.form_pages.table import RowsTable
from desktop.views.impact.scope_bar import ScopeBar
from desktop.views.impact.tile_card import TileCard
from desktop.views.kit.bars import Bar
from desktop.views.kit.buttons import button
from desktop.views.kit.cards import EmptyState
from desktop.views.kit.flow import flowing
from desktop.views.kit.labels import hint, label, muted, title
from desktop.views.kit.layout import clear, column, scrolling
from desktop.views.kit.long_work import LongWork
from desktop.views.kit.screen import Screen
from desktop.views.kit.shapes import Look

if TYPE_CHECKING:
    from desktop.context import Context
    from desktop.navigation import Route
    from desktop.presenters.impact import Course, ImpactPicture, Tile
    from desktop.presenters.impact_scope import Scope

TILES_A_ROW = 4
LIST_LINES = 43


def make(context: Context, route: Route) -> Screen:
    """The screen for a route: `on` a day, `since` the first day, `area` a district's code."""
    return ImpactScreen(context, route.get("on"), route.get("since"), route.get("area"))


class ImpactScreen(Screen, SeenPart):
    """How are we doing against the target, and is that number right?"""

    def __init__(
        self,
        context: Context,
        on: str,
        since: str = "",
        area: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._context = context
        self._presenter = ImpactPresenter(context, self, on, since, area)
        self._scope = ScopeBar(
            self._presenter.periods, self._presenter.areas, lambda: context.today
        )
        self._work = LongWork(self._presenter.tick)
        self._as_at = muted("Working the figures out...", wrap=True)
        self._problem = Bar("warn-bar", Look.WARN)
        self._any = False  # whether any figure is collected
        self._every = QWidget()
        self._none = EmptyState(
            "Nothing is collected yet for this period. Figures come as enterprises are taken on, "
            "seen and send their returns.",
            "Go to the caseload",
            self._caseload,
        )
        self._tiles = QGridLayout()
        self._tiles.setSpacing(8)
        self._which = ChoiceField("Figure to look at", (), nothing="")
        self._line = ChartCard("Over time", CourseLine("The course over months"), context.tell)
        cartogram = Cartogram("The districts as tiles")
        self._map = ChartCard("By district", cartogram, context.tell)
        self._all = RowsTable(
            "All figures",
            (
                Column("Figure", lambda t: f"{t.id}  {t.title}"),
                Column("What the number is", lambda t: str(t.what)),
                Column("Value", lambda t: str(t.shown), right=True, by=lambda t: t.value),
            ),
            stretch=1,
        )
        self._build()
        self._scope.period_chosen.connect(self._presenter.choose_period)
        self._scope.days_typed.connect(self._presenter.set_days)
        self._scope.area_chosen.connect(self._presenter.choose_area)
        self._which.committed.connect(self._presenter.choose_course)
        cartogram.opened.connect(self._presenter.choose_area)
        self._all.opened.connect(self._open_row)
        self._work.stopped.connect(self._presenter.stop)
        self._work.again.connect(self._presenter.load)
        self._presenter.load()

    def title(self) -> str:
        """The screen's name."""
        return "Impact"

    def arrive(self) -> None:
        """After Stop, begin again."""
        self._presenter.come_back()

    def actions_here(self) -> list[Action]:
        """What can be done here."""
        return [
            Action("impact.gaps", "See market gaps", self._gaps),
            Action("impact.report", "Make a report", self._report),
        ]

    def _build(self) -> None:
        head = flowing(
            title("Impact"),
            button("Market gaps", self._gaps),
            button("Make a report", self._report),
            gap=2,
        )
        every = column(
            label("All 42 figures", "section"),
            hint("Press Enter on a figure to see the records behind it."),
            self._all,
            gap=1,
        )
        self._every.setLayout(every)
        for part in (self._which, self._line, self._map, self._every, self._none):
            part.hide()  # until the figures are there
        figures = column(
            self._as_at,
            self._none,
            self._tiles,
            flowing(self._which),
            self._line,
            self._map,
            self._every,
            None,
            gap=1,
        )
        figures.setContentsMargins(0, 0, 10, 0)
        chosen = column(self._scope, self._work, self._problem)
        whole = column(head, margin=2, gap=1)
        if text_is_large():  # the choices take the height: they scroll with the figures
            figures.insertLayout(0, chosen)
        else:
            whole.addLayout(chosen)
        inner = QWidget()
        inner.setLayout(figures)
        whole.addWidget(scrolling(inner, "Impact"), 1)
        self.setLayout(whole)

    def show_scope(self, scope: Scope, period: str) -> None:
        """Which days and district are looked at."""
        self._scope.show_scope(scope, period)

    def show_impact(self, picture: ImpactPicture) -> None:
        """Show the tiles, the line, the map and the list."""
        self._problem.say("")
        self._as_at.setText(f"{picture.period}. {picture.as_at}")
        self._any = any(tile.collected for tile in picture.all)
        self._none.setVisible(not self._any)
        self._every.show()
        self._show_charts()
        clear(self._tiles)
        across = TILES_A_ROW // 2 if text_is_large() else TILES_A_ROW
        for number, tile in enumerate(picture.tiles):
            card = TileCard(tile)
            card.pressed.connect(self._presenter.open)
            self._tiles.addWidget(card, number // across, number % across)
        for place in range(across):
            self._tiles.setColumnStretch(place, 1)
        if picture.course is not None:
            self.show_course(picture.course)
        self._all.show_rows(picture.all)
        line = self.fontMetrics().height() + 14
        self._all.setMinimumHeight(line * LIST_LINES + 6)

    def _show_charts(self) -> None:
        """A line and a map of nothing are left out: the tiles say what each figure waits for."""
        for part in (self._which, self._line):
            part.setVisible(self._any)
        if not self._any:
            self._map.hide()

    def show_course(self, course: Course) -> None:
        """Show one figure over months and districts."""
        box = self._which.editor
        if box.count() != len(course.choices):
            box.clear()
            for code, words in course.choices:
                box.addItem(words, code)
        self._which.set_value(course.id)
        against = " and the target" if course.target else ""
        self._line.show_course(course, f"{course.title}{against}", course.each.capitalize())
        self._map.setVisible(self._any and bool(course.districts))
        says = f"Press a district to look at it alone. {course.elsewhere}".strip()
        self._map.show_course(course, f"{course.title}, by district", says)

    def show_busy(self, words: str, done: int, of: int) -> None:
        """How far it is; what is on the screen stays until the new figures come."""
        self._work.show_step(words, done, of)

    def show_stopped(self, words: str) -> None:
        """A person stopped it."""
        self._work.show_stopped(words)
        if words and self._every.isHidden():
            self._as_at.setText("")  # nothing is being worked out any more

    def show_problem(self, words: str) -> None:
        """Say what is wrong; the figures on the screen stay."""
        if self._every.isHidden():
            self._as_at.setText("")  # nothing is being worked out any more
        self._problem.say(words)

    def keep_state(self) -> dict[str, Any]:
        """The period, the day, the district, the figure over time."""
        return {**self._presenter.scope.as_route(), "course": self._presenter.chosen}

    def restore_state(self, state: dict[str, Any]) -> None:
        """As it was."""
        self._presenter.look_again(state)

    def _caseload(self) -> None:
        self._context.open_route("caseload")

    def _gaps(self) -> None:
        self._context.open_route("market_gaps")

    def _report(self) -> None:
        self._context.open_route("reports")

    def _open_row(self, tile: Tile) -> None:
        self._presenter.open(tile.id)
