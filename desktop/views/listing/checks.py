"""The checks behind a listing: what was seen, how, by whom, until when; and one more to add."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desktop.presenters.listing_picture import CHECKS, SEEN_HOW
from desktop.views.form_pages.day_field import DayField
from desktop.views.form_pages.fields import ChoiceField, Field, TextField, say_status
from desktop.views.kit.buttons import button
from desktop.views.kit.chips import StatusChip
from desktop.views.kit.labels import muted, section, small
from desktop.views.kit.layout import at_top, clear, column, row
from desktop.views.kit.shapes import Look

if TYPE_CHECKING:
    from desktop.presenters.listing_picture import CheckRow

SEEN = "I saw it today"


class Checks(QWidget):
    """A list, and the fields for the next one; who holds them knows what was typed."""

    wanted = Signal()

    def __init__(self, today: Callable[[], date], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._list = column(gap=1)
        self._kind = ChoiceField("What was checked?", CHECKS)
        self._how = ChoiceField("How was it seen?", SEEN_HOW)
        self._until = DayField("Runs out on", today, "Empty: no end.", ahead=True)
        self._number = TextField("Its number", "Never what it says.")
        self._level = TextField("Level or limit", "Like: enhanced, or £5 million.")
        self.fields: dict[str, Field] = {
            "kind": self._kind,
            "seen_how": self._how,
            "expires_on": self._until,
            "reference": self._number,
            "level": self._level,
        }
        self._status = small("", wrap=True)
        self._status.hide()
        self._shown: tuple[CheckRow, ...] | None = None
        self._add_part = QWidget()
        self._add_part.setLayout(
            column(
                row(self._kind, self._how, gap=1),
                at_top(row(self._until, self._number, gap=1)),
                self._level,
                row(button(SEEN, self.wanted.emit, name="Add this check: seen today"), None),
                gap=1,
            )
        )
        self.setLayout(
            column(section("Checks behind it"), self._list, self._add_part, self._status, gap=1)
        )

    def show_checks(self, checks: tuple[CheckRow, ...], *, may_add: bool) -> None:
        """Show them."""
        self._add_part.setVisible(may_add)
        if checks == self._shown:
            return
        self._shown = checks
        clear(self._list)
        if not checks:
            self._list.addWidget(muted("Nothing was checked yet.", wrap=True))
        for each in checks:
            self._list.addLayout(row(StatusChip(each.kind, Look(each.look)), None))
            self._list.addWidget(small(each.about, wrap=True))

    def say(self, words: str, role: str = "small") -> None:
        """What became of adding one."""
        say_status(self._status, words, role)

    def begin_anew(self) -> None:
        """The next one is of another kind."""
        for choice in (self._kind, self._how):
            choice.set_value("")
