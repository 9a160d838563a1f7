"""The council's laptops: a list, one of them in full beside it, and closing it in two steps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.models.rows import Column
from desktop.presenters.devices import DeviceDetail, DeviceLine, DevicesPresenter
from desktop.views.form_pages.halves import text_is_large
from desktop.views.form_pages.table import RowsTable
from desktop.views.kit.bars import Bar
from desktop.views.kit.buttons import button, primary
from desktop.views.kit.cards import Card
from desktop.views.kit.flow import flowing
from desktop.views.kit.labels import muted, paragraph, section, strong, title
from desktop.views.kit.layout import clear, column, scrolling
from desktop.views.kit.screen import Screen
from desktop.views.kit.shapes import Look

if TYPE_CHECKING:
    from desktop.context import Context
    from desktop.navigation import Route


def make(context: Context, _route: Route) -> Screen:
    """The screen for a route."""
    return DevicesScreen(context)


class DevicesScreen(Screen):
    """Which laptops there are, and what came from each."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._presenter = DevicesPresenter(context, self)
        self._says = muted("", wrap=True)
        self._busy = muted("", wrap=True)
        self._problem = Bar("warn-bar", Look.WARN)
        self._table = RowsTable("Laptops", _columns())
        self._table.chosen.connect(self._chosen)
        self._again = button("Ask again", self._presenter.load)
        self._card = Card()
        self._name = section("")
        self._facts = QVBoxLayout()
        self._lost = button("Close as lost…", self._as_lost)
        self._retired = button("Close as retired…", self._as_retired)
        self._sure = Card()
        self._ask = strong("")
        self._question = paragraph("")
        self._yes = button("Close it", self._presenter.close_now)
        self._no = primary("Leave it open", self._presenter.keep_open)
        self._sure.add(
            self._ask,
            self._question,
            flowing(self._yes, self._no),
        )
        self._card.add(self._name, self._facts, flowing(self._lost, self._retired), self._sure)
        page = QWidget()
        page.setLayout(
            column(
                title("Laptops"),
                self._says,
                self._problem,
                self._busy,
                flowing(self._again),
                self._table,
                self._card,
                None,
                margin=2,
                gap=1,
            )
        )
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scrolling(page, "Laptops"))
        for hidden in (self._card, self._sure, self._table, self._busy):
            hidden.hide()
        self._presenter.load()

    def title(self) -> str:
        """The screen's name."""
        return "Laptops"

    def arrive(self) -> None:
        """Begin with the list, or with asking for it."""
        (self._table if self._table.isVisibleTo(self) else self._again).setFocus()

    def show_devices(self, lines: tuple[DeviceLine, ...], says: str) -> None:
        """The list, and a sentence about it."""
        self._problem.say("")
        self._says.setText(says)
        self._table.setVisible(bool(lines))
        self._table.show_rows(lines)
        if lines and self._table.current is None:
            self._table.choose(lines[0].id)
        self._chosen(self._table.current)

    def show_detail(self, detail: DeviceDetail | None) -> None:
        """One laptop, or none."""
        self._card.setVisible(detail is not None)
        clear(self._facts)
        if detail is None:
            return
        self._name.setText(detail.title)
        for fact in detail.facts:
            self._facts.addWidget(paragraph(fact))
        if detail.not_taken:
            self._facts.addWidget(strong("Not taken as it was written"))
        for line in detail.not_taken:
            self._facts.addWidget(paragraph(line))
        self._lost.setVisible(detail.may_close)
        self._retired.setVisible(detail.may_close)

    def ask_sure(self, question: str, words: str) -> None:
        """Ask before closing; "" takes the question away."""
        self._sure.setVisible(bool(question))
        self._ask.setText(question)
        self._question.setText(words)
        if question:
            self._no.setFocus()  # Enter twice closes nothing

    def show_busy(self, words: str) -> None:
        """What is being asked; "" when nothing is."""
        self._busy.setText(words)
        self._busy.setVisible(bool(words))

    def show_problem(self, words: str) -> None:
        """It could not be asked."""
        self._problem.say(words)

    def _chosen(self, line: DeviceLine | None) -> None:
        self._presenter.choose("" if line is None else line.id)

    def _as_lost(self) -> None:
        self._presenter.close("lost")

    def _as_retired(self) -> None:
        self._presenter.close("retired")


def _columns() -> tuple[Column, ...]:
    whose = Column("Whose", lambda e: str(e.whose))
    state = Column("Access", lambda e: str(e.state), lambda e: str(e.look))
    if text_is_large():
        return (whose, state)
    return (
        whose,
        Column("Laptop", lambda e: str(e.label)),
        Column("Last heard", lambda e: str(e.heard), by=lambda e: e.heard_at),
        Column("Not sent yet", lambda e: str(e.waits), by=lambda e: e.waiting),
        state,
    )
