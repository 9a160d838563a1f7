"""A day that belongs to no form: typed as people say it, said back in words, with a calendar.

Reads it by the rule its presenter reads it by: what happened lies behind, what is promised lies
ahead. Refuses to remember which day it is: a window stays open over midnight.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtWidgets import QWidget

from desktop.presenters.typed_when import WhenRule, day_or_moment_rule, day_rule
from desktop.views.form_pages.when_field import PAST, WhenField


class DayField(WhenField):
    """`today` is asked each time; `ahead` is which way a day without a year leans.

    `timed`: a time may stand beside the day: yesterday 4pm.
    """

    clears = False  # it stands among other fields: room for the line and its calendar

    def __init__(
        self,
        words: str,
        today: Callable[[], date],
        hint: str = "",
        *,
        ahead: bool = False,
        timed: bool = False,
        placeholder: str = "",
        parent: QWidget | None = None,
    ) -> None:
        self._today, self._ahead, self._timed = today, ahead, timed
        like = placeholder or ("" if ahead else PAST)
        super().__init__(words, hint=hint, placeholder=like, parent=parent)

    def rule_now(self) -> WhenRule:
        """The rule of the day it is."""
        if self._timed:
            return day_or_moment_rule(self._today())
        return day_rule(self._today(), ahead=self._ahead)
