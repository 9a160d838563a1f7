"""Fields with several answers at once: a box of ticks, or a row of radio buttons."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QCheckBox,
    QGridLayout,
    QLayout,
    QRadioButton,
    QSizePolicy,
    QWidget,
)

from desktop.views.form_pages.fields import Field
from desktop.views.kit.flow import Flow
from desktop.views.kit.layout import clear, column

SHORT = 24  # characters that still fit beside another


class TicksField(Field):
    """Any of several; each tick commits the whole answer."""

    def __init__(
        self,
        words: str,
        choices: tuple[tuple[str, str], ...],
        hint: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(words, hint, parent)
        self._boxes: dict[str, QCheckBox] = {}
        self._choices: tuple[tuple[str, str], ...] = ()
        box = QWidget()
        self._grid = QGridLayout(box)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setVerticalSpacing(2)
        self.place_group(box)
        self.set_choices(choices)

    def set_choices(self, choices: tuple[tuple[str, str], ...]) -> None:
        """Offer these; ticks of those that stay are kept."""
        if choices == self._choices:
            return
        ticked = self.values
        self._choices = choices
        clear(self._grid)
        self._boxes = {}
        columns = 2 if all(len(said) <= SHORT for _, said in choices) else 1
        for number, (code, said) in enumerate(choices):
            tick = QCheckBox(said.replace("&", "&&"))
            tick.setAccessibleName(f"{self.words} {said}")
            tick.clicked.connect(self._clicked)
            tick.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
            self._boxes[code] = tick
            self._grid.addWidget(tick, number // columns, number % columns)
        self.set_values(ticked)

    def first(self) -> QWidget | None:
        """The first tick."""
        return next(iter(self._boxes.values()), None)

    def rename(self, words: str) -> None:
        """Each tick is named by the question too."""
        super().rename(words)
        name_each(self._boxes, words)

    @property
    def values(self) -> tuple[str, ...]:
        """The codes that are ticked, in the list's order."""
        return tuple(code for code, tick in self._boxes.items() if tick.isChecked())

    def set_values(self, codes: tuple[str, ...]) -> None:
        """Show what is on disk."""
        for code, tick in self._boxes.items():
            tick.setChecked(code in codes)

    def _clicked(self, _checked: object = None) -> None:
        self.committed.emit(self.values)


class RadiosField(Field):
    """One of a few, all in sight."""

    picked = Signal(str)

    def __init__(
        self,
        words: str,
        choices: tuple[tuple[str, str], ...],
        hint: str = "",
        *,
        across: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(words, hint, parent)
        self._buttons: dict[str, QRadioButton] = {}
        self._choices: tuple[tuple[str, str], ...] = ()
        self._group = QButtonGroup(self)
        box = QWidget()
        self._line: QLayout = Flow(gap=2) if across else column(gap=0)
        box.setLayout(self._line)
        if across:
            self.break_lines()
        self.place_group(box)
        self.set_choices(choices)

    def set_choices(self, choices: tuple[tuple[str, str], ...]) -> None:
        """Offer these."""
        if choices == self._choices:
            return
        chosen = self.value
        self._choices = choices
        clear(self._line)
        self._buttons = {}
        for code, said in choices:
            radio = QRadioButton(said.replace("&", "&&"))
            radio.setAccessibleName(f"{self.words} {said}")
            radio.clicked.connect(self._clicked)
            self._group.addButton(radio)
            self._buttons[code] = radio
            radio.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
            self._line.addWidget(radio)
        self.set_value(chosen)

    @property
    def value(self) -> str:
        """The code chosen, or nothing."""
        return next((code for code, each in self._buttons.items() if each.isChecked()), "")

    def set_value(self, code: str) -> None:
        """Show what is on disk; nothing chosen is possible."""
        self._group.setExclusive(False)
        for known, each in self._buttons.items():
            each.setChecked(known == code)
        self._group.setExclusive(True)

    def first(self) -> QWidget | None:
        """The chosen one, or the first."""
        chosen = self._buttons.get(self.value)
        return chosen or next(iter(self._buttons.values()), None)

    def rename(self, words: str) -> None:
        """Each button is named by the question too."""
        super().rename(words)
        name_each(self._buttons, words)

    def _clicked(self, _checked: object = None) -> None:
        self.committed.emit(self.value)


def name_each(buttons: Mapping[str, QAbstractButton], words: str) -> None:
    """Name each button by its question and its own words."""
    for each in buttons.values():
        each.setAccessibleName(f"{words} {each.text().replace('&&', '&')}")
