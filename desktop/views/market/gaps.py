"""Market gaps: asking beside listings, gaps written down, matched and closed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from desktop.actions import Action
from desktop.models.rows import Column
from desktop.presenters.half_typed import HalfTyped
from desktop.presenters.market_gaps import GapsPresenter
from desktop.presenters.saving import NOT_READ
from desktop.views.form_pages.fields import ChoiceField, Field, TextField
from desktop.views.form_pages.halves import text_is_large
from desktop.views.form_pages.kept_fields import KeptFields
from desktop.views.form_pages.seen import SeenPart
from desktop.views.form_pages.table import RowsTable
from desktop.views.kit.bars import Bar
from desktop.views.kit.buttons import button, primary
from desktop.views.kit.cards import Card, EmptyState
from desktop.views.kit.flow import flowing
from desktop.views.kit.labels import hint, label, muted, title
from desktop.views.kit.layout import column, scrolling
from desktop.views.kit.screen import Screen
from desktop.views.kit.shapes import Look

if TYPE_CHECKING:
    from desktop.context import Context
    from desktop.navigation import Route
    from desktop.presenters.market_gaps import GapLine, GapsPicture

LINES = 8
LINES_LARGE = 3  # with large text: the head of a list and what is said above it stay in one view
WRITE = "Write it down"


def make(context: Context, route: Route) -> Screen:
    """The screen for a route: `district` and `service` begin a new gap."""
    return GapsScreen(context, route)


class GapsScreen(Screen, SeenPart):
    """Where is support asked for that nobody gives?"""

    def __init__(self, context: Context, route: Route, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._presenter = GapsPresenter(context, self)
        offered = self._presenter.choices
        self._says = muted("", wrap=True)
        self._unknown = Bar("info-bar", Look.INFO)
        self._problem = Bar("warn-bar", Look.WARN)
        self._no_meetings = muted(
            "Nothing to set side by side yet: no gap is written down, and no listing is known.",
            wrap=True,
        )
        self._no_gaps = EmptyState(
            "No gap is written down yet. Whenever nobody can give what somebody asks for, "
            "write it down.",
            "Write down the first gap",
            self._begin,
        )
        self._hint = hint("Press Enter on a line to see its listings.")
        self._meetings = RowsTable(
            "Asking beside listings", _meeting_columns(), stretch=0 if text_is_large() else 1
        )
        self._gaps = RowsTable("Gaps written down", _gap_columns())
        self._form = Card("Write down a gap")
        self._district = ChoiceField("District", offered["district"])
        self._place = TextField("Village or town")
        self._service = ChoiceField("Kind of support", offered["service"])
        self._group = ChoiceField("For whom", offered["group"], nothing="Anybody")
        self._times = TextField("When it is needed", placeholder="Tuesday evenings")
        self._asked = TextField("How many people asked", "Leave it empty when nobody counted.")
        self._channel = ChoiceField("How you heard", offered["channel"])
        self._words = TextField("What is missing", "No names: say what is missing, not for whom.")
        self._who = ChoiceField("Who gives it", (), nothing="Choose an enterprise")
        self._givers: tuple[tuple[str, str], ...] = ()
        self._why = ChoiceField("Why it is closed", offered["why"], nothing="Choose why")
        self._match = button("Match", self._match_pressed)
        self._close = button("Close the gap", self._close_pressed)
        self._again = button("Open again", self._again_pressed)
        self._acts = Card("The chosen gap")
        self._build()
        self._new = self._held_together()
        self._meetings.opened.connect(self._presenter.find)
        self._gaps.chosen.connect(self._chosen)
        if route.get("district") or route.get("service"):
            self._district.set_value(route.get("district"))
            self._service.set_value(route.get("service"))
        self._new.give_back()
        self._presenter.load()

    def title(self) -> str:
        """The screen's name."""
        return "Market gaps"

    def actions_here(self) -> list[Action]:
        """What can be done here."""
        return [Action("gaps.copy", "Copy asking beside listings", self._copy_pressed)]

    def arrive(self) -> None:
        """Begin with the table."""
        (self._meetings if self._meetings.isVisibleTo(self) else self._district).setFocus()

    def _held_together(self) -> KeptFields:
        """What is half typed of a gap is kept."""
        half = HalfTyped(self._context, self, "market_gaps/new")
        fields: dict[str, Field] = {
            "district": self._district,
            "place": self._place,
            "service_type": self._service,
            "target_group": self._group,
            "times": self._times,
            "asked": self._asked,
            "heard_from": self._channel,
            "words": self._words,
        }
        return KeptFields(half, WRITE, fields)

    def _build(self) -> None:
        self._words.setMinimumWidth(self.fontMetrics().averageCharWidth() * 34)
        self._form.add(
            flowing(self._district, self._place, self._service, self._group, gap=2),
            flowing(self._times, self._asked, self._channel, gap=2),
            self._words,
            flowing(primary(WRITE, self._add_pressed)),
        )
        self._acts.add(
            flowing(self._who, self._match, gap=2),
            flowing(self._why, self._close, self._again, gap=2),
        )
        for part in (self._acts, self._no_meetings, self._no_gaps, self._hint):
            part.hide()  # until somebody has looked
        inner = QWidget()
        inner.setLayout(
            column(
                self._unknown,
                label("Where asking and listings do not meet", "section"),
                self._hint,
                self._no_meetings,
                self._meetings,
                label("Gaps written down", "section"),
                self._no_gaps,
                self._gaps,
                self._acts,
                self._form,
                None,
                gap=1,
            )
        )
        inner.layout().setContentsMargins(0, 0, 10, 0)  # type: ignore[union-attr]
        head = flowing(title("Market gaps"), button("Copy table", self._copy_pressed), gap=2)
        page = scrolling(inner, "Market gaps")
        self.setLayout(column(head, self._says, self._problem, page, margin=2, gap=1))

    def show_gaps(self, picture: GapsPicture) -> None:
        """Show it all."""
        self._problem.take_back(NOT_READ)
        self._says.setText(picture.says)
        self._unknown.say(picture.unknown)
        line = self.fontMetrics().height() + 14
        most = LINES_LARGE if text_is_large() else LINES
        self._hint.setVisible(bool(picture.meetings))
        for table, none, rows in (
            (self._meetings, self._no_meetings, picture.meetings),
            (self._gaps, self._no_gaps, picture.gaps),
        ):
            none.setVisible(not rows)
            table.setVisible(bool(rows))
            table.show_rows(rows)
            table.setMinimumHeight(line * (min(max(len(rows), 2), most) + 1) + 6)
        self._givers = picture.who
        self._chosen(self._gaps.current)

    def show_problem(self, words: str) -> None:
        """Say what is wrong; what was typed stays."""
        self._problem.say(words)

    def gap_written(self) -> None:
        """It is on disk: the form is empty again."""
        self._problem.say("")
        self._new.was_taken()

    def _begin(self) -> None:
        self._district.setFocus()

    def _chosen(self, gap: GapLine | None) -> None:
        self._acts.setVisible(gap is not None)
        if gap is None:
            return
        if gap.is_open:
            self._who.set_choices(self._givers)  # every enterprise: not before somebody needs it
        for part in (self._who, self._match):
            part.setVisible(gap.is_open)
        for part in (self._why, self._close):
            part.setVisible(not gap.is_closed)
        self._again.setVisible(gap.is_closed)

    def _add_pressed(self) -> None:
        if not self._presenter.is_adding:
            self._presenter.add(**self._new.take(), drops=(self._new.name,))

    def _match_pressed(self) -> None:
        if self._gaps.current is not None:
            self._presenter.match(self._gaps.current.id, self._who.value)

    def _close_pressed(self) -> None:
        if self._gaps.current is not None:
            self._presenter.close(self._gaps.current.id, self._why.value)

    def _again_pressed(self) -> None:
        if self._gaps.current is not None:
            self._presenter.open_again(self._gaps.current.id)

    def _copy_pressed(self) -> None:
        from desktop.views.tables_out import copy_list  # only when asked for

        copy_list(self._context.tell, self._meetings)


def _meeting_columns() -> tuple[Column, ...]:
    """Fewer and shorter ones for large text."""
    gaps = Column(
        "Gaps", lambda m: str(m.asked) if m.asked else "", right=True, by=lambda m: m.asked or None
    )
    listed = Column("Listed", lambda m: str(m.listed), right=True, by=lambda m: m.listed)
    if text_is_large():
        return (
            Column(
                "Where and what",
                lambda m: f"{m.district}: {m.service}",
                lambda m: str(m.look),
            ),
            gaps,
            listed,
        )
    return (
        Column("District", lambda m: str(m.district)),
        Column("Kind of support", lambda m: str(m.service)),
        gaps,
        Column("People asking", lambda m: str(m.people), right=True, by=lambda m: m.counted),
        listed,
        Column("What it says", lambda m: str(m.says), lambda m: str(m.look)),
    )


def _gap_columns() -> tuple[Column, ...]:
    return (
        Column("What", lambda g: str(g.words)),
        Column("Where", lambda g: str(g.where)),
        Column("Since", lambda g: str(g.since), by=lambda g: g.since_on),
        Column("State", lambda g: str(g.state), lambda g: str(g.look)),
    )
