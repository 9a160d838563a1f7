"""The directory: place, service, when, how paid above; listings; the chosen one at the side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from desktop.actions import Action
from desktop.models.rows import Column
from desktop.presenters.directory import Asked, DirectoryPresenter, choices
from desktop.views.form_pages.fields import ChoiceField, TextField
from desktop.views.form_pages.halves import halves, text_is_large
from desktop.views.form_pages.seen import SeenPart
from desktop.views.form_pages.table import RowsTable
from desktop.views.kit.bars import Bar, announce
from desktop.views.kit.buttons import button, primary
from desktop.views.kit.cards import Card, EmptyState
from desktop.views.kit.flow import flowing
from desktop.views.kit.labels import label, muted, paragraph, section, small, strong, title
from desktop.views.kit.layout import clear, column, scrolling
from desktop.views.kit.screen import Screen
from desktop.views.kit.shapes import Look
from desktop.views.kit.take_along import copy_list_button

if TYPE_CHECKING:
    from desktop.context import Context
    from desktop.navigation import Route
    from desktop.presenters.directory import DirectoryPicture, Open, Shown


def make(context: Context, route: Route) -> Screen:
    """The screen for a route: `district` and `service` may be chosen already."""
    return DirectoryScreen(context, route)


class DirectoryScreen(Screen, SeenPart):
    """Who nearby could help, and how do I reach them?"""

    def __init__(self, context: Context, route: Route, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        asked = Asked(district=route.get("district"), service=route.get("service"))
        self._context = context
        self._presenter = DirectoryPresenter(context, self, asked)
        offered = choices(context.pack)
        self._district = ChoiceField("Where", offered["district"], nothing="Anywhere")
        self._service = ChoiceField("What kind of support", offered["service"], nothing="Any kind")
        self._paid = ChoiceField("How it is paid", offered["paid"], nothing="Any way")
        self._when = TextField("When", placeholder="Tuesday, evenings...")
        self._words = TextField("Other words", placeholder="Name, language, village...")
        self._problem = Bar("warn-bar", Look.WARN)
        self._counted = label("", "strong")
        self._as_at = muted("", wrap=True)
        self._empty = EmptyState("", "Write down the gap", self._next_step)
        self._empty.hide()
        self._open_card = Card("Shown, and nobody knows yet what came of it")
        self._open_card.hide()
        self._table = RowsTable(
            "Listings",
            (
                Column("Name", lambda s: str(s.name)),
                Column("Services", lambda s: str(s.services)),
                Column("Where", lambda s: str(s.place)),
            ),
            stretch=1,
        )
        self._listed = False
        self._side = QWidget()
        self._side.hide()
        self._name = section("")
        self._lines = QGridLayout()
        self._showed = primary("I showed this one to somebody", self._showed_pressed)
        self._record = button("Open the record", self._record_pressed)
        self._open = QVBoxLayout()
        self._build()
        self._table.chosen.connect(self._choose)
        self._table.opened.connect(self._presenter.open_record)
        for field, name in (
            (self._district, "district"),
            (self._service, "service"),
            (self._paid, "paid"),
            (self._when, "when"),
            (self._words, "typed"),
        ):
            field.committed.connect(self._asker(name))
        self._district.set_value(asked.district)
        self._service.set_value(asked.service)
        self._presenter.load()

    def title(self) -> str:
        """The screen's name."""
        return "Directory"

    def actions_here(self) -> list[Action]:
        """What can be done here."""
        return [Action("directory.gap", "Write down a market gap", self._presenter.write_gap)]

    def focus_filter(self) -> None:
        """Ctrl+F."""
        self._words.setFocus()

    def arrive(self) -> None:
        """Begin with the place."""
        self._district.setFocus()

    def keep_state(self) -> dict[str, Any]:
        """What was asked."""
        asked = self._presenter.asked
        return {n: getattr(asked, n) for n in ("district", "service", "paid", "when", "typed")}

    def restore_state(self, state: dict[str, Any]) -> None:
        """Ask it again."""
        said = {name: str(value) for name, value in state.items()}
        self._district.set_value(said.get("district", ""))
        self._service.set_value(said.get("service", ""))
        self._paid.set_value(said.get("paid", ""))
        self._when.set_text(said.get("when", ""))
        self._words.set_text(said.get("typed", ""))
        self._presenter.ask(**said)

    def _build(self) -> None:
        gap = button("Write down a gap", self._presenter.write_gap)
        head = flowing(title("Directory"), gap, copy_list_button(self._context), gap=2)
        fields = flowing(self._district, self._service, self._paid, self._when, self._words, gap=2)
        self._lines.setColumnStretch(0, 1)
        self._lines.setVerticalSpacing(6)
        body = QWidget()
        body.setLayout(
            column(self._name, self._lines, flowing(self._showed, self._record), None, gap=1)
        )
        self._open_card.add(self._open)
        parts = (self._counted, self._empty, self._table)
        if text_is_large():
            inner = QWidget()
            rest = (body, self._open_card, None)
            inner.setLayout(column(fields, self._as_at, *parts, *rest, gap=1))
            self._side = body
            body.hide()
            line = self.fontMetrics().height() + 14
            self._table.setMinimumHeight(line * 6)
            whole = column(head, self._problem, scrolling(inner, "Directory"), margin=2, gap=1)
            self.setLayout(whole)
            return
        self._side.setLayout(column(scrolling(body, "The chosen listing")))
        left = QWidget()
        found = column(*parts, self._open_card, gap=1)
        found.setStretch(2, 1)
        found.addStretch(0)  # takes the room of a hidden table
        left.setLayout(found)
        split = halves(left, self._side, (560, 330), "Listings beside the chosen one")
        page = column(head, fields, self._as_at, self._problem, split, margin=2, gap=1)
        page.setStretch(4, 1)
        self.setLayout(page)

    def show_found(self, picture: DirectoryPicture) -> None:
        """Show what was found."""
        self._problem.say("")
        self._counted.setText(picture.counted)
        self._as_at.setText(picture.as_at)
        step = "Write down the gap" if picture.listed else "Go to the caseload"
        self._empty.say(picture.empty, step)
        self._listed = picture.listed
        self._empty.setVisible(bool(picture.empty))
        self._table.setVisible(not picture.empty)
        self._table.show_rows(picture.found)
        announce(self, picture.empty or picture.counted)
        if picture.found and self._table.current is None:
            self._table.choose(picture.found[0].id)
        self._choose(self._table.current)
        clear(self._open)
        self._open_card.setVisible(bool(picture.open))
        for each in picture.open[:1]:
            self._open.addWidget(self._open_line(each))
        if len(picture.open) > 3:
            self._open.addWidget(small(f"and {len(picture.open) - 1} more"))

    def show_problem(self, words: str) -> None:
        """Say what is wrong."""
        self._problem.say(words)

    def _open_line(self, each: Open) -> QWidget:
        def started() -> None:
            self._presenter.came_of_it(each.id, "started")

        def not_taken() -> None:
            self._presenter.came_of_it(each.id, "not taken up")

        return flowing(
            label(each.words, wrap=True),
            button("They started", started, name=f"They started: {each.words}"),
            button("Not taken up", not_taken, name=f"Not taken up: {each.words}"),
        )

    def _next_step(self) -> None:
        if self._listed:
            self._presenter.write_gap()
        else:
            self._presenter.to_caseload()

    def _choose(self, listing: Shown | None) -> None:
        clear(self._lines)
        self._side.setVisible(listing is not None)
        if listing is None:
            return
        self._name.setText(listing.name)
        self._name.setWordWrap(True)
        for number, (head, said) in enumerate(listing.lines):
            self._lines.addWidget(strong(head), number * 2, 0)
            self._lines.addWidget(paragraph(said), number * 2 + 1, 0)
        self._record.setVisible(bool(listing.enterprise_id))

    def _showed_pressed(self) -> None:
        if self._table.current is not None:
            self._presenter.showed(self._table.current)

    def _record_pressed(self) -> None:
        if self._table.current is not None:
            self._presenter.open_record(self._table.current)

    def _asker(self, name: str) -> _Asks:
        return _Asks(self._presenter, name)


class _Asks:
    """Takes one field's answer into the question."""

    def __init__(self, presenter: DirectoryPresenter, name: str) -> None:
        self._presenter, self._name = presenter, name

    def __call__(self, value: object) -> None:
        self._presenter.ask(**{self._name: str(value or "").strip()})
