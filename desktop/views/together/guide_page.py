"""Which kind of business fits? One question a page, then what fits and why; the person decides.

The guide's own presenter does the work. Refuses to choose for anybody, and to keep a choice without
the person's own reason.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QWidget

from desktop.presenters.entity_guide import NOT_KNOWN, SAID_NOT_KNOWN, GuidePresenter
from desktop.theme_tokens import GRID
from desktop.views.form_pages.choices import RadiosField
from desktop.views.form_pages.seen import SeenPart
from desktop.views.kit.buttons import button, primary
from desktop.views.kit.cards import Card
from desktop.views.kit.flow import flowing
from desktop.views.kit.labels import label, muted, paragraph
from desktop.views.kit.layout import clear, column
from desktop.views.together.page import Page, line

if TYPE_CHECKING:
    from collections.abc import Iterable

    from desktop.context import Context
    from desktop.presenters.entity_guide import Ask, GuidePicture, Option, Result

FACTS = ("People", "Profit", "If it goes wrong")
BEST = 3  # as many as a person can weigh up


class GuidePage(SeenPart, Page):
    """One question of the guide, or what fits."""

    kept = Signal(str)  # the name of what was chosen
    stands_at = Signal(str)  # the question that is open; "" at what fits

    def __init__(
        self,
        context: Context,
        enterprise_id: str,
        begin_at: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._begin_at = begin_at  # the question that was open when the power went
        self.asks: tuple[Ask, ...] = ()
        self._answers: dict[str, str] = {}
        self._half: dict[str, str] = {}  # numbers that were being typed, by question
        self._before: tuple[str, ...] = ()  # what was chosen before, and what changed since
        self._result: Result | None = None
        self._at = 0
        self._first: QWidget | None = None
        self._choice: RadiosField | None = None
        self._why = line("Why this one? In your own words")
        self._tick = QCheckBox("This was information, not advice")
        self._presenter = GuidePresenter(context, self, enterprise_id)
        self._why.typed.connect(self._presenter.keep_why)
        self._presenter.load()

    def first(self) -> QWidget | None:
        """The first answer."""
        return self._first

    def show_guide(self, picture: GuidePicture, answers: dict[str, str]) -> None:
        """The questions with the answers so far; begin at the first without one."""
        self.asks = tuple(ask for group in picture.groups for ask in group.asks)
        self._answers = dict(answers)
        self._before = before_words(picture)
        every = list(enumerate(self.asks))
        open_ones = [n for n, ask in every if ask.id == self._begin_at]
        open_ones = open_ones or [n for n, ask in every if ask.id not in self._answers]
        self._at = open_ones[0] if open_ones else len(self.asks)
        self._draw()

    def show_result(self, result: Result, answered: int, of: int) -> None:
        """What the answers come to."""
        del answered, of
        self._result = result
        if self.asks and self._at >= len(self.asks):
            self._draw()

    def show_why(self, typed: str) -> None:
        """As it was half typed."""
        self._why.set_value(typed)

    def restore(self, question: str, typed: str) -> None:
        """A number as it was half typed: it stands there when its question comes."""
        self._half[question] = typed
        here = self.asks[self._at : self._at + 1]
        if here and here[0].id == question:
            self._draw()

    def show_chosen(self, words: str) -> None:
        """The choice is kept."""
        self.tell(words, "strong")
        if self._result is not None and self._choice is not None:
            names = {each.code: each.name for each in self._result.top}
            self.kept.emit(names.get(self._choice.value, ""))

    def show_missing(self, words: str) -> None:
        """The record is not here."""
        self.tell(words, "problem")

    def field_saved(self, _key: str, words: str) -> None:
        """On disk."""
        self.tell(words)

    def field_failed(self, _key: str, words: str) -> None:
        """What to put right."""
        self.tell(words, "problem")

    def _draw(self) -> None:
        for kept in (self.status, self._why, self._tick):
            self.body.removeWidget(kept)
            kept.setParent(self)
            kept.hide()
        clear(self.body)
        self.tell("")
        if self._at < len(self.asks):
            self._draw_question(self.asks[self._at])
        else:
            self._draw_result()
        self.put(self.status, None)

    def _draw_question(self, ask: Ask) -> None:
        self.put(muted(f"Kind of business: question {self._at + 1} of {len(self.asks)}"))
        value = self._answers.get(ask.id, "")
        if ask.whole:
            stands = self._half.get(ask.id) or ("" if value == NOT_KNOWN else value)
            typed = line(ask.text, stands, ask.why, letters=20)
            typed.head_as("section")
            typed.typed.connect(partial(self._half_answered, ask.id))
            typed.committed.connect(partial(self.answer, ask.id))
            self._first = typed.edit
            self.put(typed)
            if value == NOT_KNOWN:
                said = label(SAID_NOT_KNOWN, "strong", wrap=True)
                typed.typed.connect(said.hide)
                self.put(said)
            else:
                self.put(flowing(button(SAID_NOT_KNOWN, partial(self._not_known, ask.id))))
        else:
            radios = RadiosField(ask.text, ask.choices)
            radios.heading.setProperty("role", "section")
            radios.set_value(value)
            radios.committed.connect(partial(self.answer, ask.id))
            self._first = radios.first()
            if ask.why:  # why it is asked stands before the answers
                radios.column.insertWidget(1, paragraph(ask.why))
                radios.column.setSpacing(GRID)
            self.put(radios)
        on = primary("Next question", partial(self.go, 1))
        self.put(flowing(on, button("The one before", partial(self.go, -1)), gap=2))

    def _draw_result(self) -> None:
        self.put(label("What may fit", "section", wrap=True))
        if self._result is None:
            return
        self.put(paragraph(self._result.headline))
        if self._result.ask_next:
            self.put(paragraph(f"This would tell them apart: {self._result.ask_next}"))
        self.put(*map(paragraph, self._before))
        best = self._result.top[:BEST]
        options = (
            tuple(each for each in best if each.why) or best[:1]
        )  # none that nothing speaks for
        for option in options:
            self.put(_told(option))
        self.put(*_besides(self._result))
        if not options:
            self.put(flowing(button("The one before", partial(self.go, -1))))
            return
        self._choice = RadiosField(
            "Which one do you choose?", tuple((each.code, each.name) for each in options)
        )
        self._first = self._choice.first()
        self.put(self._choice, self._why, self._tick)
        self._why.show()
        self._tick.show()
        keep = primary("Keep this choice", self._keep_pressed)
        self.put(flowing(keep, button("The one before", partial(self.go, -1)), gap=2))

    def answer(self, question: str, value: object) -> None:
        """One answer."""
        self._half.pop(question, None)
        self._answers[question] = str(value)
        self._presenter.answer(question, str(value))

    def _half_answered(self, question: str, typed: str) -> None:
        self._half[question] = typed
        self._presenter.keep_half(question, typed)

    def _not_known(self, question: str) -> None:
        self.answer(question, NOT_KNOWN)
        self.go(1)

    def go(self, by: int) -> None:
        """To another question, so many on or back."""
        self._at = min(len(self.asks), max(0, self._at + by))
        self._draw()
        self.arrive()
        here = self.asks[self._at : self._at + 1]
        self._begin_at = here[0].id if here else ""
        self.stands_at.emit(self._begin_at)

    def _keep_pressed(self) -> None:
        code = self._choice.value if self._choice is not None else ""
        self._presenter.choose(
            code, self._why.value(), information_not_advice=self._tick.isChecked()
        )


def before_words(picture: GuidePicture) -> tuple[str, ...]:
    """What was chosen before, and that the rules say something else since."""
    if not picture.chosen_before:
        return ()
    if not picture.changed_since:
        return (picture.chosen_before,)
    return (picture.chosen_before, "The rules have changed since then. Look at it again.")


def _told(option: Option) -> Card:
    """One kind of business on a card of its own: what to weigh up lies together."""
    facts = dict(option.facts)
    made = Card(option.name)
    made.add(*(paragraph(f"Take care: {words}") for words, red in option.warnings if red))
    made.add(*(paragraph(f"For it: {words}") for words in option.why))
    made.add(*(paragraph(f"Against it: {words}") for words in option.why_not))
    made.add(*(paragraph(f"{head}: {facts[head]}") for head in FACTS if head in facts))
    return made


def _besides(result: Result) -> list[QWidget]:
    """When to ask somebody first, and what was left out and why."""
    left_out = tuple(f"{name}: {because}" for name, because in result.excluded)
    parts = (
        ("Ask for help first", result.seek_advice),
        ("Not known yet. It could change this", result.unanswered),
        ("What does not fit, and why", left_out),
    )
    return [_under(heading, lines) for heading, lines in parts if lines]


def _under(heading: str, lines: Iterable[str]) -> QWidget:
    """A heading with its lines close under it."""
    made = QWidget()
    made.setLayout(column(label(heading, "strong", wrap=True), *map(paragraph, lines)))
    return made
