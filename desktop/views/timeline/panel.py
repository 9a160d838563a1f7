"""The timeline tab: write what happened, see what happened, filter by kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QAbstractItemView, QCheckBox, QListView, QWidget

from desktop.models.timeline import TimelineModel
from desktop.presenters.timeline import GROUP_WORDS, GROUPS, KIND_WORDS, TimelinePresenter
from desktop.presenters.words import counted
from desktop.views.form_pages.day_field import DayField
from desktop.views.form_pages.fields import ChoiceField, TextField
from desktop.views.form_pages.seen import SeenPart
from desktop.views.kit.bars import say_count
from desktop.views.kit.buttons import primary
from desktop.views.kit.flow import flowing
from desktop.views.kit.labels import small
from desktop.views.kit.layout import column, scrolling, under_labels
from desktop.views.timeline.painter import TimelinePainter

if TYPE_CHECKING:
    from desktop.context import Context
    from desktop.presenters.timeline import Entry


ADD = "Add"
LEAST_LINES = 9  # of the list: with large text the page scrolls instead


class TimelinePanel(SeenPart):
    """One enterprise's timeline."""

    def __init__(self, context: Context, enterprise_id: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_emptied = False  # one field after the other
        self._note = TextField("Write what happened", lines=2)
        self._kind = ChoiceField("Kind", tuple(KIND_WORDS.items()), nothing="")
        self._kind.set_value("note")
        self._kind.keep_off_paper()
        self._minutes = TextField("How long?", placeholder="45 or 1h30")
        self._on = DayField(
            "When?", lambda: context.today, timed=True, placeholder="Now, or tomorrow 10am"
        )
        self._add = primary(ADD, self._add_pressed, name="Add to the timeline")
        self._list = QListView()
        self._model = TimelineModel(self)
        self._filters = {name: QCheckBox(GROUP_WORDS[name]) for name in GROUPS}
        self._count = small("")
        self._build()
        self._presenter = TimelinePresenter(context, self, enterprise_id)
        self._note.typed.connect(self._presenter.keep_draft)
        for field in (self._note, self._minutes, self._on):
            field.saved_by(ADD)
        for field in (self._minutes, self._on):
            field.typed.connect(self._keep_rest)
        self._kind.committed.connect(self._keep_rest)
        self._presenter.restore_draft(self._note.restore)
        self._presenter.restore_rest(self._show_rest)
        self._presenter.load()

    def _build(self) -> None:
        letter = self.fontMetrics().averageCharWidth()
        for field, letters in ((self._kind, 14), (self._minutes, 14)):
            field.setFixedWidth(letter * letters + 24)
        self._list.setModel(self._model)
        self._list.setItemDelegate(TimelinePainter(self._list))
        self._list.setAccessibleName("Timeline, newest first")
        self._list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self._list.setWordWrap(True)
        self._list.setUniformItemSizes(False)
        boxes = []
        for name, box in self._filters.items():
            box.setChecked(name != "edits")
            box.setAccessibleName(f"Show {GROUP_WORDS[name].lower()}")
            box.clicked.connect(self._filtered)
            boxes.append(box)
        filters = flowing(*boxes, self._count)
        more = flowing(
            self._kind, self._minutes, self._on, under_labels(self._add), gap=1, at_top=True
        )
        page = QWidget()
        body = column(self._note, more, filters, self._list, margin=0, gap=1)
        body.setStretchFactor(self._list, 1)
        page.setLayout(body)
        # Large text leaves too little height for all: then the page scrolls, and the list in it.
        self._list.setMinimumHeight(self.fontMetrics().height() * LEAST_LINES)
        self.setLayout(column(scrolling(page, "Write and read the timeline"), gap=0))
        for name in ("Ctrl+Return", "Ctrl+Enter"):
            shortcut = QShortcut(QKeySequence(name), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(self._add_pressed)

    def keep_state(self) -> dict[str, Any]:
        """What is shown."""
        return {"groups": self._chosen()}

    def restore_state(self, state: dict[str, Any]) -> None:
        """What was shown."""
        groups = state.get("groups")
        if isinstance(groups, list):
            for name, box in self._filters.items():
                box.setChecked(name in groups)
            self._filtered()

    def show_entries(self, entries: tuple[Entry, ...], left_out: int) -> None:
        """Show these; say how many the filter hides."""
        place = self._list.verticalScrollBar().value()
        self._model.show(entries)
        self._list.verticalScrollBar().setValue(place)
        words = counted(len(entries), "entry", "entries") if entries else "Nothing here yet"
        if left_out:
            words += f", {left_out} not shown"
        say_count(self._count, words)

    def note_added(self) -> None:
        """Ready for the next one."""
        self._is_emptied = True
        for field in (self._note, self._minutes, self._on):
            field.was_taken()
        self._is_emptied = False
        if self._note.text or self._minutes.text or self._on.text:
            self._keep_rest(None)  # typed since, without what the note had
        self._note.setFocus()

    def field_saved(self, _key: str, words: str) -> None:
        """The note is on disk."""
        self._note.show_saved(words)

    def field_failed(self, key: str, words: str) -> None:
        """It is not; the text stays, and what is to mend is said at its field."""
        field = {"minutes": self._minutes, "on": self._on}.get(key, self._note)
        field.show_problem(words)
        if field is not self._note:
            field.setFocus()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Row heights follow the width."""
        super().resizeEvent(event)
        self._list.scheduleDelayedItemsLayout()

    def _keep_rest(self, _typed: object) -> None:
        if not self._is_emptied:
            self._presenter.keep_rest(self._kind.value, self._minutes.text, self._on.text)

    def _show_rest(self, kind: str, minutes: str, on: str) -> None:
        if self._note.text or minutes or on:  # a kind alone is nothing half typed
            self._kind.set_value(kind)
        for field, text in ((self._minutes, minutes), (self._on, on)):
            if text and not field.text:
                field.restore(text)
                field.show_nothing()  # said once, under the note

    def _add_pressed(self) -> None:
        if self._presenter.is_adding:
            return
        for field in (self._minutes, self._on):
            field.show_nothing()
        self._presenter.add_note(
            self._note.take(), self._kind.value, self._minutes.take(), self._on.take()
        )

    def _filtered(self) -> None:
        self._presenter.show_groups(self._chosen())

    def _chosen(self) -> list[str]:
        return [name for name, box in self._filters.items() if box.isChecked()]
