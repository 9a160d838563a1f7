"""One question: an item of the checklist with who says so and what shows it, or a fact.

An answer is kept at once. Refuses a second question on the same page, and a tick without a word on
who said so.
"""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desktop.presenters.together_picture import Step
from desktop.theme_tokens import GRID
from desktop.views.form_pages.choices import RadiosField, TicksField
from desktop.views.form_pages.fields import Field
from desktop.views.kit.buttons import button, primary, quiet
from desktop.views.kit.fields import LineField
from desktop.views.kit.flow import flowing
from desktop.views.kit.labels import label, muted, paragraph
from desktop.views.kit.layout import clear
from desktop.views.together.page import Page, line


class StepPage(Page):
    """One question."""

    answered = Signal(str, str)  # state, who said so
    fact_given = Signal(object)
    go_on = Signal()
    home_wanted = Signal(bool)  # True: it is brought, not done
    not_sure = Signal()
    file_wanted = Signal()
    paper_wanted = Signal(str)
    taken_back = Signal(str)  # a promise

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.step: Step | None = None
        self._first_name = ""
        self._ask: QWidget | None = None
        self._said: RadiosField | None = None
        self._papers: QWidget | None = None
        self._continue = primary("Continue", self.go_on.emit)

    def show_step(self, step: Step, first_name: str) -> None:
        """Ask it; the same question again only gets its new values."""
        was = self.step
        fresh = was is None or (was.key, was.papers, was.promised) != (
            step.key,
            step.papers,
            step.promised,
        )
        self.step, self._first_name = step, first_name
        if fresh:
            self._build(step)
        self._put(step)

    def first(self) -> QWidget | None:
        """The first answer."""
        if isinstance(self._ask, RadiosField):
            return self._ask.first()
        if isinstance(self._ask, TicksField):
            return self._ask.nextInFocusChain()
        return self._ask

    def _build(self, step: Step) -> None:
        self.body.removeWidget(self.status)
        self.body.removeWidget(self._continue)
        clear(self.body)
        self._said = self._papers = None
        self.tell("")
        self.put(muted(step.title if step.is_item else "A question first", wrap=True))
        self._ask = self._question(step)
        self.put(self._ask)
        if isinstance(self._ask, Field):  # why it is asked stands before the answers
            self._ask.column.insertWidget(1, paragraph(step.why))
            self._ask.column.setSpacing(GRID)
        else:
            self.put(paragraph(step.why))
        if step.is_item:
            self._build_item(step)
        self.put(self.status, self._continue, None)
        self._continue.show()

    def _question(self, step: Step) -> QWidget:
        if step.kind == "whole":
            typed = line(step.question, step.value, letters=20)
            typed.committed.connect(self.fact_given.emit)
            return typed
        if step.kind == "choices":
            ticks = TicksField(step.question, step.choices)
            ticks.committed.connect(self.fact_given.emit)
            ticks.heading.setProperty("role", "section")
            return ticks
        radios = RadiosField(step.question, step.choices)
        radios.heading.setProperty("role", "section")
        radios.committed.connect(self._picked if step.is_item else self.fact_given.emit)
        return radios

    def _build_item(self, step: Step) -> None:
        said = RadiosField(
            "Who says so?",
            (
                ("told us", f"{self._first_name or 'You'} told us"),
                ("saw it", "We looked at it"),
                ("document", "Here is a photo or paper"),
            ),
        )
        said.heading.setProperty("role", "strong")
        said.committed.connect(self._said_by)
        self._said = said
        self.put(said)
        if step.shows and step.shows != "Nothing to show":
            self.put(paragraph(f"What shows that it is done: {step.shows}."))
        for each in step.promised:
            self.put(
                paragraph(f"To do: {each.words}."),
                flowing(
                    quiet(
                        "Take this back",
                        partial(self.taken_back.emit, each.id),
                        name=f"Take this back: {each.words}",
                    )
                ),
            )
        looks = [
            button(each.words, partial(self.paper_wanted.emit, each.id), name=f"Look: {each.words}")
            for each in step.papers
        ]
        if looks:
            self.put(label("Kept safe:", "strong"), flowing(*looks, gap=1))
        self.put(
            flowing(
                button("Add a photo or paper", self.file_wanted.emit),
                button("I will bring it later", partial(self.home_wanted.emit, True)),
                quiet("I am not sure", self.not_sure.emit),
                gap=1,
            )
        )

    def _put(self, step: Step) -> None:
        if isinstance(self._ask, RadiosField):
            self._ask.set_value(step.value)
        elif isinstance(self._ask, TicksField):
            self._ask.set_values(step.values)
        elif isinstance(self._ask, LineField) and not self._ask.edit.hasFocus():
            self._ask.set_value(step.value)
        if self._said is not None:
            self._said.set_value(step.said_by)
            self._said.setVisible(step.value == "done")

    def _picked(self, state: object) -> None:
        self.answered.emit(str(state), self._said.value if self._said is not None else "")

    def _said_by(self, said: object) -> None:
        self.answered.emit("done", str(said))
        if said == "document" and self.step is not None and not self.step.papers:
            self.file_wanted.emit()  # where the paper is kept
