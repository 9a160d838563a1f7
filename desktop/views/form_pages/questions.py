"""A question as a field, by its kind. Knows nodes as they are described, never the form behind.

Refuses to show more than a few choices as radio buttons: a longer list is found by typing.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from desktop.views.form_pages.choices import RadiosField, TicksField
from desktop.views.form_pages.fields import ChoiceField, Field, TextField, TickField
from desktop.views.form_pages.file_field import FileField
from desktop.views.form_pages.find_field import FindField
from desktop.views.form_pages.many_field import ManyField
from desktop.views.form_pages.rank_field import RankField
from desktop.views.form_pages.when_field import WhenField
from desktop.views.kit.buttons import button
from desktop.views.kit.cards import Card
from desktop.views.kit.labels import paragraph, small, strong

if TYPE_CHECKING:
    from desktop.presenters.form_drawn import Asked

RADIOS = 7
LIST = 12  # short choices that a plain drop-down list may hold when the form asks for one
TICKS = 12  # more are found by typing
NARROW = frozenset({"integer", "decimal", "range"})
AT_FIRST = 10  # questions that fit a window; the others follow the first paint


class Questions(QWidget):
    """The questions of one page, groups inside groups, repeats as cards."""

    answered = Signal(str, str)
    refused = Signal(str, str, str)  # ref, what was typed, why it is no choice
    typed = Signal(str, str)  # ref, half-typed text
    add_wanted = Signal(str)
    remove_wanted = Signal(str)
    file_wanted = Signal(str)

    def __init__(self, asked: tuple[Asked, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._widgets: dict[str, QWidget] = {}
        self._asked = asked
        self._built = 0  # how many of the page's first nodes stand there
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(16)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(0)
        self._rest.timeout.connect(self.complete)
        self._build(AT_FIRST)
        if self.is_complete:
            self._column.addStretch(1)
        else:
            self._rest.start()

    @property
    def is_complete(self) -> bool:
        """Whether every question of the page stands there."""
        return self._built == len(self._asked)

    def complete(self) -> None:
        """Build what is below the first screenful: after the paint, or when it is asked for."""
        self._rest.stop()
        if not self.is_complete:
            self.setUpdatesEnabled(False)
            self._build(len(self._asked))
            self._column.addStretch(1)
            self.setUpdatesEnabled(True)

    def _build(self, count: int) -> None:
        fresh = self._asked[self._built : count]
        for each in fresh:
            self._add(self._column, each)
        self._built += len(fresh)
        for each in fresh:
            self._show(each, None)

    def field(self, ref: str) -> Field | None:
        """The field of a question."""
        if ref not in self._widgets:
            self.complete()
        found = self._widgets.get(ref)
        return found if isinstance(found, Field) else None

    def ref_of(self, part: QWidget | None) -> str:
        """The question whose field this is a part of; "" for none."""
        fields = {id(each): ref for ref, each in self._widgets.items() if isinstance(each, Field)}
        while part is not None and part is not self:
            if id(part) in fields:
                return fields[id(part)]
            part = part.parentWidget()
        return ""

    def show_asked(self, asked: tuple[Asked, ...], refs: frozenset[str] | None = None) -> None:
        """Show values, relevance, labels and problems; only of `refs` when they are given."""
        self._asked = asked
        self.setUpdatesEnabled(False)
        for each in asked[: self._built]:
            self._show(each, refs)
        self.setUpdatesEnabled(True)

    def _show(self, each: Asked, refs: frozenset[str] | None) -> None:
        widget = self._widgets.get(each.ref)
        if widget is not None:
            widget.setVisible(each.relevant)
            if isinstance(widget, QLabel) and (refs is None or each.ref in refs):
                widget.setText(each.label)
            if isinstance(widget, Field) and (refs is None or each.ref in refs):
                _put(self._fitting(widget, each), each)
        for inner in each.inside:
            self._show(inner, refs)

    def _fitting(self, field: Field, each: Asked) -> Field:
        """The field, or another one when an answer made its few choices many."""
        few = RADIOS if isinstance(field, RadiosField) else TICKS
        if not isinstance(field, RadiosField | TicksField) or len(each.choices) <= few:
            return field
        if isinstance(field, RadiosField) and each.kind == "range":
            return field
        made = self._made(each)
        holder = field.parentWidget()
        layout = holder.layout() if holder is not None else None
        if layout is not None:
            layout.replaceWidget(field, made)
        field.hide()
        field.deleteLater()
        return made

    def _made(self, each: Asked) -> Field:
        field = question_field(each)
        self._widgets[each.ref] = field
        field.committed.connect(partial(self._answered, each.ref))
        if isinstance(field, FindField):
            field.refused.connect(partial(self.refused.emit, each.ref))
        if isinstance(field, TextField | FindField):
            field.typed.connect(partial(self.typed.emit, each.ref))
        if isinstance(field, FileField):
            field.wanted.connect(partial(self.file_wanted.emit, each.ref))
        return field

    def _add(self, layout: QVBoxLayout, each: Asked) -> None:
        if each.kind in ("group", "repeat", "instance"):
            self._add_group(layout, each)
            return
        if each.kind == "note":
            widget: QWidget = paragraph(each.label)
            layout.addWidget(widget)
            self._widgets[each.ref] = widget
            return
        layout.addWidget(self._made(each))

    def _add_group(self, layout: QVBoxLayout, each: Asked) -> None:
        holder: QWidget = Card() if each.kind == "instance" else QWidget()
        inner = holder.layout()
        if not isinstance(inner, QVBoxLayout):
            inner = QVBoxLayout(holder)
            inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(14)
        if each.label:
            inner.addWidget(strong(each.label))
        if each.hint:
            inner.addWidget(small(each.hint, wrap=True))
        for node in each.inside:
            self._add(inner, node)
        if each.can_remove:
            remove = button("Take this one out", partial(self.remove_wanted.emit, each.ref))
            inner.addWidget(remove)
        if each.can_add:
            add = button("Add one more", partial(self.add_wanted.emit, each.ref))
            inner.addWidget(add)
        layout.addWidget(holder)
        self._widgets[each.ref] = holder

    def _answered(self, ref: str, value: object) -> None:
        text = " ".join(value) if isinstance(value, tuple) else _text(value)
        self.answered.emit(ref, text)


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "OK" if value else ""
    return str(value)


def question_field(each: Asked) -> Field:
    """The field for a question."""
    words, choices, hint = each.title, each.choices, each.hint
    if each.kind == "select_one":
        return _one_of(each)
    if each.kind == "range" and choices:
        return RadiosField(words, choices, hint, across=True)
    if each.kind == "select_multiple":
        many = len(choices) > TICKS
        return (ManyField if many else TicksField)(words, choices, hint)
    if each.kind == "rank":
        return RankField(words, choices, hint)
    if each.kind == "file":
        return FileField(words, hint)
    if each.kind == "acknowledge":
        return TickField(words, hint)
    if each.when is not None:
        return WhenField(words, each.when, hint)
    lines = 4 if "multiline" in each.appearance else 1
    field = TextField(words, hint, lines=lines)
    if each.kind in NARROW:
        field.editor.setMaximumWidth(220)
    return field


def _one_of(each: Asked) -> Field:
    count = len(each.choices)
    if 0 < count <= RADIOS and "minimal" not in each.appearance:
        short = sum(len(said) for _, said in each.choices) <= 48
        return RadiosField(each.title, each.choices, each.hint, across=short)
    if 0 < count <= LIST and "autocomplete" not in each.appearance and "minimal" in each.appearance:
        return ChoiceField(each.title, each.choices, each.hint)
    return FindField(each.title, each.choices, each.hint)


def _put(field: Field, each: Asked) -> None:
    field.setEnabled(not each.readonly)
    field.rename(each.title)
    if isinstance(
        field, ChoiceField | RadiosField | TicksField | FindField | ManyField | RankField
    ):
        field.set_choices(each.choices)
    if isinstance(field, WhenField) and each.when is not None:
        field.set_rule(each.when)
    if isinstance(field, TextField):
        field.set_text(each.value)
    elif isinstance(field, FindField) and each.is_refused:
        field.show_refused(each.value)
    elif isinstance(field, ChoiceField | RadiosField | FileField | TickField | FindField):
        field.set_value(each.value)
    elif isinstance(field, TicksField | ManyField | RankField):
        field.set_values(tuple(each.value.split()))
    if each.problem:
        field.show_problem(each.problem)
    elif field.has_problem:
        field.show_nothing()
