"""Period, days and district above the figures: chosen from lists or typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desktop.presenters.words import typed_day
from desktop.views.form_pages.day_field import DayField
from desktop.views.form_pages.fields import ChoiceField
from desktop.views.kit.flow import flowing
from desktop.views.kit.layout import column

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from desktop.presenters.impact import Period
    from desktop.presenters.impact_scope import Scope

OWN = "own"


class ScopeBar(QWidget):
    """Says what was chosen; shows what is looked at."""

    period_chosen = Signal(str)
    days_typed = Signal(str, str)
    area_chosen = Signal(str)

    def __init__(
        self,
        periods: Sequence[Period],
        areas: Sequence[tuple[str, str]],
        today: Callable[[], date],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        own = (OWN, "Days of your own")
        self._period = ChoiceField(
            "Period", (*((p.key, p.label) for p in periods), own), nothing=""
        )
        self.since = DayField("From", today, placeholder="The beginning")
        self.day = DayField("As at", today)
        self._area = ChoiceField("District", tuple(areas[1:]), nothing=areas[0][1])
        self.setLayout(
            column(flowing(self._period, self._area, self.since, self.day, gap=2, at_top=True))
        )
        self._period.committed.connect(self._chosen)
        self._area.committed.connect(self._placed)
        self.since.committed.connect(self._typed)
        self.day.committed.connect(self._typed)

    def show_scope(self, scope: Scope, period: str) -> None:
        """What is looked at now."""
        self._period.set_value(period)
        self._area.set_value(scope.area)
        self.since.set_text(typed_day(scope.since))
        self.day.set_text(typed_day(scope.as_of))
        for field in (self.since, self.day):
            field.show_nothing()

    def _chosen(self, key: object) -> None:
        if key == OWN:
            self.since.setFocus()
            return
        self.period_chosen.emit(str(key))

    def _placed(self, code: object) -> None:
        self.area_chosen.emit(str(code or ""))

    def _typed(self, _text: object) -> None:
        self.days_typed.emit(self.since.text, self.day.text)
