"""The legal-entity guide: a page for each group of questions, then the ranking and the choice."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from desktop.actions import Action
from desktop.presenters.entity_guide import NOT_KNOWN, GuidePresenter
from desktop.views.entity_guide.result import ResultPage
from desktop.views.form_pages.choices import RadiosField
from desktop.views.form_pages.fields import ChoiceField, Field, TextField
from desktop.views.form_pages.halves import text_is_large
from desktop.views.form_pages.pages import Pages, begin, under_head
from desktop.views.form_pages.seen import SeenPart
from desktop.views.kit.bars import Bar
from desktop.views.kit.buttons import quiet
from desktop.views.kit.flow import flowing
from desktop.views.kit.labels import muted, section, title
from desktop.views.kit.layout import column
from desktop.views.kit.screen import Screen
from desktop.views.kit.shapes import Look

if TYPE_CHECKING:
    from desktop.context import Context
    from desktop.navigation import Route
    from desktop.presenters.entity_guide import Ask, Group, GuidePicture, Result
    from desktop.presenters.printing import Part

MANY = 7  # choices above this many go into a list
WHEN_NOT_KNOWN = "Leave it empty while nobody knows."


def make(context: Context, route: Route) -> Screen:
    """The screen for a route: `id` of the enterprise."""
    return GuideScreen(context, route.get("id"))


class GuideScreen(Screen, SeenPart):
    """Which legal form may fit, and why?"""

    asks_others = True

    def __init__(self, context: Context, enterprise_id: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._who = muted("")
        self._so_far = muted("", wrap=True)
        self._bar = Bar("info-bar", Look.DONE)
        self._problem = Bar("warn-bar", Look.WARN)
        self._pages = Pages(as_one=text_is_large())
        self._begun = False
        self._wanted = 0  # the page to open once there are pages
        self._fields: dict[str, Field] = {}
        self._groups: tuple[Group, ...] = ()
        self._result = ResultPage()
        self._presenter = GuidePresenter(context, self, enterprise_id)
        self._build()
        self._result.kept.connect(partial(_keep, self._presenter, self._result))
        self._result.print_wanted.connect(self._print_pressed)
        self._result.why_typed.connect(self._presenter.keep_why)
        self._presenter.load()

    def title(self) -> str:
        """The screen's name."""
        return "Legal-entity guide"

    def _build(self) -> None:
        opens = quiet("Open the record", self._presenter.open_enterprise)
        head = flowing(title("Legal-entity guide"), self._who, opens, gap=2)
        parts = (head, self._so_far, self._bar, self._problem, self._pages)
        whole = column(*parts, margin=2, gap=1)
        whole.setStretch(len(parts) - 1, 1)
        self.setLayout(under_head(self, whole, "Legal-entity guide"))

    def arrive(self) -> None:
        """At the first question of the open page; where somebody was before, there again."""
        if not (self._fields or self._problem.words):
            self.setFocus()  # there is no place yet
        elif not self._begun:
            self._begun = True
            begin(self, self._pages.first_stop)

    def show_guide(self, picture: GuidePicture, answers: dict[str, str]) -> None:
        """Show the pages with the answers so far."""
        self._problem.say("")
        self._who.setText(f"for {picture.identity.title}")
        if not self._fields:
            self._groups = picture.groups
            for group in picture.groups:
                self._pages.add_page(group.title, self._page(group))
            self._pages.add_page("What fits", self._result)
            self._pages.open(self._wanted)
        for question, field in self._fields.items():
            _put(field, answers.get(question, ""))
        self._result.offer(picture.forms, picture.chosen_before, picture.changed_since)
        self._say_states()
        self.can_begin.emit()

    def show_result(self, result: Result, answered: int, of: int) -> None:
        """Show what the answers come to."""
        so_far = "So far: " if answered else ""
        self._so_far.setText(f"{answered} of {of} answered. {so_far}{result.headline}")
        self._result.show_result(result)
        self._say_states()

    def show_why(self, typed: str) -> None:
        """As it was half typed."""
        self._result.show_why(typed)

    def show_chosen(self, words: str) -> None:
        """The choice is kept."""
        self._result.was_taken()
        self._bar.say(words)

    def show_missing(self, words: str) -> None:
        """The record is not here."""
        self._problem.say(words)
        self.can_begin.emit()

    def field_saved(self, _key: str, words: str) -> None:
        """The choice is on disk."""
        self._result.say(words)

    def field_failed(self, key: str, words: str) -> None:
        """It is not; say why where it happened."""
        if key in self._fields:
            self._fields[key].show_problem(words)
        else:
            self._result.say(words, problem=True)

    def actions_here(self) -> list[Action]:
        """Printing what fits, from whichever page."""
        return [Action("guide.print", "Print what fits", self._print_pressed)]

    def paper(self) -> tuple[Part, ...]:
        """What the answers come to, with the answers."""
        return self._presenter.paper()

    def keep_state(self) -> dict[str, Any]:
        """The open page."""
        return {"page": self._pages.at}

    def restore_state(self, state: dict[str, Any]) -> None:
        """The page as it was."""
        self._wanted = int(state.get("page", 0))
        self._pages.open(self._wanted)

    def _page(self, group: Group) -> QWidget:
        page = QWidget()
        layout = column(section(group.title), gap=2)
        for ask in group.asks:
            field = _field(ask)
            field.committed.connect(partial(self._answered, ask.id))
            if isinstance(field, TextField):
                field.typed.connect(partial(self._presenter.keep_half, ask.id))
            self._fields[ask.id] = field
            layout.addWidget(field)
        layout.addStretch(1)
        page.setLayout(layout)
        return page

    def _answered(self, question: str, value: object) -> None:
        field = self._fields[question]
        field.show_nothing()
        self._presenter.answer(question, str(value))
        if isinstance(field, TextField) and not field.has_problem:
            field.show_saved("")  # it is among the answers now, and no longer half typed

    def restore(self, question: str, typed: str) -> None:
        """A number as it was half typed."""
        field = self._fields.get(question)
        if isinstance(field, TextField):
            field.restore(typed)

    def _say_states(self) -> None:
        for number, group in enumerate(self._groups):
            done = sum(bool(_value(self._fields[each.id])) for each in group.asks)
            words = "Done" if done == len(group.asks) else f"{done} of {len(group.asks)} answered"
            self._pages.show_state(number, words if done else "Not started")

    def _print_pressed(self) -> None:
        from desktop.views.printing.window import print_screen  # only when asked for

        print_screen(self._context, self)


def _keep(
    presenter: GuidePresenter,
    page: ResultPage,
    code: str,
    why: str,
    information: bool,  # noqa: FBT001 -- a Qt slot
) -> None:
    if not presenter.is_choosing:
        page.take()
        presenter.choose(code, why, information_not_advice=information)


def _field(ask: Ask) -> Field:
    if ask.whole:
        field = TextField(ask.text, f"{ask.why} {WHEN_NOT_KNOWN}".strip())
        field.editor.setMaximumWidth(280)
        field.break_lines()
        return field
    if len(ask.choices) > MANY:
        return ChoiceField(ask.text, ask.choices, ask.why)
    across = sum(len(said) for _, said in ask.choices) <= 48
    return RadiosField(ask.text, ask.choices, ask.why, across=across)


def _put(field: Field, value: str) -> None:
    if isinstance(field, TextField):
        field.set_text("" if value == NOT_KNOWN else value)
    elif isinstance(field, ChoiceField | RadiosField):
        field.set_value(value)


def _value(field: Field) -> str:
    if isinstance(field, TextField):
        return field.text.strip()
    return field.value if isinstance(field, ChoiceField | RadiosField) else ""
