"""One cost of a claim as a card: its fields at left, what the policy says at right."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QWidget

from desktop.presenters.typed_when import day_rule
from desktop.presenters.words import typed_day
from desktop.views.form_pages.asked_for import show_kept
from desktop.views.form_pages.fields import ChoiceField, Field, TextField
from desktop.views.form_pages.when_field import WhenField
from desktop.views.kit.buttons import button
from desktop.views.kit.cards import Card
from desktop.views.kit.chips import StatusChip
from desktop.views.kit.labels import label, muted, small, strong
from desktop.views.kit.layout import clear, column, row
from desktop.views.kit.shapes import Look, Shape

if TYPE_CHECKING:
    from desktop.presenters.claim_picture import ClaimPicture, LineRow, Said


class LineCard(Card):
    """The fields of one cost; emits what was typed and left."""

    typing = Signal(str, str, str)  # line, field, text
    left = Signal(str, str, str)
    half_typed = Signal(str, str)
    remove_wanted = Signal(str)
    paper_wanted = Signal(str)
    paper_chosen = Signal(str, str)

    def __init__(
        self, number: int, line: LineRow, picture: ClaimPicture, parent: QWidget | None = None
    ) -> None:
        super().__init__("", parent)
        self.line_id = line.id
        self._said: tuple[Said, ...] = ()
        self._number = strong(f"Cost {number}")
        self._outcome = StatusChip("", Look.DONE)
        self._remove = button("Remove", self._remove_pressed, name=f"Remove cost {number}")
        self._cost_on = WhenField("Date of the cost", day_rule(picture.today))
        self._fields: dict[str, Field] = {
            "what": TextField("What is it?", pauses=True),
            "cost_kind": ChoiceField("Kind of cost", picture.kinds),
            "pence": TextField("Pounds"),
            "cost_on": self._cost_on,
            "supplier": TextField("Supplier", pauses=True),
            "invoice_no": TextField("Invoice number", pauses=True),
            "quotes": TextField("Quotes you have"),
            "months": TextField("How many months?"),
            "already_funded_by": TextField("Has somebody else paid for it? Who?"),
            "justification": TextField("What does it change?", pauses=True),
        }
        self._papers = muted("", wrap=True)
        self._paper = ChoiceField(
            "Papers: quote, price list or receipt", (), nothing="Choose a file"
        )
        self._add_paper = button(
            "Add a paper", self._paper_pressed, name=f"Add a paper to cost {number}"
        )
        self._findings = column(gap=1)
        self._show_met = button("", self._met_pressed, role="toggle", name="Show what is in order")
        self._build()
        self._connect()
        self.show_line(line, picture)

    def _build(self) -> None:
        head = row(self._number, self._outcome, None, self._remove, gap=2)
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        spots = {
            "what": (0, 0, 1, 2),
            "cost_kind": (1, 0, 1, 2),
            "pence": (2, 0, 1, 1),
            "cost_on": (3, 0, 1, 2),
            "supplier": (4, 0, 1, 1),
            "invoice_no": (4, 1, 1, 1),
            "quotes": (5, 0, 1, 1),
            "months": (5, 1, 1, 1),
            "already_funded_by": (6, 0, 1, 2),
            "justification": (7, 0, 1, 2),
        }
        for key, spot in spots.items():
            grid.addWidget(self._fields[key], *spot)
        papers = column(self._papers, self._paper, row(self._add_paper, None), gap=1)
        left = column(grid, papers, None, gap=1)
        right = column(
            strong("What the policy says"), self._findings, row(self._show_met, None), None, gap=1
        )
        both = row(left, right, gap=3)
        both.setStretch(0, 3)
        both.setStretch(1, 2)
        self.add(head, both)

    def _connect(self) -> None:
        for key, field in self._fields.items():
            field.committed.connect(partial(self._committed, key))
            if isinstance(field, TextField):
                field.typed.connect(partial(self._half, key))
                if isinstance(field.editor, QLineEdit):
                    field.editor.textEdited.connect(partial(self._typing, key))
        self._paper.committed.connect(self._paper_picked)

    def renumber(self, number: int) -> None:
        """Its place among the costs has changed."""
        self._number.setText(f"Cost {number}")
        self._remove.setAccessibleName(f"Remove cost {number}")
        self._add_paper.setAccessibleName(f"Add a paper to cost {number}")

    def begin(self) -> None:
        """Put the focus where this cost begins."""
        self._fields["what"].setFocus()

    def show_line(self, line: LineRow, picture: ClaimPicture) -> None:
        """Show a cost; a field somebody is typing in is left alone."""
        self._cost_on.set_rule(day_rule(picture.today))
        for key, text in (
            ("what", line.what),
            ("pence", line.amount),
            ("cost_on", typed_day(line.cost_on)),
            ("supplier", line.supplier),
            ("invoice_no", line.invoice_no),
            ("quotes", str(line.quotes) if line.quotes else ""),
            ("months", "" if line.months is None else str(line.months)),
            ("already_funded_by", line.already_funded_by),
            ("justification", line.justification),
        ):
            field = self._fields[key]
            if isinstance(field, TextField):
                show_kept(field, text)
        kind = self._fields["cost_kind"]
        if isinstance(kind, ChoiceField):
            kind.set_value(line.cost_kind)
        self._fields["months"].setVisible(line.asks_months)
        self._fields["quotes"].setVisible(line.asks_quotes)
        names = ", ".join(line.papers)
        self._papers.setText(f"Papers: {names}" if names else "No papers yet.")
        self._offer(picture)
        self._outcome.setVisible(bool(line.outcome))
        if line.outcome:
            self._outcome.show_state(line.outcome, Look(line.outcome_look))
        for part in (*self._fields.values(), self._add_paper, self._remove):
            part.setEnabled(picture.can_edit)
        self._remove.setVisible(picture.can_edit)
        self._add_paper.setVisible(picture.can_edit)

    def show_findings(self, said: tuple[Said, ...]) -> None:
        """What the policy says: what stops it first; what is in order when asked for."""
        self._said = said
        clear(self._findings)
        met = [each for each in said if each.look == "done"]
        listed = [each for each in said if each.look != "done"]
        if self._show_met.isChecked():
            listed += met
        if not [each for each in said if each.stops]:
            self._findings.addLayout(_finding("Nothing stands against this cost.", Look.DONE))
        for each in listed:
            self._findings.addLayout(_finding(each.words, Look(each.look)))
        self._show_met.setText(
            f"Hide the {len(met)} in order"
            if self._show_met.isChecked()
            else f"{len(met)} in order"
        )
        self._show_met.setVisible(bool(met))

    def field(self, name: str) -> Field | None:
        """A field of this cost, by its name."""
        return self._paper if name == "files" else self._fields.get(name)

    def _offer(self, picture: ClaimPicture) -> None:
        box = self._paper.editor
        while box.count() > 1:
            box.removeItem(1)
        for paper_id, name in picture.papers:
            box.addItem(name, paper_id)
        self._paper.setVisible(picture.can_edit and box.count() > 1)

    def _committed(self, key: str, value: object) -> None:
        if key == "cost_kind":
            self.typing.emit(self.line_id, key, str(value))
        self.left.emit(self.line_id, key, str(value))

    def _typing(self, key: str, text: str) -> None:
        self.typing.emit(self.line_id, key, text)

    def _half(self, key: str, text: str) -> None:
        self.half_typed.emit(f"{self.line_id}/{key}", text)

    def _remove_pressed(self) -> None:
        self.remove_wanted.emit(self.line_id)

    def _paper_pressed(self) -> None:
        self.paper_wanted.emit(self.line_id)

    def _paper_picked(self, paper_id: object) -> None:
        if paper_id:
            self.paper_chosen.emit(self.line_id, str(paper_id))

    def _met_pressed(self) -> None:
        self.show_findings(self._said)


def _finding(words: str, look: Look) -> QHBoxLayout:
    said = label(words, wrap=True) if look in (Look.STOP, Look.DONE) else small(words, wrap=True)
    line = row(gap=1)
    line.addWidget(Shape(look), 0, Qt.AlignmentFlag.AlignTop)  # beside the first of its lines
    line.addWidget(said, 1)
    return line
