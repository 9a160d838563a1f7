"""The month in which a day is chosen: arrows move by day and week, Page Up and Down by month.

Enter takes the day, Escape leaves all as it was. Offers no day the question does not allow; says
each day in words as it is reached.
"""

from __future__ import annotations

from datetime import date, timedelta

from PySide6.QtCore import QDate, QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QTextCharFormat
from PySide6.QtWidgets import QCalendarWidget, QFrame, QTableView, QToolButton, QWidget

from desktop.presenters.typed_when import WhenRule, day_words, long_day
from desktop.theme import CURRENT
from desktop.views.kit.bars import announce
from desktop.views.kit.buttons import button
from desktop.views.kit.labels import small
from desktop.views.kit.layout import column, row

_FAR = 120  # years
_SHEET = """
QCalendarWidget QTableView {{ border: none; border-radius: 0; }}
QCalendarWidget QTableView::item {{ padding: 0; }}
QCalendarWidget QToolButton {{ font-weight: 600; padding: 4px 10px; color: {on_accent};
  background: transparent; border: 2px solid transparent; }}
QCalendarWidget QToolButton:focus {{ border: 2px solid {on_accent}; }}
QCalendarWidget QToolButton::menu-indicator {{ image: none; }}
"""


class CalendarPopup(QFrame):
    """A month, the day in words below it."""

    chosen = Signal(object)  # date

    def __init__(self, words: str, rule: WhenRule, at: date, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setProperty("role", "card")
        self.setAccessibleName(f"Calendar: {words}")
        self._rule = rule
        self._said = small("", wrap=True)
        self._month = QCalendarWidget()
        self._month.setAccessibleName(f"Calendar: {words}")
        self._today = button("Today", self._today_pressed)
        self._build(at)

    def _build(self, at: date) -> None:
        month, rule = self._month, self._rule
        month.setFirstDayOfWeek(Qt.DayOfWeek.Monday)
        month.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        plain = QTextCharFormat()
        plain.setForeground(CURRENT.colour("text"))
        for day in (Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday):
            month.setWeekdayTextFormat(day, plain)  # red says "wrong" everywhere else
        month.setMinimumDate(_q(rule.least or date(rule.today.year - _FAR, 1, 1)))
        month.setMaximumDate(_q(rule.most or date(rule.today.year + _FAR, 12, 31)))
        month.setSelectedDate(_q(at))
        self._today.setEnabled(rule.fits(rule.today))
        for name, said in (("qt_calendar_prevmonth", "The month before"),
                           ("qt_calendar_nextmonth", "The month after"),
                           ("qt_calendar_monthbutton", "Month"),
                           ("qt_calendar_yearbutton", "Year")):  # fmt: skip
            found = month.findChild(QToolButton, name)
            if found is not None:
                found.setAccessibleName(said)
                found.setToolTip(said)
        self.setStyleSheet(_SHEET.format(on_accent=CURRENT.tokens.on_accent))
        self.setLayout(column(month, self._said, row(self._today, None, self._take()), margin=1))
        month.currentPageChanged.connect(self._mark_days)
        month.selectionChanged.connect(self._moved)
        month.clicked.connect(self._clicked)
        month.activated.connect(self._clicked)
        grid = month.findChild(QTableView)
        if grid is not None:
            grid.installEventFilter(self)
            self.setFocusProxy(grid)
        self._mark_days()
        self._say()

    def _mark_days(self, *_page: int) -> None:
        """Days that are not allowed are struck through: a shape, not only a colour."""
        struck = QTextCharFormat()
        struck.setFontStrikeOut(True)
        struck.setForeground(CURRENT.colour("muted"))
        first = date(self._month.yearShown(), self._month.monthShown(), 1)
        for day in (first + timedelta(days=n) for n in range(-7, 42)):
            if not self._rule.fits(day):
                self._month.setDateTextFormat(_q(day), struck)

    def _take(self) -> QWidget:
        return button("Take this day", self._take_pressed)

    @property
    def day(self) -> date:
        """The day that is marked."""
        chosen = self._month.selectedDate()
        return date(chosen.year(), chosen.month(), chosen.day())

    @property
    def said(self) -> str:
        """The day that is marked, in words."""
        return self._said.text()

    def open_under(self, field: QWidget) -> None:
        """Open below a field, inside the screen, with the focus in the month."""
        self.setFont(field.font())
        self._month.setFont(field.font())
        cell = max(field.height(), field.fontMetrics().height() + 14)
        self._month.setMinimumSize(cell * 8, cell * 8)
        self.adjustSize()
        at = field.mapToGlobal(QPoint(0, field.height() + 2))
        room, size = field.screen().availableGeometry(), self.sizeHint()
        if at.y() + size.height() > room.bottom():
            above = field.mapToGlobal(QPoint(0, -size.height() - 2)).y()
            at.setY(max(room.top(), above))
        at.setX(max(room.left(), min(at.x(), room.right() - size.width())))
        self.move(at)
        self.show()
        self.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Page Up and Down turn the month, with Shift the year; Enter takes the day."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            steps = {Qt.Key.Key_PageUp: -1, Qt.Key.Key_PageDown: 1}
            if event.key() in steps:
                year = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
                months = steps[Qt.Key(event.key())] * (12 if year else 1)
                self._month.setSelectedDate(self._month.selectedDate().addMonths(months))
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
                self._take_pressed()
                return True
            if event.key() == Qt.Key.Key_Escape:
                self.close()
                return True
        return super().eventFilter(watched, event)

    def _moved(self) -> None:
        self._say()
        announce(self, self.said)

    def _say(self) -> None:
        ends = (
            (self._rule.least, "From"),
            (self._rule.most, "to" if self._rule.least else "Until"),
        )
        limits = " ".join(f"{word} {long_day(day)}" for day, word in ends if day is not None)
        said = day_words(self.day, self._rule.today)
        self._said.setText(f"{said}\n{limits}" if limits else said)

    def _today_pressed(self) -> None:
        self._month.setSelectedDate(_q(self._rule.today))
        self.setFocus()

    def _take_pressed(self) -> None:
        day = self.day
        self.close()
        self.chosen.emit(day)

    def _clicked(self, _day: object) -> None:
        self._take_pressed()


def _q(day: date) -> QDate:
    return QDate(day.year, day.month, day.day)
