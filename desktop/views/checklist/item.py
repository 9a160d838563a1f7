"""One checklist item in full: what it is for, its state, evidence, dates, who checked it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desktop.presenters.checklist import TYPED
from desktop.presenters.checklist_picture import SAID_CHOICES, STATE_CHOICES
from desktop.presenters.words import typed_day
from desktop.views.checklist.read_in import ReadInPages
from desktop.views.form_pages.asked_for import show_kept
from desktop.views.form_pages.fields import ChoiceField, Field, TextField, say_status
from desktop.views.form_pages.when_field import WhenField
from desktop.views.kit.buttons import button
from desktop.views.kit.chips import StatusChip
from desktop.views.kit.labels import label, muted, paragraph, small
from desktop.views.kit.layout import column, row
from desktop.views.kit.shapes import Look

if TYPE_CHECKING:
    from desktop.presenters.checklist import ChecklistPresenter
from desktop.presenters.checklist_picture import Paper, Row


class ItemPane(QWidget):
    """The fields of the chosen item."""

    print_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.code = ""
        self._presenter: ChecklistPresenter | None = None
        self._title = label("", "section", wrap=True)
        self._chip = StatusChip("", Look.TODO)
        self._because = small("", wrap=True)
        self._plain = paragraph("")
        self._why = muted("", wrap=True)
        self._asked_by = small("", wrap=True)
        self._read_in = ReadInPages()
        self._state = ChoiceField("How far is it?", STATE_CHOICES, nothing="")
        self._reason = TextField("Why?")
        self._said = ChoiceField("Who says so?", SAID_CHOICES, nothing="Nobody yet")
        self._ref = TextField(
            "What was seen?", "A reference or a date, never a secret number.", pauses=True
        )
        self._seen_on = WhenField("Seen on", placeholder="03/11/2026 or yesterday")
        self._ends_on = WhenField("Runs out on")
        self._note = TextField("Note", lines=2, pauses=True)
        self._files = muted("", wrap=True)
        self._paper = ChoiceField("Use a file as evidence", (), nothing="Choose a file")
        self._checked = muted("", wrap=True)
        self._check = button("I have seen it: mark as checked")
        self._check_words = small("A second person has to check it.", wrap=True)
        self._status = small("", wrap=True)
        self._print = button("Print this item", self.print_wanted.emit)
        self._fields: dict[str, Field] = {
            "state": self._state,
            "reason": self._reason,
            "said_by": self._said,
            "evidence_ref": self._ref,
            "evidence_on": self._seen_on,
            "expires_on": self._ends_on,
            "note": self._note,
            "files": self._paper,
        }
        self._build()

    def _build(self) -> None:
        self.setLayout(
            column(
                self._title,
                row(self._chip, None),
                self._because,
                self._plain,
                self._why,
                self._asked_by,
                self._state,
                self._reason,
                self._said,
                self._ref,
                self._seen_on,
                self._ends_on,
                self._note,
                self._files,
                self._paper,
                self._checked,
                self._check,
                self._check_words,
                self._status,
                self._read_in,
                row(self._print, None),
                None,
                gap=1,
            )
        )
        self.layout().setContentsMargins(10, 0, 10, 8)  # type: ignore[union-attr]
        for each in (
            *self._fields.values(),
            self._check,
            self._check_words,
            self._chip,
            self._print,
        ):
            each.setVisible(False)

    def connect_to(self, presenter: ChecklistPresenter) -> None:
        """Send every edit to the presenter."""
        self._state.committed.connect(partial(self._state_picked, presenter))
        self._reason.committed.connect(presenter.set_reason)
        self._said.committed.connect(partial(presenter.set_text, "said_by"))
        self._ref.committed.connect(partial(presenter.set_text, "evidence_ref"))
        self._note.committed.connect(partial(presenter.set_text, "note"))
        self._presenter = presenter
        self._seen_on.committed.connect(partial(presenter.set_day, "evidence_on"))
        self._ends_on.committed.connect(partial(presenter.set_day, "expires_on"))
        self._paper.committed.connect(presenter.attach)
        self._check.clicked.connect(partial(self._verify, presenter))
        for key in TYPED:
            field = self._fields[key]
            field.typed.connect(partial(presenter.keep_draft, key))

    def show_row(self, row: Row) -> None:
        """Show an item; a field somebody is typing in is left alone."""
        if self._presenter is not None:  # a window stays open past midnight
            self._seen_on.set_rule(self._presenter.day_rule("evidence_on"))
            self._ends_on.set_rule(self._presenter.day_rule("expires_on"))
        fresh = row.id != self.code
        self.code = row.id
        self._title.setText(row.title)
        self._chip.show_state(row.state_words, Look(row.look))
        self._because.setText(row.because)
        self._plain.setText(row.plain)
        self._why.setText(". ".join(part for part in (row.level, row.why) if part))
        asked_by = f"Who asks for it: {row.authority}." if row.authority else ""
        cost = f"Cost: {row.cost}." if row.cost else ""
        self._asked_by.setText(" ".join(each for each in (asked_by, cost) if each))
        self._read_in.show_sources(row.sources)
        self._state.set_value(row.state)
        self._said.set_value(row.said_by)
        for field, text in (
            (self._reason, row.reason),
            (self._ref, row.evidence_ref),
            (self._seen_on, typed_day(row.evidence_on)),
            (self._ends_on, typed_day(row.expires_on)),
            (self._note, row.note),
        ):
            if fresh:
                field.empty()
            show_kept(field, text)
        names = ", ".join(paper.name for paper in row.files)
        self._files.setText(f"Files: {names}" if names else "")
        self._checked.setText(row.checked)
        self._ref.setAccessibleDescription(row.evidence_asked)
        self._show_fields(row, fresh=fresh)

    def _show_fields(self, row: Row, *, fresh: bool) -> None:
        for field in self._fields.values():
            field.setVisible(True)
            if fresh:
                field.show_nothing()
        self._chip.setVisible(True)
        self._print.setVisible(True)
        self._reason.setVisible(row.state in ("not needed", "waived"))
        self._files.setVisible(bool(row.files))
        self._paper.setVisible(self._paper.editor.count() > 1)
        self._checked.setVisible(bool(row.checked))
        done = row.state == "done" and not row.checked
        self._check.setVisible(done)
        self._check_words.setVisible(done and not self._check.isEnabled())
        self._status.setVisible(False)

    def ask_reason(self, state: str) -> None:
        """The state waits for a reason."""
        self._reason.setVisible(True)
        self._reason.show_problem(f"Write why it is {state}. Then it is marked so.")
        self._reason.setFocus()

    def restore(self, field: str, text: str) -> None:
        """Give half-typed text back to a field."""
        found = self._fields.get(field)
        if isinstance(found, TextField):
            found.restore(text)

    def offer_papers(self, papers: tuple[Paper, ...]) -> None:
        """The files that can be evidence."""
        box = self._paper.editor
        while box.count() > 1:
            box.removeItem(1)
        for paper in papers:
            box.addItem(paper.name, paper.id)
        box.setCurrentIndex(0)

    def allow_check(self, *, allowed: bool) -> None:
        """Whether this person may be the second one."""
        self._check.setEnabled(allowed)

    def field_saved(self, key: str, words: str) -> None:
        """A field is on disk."""
        if key in self._fields:
            self._fields[key].show_saved(words)
        else:
            say_status(self._status, words)

    def field_failed(self, key: str, words: str) -> None:
        """It is not; the text stays."""
        if key in self._fields:
            self._fields[key].show_problem(words)
        else:
            say_status(self._status, words, "problem")

    def _state_picked(self, presenter: ChecklistPresenter, state: object) -> None:
        presenter.set_state(str(state), self._reason.text)

    def _verify(self, presenter: ChecklistPresenter, _checked: object = None) -> None:
        presenter.verify()
