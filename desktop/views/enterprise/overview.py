"""The overview tab: next, blocked by, what happened last, and the facts, each saving itself."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desktop.presenters.half_typed import HalfTyped
from desktop.presenters.overview import OverviewPresenter
from desktop.presenters.overview_picture import OWNERS
from desktop.presenters.words import counted, weekday
from desktop.views.enterprise.editables import Editables
from desktop.views.form_pages.day_field import DayField
from desktop.views.form_pages.fields import ChoiceField, TextField, say_status
from desktop.views.form_pages.halves import two_pages
from desktop.views.form_pages.kept_fields import KeptFields
from desktop.views.form_pages.seen import SeenPart
from desktop.views.kit.buttons import button, quiet
from desktop.views.kit.cards import Card
from desktop.views.kit.chips import StatusChip
from desktop.views.kit.few import Few
from desktop.views.kit.labels import label, muted, small, strong
from desktop.views.kit.layout import at_top, clear, column, row
from desktop.views.kit.shapes import Look

if TYPE_CHECKING:
    from desktop.context import Context
    from desktop.presenters.overview_picture import FormLine, OverviewPicture, Promise
    from desktop.views.kit.layout import Part


class OverviewPanel(SeenPart):
    """What is next? What blocks them? What do I need to know before I knock?"""

    tab_wanted = Signal(str)

    def __init__(self, context: Context, enterprise_id: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._promises = Few("what comes next")
        self._last = column(gap=1)
        self._forms = Few("forms")
        self._offered: tuple[FormLine, ...] = ()
        self._text = TextField("What will be done next?")
        self._owner = ChoiceField("Who does it?", OWNERS, nothing="")
        self._waiting = TextField("Waiting for whom?")
        self._due = DayField("By when?", lambda: context.today, ahead=True)
        self._status = small("", wrap=True)
        self._notice = button("The privacy notice was given today")
        self._notice_words = small("", wrap=True)
        self._form = muted("", wrap=True)
        self._chosen = small("", wrap=True)
        self._about = Editables(lambda: context.today)
        self._facts = Editables(lambda: context.today, in_sight=False)
        self._facts_left = muted("", wrap=True)
        self._build()
        self._next = KeptFields(
            HalfTyped(context, self, f"overview/{enterprise_id}/next"),
            "Add",
            {
                "text": self._text,
                "owner": self._owner,
                "waiting_on": self._waiting,
                "due": self._due,
            },
        )
        self._next.give_back()
        self._presenter = OverviewPresenter(context, self, enterprise_id)
        for part in (self._about, self._facts):
            part.typed_in.connect(self._presenter.set_text)
            part.chosen.connect(self._presenter.set_choice)
            part.several.connect(self._presenter.set_choices)
            part.ticked.connect(self._ticked)
            part.half_typed.connect(self._presenter.keep_draft)
        self._notice.clicked.connect(self._notice_pressed)
        self._presenter.load()

    def _build(self) -> None:
        self._status.hide()
        self._owner.keep_off_paper()
        add = button("Add", self._add_pressed, name="Add what will be done next")
        who = at_top(row(self._owner, self._waiting))
        for place in (0, 1):
            who.setStretch(place, 1)
        to_do = Card("Next").add(self._promises, self._text, who, self._due)
        to_do.add(row(add, None), self._status)
        whole = quiet("See the whole timeline", self._timeline_pressed)
        last = Card("What happened last").add(self._last, row(whole, None))
        forms = Card("Forms to fill in together").add(self._forms)
        left = QWidget()
        left.setLayout(column(to_do, last, forms, None))
        left.layout().setContentsMargins(0, 0, 4, 0)  # type: ignore[union-attr]
        about = Card("About").add(row(self._notice, None), self._notice_words, self._about)
        guide = quiet("Legal-entity guide", self._guide_pressed)
        about.add(row(self._form, guide, None), self._chosen)
        facts = Card("Facts that decide the checklist").add(self._facts_left, self._facts)
        right = QWidget()
        right.setLayout(column(about, facts, None))
        right.layout().setContentsMargins(4, 0, 4, 0)  # type: ignore[union-attr]
        names = ("Next beside facts", "Next and last", "About and facts")
        split = two_pages(left, right, (360, 540), names)
        self.setLayout(column(split))

    def show_overview(self, picture: OverviewPicture) -> None:
        """Show it."""
        self._show_promises(picture.promises)
        self._show_last(picture)
        self._about.show_fields(picture.about)
        self._facts.show_fields(picture.facts)
        open_questions = counted(picture.questions_open, "question")
        self._facts_left.setText(
            f"{open_questions} not answered yet. The checklist follows the answers."
            if picture.questions_open
            else "Every question is answered. The checklist follows the answers."
        )
        self._show_forms(picture.forms)
        self._form.setText(f"Legal form: {picture.entity_form}")
        self._chosen.setText(picture.entity_chosen)
        self._chosen.setVisible(bool(picture.entity_chosen))
        self._notice.setVisible(not picture.notice_given)
        self._notice_words.setVisible(not picture.notice_given)
        self._notice_words.setText("A claim needs the privacy notice first.")

    def promise_added(self) -> None:
        """Ready for the next one."""
        self._next.was_taken()

    def restore(self, key: str, text: str) -> None:
        """Give half-typed text back to its field."""
        (self._facts if key.startswith("fact.") else self._about).restore(key, text)

    def field_saved(self, key: str, words: str) -> None:
        """A field is on disk."""
        field = self._about.field(key) or self._facts.field(key)
        if field is not None:
            field.show_saved(words)
        else:
            say_status(self._status, words)

    def field_failed(self, key: str, words: str) -> None:
        """It is not; the text stays."""
        field = self._about.field(key) or self._facts.field(key)
        if field is not None:
            field.show_problem(words)
        else:
            say_status(self._status, words, "problem")

    def _show_promises(self, promises: tuple[Promise, ...]) -> None:
        lines = [partial(self._promise, each) for each in promises]
        self._promises.show_lines(lines or [_nothing_promised])

    def _promise(self, promise: Promise) -> tuple[Part, ...]:
        done = button("Done", name=f"Done: {promise.text}")
        done.clicked.connect(partial(self._done_pressed, promise))
        line = row(gap=1)
        if promise.blocks or promise.late:  # what is simply next stands under that heading
            said = "Blocked" if promise.blocks else "Late"
            line.addWidget(StatusChip(said, Look.WARN if promise.late else Look.WAITING))
        words = strong(promise.text)
        words.setWordWrap(True)
        line.addWidget(words, 1)
        line.addWidget(done)
        about = ", ".join(part for part in (promise.who, promise.when) if part)
        return line, small(about, wrap=True)

    def _show_last(self, picture: OverviewPicture) -> None:
        clear(self._last)
        if not picture.last:
            self._last.addWidget(muted("Nothing has been written yet.", wrap=True))
        for entry in picture.last:
            head = ", ".join(part for part in (weekday(entry.on), entry.head, entry.source) if part)
            self._last.addWidget(small(head, wrap=True))
            if entry.body:
                body = entry.body if len(entry.body) < 160 else f"{entry.body[:157]}..."
                self._last.addWidget(label(body, wrap=True))

    def _show_forms(self, forms: tuple[FormLine, ...]) -> None:
        if forms == self._offered:
            return
        self._offered = forms
        self._forms.show_lines([partial(self._form_line, each) for each in forms])

    def _form_line(self, line: FormLine) -> tuple[Part, ...]:
        go = partial(self._presenter.open_form, line.form_id, line.response_id)
        return (row(quiet(line.words, go), None),)

    def _ticked(self, key: str, ticked: bool) -> None:  # noqa: FBT001 -- a Qt slot
        self._presenter.set_tick(key, ticked=ticked)

    def _add_pressed(self) -> None:
        if not self._presenter.is_adding:
            self._presenter.add_promise(**self._next.take(), drops=(self._next.name,))

    def _done_pressed(self, promise: Promise, _checked: object = None) -> None:
        self._presenter.keep_promise(promise)

    def _notice_pressed(self, _checked: object = None) -> None:
        self._presenter.give_notice()

    def _guide_pressed(self) -> None:
        self._presenter.open_guide()

    def _timeline_pressed(self) -> None:
        self.tab_wanted.emit("timeline")


def _nothing_promised() -> tuple[Part, ...]:
    return (muted("Nothing is promised. What comes next?", wrap=True),)
