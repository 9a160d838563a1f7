"""What fits: the first three forms with reasons for and against, what was left out, the choice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from desktop.views.form_pages.fields import ChoiceField, TextField, TickField, say_status
from desktop.views.kit.buttons import button, primary
from desktop.views.kit.cards import Card
from desktop.views.kit.flow import flowing
from desktop.views.kit.labels import label, muted, paragraph, section, small, strong
from desktop.views.kit.layout import clear, column, row
from desktop.views.kit.shapes import Look, Shape

if TYPE_CHECKING:
    from desktop.presenters.entity_guide import Option, Result


KEEP = "Keep this choice"


class ResultPage(QWidget):
    """The last page of the guide."""

    kept = Signal(str, str, bool)
    why_typed = Signal(str)
    print_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._headline = label("", "section", wrap=True)
        self._hint = muted("", wrap=True)
        self._options = column(gap=1)
        self._before = muted("", wrap=True)
        self._since = column(gap=0)
        self._form = ChoiceField("Which form was chosen?", ())
        self._why = TextField("Why, in the person's words?", lines=2)
        self._why.saved_by(KEEP)
        self._why.typed.connect(self.why_typed.emit)
        self._tick = TickField("This was information, not advice. The person decided.")
        self._status = small("", wrap=True)
        self._status.hide()
        keep = primary(KEEP, self._keep_pressed)
        self.setLayout(
            column(
                self._headline,
                self._hint,
                self._options,
                section("The choice"),
                self._before,
                self._since,
                self._form,
                self._why,
                self._tick,
                flowing(keep, button("Print what fits", self.print_wanted.emit), gap=1),
                self._status,
                None,
                gap=1,
            )
        )

    def show_why(self, typed: str) -> None:
        """The reason as it was half typed."""
        if not self._why.text:
            self._why.restore(typed)

    def take(self) -> None:
        """The choice is being kept: what comes is typed since."""
        self._why.take()

    def was_taken(self) -> None:
        """It is on disk."""
        self._why.was_taken()
        self._why.show_nothing()

    def offer(
        self, forms: tuple[tuple[str, str], ...], before: str, since: tuple[str, ...] = ()
    ) -> None:
        """The forms that can be chosen, what was chosen before, what the rules say since."""
        clear(self._since)
        if since:
            self._since.addWidget(strong("The rules say something else since then"))
            for line in since:
                self._since.addWidget(small(line, wrap=True))
        if self._form.editor.count() == 1:
            for code, name in forms:
                self._form.editor.addItem(name, code)
        self._before.setText(before)
        self._before.setVisible(bool(before))

    def show_result(self, result: Result) -> None:
        """Show the ranking."""
        self._headline.setText(result.headline)
        hint = f"This question would tell them apart: {result.ask_next}" if result.ask_next else ""
        if result.unanswered and not hint:
            hint = f"Not known yet, and it could change this: {result.unanswered[0]}"
        self._hint.setText(hint)
        self._hint.setVisible(bool(hint))
        clear(self._options)
        for option in result.top:
            self._options.addWidget(_card(option))
        if result.others:
            self._options.addWidget(small("After these: " + "; ".join(result.others), wrap=True))
        if result.excluded:
            self._options.addWidget(strong("Left out"))
            for name, because in result.excluded:
                self._options.addWidget(small(f"{name}: {because}", wrap=True))
        if result.seek_advice:
            self._options.addWidget(strong("Ask somebody who knows before deciding"))
            for advice in result.seek_advice:
                self._options.addLayout(_said(advice, Look.INFO))

    def say(self, words: str, *, problem: bool = False) -> None:
        """How keeping it went."""
        say_status(self._status, words, "problem" if problem else "small")

    def _keep_pressed(self) -> None:
        self.kept.emit(self._form.value, self._why.text, self._tick.value)


def _card(option: Option) -> Card:
    card = Card()
    card.add(row(label(option.name, "section"), None, muted(option.points)))
    for words, red in option.warnings:
        card.add(_said(f"Take care: {words}", Look.STOP if red else Look.WARN))
    for words in option.reasons_for:
        card.add(_said(f"For: {words}", Look.DONE))
    for words in option.reasons_against:
        card.add(_said(f"Against: {words}", Look.NONE))
    facts = "\n".join(f"{head}: {said}" for head, said in option.facts)
    card.add(small(facts, wrap=True))
    return card


def _said(words: str, look: Look) -> QHBoxLayout:
    line = row(Shape(look), paragraph(words), gap=1)
    line.setStretch(1, 1)
    return line
