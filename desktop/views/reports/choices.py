"""What a report is made of: template, chapters, figures in front, audience, days, district, files.

Refuses to judge a choice: it says what is ticked, the presenter checks it.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QCheckBox, QRadioButton, QVBoxLayout, QWidget

from desktop.presenters.reports import (
    CHAPTERS,
    KIND_WORDS,
    KINDS,
    REPORTS,
    Choice,
    chapters_of,
)
from desktop.presenters.words import typed_day
from desktop.views.form_pages.day_field import DayField
from desktop.views.form_pages.fields import ChoiceField
from desktop.views.kit.buttons import button, quiet
from desktop.views.kit.flow import flowing
from desktop.views.kit.labels import label, muted, strong
from desktop.views.kit.layout import clear, column

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from desktop.views.reports.destination import Destination


NO_FIGURES = "None. Press “Add to report” on a figure to have it here."


class ReportChoices(QWidget):
    """Says when something was chosen otherwise."""

    changed = Signal()
    figure_dropped = Signal(str)

    def __init__(
        self,
        areas: Sequence[tuple[str, str]],
        destination: Destination,
        today: Callable[[], date],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._figures: tuple[tuple[str, str], ...] | None = None  # None: nobody has looked yet
        self._report = ChoiceField(
            "Report", tuple((code, words) for code, words, _ in REPORTS), nothing=""
        )
        self._about = muted(REPORTS[0][2], wrap=True)
        self._since = DayField("From", today, placeholder="The beginning")
        self._day = DayField("As at", today)
        self._area = ChoiceField("District", tuple(areas), nothing="Every district")
        self._internal = QRadioButton("Internal: for the team")
        self._published = QRadioButton("Published: nobody named")
        self._group = QButtonGroup(self)
        self._chapters = {key: QCheckBox(words) for key, words, _ in CHAPTERS}
        self._ticks = QWidget()
        self._turn = button("Choose the chapters", self._turned, role="toggle")
        self._front = QVBoxLayout()
        self._kinds = {kind: QCheckBox(KIND_WORDS[kind]) for kind in KINDS}
        self._destination = destination
        self._build()
        self._template(REPORTS[0][0])

    @property
    def day(self) -> str:
        """The last day, as typed."""
        return self._day.text

    @property
    def since(self) -> str:
        """The first day, as typed; empty is the beginning."""
        return self._since.text

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of file wanted."""
        return tuple(kind for kind, tick in self._kinds.items() if tick.isChecked())

    def choice(self, on: date, since: date | None = None) -> Choice:
        """What is chosen now, with the days as they were read."""
        return Choice(
            report=self._report.value,
            as_of=on,
            since=since,
            area=self._area.value,
            published=self._published.isChecked(),
            sections=tuple(key for key, tick in self._chapters.items() if tick.isChecked()),
        )

    def show_day(self, on: date) -> None:
        """Begin with this day."""
        self._day.set_text(typed_day(on))

    def show_day_problem(self, words: str, *, first: bool = False) -> None:
        """The last day is not one, or the first."""
        field = self._since if first else self._day
        if words:
            field.show_problem(words)
        else:
            field.show_nothing()

    def show_figures(self, figures: tuple[tuple[str, str], ...]) -> bool:
        """The figures to stand in front; whether they are others than before."""
        if figures == self._figures:
            return False
        before, self._figures = self._figures, figures
        clear(self._front)
        for code, words in figures:
            out = quiet("Take out", self._dropper(code), name=f"Take {words} out")
            self._front.addWidget(flowing(label(words), out))
        if not figures:
            self._front.addWidget(muted(NO_FIGURES, wrap=True))
        return bool(before or figures)  # the first look at none changes no report

    def say_of_figures(self, words: str) -> None:
        """These words in place of the figures."""
        self._figures = None
        clear(self._front)
        self._front.addWidget(muted(words, wrap=True))

    def keep_state(self) -> dict[str, Any]:
        """What was chosen, as plain values."""
        return {
            "report": self._report.value,
            "since": self._since.text,
            "day": self._day.text,
            "area": self._area.value,
            "published": self._published.isChecked(),
            "chapters": [key for key, tick in self._chapters.items() if tick.isChecked()],
        }

    def restore_state(self, state: dict[str, Any]) -> None:
        """As it was."""
        known = {code for code, _, _ in REPORTS}
        if state.get("report") in known:
            self._report.set_value(str(state["report"]))
            self._template(str(state["report"]))
        self._since.set_text(str(state.get("since", "")))
        self._day.set_text(str(state.get("day", self._day.text)))
        self._area.set_value(str(state.get("area", "")))
        self._published.setChecked(bool(state.get("published")))
        wanted = state.get("chapters")
        for key, tick in self._chapters.items():
            if isinstance(wanted, list) and tick.isEnabled():
                tick.setChecked(key in wanted)

    def _build(self) -> None:
        for radio in (self._internal, self._published):
            self._group.addButton(radio)
            radio.toggled.connect(self._said)
        self._internal.setChecked(True)
        for field in (self._since, self._day):
            field.committed.connect(self._said)
        self._area.committed.connect(self._said)
        self._report.committed.connect(self._chosen)
        always = {key for key, _, stays in CHAPTERS if stays}
        inside = column(gap=0)
        inside.addWidget(muted("Those that are grey are in every report.", wrap=True))
        for key, tick in self._chapters.items():
            tick.setEnabled(key not in always)
            tick.clicked.connect(self._said)
            inside.addWidget(tick)
        self._ticks.setLayout(inside)
        self._ticks.hide()
        for tick in self._kinds.values():
            tick.setChecked(True)
        self.say_of_figures("Looking which figures you chose...")
        self.setLayout(
            column(
                self._report,
                self._about,
                flowing(self._since, self._day, self._area, gap=1, at_top=True),
                strong("For whom"),
                flowing(self._internal, self._published, gap=2),
                flowing(self._turn),
                self._ticks,
                strong("Figures in front"),
                self._front,
                strong("Files"),
                flowing(*self._kinds.values(), gap=2),
                self._destination,
                gap=1,
            )
        )

    def _chosen(self, code: object) -> None:
        self._template(str(code))
        self.changed.emit()

    def _template(self, code: str) -> None:
        about = {key: words for key, _, words in REPORTS}
        self._about.setText(about.get(code, ""))
        wanted = chapters_of(code)
        for key, tick in self._chapters.items():
            tick.setChecked(key in wanted)

    def _turned(self) -> None:
        self._ticks.setVisible(self._turn.isChecked())

    def _said(self, *_anything: object) -> None:
        self.changed.emit()

    def _dropper(self, code: str) -> _Drops:
        return _Drops(self, code)


class _Drops:
    """Takes one figure out of the report."""

    def __init__(self, choices: ReportChoices, code: str) -> None:
        self._choices, self._code = choices, code

    def __call__(self) -> None:
        self._choices.figure_dropped.emit(self._code)
