"""Fields with several answers at once: a box of ticks, or a row of radio buttons."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QGridLayout,
    QRadioButton,
    QSizePolicy,
    QWidget,
)

from desktop.views.form_pages.fields import Field

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
        columns = 2 if all(len(said) <= SHORT for _, said in choices) else 1
        box = QWidget()
        grid = QGridLayout(box)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(2)
        for number, (code, said) in enumerate(choices):
            tick = QCheckBox(said.replace("&", "&&"))
            tick.setAccessibleName(f"{words} {said}")
            tick.clicked.connect(self._clicked)
            tick.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
            self._boxes[code] = tick
            grid.addWidget(tick, number // columns, number % columns)
        self.place_group(box)

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
        self._group = QButtonGroup(self)
        box = QWidget()
        grid = QGridLayout(box)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(2)
        grid.setHorizontalSpacing(24)
        for number, (code, said) in enumerate(choices):
            radio = QRadioButton(said.replace("&", "&&"))
            radio.setAccessibleName(f"{words} {said}")
            radio.clicked.connect(self._clicked)
            self._group.addButton(radio)
            self._buttons[code] = radio
            where = (0, number) if across else (number, 0)
            grid.addWidget(radio, *where, Qt.AlignmentFlag.AlignLeft)
        grid.setColumnStretch(len(choices) if across else 1, 1)
        self.place_group(box)

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
        """The control that takes the focus."""
        return next(iter(self._buttons.values()), None)

    def _clicked(self, _checked: object = None) -> None:
        self.committed.emit(self.value)
