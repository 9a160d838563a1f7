"""By which day will it be done at home, or brought? One of a few days, or one that is typed.

A typed day is read as everywhere, and what was understood stands beneath. Refuses two days at once:
choosing one takes the other away.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from desktop.presenters.together_promises import Half
from desktop.views.form_pages.choices import RadiosField
from desktop.views.form_pages.day_field import DayField
from desktop.views.kit.buttons import button, primary
from desktop.views.kit.flow import flowing
from desktop.views.kit.labels import label
from desktop.views.kit.layout import clear
from desktop.views.together.page import Page

BEGUN = "You began this before. Look at the day, then press Keep this."


class HomePage(Page):
    """Asks for the day of one promise."""

    chosen = Signal(str, str)  # an offered day, or a typed one
    half = Signal(str, str)  # the same, while it is not kept yet
    back = Signal()

    def __init__(self, today: Callable[[], date], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._days: RadiosField | None = None
        self._day = DayField("Or write the day", today, ahead=True)
        self._day.typed.connect(self._half_typed)
        if isinstance(self._day.editor, QLineEdit):
            self._day.editor.textEdited.connect(self._typed)
            self._day.editor.textChanged.connect(self._changed)
            self._day.editor.returnPressed.connect(self._keep_pressed)
        self._keep = primary("Keep this", self._keep_pressed)
        self._back = button("Not now", self.back.emit)

    def ask(
        self,
        text: str,
        first_name: str,
        days: tuple[tuple[str, str], ...],
        half: Half,
        *,
        again: bool,
    ) -> None:
        """Ask for one thing; `again`: with the day as far as it was typed."""
        for part in (self._day, self.status, self._keep, self._back):
            self.body.removeWidget(part)
            part.setParent(self)
        clear(self.body)
        self._days = RadiosField(f"When will {first_name or 'you'} do this?", days)
        self._days.heading.setProperty("role", "section")
        self._days.committed.connect(self._picked)
        self._day.empty()
        self._day.show_nothing()
        if half.typed:
            self._day.restore(half.typed)
            self._day.show_nothing()
        else:
            offered = [code for code, _ in days]
            self._days.set_value(half.day if half.day in offered else offered[len(days) > 1])
        self.put(label(text, "strong", wrap=True), self._days, self._day, self.status)
        self.put(flowing(self._keep, self._back, gap=2), None)
        self.tell(BEGUN if again and (half.typed or half.day) else "")
        for part in (self._day, self._keep, self._back):
            part.show()

    def first(self) -> QWidget | None:
        """The first day, or the day that is typed."""
        if self._day.text:
            return self._day.first()
        return self._days.first() if self._days is not None else None

    def say_problem(self, words: str) -> None:
        """What to put right: at the day that was typed, else beside the button."""
        if self._day.text.strip():
            self._day.show_problem(words)
            self.show_part(self._day)
            self._day.take_focus()
        else:
            self.tell(words, "problem")

    def _typed(self, text: str) -> None:
        if text.strip() and self._days is not None:
            self._days.set_value("")

    def _changed(self, text: str) -> None:
        if self._day.has_problem:
            self._day.show_nothing()
        self._typed(text)  # a day of the calendar, too

    def _picked(self, code: object) -> None:
        self._day.empty()
        self._day.show_nothing()
        self.half.emit(str(code), "")

    def _half_typed(self, typed: str) -> None:
        self.half.emit("", typed)

    def _keep_pressed(self) -> None:
        typed = self._day.text
        offered = self._days.value if self._days is not None else ""
        self.chosen.emit("" if typed.strip() else offered, typed)
