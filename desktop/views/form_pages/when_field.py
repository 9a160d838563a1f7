"""A day, a time or a moment: typed as people say it, what was understood in words beneath.

The typed words are read by the rule the field is given; a calendar opens by its button or Alt+Down
and knows the first and last day. Refuses to commit while somebody is still typing.
"""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from desktop.presenters.typed_when import WhenRule
from desktop.presenters.words import NotThat
from desktop.views.form_pages.fields import TextField
from desktop.views.kit.buttons import button, quiet
from desktop.views.kit.flow import flowing
from desktop.views.kit.labels import small

CHARS = {"date": 17, "time": 14, "datetime": 21}  # what the line has room for
_FONTS = frozenset({QEvent.Type.Polish, QEvent.Type.FontChange})
PAST = "03/11/2026 or mon"  # of what has happened
_LIKE = {
    "date": "28/11/2026 or tue",
    "time": "14:30 or 2.30pm",
    "datetime": "28/11/2026 14:30",
}


class WhenField(TextField):
    """One line for a day or a time, a calendar for days, a button that empties it."""

    clears = True

    def __init__(
        self,
        words: str,
        rule: WhenRule | None = None,
        hint: str = "",
        *,
        placeholder: str = "",
        parent: QWidget | None = None,
    ) -> None:
        self.kind = rule.kind if rule is not None else "date"
        like = PAST if rule is not None and rule.is_past else _LIKE[self.kind]
        super().__init__(words, hint, placeholder=placeholder or like, parent=parent)
        self._rule = rule  # None: a day, and nobody has said yet which day it is
        self._meant = small("", wrap=True)
        self._open = button("Calendar", self.open_calendar, name=f"Calendar: {words}")
        self._now = button("Now", self._now_pressed, name=f"Now: {words}")
        self._clear = quiet("Clear", self.clear_pressed, name=f"Clear: {words}")
        self._line = self.editor
        if isinstance(self._line, QLineEdit):
            self._line.textChanged.connect(self._say_meant)
        self._line.installEventFilter(self)
        self._lay_out()
        self._say_meant(self.text)

    def _lay_out(self) -> None:
        self.column.removeWidget(self._line)
        (self._open if self.kind == "time" else self._now).hide()
        self.break_lines()
        self.column.addWidget(flowing(self._line, self._open, self._now, self._clear))
        self.column.addWidget(self._meant)
        self.column.addStretch(1)  # beside a higher field its name and line stay in their row

    @property
    def meant(self) -> str:
        """What was understood, in words; "" while nothing is."""
        return self._meant.text() if not self._meant.isHidden() else ""

    def rule_now(self) -> WhenRule | None:
        """How typed words are read now; None while nobody has said which day it is."""
        return self._rule

    def set_rule(self, rule: WhenRule) -> None:
        """Another first or last day, or another day today."""
        if rule != self._rule:
            self._rule = rule
            self._say_meant(self.text)

    def rename(self, words: str) -> None:
        """The buttons name the question too."""
        super().rename(words)
        for each, said in ((self._open, "Calendar"), (self._now, "Now"), (self._clear, "Clear")):
            each.setAccessibleName(f"{said}: {words}")

    def choose(self, day: date) -> None:
        """A day was chosen in the calendar."""
        rule = self.rule_now()
        self._put(rule.of_day(day, self.text) if rule is not None else "")
        self.editor.setFocus()
        if self.kind == "date" or not self.text.endswith(" "):
            self.commit()
        elif isinstance(self._line, QLineEdit):
            self._line.end(False)  # the time is typed next

    def clear_pressed(self) -> None:
        """Take the answer out."""
        self._put("")
        self.editor.setFocus()
        self.commit()

    def open_calendar(self) -> None:
        """Open the calendar at what was understood, or today."""
        from desktop.views.form_pages.calendar_popup import CalendarPopup

        rule = self.rule_now()
        if rule is None:
            return
        popup = CalendarPopup(self.words, rule, self._day_now(rule), self)
        popup.chosen.connect(self.choose)
        popup.open_under(self._line)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Alt+Down and F4 open the calendar; the line is as wide as a day and a time."""
        if watched is self._line and event.type() in _FONTS:
            self._line.setMinimumWidth(
                self._line.fontMetrics().averageCharWidth() * CHARS[self.kind]
            )
        if watched is self._line and isinstance(event, QKeyEvent) and self.kind != "time":
            alt = event.modifiers() & Qt.KeyboardModifier.AltModifier
            wanted = (event.key() == Qt.Key.Key_Down and alt) or event.key() == Qt.Key.Key_F4
            if wanted and event.type() == QEvent.Type.KeyPress:
                self.open_calendar()
                return True
        return super().eventFilter(watched, event)

    def _day_now(self, rule: WhenRule) -> date:
        for text in (self.text, self.text.partition(" ")[0]):
            try:
                day = rule.day(text)
            except NotThat:
                continue
            if day is not None:
                return day
        return rule.today

    def _now_pressed(self) -> None:
        rule = self.rule_now()
        if rule is not None:
            self._put(f"{rule.now:%H:%M}")
            self.commit()

    def _say_meant(self, text: str) -> None:
        rule = self.rule_now()
        try:
            meant = rule.understood(text) if rule is not None else None
        except NotThat:
            meant = None  # said when the field is left, not while somebody types
        self._meant.setText(meant.words if meant is not None else "")
        self._meant.setVisible(meant is not None)
        self._clear.setVisible(self.clears and bool(text))
