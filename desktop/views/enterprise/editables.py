"""Editable facts as fields in two columns; each commits itself under its own key."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from desktop.views.form_pages.asked_for import show_kept
from desktop.views.form_pages.choices import TicksField
from desktop.views.form_pages.day_field import DayField
from desktop.views.form_pages.fields import ChoiceField, Field, TextField, TickField

if TYPE_CHECKING:
    from desktop.presenters.overview_picture import Editable

AT_ONCE = 8  # fields built before the first paint; the rest follow out of sight
IN_A_GO = 3  # of those: a click meanwhile waits for three fields at most
BREATH_MS = 20  # between two goes: the window paints and answers first
FIRST_BREATH_MS = 80  # before the second go: what else was asked for is shown first
LINES = 4  # of a long text
_PAUSES = frozenset({"text", "long"})  # half a day or half an amount is a mistake, half a word not


class Editables(QWidget):
    """Fields made once from their description, then kept in step with the vault."""

    typed_in = Signal(str, str, str)  # key, kind, text
    chosen = Signal(str, str, str)  # key, kind, code
    several = Signal(str, object)  # key, codes
    ticked = Signal(str, bool)
    half_typed = Signal(str, str)

    def __init__(
        self,
        today: Callable[[], date],
        parent: QWidget | None = None,
        *,
        in_sight: bool = True,
    ) -> None:
        super().__init__(parent)
        self._today = today
        self._first = AT_ONCE if in_sight else 0
        self._fields: dict[str, Field] = {}
        self._wanted: tuple[Editable, ...] = ()
        self._half_typed: dict[str, str] = {}
        self._place = 0
        self._more = QTimer(self)
        self._more.setSingleShot(True)
        self._more.timeout.connect(self._build_more)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(10)
        for place in (0, 1):
            self._grid.setColumnStretch(place, 1)

    def show_fields(self, editables: tuple[Editable, ...]) -> None:
        """Show these values; the first time build the fields, those in sight first."""
        self._wanted = editables
        if not self._fields:
            self._build(self._first)
        for each in editables:
            if each.key in self._fields:
                _put(self._fields[each.key], each)

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody sees it: the page that is seen now goes first."""
        self._more.stop()
        super().hideEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        """Go on where it was left."""
        super().showEvent(event)
        if not self.is_complete:
            self._more.start(FIRST_BREATH_MS)

    @property
    def is_complete(self) -> bool:
        """Whether every field is there."""
        return len(self._fields) == len(self._wanted)

    def restore(self, key: str, text: str) -> None:
        """Give half-typed text back, now or when its field is built."""
        field = self._fields.get(key)
        if isinstance(field, TextField):
            field.restore(text)
        else:
            self._half_typed[key] = text

    def field(self, key: str) -> Field | None:
        """The field with this key."""
        return self._fields.get(key)

    def _build(self, count: int) -> None:
        for each in self._wanted[len(self._fields) :][:count]:
            field = self._make(each)
            self._fields[each.key] = field
            wide = each.kind in ("choices", "long")
            self._place += self._place % 2 if wide else 0
            spot = (self._place // 2, self._place % 2, 1, 2 if wide else 1)
            self._grid.addWidget(field, *spot, Qt.AlignmentFlag.AlignTop)
            self._place += 2 if wide else 1
        if not self.is_complete:
            self._more.start(BREATH_MS if len(self._fields) > self._first else FIRST_BREATH_MS)

    def _build_more(self) -> None:
        before = len(self._fields)
        self._build(IN_A_GO)
        for each in self._wanted[before : len(self._fields)]:
            _put(self._fields[each.key], each)
            if each.key in self._half_typed:
                self.restore(each.key, self._half_typed.pop(each.key))

    def _make(self, each: Editable) -> Field:
        if each.kind == "choices":
            ticks = TicksField(each.words, each.choices, each.hint)
            ticks.committed.connect(partial(self.several.emit, each.key))
            return ticks
        if each.kind == "tick":
            tick = TickField(each.words, each.hint)
            tick.committed.connect(partial(self.ticked.emit, each.key))
            return tick
        if each.kind in ("choice", "yes_no"):
            nothing = "Not answered yet" if each.key.startswith("fact.") else "Not chosen yet"
            choice = ChoiceField(each.words, each.choices, each.hint, nothing=nothing)
            choice.committed.connect(partial(self.chosen.emit, each.key, each.kind))
            return choice
        text = self._line(each)
        text.committed.connect(partial(self.typed_in.emit, each.key, each.kind))
        text.typed.connect(partial(self.half_typed.emit, each.key))
        return text

    def _line(self, each: Editable) -> TextField:
        if each.kind == "day":
            return DayField(each.words, self._today, each.hint)
        return TextField(
            each.words,
            each.hint,
            lines=LINES if each.kind == "long" else 1,
            pauses=each.kind in _PAUSES,
        )


def _put(field: Field, each: Editable) -> None:
    if isinstance(field, TextField):
        show_kept(field, each.value)
    elif isinstance(field, ChoiceField):
        field.set_value(each.value)
    elif isinstance(field, TicksField):
        field.set_values(each.values)
    elif isinstance(field, TickField):
        field.set_value(each.value)
