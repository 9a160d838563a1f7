"""Sheets for visits: who is on the round at the left, the pages at the right, then paper or a PDF.

Opened from Today with the visits of the day, from the caseload with the list that is shown. Refuses
private notes until their box is ticked; it is never ticked beforehand.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QWidget

from desktop.presenters.saving import NOT_READ
from desktop.presenters.visit_pack import VisitPackPresenter
from desktop.views.form_pages.halves import text_is_large
from desktop.views.kit.buttons import quiet
from desktop.views.kit.flow import flowing
from desktop.views.kit.labels import muted, section
from desktop.views.kit.layout import clear, column, scrolling
from desktop.views.printing.window import SheetWindow, choose_file

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from desktop.context import Context
    from desktop.presenters.visit_pack import Choice
    from desktop.views.printing.window import Chooser

PAUSE_MS = 400
PAGES_HIGH = 420
PRIVATE = "My own private notes too"
ABOUT = "Each sheet has what is promised, what is still to do, and what was said last."


def open_visit_pack(
    context: Context,
    parent: QWidget,
    ids: tuple[str, ...],
    *,
    ticked: tuple[str, ...],
    on: date,
) -> VisitPackWindow:
    """Open the window over `parent`."""
    made = VisitPackWindow(context, parent, ids, ticked=ticked, on=on)
    made.open()
    return made


class VisitPackWindow(SheetWindow):
    """Who is on the round, and what they carry."""

    def __init__(
        self,
        context: Context,
        parent: QWidget,
        ids: tuple[str, ...],
        *,
        ticked: tuple[str, ...],
        on: date,
        choose: Chooser = choose_file,
    ) -> None:
        super().__init__(parent, "Visit sheets", choose=choose)
        self._ticks: dict[str, QCheckBox] = {}
        self._people = column(gap=0)
        self._more = muted("", wrap=True)
        self._more.hide()
        self._private = QCheckBox(PRIVATE)
        self._soon = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._soon.timeout.connect(self._ask)
        self._private.toggled.connect(self._changed)
        self._lay_beside()
        self._packs = VisitPackPresenter(context, self, ids, ticked=frozenset(ticked), on=on)
        room = parent.window().size()
        self.resize(max(900, room.width() * 9 // 10), max(560, room.height() * 9 // 10))
        self._packs.load()

    def show_unread(self, words: str, again: Callable[[], None]) -> None:
        """Said in here: what is behind a window in front cannot be pressed."""
        super().show_wait(NOT_READ)
        self.show_problem(words)
        self.offer_again(again)

    def show_wait(self, words: str) -> None:
        """They are on their way, or will not come."""
        super().show_wait(words)
        self._problem.say("")
        self.offer_again(None)

    def show_choices(self, choices: tuple[Choice, ...], left_out: int) -> None:
        """Who can be on the round."""
        clear(self._people)
        self._ticks = {}
        for each in choices:
            box = QCheckBox(each.words.replace("&", "&&"))
            box.setAccessibleName(each.words)
            box.setChecked(each.ticked)
            box.toggled.connect(self._changed)
            self._ticks[each.id] = box
            self._people.addWidget(box)
        self._people.addStretch(1)
        self._more.setText(f"{left_out:,} more are in the list. Filter it to have them here.")
        self._more.setVisible(left_out > 0)
        self._ask()

    @property
    def chosen(self) -> tuple[str, ...]:
        """Who is ticked, in the order of the round."""
        return tuple(one for one, box in self._ticks.items() if box.isChecked())

    def _changed(self, _ticked: object) -> None:
        self.stop_drawing()  # what is drawn is not what is ticked now
        self._soon.start()

    def _ask(self) -> None:
        self._soon.stop()
        self.stop_drawing()
        self._packs.ask(self.chosen, private=self._private.isChecked())

    def _all(self) -> None:
        for box in self._ticks.values():
            box.setChecked(True)

    def _none(self) -> None:
        for box in self._ticks.values():
            box.setChecked(False)

    def _lay_beside(self) -> None:
        people = QWidget()
        people.setLayout(self._people)
        area = scrolling(people, "Whose sheets")
        side = QWidget()
        side.setLayout(
            column(
                section("Whose sheets"),
                muted(ABOUT, wrap=True),
                flowing(quiet("Tick all", self._all), quiet("Tick none", self._none)),
                area,
                self._more,
                self._private,
                gap=1,
            )
        )
        if text_is_large():
            area.setMinimumHeight(area.fontMetrics().lineSpacing() * 8)
            self.body.removeWidget(self._pages)
            self._pages.setMinimumHeight(PAGES_HIGH)
            both = QWidget()
            both.setLayout(column(side, self._pages, gap=1))
            self.body.addWidget(scrolling(both, "Whose sheets, and the pages"), 1)
            return
        side.setFixedWidth(max(260, side.fontMetrics().averageCharWidth() * 34))
        beside = QHBoxLayout()
        beside.setSpacing(16)
        beside.addWidget(side)
        self.body.removeWidget(self._pages)
        beside.addWidget(self._pages, 1)
        self.body.addLayout(beside, 1)
